"""Where an address in a text leads: to this site, to another host, to a person, or nowhere it may."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import unquote, urlsplit

from gongshi import i18n

WEB = ("http", "https")
PERSONAL = ("mailto", "tel")
_OUTSIDE = "".join(map(chr, range(33)))
_WITHIN = re.compile(r"[\t\r\n]")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SLASHES = re.compile(r"(https?:)[/\\]*|[/\\]{2,}", re.IGNORECASE)
_HOST = re.compile(r"[/\\]*([^/\\?#]*)")
_DEFAULT_PORTS = re.compile(r":(?:80|443)?$")


class Place(Enum):
    """Where an address leads."""

    OWN = auto()
    AWAY = auto()
    PERSONAL = auto()
    """A mailbox or a telephone."""
    FORBIDDEN = auto()


@dataclass(frozen=True)
class Own:
    """What of a page is the site's own: its hosts, and the words that stand in its pages."""

    hosts: frozenset[str]
    """Names of hosts as `host` gives them."""
    away: str
    """Stands behind a link to another site, such as `(external link)`."""
    table: str
    """The name of a table that has none; a number follows."""
    large: str
    """The name of a link to a large picture that has no text of its own."""

    def place(self, url: str) -> Place:
        """Where an address leads for a browser.

        Args:
            url: an address as `plain` gives it.

        Source: URL Standard (WHATWG), basic URL parser.
        """
        found = _SCHEME.match(url)
        scheme = found[1].lower() if found else ""
        if scheme in PERSONAL:
            return Place.PERSONAL
        if scheme and scheme not in WEB:
            return Place.FORBIDDEN
        rest = url[len(scheme) + 1 :] if scheme else url
        if not scheme and not url.startswith("//"):
            return Place.OWN
        part = _HOST.match(rest)
        return Place.OWN if part and host(part[1]) in self.hosts else Place.AWAY


def own(site_url: str | None, domain: str | None, language: str) -> Own:
    """What is the site's own.

    Args:
        site_url: its absolute URL, or None.
        domain: the unit's host name, or None.
        language: the language of its pages, a code such as `zh` or `en`.
    """
    words = i18n.translations(language)
    names: Iterable[str | None] = (urlsplit(site_url or "").netloc, domain)
    bare = {host(name).removeprefix("www.") for name in names if name}
    return Own(
        frozenset(bare | {f"www.{name}" for name in bare}),
        words.gettext("(external link)"),
        words.gettext("Table"),
        words.gettext("Large picture"),
    )


def is_same_site(site_url: str, domain: str) -> bool:
    """Tell whether an address lies on a host; `www.` aside.

    Args:
        site_url: an absolute URL.
        domain: a host name.
    """
    return host(urlsplit(site_url).netloc).removeprefix("www.") == host(domain).removeprefix("www.")


def plain(url: str) -> str:
    """An address as every reader takes it, in no two ways.

    Without what browsers overlook, spaces and controls around it, tabs and line breaks within; and with exactly two
    slashes before a host.
    """
    bare = _WITHIN.sub("", url.strip(_OUTSIDE))
    found = _SLASHES.match(bare)
    return f"{(found[1] or '').lower()}//{bare[found.end() :]}" if found else bare


def host(authority: str) -> str:
    """A host as browsers take it: in ASCII and small letters, without user and usual port.

    Args:
        authority: what stands between `//` and the path; what is no host comes back in some form that is none.
    """
    name = _DEFAULT_PORTS.sub("", authority.rpartition("@")[2])
    if name.isascii() and "%" not in name:
        return name.lower()
    name = unicodedata.normalize("NFKC", unquote(name)).replace("。", ".").lower()
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return name
