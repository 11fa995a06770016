"""A dossier that was damaged in any way is refused."""

from __future__ import annotations

import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi.common.errors import InvalidInput
from gongshi.domain.records import dossier as dossiers
from gongshi.domain.records.dossier import Action, Decision, Dossier
from gongshi.domain.records.store import ReviewStore

CHAIN = ("first", "second", "final")
START = datetime(2026, 11, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.sampled_from(["flip", "drop", "double", "swap", "cut", "insert"]))
def test_a_damaged_dossier_is_found(seed: int, how: str) -> None:
    """Any flipped byte, dropped, doubled, swapped, cut or foreign line is refused with the dossier's name and line."""
    content = _dossier_bytes()
    damaged = _damage(content, how, seed)
    if damaged == content:
        return
    whole = dossiers.parse_dossier(content, "announcements/x.md", "x")
    with tempfile.TemporaryDirectory() as folder:
        reviews = Path(folder) / ".reviews" / "announcements"
        reviews.mkdir(parents=True)
        (reviews / "x.md.jsonl").write_bytes(damaged)
        (reviews / "x.md.head").write_text(f"{len(whole.decisions)} {whole.head}\n")
        with pytest.raises(InvalidInput) as caught:
            ReviewStore(Path(folder)).read_dossier("announcements/x.md")
    assert all(problem.path.endswith("x.md.jsonl") and problem.line for problem in caught.value.problems)


@pytest.mark.parametrize("offset", ["+07:60", "-00:00", "+24:00", "+08:0x"])
def test_an_offset_that_gongshi_does_not_write(offset: str) -> None:
    """A time whose offset no clock has makes its line none of Gongshi's, even where the hashes fit."""
    content = _dossier_bytes().split(b"\n")[0].replace(b"+08:00", offset.encode()) + b"\n"
    with pytest.raises(InvalidInput):
        dossiers.parse_dossier(content, "announcements/x.md", "x")


def _dossier_bytes() -> bytes:
    dossier = Dossier("announcements/x.md")
    lines = b""
    for i, by in enumerate(["clerk", "head", "deputy", "chief"]):
        act = Action.SUBMIT if i == 0 else Action.APPROVE
        values: dict[str, Any] = {"stage": CHAIN[i - 1], "chain": CHAIN, "files": {"x.md": "0" * 64}} if i else {}
        line = dossiers.format_line(
            dossier, Decision(act, by, START + timedelta(minutes=i), "a" * 64, note="字", **values)
        )
        lines += line + b"\n"
        dossier = dossiers.parse_dossier(lines, "announcements/x.md", "x")
    return lines


def _damage(content: bytes, how: str, seed: int) -> bytes:
    lines = content.split(b"\n")[:-1]
    place = seed % len(lines)
    if how == "flip":
        at = seed % len(content)
        return content[:at] + bytes([content[at] ^ (1 << seed % 8)]) + content[at + 1 :]
    if how == "cut":
        return content[: seed % len(content)]
    if how == "drop":
        del lines[place]
    elif how == "double":
        lines.insert(place, lines[place])
    elif how == "swap":
        other = (place + 1) % len(lines)
        lines[place], lines[other] = lines[other], lines[place]
    else:
        lines.insert(place, b'{"act":"approve"}')
    return b"".join(line + b"\n" for line in lines)
