"""Inline patterns of the dialect: emphasis, links, pictures, tags and bare addresses."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.inlinepatterns import (
    ESCAPE_RE,
    IMAGE_LINK_RE,
    LINK_RE,
    EscapeInlineProcessor,
    HtmlInlineProcessor,
    ImageInlineProcessor,
    InlineProcessor,
    LinkInlineProcessor,
    SimpleTagInlineProcessor,
)
from markdown.util import INLINE_PLACEHOLDER_RE, AtomicString

from gongshi.site.html.allowlist import KNOWN
from gongshi.site.markdown.addresses import is_address
from gongshi.site.markdown.emphasis import RUNS, Emphasis, find_emphasis
from gongshi.site.markdown.marks import STRUCK

_TAG: Final = (
    r"(<(?:/?[a-zA-Z][a-zA-Z0-9-]*(?:\s+[a-zA-Z_:@][\w:.-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?"
    r"|!--(?:(?!-->).)*--)>|&(?:\#[0-9]+|\#x[0-9a-fA-F]+|[a-zA-Z0-9]+);)"
)
_URL: Final = (
    r"(?<![A-Za-z0-9_/.@=\"'+-])(?:https?://[A-Za-z0-9_.~:/?#\[\]@!$&'()*+,;=%-]+"
    r"|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)
_AFTER_ADDRESS: Final = ".,;:!?'\"*_~"
"""Signs at the end of an address that belong to the sentence around it."""
_NAME: Final = re.compile(r"</?([A-Za-z][A-Za-z0-9-]*)")
_SERVER: Final = re.compile(r"(?<![\x00-\x08\x0b-\x1f!-\x7e])\\\\[A-Za-z0-9][\w.-]*\\[^\\\s]")
_UNPAIRED: Final = re.compile("<([ABIQSU])>")
"""Tags that are text where nothing ends the element, as in `A<B>C`."""
_LINE_END: Final = re.compile(r"[ ]*\n[ ]*")


def set_inline_patterns(md: Markdown, keeps_lines: bool) -> None:
    """Register the inline patterns of the dialect in place of those of Markdown.

    Args:
        md: the converter.
        keeps_lines: True if something else turns the ends of lines into line breaks.
    """
    patterns = md.inlinePatterns
    for name in ("em_strong", "em_strong2", "not_strong", "entity", *(("linebreak",) if keeps_lines else ())):
        patterns.deregister(name, strict=False)
    patterns.register(_Escape(ESCAPE_RE, md), "escape", 180)
    patterns.register(_Emphasis(md), "em_strong", 60)
    patterns.register(_Link(LINK_RE, md), "link", 160)
    patterns.register(_Image(IMAGE_LINK_RE, md), "image_link", 150)
    for name in ("reference", "image_reference"):
        # `[甲] [乙]` is text, even where 乙 is the name of an address.
        cast(Any, patterns[name]).RE_LINK = re.compile(r"\[([^\]]*)\]")
    patterns.register(_Tag(_TAG, md), "html", 90)
    patterns.register(_BareAddress(_URL, md), "gongshi_address", 85)
    patterns.register(SimpleTagInlineProcessor("()" + STRUCK, "del"), "gongshi_del", 65)
    if not keeps_lines:
        patterns.register(_LineBreak(r"\\\n", md), "gongshi_backslash", 88)


class _Escape(EscapeInlineProcessor):
    """Escaped punctuation; backslashes stay in the attributes of tags and before the name of a server."""

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override]  # noqa: N802
        if m[1] in "'\"":
            tag = data.rfind("<", 0, m.start())
            if tag > data.rfind(">", 0, m.start()) and data[tag + 1].isalpha():
                return None, m.start(0), m.end(0)
        if m[1] == "\\" and _SERVER.match(data, m.start()):
            return None, m.start(0), m.end(0)
        return super().handleMatch(m, data)


class _Emphasis(InlineProcessor):
    """Bold and italic text by the rules for office texts."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(RUNS.pattern, md)
        self._text = ""
        self._found: dict[int, list[Emphasis]] = {}
        self._around = ("", "")
        self._moved = 0

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        if data is not self._text and data != self._text:
            self._read(data)
        for place in range(m.start() - self._moved, m.end() - self._moved):
            if pieces := self._found.get(place):
                element, _next = _element(data, pieces, 0, self._moved)
                start, end = pieces[0].start + self._moved, pieces[0].end + self._moved
                self._around = data[:start], data[end:]
                return element, start, end
        return None, None, None

    def _read(self, data: str) -> None:
        """Find the emphasis of a text, unless it is the one before with a placeholder for the piece found there."""
        before, after = self._around
        placeholder = data[len(before) : len(data) - len(after)]
        if INLINE_PLACEHOLDER_RE.fullmatch(placeholder) and data.startswith(before) and data.endswith(after):
            self._moved += len(data) - len(self._text)
        else:
            self._found, self._moved = _by_outermost(find_emphasis(data)), 0
        self._text = data


def _by_outermost(pieces: list[Emphasis]) -> dict[int, list[Emphasis]]:
    """Return pieces of emphasis by the place of the outermost piece around them."""
    groups: dict[int, list[Emphasis]] = {}
    end = -1
    start = 0
    for piece in pieces:
        if piece.start >= end:
            start, end = piece.start, piece.end
        groups.setdefault(start, []).append(piece)
    return groups


def _element(text: str, pieces: list[Emphasis], index: int, moved: int) -> tuple[Element, int]:
    """Return the element of a piece with those inside it, and the index of the next piece after it."""
    piece = pieces[index]
    element = Element(piece.tag)
    place, last = piece.inner_start + moved, None
    index += 1
    while index < len(pieces) and pieces[index].start < piece.inner_end:
        inner = pieces[index]
        _append_text(element, last, text[place : inner.start + moved])
        last, index = _element(text, pieces, index, moved)
        element.append(last)
        place = inner.end + moved
    _append_text(element, last, text[place : piece.inner_end + moved])
    return element, index


def _append_text(element: Element, last: Element | None, text: str) -> None:
    if last is None:
        element.text = text
    else:
        last.tail = text


class _Tag(HtmlInlineProcessor):
    """Tags of known elements and character references; other text in angle brackets stays text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        name = _NAME.match(m[0])
        if name and (name[1].lower() not in KNOWN or _is_unpaired(m[0], data)):
            return None, None, None
        found, start, end = super().handleMatch(m, data)
        if name and name[1].lower() == "br" and (line_end := _LINE_END.match(data, m.end())):
            end = line_end.end()
        return found, start, end


def _is_unpaired(tag: str, data: str) -> bool:
    match = _UNPAIRED.fullmatch(tag)
    return bool(match and f"</{match[1]}>".lower() not in data.lower())


class _Link(LinkInlineProcessor):
    """Links whose brackets hold an address; `〔2026〕(3)` and `[一](二)` stay text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        found: Any = super().handleMatch(m, data)
        return found if _has_address(found[0], "href") else (None, None, None)


class _Image(ImageInlineProcessor):
    """Pictures whose brackets hold an address."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        found: Any = super().handleMatch(m, data)
        return found if _has_address(found[0], "src") else (None, None, None)


def _has_address(element: Element | None, attribute: str) -> bool:
    """Tell whether a pattern found an element, and its attribute can be an address."""
    return element is not None and is_address(element.get(attribute, ""))


class _BareAddress(InlineProcessor):
    """Links from addresses in running text; they end before Chinese text and punctuation."""

    ANCESTOR_EXCLUDES: ClassVar[tuple[str, ...]] = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        address = m[0].rstrip(_AFTER_ADDRESS)
        end, surplus = len(address), address.count(")") - address.count("(")
        while surplus > 0 and address[end - 1] == ")":
            end, surplus = end - 1, surplus - 1
            while address[end - 1] in _AFTER_ADDRESS:
                end -= 1
        address = address[:end]
        is_mail = "://" not in address
        if not is_mail and not re.match(r"https?://[A-Za-z0-9\[]", address):
            return None, None, None
        link = Element("a", {"href": ("mailto:" if is_mail else "") + address})
        link.text = AtomicString(address)
        return link, m.start(), m.start() + len(address)


class _LineBreak(InlineProcessor):
    """Line break after a backslash."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        return Element("br"), m.start(), m.end()
