"""Random histories of an entry: whole rounds by the right persons, with anything else between and within them."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from gongshi.common.hashing import sha256
from gongshi.domain.config import ssh_keys
from gongshi.domain.config.policy import Column, Correction, Key, Person, Policy, Stage, Unit, Urgent
from gongshi.domain.content import front_matter
from gongshi.domain.content.version import Version
from support.ssh_keys import HeldKey

ENTRY = "announcements/x.md"
START = datetime(2026, 11, 2, 9, 0, tzinfo=timezone(timedelta(hours=8)))
CHAIN = ["first", "second", "final"]
STAGES = {"first": "h", "second": "d", "final": "c"}
ALWAYS = (date(2000, 1, 1), date(2100, 1, 1))
CHANGE = date(2026, 11, 12)
"""The day on which the chief's key and some persons change."""
NEXT = CHANGE + timedelta(days=1)
PEOPLE: dict[str, tuple[tuple[str, ...], tuple[date, date]]] = {
    "clerk": (("e",), ALWAYS),
    "second-clerk": (("e",), ALWAYS),
    "head": (("h",), ALWAYS),
    "second-head": (("h", "u"), ALWAYS),
    "deputy": (("d",), ALWAYS),
    "chief": (("c", "u"), ALWAYS),
    "old-chief": (("c",), (date(2000, 1, 1), CHANGE)),
    "new-chief": (("c", "d"), (NEXT, date(2100, 1, 1))),
}
TEXTS = {
    "A": ("title: One", "The hall opens at eight."),
    "B": ("title: One", "The hall opens at eighT."),
    "C": ("title: One", "The hall is closed for good."),
    "D": ("title: Two\npublish_at: 2026-11-14 08:00 +08:00", "Embargoed."),
    "E": ("title: Three", "By the chief."),
}


@cache
def versions() -> dict[str, Version]:
    """What can be decided on, by digest."""
    found = {}
    for name, (front, body) in TEXTS.items():
        author = "chief" if name == "E" else "clerk"
        text = f"---\n{front}\ndate: 2026-11-02\nauthor: {author}\n---\n{body}\n"
        version = Version(ENTRY, front_matter.read(text.encode(), ENTRY, requires_entry_keys=True), {})
        found[version.digest] = version
    return found


def keys_of(person: str) -> list[tuple[str, date, date]]:
    """The names of a person's keys with their first and last days."""
    if person == "chief":
        return [("chief", ALWAYS[0], CHANGE), ("chief-2", NEXT, ALWAYS[1])]
    return [(person, *ALWAYS)]


def policy(signed: bool, **changes: Any) -> Policy:
    """The rules as the gate knows them."""
    people = {
        id: Person(
            id, id, roles=roles, since=days[0], until=days[1],
            key=tuple(Key(ssh_keys.parse(HeldKey(name).public), since, until) for name, since, until in keys_of(id)),
        )
        for id, (roles, days) in PEOPLE.items()
    }  # fmt: skip
    values: dict[str, Any] = {
        "unit": Unit("U"),
        "zone": ZoneInfo("Asia/Shanghai"),
        "columns": {"announcements": Column("announcements", "A", "announcement")},
        "people": people,
        "stages": {id: Stage(id, id, role) for id, role in STAGES.items()},
        "chain": ((ALWAYS[0], tuple(CHAIN)),),
        "withdraw_role": "c",
        "urgent": Urgent("u", 24),
        "correction": Correction(((ALWAYS[0], ("first",)),), 4),
        "signed": signed,
        "identity": "U",
    }
    return Policy(**{**values, **changes})


def rules(signed: bool) -> dict[str, Any]:
    """The same rules as plain values."""
    return {
        "people": {
            id: {
                "roles": roles, "since": days[0].isoformat(), "until": days[1].isoformat(),
                "keys": [(HeldKey(n).blob, a.isoformat(), b.isoformat()) for n, a, b in keys_of(id)],
            }
            for id, (roles, days) in PEOPLE.items()
        },
        "stages": STAGES, "chain": CHAIN, "correction": (["first"], 4), "urgent": ("u", 24), "withdraw_role": "c",
        "signed": signed, "identity": "U",
    }  # fmt: skip


def plain_versions() -> dict[str, Any]:
    """The versions as plain values."""
    return {
        digest: {
            "author": version.meta.author,
            "publish_at": version.meta.publish_at.isoformat() if version.meta.publish_at else None,
            "front": (version.meta.title, version.meta.author),
            "body": version.manuscript.body,
        }
        for digest, version in versions().items()
    }


@dataclass
class Writer:
    """Writes a dossier act by act, as its documentation says."""

    chance: random.Random
    signed: bool

    def __post_init__(self) -> None:
        self.at = START
        self.acts: list[dict[str, Any]] = []
        self.lines: list[bytes] = []

    def add(self, act: str, by: str, digest: str, **values: Any) -> None:
        """Append one act; now and then with something wrong about its time or signature."""
        self.at += timedelta(minutes=self.chance.choice([1, 5, 30, 60, 60, 300, 1500]))
        slip = self.chance.choice([-180, -11, -9, 0, 600]) if self.chance.random() < 0.03 else 0
        at = self.at + timedelta(minutes=slip)
        kinds: dict[str, dict[str, Any]] = {
            "submit": {}, "return": {"note": "n"}, "withdraw": {"reason": "r", "notice": True},
            "correct": {"note": "n"}, "approve": {"chain": CHAIN, "files": {"x.md": "0" * 64}},
            "urgent": {"reason": "r", "files": {"x.md": "0" * 64}, "until": (at + timedelta(hours=24)).isoformat()},
        }  # fmt: skip
        line: dict[str, Any] = {
            "v": 1, "seq": len(self.lines) + 1, "prev": sha256(self.lines[-1] if self.lines else ENTRY.encode()),
            "entry": ENTRY, "act": act, "by": by, "at": at.isoformat(), "digest": digest, **kinds[act], **values,
        }  # fmt: skip
        if self.signed:
            self._sign(line, by, at.date())
        self.acts.append(line)
        self.lines.append(encoded(line))

    def _sign(self, line: dict[str, Any], by: str, day: date) -> None:
        names = [name for name, since, until in keys_of(by) if since <= day <= until]
        wrong = self.chance.random()
        if wrong < 0.02:
            return
        line["unit"] = "U" if wrong < 0.98 else "V"
        name = self.chance.choice(["chief", "chief-2", "head", "stranger"]) if wrong < 0.05 else names[0]
        text = encoded(line) if wrong > 0.06 else encoded({**line, "digest": "f" * 64})
        line["signature"] = HeldKey(name).sign(text)

    @property
    def content(self) -> bytes:
        """The dossier's bytes."""
        return b"".join(line + b"\n" for line in self.lines)


def encoded(line: dict[str, Any]) -> bytes:
    """Canonical JSON."""
    return json.dumps(line, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def history(seed: int) -> Writer:
    """A random history."""
    chance = random.Random(seed)
    writer = Writer(chance, signed=seed % 2 == 0)
    digests = list(versions())
    for _round in range(chance.randint(1, 4)):
        _round_of(writer, chance.choices(digests, [5, 3, 2, 2, 1])[0], chance, digests)
        if chance.random() < 0.15:
            _anything(writer, chance, digests)
    if chance.random() < 0.2:
        last = writer.acts[-1]["digest"] if chance.random() < 0.8 else chance.choice(digests)
        writer.add("withdraw", chance.choice(["chief", "chief", "new-chief", "head"]), last)
    return writer


def _round_of(writer: Writer, digest: str, chance: random.Random, digests: list[str]) -> None:
    kind = chance.choices(["submit", "correct", "urgent"], [6, 2, 2])[0]
    by = {"urgent": ["chief", "second-head"], "submit": ["clerk", "clerk", "second-head"]}.get(kind, ["clerk"])
    base = {"base": digests[0] if chance.random() < 0.8 else chance.choice(digests)} if kind == "correct" else {}
    stages = ["first"] if kind == "correct" else CHAIN
    if kind == "correct" and chance.random() < 0.8:
        digest = digests[1]
    writer.add(kind, chance.choice(by), digest, **base)
    for stage in stages:
        if chance.random() < 0.04:
            _anything(writer, chance, digests)
        if chance.random() < 0.05:
            return
        people = {"first": ["head", "head", "second-head"], "second": ["deputy", "deputy", "new-chief"]}
        who = people.get(stage, ["chief", "chief", "old-chief", "new-chief"])
        writer.add("approve", chance.choice(who), digest, stage=stage, chain=stages)


def _anything(writer: Writer, chance: random.Random, digests: list[str]) -> None:
    act = chance.choice(["submit", "approve", "return", "withdraw", "urgent", "correct"])
    values: dict[str, Any] = {"base": chance.choice(digests)} if act == "correct" else {}
    if act == "approve":
        values = {"stage": chance.choice([*CHAIN, "third"]), "chain": chance.choice([CHAIN, ["first"], CHAIN[:2]])}
    writer.add(act, chance.choice([*PEOPLE]), chance.choice(digests), **values)
