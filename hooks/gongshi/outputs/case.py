"""What one review form is about: a version of an entry, the round that it passed, and how that ended."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from pathlib import Path

from gongshi.domain import moment
from gongshi.domain.archive import Archive
from gongshi.domain.configuration import Configuration
from gongshi.domain.decisions import Decisions, decisions_of
from gongshi.domain.dossier import Decision, Dossier
from gongshi.domain.naming import folder_of
from gongshi.domain.passages import Passage, passages
from gongshi.domain.policy import Policy
from gongshi.domain.problem import InvalidInput, Refused, Unusable
from gongshi.domain.publication import Reason, Standing
from gongshi.domain.rounds import Approved, Flaw, Void, own_work
from gongshi.domain.scrutiny import version_flaw
from gongshi.domain.survey import standing
from gongshi.domain.tree import Tree
from gongshi.domain.version import Version
from gongshi.i18n import gettext as _

_PREFIX = re.compile(r"[0-9a-f]{4,64}")


class State(Enum):
    """What became of a version."""

    DRAFT = "draft"
    """Never submitted as it is now."""
    UNRECORDED = "unrecorded"
    """With `assurance: flag` no record is kept that a form could be filled from."""
    SUBMITTED = "submitted"
    URGENT = "urgent"
    """Public at once; its chain is owed."""
    OVERDUE = "overdue"
    """Was public at once, and its chain did not follow in time."""
    RETURNED = "returned"
    GIVEN_UP = "given-up"
    """Another submission or a withdrawal ended its round."""
    VOID = "void"
    """Its approval does not count."""
    SCHEDULED = "scheduled"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Case:
    """One version of an entry with the round that it passed."""

    version: Version
    sizes: dict[str, int]
    """The size in bytes of each other file of the bundle, by its name."""
    state: State
    dossier: Dossier
    standing: Standing
    """How the entry stands now."""
    passages: tuple[Passage, ...] = ()
    """Every round of the entry."""
    passage: Passage | None = None
    """The one that this is about; None where the version was not submitted."""
    voids: tuple[Void, ...] = ()
    """What does not count in it."""

    @property
    def approvals(self) -> tuple[Decision, ...]:
        """The approvals that count, in the order of the chain."""
        void = {void.decision.line for void in self.voids}
        done = self.passage.round.approvals if self.passage else ()
        return tuple(decision for decision in done if decision.line not in void)


class Cases:
    """The versions of one entry that a form can be about.

    Args:
        configuration: the unit's configuration.
        tree: the content folder.
        path: the Markdown file, relative to `docs/`.
        now: the present.

    Raises:
        InvalidInput: the dossier or an approved file is not whole.
    """

    def __init__(self, configuration: Configuration, tree: Tree, path: str, now: datetime) -> None:
        self._policy: Policy = configuration.policy
        self._tree = tree
        self._path = path
        self._now = now
        self._decisions: Decisions = decisions_of(configuration, tree)
        self._standing = standing(path, tree, self._decisions, configuration, now)
        if self._standing.reason is Reason.TAMPERED:
            raise InvalidInput(self._standing.problems)
        sealed = self._policy.assurance != "flag"
        self._dossier = Archive(configuration.docs).dossier(path) if sealed else Dossier(path)
        self._passages = tuple(
            passages(
                path, self._dossier.decisions, self._policy, now, lambda approved: self._load(approved).meta.author
            )
        )

    def newest(self) -> Case:
        """The version under review, else the newest approved one, else what was returned last, else the draft.

        Raises:
            InvalidInput: there is only a draft, and it has problems.
            Refused: there is nothing at all.
        """
        last = self._passages[-1] if self._passages else None
        if last and last.is_open:
            return self._about(last)
        for passage in reversed(self._passages):
            if passage.approved or passage.urgent:
                case = self._about(passage)
                if case.state in (State.APPROVED, State.SCHEDULED, State.WITHDRAWN):
                    return case
        draft = self._draft()
        if last and draft and draft.digest == last.digest:
            return self._about(last)
        return self._about_draft(draft)

    def of_round(self, number: int) -> Case:
        """The version of a round.

        Args:
            number: the round, counted from 1.

        Raises:
            Refused: there is no such round.
        """
        if not 0 < number <= len(self._passages):
            message = _("there is no round {number}; the dossier has {count}")
            raise Refused(message.format(number=number, count=len(self._passages)))
        return self._about(self._passages[number - 1])

    def with_digest(self, prefix: str) -> Case:
        """The version whose digest begins so, in the last round that it passed; the draft may be meant, too.

        Args:
            prefix: the first hexadecimal digits, spaces between them allowed.

        Raises:
            Unusable: these are no such digits, or they mean more than one version.
            Refused: there is no such version.
        """
        digits = "".join(prefix.split()).lower()
        if not _PREFIX.fullmatch(digits):
            raise Unusable(_("a digest is written with 4 to 64 of the characters 0 to 9 and a to f"))
        found = {passage.digest: passage for passage in self._passages if passage.digest.startswith(digits)}
        draft = self._draft()
        drafted = draft is not None and draft.digest.startswith(digits)
        if len({*found, *([draft.digest] if draft and drafted else [])}) > 1:
            raise Unusable(_("several versions have a digest that begins so; write more of it"))
        if found:
            return self._about(*found.values())
        if not drafted:
            raise Refused(_("no version of it has a digest that begins so"))
        return self._about_draft(draft)

    def _draft(self) -> Version | None:
        return self._standing.draft.version if self._standing.draft else None

    def _about_draft(self, draft: Version | None) -> Case:
        if draft is None and self._standing.draft:
            raise InvalidInput(self._standing.draft.problems)
        if draft is None:
            raise Refused(_("the file is gone, and no version of it was approved or is under review"))
        state = State.UNRECORDED if self._policy.assurance == "flag" else State.DRAFT
        return Case(draft, self._sizes(draft), state, self._dossier, self._standing, self._passages)

    def _about(self, passage: Passage) -> Case:
        version = self._version(passage)
        voids = self._voids(passage, version)
        state = self._state(passage, version, voids)
        sizes = self._sizes(version)
        return Case(version, sizes, state, self._dossier, self._standing, self._passages, passage, voids)

    def _version(self, passage: Passage) -> Version:
        """The version of a round: as kept with its last approval, else the draft where that is still the same."""
        kept = [d for d in (passage.submission, *passage.round.approvals) if d.files]
        draft = self._draft()
        if kept:
            return self._decisions.load(self._path, Approved((kept[-1],)), self._standing.draft)
        if draft and draft.digest == passage.digest:
            return draft
        message = _(
            "the version of round {number} is not there any more: the file was changed or deleted before anybody "
            "approved it, so nothing of it was kept; submit the file again"
        )
        raise Refused(message.format(number=passage.number))

    def _voids(self, passage: Passage, version: Version) -> tuple[Void, ...]:
        """What does not count: the review's findings, and what shows only with the version at hand."""
        found = list(passage.voids)
        for approved in (passage.urgent, passage.approved):
            flaw = approved and version_flaw(approved, version, self._load, self._policy)
            found += [flaw] if flaw else []
        if own := own_work(version.meta.author, passage.round.approvals, self._policy):
            found.append(Void(own, Flaw.OWN_WORK))
        return tuple({void.decision.line: void for void in found}.values())

    def _load(self, approved: Approved) -> Version:
        return self._decisions.load(self._path, approved, self._standing.draft)

    def _state(self, passage: Passage, version: Version, voids: Sequence[Void]) -> State:
        void = {void.decision.line for void in voids}
        approved, urgent = (
            good if good and not any(decision.line in void for decision in good.approvals) else None
            for good in (passage.approved, passage.urgent)
        )
        if passage.withdrawal and (approved or urgent):
            return State.WITHDRAWN
        if passage.approved:
            if approved is None:
                return State.VOID
            begins = version.meta.publish_at
            waits = begins is not None and moment.start(begins, self._policy.zone) > self._now
            return State.SCHEDULED if waits else State.APPROVED
        if passage.returned:
            return State.RETURNED
        if not passage.is_open:
            return State.GIVEN_UP
        if urgent is None or urgent.due is None:
            return State.SUBMITTED
        return State.OVERDUE if urgent.due <= self._now else State.URGENT

    def _sizes(self, version: Version) -> dict[str, int]:
        if version is self._draft():
            folder = Path(self._tree.docs, folder_of(self._path))
            return {name: (folder / name).stat().st_size for name in version.files}
        return {name: len(self._decisions.file(version, name)) for name in version.files}
