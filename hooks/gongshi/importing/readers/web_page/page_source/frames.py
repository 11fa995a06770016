"""Pages of frames: the page that one of the frames shows, such as a sheet of a workbook saved by Excel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.document import Finding, FindingKind, UnreadableFileError
from gongshi.importing.readers.web_page.page_source.decoding import decode_page
from gongshi.importing.readers.web_page.page_source.parsing import ParsedPage, parse_page
from gongshi.importing.readers.web_page.page_source.saved_page import InnerPage, SavedPage
from gongshi.importing.readers.web_page.page_source.visible_text import bounded, words_of

_MAX_FRAMES: Final = 30


@dataclass(frozen=True)
class ChosenPage:
    """The page with the text."""

    page: ParsedPage
    saved: SavedPage
    """Its files."""
    replaced: int
    """The number of characters that could not be decoded."""
    findings: tuple[Finding, ...] = ()
    """Findings on other frames."""


def choose_page(saved: SavedPage, sheet: str | None) -> ChosenPage:
    """Return the page with the text: the saved page itself, or that of one of its frames.

    Args:
        saved: the page with its files.
        sheet: the number (from 1) of the sheet of a workbook; None for the frame with most text.

    Raises:
        UnreadableFileError: its frames were not saved with it, or it cannot be parsed.
    """
    outer = _parsed(saved)
    if outer.page.root.find(".//frameset") is None:
        return outer
    frames = [each.get("src", "") for each in outer.page.root.iter("frame")]
    sheets = [
        each.get("href", "") for each in outer.page.root.iter("link") if (each.get("id") or "").startswith("shLink")
    ]
    found: dict[str, ChosenPage] = {}
    for name in dict.fromkeys(each.strip() for each in sheets or frames):
        file = saved.find(name) if len(found) < _MAX_FRAMES else None
        if file:
            found[name] = _parsed(InnerPage(file.content, saved, name[: name.rfind("/") + 1]))
    if not found:
        message = _(
            "the page consists of frames that were not saved with it; open it and save the page inside the frame"
        )
        raise UnreadableFileError(message)
    words = {name: words_of(inner.page.body) for name, inner in found.items()}
    chosen = _choose(words, sheet if sheets else None)
    others = " ".join(text for name, text in words.items() if name != chosen)
    message = _("other frames or sheets of the page were left out")
    left_out = (Finding(FindingKind.LEFT_OUT, message, words=bounded(others)),) if others else ()
    return replace(found[chosen], findings=left_out)


def _parsed(saved: SavedPage) -> ChosenPage:
    decoded = decode_page(saved.content, saved.charset)
    return ChosenPage(parse_page(decoded.text), saved, decoded.replaced)


def _choose(words: dict[str, str], sheet: str | None) -> str:
    if sheet and sheet.isdecimal() and 0 < int(sheet) <= len(words):
        return list(words)[int(sheet) - 1]
    return max(words, key=lambda name: len(words[name]))
