"""Parts of a file overwritten in place, so that everything else keeps its offset."""

from __future__ import annotations

from gongshi.common.errors import GongshiError

MOST_PARTS = 4_000_000
"""How many parts a file may have: more than three hours of film, and read in some ten seconds."""


class Unreadable(GongshiError):
    """A film or sound is damaged, or built in a way that is not cleaned."""


class Edits:
    """Collects what is overwritten; the file itself is copied once, at the end.

    Args:
        content: the bytes of the file.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._edits: list[tuple[int, int, bytes]] = []

    def clear(self, start: int, end: int) -> None:
        """Overwrite a part with zeros."""
        if end > start:
            self._edits.append((start, end, b""))

    def put(self, start: int, replacement: bytes) -> None:
        """Overwrite a part of the same length."""
        self._edits.append((start, start + len(replacement), replacement))

    def applied(self, end: int | None = None) -> bytes:
        """Return the file with all edits.

        Args:
            end: where the file ends now; None for where it ended before.

        Raises:
            Unreadable: two edits overlap, as parts of a damaged file may.
        """
        content = memoryview(self.content)[:end]
        parts: list[bytes | memoryview] = []
        place = 0
        for start, stop, replacement in sorted(self._edits):
            if start < place or stop > len(content):
                raise Unreadable
            parts += [content[place:start], replacement or bytes(stop - start)]
            place = stop
        if not parts and len(content) == len(self.content):
            return self.content
        return b"".join([*parts, content[place:]])
