"""A unit with any number of approved entries, written directly: the commands would take hours, the record is the same.

The same number gives the same bytes. Beside the approved entries there are some that wait for their last stage; they are
newer than all others, so that each of them, once approved, moves every list.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from bench import phrases
from bench.pictures import photograph
from bench.texts import VILLAGES, Writer
from bench.words import OFFICES, PLACES, TAGS
from gongshi.common.hashing import sha256
from gongshi.domain.content.front_matter import read
from gongshi.domain.content.version import Version
from gongshi.domain.records import dossier as dossiers
from gongshi.domain.records.dossier import Action, Decision, Dossier
from support.office_documents import pdf
from support.unit import HOOKS

FIRST, LAST = date(2018, 12, 1), date(2026, 11, 20)
TODAY = date(2026, 11, 21)
STAGES = (("first", "head"), ("second", "deputy"), ("final", "chief"))
CHAIN = tuple(stage for stage, _person in STAGES)
LAST_APPROVER = STAGES[-1][1]
_ZONE = timezone(timedelta(hours=8))
_CONFIGURATION = Path(__file__).with_name("mkdocs.yml")
_ATTACHED = "fujian.pdf"
_PICTURE = "xianchang.jpg"
_PAGES = {"index.md": "青禾镇便民服务中心", "announcements/index.md": "通知公告", "activities/index.md": "活动动态",
          "about/index.md": "机构职能"}  # fmt: skip


@dataclass
class Township:
    """The unit that was made."""

    root: Path
    entries: list[str] = field(default_factory=list)
    """The Markdown files of the approved entries, relative to `docs/`, oldest first."""
    pages: list[str] = field(default_factory=list)
    """The standing pages."""
    waiting: list[str] = field(default_factory=list)
    """The entries that `LAST_APPROVER` alone has not approved yet."""

    @property
    def docs(self) -> Path:
        """The content."""
        return self.root / "docs"


def make(root: Path, count: int, waiting: int) -> Township:
    """Write a unit.

    Args:
        root: a folder that does not exist.
        count: how many approved entries.
        waiting: how many entries wait for their last stage.
    """
    made = Township(root)
    made.docs.mkdir(parents=True)
    (root / "hooks").symlink_to(HOOKS)
    shutil.copy(_CONFIGURATION, root)
    keeper = _Keeper(made.docs)
    for path, title in _PAGES.items():
        writer = Writer(len(path), FIRST)
        body = f"{writer.paragraph()}\n\n{writer.paragraph()}\n"
        keeper.keep(path, {"title": title, "status": "approved"}, body, {}, FIRST, len(STAGES))
        made.pages.append(path)
    taken: Counter[tuple[str, date]] = Counter()
    days = (LAST - FIRST).days
    for number in range(count + waiting):
        is_approved = number < count
        day = FIRST + timedelta(days * number // count) if is_approved else TODAY
        path, meta, body, files = _entry(number, day, made.entries, taken)
        stages = len(STAGES) if is_approved else len(STAGES) - 1
        keeper.keep(path, meta, body, files, day, stages)
        (made.entries if is_approved else made.waiting).append(path)
    return made


class _Keeper:
    """Writes entries with their record."""

    def __init__(self, docs: Path) -> None:
        self._docs = docs
        self._reviews = docs / ".reviews"

    def keep(self, path: str, meta: dict[str, Any], body: str, files: dict[str, bytes], day: date, stages: int) -> None:
        """Write an entry or page, its files, and the decisions on it through so many stages."""
        status = "approved" if stages == len(STAGES) else "submitted"
        approved = _text({**meta, "status": "approved"}, body)
        _put(self._docs / path, approved if status == "approved" else _text({**meta, "status": status}, body))
        for name, content in files.items():
            _put((self._docs / path).parent / name, content)
        kept = {name: self._object(content) for name, content in files.items()}
        manuscript = read(approved, path, requires_entry_keys="author" in meta)
        digest = Version(path, manuscript, kept).digest
        named = {path.rsplit("/", 1)[-1]: self._object(approved), **kept}
        self._record(path, digest, named, datetime.combine(day, time(9), _ZONE), stages)

    def _record(self, path: str, digest: str, files: dict[str, str], at: datetime, stages: int) -> None:
        decisions = [Decision(Action.SUBMIT, "clerk", at, digest)]
        for minutes, (stage, by) in enumerate(STAGES[:stages], 1):
            moment = at + timedelta(minutes=15 * minutes)
            decisions.append(Decision(Action.APPROVE, by, moment, digest, stage, CHAIN, files, note="同意"))
        dossier, content = Dossier(path), b""
        for decision in decisions:
            line = dossiers.format_line(dossier, decision)
            content += line + b"\n"
            dossier = Dossier(path, (*dossier.decisions, decision), (*dossier.line_hashes, sha256(line)))
        _put(self._reviews / f"{path}.jsonl", content)
        _put(self._reviews / f"{path}.head", f"{len(decisions)} {dossier.head}\n".encode())

    def _object(self, content: bytes) -> str:
        digest = sha256(content)
        _put(self._reviews / "objects" / digest[:2] / digest, content)
        return digest


def _put(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except FileNotFoundError:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def _text(meta: dict[str, Any], body: str) -> bytes:
    head = yaml.dump(meta, Dumper=_DUMPER, allow_unicode=True, sort_keys=False, width=1000)
    return f"---\n{head}---\n\n{body}".encode()


_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)


def _entry(
    number: int, day: date, earlier: list[str], taken: Counter[tuple[str, date]]
) -> tuple[str, dict[str, Any], str, dict[str, bytes]]:
    """Path, front matter, body and files of an entry."""
    writer = Writer(number, day)
    # What waits is in the longer column, so that each approval moves about as much.
    column = "activities" if writer.chance(0.3) and day != TODAY else "announcements"
    has_picture, has_attachment = writer.chance(0.08), writer.chance(0.08)
    taken[column, day] += 1
    path = f"{column}/{day.year}/{day:%Y%m%d}-{taken[column, day]}"
    path += "/index.md" if has_picture or has_attachment else ".md"
    meta = _front_matter(writer, day, column == "activities", has_attachment)
    parts = _parts(writer)
    if has_picture:
        parts.insert(1, f"![{writer.filled('{village}{matter}现场，{person}正在{action}')}]({_PICTURE})")
    if earlier and writer.chance(0.15):
        target = earlier[writer.between(max(0, len(earlier) - 500), len(earlier) - 1)]
        up = "../" * path.count("/")
        parts.append(f"此前情况见[{writer.filled('{village}{matter}')}]({up}{target})。")
    files = {_PICTURE: photograph(number)} if has_picture else {}
    if has_attachment:
        files[_ATTACHED] = pdf(*(f"{number}-{line} {'x' * 40}" for line in range(300)))
    return path, meta, "\n\n".join(parts) + "\n", files


def _parts(writer: Writer) -> list[str]:
    """One to eight paragraphs, with headings where there are many, and lists and tables here and there."""
    count = writer.between(1, 8)
    parts = [writer.paragraph() for _each in range(count)]
    if count > 4:
        for place, heading in zip((4, 2), writer.some_of(phrases.HEADINGS, 2), strict=True):
            parts.insert(place, f"## {heading}")
    if writer.chance(0.2):
        parts.append(writer.bullets())
    if writer.chance(0.25):
        parts.append(writer.table())
    return parts


def _front_matter(writer: Writer, day: date, is_activity: bool, has_attachment: bool) -> dict[str, Any]:
    meta: dict[str, Any] = {"title": writer.title(is_activity), "date": day, "status": "approved", "author": "clerk"}
    if writer.chance(0.3):
        meta["source"] = f"青禾镇{writer.one_of(OFFICES)}"
    if writer.chance(0.5):
        meta["summary"] = writer.summary()
    meta["tags"] = writer.some_of(TAGS, writer.between(1, 3))
    if writer.chance(1 / 3):
        meta["document"] = {
            "number": writer.number(), "index": f"12990000MB0QH2018K/{writer.year}-{writer.between(1, 99999):05}",
            "issued": day - timedelta(writer.between(1, 5)), "issuer": f"青禾镇{writer.one_of(OFFICES)}", "topic": writer.one_of(TAGS), "validity": "有效",
        }  # fmt: skip
    if is_activity:
        meta["event"] = _event(writer, day)
    if has_attachment:
        meta["attachments"] = [{"file": _ATTACHED, "title": writer.filled("{village}{matter}申请表")}]
    return meta


def _event(writer: Writer, day: date) -> dict[str, str | date]:
    start = day + timedelta(writer.between(-3, 20))
    return {
        "start": start, "end": start + timedelta(writer.between(0, 2)),
        "place": writer.one_of(VILLAGES) + writer.one_of(PLACES), "organizer": f"青禾镇{writer.one_of(OFFICES)}",
        "contact": writer.filled("{person} {phone}"),
    }  # fmt: skip
