"""What one sees of a page, block by block, read from its HTML without any code of the importer.

Each line of an outline is a line of text, an item of a list or a row of a table:

    ## text       a heading; ### and #### below it
    → text        at the right; a signature, too
    ↔ text        in the middle
    1. text       an item with its number, or `-`; two blanks before it for each level
    | a | b |     a row; a merged cell stands at each place that it covers, with `/` between its lines
    caption: text the caption of a table or picture
    〔text〕       a picture with its description
    > text        a quotation
    text[1]       a mark of a footnote; its text follows at the end as `[1] text`
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from lxml import html

_HEADINGS: Final = {"h2": "## ", "h3": "### ", "h4": "#### "}
_SIDES: Final = {"gs-right": "→ ", "signoff": "→ ", "gs-center": "↔ "}
_UNSEEN: Final = ("gs-away__mark", "footnote-backref")


def outline(page: str) -> list[str]:
    """Return the lines of a page.

    Args:
        page: the HTML of a text.
    """
    root = html.fragment_fromstring(page, create_parent="div")
    return [line for line in _blocks(root, "") if line.strip(" #→↔>-")]


def _blocks(parent: Any, before: str) -> Iterator[str]:
    assert not (parent.text or "").strip(), parent.text
    for block in parent:
        assert not (block.tail or "").strip(), block.tail
        yield from _block(block, before)


def _block(block: Any, before: str) -> Iterator[str]:
    classes = (block.get("class") or "").split()
    if block.tag in _HEADINGS:
        yield _HEADINGS[block.tag] + " ".join(_lines(block))
    elif block.tag == "p":
        side = next((sign for name, sign in _SIDES.items() if name in classes), "")
        yield from (before + side + line for line in _lines(block))
    elif block.tag in ("ul", "ol"):
        yield from _items(block, before)
    elif block.tag == "table":
        yield from _table(block)
    elif block.tag == "blockquote":
        yield from _blocks(block, "> ")
    elif block.tag == "figure":
        for caption in block.iter("figcaption"):
            caption.text = f"\ncaption: {caption.text or ''}"
        yield from _lines(block)
    elif "footnote" in classes:
        for number, note in enumerate(block.iter("li"), 1):
            yield f"[{number}] " + " / ".join(_lines(note))
    elif block.tag == "pre":
        yield from block.text_content().splitlines()
    else:
        assert block.tag in ("div", "section", "hr"), block.tag
        yield from _blocks(block, before)


def _items(block: Any, before: str) -> Iterator[str]:
    number = int(block.get("start") or 1)
    for item in block:
        number = int(item.get("value") or number)
        sign = f"{number}. " if block.tag == "ol" else "" if "gs-tick" in (item.get("class") or "") else "- "
        number += 1
        first, *more = _lines(item) or [""]
        yield before + sign + first
        yield from (before + "  " + line for line in more)
        for inner in item.iterchildren("ul", "ol"):
            yield from _items(inner, before + "  ")


def _table(table: Any) -> Iterator[str]:
    for caption in table.iter("caption"):
        yield "caption: " + " ".join(_lines(caption))
    places: dict[tuple[int, int], str] = {}
    for number, row in enumerate(table.iter("tr")):
        column = 0
        for cell in row:
            while (number, column) in places:
                column += 1
            for down in range(int(cell.get("rowspan") or 1)):
                for right in range(int(cell.get("colspan") or 1)):
                    places[number + down, column + right] = "/".join(_lines(cell))
    for number in range(max((row for row, _column in places), default=-1) + 1):
        width = max((column for row, column in places if row == number), default=-1) + 1
        yield "| " + " | ".join(places.get((number, column), "") for column in range(width)) + " |"


def _lines(element: Any) -> list[str]:
    """Return the lines of an element without the lists inside it, blanks as one blank."""
    text = _text(element)
    return [line for line in (" ".join(each.split()) for each in text.split("\n")) if line]


def _text(element: Any) -> str:
    found = (element.text or "").replace("\n", " ")
    for child in element:
        if child.tag == "br":
            found += "\n"
        elif child.tag == "img":
            found += f"〔{child.get('alt') or ''}〕"
        elif child.tag == "sup" and (child.get("id") or "").startswith("fnref"):
            found += f"[{child.text_content().strip('[]')}]"
        elif child.tag in ("p", "div", "table", "tr", "figcaption"):
            found += f"\n{_text(child)}\n"
        elif child.tag not in ("ul", "ol") and child.get("class") not in _UNSEEN:
            found += _text(child)
        found += (child.tail or "").replace("\n", " ")
    return found
