"""Converts a prepared Word document to the HTML of `document`, with mammoth."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any, Final

import mammoth
from lxml import html
from lxml.etree import _Element

LIST_DEPTH: Final = 9
ORDERED: Final = "GsOl"
UNORDERED: Final = "GsUl"
TABLE_CAPTION: Final = "GsTableCaption"
VALUE_MARK: Final = "value-"
"""Bookmarks of this name and a number say which number an item of a list has."""
_PREFIX: Final = "gs-"


def _list_style(name: str, element: str, depth: int) -> str:
    around = "ul|ol > li > " * (depth - 1)
    return f"p.{name}{depth} => {around}{element} > li:fresh"


_STYLES: Final = "\n".join(
    (
        "p.GsH2 => h2:fresh",
        "p.GsH3 => h3:fresh",
        "p.GsH4 => h4:fresh",
        "p.GsCenter => p.center:fresh",
        "p.GsRight => p.right:fresh",
        "p.GsCaption => p.caption:fresh",
        f"p.{TABLE_CAPTION} => p.table-caption:fresh",
        *(_list_style(ORDERED, "ol", depth) for depth in range(1, LIST_DEPTH + 1)),
        *(_list_style(UNORDERED, "ul", depth) for depth in range(1, LIST_DEPTH + 1)),
        "p => p:fresh",
        "b => strong",
        "i => em",
        "u => u",
        "strike => s",
    )
)
"""The styles that the preparation gives to paragraphs, with their HTML (mammoth's style map)."""
_BLOCKS: Final = frozenset(("h2", "h3", "h4", "p", "ul", "ol", "table", "blockquote", "pre", "aside"))


def convert_to_html(content: bytes, convert_image: Callable[[Any], Any]) -> str:
    """Return the HTML of a prepared document.

    Args:
        content: the bytes of the .docx file.
        convert_image: returns mammoth's HTML for a picture.
    """
    converted = mammoth.convert_to_html(
        io.BytesIO(content),
        style_map=_STYLES,
        include_default_style_map=False,
        include_embedded_style_map=False,
        id_prefix=_PREFIX,
        convert_image=convert_image,
    ).value
    root = html.fragment_fromstring(converted, create_parent="div")
    _number_items(root)
    _move_notes(root)
    _wrap_loose_content(root)
    for table in root.iter("table"):
        _tidy_table(table)
    for caption in root.findall("p[@class='table-caption']"):
        _move_caption(caption)
    return "".join(html.tostring(block, encoding="unicode", with_tail=False) for block in root)


def _number_items(root: _Element) -> None:
    for mark in list(root.iter("a")):
        name = mark.get("id", "")
        if not name.startswith(_PREFIX) or mark.get("href"):
            continue
        item = mark.getparent()
        if item is not None and item.tag == "li" and name.startswith(_PREFIX + VALUE_MARK):
            item.set("value", name[len(_PREFIX + VALUE_MARK) :])
        mark.drop_tag()


def _move_notes(root: _Element) -> None:
    """Write references to notes as empty links, and each note as an `aside` behind the text."""
    for link in list(root.iter("a")):
        target = link.get("href", "")
        if not target.startswith(f"#{_PREFIX}"):
            continue
        around = link.getparent()
        assert around is not None
        if link.get("id"):
            link.attrib.pop("id")
            link.set("class", "footnote")
            link.set("href", "#" + target[len(_PREFIX) + 1 :])
            link.text = None
            around.drop_tag()
        else:
            link.drop_tree()
    last = root[-1] if len(root) else None
    if last is None or last.tag != "ol" or not last[0].get("id", "").startswith(_PREFIX):
        return
    root.remove(last)
    seen: set[str] = set()
    for note in list(last):
        name = note.get("id", "").removeprefix(_PREFIX)
        if name in seen:
            continue
        seen.add(name)
        root.append(_aside(note, name))


def _aside(note: _Element, name: str) -> _Element:
    aside = html.Element("aside", {"id": name})
    aside.extend([each for each in note if each.tag != "p" or "".join(each.itertext()).strip() not in ("", "↑")])
    for paragraph in aside:
        _strip_blanks(paragraph)
    if len(aside) == 1 and aside[0].tag == "p":
        aside[0].drop_tag()
    return aside


def _strip_blanks(paragraph: _Element) -> None:
    paragraph.text = (paragraph.text or "").lstrip()
    if len(paragraph):
        paragraph[-1].tail = (paragraph[-1].tail or "").rstrip()
    else:
        paragraph.text = paragraph.text.rstrip()


def _wrap_loose_content(root: _Element) -> None:
    """Put what stands outside a paragraph, as some pictures do, into one."""
    for element in list(root):
        if element.tag not in _BLOCKS:
            paragraph = html.Element("p")
            root.replace(element, paragraph)
            paragraph.append(element)


def _tidy_table(table: _Element) -> None:
    for section in table.findall("thead") + table.findall("tbody"):
        section.drop_tag()
    for cell in table.iter("td", "th"):
        paragraphs = list(cell)
        if not paragraphs or any(each.tag != "p" for each in paragraphs):
            continue
        classes = {each.get("class", "") for each in paragraphs}
        if len(classes) > 1:
            continue
        if classes != {""}:
            cell.set("class", classes.pop())
        for paragraph in paragraphs[1:]:
            paragraph.addprevious(html.Element("br"))
        for paragraph in paragraphs:
            paragraph.drop_tag()


def _move_caption(paragraph: _Element) -> None:
    table = paragraph.getnext()
    paragraph.attrib.pop("class")
    if table is None or table.tag != "table":
        paragraph.set("class", "caption")
        return
    paragraph.tag = "caption"
    table.insert(0, paragraph)
