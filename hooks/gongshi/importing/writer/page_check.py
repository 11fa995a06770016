"""Checks what a page shows for a Markdown text, and finds the fewest marks that must be protected."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any, Final

from lxml import html
from lxml.etree import ParserError, _Element

from gongshi.importing.writer.blocks import Block, Footnote, Footnotes, Note, Paragraph, Text
from gongshi.importing.writer.escapes import Piece
from gongshi.importing.writer.forms import FormReader
from gongshi.importing.writer.html_reader import read_blocks
from gongshi.importing.writer.inline import groups_of, written
from gongshi.importing.writer.tidying import contents

_PARSER: Final = html.HTMLParser(huge_tree=True, encoding="utf-8")
_CONTROLS: Final = {
    **dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127]),
    **dict.fromkeys([*range(0xFDD0, 0xFDF0), 0xFFFE, 0xFFFF]),
    **dict.fromkeys(range(0xD800, 0xE000)),
}
"""Characters that show nothing, and that neither XML nor pages may contain."""
_AROUND: Final = Paragraph((Text("甲"),))
"""A paragraph before and after a text, as some marks only mean something beside another paragraph."""
_CHARACTERS: Final = 60_000
"""The characters that are converted at most to find the fewest marks for one content."""
_ALLOWANCE: Final = 100
"""A short text takes as long as so many characters more."""


def parse_html(text: str) -> _Element:
    """Return HTML as a `div` that contains its blocks.

    Args:
        text: the HTML.
    """
    content = text.translate(_CONTROLS).encode("utf-8")
    try:
        return html.fragment_fromstring(content, create_parent="div", parser=_PARSER)
    except ParserError:
        return html.Element("div")


class PageCheck:
    """Compares pages with what they should show.

    Args:
        convert: the site's converter from Markdown to the HTML of a page.
        forms: makes the forms in which both are compared.
    """

    def __init__(self, convert: Callable[[str], str], forms: FormReader) -> None:
        self._convert = convert
        self._forms = forms
        self.converted = 0
        """The characters that were converted, with an allowance for each text."""

    def forms_of_page(self, markdown: str) -> list[Any]:
        """Return the forms of the blocks that a page shows.

        Args:
            markdown: the text.
        """
        self.converted += len(markdown) + _ALLOWANCE
        return self._forms.forms(read_blocks(parse_html(self._convert(markdown))))

    def forms(self, blocks: Iterable[Block]) -> list[Any]:
        """Return the forms of blocks.

        Args:
            blocks: the blocks that a page should show.
        """
        return self._forms.forms(blocks)

    def shows(self, markdown: str, blocks: Sequence[Block]) -> bool:
        """Tell whether a page shows blocks, also between other paragraphs, and with the footnotes that they refer to.

        Args:
            markdown: the text.
            blocks: what the page should show.
        """
        body = [each for each in blocks if not isinstance(each, Footnotes)]
        notes = [note for each in blocks if isinstance(each, Footnotes) for note in each.notes]
        known = {note.id for note in notes}
        marks = [each.id for content in contents(blocks) for each in content if isinstance(each, Note)]
        unknown = dict.fromkeys(each for each in marks if each not in known)
        definitions = "".join(f"\n\n[^{each}]: 甲" for each in unknown)
        notes.extend(Footnote(each, (_AROUND,)) for each in unknown)
        expected = self.forms([_AROUND, *body, _AROUND, *([Footnotes(tuple(notes))] if notes else [])])
        try:
            return self.forms_of_page(f"甲\n\n{markdown}\n\n甲{definitions}") == expected
        except MemoryError:
            raise
        except Exception:
            # Extensions fail in any way on texts that they do not expect; then it must be written in another way.
            return False


def fewest_protected(
    pieces: Sequence[Piece], shows: Callable[[str], bool], protects_all: bool = False
) -> frozenset[Hashable] | None:
    """Return the groups of pieces that must be protected; None if the page is wrong even with all of them.

    It is the algorithm QuickXplain (U. Junker, AAAI 2004): the number of tries grows with the number of groups that
    must be protected, hardly with that of all groups.

    Args:
        pieces: the pieces of a text.
        shows: tells whether the page shows a text as it should.
        protects_all: True to protect all groups, without a search.
    """
    groups = groups_of(pieces)
    everything = frozenset(groups)
    if not protects_all and shows(written(pieces, ())):
        return frozenset()
    if not groups or not shows(written(pieces, everything)):
        return None
    if protects_all:
        return everything
    tries = _CHARACTERS // (sum(len(each.plain) for each in pieces) + _ALLOWANCE)
    return _Search(pieces, shows, tries).fewest(frozenset(), groups, is_tried=True)


class _Search:
    def __init__(self, pieces: Sequence[Piece], shows: Callable[[str], bool], tries: int) -> None:
        self._pieces = pieces
        self._shows = shows
        self._tries = tries

    def fewest(self, fixed: frozenset[Hashable], groups: list[Hashable], is_tried: bool) -> frozenset[Hashable]:
        """Return the fewest of some groups that must be protected together with others.

        Args:
            fixed: the groups that are protected anyway.
            groups: the groups of which some must be.
            is_tried: True if it is known that `fixed` alone is not enough.
        """
        if self._tries <= 0:
            return frozenset(groups)
        if not is_tried:
            self._tries -= 1
            if self._shows(written(self._pieces, fixed)):
                return frozenset()
        if len(groups) == 1:
            return frozenset(groups)
        half = len(groups) // 2
        first, second = groups[:half], groups[half:]
        of_second = self.fewest(fixed.union(first), second, is_tried=False)
        of_first = self.fewest(fixed | of_second, first, is_tried=not of_second)
        return of_first | of_second
