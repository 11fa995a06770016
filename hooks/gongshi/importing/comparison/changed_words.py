"""Words of the entry that findings name as written in another form, such as equations and charts."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from typing import Final

from gongshi.importing.comparison.compared_texts import letters_of

_TRIED: Final = 2000
"""Words that are searched for in the page, so that hostile files do not take long."""
_FILL_LINE: Final = "＿"
"""Readers write blanks that are underlined, where something is filled in by hand, with this sign."""


class ChangedWords:
    """The places of such words in the page.

    Args:
        words: for each finding the words in question, in lines.
        letters: the letters of the page.
    """

    def __init__(self, words: Iterable[str], letters: str) -> None:
        self._letters = letters
        self._next: dict[str, int] = {}
        self._tries = _TRIED
        spans: list[tuple[int, int]] = []
        for each in words:
            spans += self._places(each)
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start <= self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def explain(self, words: str, start: int, end: int) -> bool:
        """Tell whether a difference only adds signs within such words, or lines to be filled in.

        Args:
            words: the letters of the file.
            start: the first letter of the page.
            end: the letter of the page after the last.
        """
        shown = self._letters[start:end]
        if words == shown.replace(_FILL_LINE, ""):
            return True
        place = bisect_right(self._starts, start) - 1
        is_inside = place >= 0 and end <= self._ends[place]
        return is_inside and _has_in_order(_plain(words), _plain(shown))

    def _places(self, words: str) -> list[tuple[int, int]]:
        """Return where words stand: in one place, or each line of them behind the last."""
        whole = letters_of(words)
        place = self._place(whole, self._next.get(whole, 0))
        if place is not None:
            return [place]
        found: list[tuple[int, int]] = []
        for line in filter(None, map(letters_of, words.split("\n"))):
            place = self._place(line, found[-1][1] if found else 0) or self._place(line, 0)
            if place is not None:
                found.append(place)
        return found

    def _place(self, letters: str, start: int) -> tuple[int, int] | None:
        if not letters or self._tries <= 0:
            return None
        self._tries -= 1
        place = self._letters.find(letters, start)
        if place < 0:
            return None
        self._next[letters] = place + len(letters)
        return place, place + len(letters)


def _plain(letters: str) -> str:
    """Return raised, lowered and accented letters as plain ones."""
    return unicodedata.normalize("NFKD", letters)


def _has_in_order(words: str, others: str) -> bool:
    """Tell whether all letters of words are in others, in the same order."""
    letters = iter(others)
    return all(letter in letters for letter in words)
