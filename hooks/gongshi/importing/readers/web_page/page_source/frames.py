"""Pages of frames: the page that one of the frames shows, such as a sheet of a workbook saved by Excel."""

from __future__ import annotations

from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind, UnreadableFileError
from gongshi.importing.readers.web_page.page_source.decoding import decode_page
from gongshi.importing.readers.web_page.page_source.parsing import ParsedPage, parse_page
from gongshi.importing.readers.web_page.page_source.saved_page import SavedPage
from gongshi.importing.readers.web_page.page_source.visible_text import bounded, words_of

_MAX_FRAMES: Final = 30


def page_of_frames(page: ParsedPage, saved: SavedPage, sheet: str | None) -> tuple[ParsedPage, list[Finding]]:
    """Return the page with the text: the page itself, or that of one of its frames, and findings on the others.

    Args:
        page: the page.
        saved: the page with its files.
        sheet: the number (from 1) or the name of the sheet of a workbook; None for the frame with most text.

    Raises:
        UnreadableFileError: its frames were not saved with it.
    """
    if page.root.find(".//frameset") is None:
        return page, []
    names = [each.get("src", "") for each in page.root.iter("frame")]
    sheets = [each.get("href", "") for each in page.root.iter("link") if (each.get("id") or "").startswith("shLink")]
    found: list[tuple[str, ParsedPage, str]] = []
    for name in dict.fromkeys(sheets or names):
        file = saved.find(name.strip()) if len(found) < _MAX_FRAMES else None
        if file:
            inner = parse_page(decode_page(file.content).text)
            found.append((name, inner, words_of(inner.body)))
    if not found:
        message = _(
            "the page consists of frames that were not saved with it; open it and save the page inside the frame"
        )
        raise UnreadableFileError(message)
    name, chosen, _text = _choose(found, sheet if sheets else None)
    others = " ".join(words for other, _page, words in found if other != name)
    left_out = [
        Finding(FindingKind.LEFT_OUT, _("other frames or sheets of the page were left out"), words=bounded(others))
    ]
    return chosen, left_out if others else []


def _choose(found: list[tuple[str, ParsedPage, str]], sheet: str | None) -> tuple[str, ParsedPage, str]:
    if sheet and sheet.isdecimal() and 0 < int(sheet) <= len(found):
        return found[int(sheet) - 1]
    return max(found, key=lambda each: len(each[2]))
