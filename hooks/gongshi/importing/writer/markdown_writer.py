"""Writes the HTML of a read document as Markdown in the site's dialect (`site/markdown/`).

Text is written plainly. Where the page would then differ, the fewest signs are protected, or the block is written in
HTML. So the Markdown stays readable, and what the page shows is checked, not assumed: first part by part, as the same
part often stands in many cells, then the whole text at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lxml.etree import _Element

from gongshi.importing.writer.blocks import Block, Text
from gongshi.importing.writer.forms import FormReader
from gongshi.importing.writer.html_reader import read_blocks
from gongshi.importing.writer.markdown_blocks import BlockWriter, Level
from gongshi.importing.writer.page_check import PageCheck, parse_html
from gongshi.importing.writer.tidying import SiteAbilities, contents, tidied

_ROUNDS: Final = 12
"""Conversions of the whole text at most."""


def write_markdown(root: _Element, convert: Callable[[str], str]) -> str:
    """Return Markdown whose page shows what the HTML shows.

    Args:
        root: an element that contains the blocks described in `document`.
        convert: the site's converter from Markdown to the HTML of a page.
    """
    blocks = tidied(read_blocks(root), _abilities(convert))
    forms = FormReader(_bare_addresses(blocks))
    return _TextWriter(blocks, PageCheck(convert, forms), forms).text()


def parse_blocks(text: str) -> _Element:
    """Return the HTML of a read document as a `div` that contains its blocks.

    Args:
        text: the HTML.
    """
    return parse_html(text)


def _abilities(convert: Callable[[str], str]) -> SiteAbilities:
    def link_address(href: str) -> str | None:
        link = parse_html("<p><a>甲</a></p>")
        link[0][0].set("href", href)
        from lxml import html

        shown = parse_html(convert(html.tostring(link[0], encoding="unicode")))
        return next((each.get("href") for each in shown.iter("a")), None)

    return SiteAbilities(link_address, "footnote-ref" in convert("甲[^1]\n\n[^1]: 乙"))


def _bare_addresses(blocks: tuple[Block, ...]) -> frozenset[str]:
    return frozenset(
        each.text
        for content in contents(blocks)
        for each in content
        if isinstance(each, Text) and each.href and each.href.removeprefix("mailto:") == each.text
    )


class _TextWriter:
    """Writes all blocks and checks them together, as a block may mean something else between others."""

    def __init__(self, blocks: tuple[Block, ...], check: PageCheck, forms: FormReader) -> None:
        self._blocks = blocks
        self._check = check
        self._writer = BlockWriter(check)
        found = forms.forms_with_places(blocks)
        self._expected: list[Any] = [form for form, _place in found]
        self._places = [place for _form, place in found]
        self._levels = [Level.READABLE] * len(blocks)
        self._texts = [self._writer.write(block, Level.READABLE) for block in blocks]
        self._hopeless: set[int] = set()
        """Forms that the page shows in another way, however they are written."""

    def text(self) -> str:
        for _round in range(_ROUNDS):
            text = "\n\n".join(filter(None, self._texts)) + "\n"
            different = self._first_difference(text)
            if different is None:
                return text
            self._protect(different)
        return "\n\n".join(filter(None, self._texts)) + "\n"

    def _first_difference(self, text: str) -> int | None:
        shown = self._check.forms_of_page(text)
        expected = self._expected
        if len(shown) != len(expected) and self._hopeless:
            last = self._last_difference(shown)
            return None if last in self._hopeless else last
        for number, form in enumerate(expected):
            if number not in self._hopeless and (number >= len(shown) or shown[number] != form):
                return number
        return None if len(shown) <= len(expected) else len(expected) - 1

    def _last_difference(self, shown: list[Any]) -> int:
        equal = 0
        while equal < min(len(shown), len(self._expected)) and shown[-1 - equal] == self._expected[-1 - equal]:
            equal += 1
        return max(len(self._expected) - equal - 1, 0)

    def _protect(self, different: int) -> None:
        """Write the blocks of a form in a safer way, or else those around it."""
        for form in (different, different - 1, different + 1):
            if not 0 <= form < len(self._expected):
                continue
            blocks = [place for place in self._blocks_of(form) if self._levels[place] < Level.HTML]
            for place in blocks:
                level = self._levels[place] = Level(self._levels[place] + 1)
                self._texts[place] = self._writer.write(self._blocks[place], level)
            if blocks:
                return
        self._hopeless.add(different)

    def _blocks_of(self, form: int) -> range:
        end = self._places[form + 1] if form + 1 < len(self._places) else len(self._blocks)
        return range(self._places[form], end)
