"""Find the typing mistake behind a YAML syntax error.

YAML parsers report the line on which they failed, often far below the mistake. Here each suspected mistake is repaired
on trial: if the text can then be read further, the mistake is the cause. The repaired text is never used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from gongshi.common.characters import ODD_SPACES
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.yaml.chinese_keys import is_key
from gongshi.i18n import gettext as _

Position = tuple[int, int]
"""Line and column, both counted from 0."""
FindError = Callable[[str], Position | None]
"""Returns the position of the first syntax error in a YAML text; None if there is none."""
Kind = Callable[[int, list[str]], "Iterator[Mistake]"]
"""Finds the possible mistakes of one kind on a line, by its index."""

_MAX_TRIALS = 60
"""The maximum number of repairs that are tried for one error and kind."""
_MAX_MISTAKES = 10
_WORD = r"[^\W\d][\w.-]*"
_KEY = rf"([^\S\n]*(?:- +)*)({_WORD})"
_FULL_WIDTH_COLON = lazy_pattern(rf"{_KEY}\s*：\s*(.*)")
_COLON_WITHOUT_SPACE = lazy_pattern(rf"{_KEY}\s*:(?![/:])([^\s].*)")
_COLON_WITH_ODD_SPACE = lazy_pattern(rf"{_KEY}\s*:([{ODD_SPACES}]\s*)(.*)")
_VALUE = lazy_pattern(rf"{_KEY}\s*:[ \t]+(\S.*)|([ \t]*(?:- +)+)()(\S.*)")
_NEXT_KEY = lazy_pattern(rf"[ \t]*(?:- +)?{_WORD}[ \t]*:(?:\s|$)|[ \t]*- ")
_KEY_WITHOUT_COLON = lazy_pattern(r"([ \t]*(?:- +)*)([a-z_]+)([\s;；=＝]+\S.*|[\s;；=＝]*)")
_DASH = lazy_pattern(r"([ \t]*)-([^\s-].*)")
_WIDE_DASH = lazy_pattern(r"([ \t]*)([－﹣‐‑–—−])+\s*(\S.*)")
_COMMA_IN_FLOW = lazy_pattern(rf"，(?=\s*{_WORD}\s*[:：]|\s*[\[{{\"']|\s*$)|(?<=[\]}}\"'])\s*，", re.UNICODE)
_COLON_IN_FLOW = lazy_pattern(rf"(?<=[{{,，\s])({_WORD})\s*：\s*")
_BEGINS_FLOW = lazy_pattern(rf"\s*(?:- +)*(?:{_WORD}\s*:\s+)?[\[{{［｛]")
_FULL_WIDTH_BRACKETS = str.maketrans("［］｛｝", "[]{}")
_CLOSING = {"[": "]", "{": "}"}
_COMMENT = lazy_pattern(r"\s#")


_CLOSING_QUOTES = "”“’‘\"'＂＇"


class Mistake(NamedTuple):
    """A typing mistake in YAML."""

    line: int
    """Counted from 0."""
    message: str
    changed: int
    """The line that a repair changes, counted from 0."""
    repaired: str
    """This line after the repair."""
    is_sure: bool = False
    """True if nothing else can have been meant, provided that `key` is a known key."""
    key: str | None = None
    """The key on this line; None if it does not matter."""
    needs_text: bool = False
    """True if the repair is sure only for a key whose value is a text."""


def full_width_colon() -> str:
    """Return the message for a full-width colon, as Chinese input methods write it."""
    return _("a full-width colon “：” is no YAML; write a half-width colon and a space, as in `title: Text`")


def missing_space() -> str:
    """Return the message for a colon without a space after it."""
    return _("a space is missing after the colon, as in `title: Text`")


def missing_dash_space() -> str:
    """Return the message for an item of a list without a space after its dash."""
    return _("a space is missing after the dash, as in `- one`")


def find_mistakes(text: str, error: Position, find_error: FindError) -> list[Mistake]:
    """Find the mistakes that explain a syntax error; empty if none is known.

    Args:
        text: the YAML.
        error: the position of its first syntax error.
        find_error: finds the first syntax error of a text.
    """
    lines = text.split("\n")
    found: list[Mistake] = []
    position: Position | None = error
    while position is not None and len(found) < _MAX_MISTAKES:
        explained = _explain(lines, position, find_error)
        if not explained:
            break
        found += explained
        for mistake in explained:
            lines[mistake.changed] = mistake.repaired
        position = find_error("\n".join(lines))
    return found


def find_colon_mistakes(text: str) -> list[Mistake]:
    """Find colons that begin no value in a text that should be keys with values, one on a line.

    Args:
        text: the YAML.
    """
    lines = text.split("\n")
    return [found for index in range(len(lines)) for found in _colons(index, lines)]


def _explain(lines: list[str], error: Position, find_error: FindError) -> list[Mistake]:
    """Return the mistake whose repair moves the error; all suspected ones of a kind if only these together do."""
    for kinds in _KINDS:
        suspects = list(islice(_suspects(lines, error[0], kinds), _MAX_TRIALS))
        for _kind, mistake in suspects:
            if _is_cause(lines, [mistake], error, find_error):
                return [mistake]
        for kind in kinds:
            # One for each line: the first, as others repair the same line in another way.
            alike = {mistake.changed: mistake for other, mistake in reversed(suspects) if other is kind}
            if len(alike) > 1 and _is_cause(lines, list(alike.values()), error, find_error):
                return list(alike.values())
    return []


def _is_cause(lines: list[str], mistakes: list[Mistake], error: Position, find_error: FindError) -> bool:
    repaired = list(lines)
    for mistake in mistakes:
        repaired[mistake.changed] = mistake.repaired
    after = find_error("\n".join(repaired))
    if after is None or after[0] > error[0]:
        return True
    return after > error and all(mistake.changed < error[0] for mistake in mistakes)


def _suspects(lines: list[str], last: int, kinds: tuple[Kind, ...]) -> Iterator[tuple[Kind, Mistake]]:
    """Yield possible mistakes from the line of the error upwards."""
    for index in range(min(last, len(lines) - 1), -1, -1):
        if lines[index].strip() and not lines[index].lstrip().startswith("#"):
            for kind in kinds:
                for mistake in kind(index, lines):
                    yield kind, mistake


def _colons(index: int, lines: list[str]) -> Iterator[Mistake]:
    line = lines[index]
    if match := _FULL_WIDTH_COLON.fullmatch(line):
        repaired = f"{match[1]}{match[2]}: {match[3]}".rstrip()
        yield Mistake(index, full_width_colon(), index, repaired, True, match[2])
    elif match := _COLON_WITH_ODD_SPACE.fullmatch(line):
        message = _("a full-width or other odd space after the colon; write an ordinary space, as in `title: Text`")
        yield Mistake(index, message, index, f"{match[1]}{match[2]}: {match[4]}", True, match[2])
    elif match := _COLON_WITHOUT_SPACE.fullmatch(line):
        yield Mistake(index, missing_space(), index, f"{match[1]}{match[2]}: {match[3]}", True, match[2])


def _in_flow(index: int, lines: list[str]) -> Iterator[Mistake]:
    """Yield full-width punctuation between `{…}` and `[…]`."""
    line = lines[index]
    is_flow = _BEGINS_FLOW.match(line) is not None
    commas = _COMMA_IN_FLOW.sub(", ", line)
    if commas != line:
        message = _(
            "a full-width comma “，” separates nothing between braces or brackets; write a half-width comma and a space"
        )
        yield Mistake(index, message, index, _COLON_IN_FLOW.sub(r"\1: ", commas), is_flow)
    colons = _COLON_IN_FLOW.sub(r"\1: ", line)
    if colons != line and ("{" in line or "}" in line):
        yield Mistake(index, full_width_colon(), index, colons, is_flow)
    brackets = line.translate(_FULL_WIDTH_BRACKETS)
    if brackets != line:
        yield Mistake(index, _("full-width brackets are no YAML; write half-width ones"), index, brackets, is_flow)


def _in_value(index: int, lines: list[str]) -> Iterator[Mistake]:
    """Yield mistakes in quotation marks, brackets and signs of a value."""
    match = _VALUE.fullmatch(lines[index])
    if not match:
        return
    value, start = (match[3], match.start(3)) if match[3] else (match[6], match.start(6))
    value = value.rstrip()
    before, mark = lines[index][:start], value[0]
    if mark in "\"'" and not _is_closed(value, mark):
        yield from _unclosed_quote(index, lines, before, value)
    elif mark in _CLOSING and value.count(mark) > value.count(_CLOSING[mark]):
        message = _("the bracket {mark} is not closed; write {other} after the last value")
        end = _last_line(index, lines)
        closed = lines[end].rstrip() + _CLOSING[mark]
        is_sure = end == index and not _COMMENT.search(value)
        yield Mistake(index, message.format(mark=mark, other=_CLOSING[mark]), end, closed, is_sure, match[2])
    # A value that goes on below, or has a comment after it, would be quoted in part or with too much.
    is_sure = bool(match[2]) and not _COMMENT.search(value) and not _goes_on(index, lines)
    quoted = f"{before}'{value.replace(chr(39), chr(39) * 2)}'"
    if mark in "[]{}@*&!%`|>\"',?" or value.startswith("- "):
        message = _(
            "a value that begins with a sign such as [ @ * & or a quotation mark must stand in quotes as a whole"
        )
        yield Mistake(index, message, index, quoted, is_sure, match[2], True)
    elif ": " in value or value.endswith(":"):
        message = _('a value that contains “: ” must stand in quotes, as in `title: "A: B"`')
        yield Mistake(index, message, index, quoted, is_sure, match[2], True)


def _goes_on(index: int, lines: list[str]) -> bool:
    """Tell whether the value of a key goes on in the next line, which is then indented further than the key."""
    below = lines[index + 1] if index + 1 < len(lines) else ""
    return bool(below.strip()) and _indent(below) > _indent(lines[index])


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" \t"))


def _quotes_in_flow(index: int, lines: list[str]) -> Iterator[Mistake]:
    """Yield a quotation mark that is not closed on its line, between `{…}` or `[…]`."""
    content = lines[index].rstrip().rstrip("]}, ")
    rest = lines[index][len(content) :]
    for mark in "\"'":
        if content.count(mark) % 2 and ("{" in content or "[" in content):
            closed = content[:-1] if content[-1] in _CLOSING_QUOTES and content[-1] != mark else content
            yield Mistake(index, _unclosed_quote_text(mark), index, closed + mark + rest)


def _unclosed_quote_text(mark: str) -> str:
    message = _("the quotation mark {mark} at the start of the value is not closed; write {mark} at its end, too")
    return message.format(mark=mark)


def _is_closed(value: str, mark: str) -> bool:
    """Tell whether a quotation mark at the start of a value is closed within it."""
    rest = re.sub(r"\\.", "", value[1:]) if mark == '"' else value[1:].replace("''", "")
    return mark in rest


def _unclosed_quote(index: int, lines: list[str], before: str, value: str) -> Iterator[Mistake]:
    end = _last_line(index, lines)
    mark, last = value[0], value[-1]
    if end == index and len(value) > 1 and last in _CLOSING_QUOTES:
        message = _("the value begins with {mark} and ends with {other}; write {mark} at both ends")
        yield Mistake(index, message.format(mark=mark, other=last), index, before + value[:-1] + mark, True)
    is_sure = end == index and not _COMMENT.search(value)
    yield Mistake(index, _unclosed_quote_text(mark), end, lines[end].rstrip() + mark, is_sure)


def _last_line(index: int, lines: list[str]) -> int:
    """Return the last line of a value that begins on a line: the one before the next key, without blank lines."""
    end = next((other for other in range(index + 1, len(lines)) if _NEXT_KEY.match(lines[other])), len(lines)) - 1
    while end > index and not lines[end].strip():
        end -= 1
    return end


def _dashes(index: int, lines: list[str]) -> Iterator[Mistake]:
    if match := _DASH.fullmatch(lines[index]):
        yield Mistake(index, missing_dash_space(), index, f"{match[1]}- {match[2]}", True)
    elif match := _WIDE_DASH.fullmatch(lines[index]):
        message = _("the dash “{mark}” begins no item of a list; write `-` and a space, as in `- one`")
        yield Mistake(index, message.format(mark=match[2]), index, f"{match[1]}- {match[3]}", True)


def _indentation(index: int, lines: list[str]) -> Iterator[Mistake]:
    line = lines[index]
    above = next((lines[other] for other in range(index - 1, -1, -1) if lines[other].strip()), "")
    indent, indent_above = (each[: len(each) - len(each.lstrip(" \t"))] for each in (line, above))
    if "\t" in indent:
        message = _("a tab at the start of the line; indent with spaces")
        # Below a line that is indented, or that begins a value, the tab stands for its indentation.
        is_below = bool(indent_above) or above.rstrip().endswith(":")
        if indent_above and "\t" not in indent_above:
            yield Mistake(index, message, index, indent_above + line.lstrip("\t "), True)
        yield Mistake(index, message, index, line.replace("\t", "  "), is_below)
        key = match[2] if (match := _VALUE.fullmatch(line)) else None
        yield Mistake(index, message, index, line.lstrip("\t "), bool(key) and not is_below, key)
    elif indent and indent_above and indent != indent_above:
        message = _("this line and the one above begin with different numbers of spaces; use the same number")
        yield Mistake(index, message, index, indent_above + line.lstrip())
    elif indent:
        yield Mistake(index, _("spaces at the start of the line; remove them"), index, line.lstrip())


def _without_colon(index: int, lines: list[str]) -> Iterator[Mistake]:
    match = _KEY_WITHOUT_COLON.fullmatch(lines[index])
    if match and ":" not in lines[index] and is_key(match[2]):
        message = _("the colon after the key is missing; write a colon and a space, as in `title: Text`")
        value = match[3].strip(" \t\u3000;；=＝")
        yield Mistake(index, message, index, f"{match[1]}{match[2]}: {value}")


def _without_key(index: int, lines: list[str]) -> Iterator[Mistake]:
    if index and ":" not in lines[index]:
        yield Mistake(index, _("a line without a key; join it to the line above, or write `key: value`"), index, "")


_KINDS = (
    (_colons, _in_flow, _quotes_in_flow, _in_value, _dashes),
    (_without_colon,),
    (_indentation,),
    (_without_key,),
)
"""The kinds of mistakes, the surest first: a repair of the later ones also hides other mistakes."""
