"""Everything of this site that templates use, as one object: the variable `site`."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page as MkDocsPage

from gongshi.build.render import theme_files
from gongshi.build.render.mkdocs_pages import ContentPage
from gongshi.build.render.page_registry import PageRegistry
from gongshi.common.characters import without_noncharacters
from gongshi.common.languages import direction, has_right_to_left_letters
from gongshi.common.text import format_size
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter_declaration import heading, listed
from gongshi.domain.content.output_files import calendar_file
from gongshi.domain.content.paths import PageKind, kind_of, parent_dir, url_path
from gongshi.i18n import use_language
from gongshi.site import generated_files
from gongshi.site.content import SiteContent
from gongshi.site.html.sanitizer import Picture
from gongshi.site.html.text_elements import MARK
from gongshi.site.logo import Logo
from gongshi.site.metadata import favicon, meta_tags
from gongshi.site.metadata.formats import running_text
from gongshi.site.metadata.meta_tags import HeadTags
from gongshi.site.pages import listings, models
from gongshi.site.pages.listings import ListItem
from gongshi.site.pages.models import Download, EntryPage, HomePage, Link, ListPage, Page, format_event_dates

_NO_TAGS = HeadTags((), (), ())
_SHARED_DEPTH = 2
"""Pages in so many folders or more share the parts of `cached_part`; entries lie so deep."""
_DESCRIPTION_CHARACTERS = 100
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_LANGUAGES = frozenset("gan hak hsn ja ko lzh nan wuu yue za zh".split())  # noqa: SIM905
"""Languages that are written with Chinese characters, alone or among others."""
_CHINESE = _HAN_LANGUAGES - {"ja", "ko", "za"}
_MIN_CARD_WIDTH = 200
"""In pixels: a card would blow up a narrower picture."""
_MAX_CARD_RATIO = 3
"""A card would show only a small part of a picture that is this many times as tall as wide, or the reverse."""


class TemplateContext:
    """The variable `site` of every template.

    Templates also have `page` (a `ContentPage`, whose `content` is the sanitized HTML of the text; None in static
    templates), `nav` and `config` of MkDocs, the filter `url` (the address of a page or file, relative to the page) and
    `_()`, which translates into the site's language. `main.html` sets `view` to what `page_model` returns: its
    attributes are documented in `site/pages/models.py`. Every part begins with `{% autoescape true %}`.

    Args:
        content: everything that is built.
        registry: the pages that this build created.
        config: of MkDocs.
        base: the site's absolute address ending in `/`; empty if mkdocs.yml names none.
        is_preview: for `mkdocs serve`.

    Raises:
        Abort: the theme has no styles.
    """

    policy: Policy
    """The unit: `policy.unit` (name, address, contact), `policy.language`, `policy.columns`."""
    stylesheet: str
    """Address of Material's styles, relative to the site."""
    colour: str
    """The unit's colour, as `#rrggbb`."""
    is_preview: bool
    """True for `mkdocs serve`, in which people of the unit look at drafts; False for a build."""

    def __init__(
        self, content: SiteContent, registry: PageRegistry, config: MkDocsConfig, base: str, is_preview: bool
    ) -> None:
        self.policy = content.policy
        self.stylesheet = theme_files.stylesheet(config.theme.dirs)
        self.colour = content.policy.unit.colour or favicon.COLOUR
        self.is_preview = is_preview
        self._content = content
        self._registry = registry
        self._site_url = config.site_url
        self._base = base
        self._parts: dict[tuple[str, str], str] = {}

    def page_model(self, page: MkDocsPage | None, template: str | None = None) -> Page:
        """Return the page model. Templates call this first, so a page that this build did not create cannot render.

        Args:
            page: the page; None for a static template.
            template: the name of the static template.

        Raises:
            BuildError: this build did not create the page.
        """
        return self._registry.page_model(page, template)

    def cached_part(self, name: str, page: ContentPage | None, caller: Callable[[], str]) -> str:
        """Return a part that is the same on all pages of a folder; used with `{% call %}`, rendered once per folder.

        Pages that the navigation names get a part of their own, since it marks the current page.

        Args:
            name: of the part.
            page: the page; None for a static template.
            caller: renders the part.
        """
        if page is None or page.in_nav or page.url.count("/") < _SHARED_DEPTH:
            return caller()
        key = (name, parent_dir(page.url.rstrip("/")))
        if key not in self._parts:
            self._parts[key] = caller()
        return self._parts[key]

    def head(self, page: ContentPage | None, view: Page) -> HeadTags:
        """Return the meta tags of a page; without a summary, the beginning of its text is the description.

        Args:
            page: the page; None for a static template, which has no meta tags.
            view: the data of the page.
        """
        if page is None:
            return _NO_TAGS
        head = self._head(view)
        if any(name.lower() == "description" for name, _content in head.meta):
            return head
        text = running_text(page.described_words)[:_DESCRIPTION_CHARACTERS] or f"{self.policy.unit.name} · {view.title}"
        return replace(head, meta=(*head.meta, ("Description", text)))

    def json_ld(self, data: dict[str, Any]) -> str:
        """Return linked data as JSON that may stand in a `<script>` element.

        Args:
            data: an element of `head(…).data`.
        """
        return meta_tags.json_ld(data)

    def site_map(self) -> list[tuple[str, str]]:
        """Return absolute address and day of the last change (`YYYY-MM-DD`) of every page except notices, sorted.

        Empty if mkdocs.yml names no `site_url`: search engines accept absolute addresses only.
        """
        if not self._site_url:
            return []
        base = self._site_url.rstrip("/") + "/"
        return [
            (base + quote(url_path(path)), view.modified.astimezone(self.policy.zone).date().isoformat())
            for path, view in sorted(self._content.pages.items())
            if view.modified
        ]

    def logo(self) -> Logo | None:
        """Return the unit's logo: `path`, `media_type`, `shown` (width and height in the header), `is_square`."""
        return self._content.logo

    def feeds(self) -> list[tuple[str, str]]:
        """Return title and address of each feed, relative to the site; the feed of the whole site comes first."""
        unit, columns = self.policy.unit.name, self.policy.columns
        found = [
            (unit, generated_files.FEED),
            *((f"{unit} · {c.title}", f"{id}/{generated_files.FEED}") for id, c in columns.items()),
        ]
        return [(title, address) for title, address in found if address in self._content.generated]

    def when(self, item: ListItem) -> str:
        """Return when an activity takes place, in words; empty for an entry without `event`."""
        return format_event_dates(item.meta.event, self.policy.zone) if item.meta.event else ""

    def lang(self, shown: Page | Link | ListItem | None) -> Markup:
        """Return the attributes `lang` and `dir` of an element with a title or text; empty for the site's language.

        Args:
            shown: the page, link or list item that the title or text belongs to.
        """
        tag = shown.lang if shown else None
        return Markup(' lang="{}" dir="{}"').format(tag, direction(tag)) if tag else Markup()

    def value(self, text: Any, shown: Page | ListItem) -> Any:
        """Return a value of the front matter for a place among words of the site, isolated from their direction.

        A value may be in the language of the entry or, such as a document number, in the site's.

        Args:
            text: the value; anything but a text is returned as it is.
            shown: the page or list item of its entry.
        """
        tag = shown.lang
        if tag is None or not isinstance(text, str):
            return text
        if _HAN.search(text) and tag.split("-")[0] not in _HAN_LANGUAGES:
            return Markup('<bdi lang="{}">{}</bdi>').format(self.policy.language, text)
        if direction(tag) == "rtl" and has_right_to_left_letters(text):
            return Markup('<bdi lang="{}" dir="rtl">{}</bdi>').format(tag, text)
        return Markup('<bdi lang="{}">{}</bdi>').format(tag, text)

    def text(self, content: str, shown: Page | None) -> Markup:
        """Return the sanitized HTML of a text, in which words of the site are marked as such.

        Args:
            content: `page.content`.
            shown: the page of the text; None if it has none.
        """
        if shown and shown.lang:
            mark = f'<span class="{MARK}"'
            content = content.replace(f"{mark}>", f'{mark} lang="{self.policy.language}" dir="ltr">')
        return Markup(content)  # noqa: S704 - sanitized

    def indents(self, shown: Page) -> bool:
        """Tell whether the paragraphs of an entry begin with an indent of two characters, as texts in Chinese may.

        Args:
            shown: the page of the entry.
        """
        language = (shown.lang or self.policy.language).split("-")[0]
        return self.policy.indents_paragraphs and language in _CHINESE

    def isolated(self, text: str) -> str:
        """Return a text of an unknown language, such as a tag; isolated if it is written from right to left.

        Args:
            text: the text.
        """
        return Markup("<bdi>{}</bdi>").format(text) if has_right_to_left_letters(text) else text

    def has_other_languages(self, page: ContentPage | None, view: Page) -> bool:
        """Tell whether a page needs the styles of other languages: fonts, and lists from right to left.

        Args:
            page: the page; None for a static template.
            view: the data of the page.
        """
        content = page.content or "" if page else ""
        return models.has_other_languages(view) or ' lang="' in content or ' dir="' in content

    def thumbnail(self, item: ListItem) -> Picture | None:
        """Return the narrowest copy of an entry's picture for a list; None if it has none that would be clear there."""
        images, url = self._content.images, item.picture
        image = images.images.get(unquote(url)) if images and url else None
        if image is None or image.width < _MIN_CARD_WIDTH:
            return None
        if not 1 / _MAX_CARD_RATIO <= image.width / image.height <= _MAX_CARD_RATIO:
            return None
        path, width = image.smaller[0][:2] if image.smaller else (image.path, image.width)
        return Picture(quote(path), width, round(image.height * width / image.width), None, ())

    def offers(self, download: Download) -> bool:
        """Tell whether an attachment is published; a damaged picture or a refused file type is not."""
        return self._content.offers(unquote(download.url))

    def about(self, download: Download) -> str:
        """Return type and size of an attachment in words, such as `PDF, 1.2 MB`."""
        images = self._content.images
        size = images.sizes.get(unquote(download.url)) if images else None
        return ", ".join(filter(None, [download.kind, format_size(size, in_bytes=False) if size else ""]))

    def qr(self, page: MkDocsPage, label: str) -> str:
        """Return a QR code of the page's address as SVG; empty if mkdocs.yml names no `site_url`.

        Args:
            page: the page.
            label: the text alternative.
        """
        url = page.canonical_url if self._base else None
        if not url:
            return ""
        # Imported late: it is slow to load, and a build that renders no entry anew needs no code.
        from gongshi.site.metadata.qr_code import qr_svg

        return qr_svg(url, label)

    def calendar(self, view: Page) -> str:
        """Return the address of an event's calendar file, relative to the site; empty if there is none."""
        path = calendar_file(view.source, self._content.policy.columns)
        return path if path and path in self._content.generated else ""

    def _head(self, view: Page) -> HeadTags:
        if isinstance(view, HomePage):
            return meta_tags.home_head(
                self.policy, self._base, view.description, logo.path if (logo := self.logo()) else "favicon.svg"
            )
        if isinstance(view, ListPage):
            return meta_tags.list_head(view, self.policy, self._base)
        if not isinstance(view, EntryPage):
            return meta_tags.plain_head(view.title, self.policy, self._base, url_path(view.source))
        public = view.public
        since, last = (public.since, public.changed) if public else (None, None)
        if kind_of(view.source, self.policy.columns) is not PageKind.ENTRY:
            return meta_tags.page_head(view, self.policy, self._base, since, last)
        version = view.public.version if view.public else None
        tags = view.meta.tags if view.meta else ()
        picture = listings.picture_of(version) if version else None
        if picture and not self._content.offers(unquote(picture)):
            picture = None
        return meta_tags.entry_head(view, self.policy, self._base, since, last, tags, image=picture)

    def facts(self, view: Page) -> list[tuple[str, str]]:
        """Return the listed front matter keys of a page, each with its title in the site's language and its value.

        Args:
            view: the page.
        """
        meta = getattr(view, "meta", None)
        if meta is None:
            return []
        is_entry = kind_of(view.source, self.policy.columns) is PageKind.ENTRY
        with use_language(self.policy.language):
            return [
                (heading(key), without_noncharacters(text))
                for _name, key, text in listed(meta, lambda key: key.on_entry if is_entry else key.on_page)
            ]
