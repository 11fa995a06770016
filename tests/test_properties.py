"""What holds for any input: the parser never raises by accident, the digest tells versions apart, the rules agree."""

from __future__ import annotations

import dataclasses
import json
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from gongshi.common.errors import InvalidInput
from gongshi.domain.config.policy import Column, Person, Policy, Stage, Unit
from gongshi.domain.content import front_matter, review_flags
from gongshi.domain.content import paths as content_paths
from gongshi.domain.content.version import Version
from gongshi.domain.records import dossier as dossiers
from gongshi.domain.records.dossier import Act, Decision, Dossier
from gongshi.domain.records.store import Archive
from gongshi.domain.review.rules import review
from gongshi.domain.yaml import parser

VALID = "---\ntitle: A\ndate: 2026-11-03\nstatus: draft\nauthor: clerk\n---\nBody\n"


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever stands in a file: a manuscript or problems with a path, nothing else."""
    try:
        front_matter.read(content, "docs/x.md", is_entry=True)
    except InvalidInput as error:
        assert error.problems
        assert all(problem.path == "docs/x.md" for problem in error.problems)


@given(st.text(max_size=300))
def test_any_front_matter_is_read_or_refused(text: str) -> None:
    """Whatever stands between the fences."""
    try:
        found = front_matter.read(f"---\n{text}\n---\n".encode("utf-8", "surrogatepass"), "x.md", is_entry=False)
    except InvalidInput:
        return
    assert found.meta.title


YAML_PIECES = st.lists(
    st.sampled_from(["title: x\n", "a: b\n", "- x\n", "  ", "\t", "{", "}", "[", "]", ": ", "&a ", "*a", "!!int ", "|\n",
                     ">-\n", "'", '"', "#", "---\n", "...\n", "? ", "<<: ", "%", "@", "`", "\n", "：", "\u2028", "\x85", "é"]),
    max_size=30,
)  # fmt: skip


@given(YAML_PIECES.map("".join))
def test_what_is_read_is_what_yaml_means(text: str) -> None:
    """Where the strict reader accepts a mapping, PyYAML reads the same keys."""
    try:
        root = parser.parse(text, "x.md")
    except InvalidInput:
        return
    if isinstance(root, parser.Mapping):
        loaded = yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        assert [name.text for name, _value in root.items] == list(loaded)


USUAL = """\
title: 关于停水的通知
date: 2026-11-03
tags: [通知, "2026", true]
document:
  number: 青政发〔2026〕12号
attachments:
- file: 附件.pdf
  title: '申请表' # 新
"""


def test_every_value_has_its_type_its_line_and_its_place_in_the_text() -> None:
    """Messages name the line and flags are written at the place, so both are exact."""
    root = parser.parse(USUAL, "x.md", first_line=2)
    assert isinstance(root, parser.Mapping)
    values = [value for _name, value in root.items]
    for value in values:
        if isinstance(value, parser.Sequence):
            values += value.items
        elif isinstance(value, parser.Mapping):
            values += (inner for _name, inner in value.items)
    assert [(USUAL[slice(*v.span)], v.text, v.kind, v.line) for v in values if isinstance(v, parser.Scalar)] == [
        ("关于停水的通知", "关于停水的通知", "str", 2),
        ("2026-11-03", "2026-11-03", "timestamp", 3),
        ("通知", "通知", "str", 4),
        ('"2026"', "2026", "str", 4),
        ("true", "true", "bool", 4),
        ("青政发〔2026〕12号", "青政发〔2026〕12号", "str", 6),
        ("附件.pdf", "附件.pdf", "str", 8),
        ("'申请表'", "申请表", "str", 9),
    ]


@pytest.mark.parametrize("bomb", ["[" * 50_000, "{a: " * 20_000, "- " * 30_000, "a: &x [*x]", "a: &x {b: *x}"])
def test_yaml_bombs(bomb: str) -> None:
    """Depth and aliases are refused at once."""
    with pytest.raises(InvalidInput):
        front_matter.read(f"---\n{bomb}\n---\n".encode(), "x.md", is_entry=False)


def test_long_front_matter_and_long_bodies() -> None:
    """A megabyte of front matter is refused; a body of ten thousand lines is not."""
    with pytest.raises(InvalidInput, match="longer than 64 KiB"):
        front_matter.read(f"---\ntitle: {'x' * 1_000_000}\n---\n".encode(), "x.md", is_entry=False)
    found = front_matter.read((VALID + "line\n" * 10_000).encode(), "x.md", is_entry=True)
    assert found.body.count("line\n") == 10_000


@given(
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from(["draft", "submitted", "approved", "returned"]),
)
def test_endings_bom_and_flags_do_not_count(ending: str, bom: bool, status: str) -> None:
    """The digest is over what a reader sees."""
    text = VALID.replace("draft", status).replace("\n", ending)
    assert digest(("\ufeff" if bom else "") + text) == digest(VALID)


def digest(text: str, path: str = "announcements/x.md", files: dict[str, str] | None = None) -> str:
    """The digest of a version."""
    return Version(path, front_matter.read(text.encode(), path, is_entry=True), files or {}).digest


CHANGES = [
    VALID.replace("title: A", "title: B"),
    VALID.replace("Body", "Body."),
    VALID.replace("author: clerk", "author: head"),
    VALID.replace("2026-11-03", "2026-11-03 00:00"),
    *(
        VALID.replace("author: clerk", f"author: clerk\n{line}")
        for line in (
            "source: S", "summary: S", "tags: [S]", "tags: [S, T]", "pinned: true", "publish_at: 2026-11-03 08:00",
            "publish_at: 2026-11-03 08:00 +08:00", "expires_at: 2026-11-04",
            "public_notice: {from: 2026-11-04, to: 2026-11-05}",
            "public_notice: {from: 2026-11-04, to: 2026-11-06}", "document: {number: S}", "document: {index: S}",
            "event: {start: 2026-11-04}", "event: {start: 2026-11-04, place: S}", "attachments: [{file: f.txt, title: S}]",
        )
    ),
]  # fmt: skip


def test_everything_a_reader_sees_counts() -> None:
    """Each change of front matter, body, path, file name or file bytes gives another digest."""
    digests = [digest(VALID), *(digest(text) for text in CHANGES)]
    digests += [digest(VALID, "announcements/y.md"), digest(VALID, files={"f": "0" * 64})]
    digests += [digest(VALID, files={"f": "1" * 64}), digest(VALID, files={"g": "0" * 64})]
    assert len(set(digests)) == len(digests)


def test_the_digest_covers_every_key() -> None:
    """A key added to the front matter is in the digest, unless it is a flag."""
    changed = {line for text in CHANGES for line in text.split("\n")}
    names = {field.name for field in dataclasses.fields(front_matter.FrontMatter)} - {"status", "approved_by"}
    assert all(any(line.startswith(f"{name}:") for line in changed) for name in names)


def test_the_digest_is_as_documented() -> None:
    """A program that knows only the documentation computes the same digest."""
    import hashlib

    document = {
        "body": hashlib.sha256(b"Body\n").hexdigest(),
        "files": {"p.jpg": "0" * 64},
        "format": "gongshi-1",
        "front_matter": {"title": "A", "date": "2026-11-03", "author": "clerk"},
        "path": "announcements/x/index.md",
    }
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    expected = hashlib.sha256(written.encode()).hexdigest()
    assert digest(VALID, "announcements/x/index.md", {"p.jpg": "0" * 64}) == expected


FRONT = st.lists(
    st.sampled_from([
        "summary: short # why", "# a comment", "tags:\n  - a\n  - b", "source: '来源'", "status: draft # flag",
        'status: "draft"', "approved_by: head", "approved_by:\n  first: head\n  final: chief", "pinned: true", "",
    ]),
    unique_by=lambda line: line.split(":")[0], max_size=7,
)  # fmt: skip


@given(
    FRONT,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from([None, {}, {"first": "a", "final": "b"}]),
)
def test_flags_change_nothing_else(lines: list[str], ending: str, bom: bool, people: dict[str, str] | None) -> None:
    """Setting the flags keeps every other line, its ending, the BOM and the comments."""
    front = "\n".join(["title: A", "date: 2026-11-03", "author: clerk", *lines])
    content = (("\ufeff" if bom else "") + f"---\n{front}\n---\n\nBody\nstatus: draft\n".replace("\n", ending)).encode()
    edited = review_flags.with_flags(content, "x.md", "approved", people)
    meta = front_matter.read(edited, "x.md", is_entry=True).meta
    assert meta.status == "approved"
    if people is not None:
        assert meta.approved_by == (people or None)
    kept = [
        line for line in content.split(ending.encode()) if not line.lstrip().startswith((b"status", b"approved", b"fi"))
    ]
    after = edited.split(ending.encode())
    assert [line for line in after if line in kept] == kept
    assert edited.endswith(f"Body{ending}status: draft{ending}".encode())
    assert edited.count(b"# flag") == content.count(b"# flag")


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=2))
def test_addresses(names: list[str]) -> None:
    """An accepted name has one address, and no two accepted names share it but for case and Unicode form."""
    paths = [f"announcements/{name}.md" for name in names]
    if any(
        "/" in name or name.lower() == "index" or content_paths.name_problem(f"announcements/{name}.md")
        for name in names
    ):
        return
    addresses = [content_paths.address_of(path) for path in paths]
    assert addresses == [f"announcements/{name}/" for name in names]
    assert (addresses[0] == addresses[1]) == (names[0] == names[1])


# The state machine, against a naive reading of the rules.

PEOPLE = ("clerk", "head", "deputy", "chief", "second-head")
ROLES = {"clerk": "editor", "head": "h", "second-head": "h", "deputy": "d", "chief": "c"}
STAGE_ROLES = {"first": "h", "second": "d", "final": "c"}
CHAIN = ("first", "second", "final")
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))

Move = tuple[Act, str, str, str]
DIGESTS = st.sampled_from(["a" * 64, "b" * 64])
ANY_MOVE = st.tuples(st.sampled_from(list(Act)), st.sampled_from(PEOPLE), DIGESTS, st.sampled_from([*CHAIN, "third"]))


@st.composite
def histories(draw: st.DrawFn) -> list[Move]:
    """Whole rounds by the right persons, with moves of any kind between and within them, and some left out."""
    moves: list[Move] = []
    for _ in range(draw(st.integers(1, 3))):
        digest, submitter = draw(DIGESTS), draw(st.sampled_from(["clerk", "clerk", "second-head", "chief"]))
        first = draw(st.sampled_from(["head", "second-head"]))
        moves.append((Act.SUBMIT, submitter, digest, ""))
        moves += [(Act.APPROVE, by, digest, stage) for by, stage in zip((first, "deputy", "chief"), CHAIN, strict=True)]
    for _ in range(draw(st.integers(0, 3))):
        moves.insert(draw(st.integers(0, len(moves))), draw(ANY_MOVE))
    for _ in range(draw(st.integers(0, 2))):
        del moves[draw(st.integers(0, len(moves) - 1))]
    return moves


def _policy() -> Policy:
    return Policy(
        unit=Unit("U"),
        zone=ZONE,
        columns={"announcements": Column("announcements", "A", "announcement")},
        people={id: Person(id, id, roles=(role,)) for id, role in ROLES.items()},
        stages={id: Stage(id, id, role) for id, role in STAGE_ROLES.items()},
        chain=((START.date() - timedelta(days=1000), CHAIN),),
        withdraw_role="c",
    )


def naive(history: list[Decision]) -> list[str]:
    """Approved digests since the last withdrawal, worked out by looking back from each final approval."""
    found: list[str] = []
    for end, last in enumerate(history):
        if last.act is Act.WITHDRAW:
            found.clear()
        if last.act is not Act.APPROVE or last.stage != "final":
            continue
        begin = max((i for i in range(end) if history[i].act is not Act.APPROVE), default=None)
        if begin is None or history[begin].act is not Act.SUBMIT or history[begin].digest != last.digest:
            continue
        submitters = {d.by for d in history[: begin + 1] if d.act is Act.SUBMIT and d.digest == last.digest}
        steps: list[Decision] = []
        for decision in history[begin + 1 : end + 1]:
            wanted = CHAIN[len(steps)] if len(steps) < 3 else None
            good = decision.stage == wanted and decision.digest == last.digest and decision.by not in submitters
            if good and ROLES[decision.by] == STAGE_ROLES.get(str(wanted)) and decision.by not in {s.by for s in steps}:
                steps.append(decision)
        if len(steps) == 3 and steps[-1] is last:
            found.append(last.digest)
    return found


@settings(max_examples=600)
@given(histories())
def test_the_rules_agree_with_a_naive_reading(moves: list[Move]) -> None:
    """For any sequence of acts by any persons."""
    history = [
        Decision(act, by, START + timedelta(minutes=i), digest, stage, CHAIN, {"x.md": "0" * 64}, line=i + 1)
        if act is Act.APPROVE
        else Decision(act, by, START + timedelta(minutes=i), digest, line=i + 1)
        for i, (act, by, digest, stage) in enumerate(moves)
    ]
    result = review("announcements/x.md", history, _policy(), START + timedelta(days=1))
    assert [approved.digest for approved in result.approved] == naive(history)
    event(f"{len(result.approved)} approved")
    for approved in result.approved:
        assert len(approved.approvers) == 3
        submission = max(
            (d for d in history[: approved.approvals[0].line] if d.act is Act.SUBMIT), key=lambda d: d.line
        )
        assert submission.by not in approved.approvers


@settings(max_examples=300)
@given(st.integers(0, 2**32), st.sampled_from(["flip", "drop", "double", "swap", "cut", "insert"]))
def test_a_damaged_dossier_is_found(seed: int, how: str) -> None:
    """Any flipped byte, dropped, doubled, swapped, cut or foreign line is refused with the dossier's name and line."""
    content = _dossier_bytes()
    damaged = _damage(content, how, seed)
    if damaged == content:
        return
    whole = dossiers.parse(content, "announcements/x.md", "x")
    with tempfile.TemporaryDirectory() as folder:
        reviews = Path(folder) / ".reviews" / "announcements"
        reviews.mkdir(parents=True)
        (reviews / "x.md.jsonl").write_bytes(damaged)
        (reviews / "x.md.head").write_text(f"{len(whole.decisions)} {whole.tip}\n")
        with pytest.raises(InvalidInput) as caught:
            Archive(Path(folder)).dossier("announcements/x.md")
    assert all(problem.path.endswith("x.md.jsonl") and problem.line for problem in caught.value.problems)


def _dossier_bytes() -> bytes:
    dossier = Dossier("announcements/x.md")
    lines = b""
    for i, by in enumerate(["clerk", "head", "deputy", "chief"]):
        act = Act.SUBMIT if i == 0 else Act.APPROVE
        values: dict[str, Any] = {"stage": CHAIN[i - 1], "chain": CHAIN, "files": {"x.md": "0" * 64}} if i else {}
        line = dossiers.write_line(
            dossier, Decision(act, by, START + timedelta(minutes=i), "a" * 64, note="字", **values)
        )
        lines += line + b"\n"
        dossier = dossiers.parse(lines, "announcements/x.md", "x")
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
