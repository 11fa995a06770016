"""Which addresses of the site are public, and where a link leads."""

from __future__ import annotations

import posixpath
import unicodedata
from collections.abc import Collection
from enum import Enum
from urllib.parse import SplitResult, unquote, urlsplit

from gongshi.domain.naming import folder_of


class Leads(Enum):
    """Where a link leads."""

    NOWHERE = "nowhere"
    """To a place of this site that is not public."""
    FILE = "file"
    """To a file by its own name, which becomes an address."""
    SOMEWHERE = "somewhere"


def _known(known: bool) -> Leads:
    return Leads.SOMEWHERE if known else Leads.NOWHERE


class Routes:
    """Every address of the site that is public.

    Args:
        addresses: pages and files relative to the site, as on disk: `about/`, `about/office.jpg`.
        sources: the Markdown files of public pages, relative to `docs/`.
        site_url: the site's own absolute URL, or None.
        domain: the site's own host name, or None.
    """

    def __init__(
        self, addresses: Collection[str], sources: Collection[str], site_url: str | None, domain: str | None
    ) -> None:
        self._addresses = {_plain(address) for address in addresses}
        self._exact = set(addresses)
        self._sources = set(sources)
        base = urlsplit(site_url or "")
        self._hosts = {_bare_host(host) for host in (base.hostname, domain) if host}
        self._base = base.path.strip("/")

    def add(self, addresses: Collection[str]) -> None:
        """Let more files be public, such as those that a preview makes late.

        Args:
            addresses: relative to the site, as on disk.
        """
        self._addresses.update(map(_plain, addresses))
        self._exact.update(addresses)

    def leads_nowhere(self, url: str, page: str, address: str) -> bool:
        """Whether a link leads to a place of this site that is not public.

        Args:
            url: as it stands in the page.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
        """
        return self.leads(url, page, address) is Leads.NOWHERE

    def leads(self, url: str, page: str, address: str) -> Leads:
        """Where a link leads; as long as this is the same, a page with this link need not be made anew.

        Args:
            url: as it stands in the page.
            page: the Markdown file of the page, relative to `docs/`.
            address: the page's address, relative to the site.
        """
        try:
            parts = urlsplit(url.strip())
            host = parts.hostname
        except ValueError:
            return Leads.NOWHERE
        if host is not None:
            return _known(_bare_host(host) not in self._hosts or self._is_public(parts))
        if parts.scheme:
            return _known(parts.scheme not in ("http", "https", "file"))
        if not parts.path:
            return Leads.SOMEWHERE
        path = unquote(parts.path).replace("\\", "/")
        if path.startswith("/"):
            return _known(self._is_public(parts))
        source = posixpath.normpath(folder_of(page) + path)
        if source in self._sources or source in self._exact:
            return Leads.FILE
        beside = posixpath.normpath(posixpath.join("/", address, path))
        return _known(_plain(source) in self._addresses or _plain(beside) in self._addresses)

    def _is_public(self, parts: SplitResult) -> bool:
        path = _plain(posixpath.normpath("/" + unquote(parts.path).replace("\\", "/")))
        if self._base and (path == self._base or path.startswith(self._base + "/")):
            path = path.removeprefix(self._base).strip("/")
        return path in self._addresses


def _bare_host(host: str) -> str:
    """A host as browsers take it: wide letters and full stops of Chinese keyboards, a final dot; www aside."""
    plain = unicodedata.normalize("NFKC", unquote(host)).replace("。", ".").lower()
    return plain.strip(".").removeprefix("www.")


def _plain(address: str) -> str:
    plain = address.strip("/")
    return "" if plain in ("index.html", ".") else plain.removesuffix("/index.html")
