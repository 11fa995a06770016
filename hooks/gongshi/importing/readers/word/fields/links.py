"""Links of a Word document: those to the web stay, those to files of the office's computers go."""

from __future__ import annotations

import re
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.word.parts.elements import remove, unwrap
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import place_of, words_of

_PUBLIC: Final = re.compile(r"(https?://|mailto:|tel:|ftp://)\S", re.IGNORECASE)
_WEB_NAME: Final = re.compile(r"www\.[\w-]+\.\S+", re.IGNORECASE)
_ID: Final = tag("r:id")
_ANCHOR: Final = tag("w:anchor")


def public_address(address: str) -> str | None:
    """Return an address that readers of a site can open, or None for a file on a computer and the like.

    Args:
        address: the address as the file has it.
    """
    address = address.strip()
    if _WEB_NAME.match(address):
        return "http://" + address
    return address if _PUBLIC.match(address) else None


def settle_links(package: WordPackage) -> tuple[Finding, ...]:
    """Remove links to files on computers, tooltips, and bookmarks to which no link leads; tell the first two.

    Args:
        package: the document.
    """
    findings: list[Finding] = []
    for part in package.text_parts:
        root = package.xml(part)
        for link in list(root.iter(tag("w:hyperlink"))):
            findings += _settle(package, part, link)
    targets = {link.get(_ANCHOR) for part in package.text_parts for link in package.xml(part).iter(tag("w:hyperlink"))}
    for part in package.text_parts:
        for mark in list(package.xml(part).iter(tag("w:bookmarkStart"))):
            if mark.get(tag("w:name")) not in targets:
                remove(mark)
    return tuple(findings)


def _settle(package: WordPackage, part: str, link: _Element) -> list[Finding]:
    findings = []
    tooltip = link.get(tag("w:tooltip"), "").strip()
    if tooltip:
        message = _("the words that appear over a link are left out")
        findings.append(Finding(FindingKind.LEFT_OUT, message, place_of(link), tooltip))
        del link.attrib[tag("w:tooltip")]
    id = link.get(_ID)
    if id is None:
        return findings
    relationship = package.relationships(part).get(id)
    address = relationship.target if relationship is not None else ""
    if address.startswith("#") and not link.get(_ANCHOR):
        link.set(_ANCHOR, address[1:])
    if address.startswith("#") or not address:
        del link.attrib[_ID]
        if not link.get(_ANCHOR):
            unwrap(link)
        return findings
    public = public_address(address)
    if public is None:
        findings.append(local_finding(address, link))
        unwrap(link)
    elif relationship is not None and public != address:
        package.relationships(part)[id] = type(relationship)("hyperlink", public, external=True)
    return findings


def local_finding(address: str, link: _Element, words: str | None = None) -> Finding:
    """Return the finding on a link that leads nowhere on a site.

    Args:
        address: its address.
        link: its element.
        words: the words of the link; None for those of its element.
    """
    message = _("a link to a file on a computer is left out, its words stay; attach the file if it is meant")
    words = words_of(link) if words is None else words
    return Finding(FindingKind.LEFT_OUT, message, place_of(link), f"{words} → {address}" if words else address)
