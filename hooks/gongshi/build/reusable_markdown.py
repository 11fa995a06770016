"""One Markdown converter for text after text, where nothing of a text remains in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from markdown import Markdown


class ReusableMarkdown:
    """Lends a converter for each text; to make one takes longer than to convert most texts.

    Args:
        is_reusable: True if the extensions forget a text when they are reset; see `can_be_reset`.
        ready: a converter that was not used yet; None to make the first one, too.
    """

    def __init__(self, is_reusable: bool, ready: Markdown | None = None) -> None:
        self._is_reusable = is_reusable
        self.ready = ready
        """The converter for the next text; None if a new one is needed."""

    @contextmanager
    def lend(self, make: Callable[[], Markdown]) -> Iterator[Markdown]:
        """Lend a converter for one text. After an error it is not used again: parts of the text may remain in it.

        Args:
            make: returns a new converter.
        """
        converter, self.ready = self.ready or make(), None
        yield converter
        if self._is_reusable:
            self.ready = converter.reset()
