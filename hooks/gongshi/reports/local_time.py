"""Convert the times of acts to the site's time zone; a dossier has them in the time zone of whoever wrote it."""

from __future__ import annotations

from dataclasses import replace

from gongshi.domain.config.policy import Policy
from gongshi.domain.records.dossier import Decision
from gongshi.domain.review.models import Approved
from gongshi.domain.review.status import Standing


def here(decision: Decision, policy: Policy) -> Decision:
    """Return an act with its time in the site's time zone."""
    return replace(decision, at=decision.at.astimezone(policy.zone))


def standing_here(standing: Standing, policy: Policy) -> Standing:
    """Return a status whose acts have their times in the site's time zone."""
    known: dict[int, Decision] = {}

    def act(decision: Decision | None) -> Decision | None:
        # One act stays one object: a rejected return is recognised by its identity.
        return known.setdefault(id(decision), here(decision, policy)) if decision else None

    def approval(approved: Approved | None) -> Approved | None:
        return approved and replace(approved, approvals=tuple(filter(None, map(act, approved.approvals))))

    public = standing.public
    return replace(
        standing,
        public=public and replace(public, approved=approval(public.approved), withdrawal=act(public.withdrawal)),
        voids=tuple(replace(void, decision=act(void.decision) or void.decision) for void in standing.voids),
        returned=act(standing.returned),
        withdrawal=act(standing.withdrawal),
        owed=approval(standing.owed),
    )
