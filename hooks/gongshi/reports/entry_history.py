"""What happened to each entry: its acts and what became of them, and when which version came before the public.

`domain.review` says what the acts add up to today; here nothing is forgotten that was withdrawn or replaced since.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from gongshi.common.errors import InvalidInput, Problem, printable
from gongshi.domain.config.policy import Policy
from gongshi.domain.content import paths
from gongshi.domain.content.paths import Kind, folder_of, kind_of
from gongshi.domain.content.version import Version
from gongshi.domain.records.dossier import Act, Decision
from gongshi.domain.records.store import Archive
from gongshi.domain.review.models import Approved, Flaw, Review, own_work
from gongshi.domain.review.rules import weigh
from gongshi.domain.review.snapshot import Survey, debts
from gongshi.domain.review.status import Reason, Standing
from gongshi.domain.review.timeline import Candidate, Takedown, candidate
from gongshi.domain.review.urgent_debts import Debts
from gongshi.domain.review.version_checks import version_flaw
from gongshi.reports.publication_timeline import Publication, before_the_public


@dataclass(frozen=True)
class Period:
    """Days in the site's time zone, both included; None where it is open."""

    first: date | None = None
    last: date | None = None

    def includes(self, day: date) -> bool:
        """Whether a day lies in it."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)

    @property
    def is_open(self) -> bool:
        """Whether it is all time."""
        return self.first is None and self.last is None


@dataclass(frozen=True)
class Step:
    """One act, judged."""

    decision: Decision
    flaw: Flaw | None
    """Why it does not count; None where it does."""
    stage: str | None = None
    """The stage that it decided at; None for a submission, a withdrawal and a return of nothing."""
    waited: timedelta | None = None
    """How long the version had waited at this stage."""


@dataclass(frozen=True)
class History:
    """All that is known of one entry or page."""

    path: str
    standing: Standing
    steps: tuple[Step, ...] = ()
    approved: tuple[Approved, ...] = ()
    """The versions that passed a chain, oldest first, those withdrawn since included."""
    publications: tuple[Publication, ...] = ()
    withdrawals: tuple[Decision, ...] = ()
    """Those that took something down."""
    versions: Mapping[str, Version] = field(default_factory=dict)
    """By digest, the versions whose text can be read."""
    damage: tuple[Problem, ...] = ()
    """Why the dossier or a kept file is not whole."""

    @property
    def version(self) -> Version | None:
        """The version to describe the entry by: the public one, else the last approved, else the draft, else any."""
        public, draft = self.standing.public, self.standing.draft
        found = [public.version if public else None]
        found += [self.versions.get(approved.digest) for approved in reversed(self.approved)]
        found += [draft.version if draft else None]
        found += [self.versions.get(step.decision.digest) for step in reversed(self.steps)]
        return next((version for version in found if version), None)


def histories(surveyed: Survey) -> list[History]:
    """What happened to every entry and page of a unit, sorted by path.

    Args:
        surveyed: the unit at one moment.
    """
    if surveyed.configuration.policy.assurance == "flag":
        return [_flagged(standing, surveyed) for standing in surveyed.standings.values()]
    archive = Archive(surveyed.configuration.docs)
    owed = debts(surveyed.standings.values(), surveyed.decisions, surveyed.configuration.policy, surveyed.now)
    return [_Reader(standing, surveyed, archive, owed).history() for standing in surveyed.standings.values()]


def local(at: datetime, policy: Policy) -> datetime:
    """A moment as a clock at the unit shows it: without offset."""
    return at.astimezone(policy.zone).replace(tzinfo=None)


def damage_text(entry: str, problem: Problem) -> str:
    """What is damaged, with the entry where the problem does not name it: kept files are named by their digest."""
    return str(problem) if entry in problem.path else f"{printable(entry)}: {problem}"


def _flagged(standing: Standing, surveyed: Survey) -> History:
    """Where the flag is the decision there is only today's state, dated by the entry's own date."""
    policy = surveyed.configuration.policy
    result = surveyed.decisions.review(standing.path, standing.draft, surveyed.now)
    shown = [approved for approved in result.approved if standing.public or standing.scheduled]
    version = standing.draft.version if standing.draft else None
    candidates = [candidate(approved, version, approved.decision.at, policy.zone) for approved in shown]
    publications, _withdrawals = before_the_public(candidates, [], surveyed.now)
    taken = [result.withdrawal] if result.withdrawal and result.withdrawal_counts else []
    versions = {version.digest: version} if version else {}
    return History(standing.path, standing, (), tuple(result.approved), publications, tuple(taken), versions)


class _Reader:
    """Goes through the acts on one entry once."""

    def __init__(self, standing: Standing, surveyed: Survey, archive: Archive, owed: Debts) -> None:
        self._path = standing.path
        self._standing = standing
        self._surveyed = surveyed
        self._policy = surveyed.configuration.policy
        self._archive = archive
        self._owed = owed
        self._result = Review(author_of=self._author)
        self._versions: dict[str, Version | None] = {}
        self._candidates: list[Candidate] = []
        self._takedowns: list[Takedown] = []

    def history(self) -> History:
        """What happened to the entry; only the damage where its dossier cannot be read."""
        standing = self._standing
        try:
            decisions = self._archive.dossier(self._path).decisions
        except InvalidInput as error:
            return History(self._path, standing, damage=error.problems)
        except UnicodeError:
            # No act can name this entry, so what lies there is no dossier.
            return History(self._path, standing, damage=standing.problems)
        self._know(decisions)
        steps = tuple(self._step(decision) for decision in decisions)
        publications, withdrawals = before_the_public(self._candidates, self._takedowns, self._surveyed.now)
        if standing.reason is Reason.ADDRESS_TAKEN or paths.place_problem(self._path, self._policy.columns):
            publications, withdrawals = (), ()
        return History(
            path=self._path,
            standing=standing,
            steps=steps,
            approved=tuple(c.approved for c in self._candidates if c.approved.due is None),
            publications=publications,
            withdrawals=withdrawals,
            versions={digest: version for digest, version in self._versions.items() if version},
            damage=self._damage(),
        )

    def _damage(self) -> tuple[Problem, ...]:
        """Return that the record is damaged, or that acts are missing at its end."""
        standing = self._standing
        if standing.reason is Reason.ACTS_MISSING:
            label = self._archive.label(self._path)
            return tuple(problem for problem in standing.problems if problem.path == label)
        return standing.problems if standing.reason is Reason.TAMPERED else ()

    def _know(self, decisions: tuple[Decision, ...]) -> None:
        """Read the text of every version, the ones that the survey has read aside."""
        public, draft = self._standing.public, self._standing.draft
        for version in (draft.version if draft else None, public.version if public else None, self._standing.scheduled):
            if version:
                self._versions[version.digest] = version
        for decision in decisions:
            if decision.files and decision.digest not in self._versions:
                self._versions[decision.digest] = self._text(decision)

    def _text(self, decision: Decision) -> Version | None:
        """The version that was decided on; its attachments are taken at the word of the digest, and not read."""
        files = dict(decision.files or {})
        text = files.pop(self._path.removeprefix(folder_of(self._path)), None)
        tree = self._surveyed.tree
        is_entry = kind_of(self._path, self._policy.columns) is Kind.ENTRY
        try:
            content = self._archive.object(text) if text else b""
            manuscript = tree.reader.read(content, tree.label(self._path), is_entry)
        except InvalidInput:
            return None
        version = Version(self._path, manuscript, files)
        return version if version.digest == decision.digest else None

    def _step(self, decision: Decision) -> Step:
        result, before = self._result, self._result.round
        stage = before.stage if before else None
        since = (before.approvals or [before.submission])[-1].at if before else None
        voids, approved = len(result.voids), len(result.approved)
        weigh(result, decision, self._path, self._policy, self._surveyed.now)
        flaw = result.voids[-1].flaw if len(result.voids) > voids else None
        if decision.act in (Act.WITHDRAW, Act.RETURN):
            self._takedowns.append((result.latest or decision.at, decision))
        if flaw is None and decision.act in (Act.APPROVE, Act.URGENT):
            flaw = self._own_work(decision)
            if len(result.approved) > approved:
                flaw = self._come(result.approved[-1]) or flaw
        if flaw or (decision.act is Act.APPROVE and stage is None):
            return Step(decision, flaw, decision.stage)
        if decision.act not in (Act.APPROVE, Act.RETURN) or since is None:
            return Step(decision, None)
        return Step(decision, None, stage, max(decision.at - since, timedelta()))

    def _author(self, approved: Approved) -> str | None:
        version = self._versions.get(approved.digest)
        return version.meta.author if version else None

    def _own_work(self, decision: Decision) -> Flaw | None:
        version = self._versions.get(decision.digest)
        return Flaw.OWN_WORK if version and own_work(version.meta.author, [decision], self._policy) else None

    def _come(self, approved: Approved) -> Flaw | None:
        """Take an approved version in, or say why its last decision does not count after all."""
        version = self._versions.get(approved.digest)
        if approved.due and version and (owed := self._owed.flaw(self._path, approved.decision, lambda: version)):
            return owed
        try:
            void = version_flaw(approved, version, self._load, self._policy) if version else None
        except InvalidInput:
            void = None
        if void is None:
            latest = self._result.latest or approved.decision.at
            self._candidates.append(candidate(approved, version, latest, self._policy.zone))
        return void.flaw if void and void.decision is approved.decision else None

    def _load(self, approved: Approved) -> Version:
        version = self._versions.get(approved.digest)
        if version is None:
            raise InvalidInput([])
        return version
