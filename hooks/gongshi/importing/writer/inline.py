"""Writes the inside of a paragraph, item, cell or heading as Markdown, or as HTML."""

from __future__ import annotations

import re
from collections.abc import Collection, Hashable, Iterable, Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from gongshi.importing.writer.blanks import indentation, spaced, to_fill_in
from gongshi.importing.writer.blocks import Content, Inline, Note, Picture, Text, is_blank, lines_of
from gongshi.importing.writer.escapes import Piece, Strength, text_pieces

_ORDER: Final = ("strong", "em", "s", "u", "sup", "sub")
_SIGNS: Final = {"strong": "**", "em": "*", "s": "~~"}
_NOT_IN_ADDRESS: Final = re.compile(r"[\s<>\"'`\\*|\x00-\x1f]")
_BRACKETS: Final = re.compile(r"[()\[\]（）]")


@dataclass(frozen=True)
class InlineStyle:
    """The place for which a content is written."""

    line_end: str
    """The end of a line inside it: a line end with the indentation of the next line, or `<br>`."""
    is_cell: bool = False
    is_paragraph: bool = False
    """True where blanks at the beginning of a line move it to the right."""


@dataclass(frozen=True)
class _Span:
    """Text with the marks around it, outermost first in `_nested`."""

    inline: Inline
    marks: frozenset[str]
    """Names of marks; a link is `a:` with its address."""


def pieces_of(content: Content, style: InlineStyle, strength: Strength) -> list[Piece]:
    """Return a content as pieces of Markdown, each with the ways in which it can be written.

    Args:
        content: its lines.
        style: where it stands.
        strength: the way to protect text.
    """
    pieces: list[Piece] = []
    for number, line in enumerate(each for each in lines_of(content) if not is_blank(each)):
        if number:
            pieces.append(Piece(style.line_end, style.line_end))
        pieces.extend(_LineWriter(number, style, strength).pieces(_without_edges(line, style, not number)))
    return pieces


def written(pieces: Iterable[Piece], protected: Collection[Hashable]) -> str:
    """Return pieces as Markdown.

    Args:
        pieces: the pieces.
        protected: the groups that are written in the safe way.
    """
    return "".join([each.safe if each.group in protected else each.plain for each in pieces])


def groups_of(pieces: Iterable[Piece]) -> list[Hashable]:
    """Return the groups of pieces that can be written in two ways, each once, in their order.

    Args:
        pieces: the pieces.
    """
    return list(dict.fromkeys(each.group for each in pieces if each.group is not None and each.plain != each.safe))


def html_of(content: Content, style: InlineStyle) -> str:
    """Return a content as HTML in which Markdown reads nothing.

    Args:
        content: its lines.
        style: where it stands.
    """
    lines = [_without_edges(line, style, True) for line in lines_of(content) if not is_blank(line)]
    return style.line_end.join(_html_line(line) for line in lines)


def _without_edges(line: Content, style: InlineStyle, is_first: bool) -> list[Inline]:
    """Return a line without the blanks at its ends; those that show something are written as entities."""
    inner = list(line)
    blanks = ""
    while inner and isinstance(inner[0], Text) and not _is_to_fill_in(inner[0]):
        text = inner[0].text
        words = text.lstrip()
        blanks += text[: len(text) - len(words)]
        if words:
            inner[0] = Text(words, inner[0].marks, inner[0].href)
            break
        del inner[0]
    while inner and isinstance(inner[-1], Text) and not _is_to_fill_in(inner[-1]):
        words = inner[-1].text.rstrip()
        if words:
            inner[-1] = Text(words, inner[-1].marks, inner[-1].href)
            break
        del inner[-1]
    has_indentation = style.is_cell or style.is_paragraph
    entity = indentation(blanks, style.is_cell, is_first) if has_indentation else ""
    return [Text(entity, frozenset(("entity",))), *inner] if entity else inner


def _is_to_fill_in(each: Text) -> bool:
    return "u" in each.marks and not each.text.strip()


def _spans(line: Iterable[Inline]) -> list[_Span]:
    """Return the parts of a line, joined where they have the same marks, with blanks outside of the marks."""
    spans: list[_Span] = []
    for each in line:
        if not isinstance(each, Text):
            spans.append(_Span(each, frozenset()))
            continue
        marks = each.marks | ({"a:" + each.href} if each.href else frozenset())
        if _is_to_fill_in(each):
            spans.append(_Span(Text(to_fill_in(each.text)), frozenset("u")))
            continue
        text = each.text
        last = spans[-1] if spans else None
        if last and isinstance(last.inline, Text) and not text.strip():
            # A blank belongs to the marks before it, until the next words show that they have ended.
            spans[-1] = _Span(Text(last.inline.text + text), last.marks)
        elif last and isinstance(last.inline, Text) and last.marks == marks and "entity" not in marks:
            spans[-1] = _Span(Text(last.inline.text + text), marks)
        elif text:
            spans.append(_Span(Text(text), marks))
    return list(_with_blanks_outside(spans))


def _with_blanks_outside(spans: list[_Span]) -> Iterator[_Span]:
    """Move the blanks at the ends of marked text out of the marks, where Markdown reads them."""
    common = [
        left.marks & right.marks for left, right in zip(spans, [*spans[1:], _Span(Text(""), frozenset())], strict=True)
    ]
    before: frozenset[str] = frozenset()
    for span, after in zip(spans, common, strict=True):
        if not isinstance(span.inline, Text) or not span.inline.text.strip() or "entity" in span.marks:
            yield span
        else:
            text = span.inline.text
            words = text.strip()
            start = len(text) - len(text.lstrip())
            if start:
                yield _Span(Text(text[:start]), before)
            yield _Span(Text(words), span.marks)
            if text[start + len(words) :]:
                yield _Span(Text(text[start + len(words) :]), after)
        before = after


def _nested(spans: list[_Span]) -> Iterator[tuple[list[str], list[str], _Span]]:
    """Yield each span with the marks that end before it, innermost first, and those that begin, outermost first."""
    ends = _ends(spans)
    opened: list[str] = []
    for number, span in enumerate(spans):
        wanted = sorted(span.marks - {"entity"}, key=lambda mark: (-ends[number][mark], _rank(mark)))
        keep = 0
        while keep < min(len(opened), len(wanted)) and opened[keep] == wanted[keep]:
            keep += 1
        yield opened[keep:][::-1], wanted[keep:], span
        opened = wanted


def _ends(spans: list[_Span]) -> list[dict[str, int]]:
    """Return for each span the place after the last span up to which each of its marks goes on."""
    found: list[dict[str, int]] = [{} for _span in spans]
    for number in range(len(spans) - 1, -1, -1):
        following = found[number + 1] if number + 1 < len(spans) else {}
        found[number] = {mark: following.get(mark, number + 1) for mark in spans[number].marks}
    return found


def _rank(mark: str) -> int:
    return _ORDER.index(mark) if mark in _ORDER else -1


class _LineWriter:
    """Writes one line as pieces of Markdown."""

    def __init__(self, number: int, style: InlineStyle, strength: Strength) -> None:
        self._line = number
        self._style = style
        self._strength = strength
        self._opened: list[tuple[str, Piece]] = []
        """The marks that are open, with the pieces that end them."""
        self._count = 0
        self._begins_line = True

    def pieces(self, line: Iterable[Inline]) -> Iterator[Piece]:
        nested = list(_nested(_spans(line)))
        for place, (ended, begun, span) in enumerate(nested):
            for _mark in ended:
                yield self._opened.pop()[1]
            following = nested[place + 1][0] if place + 1 < len(nested) else begun
            is_bare = bool(begun) and begun[-1] in following and _is_bare(begun[-1], span)
            for mark in begun[:-1] if is_bare else begun:
                yield self._start_of(mark)
            if is_bare:
                yield self._bare_link(begun[-1], span)
            else:
                yield from self._inline(span)
            self._begins_line = False
        while self._opened:
            yield self._opened.pop()[1]

    def _start_of(self, mark: str) -> Piece:
        self._count += 1
        group = ("mark", self._line, self._count)
        if mark.startswith("a:"):
            # A backtick would begin code even in a tag.
            tag, end = f'<a href="{escape(mark[2:]).replace("`", "%60")}">', "</a>"
            plain, plain_end = "[", f"]({address_of(mark[2:])})"
        else:
            tag, end = f"<{mark}>", f"</{mark}>"
            plain, plain_end = _SIGNS.get(mark, tag), _SIGNS.get(mark, end)
        self._opened.append((mark, self._piece(plain_end, end, group)))
        return self._piece(plain, tag, group)

    def _piece(self, plain: str, safe: str, group: Hashable) -> Piece:
        """Return a piece; in the strong ways of protecting text, marks are tags always."""
        return Piece(plain, safe, group) if self._strength is Strength.MARKS else Piece(safe, safe)

    def _bare_link(self, mark: str, span: _Span) -> Piece:
        assert isinstance(span.inline, Text)
        address = span.inline.text
        self._opened.append((mark, Piece("", "")))
        # In a tag, the address would be read as a link once more.
        safe = f"[{escape(address)}]({address_of(mark[2:])})"
        return self._piece(address, safe, ("bare", self._line, address))

    def _inline(self, span: _Span) -> Iterator[Piece]:
        inline = span.inline
        if isinstance(inline, Text):
            yield from self._text(inline.text, "entity" in span.marks)
        elif isinstance(inline, Picture):
            plain = f"![{_alt(inline.alt)}]({address_of(inline.src)}){width_of(inline)}"
            yield self._piece(plain, picture_tag(inline), ("picture", self._line, inline.src))
        elif isinstance(inline, Note):
            yield self._piece(f"[^{inline.id}]", _note(inline), ("note", self._line))

    def _text(self, text: str, is_entity: bool) -> Iterator[Piece]:
        if is_entity:
            yield Piece(text, text)
            return
        yield from text_pieces(spaced(text), self._line, self._begins_line, self._style.is_cell, self._strength)


def _is_bare(mark: str, span: _Span) -> bool:
    """Tell whether a link has its address as its text, so that it needs no marks."""
    inline = span.inline
    return mark.startswith("a:") and isinstance(inline, Text) and mark[2:].removeprefix("mailto:") == inline.text


def address_of(href: str) -> str:
    """Return an address as it is written in the brackets of a link.

    Args:
        href: the address.
    """
    address = _NOT_IN_ADDRESS.sub(_percent, href)
    depth = 0
    for match in _BRACKETS.finditer(address):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if not 0 <= depth <= 1 or match[0] not in "()":
            break
    else:
        if not depth:
            return address
    return _BRACKETS.sub(_percent, address)


def _percent(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8"))


def _alt(alt: str) -> str:
    return re.sub(r"([\\\[\]`*_<&])", r"\\\1", " ".join(alt.split()))


def width_of(picture: Picture) -> str:
    """Return the width of a picture as it is written behind it in Markdown; nothing if it has none.

    Args:
        picture: the picture.
    """
    return f"{{width={picture.width}}}" if picture.width else ""


def picture_tag(picture: Picture) -> str:
    """Return a picture without its caption as HTML.

    Args:
        picture: the picture.
    """
    width = f' width="{picture.width}"' if picture.width else ""
    alt = escape(" ".join(picture.alt.split())).replace("`", "&#96;")
    return f'<img src="{escape(picture.src)}" alt="{alt}"{width}>'


def _note(note: Note) -> str:
    return f'<sup id="fnref:{note.id}"><a href="#fn:{note.id}">{note.id}</a></sup>'


def _html_line(line: list[Inline]) -> str:
    pieces: list[str] = []
    opened: list[str] = []
    for ended, begun, span in _nested(_spans(line)):
        pieces.extend(f"</{_tag_name(mark)}>" for mark in ended)
        del opened[len(opened) - len(ended) :]
        pieces.extend(f'<a href="{escape(mark[2:])}">' if mark.startswith("a:") else f"<{mark}>" for mark in begun)
        opened.extend(begun)
        inline = span.inline
        if isinstance(inline, Text):
            pieces.append(inline.text if "entity" in span.marks else escape(spaced(inline.text), quote=False))
        elif isinstance(inline, Picture):
            pieces.append(picture_tag(inline))
        elif isinstance(inline, Note):
            pieces.append(_note(inline))
    pieces.extend(f"</{_tag_name(mark)}>" for mark in reversed(opened))
    return "".join(pieces)


def _tag_name(mark: str) -> str:
    return "a" if mark.startswith("a:") else mark
