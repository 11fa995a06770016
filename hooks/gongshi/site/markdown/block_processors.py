"""Block processors of the dialect: lists that keep their numbers, and tables that keep every cell."""

from __future__ import annotations

import re
from typing import Any, ClassVar
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.blockprocessors import OListProcessor, UListProcessor
from markdown.extensions.tables import TableProcessor


def set_block_processors(md: Markdown) -> None:
    """Register the block processors of the dialect in place of those of Markdown.

    Args:
        md: the converter.
    """
    blocks = md.parser.blockprocessors
    blocks.deregister("code", strict=False)
    blocks.register(_NumberedList(md.parser), "olist", 40)
    blocks.register(_BulletList(md.parser), "ulist", 30)
    blocks.register(_Table(md.parser, {"use_align_attribute": False}), "table", 75)
    # Without the extension for footnotes, their definitions are text, and no addresses.
    references: Any = blocks["reference"]
    references.RE = re.compile(references.RE.pattern.replace(r"\[([^\[\]]*)\]", r"\[(?!\^)([^\[\]]*)\]"), re.MULTILINE)
    if "|" not in md.ESCAPED_CHARS:
        md.ESCAPED_CHARS.append("|")


class _NumberedList(OListProcessor):
    """Numbered list whose items keep the numbers that were typed."""

    SIBLING_TAGS: ClassVar[list[str]] = ["ol"]
    LAZY_OL = False
    _ITEM = re.compile(r"[ ]{0,3}([0-9]+)\.[ ]+")

    def __init__(self, parser: Any) -> None:
        super().__init__(parser)
        self.RE = re.compile(r"^[ ]{0,3}[0-9]+\.[ ]+(.*)")
        self.CHILD_RE = re.compile(r"^[ ]{0,3}(([0-9]+\.))[ ]+(.*)")

    def run(self, parent: Element, blocks: list[str]) -> None:
        numbers = [match[1] for line in blocks[0].split("\n") if (match := self._ITEM.match(line))]
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


class _Table(TableProcessor):
    """Table that is as wide as its widest row, and without an empty header or body."""

    def test(self, parent: Element, block: str) -> bool:  # noqa: ARG002
        if "|" not in block:
            return False
        rows = [row.strip(" ") for row in block.split("\n")]
        if len(rows) < 2 or "|" not in rows[0] or "|" not in rows[1] or "-" not in rows[1]:
            return False
        own: Any = self
        own.border = (1 if rows[0].startswith("|") else 0) | (2 if self.RE_END_BORDER.search(rows[0]) else 0)
        separator = own._split_row(rows[1])
        if not set("".join(separator)) <= set("|:- "):
            return False
        width = max(len(own._split_row(row)) for row in (rows[0], *rows[2:]))
        own.separator = [*separator, *[""] * (width - len(separator))]
        return True

    def run(self, parent: Element, blocks: list[str]) -> None:
        is_without_body = blocks[0].strip("\n ").count("\n") < 2
        super().run(parent, blocks)
        table = parent[-1]
        head, body = table.find("thead"), table.find("tbody")
        if head is not None and not any((cell.text or "").strip() for cell in head.iter("th")):
            table.remove(head)
        elif is_without_body and body is not None:
            table.remove(body)
        for row in table.iter("tr"):
            for cell in row:
                cell.text = cell.text or ""
