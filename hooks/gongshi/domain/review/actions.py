"""Actions on an entry: submit, approve, correct, publish urgently, return, withdraw.

Each action checks the present status first (`action_checks`) and is then recorded.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gongshi.common.errors import Refused
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.docs_tree import DocsTree, Draft
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review import action_checks, rules, timeline
from gongshi.domain.review.action_checks import ConversionProblems
from gongshi.domain.review.decision_sources import flag_time, open_decisions
from gongshi.domain.review.models import RejectionReason
from gongshi.domain.review.recorder import RecordedFiles, Recorder, Sign
from gongshi.domain.review.snapshot import entry_status, take_snapshot
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.i18n import gettext as _


@dataclass(frozen=True)
class Outcome:
    """Result of an action."""

    path: str
    decision: Decision
    status: EntryStatus
    """The status of the entry after the action."""
    written: RecordedFiles
    judged: Draft | None
    """The file in `docs/` when the action was checked; None if it is gone."""


class ReviewActions:
    """Actions of one person at one moment.

    Args:
        configuration: the unit's configuration.
        person: the id of this person.
        now: the present.
        tree: the content folder.
        sign: makes this person's signatures; None if decisions are not signed.
        via: the Git user if that is another person, as returned by `via_text`; recorded with each decision.
        conversion_problems: checks that a complex text can be converted within the limits; None to skip this check.
    """

    def __init__(
        self,
        configuration: Configuration,
        person: str,
        now: datetime,
        tree: DocsTree,
        sign: Sign | None = None,
        via: str | None = None,
        conversion_problems: ConversionProblems | None = None,
    ) -> None:
        self._configuration = configuration
        self._policy: Policy = configuration.policy
        self._by = person
        self._via = via
        self._now = now
        self._tree = tree
        self._conversion_problems = conversion_problems
        self._archive = ReviewStore(configuration.docs)
        self._decisions = open_decisions(configuration, tree)
        self._recorder = Recorder(configuration, self._archive, tree, sign)

    def submit(self, path: str, note: str | None = None) -> Outcome:
        """Submit a version for review.

        Args:
            path: the Markdown file, relative to `docs/`.
            note: a message to the approvers.

        Raises:
            Refused: this version is public or under review already, or the person may not act.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            found, version, draft = self._status_and_version(path)
            action_checks.refuse_if_under_review(found, self._policy)
            action_checks.refuse_if_approved(found, version)
            decision = Decision(Action.SUBMIT, self._by, self._time(version), version.digest, note=note)
            rejection = rules.time_rejection(decision, found.latest, self._now)
            self._refuse(rejection or rules.office_rejection(self._by, decision, self._policy), decision)
            action_checks.require_chain(self._policy.chain_on(path, decision.day))
            return self._record(path, decision, draft, "submitted")

    def approve(self, path: str, stage: str | None = None, note: str | None = None, digest: str = "") -> Outcome:
        """Approve the version under review at the stage that it waits for.

        Args:
            path: the Markdown file, relative to `docs/`.
            stage: the stage that must be the next one; None for any.
            note: the approver's opinion.
            digest: the first characters of the digest that the file must have; empty for any.

        Raises:
            Refused: nothing is under review, the file changed since submission, or the person may not decide.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            found, version, draft = self._status_and_version(path)
            open_round = action_checks.require_open_round(found)
            action_checks.refuse_other_version(version, digest)
            if found.reason is WithheldReason.CHANGED:
                raise Refused(_("the file was changed after it was submitted; it must be submitted again"))
            waiting = open_round.stage
            action_checks.refuse_other_stage(stage, waiting, self._policy)
            at = self._time(version)
            decision = Decision(Action.APPROVE, self._by, at, version.digest, waiting, open_round.chain, note=note)
            action_checks.refuse_own_approvals(open_round, version, self._policy)
            if open_round.corrects:
                base = self._decisions.load(version.path, open_round.corrects, None)
                action_checks.refuse_large_correction(base, version, self._policy)
            action_checks.check_approval(decision, open_round, found, version, self._policy, self._now)
            complete = len(open_round.approvals) + 1 == len(open_round.chain)
            return self._record(path, decision, draft, "approved" if complete else "submitted")

    def correct(self, path: str, note: str) -> Outcome:
        """Submit a minor correction of the version that last passed the full chain; it takes the shorter chain.

        Args:
            path: the Markdown file, relative to `docs/`.
            note: what was corrected and why.

        Raises:
            Refused: the policy allows no corrections, the change is too large, or the person may not act.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            action_checks.require_dossiers(self._policy)
            if self._policy.correction is None:
                raise Refused(_("mkdocs.yml allows no minor corrections (review.correction); submit the change"))
            found, version, draft = self._status_and_version(path)
            result = self._decisions.review(path, draft, self._now)
            base = result.last_full_version(self._policy)
            if base is None or found.public is None or found.public.version is None:
                raise Refused(_("only what is public and passed its full chain can be corrected; submit the change"))
            corrected = self._decisions.load(path, base, draft)
            action_checks.refuse_if_under_review(found, self._policy)
            action_checks.refuse_large_correction(corrected, version, self._policy)
            decision = Decision(Action.CORRECT, self._by, self._now, version.digest, note=note, base=base.digest)
            rejection = rules.time_rejection(decision, found.latest, self._now)
            self._refuse(rejection or rules.opening_rejection(result, decision, self._policy), decision)
            action_checks.require_chain(self._policy.correction_chain_on(decision.day))
            return self._record(path, decision, draft, "submitted")

    def urgent(self, path: str, reason: str) -> Outcome:
        """Publish at once; other people must complete the full chain before the deadline.

        Args:
            path: the Markdown file, relative to `docs/`.
            reason: the reason for the urgency; it is recorded in the dossier.

        Raises:
            Refused: the policy does not allow it, or not for this person, or an earlier chain is still owed.
            InvalidInput: the file has problems.
        """
        policy = self._policy
        with self._archive.lock():
            action_checks.require_dossiers(policy)
            if policy.urgent is None:
                raise Refused(_("mkdocs.yml names nobody who may publish at once (review.urgent)"))
            found, version, draft = self._status_and_version(path)
            if found.reason in (None, WithheldReason.URGENT):
                raise Refused(_("this version is public already"))
            if timeline.is_scheduled(timeline.publish_time(None, version, policy.zone), self._now):
                raise Refused(_("has publish_at; take it out of the front matter, as it is to be public at once"))
            until = self._now + timedelta(hours=policy.urgent.review_within_hours)
            decision = Decision(Action.URGENT, self._by, self._now, version.digest, reason=reason, until=until)
            result = self._decisions.review(path, draft, self._now)
            rejection = rules.time_rejection(decision, found.latest, self._now)
            rejection = rejection or rules.opening_rejection(result, decision, policy)
            self._refuse(rejection or action_checks.own_work_rejection(version, decision, policy), decision)
            day, barred = self._now.date(), {self._by, version.meta.author or "", *result.publishers}
            action_checks.check_followers(policy.chain_on(path, day), day, barred, policy)
            snapshot = take_snapshot(self._configuration, self._now)
            action_checks.check_debts(path, version, self._by, self._tree, snapshot)
            return self._record(path, decision, draft, "submitted")

    def return_to_author(self, path: str, note: str) -> Outcome:
        """Return a version under review to its author; the round ends.

        Args:
            path: the Markdown file, relative to `docs/`.
            note: what must be changed.

        Raises:
            Refused: nothing is under review, or the person holds no role in the chain.
        """
        with self._archive.lock():
            found = self._status(path)
            open_round = action_checks.require_open_round(found)
            decision = Decision(Action.RETURN, self._by, self._now, open_round.digest, note=note)
            action_checks.check_return(open_round, decision, self._policy)
            return self._record(path, decision, found.draft, "returned")

    def withdraw(self, path: str, reason: str) -> Outcome:
        """Take a published or scheduled entry down.

        Args:
            path: the Markdown file, relative to `docs/`; the file itself may be gone.
            reason: the reason, which is shown to the public.

        Raises:
            Refused: no version is public or scheduled, or the person may not withdraw.
        """
        with self._archive.lock():
            found = self._status(path)
            shown = found.public.version if found.public else None
            version = shown or found.scheduled
            if version is None:
                raise Refused(_("is not published, so there is nothing to withdraw"))
            had_readers = found.public is not None
            decision = Decision(Action.WITHDRAW, self._by, self._now, version.digest, reason=reason, notice=had_readers)
            self._refuse(rules.role_rejection(self._by, self._policy.withdraw_role, decision, self._policy), decision)
            return self._record(path, decision, found.draft, "withdrawn")

    def remember(self) -> None:
        """Update the rollback guard of this clone after these actions.

        Raises:
            OSError: its file cannot be written.
            InvalidInput: its file is damaged.
        """
        self._decisions.remember()

    def _time(self, version: Version) -> datetime:
        """Return the time of the action: now, or with `assurance: flag` the time that a build would use."""
        return flag_time(version.meta, self._policy, self._now) if self._policy.assurance == "flag" else self._now

    def _status(self, path: str) -> EntryStatus:
        found = entry_status(path, self._tree, self._decisions, self._configuration, self._now)
        action_checks.require_whole_record(found)
        return found

    def _status_and_version(self, path: str) -> tuple[EntryStatus, Version, Draft]:
        found = self._status(path)
        label = self._tree.label(path)
        required = action_checks.require_version(found, label, self._policy, self._now, self._conversion_problems)
        return found, *required

    def _refuse(self, rejection: RejectionReason | None, decision: Decision) -> None:
        action_checks.refuse(rejection, decision, self._policy)

    def _record(self, path: str, decision: Decision, draft: Draft | None, status: str) -> Outcome:
        decision = replace(decision, via=self._via)
        self._tree.remove_leftovers()
        written = self._recorder.record(path, decision, draft, status)
        self._decisions.give_up(path)
        # The action is recorded already: other problems of the entry must not make it fail.
        after = entry_status(path, self._tree, self._decisions, self._configuration, self._now)
        return Outcome(path, decision, after, written, draft)
