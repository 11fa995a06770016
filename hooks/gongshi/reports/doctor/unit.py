"""Check that a unit can work: people for each stage, their keys, and an undamaged record."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum
from pathlib import Path

from gongshi.common.errors import InvalidInput, printable
from gongshi.domain.config.loader import Configuration
from gongshi.domain.config.policy import Policy, comparable
from gongshi.domain.content import paths
from gongshi.domain.records import stopped_takedown
from gongshi.domain.records.dossier import Dossier
from gongshi.domain.records.rollback_guard import RollbackGuard
from gongshi.domain.records.signatures import is_signed_by_decider
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.messages import missing_text
from gongshi.domain.review.rules import CLOCK_TOLERANCE, evaluate_decisions
from gongshi.domain.review.staffing import find_staffing_problems
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext

_COMING_MONTH = timedelta(days=30)


class Level(Enum):
    """The weight of a finding."""

    FINE = "fine"
    ADVICE = "advice"
    ERROR = "error"


@dataclass(frozen=True)
class HealthFinding:
    """The result of one check."""

    area: str
    """`people`, `settings`, `you`, `record` or `repository`."""
    level: Level
    message: str


def check_people(configuration: Configuration, today: date) -> Iterator[HealthFinding]:
    """Check that there are people for each chain and role, now and in the coming month.

    Args:
        configuration: the unit's configuration.
        today: the day.
    """
    policy = configuration.policy
    errors = [*map(str, find_staffing_problems(configuration, today)), *_key_problems(policy, today)]
    for message in errors:
        yield HealthFinding("people", Level.ERROR, message)
    if not errors:
        serving = sum(person.in_office_on(today) for person in policy.people.values())
        message = ngettext(
            "{count} person in office; every chain can be passed",
            "{count} people in office; every chain can be passed",
            serving,
        )
        yield HealthFinding("people", Level.FINE, message.format(count=serving))
    for one, other in _namesakes(policy):
        message = _("{one} and {other} have the same name; if they are one human, add same_as in mkdocs.yml")
        yield HealthFinding("people", Level.ADVICE, message.format(one=one, other=other))
    for person in policy.people.values():
        if person.until and today <= person.until < today + _COMING_MONTH:
            message = _("{person} leaves office after {day}").format(person=person.name, day=person.until)
            yield HealthFinding("people", Level.ADVICE, message)
        if person.in_office_on(today) and not person.email:
            message = _(
                "{person} has no email in mkdocs.yml; add it, or name this person with --as in each command"
            ).format(person=person.name)
            yield HealthFinding("people", Level.ADVICE, message)


def _namesakes(policy: Policy) -> Iterator[tuple[str, str]]:
    """Yield pairs of ids that have the same name, but no `same_as`: one human could then fill two stages."""
    seen: dict[str, str] = {}
    for person in policy.people.values():
        other = seen.setdefault(comparable(person.name), person.id)
        if policy.canonical_person(other) != policy.canonical_person(person.id):
            yield other, person.id


def _key_problems(policy: Policy, today: date) -> Iterator[str]:
    if not policy.signed:
        return
    for person in policy.people.values():
        if person.in_office_on(today) and not person.keys_on(today):
            message = _("{person} has no key today, so decisions of {person} do not count; add one (people.{id}.key)")
            yield message.format(person=person.name, id=person.id)
        ends = [key.until for key in person.key if key.until and key.has_role_on(today)]
        if (
            ends
            and person.keys_on(today)
            and not person.keys_on(today + _COMING_MONTH)
            and person.in_office_on(today + _COMING_MONTH)
        ):
            message = _("the key of {person} counts until {day} only; add the next one (people.{id}.key)")
            yield message.format(person=person.name, day=max(ends), id=person.id)


def check_record(configuration: Configuration, now: datetime) -> Iterator[HealthFinding]:
    """Check that each dossier and each approved file is undamaged, and that no other files are in the record's folder.

    Args:
        configuration: the unit's configuration.
        now: the present.
    """
    if configuration.policy.assurance == "flag":
        yield HealthFinding("record", Level.ADVICE, _("assurance: flag – there is no record"))
        return
    archive = ReviewStore(configuration.docs)
    dossiers: dict[str, Dossier] = {}
    problems: list[str] = []
    entries = archive.entries()
    for entry in entries:
        try:
            dossiers[entry] = archive.read_dossier(entry)
        except InvalidInput as error:
            problems += map(str, error.problems)
    guard = RollbackGuard(configuration.root)
    for entry in sorted(set(guard.entries) - set(entries)):
        message = _("{dossier}: is missing, although this clone has seen it; restore it from the repository's history")
        problems.append(message.format(dossier=printable(archive.label(entry))))
    problems += _dossier_problems(configuration.policy, archive, dossiers, guard, now)
    named = {
        digest
        for found in dossiers.values()
        for decision in found.decisions
        for digest in (decision.files or {}).values()
    }
    kept, objects_wrong = _objects(archive, named)
    for message in [*problems, *objects_wrong]:
        yield HealthFinding("record", Level.ERROR, message)
    if not problems and not objects_wrong:
        acts = sum(len(found.decisions) for found in dossiers.values())
        message = _("the record is undamaged; dossiers: {dossiers}, acts: {acts}, approved files: {files}")
        yield HealthFinding("record", Level.FINE, message.format(dossiers=len(dossiers), acts=acts, files=len(named)))
    for message in _record_place_conflicts(archive, entries):
        yield HealthFinding("record", Level.ADVICE, message)
    yield from _signatures(archive, dossiers, configuration.policy, now)
    if not problems:
        yield from _orphans(len(kept - named))
    for path in _foreign_files(archive):
        yield HealthFinding(
            "record", Level.ADVICE, _("{file} does not belong to the record; delete it").format(file=path)
        )


def _orphans(count: int) -> Iterator[HealthFinding]:
    if count:
        message = ngettext(
            "{count} stored file belongs to no act, as a command was interrupted; it does no harm",
            "{count} stored files belong to no act, as a command was interrupted; they do no harm",
            count,
        )
        yield HealthFinding("record", Level.ADVICE, message.format(count=count))


def stopped(configuration: Configuration) -> Iterator[HealthFinding]:
    """Report a build that was stopped because it would take down pages without a decision.

    Args:
        configuration: the unit's configuration.
    """
    found = stopped_takedown.recall(configuration.root)
    if found and found.accepted:
        message = ngettext(
            "the next build may take down {count} page without a decision, as was accepted here",
            "the next build may take down {count} pages without a decision, as was accepted here",
            len(found.entries),
        )
        yield HealthFinding("record", Level.ADVICE, message.format(count=len(found.entries)))
    elif found:
        message = ngettext(
            "a build was stopped because it would take down {count} page without a decision, {path}; remove the cause "
            "and build again, or accept it: gongshi doctor --accept-takedown",
            "a build was stopped because it would take down {count} pages without a decision, first {path}; remove the "
            "cause and build again, or accept it: gongshi doctor --accept-takedown",
            len(found.entries),
        )
        first = printable(min(found.entries, default=""))
        yield HealthFinding("record", Level.ERROR, message.format(count=len(found.entries), path=first))


def _dossier_problems(
    policy: Policy, archive: ReviewStore, dossiers: dict[str, Dossier], guard: RollbackGuard, now: datetime
) -> Iterator[str]:
    for entry, found in dossiers.items():
        label = printable(archive.label(entry))
        if misplaced := paths.place_problem(entry, policy.columns):
            yield f"{label}: {misplaced}"
        try:
            if missing := guard.check(found, label):
                yield f"{label}:{max(len(found.line_hashes), 1)}: {missing_text(missing, entry, policy)}"
        except InvalidInput as error:
            yield str(error)
        for decision in found.decisions:
            if decision.at > now + CLOCK_TOLERANCE:
                message = _("{dossier}:{line}: is dated in the future; check the clock of this computer")
                yield message.format(dossier=label, line=decision.line)


def _record_place_conflicts(archive: ReviewStore, entries: Sequence[str]) -> Iterator[str]:
    """Find entries whose record is in the place of another entry's, on this system or on one that ignores case."""
    for entry in entries:
        if folder := paths.record_folder(entry):
            message = _(
                "{dossier}: is in the place of the record of {other}, on which no decision is possible; rename it"
            )
            other = folder.rpartition(".")[0]
            yield message.format(dossier=printable(archive.label(entry)), other=printable(other))
    names: dict[str, str] = {}
    for entry in entries:
        other = names.setdefault(paths.collation_key(entry), entry)
        if other != entry:
            message = _("{dossier}: systems that ignore case cannot store it beside that of {other}")
            yield message.format(dossier=printable(archive.label(entry)), other=printable(other))


def _signatures(
    archive: ReviewStore, dossiers: dict[str, Dossier], policy: Policy, now: datetime
) -> Iterator[HealthFinding]:
    """Find acts without a valid signature, and entries that have no page because of that."""
    if down := _entries_without_page(dossiers, policy, now):
        message = ngettext(
            "the next build shows no page of {count} entry, as its approvals are not signed: {place}; submit and "
            "approve it again with signatures before you build, or go back to signed: false",
            "the next build shows no page of {count} entries, as their approvals are not signed, first {place}; submit "
            "and approve them again with signatures before you build, or go back to signed: false",
            len(down),
        )
        place = printable(archive.label(down[0]))
        yield HealthFinding("record", Level.ERROR, message.format(count=len(down), place=place))
    unsigned = [
        f"{archive.label(entry)}:{decision.line}"
        for entry, found in dossiers.items()
        for decision in found.decisions
        if entry not in down and (policy.signed or decision.signature) and not is_signed_by_decider(decision, policy)
    ]
    if unsigned:
        message = ngettext(
            "{count} act has no valid signature: {place}; `gongshi status` shows the entries held back",
            "{count} acts have no valid signature, first {place}; `gongshi status` shows the entries held back",
            len(unsigned),
        )
        yield HealthFinding("record", Level.ADVICE, message.format(count=len(unsigned), place=printable(unsigned[0])))


def _entries_without_page(dossiers: dict[str, Dossier], policy: Policy, now: datetime) -> list[str]:
    """Return the entries that have an approved version only if signatures are not required."""
    if not policy.signed:
        return []
    lenient = replace(policy, signed=False)

    def is_approved(entry: str, rules: Policy) -> bool:
        found = evaluate_decisions(entry, dossiers[entry].decisions, rules, now)
        return any(not approved.is_overdue(now) for approved in found.approved)

    return [entry for entry in dossiers if not is_approved(entry, policy) and is_approved(entry, lenient)]


def _objects(archive: ReviewStore, named: set[str]) -> tuple[set[str], list[str]]:
    """Return the digests of the kept files, and the problems found. Only one file is in memory at a time."""
    folder = archive.folder / "objects"
    kept = {path.name for path in folder.glob("*/*") if not path.name.startswith(".tmp-")} if folder.is_dir() else set()
    wrong: list[str] = []
    for digest in sorted(kept | named):
        try:
            archive.read_object(digest)
        except InvalidInput as error:
            wrong += map(str, error.problems)
    return kept, wrong


def _foreign_files(archive: ReviewStore) -> Iterator[str]:
    """Return files beside the dossiers that do not belong to the record."""
    for folder, names, files in os.walk(archive.folder):
        if Path(folder) == archive.folder and "objects" in names:
            names.remove("objects")
        for name in sorted(files):
            if not name.endswith((".md.jsonl", ".md.head")) and name != ".lock":
                yield printable((Path(folder) / name).relative_to(archive.folder.parents[1]).as_posix())
