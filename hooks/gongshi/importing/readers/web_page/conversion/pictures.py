"""The pictures of a page that were saved with it, as clean files; nothing is fetched."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable
from typing import Final
from urllib.parse import unquote_to_bytes

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import BundleFile, Finding, FindingKind, Workspace
from gongshi.importing.readers.pictures.cleaning import clean_picture
from gongshi.importing.readers.pictures.descriptions import is_written_by_program
from gongshi.importing.readers.pictures.faults import Unusable
from gongshi.importing.readers.web_page.conversion.runs import Picture
from gongshi.importing.readers.web_page.page_source.addresses import BaseAddress, clean
from gongshi.importing.readers.web_page.page_source.saved_page import MAX_FILE_BYTES, SavedPage
from gongshi.importing.readers.web_page.page_source.visible_text import bounded
from gongshi.site.images import process

_SOURCES: Final = (
    *(
        "data-src",
        "data-original",
        "data-backsrc",
        "data-lazy-src",
        "data-lazyload",
        "data-lazy",
        "data-echo",
        "data-url",
    ),
    *("original", "src", "orisrc", "oldsrc", "mce_src"),
)
"""Attributes with the address of a picture. Scripts copy the others into `src`, where a placeholder stands."""
_DATA: Final = re.compile(r"data:([\w/+.-]{0,60})((?:;[\w=+.-]{1,60}){0,5}),", re.IGNORECASE)
_MAX_PICTURES: Final = 500
_MAX_FINDINGS: Final = 50
"""Findings on single pictures; further ones are told together."""
_MAX_TOTAL_BYTES: Final = 400 << 20
_SPACER: Final = 3
"""A picture with no side longer than this many pixels is a spacer or counts visitors."""
_ICON: Final = 32
"""A picture with no side longer than this, and without a description, is the icon of a file or a bullet."""
_FILE_NAME: Final = re.compile(
    r"[\w .()%-]{1,200}\.(?:jpe?g|png|gif|bmp|webp|tiff?)|\d+|[a-z]+\d+|图片|image|img|图像|照片", re.IGNORECASE
)
"""Descriptions that describe nothing."""
_PLACEHOLDER: Final = re.compile(
    r"(?:loading|lazy|blank|placeholder|spacer|grey|pixel)[\w-]{0,40}\.\w{3,4}\Z", re.IGNORECASE
)
"""Names of pictures that stand in place of another until a script loads it."""
_REMOTE: Final = re.compile(r"(?:https?:)?//", re.IGNORECASE)
_BACKGROUND: Final = re.compile(
    r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*[\"']?((?:https?:)?//[^\"')]{1,500})", re.IGNORECASE
)


class Pictures:
    """Takes over the pictures of a page.

    Args:
        page: the page with its files.
        base: the page's address.
        workspace: where pictures are written.
    """

    def __init__(self, page: SavedPage, base: BaseAddress, workspace: Workspace) -> None:
        self.files: list[BundleFile] = []
        self.findings: list[Finding] = []
        self._page, self._base, self._workspace = page, base, workspace
        self._names: dict[bytes, str] = {}
        self._bytes = 0
        self._icons = 0
        self._untold: list[str] = []
        """The addresses of further pictures that are missing."""

    def take(self, element: _Element, place: Callable[[], str]) -> Picture | None:
        """Return the picture of an element `img`, written to the workspace; None if there is none, which is told.

        Args:
            element: the element.
            place: returns where it stands, for findings.
        """
        references = _references(element)
        alt = _alt(element)
        problem = ""
        for reference in references:
            is_placeholder = len(references) > 1 and _PLACEHOLDER.search(reference[-200:])
            content = None if is_placeholder else self._content(reference)
            if content is None:
                continue
            if len(self.files) >= _MAX_PICTURES or self._bytes > _MAX_TOTAL_BYTES:
                problem = _("the page has too many pictures; add this one by hand if it is needed")
                break
            kind = _useless(content, alt)
            if kind is not None:
                self._icons += kind
                if kind or len(references) == 1:
                    return None
                continue
            if name := self._write(content):
                return Picture(name, alt)
            problem = _("a picture cannot be read; add it by hand if it is needed")
        self._tell_missing(references, alt, problem, place)
        return None

    def tell_backgrounds(self, main: list[_Element]) -> None:
        """Tell of pictures from elsewhere that stand behind the text.

        Args:
            main: the elements of the article.
        """
        found = (_BACKGROUND.search((each.get("style") or "")[:5000]) for part in main for each in part.iter())
        urls = list(dict.fromkeys(match[1] for match in found if match))
        if urls:
            message = _("pictures behind the text were left out; add those that say something by hand")
            self.findings.append(Finding(FindingKind.LEFT_OUT, message, words=bounded(" ".join(urls))))

    def all_findings(self) -> list[Finding]:
        """Return the findings on all pictures."""
        found = list(self.findings)
        if self._untold:
            message = _("{count} more pictures were left out").format(count=len(self._untold))
            found.append(Finding(FindingKind.LEFT_OUT, message, words=bounded(" ".join(self._untold), 5000)))
        if self._icons:
            message = _("{count} small icons without a description were left out").format(count=self._icons)
            found.append(Finding(FindingKind.LEFT_OUT, message))
        return found

    def _content(self, reference: str) -> bytes | None:
        if reference[:5].lower() == "data:":
            return _decode_data(reference)
        found = self._page.find_picture(reference)
        return found.content if found else None

    def _write(self, content: bytes) -> str | None:
        digest = hashlib.sha256(content).digest()
        if digest not in self._names:
            try:
                cleaned = clean_picture(content)
            except Unusable:
                return None
            name = f"picture-{len(self.files) + 1}.{cleaned.ending}"
            self.files.append(self._workspace.write(name, cleaned.content))
            self._names[digest] = name
            self._bytes += len(cleaned.content)
        return self._names[digest]

    def _tell_missing(self, references: list[str], alt: str, problem: str, place: Callable[[], str]) -> None:
        named = [each for each in references if each[:5].lower() != "data:"]
        reference = next((each for each in named if _REMOTE.match(each)), next(iter(named), ""))
        if not reference and not problem:
            return
        if not problem:
            problem = _("a picture was not saved with the page; save it from the old page and add it by hand")
        address = self._base.resolve(reference) or reference
        words = f"{alt} {address}".strip()
        if len(self.findings) >= _MAX_FINDINGS:
            self._untold.append(words[:200])
            return
        self.findings.append(Finding(FindingKind.LEFT_OUT, problem, place(), bounded(words, 600)))


def _references(element: _Element) -> list[str]:
    found = [clean(element.get(name, "")) for name in _SOURCES]
    parent = element.getparent()
    sets = [element.get("srcset", "")]
    if parent is not None and parent.tag == "picture":
        sets += [each.get("srcset", "") for each in parent.iter("source")]
    found += [
        first for each in sets if not each.strip().startswith("data:") and (first := each.strip().partition(" ")[0])
    ]
    return list(
        dict.fromkeys(each for each in found if each and not each.lower().startswith(("javascript:", "about:")))
    )


def _alt(element: _Element) -> str:
    for name in ("alt", "title"):
        text = " ".join((element.get(name) or "").split())
        if text and not _FILE_NAME.fullmatch(text) and not is_written_by_program(text):
            return text[:300]
    return ""


def _decode_data(reference: str) -> bytes | None:
    found = _DATA.match(reference)
    if not found or len(reference) > 2 * MAX_FILE_BYTES:
        return None
    written = reference[found.end() :]
    if "base64" not in found[2].lower():
        return unquote_to_bytes(written)
    plain = unquote_to_bytes(written)
    try:
        return base64.b64decode(plain + b"=" * (-len(plain) % 4))
    except (binascii.Error, ValueError):
        return None


def _useless(content: bytes, alt: str) -> int | None:
    """Return 0 for a spacer, 1 for an icon, None for a picture."""
    size = process.image_size(content)
    if size is None and b"<svg" in content[:1000]:
        return None if alt else 0
    if size is None:
        return None
    if max(size) <= _SPACER:
        return 0
    return 1 if max(size) <= _ICON and not alt else None
