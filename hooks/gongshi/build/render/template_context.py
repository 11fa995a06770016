"""What the templates ask for beside the view of their page."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from urllib.parse import quote, unquote

from mkdocs.structure.pages import Page

from gongshi.build.render import theme_files
from gongshi.build.render.mkdocs_pages import GatePage
from gongshi.domain.content.output_files import calendar_file
from gongshi.domain.content.paths import Kind, address_of, folder_of, kind_of
from gongshi.site import generated_files
from gongshi.site.content import Exhibition
from gongshi.site.html.sanitizer import Picture
from gongshi.site.metadata import meta_tags
from gongshi.site.metadata.formats import one_line
from gongshi.site.metadata.meta_tags import HeadTags
from gongshi.site.pages import listings
from gongshi.site.pages.listings import Item
from gongshi.site.pages.models import Download, EntryView, HomeView, ListView, View, span

_NOTHING = HeadTags((), (), ())
_DEEP = 2
"""Folders in which entries lie at least; home page, search and others say where one is."""
_DESCRIBED = 100
"""Characters of a text that describe its page."""


class Parts:
    """Stands in templates as `site`.

    Args:
        exhibition: everything that is built.
        base: the site's absolute address ending in `/`, empty where mkdocs.yml gives none.
        folders: where the theme's files lie.
    """

    json_ld = staticmethod(meta_tags.json_ld)

    def __init__(self, exhibition: Exhibition, base: str, folders: Iterable[str]) -> None:
        self.policy = exhibition.policy
        self._shown = exhibition
        self._base = base
        self._made: dict[tuple[str, str], str] = {}
        self.stylesheet = theme_files.stylesheet(folders)
        """Material's styles, relative to the site."""

    def once(self, name: str, page: GatePage | None, caller: Callable[[], str]) -> str:
        """A part that is the same on all pages in a folder, those aside that the navigation names: it marks them.

        Args:
            name: of the part.
            page: the page; None for one that belongs to no entry.
            caller: makes the part.
        """
        if page is None or page.listed or page.url.count("/") < _DEEP:
            return caller()
        key = (name, folder_of(page.url.rstrip("/")))
        if key not in self._made:
            self._made[key] = caller()
        return self._made[key]

    def head(self, page: GatePage | None, view: View) -> HeadTags:
        """The meta tags of a page; one that has no summary is described by how its text begins."""
        if page is None:
            return _NOTHING
        head = self._head(view)
        if any(name.lower() == "description" for name, _content in head.meta):
            return head
        text = one_line(page.words)[:_DESCRIBED] or f"{self.policy.unit.name} · {view.title}"
        return replace(head, meta=(*head.meta, ("Description", text)))

    def _head(self, view: View) -> HeadTags:
        if isinstance(view, HomeView):
            return meta_tags.home_head(self.policy, self._base, view.description, "favicon.svg")
        if isinstance(view, ListView):
            return meta_tags.list_head(view, self.policy, self._base)
        if not isinstance(view, EntryView):
            return meta_tags.plain_head(view.title, self.policy, self._base, address_of(view.source))
        public = view.public
        since, last = (public.since, public.changed) if public else (None, None)
        if kind_of(view.source, self.policy.columns) is not Kind.ENTRY:
            return meta_tags.page_head(view, self.policy, self._base, since, last)
        version = view.public.version if view.public else None
        tags = view.meta.tags if view.meta else ()
        picture = listings.picture_of(version) if version else None
        return meta_tags.entry_head(view, self.policy, self._base, since, last, tags, image=picture)

    def feeds(self) -> list[tuple[str, str]]:
        """Title and address of each feed, that of the whole site first."""
        unit, columns = self.policy.unit.name, self.policy.columns
        found = [
            (unit, generated_files.FEED),
            *((f"{unit} · {c.title}", f"{id}/{generated_files.FEED}") for id, c in columns.items()),
        ]
        return [(title, address) for title, address in found if address in self._shown.made]

    def when(self, item: Item) -> str:
        """When an activity takes place, in words."""
        return span(item.meta.event, self.policy.zone) if item.meta.event else ""

    def thumbnail(self, item: Item) -> Picture | None:
        """The picture of an entry in a list, the narrowest copy; None where it has none."""
        gallery, url = self._shown.gallery, item.picture
        image = gallery.images.get(unquote(url)) if gallery and url else None
        if image is None:
            return None
        path, width = image.smaller[0][:2] if image.smaller else (image.path, image.width)
        return Picture(quote(path), width, round(image.height * width / image.width), None, ())

    def offers(self, download: Download) -> bool:
        """Tell whether a file that a page lists is published; a damaged picture or a refused kind is not."""
        return self._shown.offers(unquote(download.url))

    def about(self, download: Download) -> str:
        """Kind and size of a file that is offered for download."""
        size = self._shown.gallery.sizes.get(unquote(download.url)) if self._shown.gallery else None
        return ", ".join(filter(None, [download.kind, _size(size) if size else ""]))

    def qr(self, page: Page, label: str) -> str:
        """A code that leads a phone to the page; empty where the site's address is not known."""
        url = page.canonical_url if self._base else None
        if not url:
            return ""
        # Slow to load, and a build that makes no entry's page anew needs no code.
        from gongshi.site.metadata.qr_code import qr_svg

        return qr_svg(url, label)

    def calendar(self, view: View) -> str:
        """The address of the calendar file of an event; empty where there is none."""
        path = calendar_file(view.source, self._shown.policy.columns)
        return path if path and path in self._shown.made else ""


def _size(count: int) -> str:
    return f"{max(count / (1 << 10), 0.1):.1f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"
