"""A document made for tests of imports, and all of them by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any, Final

from gongshi.importing.document import ReadOptions

DOCUMENTS: Final[dict[str, OwnDocument]] = {}
"""All documents whose modules were imported, by their names."""


@dataclass(frozen=True)
class OwnDocument:
    """A document, and what must become of it."""

    file: str
    """Its name."""
    build: Callable[[], bytes]
    page: tuple[str, ...]
    """The page, as `support.page_outline` writes it."""
    values: Mapping[str, Any]
    """The values in the front matter."""
    told: tuple[str, ...]
    """The words of what is left out or changed, in the order of the report; some end in `…` after their beginning."""
    beside: Mapping[str, Callable[[], bytes]]
    """Files beside it by their names, such as the pictures of a page."""
    options: ReadOptions

    def write(self, folder: Path) -> Path:
        """Write it, with the files beside it, and return its path.

        Args:
            folder: an empty folder.
        """
        for name, build in {**self.beside, self.file: self.build}.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(build())
        return folder / self.file


def own_document(
    file: str,
    page: str,
    *,
    told: tuple[str, ...] = (),
    beside: Mapping[str, Callable[[], bytes]] | None = None,
    options: ReadOptions | None = None,
    **values: Any,
) -> Callable[[Callable[[], bytes]], Callable[[], bytes]]:
    """Register the document that a function builds.

    Args:
        file: its name.
        page: the lines of its page, as `support.page_outline` writes them.
        told: the words of what is left out or changed, in the order of the report; `…` stands for the rest of them.
        beside: files beside it by their names.
        options: the choices of the user.
        values: the values in the front matter.
    """

    def register(build: Callable[[], bytes]) -> Callable[[], bytes]:
        lines = tuple(line for line in (each.rstrip() for each in dedent(page).split("\n")) if line)
        assert file not in DOCUMENTS
        DOCUMENTS[file] = OwnDocument(file, build, lines, values, told, beside or {}, options or ReadOptions())
        return build

    return register
