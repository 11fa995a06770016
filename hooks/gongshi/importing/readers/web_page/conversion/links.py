"""The links of a page, and the files that it offers for download."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Final

from lxml.etree import _Element

from gongshi.domain.config import attachment_types
from gongshi.domain.content import paths
from gongshi.i18n import gettext as _
from gongshi.importing.document import BundleFile, Finding, FindingKind, Workspace
from gongshi.importing.readers.web_page.page_source.addresses import BaseAddress, clean
from gongshi.importing.readers.web_page.page_source.saved_page import PageFile, SavedPage
from gongshi.importing.readers.web_page.page_source.visible_text import bounded, words_of

_DOWNLOADS: Final = frozenset(f"{attachment_types.OFFICE} {attachment_types.DOCUMENTS} zip rar 7z txt csv".split())
_UNSAFE: Final = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f\s]+')
_SCRIPT: Final = re.compile(r"\s*(?:javascript|vbscript|data|about|file|blob):", re.IGNORECASE)
_PAGE_ENDINGS: Final = frozenset(("html", "htm", "shtml", "mht", "mhtml"))
_MAX_ATTACHMENTS: Final = 100
_MOST_TITLE: Final = 150
_MOST_NAME: Final = 60


class Links:
    """Decides about each link of a page.

    Args:
        page: the page with its files.
        base: the page's address.
        workspace: where attachments are written.
    """

    def __init__(self, page: SavedPage, base: BaseAddress, workspace: Workspace) -> None:
        self.files: list[BundleFile] = []
        self.findings: list[Finding] = []
        self._page, self._base, self._workspace = page, base, workspace
        self._taken: dict[str, str] = {}
        self._lost: dict[str, str] = {}
        self._downloads: dict[str, str] = {}

    def target(self, element: _Element, place: Callable[[], str]) -> str:
        """Return the address of a link for the entry; empty where the text stays without one.

        A file that was saved with the page becomes an attachment.

        Args:
            element: the element `a`.
            place: returns where it stands, for findings.
        """
        reference = clean(element.get("href") or "")
        if not reference or reference.startswith("#") or _SCRIPT.match(reference):
            return ""
        words = words_of(element)
        ending = _ending(reference)
        if ending not in _PAGE_ENDINGS and (found := self._page.find(reference)):
            title = words or element.get("title") or found.name
            if _ending(found.name) not in attachment_types.PICTURES.split():
                self._attach(reference, found, title, place)
            elif element.find(".//img") is None:
                message = _("a picture that is only linked was left out; add it by hand if it is needed")
                self.findings.append(Finding(FindingKind.LEFT_OUT, message, place(), f"{title} {found.name}"))
            return ""
        address = self._base.resolve(reference)
        if ending in _DOWNLOADS:
            self._downloads[address or reference] = words
        elif address is None:
            self._lost[reference] = words
        return address or ""

    def take_around(self, body: _Element, main: list[_Element]) -> None:
        """Take the files that are offered beside the article, such as in a list of attachments below it.

        Args:
            body: the page's body.
            main: the elements of the article.
        """
        parts = set(main)
        for element in body.iter("a"):
            reference, words = clean(element.get("href") or ""), words_of(element)
            if not {_ending(reference), _ending(words)} & _DOWNLOADS or _SCRIPT.match(reference):
                continue
            if element in parts or any(above in parts for above in element.iterancestors()):
                continue
            if found := self._page.find(reference):
                self._attach(reference, found, words or found.name, str)
            else:
                self._downloads.setdefault(self._base.resolve(reference) or reference, words)

    def all_findings(self) -> list[Finding]:
        """Return the findings on all links."""
        found = list(self.findings)
        if self._downloads:
            message = _("files on the old site are linked only; download them and add them as attachments")
            found.append(Finding(FindingKind.CHECK, message, words=_listed(self._downloads)))
        if self._lost:
            message = _("links to pages of the old site were left out, as its address is not known; their text stays")
            found.append(Finding(FindingKind.LEFT_OUT, message, words=_listed(self._lost)))
        return found

    def _attach(self, reference: str, file: PageFile, title: str, place: Callable[[], str]) -> None:
        if reference in self._taken:
            return
        refusal = attachment_types.refusal(file.name, file.content)
        if refusal or len(self.files) >= _MAX_ATTACHMENTS:
            reason = attachment_types.refusal_text(refusal) if refusal else _("there are too many")
            message = _("a linked file cannot be an attachment: {reason}").format(reason=reason)
            self.findings.append(Finding(FindingKind.LEFT_OUT, message, place(), f"{title} {file.name}"))
            return
        name = self._free_name(file.name)
        self._workspace.write(name, file.content)
        self._taken[reference] = name
        self.files.append(BundleFile(name, _title(title)))
        if _ending(name) in attachment_types.OFFICE.split():
            message = _(
                "an Office file becomes an attachment; look for hidden sheets, comments and tracked changes in it first"
            )
            self.findings.append(Finding(FindingKind.CHECK, message, place(), f"{title} {name}"))

    def _free_name(self, name: str) -> str:
        stem, _dot, ending = _UNSAFE.sub("-", name).strip("-. ").rpartition(".")
        plain = f"{stem[:_MOST_NAME] or 'file'}.{ending.lower()}"
        if paths.name_problem(plain):
            plain = f"attachment.{ending.lower()}"
        taken = {paths.collation_key(each) for each in self._taken.values()}
        found, number = plain, 1
        while paths.collation_key(found) in taken or (self._workspace.folder / found).exists():
            number += 1
            found = f"{plain.rpartition('.')[0]}-{number}.{ending.lower()}"
        return found


def _ending(reference: str) -> str:
    path = reference.partition("#")[0].partition("?")[0]
    return PurePosixPath(path.replace("\\", "/")).suffix[1:].lower()


def _title(text: str) -> str:
    plain = " ".join(text.split())
    stem, dot, ending = plain.rpartition(".")
    return (stem if dot and ending.lower() in attachment_types.KINDS and stem else plain)[:_MOST_TITLE]


def _listed(links: dict[str, str]) -> str:
    return bounded("; ".join(f"{words} {address}".strip() for address, words in links.items()), 2000)
