"""Read the text inside office documents and PDFs. Runs as a separate process with limits; see `attachment_text`.

`python -m gongshi.reports.diff.attachment_reader KIND SECONDS BYTES` reads a document from standard input and
writes JSON to standard output:
`{"sections": [[KIND, NAME, TEXT], …], "cut": BOOL}` or `{"failure": WORD}`, where WORD is a value of `Failure`.
"""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from itertools import zip_longest
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Section = tuple[str, str, str]
"""The kind of a text (`body`, `sheet`, `header` …), its name or an empty string, and the text."""

CHARACTERS = 2_000_000
"""The maximum number of characters that are read of a document."""
UNPACKED_BYTES = 128 << 20
"""The maximum size of an unpacked document."""
_MAX_PARTS = 5000
"""The maximum number of parts in an office document."""
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of office documents that are encrypted, or in the format from before 2007 (MS-CFB, 2.2)."""


class Failure(Enum):
    """A reason why the text inside a file cannot be read."""

    DAMAGED = "damaged"
    PROTECTED = "protected"
    """Encrypted, or in the binary format from before 2007: both begin with the same bytes."""
    BOMB = "bomb"
    """Unpacked larger than `UNPACKED_BYTES`, or too many parts."""
    NO_TEXT = "no-text"
    MEMORY = "memory"
    TIME = "time"
    TOO_LARGE = "too-large"
    ENCODING = "encoding"
    """A plain text in an unknown encoding."""
    SYSTEM = "system"
    """No process could be started."""


class _Unreadable(Exception):
    def __init__(self, failure: Failure) -> None:
        self.failure = failure


def main(kind: str, seconds: int, memory: int) -> None:
    """Read a document from standard input and write its text as JSON to standard output.

    Args:
        kind: `docx`, `xlsx` or `pdf`.
        seconds: the limit of processor time.
        memory: the limit of address space in bytes.
    """
    answer = os.fdopen(os.dup(1), "wb")
    # Output of the parsers must not get into the answer.
    os.dup2(2, 1)
    _limit(seconds, memory)
    try:
        result = _answer(kind, sys.stdin.buffer.read())
    except _Unreadable as error:
        result = {"failure": error.failure.value}
    except MemoryError:
        result = {"failure": Failure.MEMORY.value}
    except Exception:
        # On damaged files, the parsers raise exceptions of many types.
        result = {"failure": Failure.DAMAGED.value}
    answer.write(json.dumps(result).encode())
    answer.flush()


def _limit(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:
        return
    for what, limit in ((resource.RLIMIT_CPU, seconds), (resource.RLIMIT_AS, memory)):
        # Not every system lets a process set its own limits; the time limit of the caller holds in any case.
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (limit, limit + 1))


def _answer(kind: str, content: bytes) -> dict[str, Any]:
    read = {"docx": _docx, "xlsx": _xlsx, "pdf": _pdf}[kind]
    sections: list[Section] = []
    left = CHARACTERS
    for what, name, text in read(content):
        sections.append((what, name, text[:left]))
        left -= len(text)
        if left < 0:
            break
    if not any(text.strip() for _what, _name, text in sections):
        raise _Unreadable(Failure.NO_TEXT)
    return {"sections": sections, "cut": left < 0}


def _archive(content: bytes) -> zipfile.ZipFile:
    """Open a ZIP archive after checking its unpacked size. If a part is larger than it claims, reading it fails."""
    if content.startswith(_OLE):
        raise _Unreadable(Failure.PROTECTED)
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = archive.infolist()
    if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > UNPACKED_BYTES:
        raise _Unreadable(Failure.BOMB)
    if any(part.flag_bits & 1 for part in parts):
        raise _Unreadable(Failure.PROTECTED)
    return archive


# Word (ECMA-376 part 1, 17).

_WORD_PARTS = {
    "document": "body", "header": "header", "footer": "footer", "footnotes": "notes", "endnotes": "notes",
    "comments": "comments",
}  # fmt: skip


def _docx(content: bytes) -> Iterator[Section]:
    archive = _archive(content)
    names = {name: name.removeprefix("word/").removesuffix(".xml").rstrip("0123456789") for name in archive.namelist()}
    parts = [name for name, stem in names.items() if name.startswith("word/") and stem in _WORD_PARTS]
    if "body" not in {_WORD_PARTS[names[part]] for part in parts}:
        raise _Unreadable(Failure.DAMAGED)
    deleted: list[str] = []
    for what in dict.fromkeys(_WORD_PARTS.values()):
        for name in sorted(part for part in parts if _WORD_PARTS[names[part]] == what):
            root = _xml(archive, name)
            yield what, "", "\n".join(_blocks(root))
            deleted += ["".join(e.itertext()) for e in root.iter() if _tag(e) == "delText"]
    yield "deleted", "", "\n".join(deleted)
    for name in sorted(name for name in archive.namelist() if name.startswith("word/_rels/")):
        links = _xml(archive, name).iter()
        yield "links", "", "\n".join(sorted(e.get("Target", "") for e in links if e.get("TargetMode") == "External"))


def _xml(archive: zipfile.ZipFile, name: str) -> Element:
    """Parse a part. Document types are refused (ECMA-376 part 2, 8.1.4): their entities could use up the memory."""
    content = archive.read(name)
    if b"<!DOCTYPE" in content:
        raise _Unreadable(Failure.DAMAGED)
    return ElementTree.fromstring(content)  # noqa: S314 - within the limits of this process


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _blocks(element: Element) -> Iterator[str]:
    """Return the paragraphs in a part, and the rows of its tables."""
    for child in element:
        tag = _tag(child)
        if tag == "p":
            yield "".join(_inline(child))
            yield from _text_boxes(child)
        elif tag == "tbl":
            for row in _outermost(child, "tr"):
                cells = [" / ".join(_blocks(cell)) for cell in _outermost(row, "tc")]
                yield from [" | ".join(cells)] if any(cells) else []
        else:
            yield from _blocks(child)


def _outermost(element: Element, tag: str) -> Iterator[Element]:
    """Return the elements with a tag that are not nested in another element with this tag."""
    for child in element:
        if _tag(child) == tag:
            yield child
        else:
            yield from _outermost(child, tag)


_BREAKS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_TEXT_BOX_TAGS = ("txbxContent", "Fallback")
"""Text boxes are in paragraphs and contain paragraphs. A fallback repeats the content for old programs."""


def _inline(element: Element) -> Iterator[str]:
    for child in element:
        tag = _tag(child)
        if tag == "t":
            yield child.text or ""
        elif tag in _BREAKS:
            yield _BREAKS[tag]
        elif tag not in (*_TEXT_BOX_TAGS, "pPr", "rPr"):
            yield from _inline(child)


def _text_boxes(element: Element) -> Iterator[str]:
    for child in element:
        if _tag(child) == "txbxContent":
            yield from _blocks(child)
        elif _tag(child) != "Fallback":
            yield from _text_boxes(child)


# Excel.


def _xlsx(content: bytes) -> Iterator[Section]:
    from openpyxl import load_workbook

    _archive(content)
    books = [load_workbook(io.BytesIO(content), read_only=True, data_only=cached) for cached in (False, True)]
    for sheet, computed in zip(books[0].worksheets, books[1].worksheets, strict=True):
        # The dimensions that a sheet names may be wrong: too many cells or too few.
        sheet.reset_dimensions()
        computed.reset_dimensions()
        both = zip_longest(sheet.iter_rows(values_only=True), computed.iter_rows(values_only=True), fillvalue=())
        lines = (_row([_cell(cell, value) for cell, value in zip_longest(row, cached)]) for row, cached in both)
        what = "sheet" if sheet.sheet_state == "visible" else "hidden-sheet"
        yield what, sheet.title, "\n".join(line for line in lines if line)


def _row(cells: list[str]) -> str:
    while cells and not cells[-1]:
        cells.pop()
    return " | ".join(cells)


def _cell(cell: Any, value: Any) -> str:
    """Return the text of a value, or of a formula with its last result."""
    if ref := getattr(cell, "ref", None):
        cell = getattr(cell, "text", None) or f"=TABLE({ref})"
    text = "" if cell is None else str(cell)
    return text if value is None or cell == value else f"{text} → {value}"


# PDF.


def _pdf(content: bytes) -> Iterator[Section]:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _Unreadable(Failure.PROTECTED)
    for page in reader.pages:
        yield "page", "", page.extract_text()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
