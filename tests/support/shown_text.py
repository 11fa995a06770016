"""The examples of the handbook's page on the text: what is typed, and what the converter makes of it.

Blocks of the page have two columns. `python tests/support/shown_text.py` writes the right one anew, in both languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from xml.etree.ElementTree import Element, TreeBuilder

from markdown import Markdown
from rich.cells import cell_len

from gongshi.cli.commands.help import MANUAL
from gongshi.site.html.allowlist import VOID
from gongshi.site.html.line_ends import join_html_lines
from gongshi.site.html.presentation import with_theme_classes
from gongshi.site.html.sanitizer import SiteOrigin, sanitize
from gongshi.site.html.urls import site_origin
from gongshi.site.markdown.dialect import OfficeText

EXTENSIONS = ["abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html", "tables", "toc"]
"""Those of the sample's mkdocs.yml."""
PAGES = [MANUAL / language / "text.md" for language in ("en", "zh")]
TYPED, SHOWN = 36, 34
"""The widths of the columns, in cells of a terminal; with the line between them they fit into 80."""
_BAR = "│"
_FENCE = re.compile(r"^```text\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_TABLE = re.compile(r"^\| (?:typed \| shown|这样写 \| 显示为) \|\n\|[- |]+\|\n((?:\|.*\|\n)+)", re.MULTILINE)
_ROW = re.compile(r"\| (`+) ?(.+?) ?\1 \| (.+) \|\n")
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LISTS = ("ul", "ol")
_BLOCKS = frozenset("p div ul ol table blockquote pre hr figure dl details h2 h3 h4 h5 h6 section".split())  # noqa: SIM905


@dataclass(frozen=True)
class Example:
    """An example of the page."""

    typed: str
    shown: str
    """As the page says: columns as plain text, a row of a table as Markdown."""
    is_block: bool


def convert(typed: str) -> str:
    """Return the HTML that a page has for a text.

    Args:
        typed: the Markdown.
    """
    html = Markdown(extensions=[*EXTENSIONS, OfficeText()]).convert(typed)
    return with_theme_classes(join_html_lines(sanitize(html, _own(), {}).html))


def examples(page: str) -> Iterator[Example]:
    """Yield the examples of a page in their order.

    Args:
        page: the Markdown of the page.
    """
    for place in sorted([*_FENCE.finditer(page), *_TABLE.finditer(page)], key=lambda match: match.start()):
        if place.re is _FENCE:
            typed, shown = zip(*map(_columns, place[1].splitlines()[2:]), strict=True)
            yield Example("\n".join(typed).strip("\n"), "\n".join(shown).rstrip(), is_block=True)
            continue
        for row in place[1].splitlines(keepends=True):
            found = _ROW.fullmatch(row)
            assert found, row
            yield Example(found[2], found[3], is_block=False)


def renewed(page: str) -> str:
    """Return a page with the right column of each block as the converter has it.

    Args:
        page: the Markdown of the page.
    """
    return _FENCE.sub(_renewed_block, page)


def as_text(html: str, width: int = SHOWN) -> list[str]:
    """Return the lines of a text as one sees them: bullets and numbers, cells below each other, the signature at the end.

    Args:
        html: the sanitized text.
        width: of a line, in cells of a terminal.
    """
    return _blocks(_parsed(html), width)


def _own() -> SiteOrigin:
    return site_origin("https://www.unit.example/", "www.unit.example", "zh")


def _columns(line: str) -> tuple[str, str]:
    typed, _bar, shown = line.partition(_BAR)
    return typed.rstrip(), shown.removeprefix(" ").rstrip()


def _renewed_block(match: re.Match[str]) -> str:
    heading, _rule, *lines = match[1].splitlines()
    typed = [_columns(line)[0] for line in lines]
    while typed and not typed[-1]:
        typed.pop()
    shown = as_text(convert("\n".join(typed)))
    height = max(len(typed), len(shown))
    rows = zip(_filled(typed, height), _filled(shown, height), strict=True)
    body = [f"{_padded(left, TYPED)}{_BAR} {right}".rstrip() for left, right in rows]
    rule = "─" * TYPED + "┼" + "─" * (SHOWN + 1)
    first, second = _columns(heading)
    return "\n".join(["```text", f"{_padded(first, TYPED)}{_BAR} {second}", rule, *body, "```"])


def _filled(lines: Sequence[str], height: int) -> list[str]:
    return [*lines, *[""] * (height - len(lines))]


def _padded(text: str, width: int) -> str:
    return text + " " * (width - cell_len(text))


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.builder = TreeBuilder()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.builder.start(tag, {key: value or "" for key, value in attrs})
        if tag in VOID:
            self.builder.end(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.builder.end(tag)

    def handle_data(self, data: str) -> None:
        self.builder.data(data)


def _parsed(html: str) -> Element:
    parser = _Tree()
    parser.builder.start("body", {})
    parser.feed(html)
    parser.close()
    parser.builder.end("body")
    return parser.builder.close()


def _inline(element: Element) -> str:
    """Return the text of an element up to its first block."""
    text = re.sub(r"[ \n]+", " ", element.text or "")
    for child in element:
        if child.tag in _BLOCKS:
            break
        text += "\n" if child.tag == "br" else _piece(child)
        text += re.sub(r"[ \n]+", " ", child.tail or "").lstrip(" " if child.tag == "br" else "")
    return text


def _piece(element: Element) -> str:
    classes = element.get("class", "").split()
    if "footnote-backref" in classes or "gs-away__mark" in classes:
        return ""
    if element.tag == "img":
        return f"〔{element.get('alt', '')}〕"
    inner = _inline(element)
    return inner.translate(_SUPERSCRIPT) if element.tag == "sup" else inner


def _blocks(parent: Element, width: int) -> list[str]:
    lines: list[str] = []
    for child in parent:
        if child.tag not in _BLOCKS:
            continue
        made = _block(child, width)
        if lines and made:
            lines.append("")
        lines += made
    return lines


def _block(element: Element, width: int) -> list[str]:
    classes = element.get("class", "").split()
    if element.tag in _LISTS:
        return _list(element, width)
    if element.tag == "table":
        return _table(element, width)
    if element.tag == "hr":
        return ["─" * width]
    if element.tag == "pre":
        return "".join(element.itertext()).strip("\n").split("\n")
    if element.tag == "figure":
        return [_piece(next(element.iter("img"))), *(_inline(each) for each in element.iter("figcaption"))]
    if element.tag == "blockquote":
        return [f"┃ {line}" for line in _blocks(element, width - 2)]
    if element.tag == "dl":
        return [("" if each.tag == "dt" else "   ") + _inline(each).strip() for each in element]
    if element.tag.startswith("h") and element.tag[1:].isdigit():
        return [f"▌{_inline(element)}"]
    if "admonition" in classes:
        title, *_rest = [_inline(each) for each in element if "admonition-title" in each.get("class", "")]
        inner = [each for each in element if "admonition-title" not in each.get("class", "")]
        return [f"┏ {title}", *(f"┃ {line}" for each in inner for line in _block(each, width - 2))]
    if element.tag == "p":
        return _paragraph(element, classes, width)
    return _blocks(element, width)


def _paragraph(element: Element, classes: Sequence[str], width: int) -> list[str]:
    lines = [line.strip(" ") for line in _inline(element).strip().split("\n")]
    if "signoff" in classes or "gs-right" in classes:
        return [" " * (width - cell_len(line)) + line for line in lines]
    if "gs-center" in classes:
        return [" " * ((width - cell_len(line)) // 2) + line for line in lines]
    return lines


def _list(element: Element, width: int) -> list[str]:
    lines: list[str] = []
    number = int(element.get("start") or 1)
    for item in element.findall("li"):
        number = int(item.get("value") or number)
        sign = f"{number}. " if element.tag == "ol" else "" if "gs-tick" in item.get("class", "") else "• "
        number += 1
        own = [line.strip() for line in _inline(item).strip().split("\n")] if _inline(item).strip() else []
        inner = [line for each in item if each.tag in _BLOCKS for line in _block(each, width - 3)]
        for place, line in enumerate([*own, *inner] or [""]):
            lines.append((sign if place == 0 else " " * (len(sign) or 2)) + line)
    return lines


def _table(element: Element, width: int) -> list[str]:
    rows = [[" ".join(_inline(cell).split()) for cell in row] for row in element.iter("tr")]
    figures = {
        place for row in element.iter("tr") for place, cell in enumerate(row) if "gs-num" in cell.get("class", "")
    }
    widths = [max(cell_len(row[place]) for row in rows if place < len(row)) for place in range(max(map(len, rows)))]
    lines = []
    for number, row in enumerate(rows):
        cells = [
            " " * (widths[place] - cell_len(cell)) + cell if place in figures else _padded(cell, widths[place])
            for place, cell in enumerate(row)
        ]
        lines.append("  ".join(cells).rstrip())
        if number == 0 and element.find("thead") is not None:
            lines.append("──".join("─" * each for each in widths))
    return lines


if __name__ == "__main__":
    for page in PAGES:
        Path(page).write_text(renewed(page.read_text(encoding="utf-8")), encoding="utf-8")
