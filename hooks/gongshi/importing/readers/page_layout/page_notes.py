"""Findings about whole pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind
from gongshi.importing.readers.page_layout.model import Box
from gongshi.importing.readers.page_layout.places import on_pages

_DRAWING: Final = 40.0
"""Drawings that are narrower or lower are not told, in points."""


@dataclass
class PageNotes:
    """Numbers of pages about which something is told."""

    scanned: list[int] = field(default_factory=list)
    """Pages that are pictures."""
    garbled: list[int] = field(default_factory=list)
    """Pages whose fonts do not name their characters."""
    drawings: list[int] = field(default_factory=list)
    tick_boxes: list[int] = field(default_factory=list)
    incomplete: list[int] = field(default_factory=list)
    """Pages of which not all objects were read."""

    damaged: list[int] = field(default_factory=list)

    def add_drawings(self, page: int, places: list[Box]) -> None:
        """Note a page with drawings, unless they are small.

        Args:
            page: its number.
            places: the places of curves and slanting lines.
        """
        if any(min(box.width, box.height) > _DRAWING for box in places):
            self.drawings.append(page)

    def tell(self) -> Iterator[Finding]:
        """Yield a finding for each kind of note."""
        told = (
            (
                self.scanned,
                FindingKind.LEFT_OUT,
                _("scanned: the pages are pictures without text; type what matters, such as the title and the dates"),
            ),
            (
                self.garbled,
                FindingKind.LEFT_OUT,
                _(
                    "the fonts of these pages do not name their characters, so the text cannot be read; type what "
                    "matters"
                ),
            ),
            (
                self.damaged,
                FindingKind.LEFT_OUT,
                _("these pages are damaged and were left out; open the file, save it anew and import that file"),
            ),
            (
                self.drawings,
                FindingKind.CHECK,
                _("drawings or charts are not taken over; add them as pictures"),
            ),
            (
                self.tick_boxes,
                FindingKind.CHECK,
                _("boxes to tick are drawn on the page and not taken over; type ☐ or ☑ where they matter"),
            ),
            (
                self.incomplete,
                FindingKind.CHECK,
                _("the page is drawn of very many parts, not all of which were read; compare it"),
            ),
        )
        for pages, kind, message in told:
            if pages:
                yield Finding(kind, message, on_pages(pages))
