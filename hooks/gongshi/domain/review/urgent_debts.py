"""Urgent publications whose full chain is owed, and which others may not count as long as it is.

Who publishes urgently takes the chain's time on credit. It is not to be prolonged at another address: neither by who
owes an overdue chain, with whatever content, nor by anybody, with the same or nearly the same content (`similarity`),
overdue or not: two people who take turns would else keep it public without a chain. An edit at the first address stays
possible; its time is the first one's.

A withdrawal by somebody else than who published settles the matter, for content only where it is neither by who
publishes it anew. Of two publications of the same content the earlier one counts, whatever their lines say first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from gongshi.common.errors import InvalidInput
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Decision
from gongshi.domain.review.models import ApprovedVersion, RejectionReason

if TYPE_CHECKING:
    from gongshi.domain.review.similarity import Content


@dataclass(frozen=True)
class Debt:
    """The chain that one entry owes."""

    path: str
    publisher: str
    """The human who published urgently first."""
    publications: tuple[ApprovedVersion, ...]
    """The urgent publications since a version last passed the full chain, oldest first."""
    withdrawn_by: str | None = None
    """The human who withdrew the entry after the last of them."""

    @property
    def first(self) -> ApprovedVersion:
        """The first of the publications: its time is the time of all."""
        return self.publications[0]


LoadOf = Callable[[str, ApprovedVersion], Version]
"""Gives a version that was approved by its path; raises InvalidInput where its bytes are not whole."""


class Debts:
    """The chains that a unit owes at one moment.

    Args:
        owed: the debts.
        policy: the people.
        now: the present.
        load: gives the version of an urgent publication.
        read: gives the bytes of a file of such a version; raises InvalidInput where they are not whole.
    """

    def __init__(
        self,
        owed: Iterable[Debt],
        policy: Policy,
        now: datetime,
        load: LoadOf,
        read: Callable[[Version, str], bytes],
    ) -> None:
        self._owed = tuple(owed)
        self._policy = policy
        self._now = now
        self._load = load
        self._read = read

    def __bool__(self) -> bool:
        return bool(self._owed)

    def overdue(self, path: str, human: str) -> datetime | None:
        """Return since when a human owes the overdue chain of something else; None where they do not.

        Args:
            path: the entry that this human publishes now.
            human: as `Policy.canonical_person` gives it.
        """
        found = [
            debt.first.due
            for debt in self._owed
            if debt.path != path
            and debt.first.is_overdue(self._now)
            and debt.publisher == human
            and debt.withdrawn_by in (None, human)
        ]
        return min((due for due in found if due), default=None)

    def copied(self, path: str, human: str, content: Content, before: datetime | None = None) -> str | None:
        """Return another entry that owes the chain of the same or nearly the same content; None where none does.

        Args:
            path: the entry that is published now.
            human: who publishes it, as `Policy.canonical_person` gives it.
            content: what is published.
            before: publications of this time and later do not matter, but of the same time those of an earlier path do;
                None for all.
        """
        for debt in self._owed:
            if debt.path == path or debt.withdrawn_by not in (None, debt.publisher, human):
                continue
            for publication in debt.publications:
                earlier = before is None or (publication.decision.at, debt.path) < (before, path)
                if earlier and self._is_nearly(content, debt.path, publication):
                    return debt.path
        return None

    def _is_nearly(self, content: Content, path: str, publication: ApprovedVersion) -> bool:
        # Slow to load, and hardly any command needs it.
        from gongshi.domain.review.similarity import is_nearly

        try:
            return is_nearly(content, self.content(self._load(path, publication)))
        except (InvalidInput, OSError):
            # What cannot be compared could be the same.
            return True

    def content(self, version: Version) -> Content:
        """Return a version that was approved, with the kept bytes of its files."""
        from gongshi.domain.review.similarity import Content

        return Content(version, lambda name: self._read(version, name))

    def flaw(self, path: str, decision: Decision, load: Callable[[], Version]) -> RejectionReason | None:
        """Return why a recorded urgent publication does not count as long as these chains are owed, or None.

        Args:
            path: the entry, relative to `docs/`.
            decision: the urgent publication.
            load: gives its version; asked only where other chains are owed.
        """
        human = self._policy.canonical_person(decision.by)
        since = self.overdue(path, human)
        if since and since <= decision.at:
            return RejectionReason.CHAIN_OWED
        others = any(debt.path != path for debt in self._owed)
        if others and self.copied(path, human, self.content(load()), decision.at):
            return RejectionReason.COPY_OWED
        return None
