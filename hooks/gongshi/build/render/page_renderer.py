"""Renders the pages: each from its page model, with MkDocs' Markdown and the theme's templates.

MkDocs itself would hold all pages in memory until the last is converted, and render every page in every build. Here
each page is converted, rendered and stored in the build cache before the next one, on all processors. A page whose
inputs are unchanged is taken from the cache.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import TypeVar

import jinja2
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation

from gongshi.build.cache.fingerprints import Fingerprints
from gongshi.build.log import with_progress
from gongshi.build.render.failures import TooComplex
from gongshi.build.render.mkdocs_pages import ContentPage
from gongshi.build.render.page_registry import PageRegistry
from gongshi.build.render.template_context import TemplateContext
from gongshi.build.render.text_converter import PageLinks, TextConverter
from gongshi.common.object_cache import ObjectCache, Values
from gongshi.common.parallel import FEW, Limits, map_parallel
from gongshi.domain.content.text_limits import may_be_complex
from gongshi.i18n import gettext as _
from gongshi.site.content import SiteContent
from gongshi.site.pages.models import EntryPage
from gongshi.site.search import index
from gongshi.site.search.documents import search_document

_Result = TypeVar("_Result")
_LogLine = tuple[str, int, str]
"""Name of the logger, level, text."""

_MKDOCS = logging.getLogger("mkdocs")


@dataclass(frozen=True)
class RenderedPage:
    """A page in the build cache."""

    sha256: str
    """SHA-256 of the HTML."""
    search_sha256: str | None
    """SHA-256 of its search document; None for a page that the search leaves out."""
    search_size: int
    """Bytes of its search document."""
    removed_links: int
    unshown: int
    """Number of pictures, films and sounds that are not shown."""
    """Number of its links that lost their address."""
    log: tuple[_LogLine, ...]
    """Messages of MkDocs and Gongshi about the page."""


class PageRenderer:
    """Renders the pages of one build.

    Args:
        config: of MkDocs.
        content: what is built.
        registry: creates the pages.
        converter: converts their texts.
        templates: the variable `site` of the templates.
        env: the theme's templates.
        nav: the navigation.
    """

    def __init__(
        self,
        config: MkDocsConfig,
        content: SiteContent,
        registry: PageRegistry,
        converter: TextConverter,
        templates: TemplateContext,
        env: jinja2.Environment,
        nav: Navigation,
    ) -> None:
        self._config = config
        self._content = content
        self._registry = registry
        self._converter = converter
        self._templates = templates
        self._template = env.get_template("main.html")
        self.nav = nav

    def render_all(self, cache: ObjectCache, prints: Fingerprints) -> dict[str, RenderedPage]:
        """Render every page that the cache does not have, and store it there.

        Args:
            cache: the build cache.
            prints: the cache keys.

        Returns:
            The pages by Markdown file or virtual path.
        """
        keys = {path: prints.of(view) for path, view in self._content.pages.items()}
        stored: dict[str, Values] = {}
        for path, key in keys.items():
            values = cache.get(f"page {path}", key)
            if values is not None and self._converter.resolves_as_before(path, values["links"], values["raw_links"]):
                stored[path] = values
        for path, values in self._render_missing([path for path in keys if path not in stored], cache):
            stored[path] = values
            if not values["failed"]:
                cache.set(f"page {path}", keys[path], values)
        return {path: _rendered_page(stored[path]) for path in keys}

    def render(self, path: str) -> str:
        """Render one page within the limits on time and memory, and return the HTML.

        Args:
            path: its Markdown file or virtual path.
        """
        limits = self._limits(lambda path, error: self._render(path, error)[0])
        [html] = list(map_parallel(lambda path: self._render(path)[0], [path], limits=limits))
        return html

    def _render_missing(self, missing: Sequence[str], cache: ObjectCache) -> Iterator[tuple[str, Values]]:
        # A process of its own for one text costs more than a short text, and short texts cannot exceed the limits.
        long_texts = [path for path in missing if may_be_complex(self._content.pages[path].body or "")]
        is_long = frozenset(long_texts)
        limits = self._limits(lambda path, error: self._render_into(cache, path, error))
        short_texts = [path for path in missing if path not in is_long]
        texts = sum(bool(self._content.pages[path].body) for path in short_texts)
        # Lists without a text of their own are done before a second process has started.
        few = FEW if texts > FEW else len(short_texts)
        rendered = chain(
            map_parallel(lambda path: self._render_into(cache, path), short_texts, few),
            map_parallel(lambda path: self._render_into(cache, path), long_texts, limits=limits),
        )
        results = with_progress(_("Making pages"), rendered, len(missing))
        return zip([*short_texts, *long_texts], results, strict=True)

    def _limits(self, give_up: Callable[[str, TooComplex], _Result]) -> Limits[str, _Result]:
        seconds = self._content.policy.text_seconds
        return Limits(seconds, lambda path, excess: give_up(path, TooComplex(excess, seconds)))

    def _render(self, path: str, error: TooComplex | None = None) -> tuple[str, ContentPage, PageLinks]:
        """Render one page in this process.

        Args:
            path: its Markdown file or virtual path.
            error: the reason why its text cannot be converted, if it is known already.
        """
        view, page = self._content.pages[path], self._registry.page_for(path)
        page.markdown = view.body.lstrip("\n")
        page.meta = {"title": escape(self._registry.title_of(view)), "hide": ["toc"]}
        if view.description:
            page.meta["description"] = escape(view.description)
        links = self._converter.convert(page, view.source, error)
        page.active = True
        try:
            context = get_context(self.nav, (), self._config, page)
            return self._template.render(context, site=self._templates), page, links
        finally:
            page.active = False

    def _render_into(self, cache: ObjectCache, path: str, error: TooComplex | None = None) -> Values:
        """Render one page, store it and its search document, and return the values of its cache entry."""
        with captured_log() as log:
            html, page, links = self._render(path, error)
        contents = [html.encode("utf-8", errors="xmlcharrefreplace")]
        view = self._content.pages[path]
        if isinstance(view, EntryPage):
            contents.append(index.tokenize_document(search_document(view, page.searched_words, self._content.policy)))
        return {
            "objects": [cache.put(each) for each in contents],
            "size": sum(map(len, contents[1:])),
            "failed": page.has_failed,
            "links": links.resolved,
            "raw_links": links.resolved_raw,
            "removed_links": links.removed_count,
            "unshown": links.unshown_count,
            "log": log,
        }


def repeat_log(pages: Mapping[str, RenderedPage]) -> None:
    """Log the messages about each page, also of a page that was taken from the cache."""
    for page in pages.values():
        for name, level, text in page.log:
            logging.getLogger(name).log(level, "%s", text)


def _rendered_page(values: Values) -> RenderedPage:
    html, *search = values["objects"]
    log = tuple((name, level, text) for name, level, text in values["log"])
    return RenderedPage(
        html, search[0] if search else None, values["size"], values["removed_links"], values["unshown"], log
    )


@contextmanager
def captured_log() -> Iterator[list[_LogLine]]:
    """Collect MkDocs' log instead of writing it; the main process writes it, also for pages from the cache."""
    lines: list[_LogLine] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append((record.name, record.levelno, record.getMessage()))

    handlers, propagate = _MKDOCS.handlers, _MKDOCS.propagate
    _MKDOCS.handlers, _MKDOCS.propagate = [Collector()], False
    try:
        yield lines
    finally:
        _MKDOCS.handlers, _MKDOCS.propagate = handlers, propagate
