"""Writes the HTML of a read document as Markdown in the site's dialect (`site/markdown/`)."""

from __future__ import annotations

from collections.abc import Callable

from lxml import html
from lxml.etree import _Element


def write_markdown(root: _Element, convert: Callable[[str], str]) -> str:
    """Return Markdown whose page shows what the HTML shows.

    Args:
        root: an element that contains the blocks described in `document`.
        convert: the site's converter from Markdown to the HTML of a page.
    """
    del convert
    return "\n\n".join("".join(block.itertext()) for block in root) + "\n"


def parse_blocks(text: str) -> _Element:
    """Return the HTML of a read document as a `div` that contains its blocks.

    Args:
        text: the HTML.
    """
    return html.fragment_fromstring(text, create_parent="div")
