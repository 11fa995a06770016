"""Owed chains of urgent publications, and the other urgent publications that they forbid.

After an urgent publication, its chain must be completed before a deadline. Publishing at another address must not
extend this deadline. So as long as a chain is overdue, its publisher cannot publish anything else urgently. And as long
as it is owed, overdue or not, nobody can publish the same or nearly the same content urgently (`similarity`): otherwise
two people could take turns and keep it public without a chain. Editing at the first address stays possible; the
deadline stays that of the first publication.

A withdrawal by another person than the publisher ends these limits; for the same content, that person must not be the
one who publishes it anew, either. Of two publications of the same content, the earlier one counts.
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
    """The chain that one entry owes for its urgent publications."""

    path: str
    publisher: str
    """The canonical id of the person who first published urgently."""
    publications: tuple[ApprovedVersion, ...]
    """The urgent publications since a version last passed the full chain, oldest first."""
    withdrawn_by: str | None = None
    """The canonical id of the person who withdrew the entry after the last of them."""

    @property
    def first(self) -> ApprovedVersion:
        """The first of the publications; its deadline applies to all."""
        return self.publications[0]


LoadOf = Callable[[str, ApprovedVersion], Version]
"""Returns an urgently published version; raises InvalidInput if its files are damaged.

Arguments: the path of the entry, and the publication.
"""


class Debts:
    """The chains that a unit owes at one moment.

    Args:
        owed: the debts.
        policy: the people.
        now: the present.
        load: returns the version of an urgent publication.
        read: returns the bytes of a file of such a version; raises InvalidInput if they are damaged.
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
        """Return the deadline that a person has missed for another entry; None if there is none.

        Args:
            path: the entry that this person publishes now.
            human: the canonical id, as returned by `Policy.canonical_person`.
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
        """Return another entry that owes its chain for the same or nearly the same content, or None.

        Args:
            path: the entry that is published now.
            human: the canonical id of the publisher, as returned by `Policy.canonical_person`.
            content: the published content.
            before: only publications before this time are compared; of those at the same time, only those whose path
                sorts before `path`. None for all.
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
        # Imported here: slow to load, and few commands need it.
        from gongshi.domain.review.similarity import is_nearly

        try:
            return is_nearly(content, self.content(self._load(path, publication)))
        except (InvalidInput, OSError):
            # Content that cannot be compared could be the same.
            return True

    def content(self, version: Version) -> Content:
        """Return a version with access to the stored bytes of its files."""
        from gongshi.domain.review.similarity import Content

        return Content(version, lambda name: self._read(version, name))

    def rejection(self, path: str, decision: Decision, load: Callable[[], Version]) -> RejectionReason | None:
        """Return the rejection reason for a recorded urgent publication because of owed chains, or None.

        Args:
            path: the entry, relative to `docs/`.
            decision: the urgent publication.
            load: returns its version; called only if other entries owe chains.
        """
        human = self._policy.canonical_person(decision.by)
        since = self.overdue(path, human)
        if since and since <= decision.at:
            return RejectionReason.CHAIN_OWED
        others = any(debt.path != path for debt in self._owed)
        if others and self.copied(path, human, self.content(load()), decision.at):
            return RejectionReason.COPY_OWED
        return None
