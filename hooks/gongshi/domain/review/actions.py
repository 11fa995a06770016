"""What people do with an entry. Each act checks the present state first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gongshi.common import dates
from gongshi.common.errors import InvalidInput, Refused, printable
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Policy
from gongshi.domain.content import text_advice
from gongshi.domain.content.docs_tree import Draft, Tree
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Act, Decision
from gongshi.domain.records.store import Archive
from gongshi.domain.review import rules
from gongshi.domain.review.decision_sources import decisions_of, flag_time
from gongshi.domain.review.messages import excess_text, flaw_text, stage_title, turn_text
from gongshi.domain.review.minor_correction import excess
from gongshi.domain.review.models import Flaw, Round, own_work
from gongshi.domain.review.recorder import Recorder, Sign, Written
from gongshi.domain.review.snapshot import debts, standing, survey
from gongshi.domain.review.status import Reason, Standing
from gongshi.i18n import gettext as _


@dataclass(frozen=True)
class Outcome:
    """What an act led to; `standing` is how the entry stands afterwards."""

    path: str
    decision: Decision
    standing: Standing
    written: Written
    judged: Draft | None
    """What stood in `docs/` when the act was judged; None where the file is gone."""


class Desk:
    """Acts of one person at one moment.

    Args:
        configuration: the unit's configuration.
        person: the id of who acts.
        now: the present.
        tree: the content folder.
        sign: makes this person's signatures; None where decisions are not signed.
        via: git's user where that is somebody else, as `via_text` gives it; kept with each act.
    """

    def __init__(
        self,
        configuration: Configuration,
        person: str,
        now: datetime,
        tree: Tree,
        sign: Sign | None = None,
        via: str | None = None,
    ) -> None:
        self._configuration = configuration
        self._policy: Policy = configuration.policy
        self._by = person
        self._via = via
        self._now = now
        self._tree = tree
        self._archive = Archive(configuration.docs)
        self._decisions = decisions_of(configuration, tree)
        self._recorder = Recorder(configuration, self._archive, tree, sign)

    def submit(self, path: str, note: str | None = None) -> Outcome:
        """Hand a version in for review.

        Args:
            path: the Markdown file, relative to `docs/`.
            note: a word to the approvers.

        Raises:
            Refused: this version is public or under review already, or the person may not act.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            found, version, draft = self._present(path)
            self._refuse_in_hand(found)
            coming = found.scheduled.digest if found.scheduled else None
            if found.reason is None or (found.reason is Reason.SCHEDULED and version.digest == coming):
                raise Refused(_("this version is approved already; nothing to submit"))
            decision = Decision(Act.SUBMIT, self._by, self._time(version), version.digest, note=note)
            flaw = rules.time_flaw(decision, found.latest, self._now)
            self._refuse(flaw or rules.office_flaw(self._by, decision, self._policy), decision)
            if not self._policy.chain_on(path, decision.day):
                raise Refused(_("no chain is in force on this day; see the dates of the chains in mkdocs.yml"))
            return self._record(path, decision, draft, "submitted")

    def approve(self, path: str, stage: str | None = None, note: str | None = None, digest: str = "") -> Outcome:
        """Approve the version under review at the stage that is waited for.

        Args:
            path: the Markdown file, relative to `docs/`.
            stage: refuse unless this stage is waited for.
            note: the approver's opinion.
            digest: refuse unless the file's digest begins so.

        Raises:
            Refused: nothing is under review, the file changed since, or the person may not decide.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            found, version, draft = self._present(path)
            open_round = self._open_round(found)
            if not version.digest.startswith(digest):
                message = _("you looked at {named}, but its digest is now {present}; look at it again")
                raise Refused(message.format(named=digest, present=version.digest[: len(digest)]))
            if found.reason is Reason.CHANGED:
                raise Refused(_("the file was changed after it was submitted; it must be submitted again"))
            waiting = open_round.stage
            if stage is not None and stage != waiting:
                titles = {"waiting": stage_title(waiting, self._policy), "stage": stage_title(stage, self._policy)}
                raise Refused(_("waits for {waiting}, not for {stage}").format(**titles))
            at = self._time(version)
            decision = Decision(Act.APPROVE, self._by, at, version.digest, waiting, open_round.chain, note=note)
            self._check_approval(decision, open_round, found, version)
            complete = len(open_round.approvals) + 1 == len(open_round.chain)
            return self._record(path, decision, draft, "approved" if complete else "submitted")

    def correct(self, path: str, note: str) -> Outcome:
        """Hand in a minor correction of what passed the full chain last; it takes the shorter chain.

        Args:
            path: the Markdown file, relative to `docs/`.
            note: what was corrected and why.

        Raises:
            Refused: the policy knows no corrections, the change is more than one, or the person may not act.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            self._needs_dossiers()
            if self._policy.correction is None:
                raise Refused(_("mkdocs.yml allows no minor corrections (review.correction); submit the change"))
            found, version, draft = self._present(path)
            result = self._decisions.review(path, draft, self._now)
            base = result.full(self._policy)
            if base is None or found.public is None or found.public.version is None:
                raise Refused(_("only what is public and passed its full chain can be corrected; submit the change"))
            corrected = self._decisions.load(path, base, draft)
            self._refuse_in_hand(found)
            if too_much := excess(corrected, version, self._policy.correction.characters):
                raise Refused(excess_text(too_much, self._policy.correction.characters))
            decision = Decision(Act.CORRECT, self._by, self._now, version.digest, note=note, base=base.digest)
            flaw = rules.time_flaw(decision, found.latest, self._now)
            self._refuse(flaw or rules.opening_flaw(result, decision, self._policy), decision)
            if not self._policy.correction_chain_on(decision.day):
                raise Refused(_("no chain is in force on this day; see the dates of the chains in mkdocs.yml"))
            return self._record(path, decision, draft, "submitted")

    def urgent(self, path: str, reason: str) -> Outcome:
        """Publish at once; the full chain must follow in time, by others.

        Args:
            path: the Markdown file, relative to `docs/`.
            reason: why it cannot wait; it goes into the dossier.

        Raises:
            Refused: the policy allows it to nobody, or not to this person, or the chain of the last time is owed.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            self._needs_dossiers()
            if self._policy.urgent is None:
                raise Refused(_("mkdocs.yml names nobody who may publish at once (review.urgent)"))
            found, version, draft = self._present(path)
            if found.reason in (None, Reason.URGENT):
                raise Refused(_("this version is public already"))
            if version.meta.publish_at and dates.start(version.meta.publish_at, self._policy.zone) > self._now:
                raise Refused(_("has publish_at; take it out of the front matter, as it is to be public at once"))
            until = self._now + timedelta(hours=self._policy.urgent.review_within_hours)
            decision = Decision(Act.URGENT, self._by, self._now, version.digest, reason=reason, until=until)
            result = self._decisions.review(path, draft, self._now)
            flaw = rules.time_flaw(decision, found.latest, self._now)
            flaw = flaw or rules.opening_flaw(result, decision, self._policy)
            self._refuse(flaw or self._authorship(version, decision), decision)
            self._check_followers(path, version, result.publishers)
            self._check_debts(path, version)
            return self._record(path, decision, draft, "submitted")

    def _check_followers(self, path: str, version: Version, publishers: set[str]) -> None:
        """Refuse where nobody but who publishes could pass the chain afterwards."""
        day, barred = self._now.date(), {self._by, version.meta.author or "", *publishers}
        chain = self._policy.chain_on(path, day)
        if not chain or not self._policy.can_pass(chain, day, barred):
            message = _("its chain could not follow, as too few others may decide at {stages}; see review.urgent.role")
            raise Refused(message.format(stages=_(", ").join(stage_title(stage, self._policy) for stage in chain)))

    def _check_debts(self, path: str, version: Version) -> None:
        """Refuse where the chain of something else is owed: a new address does not prolong the time."""
        surveyed = survey(self._configuration, self._now)
        owed = debts(surveyed.standings.values(), surveyed.decisions, self._policy, self._now)
        human = self._policy.human(self._by)
        if owed.overdue(path, human):
            raise Refused(_("the chain of another urgent publication of yours is overdue; see `gongshi status`"))
        damaged = [each.path for each in surveyed.standings.values() if each.reason is Reason.TAMPERED]
        if damaged:
            message = _(
                "the record of {other} is damaged, so nobody can tell whether a chain is owed there; restore it from "
                "the repository's history first"
            )
            raise Refused(message.format(other=printable(self._tree.label(damaged[0]))))
        # Slow to load, and only this act needs it.
        from gongshi.domain.review.similarity import Content

        source = self._tree.sources[path]
        if other := owed.copied(path, human, Content(version, lambda name: self._tree.read(source, name))):
            message = _(
                "has the same or nearly the same content as {other}, which was published urgently and owes its full "
                "chain; let that chain follow first, or edit that entry"
            )
            raise Refused(message.format(other=printable(self._tree.label(other))))

    def _authorship(self, version: Version, decision: Decision) -> Flaw | None:
        return Flaw.OWN_WORK if own_work(version.meta.author, [decision], self._policy) else None

    def _needs_dossiers(self) -> None:
        if self._policy.assurance == "flag":
            raise Refused(_("needs dossiers; with assurance: flag there are none"))

    def _refuse_in_hand(self, found: Standing) -> None:
        if found.round and found.reason in (Reason.SUBMITTED, Reason.URGENT, Reason.OVERDUE):
            stage = stage_title(found.round.stage, self._policy)
            raise Refused(_("is submitted already and waits for {stage}").format(stage=stage))

    def _check_approval(self, decision: Decision, open_round: Round, found: Standing, version: Version) -> None:
        flaw = rules.time_flaw(decision, found.latest, self._now)
        flaw = flaw or rules.approval_flaw(open_round, decision, self._policy)
        flaw = flaw or self._authorship(version, decision)
        if own_work(version.meta.author, open_round.approvals, self._policy):
            raise Refused(
                _("an approval before yours is by the author and does not count; return it, then submit it anew")
            )
        if open_round.corrects and self._policy.correction:
            base = self._decisions.load(version.path, open_round.corrects, None)
            if too_much := excess(base, version, self._policy.correction.characters):
                raise Refused(excess_text(too_much, self._policy.correction.characters))
        if flaw is Flaw.NOT_IN_ROLE:
            persons = turn_text(found, self._policy, self._now.date())
            stage, why = stage_title(decision.stage, self._policy), flaw_text(flaw, decision, self._policy)
            raise Refused(_("waits for {stage}: {persons}; {why}").format(stage=stage, persons=persons, why=why))
        self._refuse(flaw, decision)

    def _refuse(self, flaw: Flaw | None, decision: Decision) -> None:
        if flaw:
            raise Refused(flaw_text(flaw, decision, self._policy))

    def send_back(self, path: str, note: str) -> Outcome:
        """Return a version under review to its author; the round ends.

        Args:
            path: the Markdown file, relative to `docs/`.
            note: what must be changed.

        Raises:
            Refused: nothing is under review, or the person holds no role in the chain.
        """
        with self._archive.lock():
            found = self._standing(path)
            open_round = self._open_round(found)
            decision = Decision(Act.RETURN, self._by, self._now, open_round.digest, note=note)
            self._refuse(rules.office_flaw(self._by, decision, self._policy), decision)
            roles = {self._policy.stages[stage].role for stage in open_round.chain if stage in self._policy.stages}
            if not roles.intersection(self._policy.people[self._by].roles):
                raise Refused(_("only who holds a role in the chain may return it"))
            return self._record(path, decision, found.draft, "returned")

    def withdraw(self, path: str, reason: str) -> Outcome:
        """Take a published or scheduled entry down.

        Args:
            path: the Markdown file, relative to `docs/`; the file itself may be gone.
            reason: why; the public reads it.

        Raises:
            Refused: nothing of it is approved, or the person may not withdraw.
        """
        with self._archive.lock():
            found = self._standing(path)
            shown = found.public.version if found.public else None
            version = shown or found.scheduled
            if version is None:
                raise Refused(_("is not published, so there is nothing to withdraw"))
            had_readers = found.public is not None
            decision = Decision(Act.WITHDRAW, self._by, self._now, version.digest, reason=reason, notice=had_readers)
            self._refuse(rules.role_flaw(self._by, self._policy.withdraw_role, decision, self._policy), decision)
            return self._record(path, decision, found.draft, "withdrawn")

    def remember(self) -> None:
        """Let this clone remember the dossiers as these acts left them; raises OSError or InvalidInput if it cannot."""
        self._decisions.remember()

    def _time(self, version: Version) -> datetime:
        """The time to judge by: now, but where the flag is the decision the time that a build will judge it by."""
        return flag_time(version.meta, self._policy, self._now) if self._policy.assurance == "flag" else self._now

    def _standing(self, path: str) -> Standing:
        found = standing(path, self._tree, self._decisions, self._configuration, self._now)
        if found.reason is Reason.TAMPERED:
            raise InvalidInput(found.problems)
        return found

    def _present(self, path: str) -> tuple[Standing, Version, Draft]:
        found = self._standing(path)
        if found.reason is Reason.ACTS_MISSING:
            # Only what takes a page down goes on without them.
            raise InvalidInput(found.problems)
        if found.draft is None:
            raise Refused(_("the file is gone; restore it first"))
        if found.draft.version is None:
            raise InvalidInput(found.draft.problems)
        if errors := text_advice.errors(found.draft.version.manuscript, self._tree.label(path)):
            raise InvalidInput(errors)
        return found, found.draft.version, found.draft

    def _open_round(self, found: Standing) -> Round:
        if found.round is None or found.round.stage is None:
            raise Refused(_("is not under review; it must be submitted first"))
        return found.round

    def _record(self, path: str, decision: Decision, draft: Draft | None, status: str) -> Outcome:
        decision = replace(decision, via=self._via)
        self._tree.remove_leftovers()
        written = self._recorder.record(path, decision, draft, status)
        self._decisions.give_up(path)
        # The act is done, so what is wrong with the entry otherwise is no error of it.
        after = standing(path, self._tree, self._decisions, self._configuration, self._now)
        return Outcome(path, decision, after, written, draft)
