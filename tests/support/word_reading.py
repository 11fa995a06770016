"""Reads Word documents in tests."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import html
from lxml.etree import _Element

from gongshi.importing.document import FindingKind, ReadDocument, ReadOptions, Workspace
from gongshi.importing.readers.word.reader import read_word

_TOP = frozenset(("h2", "h3", "h4", "p", "ul", "ol", "table", "aside"))


def read(content: bytes) -> ReadDocument:
    """Read a Word document from its bytes."""
    with TemporaryDirectory() as name:
        path = Path(name, "a.docx")
        path.write_bytes(content)
        folder = Path(name, "workspace")
        folder.mkdir()
        return read_word(path, Workspace(folder), ReadOptions())


def blocks(document: ReadDocument) -> list[str]:
    """The HTML of each block; it must keep the contract of `gongshi.importing.document`."""
    root = html.fragment_fromstring(document.html, create_parent="div")
    assert not root.text
    for block in root:
        assert block.tag in _TOP
        assert block.tail is None
        assert all(each.get("id") is None for each in block.iterdescendants())
    return [html.tostring(block, encoding="unicode") for block in root]


def elements(document: ReadDocument) -> list[str]:
    """The element of each block with its class, such as `p.center`."""
    root = html.fragment_fromstring(document.html, create_parent="div")
    return [f"{block.tag}.{block.get('class')}" if block.get("class") else block.tag for block in root]


def told(document: ReadDocument, kind: FindingKind) -> list[str]:
    """The words of the findings of a kind."""
    return [finding.words for finding in document.findings if finding.kind is kind]


def lost(document: ReadDocument) -> Counter[str]:
    """The letters and digits of the visible text that are neither in the HTML nor in the findings."""
    root = html.fragment_fromstring(document.html, create_parent="div")
    numbers = "".join(item.get("value", "") for item in root.iter("li"))
    found = _text(root) + numbers + "".join(finding.words for finding in document.findings)
    return _signs(document.visible_text) - _signs(found)


def added(document: ReadDocument) -> Counter[str]:
    """The letters and digits of the HTML that are not in the visible text."""
    root = html.fragment_fromstring(document.html, create_parent="div")
    return _signs(_text(root)) - _signs(document.visible_text)


def _text(root: _Element) -> str:
    return "".join(root.itertext()) + "".join(picture.get("title", "") for picture in root.iter("img"))


def _signs(text: str) -> Counter[str]:
    return Counter(re.sub(r"[\W_]", "", text))
