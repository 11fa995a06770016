"""Plays the acts of a golden case in this process and asks the gate."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from gongshi.build.lazy_corrections import with_corrections
from gongshi.common.errors import GongshiError
from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.records.dossier import Action, Decision, format_line
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.actions import ReviewActions
from gongshi.domain.review.messages import reason_text, rejection_text
from gongshi.domain.review.snapshot import Snapshot, take_snapshot
from gongshi.domain.review.status import EntryStatus
from support.ssh_keys import HeldKey
from support.unit import NOW, UnitUnderTest, front_matter, settings

DEFAULT_AT = "2026-11-10T09:00:00+08:00"
DATE = "2026-11-03"
"""The `date` of an entry, where a case gives none."""


class Scenario:
    """One unit, acted on step by step."""

    def __init__(self, unit: UnitUnderTest, entry: str, changes: dict[str, Any]) -> None:
        self.unit = unit
        self.entry = entry
        self.reconfigure(changes)
        self.minute = 0

    def reconfigure(self, changes: dict[str, Any]) -> None:
        """Write the configuration with some keys changed."""
        section = settings()
        for dotted, value in changes.items():
            *parents, last = dotted.split(".")
            place = section
            for parent in parents:
                place = place.setdefault(parent, {})
            if value is None:
                place.pop(last, None)
            else:
                place[last] = _with_keys(value)
        self.unit.configure(section)

    def step(self, act: dict[str, Any]) -> None:
        """Do one act."""
        if "write" in act:
            self._write(dict(act["write"] or {}), act.get("path", self.entry))
        elif "delete" in act:
            (self.unit.docs / (act["delete"] if isinstance(act["delete"], str) else self.entry)).unlink()
        elif "settings" in act:
            self.reconfigure(act["settings"])
        elif "forge" in act:
            self._forge(dict(act["forge"]))
        elif "tamper" in act:
            self._tamper(act["tamper"])
        else:
            self._decide(act)

    def _write(self, values: dict[str, Any], path: str) -> None:
        raw = values.pop("raw", None)
        target = self.unit.docs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((front_matter(**{"date": DATE, **values}) if raw is None else raw).encode())

    def _decide(self, act: dict[str, Any]) -> None:
        verb = next(verb for verb in ("submit", "correct", "approve", "return", "withdraw", "urgent") if verb in act)
        found = self.configuration()
        self.minute += 1
        at = datetime.fromisoformat(act.get("at", DEFAULT_AT)).replace(minute=self.minute)
        sign = HeldKey(act.get("key", act[verb])).sign if found.policy.signed and act.get("key") != "none" else None
        actions = ReviewActions(found, act[verb], at, DocsTree(found.docs, found.policy), sign)
        path = act.get("path", self.entry)
        try:
            if verb == "submit":
                actions.submit(path)
            elif verb == "approve":
                actions.approve(path, act.get("stage"))
            elif verb == "return":
                actions.return_to_author(path, act.get("note", "mend it"))
            elif verb == "correct":
                actions.correct(path, act.get("note", "a wrong character"))
            elif verb == "urgent":
                actions.urgent(path, act.get("reason", "a storm is coming"))
            else:
                actions.withdraw(path, act.get("reason", "an error"))
        except GongshiError as error:
            assert "refused" in act, f"{verb} by {act[verb]} was refused: {error}"
            assert act["refused"] in str(error)
        else:
            assert "refused" not in act, f"{verb} by {act[verb]} was not refused"

    def _forge(self, values: dict[str, Any]) -> None:
        """Append a well-formed act without asking the rules."""
        archive = ReviewStore(self.unit.docs)
        dossier = archive.read_dossier(self.entry)
        first = values.pop("first", False)
        if first:
            draft = DocsTree(self.unit.docs, self.configuration().policy)
            version = draft.draft(draft.sources[self.entry]).version
            assert version is not None
            values["digest"] = version.digest
        if values.get("base") == "published":
            values["base"] = next(d.digest for d in dossier.decisions if d.act is Action.APPROVE)
        self.minute += 1
        at = datetime.fromisoformat(values.pop("at", DEFAULT_AT)).replace(minute=self.minute)
        act = Action(values.pop("act"))
        if act is Action.URGENT:
            values.setdefault("reason", "forged")
            values["until"] = datetime.fromisoformat(values.get("until", "2027-01-01T00:00:00+08:00"))
        if act is Action.CORRECT:
            values.setdefault("note", "forged")
        if act in (Action.APPROVE, Action.URGENT):
            if act is Action.APPROVE:
                values.setdefault("chain", ["first", "second", "final"])
            files = next((d.files for d in reversed(dossier.decisions) if d.files), None)
            values.setdefault("files", files or {"a.md": self._object()})
            if "text" in values:
                values["files"] = {
                    "a.md": archive.put_object(front_matter(**{"date": DATE, **values.pop("text")}).encode())
                }
        chain = tuple(values.pop("chain", ()))
        digest = values.pop("digest", None) or dossier.decisions[-1].digest
        key = values.pop("key", None)
        decision = Decision(act, values.pop("by"), at, digest, chain=chain, **values)
        if key:
            decision = replace(decision, unit=values.get("unit", "www.unit.example"))
            decision = replace(decision, signature=HeldKey(key).sign(format_line(dossier, decision)))
        archive.append(dossier, decision)

    def _object(self) -> str:
        return ReviewStore(self.unit.docs).put_object((self.unit.docs / self.entry).read_bytes())

    def _tamper(self, how: dict[str, Any]) -> None:
        dossier = self.unit.dossier(self.entry)
        head = Path(str(dossier).removesuffix(".jsonl") + ".head")
        lines = dossier.read_bytes().split(b"\n")[:-1]
        if "drop" in how:
            del lines[how["drop"]]
        if "swap" in how:
            lines[how["swap"][0]], lines[how["swap"][1]] = lines[how["swap"][1]], lines[how["swap"][0]]
        if "replace" in how:
            lines = [line.replace(how["replace"][0].encode(), how["replace"][1].encode()) for line in lines]
        content = b"\n".join([*lines, b""])
        dossier.write_bytes(content[: -how["cut"]] if "cut" in how else content)
        if how.get("head"):
            head.unlink()

    def configuration(self) -> Configuration:
        """The unit's configuration as it stands."""
        return with_corrections(loader.load_configuration(self.unit.root / "mkdocs.yml"))

    def ask(self, now: str = NOW) -> Snapshot:
        """The gate's answer at a moment."""
        return take_snapshot(self.configuration(), datetime.fromisoformat(now))


def _with_keys(value: Any) -> Any:
    """The settings with `key of NAME` replaced by that public key."""
    if isinstance(value, str) and value.startswith("key of "):
        return HeldKey(value.removeprefix("key of ")).public
    if isinstance(value, dict):
        return {name: _with_keys(part) for name, part in value.items()}
    return [_with_keys(part) for part in value] if isinstance(value, list) else value


def said(status: EntryStatus, snapshot: Snapshot) -> str:
    """Everything that is said about an entry."""
    policy = snapshot.configuration.policy
    texts = [reason_text(status, policy, snapshot.now.date()), *(str(problem) for problem in status.problems)]
    texts += [
        rejection_text(rejected_decision.reason, rejected_decision.decision, policy)
        for rejected_decision in status.rejected
    ]
    return "\n".join(texts)
