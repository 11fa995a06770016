"""Captions of tables and pictures, and initials that stand in a paragraph of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.package import tag
from gongshi.importing.readers.word.text.conversion import TABLE_CAPTION
from gongshi.importing.readers.word.text.lines import Line

_NUMBER: Final = r"\s?[0-9０-９一二三四五六七八九十]{1,4}(?:[-－—.][0-9]{1,3}){0,3}(?:[\s：:.、．]|$)"
_TABLE: Final = re.compile("(?:附?表|Table)" + _NUMBER)
_PICTURE: Final = re.compile("(?:附?图|Figure)" + _NUMBER)
_MAX_LENGTH: Final = 60


def caption_styles(blocks: Sequence[Line | None]) -> dict[int, str]:
    """Return the styles of the lines that are captions, by their index.

    Args:
        blocks: the lines at the top level, without empty ones; None for a table.
    """
    found: dict[int, str] = {}
    for index, line in enumerate(blocks):
        if line is None or line.has_picture or len(line.full_text) > _MAX_LENGTH:
            continue
        before = blocks[index - 1] if index else line
        is_above_table = index + 1 < len(blocks) and blocks[index + 1] is None
        text = line.full_text
        if is_above_table and (line.look.is_caption or _TABLE.match(text)) and not _PICTURE.match(text):
            found[index] = TABLE_CAPTION
        elif (
            line.look.is_caption
            or (_PICTURE.match(text) and before is not None and before.has_picture)
            or (_TABLE.match(text) and _is_unit_above_table(blocks[index + 1 : index + 3]))
        ):
            found[index] = "GsCaption"
    return found


def _is_unit_above_table(blocks: Sequence[Line | None]) -> bool:
    """Return whether the blocks behind a caption are a line that names the unit of the amounts, and a table."""
    return len(blocks) == 2 and blocks[0] is not None and blocks[1] is None and "单位" in blocks[0].full_text[:6]


def join_drop_caps(body: _Element) -> None:
    """Put an initial (17.3.1.11, dropCap) in front of the paragraph that it belongs to.

    Args:
        body: the `w:body`; changed in place.
    """
    for frame in list(body.iterfind(f"{tag('w:p')}/{tag('w:pPr')}/{tag('w:framePr')}")):
        kind = frame.get(tag("w:dropCap"), "none")
        properties = frame.getparent()
        paragraph = None if properties is None else properties.getparent()
        following = None if paragraph is None else paragraph.getnext()
        if kind == "none" or paragraph is None or following is None or following.tag != tag("w:p"):
            continue
        position = 1 if following.find(tag("w:pPr")) is not None else 0
        following[position:position] = [child for child in paragraph if child.tag != tag("w:pPr")]
        body.remove(paragraph)
