"""Markdown file of an entry or page: front matter with declared types, and the body."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace
from datetime import date as Date  # noqa: N812 - the field of this name hides the type
from datetime import datetime
from typing import Any
from unicodedata import normalize

from gongshi.common import languages
from gongshi.common.conflict_markers import conflict_line, conflict_text
from gongshi.common.errors import InvalidInput, Problem, Recoding, Replacement, printable
from gongshi.domain.content.front_matter_declaration import (
    BOOLEAN,
    DAY,
    DAY_OR_TIME,
    TIME,
    ComparisonMode,
    Place,
    ValueKey,
    ValueType,
    choice_value,
    declare,
    declare_key,
    dotted_keys,
    front_matter_key,
    list_value,
    parsers,
    record_value,
    text_value,
)
from gongshi.domain.content.text_file import FILE_BYTES, decode_markdown, front_matter_span
from gongshi.domain.yaml import parser
from gongshi.domain.yaml.chinese_keys import keys_for
from gongshi.domain.yaml.one_line_text import TITLE_LENGTH
from gongshi.domain.yaml.parser import Mapping, Node, Scalar, Sequence
from gongshi.domain.yaml.schema import Parser, ProblemCollector, list_of, mapping_of, parse_mapping, text
from gongshi.domain.yaml.syntax_errors import find_colon_mistakes
from gongshi.i18n import gettext as _
from gongshi.i18n import use_language

FRONT_MATTER_BYTES = 64 * 1024


OWN, ABSENT = Place.OWN, Place.ABSENT


@dataclass(frozen=True, slots=True)
class PublicNotice:
    """Period of a public notice (公示), during which objections are accepted; both days included."""

    first: Date = field(metadata=declare(DAY, lambda: _("public notice from"), "from"))
    last: Date = field(metadata=declare(DAY, lambda: _("public notice to"), "to"))


@dataclass(frozen=True)
class Document:
    """Record table of an official document (公文)."""

    number: str | None = field(default=None, metadata=declare(text_value(), lambda: _("document number")))
    index: str | None = field(default=None, metadata=declare(text_value(), lambda: _("index number")))
    issued: Date | None = field(default=None, metadata=declare(DAY, lambda: _("document issued on")))
    issuer: str | None = field(default=None, metadata=declare(text_value(), lambda: _("document issued by")))
    topic: str | None = field(default=None, metadata=declare(text_value(), lambda: _("document topic")))
    validity: str | None = field(default=None, metadata=declare(text_value(), lambda: _("document validity")))


@dataclass(frozen=True)
class Event:
    """Event with its time and place."""

    start: Date | datetime = field(metadata=declare(DAY_OR_TIME, lambda: _("event starts")))
    end: Date | datetime | None = field(default=None, metadata=declare(DAY_OR_TIME, lambda: _("event ends")))
    place: str | None = field(default=None, metadata=declare(text_value(), lambda: _("event place")))
    organizer: str | None = field(default=None, metadata=declare(text_value(), lambda: _("event organizer")))
    contact: str | None = field(default=None, metadata=declare(text_value(), lambda: _("event contact")))


@dataclass(frozen=True)
class Attachment:
    """File of the bundle that is offered for download."""

    file: str = field(metadata=declare(text_value(), lambda: _("file")))
    title: str = field(metadata=declare(text_value(), lambda: _("title")))


@dataclass(frozen=True)
class Original:
    """File from which the entry was imported; it is kept under `docs/.originals/`."""

    file: str = field(metadata=declare(text_value(), lambda: _("file")))
    sha256: str = field(metadata=declare(text_value(), lambda: _("SHA-256")))


def _line_of(node: Node, key: str) -> int:
    """Return the line of a value within a mapping, or else of the mapping."""
    value = node.get(key) if isinstance(node, Mapping) else None
    return value.line if value else node.line


def _check_notice(report: ProblemCollector, key: str, node: Node, notice: PublicNotice) -> PublicNotice | None:
    if notice.last < notice.first:
        report.add(_line_of(node, "to"), f"{key}.to", _("lies before from"))
        return None
    return notice


def _check_event(report: ProblemCollector, key: str, node: Node, event: Event) -> Event | None:
    if event.end is None:
        return event
    first, last = event.start, event.end
    if isinstance(first, datetime) and isinstance(last, datetime) and (first.tzinfo is None) == (last.tzinfo is None):
        reversed_order = last < first
    else:
        reversed_order = (last.year, last.month, last.day) < (first.year, first.month, first.day)
    if reversed_order:
        report.add(_line_of(node, "end"), f"{key}.end", _("lies before start"))
        return None
    _compare_precision(report, key, node, event)
    return event


def _compare_precision(report: ProblemCollector, key: str, node: Node, event: Event) -> None:
    """Report an event of which only the start or only the end has a time; calendars need both or none."""
    has_start_time, has_end_time = isinstance(event.start, datetime), isinstance(event.end, datetime)
    line = _line_of(node, "end")
    if has_end_time and not has_start_time:
        message = _(
            "has a time, but start has none, so calendars leave it out; write the time of the start, too, such as "
            "{start} 09:00, or leave out the time of the end"
        )
        report.doubt(line, f"{key}.end", message.format(start=event.start))
    elif has_start_time and not has_end_time:
        message = _("has no time, so calendars show the event until midnight; add a time, such as {end} 17:00")
        report.doubt(line, f"{key}.end", message.format(end=event.end), advice=True)


def _approved_by(report: ProblemCollector, key: str, node: Node) -> str | tuple[str, ...] | dict[str, str] | None:
    parse: Parser = text() if isinstance(node, Scalar) else mapping_of(text())
    if isinstance(node, Sequence):
        parse = list_of(text())
    value: str | tuple[str, ...] | dict[str, str] | None = parse(report, key, node)
    return value or None


def _language(report: ProblemCollector, key: str, node: Node) -> str | None:
    # Any plain value counts: `no` is Norwegian, though YAML reads it as false.
    written = node.text.strip() if isinstance(node, Scalar) else ""
    if tag := languages.canonical_tag(written):
        return tag
    if isinstance(node, Scalar) and not written:
        report.add(node.line, key, _("is empty; write a language tag such as ug, bo, mn-Mong or en, or leave it out"))
    elif meant := languages.meant_tag(written):
        message = _("“{value}” is no language tag; write {tag}")
        report.add(node.line, key, message.format(value=printable(written), tag=meant))
    else:
        message = _("must be a language tag such as ug, bo, mn-Mong, kk-Arab, zh-Hant or en")
        report.add(node.line, key, message)
    return None


_LANGUAGE = ValueType(_language, {"type": "string", "pattern": languages.PATTERN})
_PERSON = text_value().json_schema
_APPROVED_BY = ValueType(
    _approved_by,
    {
        "oneOf": [
            _PERSON,
            {"type": "array", "items": _PERSON},
            {"type": "object", "additionalProperties": _PERSON},
        ]
    },
)
_STATUS = choice_value("draft", "submitted", "returned", "approved", "withdrawn")


@dataclass(frozen=True)
class FrontMatter:
    """Front matter: the keys between the `---` lines. Each key is declared here only."""

    title: str = field(
        metadata=declare_key(
            text_value(TITLE_LENGTH), lambda: _("title"), on_entry=OWN, on_page=OWN, in_search=OWN, in_ledger=OWN
        )
    )
    date: Date | datetime | None = field(
        default=None,
        metadata=declare_key(
            DAY_OR_TIME,
            lambda: _("date"),
            on_entry=OWN,
            on_page=ABSENT,
            in_search=OWN,
            in_ledger=OWN,
            description="shown as the date; left out, it is the day on which the entry became public",
        ),
    )
    status: str = field(
        default="draft",
        metadata=declare_key(
            _STATUS,
            lambda: _("status"),
            on_entry=ABSENT,
            on_page=ABSENT,
            in_search=ABSENT,
            in_ledger=OWN,
            in_digest=False,
            description="set by the commands; the dossier is the proof",
        ),
    )
    approved_by: str | tuple[str, ...] | dict[str, str] | None = field(
        default=None,
        metadata=declare_key(
            _APPROVED_BY,
            lambda: _("approved by"),
            on_entry=ABSENT,
            on_page=ABSENT,
            in_search=ABSENT,
            in_ledger=OWN,
            in_digest=False,
            description="with assurance: flag only; each person by id, name or e-mail, "
            "a list in the order of the chain",
        ),
    )
    author: str | None = field(
        default=None,
        metadata=declare_key(
            text_value(),
            lambda: _("author"),
            on_entry=ABSENT,
            on_page=ABSENT,
            in_search=ABSENT,
            in_ledger=OWN,
            required_of_entries=True,
            description="person id",
        ),
    )
    source: str | None = field(
        default=None,
        metadata=declare_key(
            text_value(), lambda: _("source"), on_entry=OWN, on_page=OWN, in_search=OWN, in_ledger=OWN
        ),
    )
    summary: str | None = field(
        default=None,
        metadata=declare_key(
            text_value(120), lambda: _("summary"), on_entry=OWN, on_page=OWN, in_search=OWN, in_ledger=ABSENT
        ),
    )
    tags: tuple[str, ...] = field(
        default=(),
        metadata=declare_key(
            list_value(text_value(40)), lambda: _("tags"), on_entry=OWN, on_page=ABSENT, in_search=OWN, in_ledger=ABSENT
        ),
    )
    pinned: bool = field(
        default=False,
        metadata=declare_key(
            BOOLEAN, lambda: _("pinned"), on_entry=ABSENT, on_page=ABSENT, in_search=ABSENT, in_ledger=ABSENT
        ),
    )
    publish_at: datetime | None = field(
        default=None,
        metadata=declare_key(
            TIME,
            lambda: _("public from"),
            on_entry=ABSENT,
            on_page=ABSENT,
            in_search=ABSENT,
            in_ledger=ABSENT,
            description="not public before",
        ),
    )
    expires_at: Date | datetime | None = field(
        default=None,
        metadata=declare_key(
            DAY_OR_TIME,
            lambda: _("expires"),
            on_entry=OWN,
            on_page=OWN,
            in_search=OWN,
            in_ledger=OWN,
            description="a day counts to its end",
        ),
    )
    public_notice: PublicNotice | None = field(
        default=None,
        metadata=declare_key(
            record_value(PublicNotice, _check_notice),
            lambda: _("public notice"),
            on_entry=OWN,
            on_page=OWN,
            in_search=ABSENT,
            in_ledger=ABSENT,
        ),
    )
    document: Document | None = field(
        default=None,
        metadata=declare_key(
            record_value(Document), lambda: _("document"), on_entry=OWN, on_page=OWN, in_search=OWN, in_ledger=OWN
        ),
    )
    event: Event | None = field(
        default=None,
        metadata=declare_key(
            record_value(Event, _check_event),
            lambda: _("event"),
            on_entry=OWN,
            on_page=OWN,
            in_search=OWN,
            in_ledger=ABSENT,
        ),
    )
    attachments: tuple[Attachment, ...] = field(
        default=(),
        metadata=declare_key(
            list_value(record_value(Attachment)),
            lambda: _("attachments"),
            on_entry=OWN,
            on_page=OWN,
            in_search=OWN,
            in_ledger=ABSENT,
        ),
    )
    imported_from: Original | None = field(
        default=None,
        metadata=declare_key(
            record_value(Original),
            lambda: _("imported from"),
            on_entry=ABSENT,
            on_page=ABSENT,
            in_search=ABSENT,
            in_ledger=ABSENT,
            description="written by gongshi import; never published",
        ),
    )
    lang: str | None = field(
        default=None,
        metadata=declare_key(
            _LANGUAGE,
            lambda: _("language"),
            on_entry=OWN,
            on_page=OWN,
            in_search=ABSENT,
            in_ledger=ABSENT,
            description="language tag, where it is not the site's language; gives the direction of writing, too",
        ),
    )


_SHOWN_TEXTS = frozenset(
    each_field.name
    for each_field in fields(FrontMatter)
    if front_matter_key(each_field).on_entry is not ABSENT
    and front_matter_key(each_field).type.comparison is ComparisonMode.WORDS
)
_PAGE = parsers(FrontMatter)
_ENTRY = parsers(FrontMatter, of_entries=True)


@dataclass(frozen=True)
class MarkdownFile:
    """Content of a Markdown file."""

    meta: FrontMatter
    body: str
    lines: dict[str, int]
    """The line of each front matter key, as a dotted path, counted from 1."""
    advice: tuple[Problem, ...] = ()
    """Advice about content that is allowed but perhaps not intended."""
    refusals: tuple[Problem, ...] = ()
    """Errors that prevent submitting or approving the file; a version approved earlier stays public."""
    first_line: int = 1
    """The line of the file on which the body begins."""
    conflict: int | None = None
    """The line of a Git conflict marker in the body; None if there is none."""


def read(content: bytes, path: str, requires_entry_keys: bool, is_bounded: bool = True) -> MarkdownFile:
    """Read a Markdown file.

    Args:
        content: the bytes of the file.
        path: the file to name in problems.
        requires_entry_keys: True if the key that entries must have, `author`, is required. False for
            standing pages, and for a file that was already checked.
        is_bounded: True to refuse long files. False for a file that Gongshi wrote, which can be longer than its source.

    Raises:
        InvalidInput: the front matter has problems; all of them are listed.
    """
    decoded = decode_markdown(content, path, FILE_BYTES if is_bounded else None)
    conflict = conflict_line(decoded)
    try:
        start, end, body = front_matter_span(decoded, path)
    except InvalidInput as error:
        if conflict:
            raise InvalidInput([Problem(path, conflict_text(), conflict)]) from None
        raise InvalidInput(_with_sure_fence(problem, decoded) for problem in error.problems) from None
    first_line = decoded.count("\n", 0, body) + 1
    if conflict and conflict < first_line:
        raise InvalidInput([Problem(path, conflict_text(), conflict)])
    if is_bounded and end - start > FRONT_MATTER_BYTES:
        raise InvalidInput([Problem(path, _("the front matter is longer than 64 KiB; move text into the body"), 1)])
    yaml = decoded[start:end]
    root = _parse(yaml, path, start)
    if not isinstance(root, Mapping) or root.flow:
        if isinstance(root, Scalar) and (mistakes := find_colon_mistakes(yaml)):
            fixes = map(_if_known, parser.replacements(yaml, mistakes, start))
            raise InvalidInput(
                Problem(path, mistake.message, mistake.line + 2, fix=fix)
                for mistake, fix in zip(mistakes, fixes, strict=True)
            )
        message = _("front matter must be one key a line, such as `title: Text`")
        raise InvalidInput([Problem(path, message, root.line if root else 2)])
    report = ProblemCollector(path, offset=start, source=yaml)
    report.right_to_left = _is_right_to_left(root)
    values = parse_mapping(report, "", root, _ENTRY if requires_entry_keys else _PAGE)
    lines = _key_lines(root)
    _cross_check(report, values, lines)
    if report.problems:
        raise InvalidInput(report.problems)
    advice = tuple(_find_lost_comments(root, yaml, path))
    doubts: tuple[Problem, ...] = ()
    if report.doubts:
        advice += tuple(doubt for doubt in report.doubts if doubt.advice)
        doubts = tuple(doubt for doubt in report.doubts if not doubt.advice)
    return MarkdownFile(FrontMatter(**values), decoded[body:], lines, advice, doubts, first_line, conflict)


def _parse(yaml: str, path: str, start: int) -> Node | None:
    """Parse the front matter; mends stay only with mistakes in keys that exist."""
    try:
        return parser.parse(yaml, path, first_line=2, offset=start)
    except InvalidInput as error:
        raise InvalidInput(replace(problem, fix=_if_known(problem.fix)) for problem in error.problems) from None


def _if_known(fix: Replacement | Recoding | None) -> Replacement | Recoding | None:
    """Return the mend of a mistake if the key on its line is known, else None."""
    if not isinstance(fix, Replacement) or (fix.key is None and not fix.needs_text):
        return fix
    return fix if fix.key and any(text or not fix.needs_text for text in _kinds_of(fix.key)) else None


def _kinds_of(word: str) -> Iterator[bool]:
    """Yield for each key that a word may mean, at any depth, whether its value is a text."""
    plain = normalize("NFKC", word).strip().lower()
    for dotted, declared in (*dotted_keys(FrontMatter).items(), *dotted_keys(Attachment).items()):
        name = dotted.rpartition(".")[2]
        if plain == name or plain == _title_in_chinese(declared) or keys_for(plain, [name]):
            yield declared.type.comparison is ComparisonMode.WORDS


def _title_in_chinese(declared: ValueKey) -> str:
    with use_language("zh"):
        return declared.title()


def _with_sure_fence(problem: Problem, decoded: str) -> Problem:
    """Return a problem of the `---` lines, without its mend if keys and text cannot be told apart for certain."""
    fix = problem.fix
    if not isinstance(fix, Replacement):
        return problem
    mended = f"{decoded[: fix.start]}{fix.text}{decoded[fix.end :]}"
    try:
        start, end, _body = front_matter_span(mended, problem.path)
        root = parser.parse(mended[start:end], problem.path)
    except InvalidInput:
        return replace(problem, fix=None)
    known = isinstance(root, Mapping) and all(any(True for _kind in _kinds_of(name.text)) for name, _v in root.items)
    return problem if known else replace(problem, fix=None)


def _key_lines(root: Mapping, prefix: str = "") -> dict[str, int]:
    """Return the line of each key; those within a value by their dotted path."""
    lines = {f"{prefix}{name.text}": name.line for name, _value in root.items}
    for name, value in root.items:
        if isinstance(value, Mapping):
            lines.update(_key_lines(value, f"{prefix}{name.text}."))
    return lines


def _is_right_to_left(root: Mapping) -> bool:
    """Tell whether the text is written from right to left. Asked first: which characters may occur depends on it."""
    node = root.get("lang")
    tag = languages.canonical_tag(node.text.strip()) if isinstance(node, Scalar) else None
    return languages.is_right_to_left(tag)


def _find_lost_comments(root: Mapping, yaml: str, path: str) -> Iterator[Problem]:
    """Yield advice about texts cut off at ` #`, which begins a comment in YAML."""
    for name, value in root.items:
        if name.text in _SHOWN_TEXTS and isinstance(value, Scalar):
            rest = yaml[value.span[1] :].split("\n", 1)[0].strip()
            if rest.startswith("#"):
                message = _("“{rest}” is a comment and not shown; put the whole value in quotes if it belongs to it")
                yield Problem(path, message.format(rest=rest), value.line, name.text, advice=True)


class CachingReader:
    """Reads Markdown files and caches the results by path and content."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, bytes], MarkdownFile] = {}

    def read(self, content: bytes, path: str, requires_entry_keys: bool) -> MarkdownFile:
        """Read a Markdown file; like the function `read`, with a cache."""
        known = self._known.get((path, content))
        if known is None:
            known = self._known[path, content] = read(content, path, requires_entry_keys)
        return known


def _cross_check(report: ProblemCollector, values: dict[str, Any], lines: dict[str, int]) -> None:
    files = [attachment.file for attachment in values.get("attachments", ())]
    for file in {file for file in files if files.count(file) > 1}:
        report.add(lines["attachments"], "attachments", _("names the file {file} twice; keep one").format(file=file))
