"""Find signs of a text that were read as marks of Markdown although text may be meant, and marks that stayed text.

`fidelity` compares letters and digits only. A minus that became a bullet, or asterisks that stand on the page, are
found here. Each is told as advice: only the editor knows what is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from html.parser import HTMLParser
from typing import Final

from gongshi.common.errors import printable
from gongshi.i18n import gettext as _
from gongshi.site.markdown.emphasis import SURNAMES, find_emphasis
from gongshi.site.markdown.fidelity import SHORT_CODE
from gongshi.site.markdown.marks import STRUCK

_LENGTH: Final = 24
_ITEM: Final = re.compile(r"[ \t]*([-+*])[ \t]+(?=\S)")
_NUMBER_ITEM: Final = re.compile(r"[ \t]*\d+\.[ \t]+(?=\S)")
_SIGNED: Final = re.compile(r"[ \t]*([-+])[ \t]+(?=[￥¥$]?\d)(?!\d+[.、．)）])(?!\d{4}年|\d{1,2}月|\d{4}-\d)")
_RULE: Final = re.compile(r"[ \t]{0,3}-{3,}[ \t]*\Z")
_SENTENCE: Final = re.compile(r"[。，；：,;:！？）)]\Z|(?:\d|[一二三四五六七八九十〇]+)日\Z|\d{4}年?\Z")
_SIGNATURE: Final = re.compile(r"(?:局|委员会|办公室|中心|政府|委会|社区|村|院|所|站|馆|校|公司|科|处)\Z")
_COMPARED: Final = re.compile(r"[ \t]*>=?[ \t]*[￥¥$]?\d+(?!\d*[.、．)）])")
_QUOTE: Final = re.compile(r"[ \t]*>")
_DEFINITION: Final = re.compile(r"[ \t]{0,3}:[ \t](?=\S)")
_STRUCK: Final = re.compile("(?<!~)" + STRUCK)
_HEADING: Final = re.compile(r"[ \t]{0,3}[#＃]{2,6}(?![#＃\s])")
_IMAGE: Final = re.compile(r"[!！]\[[^\[\]\n]*\](?:[(（][^()（）\n]*[)）]?)?")
_LINK: Final = re.compile(
    r"[\[【［][^\[\]【】［］\n]*[\]】］][ \t]*[(（][ \t]*"
    r"(?:[./]*/|#|[A-Za-z]+[:：]|[^()（）\s]*\.[A-Za-z])[^()（）\n]*[)）]"
)
_BOLD: Final = re.compile(r"(?<![*＊])(?:\*\*|＊＊)[ \t]*(?=[^\s*＊])[^*＊\n]*?[^\s*＊][ \t]*(?:\*\*|＊＊)(?![*＊])")
_OPENING: Final = re.compile(r"(?:^|(?<=[\s。，；：！？、（“]))(?:\*\*|＊＊)(?=[\w（“《])[^*＊\n]*\Z")
_ROW: Final = re.compile(r"[ \t]*[|｜][^|｜\n]+[|｜].*[|｜]?[ \t]*\Z")
_FENCE: Final = re.compile(r"[ \t]*(`{3,}|~{3,})")


class DoubtfulKind(Enum):
    """Kinds of doubtful marks."""

    MINUS = "minus"
    """A sign before a number that became the bullet of a list with one item."""
    UNDERLINED = "underlined"
    """A sentence or signature that became a heading."""
    NAME = "name"
    """Asterisks after a surname that became marks of bold text."""
    COMPARISON = "comparison"
    """Signs of "more than" that became a quotation."""
    DEFINITION = "definition"
    """A colon that became the mark of a definition."""
    PRODUCT = "product"
    """Asterisks between letters or digits that became italics."""
    RANGE = "range"
    """Tildes between digits that became struck text."""
    RAW_BOLD = "raw-bold"
    """Asterisks that stand on the page."""
    RAW_HEADING = "raw-heading"
    """Number signs that stand on the page."""
    RAW_PICTURE = "raw-picture"
    """A picture whose marks stand on the page."""
    RAW_LINK = "raw-link"
    """A link whose marks stand on the page."""
    RAW_ROW = "raw-row"
    """A row of a table that stands on the page as text."""


@dataclass(frozen=True)
class DoubtfulMark:
    """A mark that may not be meant so."""

    line: int
    """The line of the text, counted from 0."""
    kind: DoubtfulKind
    text: str
    """The beginning of the text there."""


def find_doubtful_marks(body: str, page: str) -> list[DoubtfulMark]:
    """Return signs that were read as marks, and marks that were read as text, by line.

    Args:
        body: the Markdown text.
        page: its HTML.
    """
    lines = _without_code(body.split("\n"))
    shown = _page_text(page)
    found = [
        *_lost_numbers(lines, page),
        *_headings(lines, page),
        *(mark for number, line in enumerate(lines) for mark in _inline(number, line)),
        *(mark for number, line in enumerate(lines) for mark in _left(number, line, shown)),
    ]
    return sorted(dict.fromkeys(found), key=lambda mark: (mark.line, mark.kind.value))


def mark_text(found: DoubtfulMark) -> str:
    """Return the message for a doubtful mark: what the page shows, and how to write it otherwise.

    Args:
        found: the mark.
    """
    return _messages()[found.kind].format(text=printable(found.text))


def _without_code(lines: Sequence[str]) -> list[str]:
    """Return lines with nothing in place of code, comments and lines that begin with an HTML tag."""
    kept = []
    fence, is_comment = "", False
    for line in lines:
        match = _FENCE.match(line)
        if fence:
            fence = "" if match and match[1].startswith(fence) else fence
            kept.append("")
            continue
        if match:
            fence = match[1]
        is_comment = is_comment or line.lstrip().startswith("<!--")
        hidden = fence or is_comment or re.match(r"[ \t]*</?[A-Za-z]", line)
        is_comment = is_comment and "-->" not in line
        kept.append("" if hidden else SHORT_CODE.sub(lambda code: "\x00" * len(code[0]), line))
    return kept


def _mark(line: int, kind: DoubtfulKind, text: str) -> DoubtfulMark:
    text = text.strip().replace("\x00", "`")
    return DoubtfulMark(line, kind, text if len(text) <= _LENGTH else text[:_LENGTH] + "…")


def _lost_numbers(lines: Sequence[str], page: str) -> Iterator[DoubtfulMark]:
    """Yield signs before numbers that became bullets, quotations and definitions."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for place, number in enumerate(filled):
        line = lines[number]
        before = lines[filled[place - 1]] if place else ""
        after = lines[filled[place + 1]] if place + 1 < len(filled) else ""
        sign = _SIGNED.match(line)
        if sign and not (_is_item_like(before, sign[1]) or _is_item_like(after, sign[1])):
            yield _mark(number, DoubtfulKind.MINUS, line)
        elif _COMPARED.match(line) and "<blockquote" in page and _all_compared(lines, number):
            yield _mark(number, DoubtfulKind.COMPARISON, line)
        elif _DEFINITION.match(line) and "<dd" in page and _is_doubtful_definition(line, before):
            yield _mark(number, DoubtfulKind.DEFINITION, line)


def _is_item_like(line: str, bullet: str) -> bool:
    """Tell whether a line is an item of the same list as one with this bullet; `+ 3` and `- 3` are amounts."""
    item = _ITEM.match(line)
    is_other_amount = item and item[1] != bullet and _SIGNED.match(line)
    return bool((item and not is_other_amount) or _NUMBER_ITEM.match(line))


def _all_compared(lines: Sequence[str], number: int) -> bool:
    """Tell whether each line of a quotation begins with a number."""
    first = last = number
    while first and _QUOTE.match(lines[first - 1]):
        first -= 1
    while last + 1 < len(lines) and _QUOTE.match(lines[last + 1]):
        last += 1
    return all(_COMPARED.match(line) for line in lines[first : last + 1])


def _is_doubtful_definition(line: str, term: str) -> bool:
    rest = line.strip()[1:]
    return len(rest) - len(rest.lstrip()) == 1 and (rest.lstrip()[:1].isdigit() or bool(_SENTENCE.search(term.strip())))


def _headings(lines: Sequence[str], page: str) -> Iterator[DoubtfulMark]:
    """Yield sentences and signatures that became headings, as a line of dashes stands under them."""
    if "<h" not in page:
        return
    for number, line in enumerate(lines[1:], 1):
        text = lines[number - 1].strip()
        starts = number == 1 or not lines[number - 2].strip()
        if not _RULE.match(line) or not text or not starts or text.startswith(("#", "|", ">", "-", "*", "+")):
            continue
        is_text = _SENTENCE.search(text) or (_SIGNATURE.search(text) and len(text) <= _LENGTH)
        if is_text and re.search(r"<h[1-6][^>]*>\s*" + re.escape(text[:1]), page):
            yield _mark(number - 1, DoubtfulKind.UNDERLINED, text)


def _inline(number: int, line: str) -> Iterator[DoubtfulMark]:
    """Yield asterisks and tildes that became marks beside a name, letters or digits."""
    if "*" in line:
        text = re.sub(r"\\.", "\x00\x00", line)
        start = match.end() if (match := _ITEM.match(text)) else 0
        for piece in find_emphasis(text[start:]):
            begin, end = piece.start + start, piece.end + start
            before, after = text[begin - 1 : begin] if begin else "", text[end : end + 1]
            if text[begin] != "*":
                continue
            if piece.tag == "strong" and before in SURNAMES and before and not text[begin - 2 : begin - 1].isalnum():
                yield _mark(number, DoubtfulKind.NAME, line[begin - 1 : end])
            elif piece.tag == "em" and (_is_latin(before) or _is_latin(after)):
                yield _mark(number, DoubtfulKind.PRODUCT, line[max(begin - 1, 0) : end + 1])
    for match in _STRUCK.finditer(line) if "~~" in line else ():
        if line[match.start() - 1 : match.start()].isdigit() or line[match.end() : match.end() + 1].isdigit():
            yield _mark(number, DoubtfulKind.RANGE, line[max(match.start() - 1, 0) : match.end() + 1])


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


_RAW: Final[dict[DoubtfulKind, re.Pattern[str]]] = {
    DoubtfulKind.RAW_PICTURE: _IMAGE,
    DoubtfulKind.RAW_LINK: _LINK,
    DoubtfulKind.RAW_BOLD: _BOLD,
}


def _left(number: int, line: str, shown: str) -> Iterator[DoubtfulMark]:
    """Yield marks that stand on the page as they were typed."""
    is_shown = _shows(shown)
    if (match := _HEADING.match(line)) and is_shown(line):
        yield _mark(number, DoubtfulKind.RAW_HEADING, line[match.start() :])
    if _ROW.match(line) and is_shown(line):
        yield _mark(number, DoubtfulKind.RAW_ROW, line)
    seen: list[range] = []
    for kind, pattern in _RAW.items():
        for match in pattern.finditer(line):
            inside = any(match.start() in other for other in seen)
            if not inside and is_shown(match[0]) and not (kind is DoubtfulKind.RAW_BOLD and _is_masked(line, match)):
                seen.append(range(*match.span()))
                yield _mark(number, kind, match[0])
    if (match := _OPENING.search(line)) and not seen and is_shown(match[0]):
        yield _mark(number, DoubtfulKind.RAW_BOLD, match[0])


def _is_masked(line: str, match: re.Match[str]) -> bool:
    """Tell whether two asterisks mask a name or a number, as in 王**与李**."""
    before = line[match.start() - 1 : match.start()] if match.start() else ""
    return before.isalnum()


def _shows(shown: str) -> Callable[[str], bool]:
    return lambda text: bool(text.strip()) and _folded(text) in shown


def _folded(text: str) -> str:
    return "".join(text.split())


class _PageText(HTMLParser):
    """The text of a page without code; the ends of blocks divide it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._code = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        self._code += tag in ("code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self._code -= tag in ("code", "pre")

    def handle_data(self, data: str) -> None:
        self.pieces.append("\x00" if self._code > 0 else data)


def _page_text(page: str) -> str:
    reader = _PageText()
    reader.feed(page)
    reader.close()
    return _folded("".join(reader.pieces))


def _messages() -> dict[DoubtfulKind, str]:
    return {
        DoubtfulKind.MINUS: _(
            "“{text}” is shown as an item of a list, without its sign; if minus or plus is meant, take out the blank "
            "after the sign, or write a backslash before it"
        ),
        DoubtfulKind.UNDERLINED: _(
            "“{text}” is shown as a heading, as a line of dashes stands under it; if it is text, put an empty line "
            "between them"
        ),
        DoubtfulKind.NAME: _(
            "“{text}” is shown with bold text and without its asterisks; if they hide a name, write a backslash "
            "before each: \\*\\*"
        ),
        DoubtfulKind.COMPARISON: _(
            "“{text}” is shown as a quotation, without its sign; if “more than” is meant, write a backslash before "
            "it: \\>"
        ),
        DoubtfulKind.DEFINITION: _(
            "“{text}” is shown as the explanation of the line before, without its colon; if it is text, write the "
            "colon at the end of the line before"
        ),
        DoubtfulKind.PRODUCT: _(
            "“{text}” is shown in italics and without its asterisks; if they mean times or hide something, write a "
            "backslash before each, or ×"
        ),
        DoubtfulKind.RANGE: _(
            "“{text}” is shown struck through and without its tildes; if a range is meant, write one tilde: ~"
        ),
        DoubtfulKind.RAW_BOLD: _(
            "the page shows the asterisks of “{text}”; for bold text write two before and two after it, without "
            "blanks inside"
        ),
        DoubtfulKind.RAW_HEADING: _(
            "the page shows the number signs of “{text}”; for a heading put a blank after them"
        ),
        DoubtfulKind.RAW_PICTURE: _("the page shows “{text}” as text, not a picture; write it as ![DESCRIPTION](FILE)"),
        DoubtfulKind.RAW_LINK: _("the page shows “{text}” as text, not a link; write it as [TEXT](ADDRESS)"),
        DoubtfulKind.RAW_ROW: _(
            "the page shows “{text}” as text, not as a row of a table; begin and end each row with | and give it as "
            "many cells as the others"
        ),
    }
