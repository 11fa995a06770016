"""Makes the pages: each from its view, by MkDocs' converter and the theme's templates; those made before are kept.

MkDocs itself would hold all pages in memory until the last is converted, and make every page in every build. Here each
page is converted, put into the theme's frame and kept as bytes before the next, on all processors.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from itertools import chain
from typing import Protocol, TypeVar

import jinja2
from mkdocs.commands.build import get_context
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation

from gongshi.build.cache.fingerprints import Fingerprints
from gongshi.build.log import counted
from gongshi.build.render.failures import TooComplex
from gongshi.build.render.mkdocs_pages import Doors, GatePage
from gongshi.build.render.template_context import Parts
from gongshi.common.object_cache import Cache, Values
from gongshi.common.parallel import FEW, Limits, spread
from gongshi.domain.content.paths import address_of
from gongshi.domain.content.text_limits import may_be_complex
from gongshi.i18n import gettext as _
from gongshi.site.content import Exhibition
from gongshi.site.html.link_filter import LinkGate
from gongshi.site.pages.models import EntryView, View
from gongshi.site.search import index
from gongshi.site.search.documents import search_document

_Result = TypeVar("_Result")

_MKDOCS = logging.getLogger("mkdocs")


class Voucher(Protocol):
    """Gives the pages that may be made, and vouches for them to the templates."""

    parts: Parts

    def issue(self, path: str) -> GatePage:
        """The page with this Markdown file or made-up path."""

    def title_of(self, view: View) -> str:
        """The title of a page, in the site's language where it has none of its own."""


@dataclass(frozen=True)
class Sheet:
    """What became of a page."""

    sha256: str
    words: str | None
    """SHA-256 of what the search keeps of it; None for a page that is not searched."""
    size: int
    """Bytes of what the search keeps of it."""
    closed: int
    """How many of its links lost their address."""
    told: tuple[tuple[str, int, str], ...]
    """What MkDocs and the gate say of it: name of the logger, level, text."""


class Press:
    """Makes the pages of one build.

    Args:
        voucher: gives the pages.
        config: of MkDocs.
        shown: what is built.
        links: the Markdown extension that knows where links lead.
        env: the theme's templates.
        nav: the navigation.
    """

    def __init__(
        self,
        voucher: Voucher,
        config: MkDocsConfig,
        shown: Exhibition,
        links: LinkGate,
        env: jinja2.Environment,
        nav: Navigation,
    ) -> None:
        self._voucher = voucher
        self._config = config
        self._shown = shown
        self._links = links
        self._nav = nav
        self._template = env.get_template("main.html")
        self._doors = Doors({*shown.views, *shown.of_bundles, *shown.made}, config)

    def sheets(self, cache: Cache, prints: Fingerprints) -> dict[str, Sheet]:
        """Every page, kept in the cache; those that are there already are not made again.

        Args:
            cache: keeps what was made.
            prints: says of what something is made.

        Returns:
            What became of the pages, by Markdown file or made-up path.
        """
        keys = {path: prints.of(view) for path, view in self._shown.views.items()}
        made: dict[str, Values] = {}
        for path, key in keys.items():
            values = cache.kept(f"page {path}", key)
            if values is not None and self._leads_as_before(path, values):
                made[path] = values
        missing = [path for path in keys if path not in made]
        # To copy this process for a single text takes longer than a short text, and a short one cannot take long.
        long_ones = [path for path in missing if may_be_complex(self._shown.views[path].body or "")]
        is_long = frozenset(long_ones)
        limits = self._limits(lambda path, error: self._kept(path, cache, error))
        rest = [path for path in missing if path not in is_long]
        texts = sum(bool(self._shown.views[path].body) for path in rest)
        # Lists without a text of their own are done before two processes have begun.
        few = FEW if texts > FEW else len(rest)
        made_now = chain(
            spread(lambda path: self._kept(path, cache), rest, few),
            spread(lambda path: self._kept(path, cache), long_ones, limits=limits),
        )
        results = counted(_("Making pages"), made_now, len(missing))
        for path, values in zip([*rest, *long_ones], results, strict=True):
            made[path] = values
            if not values["failed"]:
                cache.note(f"page {path}", keys[path], values)
        return {path: _sheet(made[path]) for path in keys}

    def tell(self, sheets: Mapping[str, Sheet]) -> None:
        """Say what was said of pages when they were made, as if each were made now."""
        for sheet in sheets.values():
            for name, level, text in sheet.told:
                logging.getLogger(name).log(level, "%s", text)

    def html(self, path: str) -> str:
        """Make one page within the limits of a text.

        Args:
            path: its Markdown file or made-up path.
        """
        limits = self._limits(lambda path, error: self._made(path, error)[0])
        [html] = list(spread(lambda path: self._made(path)[0], [path], limits=limits))
        return html

    def _limits(self, give_up: Callable[[str, TooComplex], _Result]) -> Limits[str, _Result]:
        seconds = self._shown.policy.text_seconds
        return Limits(seconds, lambda path, excess: give_up(path, TooComplex(excess, seconds)))

    def _made(self, path: str, error: TooComplex | None = None) -> tuple[str, GatePage]:
        """Make one page in this process.

        Args:
            path: its Markdown file or made-up path.
            error: why its text cannot be converted, where this is known already.
        """
        view, page = self._shown.views[path], self._voucher.issue(path)
        self._links.begin(view.source, address_of(view.source))
        page.markdown = view.body.lstrip("\n")
        page.meta = {"title": escape(self._voucher.title_of(view)), "hide": ["toc"]}
        if view.description:
            page.meta["description"] = escape(view.description)
        if error:
            page.fail(error)
        else:
            page.render(self._config, self._doors)
        page.active = True
        try:
            context = get_context(self._nav, (), self._config, page)
            return self._template.render(context, gate=self._voucher, site=self._voucher.parts), page
        finally:
            page.active = False

    def _kept(self, path: str, cache: Cache, error: TooComplex | None = None) -> Values:
        with _heard() as told:
            html, page = self._made(path, error)
        links = self._links
        values: Values = {"asked": links.asked, "raw": links.asked_raw, "closed": links.closed, "told": told}
        contents = [html.encode("utf-8", errors="xmlcharrefreplace")]
        view = self._shown.views[path]
        if isinstance(view, EntryView):
            contents.append(index.tokenize_document(search_document(view, page.words, self._shown.policy)))
        size = sum(map(len, contents[1:]))
        return {**values, "objects": [cache.keep(each) for each in contents], "size": size, "failed": page.failed}

    def _leads_as_before(self, path: str, values: Values) -> bool:
        leads, address = self._links.routes.leads, address_of(path)
        asked: Mapping[str, str] = values["asked"]
        raw: Mapping[str, str] = values["raw"]
        if not asked and not raw:
            return True
        return all(leads(url, path, address).value == before for url, before in asked.items()) and all(
            leads(url, path, address, raw=True).value == before for url, before in raw.items()
        )


def _sheet(values: Values) -> Sheet:
    own, *words = values["objects"]
    told = tuple((name, level, text) for name, level, text in values["told"])
    return Sheet(own, words[0] if words else None, values["size"], values["closed"], told)


@contextmanager
def _heard() -> Iterator[list[tuple[str, int, str]]]:
    """Collect what MkDocs says, to be told by the process that counts warnings, and again when the page was kept."""
    told: list[tuple[str, int, str]] = []

    class Ear(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            told.append((record.name, record.levelno, record.getMessage()))

    handlers, propagate = _MKDOCS.handlers, _MKDOCS.propagate
    _MKDOCS.handlers, _MKDOCS.propagate = [Ear()], False
    try:
        yield told
    finally:
        _MKDOCS.handlers, _MKDOCS.propagate = handlers, propagate
