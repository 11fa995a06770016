"""The version that an entry is compared with: the one that passed a chain last."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.review.models import ApprovedVersion, RejectedDecision, Review
from gongshi.domain.review.version_checks import Load, VersionChecks


@dataclass(frozen=True)
class ComparisonBase:
    """An approved version with its approval."""

    approved: ApprovedVersion
    version: Version


def last_approved(found: Review, load: Load, policy: Policy) -> ComparisonBase | None:
    """Return the newest version that passed its chain since the last withdrawal; None where there is none.

    What was published urgently has passed no chain yet, and an approval that turned out void is none. With
    `assurance: flag` no version is kept, so there is never one.

    Args:
        found: the result of the acts on the entry.
        load: gives the approved bytes.
        policy: the rules.

    Raises:
        InvalidInput: the approved bytes are not whole.
    """
    if policy.assurance == "flag":
        return None
    for approved in reversed(found.approved):
        if approved.due is None:
            # What passed a chain does not depend on what is owed elsewhere, so the path does not matter.
            version = VersionChecks("", policy).check(approved, load)
            if not isinstance(version, RejectedDecision):
                return ComparisonBase(approved, version)
    return None
