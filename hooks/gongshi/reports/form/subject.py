"""Find the subject of a review form: a version of an entry, its round, and the outcome of that round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gongshi.common.errors import InvalidInput, Refused, UsageError
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.content.paths import parent_dir
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Action, Decision, Dossier
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review import timeline
from gongshi.domain.review.decision_sources import DecisionSource, open_decisions
from gongshi.domain.review.models import ApprovedVersion, RejectedDecision
from gongshi.domain.review.round_history import RoundRecord, apply_decisions
from gongshi.domain.review.snapshot import status_with_context
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.domain.review.version_checks import VersionChecks, open_round_rejection
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext
from gongshi.reports.form.round_outcome import RoundOutcomes, RoundState

_PREFIX = re.compile(r"[0-9a-f]{4,64}")


@dataclass(frozen=True)
class FormSubject:
    """One version of an entry with its round."""

    version: Version
    sizes: dict[str, int]
    """The size in bytes of each other file of the bundle, by its name."""
    state: RoundState
    dossier: Dossier
    status: EntryStatus
    """The present status of the entry."""
    rounds: tuple[RoundRecord, ...] = ()
    """All rounds of the entry."""
    round_record: RoundRecord | None = None
    """The round of this version; None if it was not submitted."""
    rejected: tuple[RejectedDecision, ...] = ()
    """The decisions of the round that do not count."""
    released: datetime | None = None
    """The moment from which it was or will be public; None if it never was and will not be."""

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """Return the approvals that count, in the order of the chain."""
        rejected_lines = {rejected_decision.decision.line for rejected_decision in self.rejected}
        done = self.round_record.round.approvals if self.round_record else ()
        return tuple(decision for decision in done if decision.line not in rejected_lines)

    @property
    def urgent(self) -> ApprovedVersion | None:
        """The urgent publication that opened the round; None if it does not count."""
        urgent = self.round_record.urgent if self.round_record else None
        return (
            urgent
            if urgent
            and all(rejected_decision.decision.line != urgent.decision.line for rejected_decision in self.rejected)
            else None
        )

    @property
    def returned(self) -> Decision | None:
        """The return that ended the round; None if it does not count, as the form must not show its words then."""
        act = self.round_record.returned if self.round_record else None
        return act if act and self.round_record and self.round_record.counts(act) else None

    @property
    def withdrawal(self) -> Decision | None:
        """The withdrawal that took the version down; None if it does not count."""
        act = self.round_record.withdrawal if self.round_record else None
        return act if act and self.round_record and self.round_record.counts(act) else None


_DEFAULT_STATES = (
    RoundState.APPROVED,
    RoundState.SCHEDULED,
    RoundState.URGENT,
    RoundState.ADDRESS_TAKEN,
    RoundState.WITHDRAWN,
    RoundState.TAKEN_DOWN,
)
"""The states of the version that a form shows by default, if no round is under review."""


class FormSubjects:
    """The versions of one entry that a form can be about.

    Args:
        configuration: the unit's configuration.
        tree: the content folder.
        path: the Markdown file, relative to `docs/`.
        now: the present.

    Raises:
        InvalidInput: the dossier or an approved file is damaged.
    """

    def __init__(self, configuration: Configuration, tree: DocsTree, path: str, now: datetime) -> None:
        self._policy: Policy = configuration.policy
        self._tree = tree
        self._path = path
        self._now = now
        self._decisions: DecisionSource = open_decisions(configuration, tree)
        sealed = self._policy.assurance != "flag"
        self._status, owed = status_with_context(path, tree, self._decisions, configuration, now)
        if self._status.reason in (WithheldReason.TAMPERED, WithheldReason.ACTS_MISSING):
            raise InvalidInput(self._status.problems)
        self._dossier = ReviewStore(configuration.docs).read_dossier(path) if sealed else Dossier(path)
        if any(decision.act is Action.URGENT for decision in self._dossier.decisions) and owed is None:
            # Whether a past urgent publication counts depends on reviews owed elsewhere, as in the ledger.
            owed = status_with_context(path, tree, self._decisions, configuration, now, whole=True)[1]
        self._checks = VersionChecks(path, self._policy, owed)
        found = apply_decisions(
            path, self._dossier.decisions, self._policy, now, lambda approved: self._load(approved).meta.author
        )
        self._rounds, self._before = found.rounds, found.before
        self._candidates = timeline.candidates(
            found.public_events, lambda a: self._checks.check_text(a, self._peek) is None, self._peek, self._policy.zone
        )

    def newest(self) -> FormSubject:
        """Return the version under review, else the newest approved, else the last returned, else the draft.

        Raises:
            InvalidInput: there is only a draft, and it is invalid.
            Refused: there is neither a draft nor a version.
        """
        last = self._rounds[-1] if self._rounds else None
        if last and last.is_open:
            return self._about(last)
        for record in reversed(self._rounds):
            if record.approved or record.urgent:
                case = self._about(record)
                if case.state in _DEFAULT_STATES:
                    return case
        draft = self._draft()
        if last and draft and draft.digest == last.digest:
            return self._about(last)
        return self._about_draft(draft)

    def of_round(self, number: int) -> FormSubject:
        """Return the version of a round.

        Args:
            number: the round, counted from 1.

        Raises:
            Refused: there is no such round.
        """
        if not 0 < number <= len(self._rounds):
            message = ngettext(
                "there is no round {number}; the dossier has {count} round",
                "there is no round {number}; the dossier has {count} rounds",
                len(self._rounds),
            )
            raise Refused(message.format(number=number, count=len(self._rounds)))
        return self._about(self._rounds[number - 1])

    def with_digest(self, prefix: str) -> FormSubject:
        """Return the version whose digest begins so, in the last round that it passed; it may be the draft.

        Args:
            prefix: the first 4 to 64 hexadecimal digits of the digest; spaces between them are allowed.

        Raises:
            UsageError: these are no such digits, or they mean more than one version.
            Refused: there is no such version.
        """
        digits = "".join(prefix.split()).lower()
        if not _PREFIX.fullmatch(digits):
            raise UsageError(_("a digest is written with 4 to 64 of the characters 0 to 9 and a to f"))
        found = {record.digest: record for record in self._rounds if record.digest.startswith(digits)}
        draft = self._draft()
        drafted = draft is not None and draft.digest.startswith(digits)
        if len({*found, *([draft.digest] if draft and drafted else [])}) > 1:
            raise UsageError(_("several versions have a digest that begins so; write more of it"))
        if found:
            return self._about(*found.values())
        if not drafted:
            raise Refused(_("no version of this entry has a digest that begins with this"))
        return self._about_draft(draft)

    def _draft(self) -> Version | None:
        return self._status.draft_version

    def _about_draft(self, draft: Version | None) -> FormSubject:
        if draft is None and self._status.draft:
            raise InvalidInput(self._status.draft.problems)
        if draft is None:
            raise Refused(_("the file is missing, and no version of it was approved or is under review"))
        rejected_decisions = [
            *self._before,
            *(rejected_decision for record in self._rounds for rejected_decision in record.rejected),
        ]
        own = tuple(
            rejected_decision
            for rejected_decision in rejected_decisions
            if not self._rounds or rejected_decision.decision.digest == draft.digest
        )
        state = RoundState.VOID if self._status.reason is WithheldReason.VOID else RoundState.DRAFT
        state = RoundState.UNRECORDED if self._policy.assurance == "flag" else state
        return FormSubject(draft, self._sizes(draft), state, self._dossier, self._status, self._rounds, rejected=own)

    def _about(self, record: RoundRecord) -> FormSubject:
        version = self._version(record)
        rejected_decisions = self._voids(record, version)
        outcomes = RoundOutcomes(self._rounds, self._status, self._policy, self._now, self._candidates)
        state, released = outcomes.outcome(record, version, rejected_decisions)
        sizes = self._sizes(version)
        return FormSubject(
            version, sizes, state, self._dossier, self._status, self._rounds, record, rejected_decisions, released
        )

    def _version(self, record: RoundRecord) -> Version:
        """Return the version of a round: as kept with its last approval, else the draft if it has the same digest."""
        kept = [d for d in (record.submission, *record.round.approvals) if d.files]
        draft = self._draft()
        if kept:
            return self._decisions.load(self._path, ApprovedVersion((kept[-1],)), self._status.draft)
        if draft and draft.digest == record.digest:
            return draft
        message = _(
            "the version of round {number} was not kept, as the file was changed or deleted before anybody approved "
            "it; submit the file again"
        )
        raise Refused(message.format(number=record.number))

    def _voids(self, record: RoundRecord, version: Version) -> tuple[RejectedDecision, ...]:
        """Return the decisions that do not count, including those rejected because of the version's content."""
        found = [*(self._before if record.number == 1 else ()), *record.rejected]

        def load(approved: ApprovedVersion) -> Version:
            return version if approved.digest == version.digest else self._load(approved)

        for approved in (record.urgent, record.approved):
            result = self._checks.check(approved, load) if approved else None
            found += [result] if isinstance(result, RejectedDecision) else []
        own = open_round_rejection(record.round, version.meta.author, self._policy)
        found += [own] if own else []
        return tuple({rejected_decision.decision.line: rejected_decision for rejected_decision in found}.values())

    def _load(self, approved: ApprovedVersion) -> Version:
        return self._decisions.load(self._path, approved, self._status.draft)

    def _peek(self, approved: ApprovedVersion) -> Version | None:
        return self._decisions.peek(self._path, approved, self._status.draft)

    def _sizes(self, version: Version) -> dict[str, int]:
        if version is self._draft():
            folder = Path(self._tree.docs, parent_dir(self._path))
            return {name: (folder / name).stat().st_size for name in version.files}
        return {name: len(self._decisions.file(version, name)) for name in version.files}
