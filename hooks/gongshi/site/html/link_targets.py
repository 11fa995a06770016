"""Which addresses of the site are public, and where a link leads."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection
from enum import Enum
from functools import cached_property
from urllib.parse import unquote, urlsplit

from gongshi.domain.config.policy import RESERVED
from gongshi.domain.content.paths import address_of, folder_of
from gongshi.domain.review.snapshot import Survey
from gongshi.site.html.urls import Place, Target, segment_key, site

_HOSTED = re.compile(r"[/\\]|https?://", re.IGNORECASE)
"""Begins an address that means the same on every page."""


class Leads(Enum):
    """Where a link leads, the most careful answer first."""

    NOWHERE = "nowhere"
    """To a place of this site that is not public, or to none at all."""
    FILE = "file"
    """To a file by its own name, which becomes an address."""
    BESIDE = "beside"
    """To a place on the unit's host that is none of this site."""
    SOMEWHERE = "somewhere"


class Holdings:
    """Everything that `docs/` and the record hold in any state: published, withheld, deleted.

    Args:
        surveyed: the unit.
    """

    def __init__(self, surveyed: Survey) -> None:
        self._surveyed = surveyed

    @cached_property
    def names(self) -> frozenset[str]:
        """The first segments of every address that the site has or could have, as `segment_key` gives them."""
        surveyed = self._surveyed
        standing = [path.name for path in surveyed.tree.docs.iterdir()] if surveyed.tree.docs.is_dir() else []
        first = {path.split("/")[0] for path in surveyed.standings}
        found = {*RESERVED, *surveyed.configuration.policy.columns, *standing, *first}
        return frozenset(segment_key(name) for each in found for name in (each, each.removesuffix(".md"), ""))

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses of all pages and of the files of their bundles, without slashes at their ends."""
        found: set[str] = set()
        for path, standing in self._surveyed.standings.items():
            source = self._surveyed.tree.sources.get(path)
            version = standing.public.version if standing.public else None
            names = {*(source.files if source else ()), *(version.files if version else ())}
            found.update((address_of(path).rstrip("/"), *(folder_of(path) + name for name in names)))
        return frozenset(map(segments_key, found))


def segments_key(path: str) -> str:
    """Equal for paths that some server takes for the same.

    Args:
        path: decoded, with `/`.
    """
    return "/".join(map(segment_key, path.split("/")))


def _known(known: bool) -> Leads:
    return Leads.SOMEWHERE if known else Leads.NOWHERE


class Routes:
    """Every address of the site that is public.

    Args:
        addresses: pages and files relative to the site, as on disk: `about/`, `about/office.jpg`.
        sources: the Markdown files of public pages, relative to `docs/`.
        site_url: the site's own absolute URL, or None.
        domain: the unit's host name, or None.
        holdings: everything that there is; without it each address on an own host is taken for one of the site.
        more: gives the complete routes, for those who seldom need more than the given ones; called at most once.
    """

    def __init__(
        self,
        addresses: Collection[str],
        sources: Collection[str],
        site_url: str | None,
        domain: str | None,
        holdings: Holdings | None = None,
        more: Callable[[], Routes] | None = None,
    ) -> None:
        self._addresses = {_plain(address) for address in addresses}
        self._exact = set(addresses)
        self._sources = set(sources)
        self._holdings = holdings
        self._more = more
        self.site = site(site_url, domain, holdings.names if holdings else None)
        self._hosted: dict[str, Leads] = {}
        """Answers for addresses that mean the same on every page."""

    def add(self, addresses: Collection[str]) -> None:
        """Let more files be public, such as those that a preview makes late.

        Args:
            addresses: relative to the site, as on disk.
        """
        self._addresses.update(map(_plain, addresses))
        self._exact.update(addresses)
        self._hosted.clear()

    def leads_nowhere(self, url: str, page: str, address: str) -> bool:
        """Whether a link leads to a place of this site that is not public.

        Args:
            url: as it stands in the page.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
        """
        return self.leads(url, page, address) is Leads.NOWHERE

    def leads(self, url: str, page: str, address: str, raw: bool = False) -> Leads:
        """Where a link leads; as long as this is the same, a page with this link need not be made anew.

        Args:
            url: as it stands in the page.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
            raw: whether it is HTML that visitors get as it is; in Markdown a file's own name becomes its address.
        """
        if known := self._hosted.get(url):
            return known
        if not raw and self._file(url, page) is not None:
            return Leads.FILE
        found = {self._judged(target) for target in self.site.readings(url, address)}
        leads = next(each for each in Leads if each in found)
        if leads is Leads.NOWHERE and self._more is not None:
            self._complete(self._more())
            return self.leads(url, page, address, raw)
        if _HOSTED.match(url):
            self._hosted[url] = leads
        return leads

    def _complete(self, others: Routes) -> None:
        self._addresses |= others._addresses
        self._exact |= others._exact
        self._sources |= others._sources
        self._more = None

    def points(self, url: str, page: str, address: str) -> set[str]:
        """The addresses of this site that a link may mean, so that two links to the same place are known as such.

        Args:
            url: as it stands in the page, or as somebody wrote it in a text.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
        """
        paths = {target.path for target in self.site.readings(url, address) if target.path is not None}
        if source := _beside_source(url, page):
            paths.add(address_of(source).rstrip("/") if source.endswith(".md") else source)
        return {segments_key(path) for path in paths}

    def _file(self, url: str, page: str) -> str | None:
        source = _beside_source(url, page)
        return source if source in self._sources or source in self._exact else None

    def _judged(self, target: Target) -> Leads:
        if target.place is Place.OWN:
            return _known(target.path is None or _plain(target.path) in self._addresses)
        if target.path is not None and self._names_withheld(target.path):
            return Leads.NOWHERE
        if target.place is Place.BESIDE:
            return Leads.BESIDE
        return _known(target.place is not Place.BROKEN)

    def _names_withheld(self, path: str) -> bool:
        """Whether a path beside this site has the words of the address of a page that is not public."""
        held = self._holdings is not None and segments_key(path) in self._holdings.addresses
        return held and _plain(path) not in self._addresses


def _beside_source(url: str, page: str) -> str | None:
    """The file that a link in Markdown names by its place in `docs/`; None where it cannot name any."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith(("/", "\\")):
        return None
    return posixpath.normpath(folder_of(page) + unquote(parts.path))


def _plain(address: str) -> str:
    plain = address.strip("/")
    return "" if plain in ("index.html", ".") else plain.removesuffix("/index.html")
