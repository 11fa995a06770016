"""Convert the times of acts to the site's time zone; a dossier has them in the time zone of whoever wrote it."""

from __future__ import annotations

from dataclasses import replace

from gongshi.domain.config.policy import Policy
from gongshi.domain.records.dossier import Decision
from gongshi.domain.review.models import ApprovedVersion
from gongshi.domain.review.status import EntryStatus


def in_site_time(decision: Decision, policy: Policy) -> Decision:
    """Return an act with its time in the site's time zone."""
    return replace(decision, at=decision.at.astimezone(policy.zone))


def status_in_site_time(status: EntryStatus, policy: Policy) -> EntryStatus:
    """Return a status whose acts have their times in the site's time zone."""
    known: dict[int, Decision] = {}

    def act(decision: Decision | None) -> Decision | None:
        # One act stays one object: a rejected return is recognised by its identity.
        return known.setdefault(id(decision), in_site_time(decision, policy)) if decision else None

    def approval(approved: ApprovedVersion | None) -> ApprovedVersion | None:
        return approved and replace(approved, approvals=tuple(filter(None, map(act, approved.approvals))))

    public = status.public
    return replace(
        status,
        public=public and replace(public, approved=approval(public.approved), withdrawal=act(public.withdrawal)),
        rejected=tuple(
            replace(rejected_decision, decision=act(rejected_decision.decision) or rejected_decision.decision)
            for rejected_decision in status.rejected
        ),
        returned=act(status.returned),
        withdrawal=act(status.withdrawal),
        owed=approval(status.owed),
    )
