"""Whatever happens to the bytes of a dossier: nothing is published by mistake, the place is named, others are unaffected."""

from __future__ import annotations

import hashlib
import random
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.review.actions import ReviewActions
from gongshi.domain.review.snapshot import take_snapshot
from support.ssh_keys import HeldKey
from support.unit import APPROVERS, NOW, UnitUnderTest, settings

ENTRIES = ("announcements/a.md", "announcements/b.md", "announcements/c.md")
DAMAGED = ENTRIES[1]
VARIANTS = 300
HOSTILE = [
    b"", b"{}", b"[]", b"null", b"[" * 50_000, b'{"act":' * 5_000, b"\0" * 40, b"\xff\xfe", b'{"v":NaN}', b"<<<<<<< HEAD",
    b'{"v":1e400,"act":"approve"}', b'{"act":"approve","act":"approve"}', b'{"act":"\\ud800"}', b"9" * 5_000,
]  # fmt: skip


@pytest.fixture(params=[False, True], ids=["sealed", "signed"])
def world(request: pytest.FixtureRequest, unit: UnitUnderTest) -> tuple[UnitUnderTest, Configuration]:
    """Three published entries, the second with an edit under review."""
    section = settings(signed=request.param)
    for person in section["people"]:
        section["people"][person]["key"] = HeldKey(person).public
    unit.configure(section)
    found = loader.load_configuration(unit.root / "mkdocs.yml")

    def actions(person: str) -> ReviewActions:
        sign = HeldKey(person).sign if request.param else None
        return ReviewActions(found, person, datetime.fromisoformat(NOW), DocsTree(found.docs, found.policy), sign)

    for path in ENTRIES:
        unit.write(path, title=path)
        actions("clerk").submit(path, "note with 汉字")
        for person in APPROVERS["announcements"]:
            actions(person).approve(path)
    unit.write(DAMAGED, title="EDITED")
    actions("clerk").submit(DAMAGED)
    actions("head").approve(DAMAGED)
    return unit, found


def damaged(content: bytes, foreign: bytes, chance: random.Random) -> bytes:
    """The dossier after some accident or attack."""
    lines = content.split(b"\n")[:-1]
    place = chance.randrange(len(lines))
    how = chance.randrange(11)
    if how == 0:
        at = chance.randrange(len(content))
        return content[:at] + bytes([content[at] ^ (1 << chance.randrange(8))]) + content[at + 1 :]
    if how == 1:
        return content[: chance.randrange(len(content))]
    if how == 2:
        at = chance.randrange(len(content))
        return content[:at] + chance.randbytes(chance.randrange(1, 30)) + content[at:]
    if how == 3:
        del lines[place]
    elif how == 4:
        lines.insert(chance.randrange(len(lines)), lines[place])
    elif how == 5:
        chance.shuffle(lines)
    elif how == 6:
        lines.insert(place, chance.choice(foreign.split(b"\n")[:-1]))
    elif how == 7:
        lines[place] = chance.choice(foreign.split(b"\n")[:-1])
    elif how == 8:
        lines.insert(place, chance.choice(HOSTILE))
    elif how == 9:
        old, new = chance.choice([(b"head", b"chief"), (b"first", b"final"), (b'"approve"', b'"submit"'), (b"2026", b"2025"),
                                  (b'"seq":', b'"seq": '), (b'"v":1', b'"v":2'), (b"signature", b"sygnature")])  # fmt: skip
        lines[place] = lines[place].replace(old, new)
    else:
        return foreign
    return b"".join(line + b"\n" for line in lines)


def with_head(dossier: Path, content: bytes, chance: random.Random) -> None:
    """Write the dossier; sometimes with a head made to match, or none."""
    dossier.write_bytes(content)
    head = Path(str(dossier).removesuffix(".jsonl") + ".head")
    lines = content.split(b"\n")[:-1]
    choice = chance.randrange(4)
    if choice == 0 and lines:
        head.write_text(f"{len(lines)} {hashlib.sha256(lines[-1]).hexdigest()}\n")
    elif choice == 1:
        head.unlink(missing_ok=True)


@pytest.mark.slow
def test_fuzzed_dossiers(world: tuple[UnitUnderTest, Configuration]) -> None:
    """Flipped, cut, padded, dropped, doubled, shuffled, foreign and hostile lines."""
    unit, found = world
    dossier = unit.dossier(DAMAGED)
    head = Path(str(dossier).removesuffix(".jsonl") + ".head")
    kept = (dossier.read_bytes(), head.read_bytes())
    foreign = unit.dossier(ENTRIES[0]).read_bytes()
    told: dict[str, int] = {}
    for seed in range(VARIANTS):
        chance = random.Random(seed)
        dossier.write_bytes(kept[0])
        head.write_bytes(kept[1])
        content = damaged(kept[0], foreign, chance)
        with_head(dossier, content, chance)
        snapshot = take_snapshot(found, datetime.fromisoformat(NOW))
        shown = {path: public.version.meta.title for path, public in snapshot.public() if public.version}
        assert shown.pop(ENTRIES[0]) == ENTRIES[0]
        assert shown.pop(ENTRIES[2]) == ENTRIES[2]
        assert set(shown.values()) <= {DAMAGED}, seed
        status = snapshot.statuses[DAMAGED]
        if content == kept[0] and head.exists():
            assert shown, seed
        elif content and (status.public or not status.problems):
            # Only the last line can be cut off or changed without breaking the chain, with a head made to match.
            assert content.split(b"\n")[:-2] == kept[0].split(b"\n")[: content.count(b"\n") - 1], seed
        else:
            assert status.public is None, seed
            assert all(p.path == f"docs/.reviews/{DAMAGED}.jsonl" and p.line for p in status.problems), seed
            assert status.problems, seed
        told[str(status.reason)] = told.get(str(status.reason), 0) + 1
    assert told["WithheldReason.TAMPERED"] > VARIANTS * 0.7, told


def test_heads(world: tuple[UnitUnderTest, Configuration]) -> None:
    """Whatever stands in a head: the dossier is withheld or as before, and the place is named."""
    unit, found = world
    head = Path(str(unit.dossier(DAMAGED)).removesuffix(".jsonl") + ".head")
    good = head.read_text()
    values: list[Any] = [
        "",
        "0 \n",
        "6\n",
        good.replace("\n", ""),
        good + "\n",
        good.upper(),
        "-1 " + good[2:],
        "999999999999 x\n",
    ]
    values += [good.replace(good[0], digit, 1) for digit in "12345789"]
    for text in values:
        head.write_text(text)
        status = take_snapshot(found, datetime.fromisoformat(NOW)).statuses[DAMAGED]
        assert status.public is None, text
        assert [p.path for p in status.problems] == [f"docs/.reviews/{DAMAGED}.jsonl"]


@pytest.mark.slow
def test_the_command_says_it_in_one_line(world: tuple[UnitUnderTest, Configuration]) -> None:
    """For the user: dossier, line, what to do; no traceback, and the build goes on for the others."""
    unit, _found = world
    dossier = unit.dossier(DAMAGED)
    dossier.write_bytes(dossier.read_bytes().replace(b'"by":"head"', b'"by":"chief"', 1))
    for command in ("check", "status"):
        result = unit.gongshi(command)
        assert f"docs/.reviews/{DAMAGED}.jsonl:3: " in result.output
        assert "never edit it by hand" in result.output
        assert "Traceback" not in result.all
    assert unit.build().exit_code == 0
    assert (unit.site / "announcements" / "a" / "index.html").is_file()
    assert not (unit.site / "announcements" / "b").exists()
