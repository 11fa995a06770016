"""Files, programs and addresses in a Word document: nothing of them is read, run or fetched; each is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.parts.elements import remove
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of

_LABEL: Final = re.compile(rb"\x02\x00([^\x00]{1,260})\x00[^\x00]{1,260}\x00\x00\x00\x03\x00")
"""The name of a file in an OLE package (MS-OLEDS, the stream `Ole10Native`)."""
_LABEL_BYTES: Final = 1 << 20
_REMOTE: Final = re.compile(r"(https?|ftp|smb|webdav|dav):|(file:)?[\\/]{2}[^\\/]", re.IGNORECASE)
_FETCHED: Final = frozenset(("attachedTemplate", "subDocument", "frame", "mailMergeSource", "oleObject"))
"""Types of relationships by which Word loads something from another address."""
_REMOVED: Final = tuple(map(tag, ("w:altChunk", "w:subDoc", "w:contentPart")))


def remove_embedded(package: WordPackage) -> tuple[Finding, ...]:
    """Remove embedded objects and files from the text, and tell these, macros and addresses.

    Args:
        package: the document.
    """
    findings = [*_macros(package), *_addresses(package)]
    for part in package.text_parts:
        root = package.xml(part)
        for each in list(root.iter(*_REMOVED)):
            findings.append(_chunk_finding(package, part, each))
            remove(each)
        for each in list(root.iter(tag("o:OLEObject"))):
            findings.append(_object_finding(package, part, each))
            remove(each)
        for each in list(root.iter(tag("w:control"))):
            message = _("a control (ActiveX) is left out; only its picture is kept, if there is one")
            findings.append(Finding(FindingKind.LEFT_OUT, message, place_of(each), each.get(tag("w:name"), "")))
            remove(each)
        for each in list(root.iter(tag("wp15:webVideoPr"))):
            message = _("a film from another address is left out; only its picture is kept")
            findings.append(Finding(FindingKind.LEFT_OUT, message, place_of(each)))
    return tuple(findings)


def _macros(package: WordPackage) -> Iterator[Finding]:
    if any(name.lower().endswith(("vbaproject.bin", "vbadata.xml")) for name in package.parts):
        yield Finding(FindingKind.LEFT_OUT, _("the macros of the file are left out; they were not run"))


def _addresses(package: WordPackage) -> Iterator[Finding]:
    message = _("the file would load something from another address; it was not fetched")
    for part in (package.main, *package.related("settings"), *package.related("webSettings")):
        for link in package.relationships(part).values():
            if link.external and link.type in _FETCHED and _REMOTE.match(link.target):
                yield Finding(FindingKind.LEFT_OUT, message, words=link.target)


def _chunk_finding(package: WordPackage, part: str, chunk: _Element) -> Finding:
    link = package.relationships(part).get(chunk.get(tag("r:id"), ""))
    name = link.target if link is not None else ""
    if chunk.tag == tag("w:altChunk"):
        message = _("another file that is part of this one is left out; open the file in Word, save it and try again")
        words = "" if link is None or link.external else _chunk_words(package.parts.get(name, b""), name)
        return Finding(FindingKind.LEFT_OUT, message, place_of(chunk), words or name)
    if chunk.tag == tag("w:subDoc"):
        message = _("a document that this one refers to is left out")
        return Finding(FindingKind.LEFT_OUT, message, place_of(chunk), name)
    return Finding(FindingKind.LEFT_OUT, _("handwriting (ink) is left out"), place_of(chunk))


def _chunk_words(content: bytes, name: str) -> str:
    """Return the words of an included file in HTML or plain text."""
    ending = name.rpartition(".")[2].lower()
    if ending == "txt":
        return content.decode("utf-8", "replace").strip()
    if ending not in ("htm", "html", "xhtml"):
        return ""
    # Imported here: it is slow to load, and hardly any file needs it.
    from lxml import etree, html

    try:
        root = html.document_fromstring(content, parser=html.HTMLParser(encoding=_encoding(content)))
    except (etree.LxmlError, ValueError, AssertionError):
        return ""
    for each in list(root.iter("script", "style", "head")):
        each.drop_tree()
    return "\n".join(filter(None, (" ".join(line.split()) for line in root.text_content().split("\n"))))


def _encoding(content: bytes) -> str | None:
    """Return the encoding of an HTML file, or None if it names one itself."""
    if b"charset" in content[:4096].lower() or content.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return None
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _object_finding(package: WordPackage, part: str, element: _Element) -> Finding:
    link = package.relationships(part).get(element.get(tag("r:id"), ""))
    kind = element.get("ProgID", "")
    if link is not None and link.external:
        message = _("an object ({kind}) that lies at another address is left out; only its picture is kept")
        return Finding(FindingKind.LEFT_OUT, message.format(kind=kind), place_of(element), link.target)
    name = link.target.rpartition("/")[2] if link is not None else ""
    content = package.parts.get(link.target, b"")[:_LABEL_BYTES] if link is not None else b""
    label = _LABEL.search(content)
    if label is not None:
        name = label[1].decode("gb18030", "replace")
    message = _("an embedded object ({kind}) is left out; only its picture is kept. Attach the file if it is meant")
    return Finding(FindingKind.LEFT_OUT, message.format(kind=kind), place_of(element), name or words_of(element))
