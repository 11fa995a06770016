"""Finds the captions of pictures: a short line in the middle, or in small type, below a picture."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from gongshi.importing.readers.web_page.conversion.blocks import Block
from gongshi.importing.readers.web_page.conversion.runs import BREAK

_MARKED: Final = re.compile(
    r"[（(]?\s*(?:图\s*[\d一二三四五六七八九十]{0,3}|▲|△|↑|图为|图片(?:来源|说明)|摄影)|.{0,40}[/ ]?摄[）)]?\Z"
)
_MOST: Final = 80


def attach_captions(blocks: Iterable[Block]) -> list[Block]:
    """Return the blocks with each caption as part of its picture.

    Args:
        blocks: the blocks of an article.
    """
    found: list[Block] = []
    for block in blocks:
        if found and found[-1].is_picture and not _caption(found[-1]) and _is_caption(block, found[-1]):
            found[-1] = _with_caption(found[-1], " ".join(block.text.split()))
        else:
            found.append(block)
    return found


def _caption(block: Block) -> str:
    return next((run.picture.caption for run in block.runs if run.picture), "")


def _is_caption(block: Block, picture: Block) -> bool:
    text = block.text.strip()
    if not text or len(text) > _MOST or block.html or block.place.heading or block.place.item or BREAK in block.runs:
        return False
    if any(run.picture or run.format.href or run.html for run in block.runs) or picture.place.item:
        return False
    if block.place.caption:
        return True
    centered = block.place.align == "center"
    return (bool(_MARKED.match(text)) and (centered or block.place.small)) or (centered and block.place.small)


def _with_caption(block: Block, text: str) -> Block:
    runs = (replace(run, picture=replace(run.picture, caption=text)) if run.picture else run for run in block.runs)
    return replace(block, runs=tuple(runs))
