"""Declared types for YAML written by people: each mistake becomes a problem with its line and the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from unicodedata import normalize

from gongshi.common import characters, dates
from gongshi.common.errors import Problem, Replacement
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.yaml import one_line_text
from gongshi.domain.yaml.chinese_keys import is_key, keys_for
from gongshi.domain.yaml.parser import Mapping as MappingNode
from gongshi.domain.yaml.parser import Node, Scalar, Sequence
from gongshi.domain.yaml.syntax_errors import (
    find_colon_mistakes,
    full_width_colon,
    missing_dash_space,
    missing_space,
)
from gongshi.i18n import gettext as _
from gongshi.i18n import use_language

T = TypeVar("T")
_KEY_WITH_VALUE = lazy_pattern(r"([^:：]+?)\s*([:：])(.*)", re.DOTALL)
_FURTHER_KEY = lazy_pattern(r"[，；、]\s*([^\W\d]\w*)\s*[:：].*")
_FURTHER_MARK = lazy_pattern(r"([，；、])\s*[^\W\d]\w*\s*[:：]\s*")
_WIDE_SEPARATOR = lazy_pattern("[，；、]")
_SEPARATOR = lazy_pattern("[，；、,;]")
_SIMPLE_PARTS = lazy_pattern(r"[^\W_](?:, [^\W_]|[^,])*")
"""Items that need no quotation marks: each begins with a letter or digit."""
_BRACKETS = "[]［］【】"
_ALL_QUOTED = lazy_pattern("“[^“”]*”")
_FLAGS = ("status", "approved_by", "note", "reason")
_PLAIN_ITEM = lazy_pattern(r"[^\W\d_][\w .-]{0,39}")


@dataclass
class ProblemCollector:
    """Collects the problems of one file."""

    path: str
    problems: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    """Errors and advice about values that can be read, such as unwanted characters in a text. The value is read
    nevertheless, because texts approved before such a rule existed must stay readable."""
    right_to_left: bool = False
    """True if the texts are written from right to left, so that they may have direction marks."""
    offset: int = 0
    """The place in the file at which the YAML begins, in characters."""
    source: str = ""
    """The YAML, for mends of values that were read as one text; empty if nothing is to be mended."""

    def replacement(self, node: Node, text: str, key: str) -> Replacement | None:
        """Return the mend that writes other characters in place of a value or key; None if there are none.

        Args:
            node: the value or key.
            text: the characters; empty if it is unclear what was meant.
            key: the key as a dotted path.
        """
        if not text or not isinstance(node, Scalar):
            return None
        start, end = node.span
        return Replacement(self.offset + start, self.offset + end, text, key)

    def add(self, line: int | None, key: str | None, message: str, fix: Replacement | None = None) -> None:
        """Add one problem.

        Args:
            line: the line in the file; None for the whole file.
            key: the key as a dotted path; None for the whole file.
            message: the mistake and its remedy.
            fix: the mend that the message names, if there is only one.
        """
        self.problems.append(Problem(self.path, message, line, key, fix=fix))

    def add_doubts(self, line: int | None, key: str | None, text: str) -> None:
        """Add errors and advice about unwanted characters in a one-line text.

        Args:
            line: the line in the file.
            key: the key as a dotted path.
            text: the text.
        """
        for message, advice in one_line_text.doubts(text, self.right_to_left):
            self.doubt(line, key, message, advice)

    def doubt(
        self,
        line: int | None,
        key: str | None,
        message: str,
        advice: bool = False,
        fix: Replacement | None = None,
    ) -> None:
        """Add an error or advice about a value that is read nevertheless, like `add_doubts`.

        Args:
            line: the line in the file.
            key: the key as a dotted path.
            message: the mistake and its remedy.
            advice: True if it is allowed but not recommended.
            fix: the mend that the message names, if there is only one.
        """
        self.doubts.append(Problem(self.path, message, line, key, advice, fix))


Parser = Callable[[ProblemCollector, str, Node], Any]
"""Reads a node; returns None after reporting a problem. Arguments: problem collector, dotted path of the key, node."""


@dataclass(frozen=True)
class Field:
    """Declaration of one key of a mapping."""

    parse: Parser
    required: bool = False
    title: Callable[[], str] | None = None
    """Returns the name of the key in the reader's language; a key that is written in Chinese is recognised by it."""


def parse_mapping(report: ProblemCollector, key: str, node: Node, spec: Mapping[str, Field]) -> dict[str, Any]:
    """Return the values of a mapping with known keys, without those that have problems.

    Args:
        report: collects the problems.
        key: the dotted path of the mapping; empty for the root.
        node: the node in the file.
        spec: the known keys.
    """
    if not isinstance(node, MappingNode):
        keys = [name for name, field in spec.items() if field.required] or list(spec)[:1]
        example = ", ".join(f"{name}: …" for name in keys)
        message = _("must be keys with values, as in `{{{example}}}`").format(example=example)
        report.add(node.line, key or None, _colon_fault(node) or message, _colon_fix(report, key, node, spec))
        return {}
    values: dict[str, Any] = {}
    meant: set[str] = set()
    for name, value in node.items:
        path = f"{key}.{name.text}" if key else name.text
        if name.text not in spec:
            message, keys = _unknown_key(name, spec)
            if not key and is_key(name.text):
                message, keys = _("does not stand here; if it belongs to a key above, put two spaces before it"), []
            fix = _key_fix(report, name, value, spec, node, path)
            report.add(name.line, path.replace("\u3000", ""), message, fix)
            meant.update(keys)
            continue
        swallowed = _swallowed_key(node, name.text, value, spec) if node.flow else None
        if swallowed:
            meant.add(swallowed[1])
            parsed = _parse_joined_value(report, path, value, spec, swallowed)
        else:
            parsed = spec[name.text].parse(report, path, value)
        if parsed is not None:
            values[name.text] = parsed
    for name_, declared in spec.items():
        if declared.required and node.get(name_) is None and name_ not in meant:
            path = f"{key}.{name_}" if key else name_
            report.add(node.line, path, _("is missing; add it"))
    return values


def _colon_text(colon: str) -> str:
    return missing_space() if colon == ":" else full_width_colon()


def _colon_fault(node: Node) -> str | None:
    """Return the message for a text that would be keys with values, were its colons right; None for any other node."""
    mistakes = find_colon_mistakes(node.text) if isinstance(node, Scalar) else []
    return mistakes[0].message if mistakes else None


def _colon_fix(report: ProblemCollector, key: str, node: Node, spec: Mapping[str, Field]) -> Replacement | None:
    """Return the mend of the first line of a text that would be keys with values; the next lines are mended then."""
    if not isinstance(node, Scalar):
        return None
    line = report.source[node.span[0] : node.span[1]].split("\n")[0]
    mistake = next(iter(find_colon_mistakes(line)), None)
    if not mistake or not mistake.is_sure or not _known_key(mistake.key or "", spec):
        return None
    start = report.offset + node.span[0]
    return Replacement(start, start + len(line), mistake.repaired, key)


def _swallowed_key(
    mapping: MappingNode, name: str, node: Node, spec: Mapping[str, Field]
) -> tuple[re.Match[str], str] | None:
    """Return the match of a further key that a full-width comma made part of a value in `{…}`, and the key it means."""
    if not (isinstance(node, Scalar) and node.is_plain):
        return None
    for match in _FURTHER_KEY.finditer(node.text):
        known = _known_key(match[1], spec)
        if known and known != name and mapping.get(known) is None:
            return match, known
    return None


def _parse_joined_value(
    report: ProblemCollector, path: str, node: Node, spec: Mapping[str, Field], swallowed: tuple[re.Match[str], str]
) -> Any:
    """Read a value in which a further key may be swallowed; report this key if the value or the key is needed.

    If the value can be read, only the key itself is reported, for new versions; a Chinese word can also be text.
    """
    match, key = swallowed
    trial = ProblemCollector(report.path, right_to_left=report.right_to_left)
    value = spec[path.rpartition(".")[2]].parse(trial, path, node)
    message = _("“{text}” is part of this value; write a half-width comma and a space before it: `, {key}: …`")
    message = message.format(text=match[0], key=key)
    fix = None
    if isinstance(node, Scalar) and (mark := _FURTHER_MARK.match(match[0])) and mark[1] == "，":
        start = report.offset + node.span[0] + match.start()
        fix = Replacement(start, start + mark.end(), f", {key}: ", path)
    if value is None or spec[key].required:
        report.add(node.line, path, message, fix)
        return None
    report.doubts += trial.doubts
    if match[1] in spec:
        report.doubt(node.line, path, message, fix=fix)
    return value


def _key_fix(
    report: ProblemCollector, name: Scalar, value: Node, spec: Mapping[str, Field], mapping: MappingNode, path: str
) -> Replacement | None:
    """Return the mend of an unknown key if only one key can have been meant; None otherwise."""
    written = "".join(character for character in name.text if not characters.is_invisible(character))
    following, end = "", name
    if match := _KEY_WITH_VALUE.fullmatch(written):
        if not isinstance(value, Scalar) or not match[3].strip():
            return None
        written, following = match[1], f": {match[3].strip()}"
        if value.text:
            following, end = _joined(match[3].strip(), name, value), value
    known = _known_key(written, spec)
    # A flag can publish or withhold an entry, so people write it themselves.
    if known is None or known in _FLAGS or mapping.get(known) is not None or not name.is_plain:
        return None
    if end is value and not (following and _can_be_item("x", spec[known].parse)):
        return None
    both = name._replace(span=(name.span[0], end.span[1]))
    return report.replacement(both, known + following, path.removesuffix(name.text) + known)


def _joined(start: str, name: Scalar, value: Scalar) -> str:
    """Return the value of a key whose full-width colon made a later colon begin the value; empty if it is unclear.

    Args:
        start: the part of the value that was read as part of the key.
        name: the key as it was read.
        value: the rest of the value.
    """
    if not value.is_plain or value.span[0] - name.span[1] != len(": "):
        return ""
    text = f"{start}: {value.text}".replace("'", "''")
    return f": '{text}'"


def _known_key(word: str, spec: Mapping[str, Field]) -> str | None:
    """Return the key that was meant by a word in other letters or in Chinese; None if there is none or several."""
    plain = normalize("NFKC", word).strip().lower()
    found = [plain] if plain in spec else _keys_in_chinese(plain, spec)
    return found[0] if len(found) == 1 else None


def _keys_in_chinese(word: str, spec: Mapping[str, Field]) -> list[str]:
    with use_language("zh"):
        titled = [key for key, declared in spec.items() if declared.title and declared.title() == word]
    return titled or keys_for(word, spec)


def _unknown_key(name: Scalar, spec: Mapping[str, Field]) -> tuple[str, list[str]]:
    """Return the message about an unknown key, and the known keys that may have been meant."""
    if name.text != name.text.strip("\u3000\u00a0"):
        known = _known_key(name.text, spec)
        message = _("a full-width space before the key; delete it, or indent with two ordinary spaces")
        return message, [known] if known else []
    if (match := _KEY_WITH_VALUE.fullmatch(name.text)) and (known := _known_key(match[1], spec)):
        return _colon_text(match[2]), [known]
    if hidden := next(filter(characters.is_invisible, name.text), None):
        return characters.fault_text(hidden, characters.Fault.INVISIBLE), []
    # Imported here: only needed for a mistake.
    from difflib import get_close_matches

    plain = normalize("NFKC", name.text).strip().lower()
    meant = _keys_in_chinese(plain, spec) or get_close_matches(plain, list(spec), n=1)
    if meant:
        names = _(" or ").join(f"`{each}`" for each in meant)
        return _("unknown key; did you mean {names}?").format(names=names), meant
    return _("unknown key; known here are {names}").format(names=", ".join(spec)), []


_TEXT_KINDS = ("str", "int", "float", "timestamp")
"""Kinds of values that are a text as they are written: the title 2026 can mean nothing but these four digits."""


def text(limit: int | None = None, takes_numbers: bool = False) -> Parser:
    """Return a parser for a non-empty text on one line.

    Args:
        limit: the maximum number of characters; None for no limit.
        takes_numbers: True to read a number or date without quotation marks as the text that it is. Not for mkdocs.yml,
            which MkDocs reads as well.
    """
    kinds = _TEXT_KINDS if takes_numbers else _TEXT_KINDS[:1]

    def parse(report: ProblemCollector, key: str, node: Node) -> str | None:
        stripped = node.text.strip() if isinstance(node, Scalar) else ""
        if not isinstance(node, Scalar):
            report.add(node.line, key, _("must be a text"))
        elif node.kind == "null" or not stripped:
            report.add(node.line, key, _("is empty; write a text or leave the key out"))
        elif node.kind not in kinds:
            message = _('must be a text; put it in quotes: "{value}"').format(value=node.text)
            report.add(node.line, key, message, report.replacement(node, f'"{stripped}"', key))
        elif fault := one_line_text.unreadable(stripped, limit):
            report.add(node.line, key, fault)
        else:
            if characters.is_suspect(stripped):
                report.add_doubts(node.line, key, stripped)
            if stripped[0] == "“" and _ALL_QUOTED.fullmatch(stripped) and node.is_plain:
                message = _(
                    "the quotation marks “ ” are part of the text and shown; delete them if they were to enclose the "
                    "value only"
                )
                report.doubt(node.line, key, message, advice=True)
            return stripped
        return None

    return parse


_QUOTES = " \u3000\"'“”‘’「」"
_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "on", "是"), "true"),
    **dict.fromkeys(("false", "no", "off", "否"), "false"),
}


def boolean(report: ProblemCollector, key: str, node: Node) -> bool | None:
    """Read `true` or `false`."""
    if isinstance(node, Scalar) and node.kind == "bool":
        return node.text.lower() in ("true", "yes", "on")
    written = _BOOLEANS.get(node.text.strip(_QUOTES).lower(), "") if isinstance(node, Scalar) else ""
    message = _("must be true or false, without quotes")
    if written:
        message = _("{what}; write {value}").format(what=message, value=written)
    report.add(node.line, key, message, report.replacement(node, written, key))
    return None


def count(report: ProblemCollector, key: str, node: Node) -> int | None:
    """Read a whole number from 1 to 100,000."""
    if isinstance(node, Scalar) and re.fullmatch(r"[1-9][0-9]{0,4}|100000", node.text):
        return int(node.text)
    report.add(node.line, key, _("must be a whole number from 1 to 100000"))
    return None


def day(report: ProblemCollector, key: str, node: Node) -> date | None:
    """Read a date `YYYY-MM-DD`."""
    written = node.text if isinstance(node, Scalar) else ""
    if value := dates.parse_date(written):
        return value
    report.add(node.line, key, dates.day_fault(written), report.replacement(node, dates.rewritten_day(written), key))
    return None


def time(report: ProblemCollector, key: str, node: Node) -> datetime | None:
    """Read a date and time `YYYY-MM-DD HH:MM`, with or without an offset."""
    written = node.text if isinstance(node, Scalar) else ""
    if value := dates.parse_datetime(written):
        return value
    report.add(node.line, key, dates.time_fault(written), report.replacement(node, dates.rewritten_time(written), key))
    return None


def day_or_time(report: ProblemCollector, key: str, node: Node) -> date | datetime | None:
    """Read a date, or a date with a time."""
    written = node.text if isinstance(node, Scalar) else ""
    if value := dates.parse_date(written) or dates.parse_datetime(written):
        return value
    fix = report.replacement(node, dates.rewritten_day_or_time(written), key)
    report.add(node.line, key, dates.day_or_time_fault(written), fix)
    return None


def choice(*values: str) -> Parser:
    """Return a parser for one of the given words."""

    def parse(report: ProblemCollector, key: str, node: Node) -> str | None:
        if isinstance(node, Scalar) and node.kind == "str" and node.text in values:
            return node.text
        report.add(node.line, key, _("must be one of {values}").format(values=", ".join(values)))
        return None

    return parse


def list_of(parse_item: Parser) -> Parser:
    """Return a parser for a list; items with problems are left out.

    Args:
        parse_item: the parser for each item.
    """

    def parse(report: ProblemCollector, key: str, node: Node) -> tuple[Any, ...] | None:
        if not isinstance(node, Sequence):
            message, written = _no_list_text(node, parse_item)
            report.add(node.line, key, message, report.replacement(node, written, key))
            return None
        _doubt_joined_items(report, key, node)
        items = [parse_item(report, f"{key}[{i}]", item) for i, item in enumerate(node.items, 1)]
        return tuple(item for item in items if item is not None)

    return parse


def _no_list_text(node: Node, parse_item: Parser) -> tuple[str, str]:
    """Return the message for a value that should be a list, and the list if nothing else can have been meant."""
    text = node.text if isinstance(node, Scalar) else ""
    if re.match(r"-\S", text):
        return missing_dash_space(), ""
    if isinstance(node, MappingNode) or not _can_be_item("x", parse_item):
        return _("must be a list; begin each item with `- `"), ""
    items = [item for part in _SEPARATOR.split(text.strip(_BRACKETS)) if (item := part.strip())]
    if not items or not all(_PLAIN_ITEM.fullmatch(item) and _can_be_item(item, parse_item) for item in items):
        return _("must be a list, as in `[one, two]`"), ""
    written = f"[{', '.join(items)}]"
    # Blanks and 、 also stand within names, such as 水、电、气.
    is_sure = not re.search(r"[、\s]", re.sub(r"[,，;；]\s+", ",", text.strip(_BRACKETS).strip()))
    return _("must be a list; write `[{items}]`").format(items=", ".join(items)), written if is_sure else ""


def _can_be_item(text: str, parse_item: Parser) -> bool:
    return parse_item(ProblemCollector(""), "", Scalar(text, "str", 0, (0, len(text)))) is not None


def _doubt_joined_items(report: ProblemCollector, key: str, node: Sequence) -> None:
    """Report items that a full-width comma does not separate: errors in `[…]`, advice where each has its own line."""
    for number, item in enumerate(node.items, 1):
        if not isinstance(item, Scalar) or not item.is_plain or not (mark := _WIDE_SEPARATOR.search(item.text)):
            continue
        parts = ", ".join(part for each in _WIDE_SEPARATOR.split(item.text) if (part := each.strip()))
        message = _("“{text}” is one item, as “{mark}” separates nothing here; write `{parts}`, or put it in quotes")
        if not node.flow:
            message = _("“{text}” is one item; write each item on its own line, or put it in quotes")
        message = message.format(text=item.text, mark=mark[0], parts=parts)
        # Other marks than the comma also stand within names, such as 水、电、气.
        is_sure = node.flow and set(_WIDE_SEPARATOR.findall(item.text)) == {"，"} and _SIMPLE_PARTS.fullmatch(parts)
        path = f"{key}[{number}]"
        fix = report.replacement(item, parts, path) if is_sure else None
        report.doubt(item.line, path, message, advice=mark[0] != "，" or not node.flow, fix=fix)


def mapping_of(parse_value: Parser) -> Parser:
    """Return a parser for a mapping with arbitrary keys; values with problems are left out.

    Args:
        parse_value: the parser for each value.
    """

    def parse(report: ProblemCollector, key: str, node: Node) -> dict[str, Any] | None:
        if not isinstance(node, MappingNode):
            report.add(node.line, key, _colon_fault(node) or _("must be keys with values"))
            return None
        values: dict[str, Any] = {}
        for name, value in node.items:
            path = f"{key}.{name.text}"
            before = len(report.problems)
            if (parsed := parse_value(report, path, value)) is not None:
                values[name.text] = parsed
            elif match := _KEY_WITH_VALUE.fullmatch(name.text):
                report.problems[before:] = []
                report.add(name.line, path, _colon_text(match[2]))
        return values

    return parse


def object_of(spec: Mapping[str, Field], build: Callable[..., T]) -> Parser:
    """Return a parser for a mapping with known keys that becomes an object; None if it has any problem.

    Args:
        spec: the known keys.
        build: makes the object from the values, given as keyword arguments.
    """

    def parse(report: ProblemCollector, key: str, node: Node) -> T | None:
        before = len(report.problems)
        values = parse_mapping(report, key, node, spec)
        return build(**values) if len(report.problems) == before else None

    return parse
