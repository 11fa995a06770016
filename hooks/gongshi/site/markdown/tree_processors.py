"""Tree processors of the dialect: line breaks, tick boxes, numbers of lists, abbreviations and ids."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.abbr import AbbrTreeprocessor
from markdown.extensions.toc import slugify_unicode
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

SIGNOFF: Final = "signoff"
"""The class of the paragraphs at the end of a text that name the unit and the day."""
_TICK: Final = re.compile(r"\[([ xX])\](?=\s)")
_SPECIAL: Final = re.compile(r"[`\\\[<&*_＊~@\x02]|://|  \n")
"""A text without these has nothing for an inline pattern of Markdown, footnotes or the dialect."""
_PATTERNS: Final = frozenset(
    """
    backtick escape footnote reference link image_link image_reference short_reference short_image_ref autolink automail
    linebreak html em_strong gongshi_address gongshi_del gongshi_backslash
    """.split()  # noqa: SIM905
)
"""The inline patterns that are known to need one of these characters."""
_PREFORMATTED: Final = frozenset(("pre", "script", "style", "textarea"))


class _Plain(AtomicString):
    """Text that no inline pattern matches, so that Markdown need not try them."""


def set_tree_processors(md: Markdown, keeps_lines: bool, attributes: re.Pattern[str]) -> None:
    """Register the tree processors of the dialect.

    Args:
        md: the converter.
        keeps_lines: True to turn the ends of lines inside a paragraph into line breaks.
        attributes: matches a line that is an attribute list.
    """
    md.treeprocessors.register(_TickBoxes(md), "gongshi_ticks", 30)
    md.treeprocessors.register(_PlainText(md), "gongshi_plain", 21)
    md.treeprocessors.register(_LineEnds(md, keeps_lines, attributes), "gongshi_lines", 19.5)
    if not keeps_lines:
        md.treeprocessors.register(_SignatureLines(md), "gongshi_signature", 7)
    md.treeprocessors.register(_Numbers(md), "gongshi_numbers", 4)
    md.treeprocessors.register(_Anchors(md), "gongshi_anchors", 3)


class _PlainText(Treeprocessor):
    """Excludes texts without any mark from the inline patterns, each of which would be searched for otherwise."""

    def run(self, root: Element) -> None:
        patterns = self.md.inlinePatterns
        if len(patterns) > len(_PATTERNS) or not all(name in patterns for name in ("em_strong", "html")):
            return
        if sum(name in patterns for name in _PATTERNS) != len(patterns):
            return
        for element in root.iter():
            text = element.text
            if text and type(text) is str and not _SPECIAL.search(text):
                element.text = _Plain(text)


class _LineEnds(Treeprocessor):
    """Keeps the ends of lines inside a paragraph as line breaks, and ends the exclusion of plain text."""

    def __init__(self, md: Markdown, keeps_lines: bool, attributes: re.Pattern[str]) -> None:
        super().__init__(md)
        self._keeps_lines = keeps_lines
        self._attributes = attributes

    def run(self, root: Element) -> None:
        for element in list(root.iter()):
            text = element.text
            if type(text) is _Plain:
                element.text = text = str(text)
            if not self._keeps_lines:
                continue
            if text and "\n" in text and type(text) is str and element.tag not in _PREFORMATTED:
                self._break_text(element, text)
            for child in list(element):
                tail = child.tail
                if tail and "\n" in tail and type(tail) is str:
                    self._break_tail(element, child, tail)

    def _break_text(self, element: Element, text: str) -> None:
        following = element[0] if len(element) else None
        first, *lines = self._lines(text, following)
        element.text = first
        for place, line in enumerate(lines):
            element.insert(place, _line_break(line))

    def _break_tail(self, parent: Element, child: Element, tail: str) -> None:
        if self.md.is_block_level(child.tag):
            return
        place = list(parent).index(child) + 1
        first, *lines = self._lines(tail, parent[place] if place < len(parent) else None)
        child.tail = first
        for number, line in enumerate(lines):
            parent.insert(place + number, _line_break(line))

    def _lines(self, text: str, following: Element | None) -> list[str]:
        """Return the lines of a text; an attribute list stays with the line before, and so does an end without text."""
        lines = text.split("\n")
        last = len(lines) - 1
        is_end = following is None or self.md.is_block_level(following.tag)
        # A blank before or after an element in the same line separates words.
        for number, line in enumerate(lines):
            trimmed = line.lstrip(" ") if number else line
            lines[number] = trimmed.rstrip(" ") if number < last or is_end else trimmed
        if is_end and not lines[-1]:
            lines.pop()
        if len(lines) > 1 and self._attributes.fullmatch(lines[-1]):
            lines[-2:] = [f"{lines[-2]}\n{lines[-1]}"]
        return [line.removesuffix("\\") if number < len(lines) else line for number, line in enumerate(lines, 1)]


def _line_break(text: str) -> Element:
    element = Element("br")
    element.tail = text
    return element


class _SignatureLines(Treeprocessor):
    """Keeps the lines of a signature where the lines of other paragraphs are joined."""

    def run(self, root: Element) -> None:
        for paragraph in root.iter("p"):
            if SIGNOFF in paragraph.get("class", "").split():
                _break_lines(paragraph)


def _break_lines(paragraph: Element) -> None:
    """Turn the line ends of a paragraph into line breaks, when Markdown has tidied its own already."""
    for child in [None, *paragraph]:
        text = (paragraph.text if child is None else child.tail) or ""
        first, *others = text.split("\n")
        if not others or (child is not None and child.tag == "br"):
            continue
        if child is None:
            paragraph.text = first
        else:
            child.tail = first
        place = 0 if child is None else list(paragraph).index(child) + 1
        for offset, line in enumerate(others):
            paragraph.insert(place + offset, _line_break("\n" + line))


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


class _Anchors(Treeprocessor):
    """Leads links to the words of a heading, as in `#一、总体要求（试行）`, to the id made of these words."""

    def run(self, root: Element) -> None:
        links = [link for link in root.iter("a") if link.get("href", "").startswith("#")]
        if not links:
            return
        ids = {each for element in root.iter() if (each := element.get("id"))}
        for link in links:
            words = unquote(link.get("href", "")[1:])
            if words not in ids and (name := slugify_unicode(words, "-")) in ids:
                link.set("href", "#" + name)


class _TickBoxes(Treeprocessor):
    """Shows `[x]` and `[ ]` at the beginning of an item as boxes."""

    def run(self, root: Element) -> None:
        for item in root.iter("li"):
            holder = item[0] if not (item.text or "").strip() and len(item) and item[0].tag == "p" else item
            text: str = holder.text or ""
            if match := _TICK.match(text):
                holder.text = ("☐" if match[1] == " " else "☑") + text[match.end() :]


class Abbreviations(AbbrTreeprocessor):
    """Abbreviations, also between Chinese characters, where there is no word boundary."""

    def run(self, root: Element) -> None:
        """Mark the abbreviations of a text.

        Args:
            root: the element of the whole text.
        """
        if not self.abbrs:
            return
        keys = sorted(self.abbrs, key=len, reverse=True)
        self.RE = re.compile("|".join(_bounded(key) for key in keys))
        self.iter_element(root)


def _bounded(key: str) -> str:
    start = r"(?<![A-Za-z0-9_])" if re.match(r"[A-Za-z0-9_]", key) else ""
    end = r"(?![A-Za-z0-9_])" if re.search(r"[A-Za-z0-9_]\Z", key) else ""
    return start + re.escape(key) + end
