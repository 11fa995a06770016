"""What the templates ask for beside the view of their page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mkdocs.structure.pages import Page

from gongshi.faces.builder.exhibition import Exhibition
from gongshi.outputs.catalogue import Item
from gongshi.outputs.views import View, shown


@dataclass(frozen=True)
class Head:
    """Meta tags."""

    meta: tuple[tuple[str, str], ...] = ()
    properties: tuple[tuple[str, str], ...] = ()
    data: tuple[dict[str, Any], ...] = ()


class Parts:
    """Stands in templates as `site`.

    Args:
        exhibition: everything that is built.
        base: the site's absolute address ending in `/`, empty where mkdocs.yml gives none.
    """

    def __init__(self, exhibition: Exhibition, base: str) -> None:
        self.policy = exhibition.policy
        self._shown = exhibition
        self._base = base

    def head(self, page: Page | None, view: View) -> Head:
        """The meta tags of a page."""
        return Head((("description", view.description),) if view.description else ())

    def feeds(self) -> list[tuple[str, str]]:
        """Title and address of each feed, that of the whole site first."""
        return []

    def when(self, item: Item) -> str:
        """When an activity takes place, in words."""
        event = item.meta.event
        return (
            " – ".join(shown(value, self.policy.zone) for value in (event.start, event.end) if value) if event else ""
        )

    def thumbnail(self, item: Item) -> None:
        """The picture of an entry in a list."""
        return

    def qr(self, page: Page) -> str:
        """A code that leads a phone to the page."""
        return ""

    def calendar(self, view: View) -> str:
        """The address of the calendar file of an event; empty where there is none."""
        return ""
