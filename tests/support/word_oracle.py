"""The letters and digits that a Word file shows, read from its XML without any code of the importer."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from xml.etree import ElementTree

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PARTS = re.compile(r"word/(document\d*|footnotes|endnotes)\.xml")
_LEFT_OUT = {f"{_W}{name}" for name in ("del", "moveFrom", "instrText", "rPr", "pPr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def visible_characters(content: bytes) -> Counter[str]:
    """The number of times that each letter and digit is in the text and its notes.

    Text that a style hides counts as visible: it must be in the report.

    Args:
        content: the bytes of a .docx file.
    """
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if _PARTS.fullmatch(name):
                found.update(_characters(ElementTree.fromstring(archive.read(name))))
    return found


def _characters(element: ElementTree.Element) -> Counter[str]:
    found: Counter[str] = Counter()
    for child in element:
        if child.tag in _LEFT_OUT or child.tag == _FALLBACK:
            continue
        if child.tag == f"{_W}t":
            found.update(characters(child.text or ""))
        found.update(_characters(child))
    return found


def characters(text: str) -> Counter[str]:
    """The number of times that each letter and digit is in a text."""
    return Counter(each for each in text if each.isalnum())
