"""What an entry is compared with: the version that passed a chain last."""

from __future__ import annotations

from dataclasses import dataclass

from gongshi.domain.config.policy import Policy
from gongshi.domain.content.version import Version
from gongshi.domain.review.models import Approved, Review
from gongshi.domain.review.version_checks import Load, version_flaw


@dataclass(frozen=True)
class Basis:
    """An approved version with its approval."""

    approved: Approved
    version: Version


def last_approved(found: Review, load: Load, policy: Policy) -> Basis | None:
    """The newest version that passed its chain since the last withdrawal; None where there is none.

    What was published urgently has passed no chain yet, and an approval that turned out void is none. With
    `assurance: flag` no version is kept, so there is never one.

    Args:
        found: what the acts on the entry add up to.
        load: gives the approved bytes.
        policy: the rules.

    Raises:
        InvalidInput: the approved bytes are not whole.
    """
    if policy.assurance == "flag":
        return None
    for approved in reversed(found.approved):
        if approved.due is None:
            version = load(approved)
            if version_flaw(approved, version, load, policy) is None:
                return Basis(approved, version)
    return None
