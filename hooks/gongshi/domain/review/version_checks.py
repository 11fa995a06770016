"""Checks of an approval that need the approved content: own work, too large a correction, a chain owed elsewhere.

Status, ledger, form and diff all ask here whether an approved version counts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.review.minor_correction import excess
from gongshi.domain.review.models import Approved, Flaw, Round, Void, own_work
from gongshi.domain.review.urgent_debts import Debts

Load = Callable[[Approved], Version]
"""Gives the version that was approved, its bytes checked; raises InvalidInput where they are not whole."""
Peek = Callable[[Approved], Version | None]
"""Gives the same by its text alone, without reading the files of its bundle; None where the text is lost."""


@dataclass(frozen=True)
class VersionChecks:
    """The checks of the approved versions of one entry."""

    path: str
    """The entry, relative to `docs/`."""
    policy: Policy
    debts: Debts | None = None
    """The chains that the unit owes; None where they are not known yet, or do not matter."""

    def check(self, approved: Approved, load: Load) -> Version | Void:
        """Return the approved version, or the decision that does not count and why.

        Args:
            approved: the approval.
            load: gives the approved versions.

        Raises:
            InvalidInput: a version that is needed is not whole.
        """
        if approved.due and self.debts:
            owed = self.debts.flaw(self.path, approved.decision, partial(load, approved))
            if owed:
                return Void(approved.decision, owed)
        version = load(approved)
        if own := own_work(version.meta.author, approved.approvals, self.policy):
            return Void(own, Flaw.OWN_WORK)
        if approved.corrects:
            limit = self.policy.correction.characters if self.policy.correction else 0
            if excess(load(approved.corrects), version, limit):
                return Void(approved.decision, Flaw.TOO_MUCH)
        return version

    def check_text(self, approved: Approved, peek: Peek) -> Void | None:
        """Return the decision that does not count and why, by the texts alone; None where the approval counts.

        A version whose text is lost counts, and so does a correction of one.

        Args:
            approved: the approval.
            peek: gives the texts of the approved versions.
        """
        if peek(approved) is None:
            return None
        try:
            found = self.check(approved, partial(_load_text, peek))
        except _TextLostError:
            return None
        return found if isinstance(found, Void) else None


class _TextLostError(Exception):
    """The text of an approved version cannot be read."""


def _load_text(peek: Peek, approved: Approved) -> Version:
    version = peek(approved)
    if version is None:
        raise _TextLostError
    return version


def open_round_flaw(open_round: Round, author: str | None, policy: Policy) -> Void | None:
    """Return the approval of a round by the author of its version, which does not count, or None.

    Args:
        open_round: the round.
        author: the person id in the front matter; None where a page names nobody.
        policy: the people.
    """
    own = own_work(author, open_round.approvals, policy)
    return Void(own, Flaw.OWN_WORK) if own else None
