"""Markdown extension for the texts of offices: what editors type is what readers see."""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final, cast
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import OListProcessor, UListProcessor
from markdown.extensions import Extension
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown.extensions.tables import TableProcessor
from markdown.extensions.toc import slugify, slugify_unicode
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
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from gongshi.site.html.allowlist import KNOWN
from gongshi.site.markdown.addresses import is_address
from gongshi.site.markdown.emphasis import RUNS, Emphasis, find_emphasis
from gongshi.site.markdown.lines import normalize_lines
from gongshi.site.markdown.signoff import SignatureLines

_ATTRIBUTE: Final = r"""(?:[.#][A-Za-z_][\w:.-]*|[A-Za-z_][\w:.-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s}"'=]+))"""
_ATTRIBUTES: Final = r"\{:?[ ]*(" + _ATTRIBUTE + r"(?:[ ]+" + _ATTRIBUTE + r")*)[ ]*\}"
_PUNCTUATION: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_HTML: Final = (
    r"(<(?:/?[a-zA-Z][a-zA-Z0-9-]*(?:\s+[a-zA-Z_:@][\w:.-]*(?:\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s\"'=<>`]+))?)*\s*/?"
    r"|!--(?:(?!-->).)*--)>)"
)
_URL: Final = (
    r"(?<![A-Za-z0-9_/.@=\"'+-])(?:https?://[A-Za-z0-9_.~:/?#\[\]@!$&'()*+,;=%-]+"
    r"|[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
)
_STRUCK: Final = r"()~~(?![~\s])((?:[^~\n]|~(?!~))+?)(?<!\s)~~(?!~)"
_AFTER_ADDRESS: Final = ".,;:!?'\"*_~"
"""Signs at the end of an address that belong to the sentence around it."""
_TICK: Final = re.compile(r"\[([ xX])\](?=\s)")


class OfficeText(Extension):
    """Markdown extension that reads texts as office staff write them; it must follow all others that are not ours.

    Args:
        joins_lines: True to leave the lines of a paragraph as Markdown has them: one running text; False to keep its
            line breaks.
    """

    def __init__(self, joins_lines: bool = False) -> None:
        super().__init__()
        self.joins_lines = joins_lines

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the processors with Markdown.

        Args:
            md: the converter.
        """
        md.registerExtension(self)
        md.ESCAPED_CHARS[:] = dict.fromkeys([*md.ESCAPED_CHARS, *_PUNCTUATION])
        md.preprocessors.register(_Lines(md), "gongshi_lines", 31)
        _set_blocks(md)
        _set_inlines(md, self.joins_lines)
        md.treeprocessors.register(_TickBoxes(md), "gongshi_ticks", 30)
        md.treeprocessors.register(_Numbers(md), "gongshi_numbers", 4)
        if self.joins_lines:
            md.treeprocessors.register(SignatureLines(md), "gongshi_signature", 7)
        _adjust_others(md)

    def reset(self) -> None:
        """Do nothing: nothing of a page is kept for the next."""


def _adjust_others(md: Markdown) -> None:
    """Change the rules of the extensions that are registered before."""
    if "attr_list" in md.treeprocessors:
        lists: Any = md.treeprocessors["attr_list"]
        lists.HEADER_RE = re.compile(r"[ ]+" + _ATTRIBUTES + r"[ ]*$")
        lists.BLOCK_RE = re.compile(r"\n[ ]*" + _ATTRIBUTES + r"[ ]*$")
        lists.INLINE_RE = re.compile("^" + _ATTRIBUTES)
    if "abbr" in md.treeprocessors:
        abbreviations: Any = md.treeprocessors["abbr"]
        md.treeprocessors.register(_Abbreviations(md, abbreviations.abbrs), "abbr", 7)
    if "toc" in md.treeprocessors:
        headings: Any = md.treeprocessors["toc"]
        if headings.slugify is slugify:
            headings.slugify = slugify_unicode


def _set_blocks(md: Markdown) -> None:
    blocks = md.parser.blockprocessors
    blocks.deregister("code", strict=False)
    blocks.register(_NumberedList(md.parser), "olist", 40)
    blocks.register(_BulletList(md.parser), "ulist", 30)
    blocks.register(_Table(md.parser, {"use_align_attribute": False}), "table", 75)
    if "|" not in md.ESCAPED_CHARS:
        md.ESCAPED_CHARS.append("|")


def _set_inlines(md: Markdown, joins_lines: bool) -> None:
    patterns = md.inlinePatterns
    patterns.register(_Escape(ESCAPE_RE, md), "escape", 180)
    patterns.deregister("em_strong", strict=False)
    patterns.deregister("em_strong2", strict=False)
    patterns.register(_Emphasis(md), "em_strong", 60)
    patterns.register(_Link(LINK_RE, md), "link", 160)
    patterns.register(_Image(IMAGE_LINK_RE, md), "image_link", 150)
    for name in ("reference", "image_reference"):
        # `[甲] [乙]` is text, even where 乙 is the name of an address.
        cast(Any, patterns[name]).RE_LINK = re.compile(r"\[([^\]]*)\]")
    patterns.register(_Tag(_HTML, md), "html", 90)
    patterns.register(_BareAddress(_URL, md), "gongshi_address", 85)
    patterns.register(SimpleTagInlineProcessor(_STRUCK, "del"), "gongshi_del", 65)
    patterns.register(_LineBreak(r"\\\n", md), "gongshi_backslash", 88)
    if not joins_lines:
        attributes = r"(?![ ]*" + _ATTRIBUTES + r"[ ]*(?:\n|$))"
        patterns.register(_LineBreak(r"[ ]*\n" + attributes + "[ ]*", md), "gongshi_line_end", 20)


class _Lines(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return normalize_lines(lines)


class _NumberedList(OListProcessor):
    """Numbered list whose items keep the numbers that were typed."""

    SIBLING_TAGS: ClassVar[list[str]] = ["ol"]
    LAZY_OL = False

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.CHILD_RE = re.compile(r"^[ ]{0,3}((\d+\.))[ ]+(.*)")

    def run(self, parent: Element, blocks: list[str]) -> None:
        numbers = [match[1] for line in blocks[0].split("\n") if (match := re.match(r"[ ]{0,3}(\d+)\.[ ]+", line))]
        before = len(parent[-1]) if len(parent) and parent[-1].tag == "ol" else 0
        if parent.tag in ("ol", "ul"):
            before = len(parent)
        super().run(parent, blocks)
        made = parent if parent.tag in ("ol", "ul") else parent[-1]
        made.attrib.pop("start", None)
        items = [item for item in made if item.tag == "li"][before:]
        for item, number in zip(items, numbers, strict=False):
            item.set("value", number)


class _BulletList(UListProcessor):
    SIBLING_TAGS: ClassVar[list[str]] = ["ul"]

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.CHILD_RE = re.compile(r"^[ ]{0,3}(([*+-]))[ ]+(.*)")


class _Numbers(Treeprocessor):
    """Keeps the typed number of a list item only where a browser would count another one."""

    def run(self, root: Element) -> None:
        for numbered in root.iter("ol"):
            expected = 1
            for index, item in enumerate(numbered.findall("li")):
                typed = item.attrib.pop("value", None)
                number = int(typed) if typed and typed.isdigit() else expected
                if number != expected:
                    (numbered if index == 0 else item).set("start" if index == 0 else "value", str(number))
                expected = number + 1


class _TickBoxes(Treeprocessor):
    """Shows `[x]` and `[ ]` at the beginning of an item as boxes."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            holder = item[0] if not (item.text or "").strip() and len(item) and item[0].tag == "p" else item
            if match := _TICK.match(holder.text or ""):
                holder.text = ("☐" if match[1] == " " else "☑") + (holder.text or "")[match.end() :]


class _Table(TableProcessor):
    """Table that is as wide as its widest row, and without an empty header."""

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        rows = [row.strip(" ") for row in block.split("\n")]
        if len(rows) < 2 or "|" not in block:
            return False
        own: Any = self
        own.border = (1 if rows[0].startswith("|") else 0) | (2 if self.RE_END_BORDER.search(rows[0]) else 0)
        separator = own._split_row(rows[1])
        if not set("".join(separator)) <= set("|:- ") or "-" not in rows[1]:
            return False
        if "|" not in rows[0] or "|" not in rows[1]:
            return False
        width = max(len(own._split_row(row)) for row in (rows[0], *rows[2:]))
        own.separator = [*separator, *[""] * (width - len(separator))]
        return True

    def run(self, parent: Element, blocks: list[str]) -> None:
        super().run(parent, blocks)
        table = parent[-1]
        head = table.find("thead")
        if head is not None and not any((cell.text or "").strip() for cell in head.iter("th")):
            table.remove(head)
        for row in table.iter("tr"):
            for cell in row:
                cell.text = cell.text or ""


class _Emphasis(InlineProcessor):
    """Bold and italic text by the rules for office texts."""

    def __init__(self, md: Markdown) -> None:
        super().__init__(RUNS.pattern, md)
        self._text = ""
        self._found: dict[int, list[Emphasis]] = {}

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        if data != self._text:
            self._text = data
            self._found = _by_outermost(find_emphasis(data))
        for place in range(m.start(), m.end()):
            if pieces := self._found.get(place):
                element, _next = _element(data, pieces, 0)
                return element, pieces[0].start, pieces[0].end
        return None, None, None


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


def _element(text: str, pieces: list[Emphasis], index: int) -> tuple[Element, int]:
    """Return the element of a piece with those inside it, and the index of the next piece after it."""
    piece = pieces[index]
    element = Element(piece.tag)
    place, last = piece.inner_start, None
    index += 1
    while index < len(pieces) and pieces[index].start < piece.inner_end:
        inner = pieces[index]
        _append_text(element, last, text[place : inner.start])
        last, index = _element(text, pieces, index)
        element.append(last)
        place = inner.end
    _append_text(element, last, text[place : piece.inner_end])
    return element, index


def _append_text(element: Element, last: Element | None, text: str) -> None:
    if last is None:
        element.text = text
    else:
        last.tail = text


class _Escape(EscapeInlineProcessor):
    """Backslashes before signs; one before the quotation mark that ends an address in a tag belongs to the address."""

    def handleMatch(self, m: re.Match[str], data: str) -> Any:  # type: ignore[override]  # noqa: N802
        is_quote = m[1] in ("'", '"')
        if is_quote and any(tag.start() < m.start() < tag.end() for tag in re.finditer(_HTML, data, re.DOTALL)):
            return None, None, None
        return super().handleMatch(m, data)


class _Tag(HtmlInlineProcessor):
    """Tags of known elements; other text in angle brackets stays text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        name = re.match(r"</?([A-Za-z][A-Za-z0-9-]*)", m[0])
        if name and name[1].lower() not in KNOWN:
            return None, None, None
        return super().handleMatch(m, data)


class _Link(LinkInlineProcessor):
    """Links whose brackets hold an address; `〔2026〕(3)` and `[一](二)` stay text."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        found: Any = super().handleMatch(m, data)
        return found if found[0] is not None and is_address(found[0].get("href", "")) else (None, None, None)


class _Image(ImageInlineProcessor):
    """Pictures whose brackets hold an address."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Any, int | None, int | None]:  # type: ignore[override]  # noqa: N802
        found: Any = super().handleMatch(m, data)
        return found if found[0] is not None and is_address(found[0].get("src", "")) else (None, None, None)


class _BareAddress(InlineProcessor):
    """Links from addresses in running text; they end before Chinese text and punctuation."""

    ANCESTOR_EXCLUDES = ("a",)

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element | None, int | None, int | None]:  # type: ignore[override]  # noqa: ARG002, N802
        address = m[0].rstrip(_AFTER_ADDRESS)
        while address.endswith(")") and address.count(")") > address.count("("):
            address = address[:-1].rstrip(_AFTER_ADDRESS)
        is_mail = "://" not in address
        if not is_mail and not re.match(r"https?://[A-Za-z0-9\[]", address):
            return None, None, None
        link = Element("a", {"href": ("mailto:" if is_mail else "") + address})
        link.text = AtomicString(address)
        return link, m.start(), m.start() + len(address)


class _LineBreak(InlineProcessor):
    """Keeps the ends of lines inside a paragraph."""

    def handleMatch(self, m: re.Match[str], data: str) -> tuple[Element, int, int]:  # type: ignore[override]  # noqa: ARG002, N802
        return Element("br"), m.start(), m.end()


class _Abbreviations(AbbrTreeprocessor):
    """Abbreviations, also between Chinese characters, where there is no word boundary."""

    def run(self, root: Element) -> None:
        if not self.abbrs:
            return
        keys = sorted(self.abbrs, key=len, reverse=True)
        self.RE = re.compile("|".join(_bounded(key) for key in keys))
        self.iter_element(root)


def _bounded(key: str) -> str:
    start = r"(?<![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", key) else ""
    end = r"(?![A-Za-z0-9_])" if re.search(r"[A-Za-z0-9_]\Z", key) else ""
    return start + re.escape(key) + end
