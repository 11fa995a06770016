"""Read the unit's people and their keys from mkdocs.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gongshi.domain.config import ssh_keys
from gongshi.domain.config.policy import Key, Person, comparable, humans
from gongshi.domain.config.ssh_keys import PublicKey
from gongshi.domain.yaml.parser import Node, Scalar, Sequence
from gongshi.domain.yaml.schema import Field, ProblemCollector, day, list_of, object_of, text
from gongshi.i18n import gettext as _


def _public(report: ProblemCollector, key: str, node: Node) -> PublicKey | None:
    line = text()(report, key, node)
    if line is None:
        return None
    try:
        return ssh_keys.parse(line)
    except ValueError:
        message = _("is not a safe OpenSSH public key; copy the line of a .pub file, such as `ssh-ed25519 AAAA…`")
        report.add(node.line, key, message)
        return None


def _key(report: ProblemCollector, key: str, node: Node) -> Key | None:
    if isinstance(node, Scalar):
        public = _public(report, key, node)
        return Key(public) if public else None
    dated: Key | None = object_of(_KEY, lambda key, **days: Key(key, **days))(report, key, node)
    return dated


def _keys(report: ProblemCollector, key: str, node: Node) -> tuple[Key, ...] | None:
    if isinstance(node, Sequence):
        if not node.items:
            report.add(node.line, key, _("is empty; give a public key or leave the key out"))
        keys: tuple[Key, ...] | None = list_of(_key)(report, key, node)
        return keys
    single = _key(report, key, node)
    return (single,) if single else None


_KEY = {"key": Field(_public, required=True), "since": Field(day), "until": Field(day)}
PERSON = {
    "name": Field(text(), required=True),
    "email": Field(text()),
    "roles": Field(list_of(text())),
    "since": Field(day),
    "until": Field(day),
    "key": Field(_keys),
    "same_as": Field(text()),
}


def find_people_problems(people: Mapping[str, Person]) -> Iterator[tuple[str, str]]:
    """Yield the problems of the people as a whole: key and message.

    Args:
        people: the persons by id.
    """
    for id, person in people.items():
        if person.since and person.until and person.until < person.since:
            yield f"people.{id}.until", _("must not be before since")
        for key in person.key:
            if key.since and key.until and key.until < key.since:
                yield f"people.{id}.key", _("the until of a key must not be before its since")
        if person.same_as is not None and (person.same_as not in people or person.same_as == id):
            yield f"people.{id}.same_as", _("must be the id of another person in this list")
    yield from _circles(people)
    yield from _shared_addresses(people)
    yield from _shared_keys(people)


def _circles(people: Mapping[str, Person]) -> Iterator[tuple[str, str]]:
    """Yield each circle of `same_as` once, as no id in it is the main one."""
    told: set[str] = set()
    for first in people:
        row = [first]
        while (known := people.get(row[-1])) and known.same_as and known.same_as not in row:
            row.append(known.same_as)
        if len(row) > 1 and known and known.same_as == first and first not in told:
            told.update(row)
            message = _(
                "{people} name each other in a circle ({ids}); if they are one human, remove same_as from one of them, "
                "else from all of them"
            )
            names = _(", ").join(people[id].name for id in row)
            yield f"people.{first}.same_as", message.format(people=names, ids=" → ".join([*row, first]))


def _shared_addresses(people: Mapping[str, Person]) -> Iterator[tuple[str, str]]:
    owners: dict[str, str] = {}
    for id, person in people.items():
        if person.email and (other := owners.setdefault(comparable(person.email), id)) != id:
            message = _("{other} and {id} have the same address {email}; each person needs their own")
            yield f"people.{id}.email", message.format(email=person.email, other=other, id=id)


def _shared_keys(people: Mapping[str, Person]) -> Iterator[tuple[str, str]]:
    owners: dict[PublicKey, str] = {}
    human = humans(people)
    for id, person in people.items():
        for key in person.key:
            other = owners.setdefault(key.public, id)
            if human[other] != human[id]:
                message = _("{other} has the same key; each person needs their own keys")
                yield f"people.{id}.key", message.format(other=other)
