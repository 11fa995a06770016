"""Overwriting parts of a file in place, so that all other parts keep their offsets."""

from __future__ import annotations

from gongshi.common.errors import GongshiError

MAX_PARTS = 4_000_000
"""Maximum number of parts of a file: more than three hours of film, read in about ten seconds."""


class Unreadable(GongshiError):
    """Error: a film or sound is damaged, or has a structure that cannot be cleaned."""


class Edits:
    """Collects parts to overwrite; the file is copied once, at the end.

    Args:
        content: bytes of the file.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._edits: list[tuple[int, int, bytes]] = []

    def clear(self, start: int, end: int) -> None:
        """Overwrite a part with zeros."""
        if end > start:
            self._edits.append((start, end, b""))

    def overwrite(self, start: int, replacement: bytes) -> None:
        """Overwrite the bytes from `start` on with a replacement."""
        self._edits.append((start, start + len(replacement), replacement))

    def apply(self, end: int | None = None) -> bytes:
        """Return the file with all edits.

        Args:
            end: new end of the file; None to keep its length.

        Raises:
            Unreadable: two edits overlap, which happens in damaged files.
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
