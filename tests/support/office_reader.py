"""Acts in this process, at any time: for tests that need many of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gongshi.domain.config import loader
from gongshi.domain.config.policy import is_introduction
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.actions import ReviewActions
from support.unit import APPROVERS, UnitUnderTest, settings


@dataclass
class Office:
    """A unit's people at work."""

    unit: UnitUnderTest

    def actions(self, person: str, at: str) -> ReviewActions:
        """Return somebody's actions at a time such as `2026-03-01 09:00`, in Shanghai."""
        found = loader.load_configuration(self.unit.root / "mkdocs.yml")
        return ReviewActions(
            found, person, datetime.fromisoformat(f"{at}:00+08:00"), DocsTree(found.docs, found.policy)
        )

    def approve(self, path: str, *times: str) -> None:
        """Approve through the chain, at one time or at a time for each stage."""
        column = "announcements" if is_introduction(path) else path.split("/")[0]
        persons = APPROVERS.get(column, APPROVERS["announcements"])
        for number, person in enumerate(persons[: len(times) if len(times) > 1 else None]):
            self.actions(person, times[min(number, len(times) - 1)]).approve(path, note="fine")

    def publish(self, path: str, at: str, **keys: Any) -> None:
        """Write, submit and approve, all at once."""
        self.unit.write(path, **keys)
        self.actions("clerk", at).submit(path)
        self.approve(path, at)

    def keep(self, path: str) -> str:
        """Keep the file as if it were approved, and give its SHA-256."""
        return ReviewStore(self.unit.docs).put_object((self.unit.docs / path).read_bytes())

    def forge(self, path: str, act: Action, by: str, at: str, **values: Any) -> None:
        """Append a well-formed act without asking the rules."""
        archive = ReviewStore(self.unit.docs)
        dossier = archive.read_dossier(path)
        last = dossier.decisions[-1] if dossier.decisions else None
        values.setdefault("digest", last.digest if last else "0" * 64)
        if act is Action.APPROVE:
            values.setdefault("chain", ("first", "second", "final"))
            values.setdefault("files", {"a.md": "0" * 64})
        archive.append(dossier, Decision(act, by, datetime.fromisoformat(f"{at}:00+08:00"), **values))


def generous(**review: Any) -> dict[str, Any]:
    """Settings with urgent publication, minor corrections and a second chief."""
    section = settings(
        urgent={"role": "chief", "review_within": "48h"},
        correction={"chain": ["final"], "characters": 20},
        **review,
    )
    section["people"]["vice"] = {"name": "Vice", "roles": ["chief"], "since": "2025-01-01"}
    return section
