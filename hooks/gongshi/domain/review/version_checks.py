"""What can be judged of an approval only once its version is known."""

from __future__ import annotations

from collections.abc import Callable

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.review.minor_correction import excess
from gongshi.domain.review.models import Approved, Flaw, Void, own_work

Load = Callable[[Approved], Version]
"""Gives the version that was approved, its bytes checked; raises InvalidInput where they are not whole."""
Peek = Callable[[Approved], Version | None]
"""Gives the same by its text alone, without reading the files of its bundle; None where the text is lost."""


def version_flaw(approved: Approved, version: Version, load: Load, policy: Policy) -> Void | None:
    """Why an approval does not count once its version is known: by its author, or more than a correction.

    Args:
        approved: the approval.
        version: what was approved.
        load: gives the version that a correction corrects.
        policy: the rules.
    """
    if own := own_work(version.meta.author, approved.approvals, policy):
        return Void(own, Flaw.OWN_WORK)
    if approved.corrects:
        limit = policy.correction.characters if policy.correction else 0
        if excess(load(approved.corrects), version, limit):
            return Void(approved.decision, Flaw.TOO_MUCH)
    return None
