"""Texts that look like a township's: the same seed writes the same, and no two of them are alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from random import Random

from bench import phrases, words

_GAP = re.compile(r"\{(\w+)\}")
_TOWN = Random(20260101)
_NAMES = {"".join(_TOWN.choices(words.COMMON, k=2)): None for _ in range(700)}
VILLAGES = tuple(name + _TOWN.choice(words.ENDINGS) for name in list(_NAMES)[:160])
COMPANIES = tuple(f"青禾县{name}{_TOWN.choice(words.TRADES)}有限公司" for name in list(_NAMES)[160:])


class Writer:
    """Writes the texts of one entry.

    Args:
        seed: the entry's number.
        day: the day on which it is written.
    """

    def __init__(self, seed: int, day: date) -> None:
        self._random = Random(seed)
        self._day = day
        self._seed = seed

    def title(self, is_activity: bool) -> str:
        """A title of one line."""
        return self.phrase(phrases.ACTIVITY_TITLES if is_activity else phrases.NOTICE_TITLES)

    def phrase(self, templates: Sequence[str]) -> str:
        """One of the sentences, its gaps filled."""
        return self.filled(self._random.choice(templates))

    def filled(self, template: str) -> str:
        """A sentence with its gaps filled."""
        return _GAP.sub(lambda gap: _FILL[gap[1]](self), template)

    def paragraph(self) -> str:
        """Some sentences, none of them twice."""
        count = self._random.randint(2, 5)
        return "".join(map(self.filled, self._random.sample(phrases.SENTENCES, count)))

    def table(self) -> str:
        """A Markdown table of three to a dozen rows."""
        head = self._random.choice(phrases.COLUMNS)
        rows = [[self.filled(phrases.CELLS[name]) for name in head] for _row in range(self._random.randint(3, 12))]
        return "\n".join(f"| {' | '.join(cells)} |" for cells in [head, ["---"] * len(head), *rows])

    def bullets(self) -> str:
        """A Markdown list."""
        return "\n".join(f"- {self.phrase(phrases.SENTENCES)}" for _item in range(self._random.randint(2, 5)))

    def summary(self) -> str:
        """A sentence of at most 120 characters."""
        return self.phrase(phrases.SENTENCES)[:118]

    def number(self) -> str:
        """A document number (文号), another for each entry."""
        return f"青政{self._random.choice('发办函字')}〔{self._day.year}〕{self._seed + 1}号"

    def chance(self, share: float) -> bool:
        """Whether something happens that happens so often."""
        return self._random.random() < share

    def between(self, least: int, most: int) -> int:
        """A whole number, both ends included."""
        return self._random.randint(least, most)

    def one_of(self, choices: Sequence[str]) -> str:
        """One of them."""
        return self._random.choice(choices)

    def some_of(self, choices: Sequence[str], count: int) -> list[str]:
        """So many different ones."""
        return self._random.sample(choices, count)

    def given(self) -> str:
        """One or two characters, as in a given name."""
        return "".join(self._random.choices(words.COMMON, k=self._random.randint(1, 2)))

    def money(self) -> str:
        """An amount."""
        return f"{self._random.randint(10, 99999) / 100:.2f}万元"

    def document(self) -> str:
        """Another document that is named in the text."""
        place = self._random.choice(("青政办发", "青农发", "青民字", "省政办规", "青财农"))
        return f"{place}〔{self._day.year - self._random.randint(0, 3)}〕{self._random.randint(1, 180)}号"

    @property
    def year(self) -> int:
        """The year in which it is written."""
        return self._day.year


def _from(choices: Sequence[str]) -> Callable[[Writer], str]:
    return lambda writer: writer.one_of(choices)


def _count(least: int, most: int, shape: str = "{}") -> Callable[[Writer], str]:
    return lambda writer: shape.format(writer.between(least, most))


_FILL: dict[str, Callable[[Writer], str]] = {
    "year": lambda writer: str(writer.year),
    "matter": _from(words.MATTERS),
    "action": _from(words.ACTIONS),
    "office": _from(words.OFFICES),
    "village": _from(VILLAGES),
    "company": _from(COMPANIES),
    "role": _from(words.ROLES),
    "person": lambda writer: writer.one_of(words.SURNAMES) + writer.given(),
    "given": Writer.given,
    "material": _from(words.MATERIALS),
    "law": _from(words.LAWS),
    "thing": _from(words.THINGS),
    "place": _from(words.PLACES),
    "weather": _from(words.WEATHER),
    "result": _from(words.RESULTS),
    "doc": Writer.document,
    "money": Writer.money,
    "few": _count(2, 28),
    "many": _count(30, 4800),
    "number": _count(100, 99999),
    "percent": lambda writer: f"{writer.between(700, 999) / 10}%",
    "phone": _count(8820000, 8829999, "0500-{}"),
    "month": _count(1, 12),
    "date": _count(1, 28),
    "hour": _count(8, 19, "{}:30"),
    "age": _count(18, 96),
}
