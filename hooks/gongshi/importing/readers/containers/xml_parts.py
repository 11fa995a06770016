"""Parses the XML parts of office files; document types are refused, as their entities could use up the memory."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import IO, Any, Final

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.containers.zip_limits import damaged

_DOCUMENT_TYPES: Final = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))
"""Their marks, in the encodings that XML parsers must know (XML 1.0, 4.3.3)."""
_SETTINGS: Final[dict[str, Any]] = {
    **dict.fromkeys(("resolve_entities", "load_dtd"), False),
    **dict.fromkeys(("no_network", "remove_pis", "remove_comments"), True),
}


def parse_part(content: bytes, extension: str) -> _Element:
    """Return the root of a part.

    Args:
        content: its bytes.
        extension: the extension under which the user should save a copy of the file, such as `.xlsx`.

    Raises:
        UnreadableFileError: it is not well-formed, has a document type (forbidden by ECMA-376 part 2, 7.2.2), or is
            nested more than 256 times.
    """
    if any(mark in content for mark in _DOCUMENT_TYPES):
        raise damaged(extension)
    try:
        root = etree.fromstring(content, etree.XMLParser(**_SETTINGS))
    except (etree.XMLSyntaxError, ValueError):
        raise damaged(extension) from None
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise damaged(extension)
    assert isinstance(root, etree._Element)
    return root


def stream_elements(file: IO[bytes], names: tuple[str, ...], extension: str) -> Iterator[_Element]:
    """Yield elements when they end, in the order of the file. The caller clears what it does not need any more.

    Args:
        file: the XML.
        names: their local names.
        extension: the extension under which the user should save a copy of the file, such as `.xlsx`.

    Raises:
        UnreadableFileError: the XML has a document type.
        etree.XMLSyntaxError: the XML is damaged.
    """
    events = etree.iterparse(file, events=("end",), tag=[f"{{*}}{name}" for name in names], **_SETTINGS)
    checked = False
    for _event, element in events:
        if not checked and element.getroottree().docinfo.doctype:
            raise damaged(extension)
        checked = True
        yield element


def local_name(element: _Element) -> str:
    """Return the name of an element without its namespace, which differs between variants of a format.

    Args:
        element: the element; comments have no name.
    """
    return _without_namespace(element.tag)


@lru_cache(1024)
def _without_namespace(tag: object) -> str:
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
