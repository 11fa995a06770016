"""The rules of review: the unit's people, columns, stages and chains."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, tzinfo
from functools import cached_property
from typing import Protocol

from gongshi.domain.config import unit_kinds
from gongshi.domain.config.ssh_keys import PublicKey

RESERVED = frozenset(
    (
        *("404", "404.html", "assets", "feed.xml", "favicon.ico", "favicon.svg", "objects", "robots.txt"),
        *("search", "site-map", "sitemap.xml", "sitemap.xml.gz", "tags"),
    )
)
"""First segments of addresses that belong to the site, and `objects`, which `.reviews/` uses."""
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
"""The ids of columns, persons and stages."""

DatedChain = tuple[tuple[date, tuple[str, ...]], ...]
"""Chains with the day from which each is in force, oldest first."""


@dataclass(frozen=True)
class Key:
    """A public key and the days on which a person signs with it."""

    public: PublicKey
    since: date | None = None
    until: date | None = None
    """The last day on which it counts."""

    def has_role_on(self, day: date) -> bool:
        """Tell whether the key counts on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Person:
    """A person who drafts or decides."""

    id: str
    name: str
    email: str | None = None
    roles: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    """The last day on which this person may act."""
    key: tuple[Key, ...] = ()
    same_as: str | None = None
    """Another id of the same human, from another office."""

    def in_office_on(self, day: date) -> bool:
        """Tell whether the person is in office on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def has_role_on(self, role: str, day: date) -> bool:
        """Tell whether the person holds the role on that day."""
        return role in self.roles and self.in_office_on(day)

    def keys_on(self, day: date) -> tuple[PublicKey, ...]:
        """Return the keys that count for this person on that day."""
        return tuple(key.public for key in self.key if key.has_role_on(day))


@dataclass(frozen=True)
class Stage:
    """One stage of the review."""

    id: str
    title: str
    role: str


@dataclass(frozen=True)
class Column:
    """A column of the site: announcements or activities."""

    id: str
    title: str
    kind: str
    """`announcement` or `activity`."""
    description: str | None = None
    keywords: str | None = None
    fresh_days: int | None = None
    chain: DatedChain | None = None


MARKS = ("site_mark", "id_code", "icp", "police_record")
"""The keys of `unit` that stand in the footer and may lead to a register."""


@dataclass(frozen=True)
class Unit:
    """The public unit that is responsible for the site."""

    name: str
    short_name: str | None = None
    kind: str = unit_kinds.DEFAULT
    """A type of schema.org, one of `unit_kinds.KINDS`."""
    logo: str | None = None
    """The file, relative to mkdocs.yml."""
    colour: str | None = None
    """As `#rrggbb`; None for the theme's own colours."""
    domain: str | None = None
    site_mark: str | None = None
    id_code: str | None = None
    icp: str | None = None
    police_record: str | None = None
    address: str | None = None
    phone: str | None = None
    email: str | None = None
    hours: str | None = None
    catalogue_code: str | None = None
    links: Mapping[str, str] = field(default_factory=dict)
    """The addresses that the numbers of `MARKS` lead to, by key."""

    @property
    def marks(self) -> list[tuple[str, str, str | None]]:
        """Key, text and address of each number and mark for the footer, in order."""
        return [(name, shown, self.links.get(name)) for name in MARKS if (shown := getattr(self, name))]


@dataclass(frozen=True)
class Urgent:
    """The rule for urgent publications: the role that may publish, and the hours until the full chain is due."""

    role: str
    review_within_hours: int


@dataclass(frozen=True)
class Correction:
    """The rule for minor corrections: their shorter chain, and their largest size."""

    chain: DatedChain
    characters: int
    """The maximum number of characters inserted and deleted in the body since the last full chain."""


@dataclass(frozen=True)
class ConvertedText:
    """A text as HTML."""

    written: str
    """As the site's Markdown converter writes it."""
    shown: str
    """The part of it that the sanitizer leaves in a page."""


Convert = Callable[[str], ConvertedText]
"""Converts a text as the site does; IDs that are made from headings depend on their place only. It raises
`ConversionLimitError`, or whatever the converter raises."""


class ConversionLimitError(Exception):
    """Error: a text takes more time or memory than allowed. That depends on the machine, so it may succeed later."""


class Verdicts(Protocol):
    """Keeps verdicts on minor corrections for later builds and commands."""

    def recall(self, question: Sequence[object]) -> str | None:
        """Return the verdict that was kept for this question; None if there is none.

        Args:
            question: everything that the verdict depends on besides converter and program, as JSON values.
        """

    def keep(self, question: Sequence[object], verdict: str) -> None:
        """Keep a verdict, if that is possible."""


@dataclass(frozen=True)
class Policy:
    """All rules of one unit by which decisions are judged."""

    unit: Unit
    zone: tzinfo
    columns: Mapping[str, Column]
    people: Mapping[str, Person]
    stages: Mapping[str, Stage]
    chain: DatedChain
    withdraw_role: str
    assurance: str = "seal"
    """The place of the decisions: `seal` for dossiers, `flag` for the front matter."""
    on_expiry: str = "mark"
    urgent: Urgent | None = None
    correction: Correction | None = None
    signed: bool = False
    """True if decisions count only with their decider's signature."""
    identity: str = ""
    """The name of the unit in signed decisions."""
    attachments: tuple[str, ...] = ()
    """Further extensions of attachments that the unit allows, lower case, without the dot."""
    language: str = field(default="zh")
    takedown_limit: int = 33
    """The percentage of the published pages that a build may take down without a decision."""
    joins_lines: bool = False
    """True if the lines of a paragraph are joined on the page; False if its line breaks stay."""
    indents_paragraphs: bool = False
    """True if paragraphs of entries begin with an indent of two characters."""
    text_seconds: int = 10
    """The maximum processor time for the conversion of one text, in seconds."""
    convert: Convert | None = None
    """The site's converter, by which minor corrections are judged. None where there is none: then a correction counts
    only if it changes words in plain paragraphs."""
    verdicts: Callable[[], Verdicts] | None = field(default=None, compare=False, repr=False)
    """Returns the kept verdicts of this converter; None to judge every correction anew."""

    def chain_on(self, path: str, day: date) -> tuple[str, ...]:
        """Return the stages that a version submitted on that day must pass, in order.

        Args:
            path: the entry or page, relative to `docs/`.
            day: the day of the submission.

        Returns:
            Stage ids; empty if no chain was in force yet.
        """
        column = self.column_of(path)
        dated = column.chain if column and column.chain and not is_introduction(path) else self.chain
        return _in_force(dated, day)

    def correction_chain_on(self, day: date) -> tuple[str, ...]:
        """Return the stages that a minor correction submitted on that day must pass; empty if it is not allowed."""
        return _in_force(self.correction.chain, day) if self.correction else ()

    def column_of(self, path: str) -> Column | None:
        """Return the column whose folder contains the path, or None."""
        head, slash, _rest = path.partition("/")
        return self.columns.get(head) if slash else None

    def canonical_person(self, person: str) -> str:
        """Return the same id for all ids of one human, so that two offices do not count as two persons.

        Args:
            person: any id, even an unknown one.
        """
        return self._humans.get(person, person)

    @cached_property
    def _humans(self) -> dict[str, str]:
        return humans(self.people)

    def by_email(self, email: str) -> Person | None:
        """Return the person with this e-mail address, ignoring case and width of its letters."""
        known = (person for person in self.people.values() if person.email)
        return next((person for person in known if comparable(person.email or "") == comparable(email)), None)

    def persons_named(self, written: str) -> tuple[Person, ...]:
        """Return the persons whom a text may name: the one with this id, else all with this name or address."""
        if written in self.people:
            return (self.people[written],)
        text = comparable(written)
        return tuple(
            person
            for person in self.people.values()
            if text in (comparable(person.name), comparable(person.email or ""))
        )

    def columns_named(self, written: str) -> tuple[Column, ...]:
        """Return the columns that a text may name: the one with this id, else all with this title."""
        if written in self.columns:
            return (self.columns[written],)
        text = comparable(written)
        return tuple(c for c in self.columns.values() if text in (c.id, comparable(c.title)))

    def stages_named(self, written: str) -> tuple[Stage, ...]:
        """Return the stages that a text may name: the one with this id, else all with this title."""
        if written in self.stages:
            return (self.stages[written],)
        text = comparable(written)
        return tuple(s for s in self.stages.values() if text in (s.id, comparable(s.title)))

    def has_enough_people(self, chain: Sequence[str], day: date, barred: Collection[str] = ()) -> bool:
        """Tell whether there is a different person for each stage of a chain on that day.

        Args:
            chain: stage ids.
            day: the day.
            barred: ids of persons who may not decide at any stage.
        """
        if not chain:
            return True
        stage = self.stages.get(chain[0])
        out = {self.canonical_person(person) for person in barred}
        able = (
            [
                human
                for person in self.holders(stage.role, day)
                if (human := self.canonical_person(person.id)) not in out
            ]
            if stage
            else []
        )
        return any(self.has_enough_people(chain[1:], day, {*out, human}) for human in able)

    def holders(self, role: str, day: date) -> tuple[Person, ...]:
        """Return the persons who hold the role on that day."""
        return tuple(person for person in self.people.values() if person.has_role_on(role, day))


def comparable(text: str) -> str:
    """Return a name or address in the form for comparing: without differences of case, width and outer spaces."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def humans(people: Mapping[str, Person]) -> dict[str, str]:
    """Return for each person id one id of the human, the same for all ids of this human.

    `same_as` joins two ids in both directions, so the order does not matter. The ids of a circle, which the
    configuration refuses, also count as one human.

    Args:
        people: the persons by id.
    """
    groups: dict[str, set[str]] = {}
    for person in people.values():
        joined = groups.setdefault(person.id, {person.id})
        if person.same_as is not None and person.same_as not in joined:
            joined |= groups.get(person.same_as, {person.same_as})
            groups.update(dict.fromkeys(joined, joined))
    return {id: min(group) for id, group in groups.items()}


def _in_force(dated: DatedChain, day: date) -> tuple[str, ...]:
    for since, stages in reversed(dated):
        if since <= day:
            return stages
    return ()


def is_introduction(path: str) -> bool:
    """Tell whether a path is the introduction of a top-level folder, `COLUMN/index.md`."""
    return path.count("/") == 1 and path.endswith("/index.md")
