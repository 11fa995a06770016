"""Checks of an approval that need the approved content: own work, too large a correction, owed chains.

Status, ledger, form and diff all use these checks to decide whether an approved version counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.review.models import (
    ApprovedVersion,
    OpenRound,
    RejectedDecision,
    RejectionReason,
    find_own_approval,
)
from gongshi.domain.review.urgent_debts import Debts

Load = Callable[[ApprovedVersion], Version]
"""Returns the approved version with verified files; raises InvalidInput if they are damaged."""
Peek = Callable[[ApprovedVersion], Version | None]
"""Returns the approved version without reading the files of its bundle; None if its text is lost."""


@dataclass(frozen=True)
class VersionChecks:
    """The checks of the approved versions of one entry."""

    path: str
    """The entry, relative to `docs/`."""
    policy: Policy
    debts: Debts | None = None
    """The chains that the unit owes; None if they are not known yet or do not matter."""

    def check(self, approved: ApprovedVersion, load: Load) -> Version | RejectedDecision:
        """Return the approved version, or the rejected decision if the approval does not count.

        Args:
            approved: the approval.
            load: returns approved versions.

        Raises:
            InvalidInput: a required version is damaged.
        """
        if approved.due and self.debts:
            owed = self.debts.rejection(self.path, approved.decision, partial(load, approved))
            if owed:
                return RejectedDecision(approved.decision, owed)
        version = load(approved)
        if own := find_own_approval(version.meta.author, approved.approvals, self.policy):
            return RejectedDecision(own, RejectionReason.OWN_WORK)
        if approved.corrects and (fault := self._correction_fault(load(approved.corrects), version, approved)):
            return RejectedDecision(approved.decision, fault)
        return version

    def _correction_fault(self, base: Version, version: Version, approved: ApprovedVersion) -> RejectionReason | None:
        # Imported here: slow to load, and few versions are corrections.
        from gongshi.domain.review.minor_correction import Violation, correction_verdict

        found = correction_verdict(base, version, self.policy, approved.decision.day)
        if found is None:
            return None
        return RejectionReason.UNJUDGED if found is Violation.UNJUDGED else RejectionReason.TOO_MUCH

    def check_text(self, approved: ApprovedVersion, peek: Peek) -> RejectedDecision | None:
        """Return the rejected decision, checked by the texts alone; None if the approval counts.

        A version whose text is lost counts, and so does a correction of such a version.

        Args:
            approved: the approval.
            peek: returns approved versions by their text.
        """
        if peek(approved) is None:
            return None
        try:
            found = self.check(approved, partial(_load_text, peek))
        except _TextLostError:
            return None
        return found if isinstance(found, RejectedDecision) else None


class _TextLostError(Exception):
    """Error: the text of an approved version cannot be read."""


def _load_text(peek: Peek, approved: ApprovedVersion) -> Version:
    version = peek(approved)
    if version is None:
        raise _TextLostError
    return version


def open_round_rejection(open_round: OpenRound, author: str | None, policy: Policy) -> RejectedDecision | None:
    """Return the rejected approval of a round by the author of its version, or None.

    Args:
        open_round: the round.
        author: the person id in the front matter; None if a page names nobody.
        policy: the people.
    """
    own = find_own_approval(author, open_round.approvals, policy)
    return RejectedDecision(own, RejectionReason.OWN_WORK) if own else None
