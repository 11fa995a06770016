"""Link targets: decide whether a link leads to something public, something unpublished or another site."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterable
from enum import Enum
from functools import cached_property
from urllib.parse import unquote, urlsplit

from gongshi.domain.config.policy import RESERVED
from gongshi.domain.content.paths import parent_dir, url_path
from gongshi.domain.review.snapshot import Snapshot
from gongshi.site.html.urls import Target, UrlKind, segment_key, site

_ABSOLUTE = re.compile(r"[/\\]|https?://", re.IGNORECASE)
"""Start of an address that means the same on every page."""


class LinkTarget(Enum):
    """Kinds of link targets, the most restrictive first."""

    NOWHERE = "nowhere"
    """An unpublished or missing place of this site, or a broken address."""
    FILE = "file"
    """A public file, given in Markdown by its path in `docs/`."""
    BESIDE = "beside"
    """A place on the unit's host that does not belong to this site."""
    SOMEWHERE = "somewhere"


class UnitAddresses:
    """All addresses of entries in `docs/` and in the record, in any state: published, withheld, deleted.

    Args:
        snapshot: the snapshot of the unit.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    @cached_property
    def names(self) -> frozenset[str]:
        """First segments of every address that the site has or could have, as `segment_key` returns them."""
        snapshot = self._snapshot
        present = [path.name for path in snapshot.tree.docs.iterdir()] if snapshot.tree.docs.is_dir() else []
        first = {path.split("/")[0] for path in snapshot.statuses}
        found = {*RESERVED, *snapshot.configuration.policy.columns, *present, *first}
        return frozenset(segment_key(name) for each in found for name in (each, each.removesuffix(".md"), ""))

    @cached_property
    def addresses(self) -> frozenset[str]:
        """The addresses of all pages and bundle files, as `entry_addresses` returns them."""
        found: set[str] = set()
        for path, status in self._snapshot.statuses.items():
            source = self._snapshot.tree.sources.get(path)
            version = status.public.version if status.public else None
            names = {*(source.files if source else ()), *(version.files if version else ())}
            found |= entry_addresses(path, names)
        return frozenset(found)


def entry_addresses(path: str, names: Iterable[str]) -> set[str]:
    """Return the addresses of an entry's page and files, without trailing slashes, as `segments_key` returns them.

    Args:
        path: the Markdown file, relative to `docs/`.
        names: the other files of its bundle, relative to the bundle's folder.
    """
    return set(map(segments_key, (url_path(path).rstrip("/"), *(parent_dir(path) + name for name in names))))


def segments_key(path: str) -> str:
    """Return a key that is equal for paths that some web server treats as the same.

    Args:
        path: a decoded path, with `/`.
    """
    return "/".join(map(segment_key, path.split("/")))


def _known_target(known: bool) -> LinkTarget:
    return LinkTarget.SOMEWHERE if known else LinkTarget.NOWHERE


class PublicUrls:
    """All public addresses of the site; decides where a link leads.

    Args:
        addresses: pages and files relative to the site, as on disk: `about/`, `about/office.jpg`.
        sources: the Markdown files of public pages, relative to `docs/`.
        site_url: the site's own absolute URL, or None.
        domain: the unit's host name, or None.
        unit_addresses: all addresses of the unit; without it, each address on an own host counts as one of this site.
        more: returns the complete addresses; called at most once, when a link leads to none of the given ones.
    """

    def __init__(
        self,
        addresses: Collection[str],
        sources: Collection[str],
        site_url: str | None,
        domain: str | None,
        unit_addresses: UnitAddresses | None = None,
        more: Callable[[], PublicUrls] | None = None,
    ) -> None:
        self._addresses = {_plain(address) for address in addresses}
        self._exact = set(addresses)
        self._sources = set(sources)
        self._holdings = unit_addresses
        self._more = more
        self.site = site(site_url, domain, unit_addresses.names if unit_addresses else None)
        self._hosted: dict[str, LinkTarget] = {}
        """Cached results for addresses that mean the same on every page."""

    def add(self, addresses: Collection[str]) -> None:
        """Add public files, such as those that a preview generates later.

        Args:
            addresses: paths relative to the site, as on disk.
        """
        self._addresses.update(map(_plain, addresses))
        self._exact.update(addresses)
        self._hosted.clear()

    def leads_nowhere(self, url: str, page: str, address: str) -> bool:
        """Tell whether a link leads to an unpublished place of this site.

        Args:
            url: the address in the page.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
        """
        return self.resolve(url, page, address) is LinkTarget.NOWHERE

    def resolve(self, url: str, page: str, address: str, raw: bool = False) -> LinkTarget:
        """Return where a link leads; while the result is the same, a cached page with this link stays valid.

        Args:
            url: the address in the page.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
            raw: True for raw HTML; in Markdown, the path of a file in `docs/` also counts.
        """
        if known := self._hosted.get(url):
            return known
        if not raw and self._file(url, page) is not None:
            return LinkTarget.FILE
        found = {self._judged(target) for target in self.site.readings(url, address)}
        leads = next(each for each in LinkTarget if each in found)
        if leads is LinkTarget.NOWHERE and self._more is not None:
            self._complete(self._more())
            return self.resolve(url, page, address, raw)
        if _ABSOLUTE.match(url):
            self._hosted[url] = leads
        return leads

    def _complete(self, others: PublicUrls) -> None:
        self._addresses |= others._addresses
        self._exact |= others._exact
        self._sources |= others._sources
        self._more = None

    def points(self, url: str, page: str, address: str) -> set[str]:
        """Return keys of all addresses of this site that a link may mean, to recognise two links to the same place.

        Args:
            url: the address of a link, or an address written in a text.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
        """
        paths = {target.path for target in self.site.readings(url, address) if target.path is not None}
        if source := file_meant(url, page):
            paths.add(url_path(source).rstrip("/") if source.endswith(".md") else source)
        return {segments_key(path) for path in paths}

    def _file(self, url: str, page: str) -> str | None:
        source = file_meant(url, page)
        return source if source in self._sources or source in self._exact else None

    def _judged(self, target: Target) -> LinkTarget:
        if target.place is UrlKind.OWN:
            return _known_target(target.path is None or _plain(target.path) in self._addresses)
        if target.path is not None and self._names_withheld(target.path):
            return LinkTarget.NOWHERE
        if target.place is UrlKind.BESIDE:
            return LinkTarget.BESIDE
        return _known_target(target.place is not UrlKind.BROKEN)

    def _names_withheld(self, path: str) -> bool:
        """Tell whether a path outside this site equals the address of an unpublished page."""
        held = self._holdings is not None and segments_key(path) in self._holdings.addresses
        return held and _plain(path) not in self._addresses


def file_meant(url: str, page: str) -> str | None:
    """Return the path in `docs/` that a Markdown link means, or None if it cannot mean a file there.

    Args:
        url: the address in the Markdown.
        page: the Markdown file of the page, relative to `docs/`.
    """
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    if parts.scheme or parts.netloc or not parts.path or parts.path.startswith(("/", "\\")):
        return None
    return posixpath.normpath(parent_dir(page) + unquote(parts.path))


def _plain(address: str) -> str:
    plain = address.strip("/")
    return "" if plain in ("index.html", ".") else plain.removesuffix("/index.html")
