"""Messages about statuses, decisions and rejection reasons."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from gongshi.common.errors import Problem, printable
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.approved_by import line_of, named
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review.models import ApprovedVersion, RejectedDecision, RejectionReason
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.i18n import gettext as _

_NOT_AUTHENTIC = (RejectionReason.NOT_SIGNED, RejectionReason.OTHER_UNIT)
_ROLE_KEYS = {Action.URGENT: "review.urgent.role", Action.WITHDRAW: "review.withdraw_role"}
"""Keys of mkdocs.yml that name the role for actions without a stage."""


def person_name(person: str, policy: Policy) -> str:
    """Return a person's name, or the id if the policy does not have it.

    Args:
        person: the person id.
        policy: the people.
    """
    known = policy.people.get(person)
    return known.name if known else printable(person)


def actor_text(decision: Decision, policy: Policy) -> str:
    """Return the name of the person who decided, with the Git user if that was another person.

    Args:
        decision: the decision.
        policy: the people.
    """
    name = person_name(decision.by, policy)
    return _("{person} (entered by {via})").format(person=name, via=decision.via) if decision.via else name


def stage_title(stage: str | None, policy: Policy) -> str:
    """Return a stage's title, or its id if the policy does not have it.

    Args:
        stage: the stage id; None is shown as `?`.
        policy: the stages.
    """
    known = policy.stages.get(stage or "")
    return known.title if known else printable(stage or "?")


def rejection_text(rejection: RejectionReason, decision: Decision, policy: Policy) -> str:
    """Return the message for a rejected decision, or for one that cannot be made.

    Args:
        rejection: the rejection reason.
        decision: the decision.
        policy: the people and stages.
    """
    return _rejection_sentences(decision, policy)[rejection].format(
        role=_required_role(decision, policy),
        key=_ROLE_KEYS.get(decision.act, ""),
        unit=printable(decision.unit or "?"),
        identity=policy.identity,
        person=person_name(decision.by, policy),
        day=decision.day.isoformat(),
        stage=stage_title(decision.stage, policy),
        chain=_(", ").join(decision.chain),
    )


def _rejection_sentences(decision: Decision, policy: Policy) -> dict[RejectionReason, str]:
    return {
        RejectionReason.UNKNOWN_PERSON: _unknown_person_text(decision.by, policy),
        RejectionReason.NOT_IN_OFFICE: _("{person} is not in office on {day}; see since and until in mkdocs.yml"),
        RejectionReason.NOT_IN_ROLE: (
            _("{person} does not hold the role {role} on {day} ({key} in mkdocs.yml)")
            if decision.act in _ROLE_KEYS
            else _("{person} does not hold the role {role} on {day}")
        ),
        RejectionReason.OWN_WORK: _(
            "{person} wrote, submitted or urgently published it; somebody else must approve it"
        ),
        RejectionReason.SECOND_STAGE: _("{person} approved an earlier stage; each stage needs another person"),
        RejectionReason.WRONG_STAGE: _("{stage} is not the stage that it waits for"),
        RejectionReason.NO_STAGE: (
            _("{stage} is no stage of its chain, which is {chain}")
            if decision.stage
            else _("names more persons than its chain has stages: {chain}")
        ),
        RejectionReason.NOT_SUBMITTED: _("nothing was under review at that time"),
        RejectionReason.OTHER_VERSION: _("the approval is for another version than the one submitted"),
        RejectionReason.OTHER_CHAIN: _(
            "the chain has changed since; give chains their dates in mkdocs.yml, or submit again"
        ),
        RejectionReason.IN_THE_FUTURE: _(
            "what {person} did is dated in the future ({day}); see whether the clock is right"
        ),
        RejectionReason.BACKDATED: _(
            "what {person} did is dated {day}, before the last act on this entry; set the clock right, "
            "or, where that act was dated wrongly, restore the dossier from the repository's history"
        ),
        RejectionReason.NOT_SIGNED: _("has no signature by a key that mkdocs.yml gives for {person} on {day}"),
        RejectionReason.OTHER_UNIT: _(
            "was signed for {unit}, and this unit signs as {identity} (review.identity in mkdocs.yml)"
        ),
        RejectionReason.NO_BASE: _(
            "corrects something else than the version that passed the full chain last; submit the change"
        ),
        RejectionReason.TOO_MUCH: _("changes more than mkdocs.yml lets a minor correction change (review.correction)"),
        RejectionReason.UNJUDGED: _(
            "cannot be judged at the moment: converting its text takes too much time or memory here"
        ),
        RejectionReason.COPY_OWED: _(
            "the same or nearly the same content was published urgently before at another address, and its chain is "
            "still owed; it must be passed first"
        ),
        RejectionReason.CHAIN_OWED: _(
            "the chain of the urgent publication before is still owed; it must be passed first"
        ),
    }


def _unknown_person_text(written: str, policy: Policy) -> str:
    if not written:
        return _("nobody is named; write `approved_by: PERSON`")
    meant = policy.persons_named(written)
    if len(meant) > 1:
        ids = _(" or ").join(person.id for person in meant)
        return _("{person} can be {ids}; write the id").format(person="{person}", ids=ids)
    return _("{person} is not in people in mkdocs.yml")


def rejection_problem(
    rejected_decision: RejectedDecision, entry_status: EntryStatus, docs: str, policy: Policy
) -> Problem:
    """Return the problem for a rejected decision, at its line of the dossier or at the flag.

    Args:
        rejected_decision: the decision and its rejection reason.
        entry_status: the status of the entry.
        docs: the name of the content folder.
        policy: the rules.
    """
    decision, version = rejected_decision.decision, entry_status.draft_version
    text = rejection_text(rejected_decision.reason, decision, policy)
    if decision.line or version is None:
        return Problem(f"{docs}/.reviews/{entry_status.path}.jsonl", text, decision.line or None)
    approved_by = version.meta.approved_by
    found = named(approved_by, decision.chain, policy)
    at_stage = [each.key for each in found if (each.stage, each.person) == (decision.stage, decision.by)]
    key = next(iter(at_stage), "approved_by" if approved_by else "status")
    line = version.manuscript.lines.get(key.partition(".")[0].partition("[")[0])
    return Problem(f"{docs}/{entry_status.path}", text, line, key)


def _required_role(decision: Decision, policy: Policy) -> str:
    """Return the role that a decision requires."""
    if decision.act is Action.URGENT:
        return policy.urgent.role if policy.urgent else "?"
    stage = policy.stages.get(decision.stage or "")
    return stage.role if stage else policy.withdraw_role


_UNSUBMITTED = (WithheldReason.DRAFT, WithheldReason.RETURNED, WithheldReason.CHANGED, WithheldReason.CHAIN_CHANGED)


def unproven_flag(entry_status: EntryStatus, docs: str, policy: Policy, day: date) -> Problem | None:
    """Return the advice for a front matter that says approved while the record does not, or None.

    Args:
        entry_status: the status of the entry.
        docs: the name of the content folder.
        policy: the rules.
        day: today.
    """
    if (
        entry_status.public
        or entry_status.reason not in (*_UNSUBMITTED, WithheldReason.SUBMITTED)
        or policy.assurance == "flag"
    ):
        return None
    version = entry_status.draft_version
    if version is None:
        return None
    key = "status"
    if version.meta.status != "approved":
        chain = policy.chain_on(entry_status.path, day)
        stages = {each.stage for each in named(version.meta.approved_by, chain, policy)}
        if not chain or stages != set(chain):
            return None
        key = "approved_by"
    text = _("says approved, but with assurance: {assurance} that is no decision and publishes nothing: {remedy}")
    remedy = _("submit it with `gongshi submit`, then have it approved with `gongshi approve`")
    if entry_status.reason is WithheldReason.SUBMITTED:
        remedy = _("it is under review; have it approved with `gongshi approve`")
    text = text.format(assurance=policy.assurance, remedy=remedy)
    return Problem(f"{docs}/{entry_status.path}", text, version.manuscript.lines.get(key), key, advice=True)


def by_hand_text(entry_status: EntryStatus, policy: Policy, day: date) -> str | None:
    """Return the instruction to edit the front matter for the next step; None unless `assurance: flag`.

    Args:
        entry_status: the status of the entry.
        policy: the rules.
        day: today.
    """
    if policy.assurance != "flag":
        return None
    if entry_status.round is None or entry_status.round.stage is None:
        is_new = entry_status.reason in (WithheldReason.DRAFT, WithheldReason.RETURNED)
        return _("to hand it in by hand, write `status: submitted`") if is_new else None
    able = entry_status.next_approvers(policy, day)
    if not able:
        return None
    approvals = {str(decision.stage): decision.by for decision in entry_status.round.approvals}
    line = line_of({**approvals, entry_status.round.stage: able[0].id})
    status = "approved" if len(approvals) + 1 == len(entry_status.round.chain) else "submitted"
    text = _("to approve by hand, {person} writes `{line}` and `status: {status}`")
    return text.format(person=able[0].name, line=line, status=status)


def missing_text(missing: Sequence[Decision], entry: str, policy: Policy) -> str:
    """Return the message that decisions are missing at the end of a dossier, with the remedy.

    Args:
        missing: the missing decisions; none of them changes what is public.
        entry: the Markdown file, relative to `docs/`.
        policy: the people and stages.
    """
    message = _(
        "acts are missing here that this clone has seen: {acts}. What is public stays as it is. Restore the dossier "
        "and its head from the repository's history or a backup, or, if these acts were given up on purpose, let this "
        "clone forget them: gongshi doctor --forget {entry}"
    )
    return message.format(
        acts=_("; ").join(_missing_decision_text(decision, policy) for decision in missing), entry=printable(entry)
    )


def _missing_decision_text(decision: Decision, policy: Policy) -> str:
    words = {
        Action.SUBMIT: _("submitted by {person} on {day}"),
        Action.CORRECT: _("correction submitted by {person} on {day}"),
        Action.APPROVE: _("approved at {stage} by {person} on {day}"),
        Action.RETURN: _("returned by {person} on {day}"),
    }
    text = words.get(decision.act) or _("an act of {person} on {day}")
    stage, person = stage_title(decision.stage, policy), person_name(decision.by, policy)
    return text.format(stage=stage, person=person, day=decision.day.isoformat())


def next_approvers_text(entry_status: EntryStatus, policy: Policy, day: date) -> str:
    """Return the names of the people who may decide next, or a text that nobody is left.

    Args:
        entry_status: the status of the entry.
        policy: the people.
        day: today.
    """
    names = [person.name for person in entry_status.next_approvers(policy, day)]
    return _(", ").join(names) or _("nobody is left who may decide")


def reason_title(reason: WithheldReason | None) -> str:
    """Return a heading of one or two words for a reason; None means published."""
    titles = {
        None: _("published"),
        WithheldReason.TAMPERED: _("record damaged"),
        WithheldReason.ACTS_MISSING: _("acts missing"),
        WithheldReason.INVALID: _("has problems"),
        WithheldReason.ADDRESS_TAKEN: _("address taken"),
        WithheldReason.VOID: _("approval void"),
        WithheldReason.DRAFT: _("draft"),
        WithheldReason.SUBMITTED: _("under review"),
        WithheldReason.CHANGED: _("changed after submission"),
        WithheldReason.CHAIN_CHANGED: _("chain changed"),
        WithheldReason.URGENT: _("published urgently, chain owed"),
        WithheldReason.OVERDUE: _("taken down, chain overdue"),
        WithheldReason.RETURNED: _("returned"),
        WithheldReason.EDITED: _("edited after approval"),
        WithheldReason.SCHEDULED: _("scheduled"),
        WithheldReason.WITHDRAWN: _("withdrawn"),
        WithheldReason.DELETED: _("file deleted"),
    }
    return titles[reason]


def reason_text(entry_status: EntryStatus, policy: Policy, day: date) -> str:
    """Return the reason for which the newest version is not public, and the next step.

    Args:
        entry_status: the status of the entry.
        policy: the rules.
        day: today.
    """
    reason, scheduled = entry_status.reason, entry_status.scheduled
    if reason is None:
        return ""
    if reason is WithheldReason.SUBMITTED and entry_status.round:
        waiting = _("waits for {stage}: {persons}")
        if entry_status.round.corrects:
            waiting = _("a minor correction; waits for {stage}: {persons}")
        return waiting.format(
            stage=stage_title(entry_status.round.stage, policy), persons=next_approvers_text(entry_status, policy, day)
        )
    if reason in (WithheldReason.URGENT, WithheldReason.OVERDUE) and entry_status.owed:
        return _urgent_text(entry_status, entry_status.owed, policy, day)
    ended = {WithheldReason.RETURNED: entry_status.returned, WithheldReason.WITHDRAWN: entry_status.withdrawal}.get(
        reason
    )
    if ended and any(
        rejected_decision.decision is ended and rejected_decision.reason in _NOT_AUTHENTIC
        for rejected_decision in entry_status.rejected
    ):
        # An unsigned line of the dossier must not show a name or a text.
        return _("an act without a signature that counts ended it (line {line} of the dossier)").format(line=ended.line)
    if reason is WithheldReason.RETURNED and (decision := entry_status.returned):
        return _decision_text(_("returned by {person} on {day}: {words}"), decision, decision.note, policy)
    if reason is WithheldReason.WITHDRAWN and (decision := entry_status.withdrawal):
        return _decision_text(_("withdrawn by {person} on {day}: {words}"), decision, decision.reason, policy)
    if reason is WithheldReason.SCHEDULED and scheduled and scheduled.meta.publish_at:
        when = scheduled.meta.publish_at.isoformat(" ", "minutes")
        return _("approved; public from {when}").format(when=when)
    if reason is WithheldReason.VOID and entry_status.rejected:
        return rejection_text(entry_status.rejected[-1].reason, entry_status.rejected[-1].decision, policy)
    return _fixed_reason_text(reason)


def owed_text(entry_status: EntryStatus, policy: Policy) -> str | None:
    """Return the message that a chain is owed, with its deadline in the unit's time zone; None if none is owed.

    Args:
        entry_status: the status of the entry.
        policy: the rules, for the time zone.
    """
    due = entry_status.owed.due if entry_status.owed else None
    if due is None:
        return None
    return _("its full chain is owed until {when}").format(when=_local_time_text(due, policy))


def _local_time_text(at: datetime, policy: Policy) -> str:
    return at.astimezone(policy.zone).strftime("%Y-%m-%d %H:%M")


def _urgent_text(entry_status: EntryStatus, owed: ApprovedVersion, policy: Policy, day: date) -> str:
    if entry_status.reason is WithheldReason.OVERDUE:
        sentence = _("published urgently by {person} on {day} ({words}); its chain did not follow until {when}")
    else:
        sentence = _("published urgently by {person} on {day} ({words}); its full chain is owed until {when}")
    decision = (
        entry_status.public.approved.decision if entry_status.public and entry_status.public.approved else owed.decision
    )
    if decision.act is not Action.URGENT:
        decision = owed.decision
    when = _local_time_text(owed.due, policy) if owed.due else ""
    text = _decision_text(sentence, decision, decision.reason, policy, when=when)
    if entry_status.round is None:
        return _("{what}; submit it").format(what=text)
    waiting = _("{what}; waits for {stage}: {persons}")
    stage = stage_title(entry_status.round.stage, policy)
    return waiting.format(what=text, stage=stage, persons=next_approvers_text(entry_status, policy, day))


def _decision_text(sentence: str, decision: Decision, words: str | None, policy: Policy, **rest: str) -> str:
    person = person_name(decision.by, policy)
    return sentence.format(person=person, day=decision.day.isoformat(), words=printable(words or ""), **rest)


def _fixed_reason_text(reason: WithheldReason) -> str:
    words = {
        WithheldReason.TAMPERED: _(
            "the dossier or an approved file is not whole, so nothing of this entry is published"
        ),
        WithheldReason.ACTS_MISSING: _(
            "later acts that this clone has seen are missing; what is public stays as it is"
        ),
        WithheldReason.INVALID: _("the file has problems; mend them, then submit it"),
        WithheldReason.ADDRESS_TAKEN: _("another published page has this address"),
        WithheldReason.DRAFT: _("not submitted yet"),
        WithheldReason.CHANGED: _("the file was changed after it was submitted; submit it again"),
        WithheldReason.CHAIN_CHANGED: _("the chain was changed after it was submitted; submit it again"),
        WithheldReason.EDITED: _("the file differs from the approved version; submit the change"),
        WithheldReason.DELETED: _("the file is gone, but deleting does not unpublish; withdraw it or restore the file"),
    }
    return words.get(reason) or reason_title(reason)
