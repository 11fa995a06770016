"""Hidden parts of OpenDocument texts, which LibreOffice would write as visible text into a Word document.

These are hidden sections, hidden paragraphs and hidden text (ODF 1.3 part 3, 5.4, 7.7.14 and 7.7.15).
"""

from __future__ import annotations

import io
import zipfile
from typing import Final

from lxml import etree
from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.containers.zip_limits import damaged, open_archive, refuse_damaged

_TEXT: Final = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_SECTION, _HIDDEN_TEXT, _HIDDEN_PARAGRAPH = (
    f"{_TEXT}{name}" for name in ("section", "hidden-text", "hidden-paragraph")
)
_PARAGRAPHS: Final = (f"{_TEXT}p", f"{_TEXT}h")
_CONTENT: Final = "content.xml"
_MAX_XML: Final = 64 << 20
_ENDING: Final = ".docx"


def without_hidden_parts(content: bytes) -> tuple[bytes, list[str]]:
    """Return an OpenDocument text without what it hides, and the words of that.

    Args:
        content: the bytes of an .odt or .fodt file.

    Raises:
        UnreadableFileError: it is damaged, encrypted or too large.
    """
    if not content.startswith(b"PK\x03\x04"):
        changed, words = _clean(content)
        return (changed or content), words
    archive = open_archive(content, _ENDING)
    with refuse_damaged(_ENDING):
        listed = archive.infolist()
        found = next((each for each in listed if each.filename == _CONTENT), None)
        changed, words = _clean(archive.read(found)) if found else (None, [])
        if changed is None:
            return content, []
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
            for each in listed:
                written.writestr(each, changed if each is found else archive.read(each))
    return buffer.getvalue(), words


def _clean(content: bytes) -> tuple[bytes | None, list[str]]:
    """Return the XML without hidden parts, None if it has none, and their words."""
    if len(content) > _MAX_XML:
        raise UnreadableFileError(_("the file is too large when unpacked; divide it"))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise damaged(_ENDING) from None
    hidden = [each for each in root.iter(_SECTION, _HIDDEN_TEXT, _HIDDEN_PARAGRAPH) if _is_hidden(each)]
    words: list[str] = []
    for each in hidden:
        target = _paragraph_of(each) if each.tag == _HIDDEN_PARAGRAPH else each
        if target is None or target.getparent() is None:
            continue
        words.append(" ".join("".join(target.itertext()).split()) or each.get(f"{_TEXT}string-value", ""))
        _remove(target)
    return (etree.tostring(root, encoding="UTF-8", xml_declaration=True) if hidden else None), list(filter(None, words))


def _is_hidden(element: _Element) -> bool:
    is_hidden: str | None = element.get(f"{_TEXT}is-hidden")
    if element.tag != _SECTION:
        return is_hidden != "false"
    display: str | None = element.get(f"{_TEXT}display")
    return display == "none" or (display == "condition" and is_hidden == "true")


def _paragraph_of(element: _Element) -> _Element | None:
    return next(element.iterancestors(*_PARAGRAPHS), None)


def _remove(element: _Element) -> None:
    """Remove an element; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    assert parent is not None
    if element.tail and before is not None:
        before.tail = (before.tail or "") + element.tail
    elif element.tail:
        parent.text = (parent.text or "") + element.tail
    parent.remove(element)
