"""Removes the title from the beginning of an article, as the entry shows it above its text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.web_page.page_source.parsing import is_alone, is_block, remove
from gongshi.importing.readers.web_page.page_source.visible_text import words_of

_MOST_LINES: Final = 4
"""The title is one of the first lines of an article."""
_BLANKS: Final = re.compile(r"[\s\u3000]+")


def take_title(main: Iterable[_Element], title: str) -> str:
    """Remove the line that is the title, if it is one of the first; return it as it stood there, else an empty text.

    Args:
        main: the elements of the article; changed in place.
        title: the title.
    """
    wanted = _BLANKS.sub("", title)
    for part in main:
        count = 0
        for element in part.iter():
            if element is part or not is_block(element) or element.tag in ("tr", "tbody", "table"):
                continue
            if element.tag in ("td", "th") and not is_alone(element):
                continue
            if any(is_block(each) or each.tag == "img" for each in element.iterdescendants()):
                continue
            if not (words := words_of(element)):
                continue
            if _BLANKS.sub("", words) == wanted:
                remove(element.getparent() if element.tag in ("td", "th") else element)
                return words
            count += 1
            if count == _MOST_LINES:
                break
    return ""
