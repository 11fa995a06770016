"""What people do with an entry: submit, approve, return, withdraw. Each act checks the present state first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from gongshi.domain import review, textfile
from gongshi.domain.archive import Archive
from gongshi.domain.configuration import Configuration
from gongshi.domain.decisions import decisions_of, flag_time
from gongshi.domain.dossier import Act, Decision
from gongshi.domain.flags import with_flags
from gongshi.domain.naming import folder_of
from gongshi.domain.policy import Policy
from gongshi.domain.problem import InvalidInput, Refused
from gongshi.domain.publication import Reason, Standing
from gongshi.domain.review import Round
from gongshi.domain.storage import read_regular, write_whole
from gongshi.domain.survey import standing
from gongshi.domain.tree import Draft, Tree
from gongshi.domain.version import Version, sha256
from gongshi.domain.wording import flaw_text, stage_title, turn_text
from gongshi.i18n import gettext as _


@dataclass(frozen=True)
class Outcome:
    """What an act led to."""

    path: str
    act: Act
    stage: str | None
    """The stage that was decided."""
    standing: Standing
    """How the entry stands afterwards."""
    flag_error: str | None = None
    """Why the flag in the file could not be set; the act counts all the same."""


class Desk:
    """Acts of one person at one moment.

    Args:
        configuration: the unit's configuration.
        person: the id of who acts.
        now: the present.
        tree: the content folder.
    """

    def __init__(self, configuration: Configuration, person: str, now: datetime, tree: Tree) -> None:
        self._configuration = configuration
        self._policy: Policy = configuration.policy
        self._by = person
        self._now = now
        self._tree = tree
        self._archive = Archive(configuration.docs)

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
            if found.reason is Reason.SUBMITTED and found.round:
                raise Refused(
                    _("is submitted already and waits for {stage}").format(
                        stage=stage_title(found.round.stage, self._policy)
                    )
                )
            coming = found.scheduled.digest if found.scheduled else None
            if found.reason is None or (found.reason is Reason.SCHEDULED and version.digest == coming):
                raise Refused(_("this version is approved already; nothing to submit"))
            decision = Decision(Act.SUBMIT, self._by, self._time(version), version.digest, note=note)
            flaw = review.time_flaw(decision, found.latest, self._now)
            self._refuse(flaw or review.office_flaw(self._by, decision, self._policy), decision)
            if not self._policy.chain_on(path, decision.day):
                raise Refused(_("no chain is in force on this day; see the dates of the chains in mkdocs.yml"))
            return self._record(path, decision, draft, "submitted")

    def approve(self, path: str, stage: str | None = None, note: str | None = None) -> Outcome:
        """Approve the version under review at the stage that is waited for.

        Args:
            path: the Markdown file, relative to `docs/`.
            stage: refuse unless this stage is waited for.
            note: the approver's opinion.

        Raises:
            Refused: nothing is under review, the file changed since, or the person may not decide.
            InvalidInput: the file has problems.
        """
        with self._archive.lock():
            found, version, draft = self._present(path)
            open_round = self._open_round(found)
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

    def _check_approval(self, decision: Decision, open_round: Round, found: Standing, version: Version) -> None:
        flaw = review.time_flaw(decision, found.latest, self._now)
        flaw = flaw or review.approval_flaw(open_round, decision, self._policy)
        if flaw is None and version.meta.author == self._by:
            flaw = review.Flaw.OWN_WORK
        if flaw is review.Flaw.NOT_IN_ROLE:
            persons = turn_text(found, self._policy, self._now.date())
            stage, why = stage_title(decision.stage, self._policy), flaw_text(flaw, decision, self._policy)
            raise Refused(_("waits for {stage}: {persons}; {why}").format(stage=stage, persons=persons, why=why))
        self._refuse(flaw, decision)

    def _refuse(self, flaw: review.Flaw | None, decision: Decision) -> None:
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
            self._refuse(review.office_flaw(self._by, decision, self._policy), decision)
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
            self._refuse(review.role_flaw(self._by, self._policy.withdraw_role, decision, self._policy), decision)
            return self._record(path, decision, found.draft, "withdrawn")

    def _time(self, version: Version) -> datetime:
        """The time to judge by: now, but where the flag is the decision the time that a build will judge it by."""
        return flag_time(version.meta, self._policy, self._now) if self._policy.assurance == "flag" else self._now

    def _standing(self, path: str) -> Standing:
        decisions = decisions_of(self._configuration, self._tree)
        found = standing(path, self._tree, decisions, self._configuration, self._now)
        if found.reason is Reason.TAMPERED:
            raise InvalidInput(found.problems)
        return found

    def _present(self, path: str) -> tuple[Standing, Version, Draft]:
        found = self._standing(path)
        if found.draft is None:
            raise Refused(_("the file is gone; restore it first"))
        if found.draft.version is None:
            raise InvalidInput(found.draft.problems)
        return found, found.draft.version, found.draft

    def _open_round(self, found: Standing) -> Round:
        if found.round is None or found.round.stage is None:
            raise Refused(_("is not under review; it must be submitted first"))
        return found.round

    def _record(self, path: str, decision: Decision, draft: Draft | None, status: str) -> Outcome:
        """Write objects, then the dossier, then the flag: a crash in between leaves no half decision."""
        label = self._tree.label(path)
        flagged, flag_error = self._flagged(label, decision, draft, status)
        if self._policy.assurance == "seal":
            if decision.act is Act.APPROVE:
                assert draft is not None and draft.version is not None
                approved = with_flags(draft.content, label, "approved")
                decision = self._with_files(path, decision, approved, draft.version)
            self._archive.append(self._archive.dossier(path), decision)
        elif flagged is None:
            raise Refused(_("the file is gone, and with assurance: flag the file holds the decision; restore it first"))
        if flagged is not None and draft is not None:
            try:
                self._write_flag(path, draft.content, flagged)
            except OSError as error:
                if self._policy.assurance == "flag":
                    raise
                flag_error = error.strerror
        return Outcome(path, decision.act, decision.stage, self._standing(path), flag_error)

    def _flagged(
        self, label: str, decision: Decision, draft: Draft | None, status: str
    ) -> tuple[bytes | None, str | None]:
        """The file with its new flags, or why it cannot have them: that must not hold up a return or a withdrawal."""
        if draft is None or draft.version is None:
            return None, None
        try:
            return with_flags(draft.content, label, status, self._approvers(draft.version, decision)), None
        except InvalidInput as error:
            if self._policy.assurance == "flag" or decision.act in (Act.SUBMIT, Act.APPROVE):
                raise
            return None, error.problems[0].message

    def _with_files(self, path: str, decision: Decision, approved: bytes, version: Version) -> Decision:
        """Keep the approved files; the text as it will stand in `docs/` once the last stage has approved."""
        text = textfile.decode(approved, path).encode()
        files = {path.rsplit("/", 1)[-1]: self._archive.keep(text)}
        folder = self._configuration.docs / folder_of(path)
        for name, digest in version.files.items():
            content = read_regular(folder / name)
            if sha256(content) != digest:
                raise Refused(_("{file} was changed at this moment; look at it and try again").format(file=name))
            files[name] = self._archive.keep(content)
        return replace(decision, files=files)

    def _approvers(self, version: Version, decision: Decision) -> Mapping[str, str] | None:
        """`approved_by` after the act, where the flag is the decision; else None, which leaves it alone."""
        if self._policy.assurance != "flag":
            return None
        if decision.act is Act.WITHDRAW:
            return {self._policy.withdraw_role: self._by}
        if decision.act is not Act.APPROVE:
            return {}
        before = version.meta.approved_by if isinstance(version.meta.approved_by, dict) else {}
        return {**before, str(decision.stage): self._by}

    def _write_flag(self, path: str, before: bytes, after: bytes) -> None:
        file = self._configuration.docs / path
        if after != before and read_regular(file) == before:
            write_whole(file, after)
