"""Comparison base: the version that last passed a chain, which a draft is compared with."""

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
    """Return the newest version that passed its chain since the last withdrawal, or None.

    Urgent publications whose chain is still owed and approvals that do not count are skipped. With `assurance: flag` no
    approved version is stored, so the result is None.

    Args:
        found: the review of the entry.
        load: returns the approved version.
        policy: the rules.

    Raises:
        InvalidInput: the approved files are damaged.
    """
    if policy.assurance == "flag":
        return None
    for approved in reversed(found.approved):
        if approved.due is None:
            # The path only matters for owed chains, which concern urgent publications only.
            version = VersionChecks("", policy).check(approved, load)
            if not isinstance(version, RejectedDecision):
                return ComparisonBase(approved, version)
    return None
