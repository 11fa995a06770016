"""Checks before an action is recorded: each refuses what the rules or the present status do not allow.

Nothing is written here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime

from gongshi.common.errors import InvalidInput, Problem, Refused, printable
from gongshi.domain.config.policy import Policy
from gongshi.domain.content import text_limits
from gongshi.domain.content.docs_tree import DocsTree, Draft
from gongshi.domain.content.text_limits import may_be_complex
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Decision
from gongshi.domain.review import draft_checks, rules
from gongshi.domain.review.messages import next_approvers_text, rejection_text, stage_title
from gongshi.domain.review.models import OpenRound, RejectionReason, find_own_approval
from gongshi.domain.review.snapshot import Snapshot, urgent_debts
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.i18n import gettext as _

ConversionProblems = Callable[[str, Draft], Iterable[Problem]]
"""Converts the text of a file in `docs/` within the limits of a build and returns the problems.

Arguments: the path relative to `docs/`, and the file.
"""


def refuse(reason: RejectionReason | None, decision: Decision, policy: Policy) -> None:
    """Raise Refused if a decision would not count.

    Args:
        reason: the rejection reason; None if the decision would count.
        decision: the decision.
        policy: the people and stages, for the message.
    """
    if reason:
        raise Refused(rejection_text(reason, decision, policy))


def require_dossiers(policy: Policy) -> None:
    """Raise Refused if the unit keeps no dossiers."""
    if policy.assurance == "flag":
        raise Refused(_("needs dossiers; with assurance: flag there are none"))


def require_whole_record(status: EntryStatus) -> None:
    """Raise InvalidInput if the record of an entry is damaged."""
    if status.reason is WithheldReason.TAMPERED:
        raise InvalidInput(status.problems)


def require_version(
    status: EntryStatus, label: str, policy: Policy, now: datetime, conversion_problems: ConversionProblems | None
) -> tuple[Version, Draft]:
    """Return the version in `docs/` for an action that leads to publication.

    Args:
        status: the status of the entry.
        label: the name of the file in messages.
        policy: the unit's policy.
        now: the present.
        conversion_problems: checks that a complex text can be converted within the limits; None to skip this check.

    Raises:
        Refused: the file is gone.
        InvalidInput: the file has problems, or decisions are missing at the end of the record.
    """
    draft = status.draft
    if status.reason is WithheldReason.ACTS_MISSING:
        # Returns and withdrawals stay possible: they only take pages down.
        raise InvalidInput(status.problems)
    if draft is None:
        raise Refused(_("the file is gone; restore it first"))
    if draft.version is None:
        raise InvalidInput(draft.problems)
    if errors := draft_checks.errors(status, policy, now, label):
        raise InvalidInput(errors)
    if conversion_problems:
        _require_convertible(status.path, draft, draft.version, conversion_problems)
    return draft.version, draft


def _require_convertible(path: str, draft: Draft, version: Version, conversion_problems: ConversionProblems) -> None:
    body = version.manuscript.body
    if may_be_complex(body) and not list(text_limits.problems(body, path, lambda: 1)):
        errors = [problem for problem in conversion_problems(path, draft) if not problem.advice]
        if errors:
            raise InvalidInput(errors)


def require_open_round(status: EntryStatus) -> OpenRound:
    """Return the round that waits for an approval; raise Refused if there is none."""
    if status.round is None or status.round.stage is None:
        raise Refused(_("is not under review; it must be submitted first"))
    return status.round


def require_chain(chain: tuple[str, ...]) -> None:
    """Raise Refused if no chain is in force."""
    if not chain:
        raise Refused(_("no chain is in force on this day; see the dates of the chains in mkdocs.yml"))


def refuse_if_under_review(status: EntryStatus, policy: Policy) -> None:
    """Raise Refused if the version in `docs/` is already waiting for a stage."""
    if status.round and status.reason in (WithheldReason.SUBMITTED, WithheldReason.URGENT, WithheldReason.OVERDUE):
        stage = stage_title(status.round.stage, policy)
        raise Refused(_("is submitted already and waits for {stage}").format(stage=stage))


def refuse_if_approved(status: EntryStatus, version: Version) -> None:
    """Raise Refused if the version in `docs/` is public, or approved and scheduled."""
    scheduled = status.scheduled.digest if status.scheduled else None
    if status.reason is None or (status.reason is WithheldReason.SCHEDULED and version.digest == scheduled):
        raise Refused(_("this version is approved already; nothing to submit"))


def refuse_other_version(version: Version, digest: str) -> None:
    """Raise Refused if the file is not the version that the approver looked at.

    Args:
        version: the version in `docs/`.
        digest: the first characters of the digest that the approver named; empty to accept any version.
    """
    if not version.digest.startswith(digest):
        message = _("you looked at {named}, but its digest is now {present}; look at it again")
        raise Refused(message.format(named=digest, present=version.digest[: len(digest)]))


def refuse_other_stage(stage: str | None, waiting: str | None, policy: Policy) -> None:
    """Raise Refused if the round waits for another stage.

    Args:
        stage: the stage that the approver named; None to accept any stage.
        waiting: the stage that the round waits for.
        policy: the stages, for the message.
    """
    if stage is not None and stage != waiting:
        titles = {"waiting": stage_title(waiting, policy), "stage": stage_title(stage, policy)}
        raise Refused(_("waits for {waiting}, not for {stage}").format(**titles))


def refuse_large_correction(base: Version, version: Version, policy: Policy) -> None:
    """Raise Refused if a change is larger than the policy allows for a minor correction.

    Args:
        base: the version that is corrected.
        version: the version in `docs/`.
        policy: the rules; nothing is refused if they have no limit for corrections.
    """
    if policy.correction is None:
        return
    # Imported here: slow to load, and few acts are corrections.
    from gongshi.domain.review.correction_messages import correction_text
    from gongshi.domain.review.minor_correction import correction_violation

    if found := correction_violation(base, version, policy, explain=True):
        first = version.manuscript.first_line
        raise Refused(correction_text(found, policy.correction.characters, first))


def own_work_rejection(version: Version, decision: Decision, policy: Policy) -> RejectionReason | None:
    """Return OWN_WORK if a decision is by the author of the version, else None.

    Args:
        version: the version.
        decision: the decision.
        policy: the people.
    """
    return RejectionReason.OWN_WORK if find_own_approval(version.meta.author, [decision], policy) else None


def refuse_own_approvals(open_round: OpenRound, version: Version, policy: Policy) -> None:
    """Raise Refused if the author of the version has approved it at an earlier stage.

    Args:
        open_round: the round.
        version: the version in `docs/`.
        policy: the people.
    """
    if find_own_approval(version.meta.author, open_round.approvals, policy):
        raise Refused(_("an approval before yours is by the author and does not count; return it, then submit it anew"))


def check_approval(
    decision: Decision, open_round: OpenRound, status: EntryStatus, version: Version, policy: Policy, now: datetime
) -> None:
    """Raise Refused if an approval would not count.

    Args:
        decision: the approval.
        open_round: the round.
        status: the status of the entry.
        version: the version in `docs/`.
        policy: the rules.
        now: the present.
    """
    reason = rules.time_rejection(decision, status.latest, now)
    reason = reason or rules.approval_rejection(open_round, decision, policy)
    reason = reason or own_work_rejection(version, decision, policy)
    if reason is RejectionReason.NOT_IN_ROLE:
        persons = next_approvers_text(status, policy, now.date())
        stage, why = stage_title(decision.stage, policy), rejection_text(reason, decision, policy)
        raise Refused(_("waits for {stage}: {persons}; {why}").format(stage=stage, persons=persons, why=why))
    refuse(reason, decision, policy)


def check_return(open_round: OpenRound, decision: Decision, policy: Policy) -> None:
    """Raise Refused if a person may not return a version.

    Args:
        open_round: the round.
        decision: the return.
        policy: the rules.
    """
    refuse(rules.office_rejection(decision.by, decision, policy), decision, policy)
    roles = {policy.stages[stage].role for stage in open_round.chain if stage in policy.stages}
    if not roles.intersection(policy.people[decision.by].roles):
        raise Refused(_("only who holds a role in the chain may return it"))


def check_followers(chain: tuple[str, ...], day: date, barred: set[str], policy: Policy) -> None:
    """Raise Refused if too few people could complete the chain after an urgent publication.

    Args:
        chain: the stages of the chain.
        day: the day of the publication.
        barred: the ids of the people who may not approve.
        policy: the people and stages.
    """
    if not chain or not policy.has_enough_people(chain, day, barred):
        message = _("its chain could not follow, as too few others may decide at {stages}; see review.urgent.role")
        raise Refused(message.format(stages=_(", ").join(stage_title(stage, policy) for stage in chain)))


def check_debts(path: str, version: Version, by: str, tree: DocsTree, snapshot: Snapshot) -> None:
    """Raise Refused if a chain owed for another entry forbids an urgent publication.

    Without this check, publishing at a new address would extend the deadline.

    Args:
        path: the entry to publish urgently, relative to `docs/`.
        version: its version.
        by: the id of the person who publishes.
        tree: the content folder.
        snapshot: the unit.
    """
    policy = snapshot.configuration.policy
    owed = urgent_debts(snapshot.statuses.values(), snapshot.decisions, policy, snapshot.now)
    human = policy.canonical_person(by)
    if owed.overdue(path, human):
        raise Refused(_("the chain of another urgent publication of yours is overdue; see `gongshi status`"))
    damaged = [each.path for each in snapshot.statuses.values() if each.reason is WithheldReason.TAMPERED]
    if damaged:
        message = _(
            "the record of {other} is damaged, so nobody can tell whether a chain is owed there; restore it from "
            "the repository's history first"
        )
        raise Refused(message.format(other=printable(tree.label(damaged[0]))))
    # Imported here: slow to load, and only this action needs it.
    from gongshi.domain.review.similarity import Content

    source = tree.sources[path]
    if other := owed.copied(path, human, Content(version, lambda name: tree.read(source, name))):
        message = _(
            "has the same or nearly the same content as {other}, which was published urgently and owes its full "
            "chain; let that chain follow first, or edit that entry"
        )
        raise Refused(message.format(other=printable(tree.label(other))))
