"""Tell editors and approvers what a page says differently than its text, and which marks may not be meant.

All of it is advice, never an error: the comparison reads Markdown on its own, and may itself be wrong where a unit
uses extensions that it does not know. A false alarm must not stop a publication; the approver sees the same places in
`diff`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from gongshi.common.errors import printable
from gongshi.i18n import gettext as _
from gongshi.site.markdown.doubtful_marks import DoubtfulMark, find_doubtful_marks, mark_text
from gongshi.site.markdown.fidelity import TextDifference, find_differences
from gongshi.site.markdown.plain_text import has_marks

_MOST: Final = 20
"""Differences and doubtful marks of one text that are told."""


@dataclass(frozen=True)
class PageComparison:
    """The places of a text that editors and approvers should look at on the page."""

    differences: tuple[TextDifference, ...] = ()
    marks: tuple[DoubtfulMark, ...] = ()

    def advice(self) -> list[tuple[int, str]]:
        """Return the line of each place, counted from 0, with its message; at most 20 of each kind."""
        differences = [(each.line, difference_text(each)) for each in self.differences[:_MOST]]
        return sorted([*differences, *((each.line, mark_text(each)) for each in self.marks[:_MOST])])


def compare_with_page(body: str, page: str, converted: str | None = None) -> PageComparison:
    """Compare a text with its page.

    Args:
        body: the Markdown text.
        page: its HTML as published.
        converted: its HTML before the sanitizer, if the sanitizer removed parts of it that are told elsewhere, which
            are left out then; None for all differences.
    """
    if not has_marks(body):
        return PageComparison()
    found = find_differences(body, page)
    if found and converted is not None:
        lines = body.split("\n")
        found = [each for each in find_differences(body, converted) if "<" not in lines[each.line]]
    return PageComparison(tuple(found), tuple(find_doubtful_marks(body, page)))


def difference_text(found: TextDifference) -> str:
    """Return the message for a difference: the typed text, the text on the page, and what to do.

    Args:
        found: the difference.
    """
    message = _(
        "the page does not say what was typed here; typed: “{typed}”; on the page: “{shown}”; write a backslash before "
        "signs that are meant as text, or put an empty line around this part"
    )
    return message.format(typed=printable(found.typed), shown=printable(found.shown))
