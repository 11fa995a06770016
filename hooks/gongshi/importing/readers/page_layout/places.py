"""Places in a file, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from gongshi.i18n import gettext as _


def on_pages(numbers: Iterable[int]) -> str:
    """Return pages in words, such as `page 2` or `pages 1-3, 7`.

    Args:
        numbers: the numbers of the pages, from 1; at least one.
    """
    ranges: list[list[int]] = []
    for number in sorted(set(numbers)):
        if ranges and ranges[-1][-1] == number - 1:
            ranges[-1] = [ranges[-1][0], number]
        else:
            ranges.append([number])
    if len(ranges) == 1 and len(ranges[0]) == 1:
        return _("page {number}").format(number=ranges[0][0])
    return _("pages {numbers}").format(numbers=", ".join("-".join(map(str, each)) for each in ranges))
