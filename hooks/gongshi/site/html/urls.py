"""URLs: parse addresses as browsers do, and decide which of them belong to this site.

This is the only module that takes a URL apart or compares hosts. It follows the URL Standard (WHATWG, https://url.spec.whatwg.org/),
basic URL parser and host parser, for `http` and `https`; host names are mapped by UTS #46 with the tables of `idna`.
`tests/site/html/test_urls.py` compares it with Chromium over some thousand generated forms.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, replace
from enum import Enum, auto
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import unquote

from gongshi import i18n
from gongshi.domain.content.paths import collation_key

WEB: Final = ("http", "https")
PERSONAL: Final = ("mailto", "tel")
_PORTS: Final = {"http": 80, "https": 443}
_SPECIAL: Final = ("ftp", "ws", "wss")
"""Other schemes whose addresses contain a host in the same form as `http`."""
_PADDING: Final = "".join(map(chr, range(33)))
_IGNORED: Final = re.compile(r"[\t\r\n]")
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_SLASH: Final = ("/", "\\")
_TAIL: Final = re.compile(r"[?#].*", re.DOTALL)
_AUTHORITY: Final = re.compile(r"[^/\\?#]*")
_HOST_AND_PORT: Final = re.compile(r"(\[[^\]]*\]|[^:\[\]]+)(?::([0-9]*))?")
_NO_HOST: Final = re.compile(r"[\x00-\x20\x7f#%/:<>?@\[\\\]^|]")
"""Forbidden domain code points."""
_SEGMENT: Final = re.compile(r"[/\\]")
_AFTER_NAME: Final = re.compile(r"[:;].*", re.DOTALL)
_MAX_DECODINGS: Final = 3
"""Maximum number of times that a repeatedly percent-encoded path is decoded."""


class UrlKind(Enum):
    """Kinds of addresses by the part of the web that they lead to."""

    OWN = auto()
    """This site: a place where one of its pages or files is, or could be."""
    BESIDE = auto()
    """The unit's own host, at a place where no page or file of this site can be."""
    AWAY = auto()
    """Another host, or another port of an own host."""
    PERSONAL = auto()
    """A mail address or a telephone number."""
    BROKEN = auto()
    """Unusable: browsers refuse the address, or it means a file on a disk, or an own host with another scheme."""
    FORBIDDEN = auto()
    """A URL scheme that pages must not use."""


class Target(NamedTuple):
    """The result of `Site.read`."""

    place: UrlKind
    path: str | None = None
    """On an own host, the path as a server reads it: decoded, without dot segments, slashes at its ends or
    `index.html`. Relative to the site, or to the host if it lies outside the site's folder. None for the page
    itself."""


@dataclass(frozen=True)
class Site:
    """Describes which addresses belong to this site.

    An address on one of `hosts`, with or without `www.`, belongs to the site if one of its pages or files is or could
    be there, whether published, withheld, deleted or not yet written:

    - The port is that of `site_url`, 80 or 443. Another port is another server.
    - The path lies in the folder of `site_url`. The unit's own domain, if `site_url` has another host, has no folder.
    - The first segment of the path is in `names`: a column, a name that the site uses itself, or anything that lies
      directly in `docs/` or has a dossier, in any state. So a link to `/old/index.asp` is kept as long as `docs/` has
      no `old`, while the address of a draft in `docs/` is never revealed. An address that nothing in `docs/` can have
      reveals no more than the approved text that contains it.

    Anything else on these hosts is `BESIDE` the site. A relative address without a leading slash always means this
    site. Query and fragment are ignored.
    """

    scheme: str = "https"
    hosts: frozenset[str] = frozenset()
    """Hosts as `host` returns them, without a final dot, each with and without `www.`."""
    home: frozenset[str] = frozenset()
    """The hosts to which the folder of `site_url` applies."""
    ports: frozenset[int] = frozenset((80, 443))
    folder: tuple[str, ...] = ()
    """The decoded segments of the path of `site_url`."""
    names: frozenset[str] | None = None
    """First segments of addresses of this site, as `segment_key` returns them; None if any segment belongs to it."""

    def read(self, url: str, address: str | None = "", scheme: str | None = None) -> Target:
        """Parse an address as a browser does, and return where it leads.

        Args:
            url: the value of an attribute, with character references resolved.
            address: the address of the page that contains it, relative to the site; None if unknown: then relative
                addresses have no path.
            scheme: `http` or `https`, with which the page was opened; None for that of `site_url`.
        """
        text = tidy(url)
        if text.startswith("#"):
            return Target(UrlKind.OWN)
        found = _SCHEME.match(text)
        if found and found[1].lower() not in WEB:
            return self._other(found[1].lower(), text[found.end() :])
        absolute = _absolute(text, scheme or self.scheme)
        if absolute is not None:
            return self._hosted(*absolute)
        reference = _TAIL.sub("", text[found.end() :] if found else text)
        if not reference:
            return Target(UrlKind.OWN)
        if reference.startswith(_SLASH):
            return self._at(_resolved((), reference[1:]), None)
        if address is None:
            return Target(UrlKind.OWN)
        base = "/".join((*self.folder, address)).replace("%", "%25").split("/")[:-1]
        served = _served(_resolved(tuple(base), reference))
        inside = self._inside(served)
        return Target(UrlKind.BESIDE, _path(served)) if inside is None else Target(UrlKind.OWN, _path(inside))

    def readings(self, url: str, address: str) -> tuple[Target, ...]:
        """Return all targets of an address: some mean different places on a page opened with `http` and with `https`.

        Args:
            url: the value of an attribute, with character references resolved.
            address: the address of the page that contains it, relative to the site.
        """
        if ":" in url and _is_ambiguous(tidy(url)):
            return tuple(dict.fromkeys(self.read(url, address, scheme) for scheme in WEB))
        return (self.read(url, address),)

    def _other(self, scheme: str, rest: str) -> Target:
        if scheme in PERSONAL:
            return Target(UrlKind.PERSONAL)
        parts = _authority(rest.lstrip("/\\")) if scheme in _SPECIAL or rest.startswith("//") else None
        is_own = parts is not None and _without_final_dot(parts[0]) in self.hosts
        return Target(UrlKind.BROKEN if scheme == "file" or is_own else UrlKind.FORBIDDEN)

    def _hosted(self, scheme: str, rest: str) -> Target:
        parts = _authority(rest)
        if parts is None:
            return Target(UrlKind.BROKEN)
        name, port = _without_final_dot(parts[0]), parts[1]
        if name not in self.hosts:
            return Target(UrlKind.AWAY)
        path = _resolved((), _TAIL.sub("", rest[_AUTHORITY.match(rest).end() :])[1:])  # type: ignore[union-attr]
        if (_PORTS[scheme] if port is None else port) not in self.ports:
            served = _served(path)
            inside = self._inside(served)
            return Target(UrlKind.AWAY, _path(served if inside is None else inside))
        return self._at(path, name)

    def _at(self, path: str, name: str | None) -> Target:
        """Return the target of a path on an own host.

        Args:
            path: the path as browsers send it, without the first slash.
            name: the host; None for the page's own host.
        """
        served = _served(path)
        inside = self._inside(served)
        if inside is None:
            if name is None or name in self.home:
                return Target(UrlKind.BESIDE, _path(served))
            inside = served
        return Target(UrlKind.OWN if self._can_be_own(inside) else UrlKind.BESIDE, _path(inside))

    def _inside(self, path: tuple[str, ...]) -> tuple[str, ...] | None:
        """Return the path relative to the site, or None if it lies outside the site's folder."""
        depth = len(self.folder)
        if not depth:
            return path
        head = [segment_key(each) for each in path[:depth]]
        return path[depth:] if head == [segment_key(each) for each in self.folder] else None

    def _can_be_own(self, path: tuple[str, ...]) -> bool:
        if self.names is None or not path:
            return True
        for _round in range(_MAX_DECODINGS):
            if not path or segment_key(path[0]) in self.names:
                return True
            if "%" not in path[0]:
                return False
            path = _served("/".join(path))
        return True


def site(site_url: str | None, domain: str | None, names: frozenset[str] | None = None) -> Site:
    """Return the description of the addresses that belong to this site.

    Args:
        site_url: the site's absolute URL, or None.
        domain: the unit's host name, perhaps with a port or written as a URL, or None.
        names: first segments of addresses of this site, as `segment_key` returns them; None if any belongs to it.
    """
    known = Site(names=names)
    found = _absolute(tidy(site_url or ""), None)
    if found is not None and (parts := _authority(found[1])) is not None:
        scheme, rest = found
        path = _TAIL.sub("", rest[_AUTHORITY.match(rest).end() :])[1:]  # type: ignore[union-attr]
        home = _with_and_without_www(parts[0])
        ports = known.ports if parts[1] is None else known.ports | {parts[1]}
        known = replace(known, scheme=scheme, hosts=home, home=home, ports=ports, folder=_served(_resolved((), path)))
    given = tidy(domain or "")
    named = _absolute(given, None)
    parts = _authority(named[1] if named else given)
    if parts is None:
        return known
    ports = known.ports if parts[1] is None else known.ports | {parts[1]}
    return replace(known, hosts=known.hosts | _with_and_without_www(parts[0]), ports=ports)


def tidy(url: str) -> str:
    """Remove what browsers ignore in an address: spaces and control characters around it, tabs and line breaks in it.

    Args:
        url: an address.
    """
    return url if url.isprintable() and " " not in url else _IGNORED.sub("", url.strip(_PADDING))


def file_name(url: str) -> str:
    """Return the decoded name of the file to which an address leads; empty if it ends in a slash.

    Args:
        url: an address, relative or absolute.
    """
    return _SEGMENT.split(unquote(_TAIL.sub("", tidy(url))))[-1]


def segment_key(name: str) -> str:
    """Return a key that is equal for path segments that some web server treats as the same name.

    Case, Unicode form, dots and spaces at the end and everything after `:` or `;` are ignored.

    Args:
        name: the decoded segment.
    """
    return collation_key((_AFTER_NAME.sub("", name) if ":" in name or ";" in name else name).rstrip(" ."))


@lru_cache(maxsize=4096)
def host(text: str) -> str | None:
    """Return a host as browsers normalize it, or None if they refuse it.

    Args:
        text: a host name or IP address, without user and port.

    Source: URL Standard (WHATWG), host parser; IP addresses are returned in one standard form.
    """
    if text.startswith("["):
        return _ipv6(text)
    name = _ascii(unquote(text))
    if not name or _NO_HOST.search(name):
        return None
    return _ipv4(name) if _ends_in_number(name) else name


def _without_final_dot(name: str) -> str:
    """Return a host without the final dot, which has no meaning."""
    return name.rstrip(".")


def _with_and_without_www(name: str) -> frozenset[str]:
    bare = _without_final_dot(name).removeprefix("www.")
    return frozenset((bare, f"www.{bare}"))


def _ascii(name: str) -> str | None:
    """Map a name by UTS #46, `ToASCII` as in the URL Standard; return None if mapping or Punycode forbid it."""
    name = name.lower() if name.isascii() else name
    if not name.isascii() or "xn--" in name:
        # Import only here: it loads slowly, and most sites do not need it.
        import idna

        try:
            mapped = idna.uts46_remap(name, std3_rules=False)
            return ".".join(map(_label, mapped.split(".")))
        except (idna.IDNAError, UnicodeError):
            return None
    return name


def _label(label: str) -> str:
    import idna

    if not label.isascii():
        return f"xn--{label.encode('punycode').decode('ascii')}"
    if label.startswith("xn--"):
        meant = label[4:].encode().decode("punycode")
        again = idna.uts46_remap(meant, std3_rules=False)
        if meant.isascii() or again != meant or f"xn--{meant.encode('punycode').decode('ascii')}" != label:
            raise UnicodeError(label)
    return label


def _ends_in_number(name: str) -> bool:
    last = name.removesuffix(".").rpartition(".")[2]
    return (last.isascii() and last.isdigit()) or _number(last) is not None


def _number(part: str) -> int | None:
    """Parse a part of an IPv4 address: decimal, octal after `0`, hexadecimal after `0x`; None if it is no number."""
    digits, base = part, 10
    if part[:2] in ("0x", "0X"):
        digits, base = part[2:], 16
    elif len(part) > 1 and part.startswith("0"):
        digits, base = part[1:], 8
    if not part:
        return None
    if not digits:
        return 0
    allowed = "0123456789abcdef"[:base]
    return int(digits, base) if len(digits) < 64 and all(digit in allowed for digit in digits.lower()) else None


def _ipv4(name: str) -> str | None:
    parts = name.removesuffix(".").split(".")
    numbers = [number for part in parts if (number := _number(part)) is not None]
    if len(numbers) < len(parts) or len(parts) > 4 or any(number > 255 for number in numbers[:-1]):
        return None
    if numbers[-1] >= 256 ** (5 - len(numbers)):
        return None
    value = numbers[-1] + sum(number << 8 * (3 - place) for place, number in enumerate(numbers[:-1]))
    return str(ipaddress.IPv4Address(value))


def _ipv6(text: str) -> str | None:
    if not text.endswith("]") or "%" in text:
        return None
    try:
        return f"[{ipaddress.IPv6Address(text[1:-1]).compressed}]"
    except ValueError:
        return None


def _absolute(text: str, scheme: str | None) -> tuple[str, str] | None:
    """Return the scheme of an absolute address and the rest after the slashes; None for a relative address.

    Args:
        text: an address as `tidy` returns it.
        scheme: the scheme of the page that contains it, or None.
    """
    found = _SCHEME.match(text)
    own, rest = (found[1].lower(), text[found.end() :]) if found else (scheme, text)
    if own is None or own not in WEB:
        return None
    if (found and own != scheme) or (rest[:1] in _SLASH and rest[1:2] in _SLASH):
        return own, rest.lstrip("/\\")
    return None


def _is_ambiguous(text: str) -> bool:
    """Tell whether an address such as `https:x` or `https:/x` is absolute on some pages and relative on others."""
    found = _SCHEME.match(text)
    if found is None or found[1].lower() not in WEB:
        return False
    return not (text[found.end() : found.end() + 1] in _SLASH and text[found.end() + 1 : found.end() + 2] in _SLASH)


def _authority(rest: str) -> tuple[str, int | None] | None:
    """Return host and port (None for the default port) at the start of `rest`; None if browsers refuse it."""
    found = _AUTHORITY.match(rest)
    parts = _HOST_AND_PORT.fullmatch(found[0].rpartition("@")[2]) if found else None
    name = host(parts[1]) if parts else None
    if parts is None or name is None:
        return None
    port = int(parts[2][-6:]) if parts[2] else None
    if parts[2] and (port is None or port > 65535 or parts[2][:-6].strip("0")):
        return None
    return name, port


def _resolved(base: tuple[str, ...], path: str) -> str:
    """Resolve the dot segments of a path, percent-encoded ones included, as browsers do.

    Args:
        base: the segments of the folder to start from.
        path: the rest of the path, without query and fragment.
    """
    if "." not in path and "%2" not in path:
        return "/".join((*base, path.replace("\\", "/")))
    segments = list(base)
    parts = _SEGMENT.split(path)
    for number, part in enumerate(parts, 1):
        plain = part.lower().replace("%2e", ".") if len(part) <= 6 else part
        if plain == "..":
            del segments[-1:]
        if plain not in (".", ".."):
            segments.append(part)
        elif number == len(parts):
            segments.append("")
    return "/".join(segments)


def _served(path: str) -> tuple[str, ...]:
    """Return the segments of a path as a server reads them: decoded, without empty and dot segments."""
    segments: list[str] = []
    for part in (unquote(path) if "%" in path else path).replace("\\", "/").split("/"):
        if part == "..":
            del segments[-1:]
        elif part not in ("", "."):
            segments.append(part)
    return tuple(segments)


def _path(segments: tuple[str, ...]) -> str:
    return "/".join(segments[:-1] if segments and segments[-1] == "index.html" else segments)


@dataclass(frozen=True)
class SiteOrigin:
    """Data that the sanitizer needs about the site: its addresses, and the words that it adds to pages."""

    site: Site
    away: str
    """Text after a link to another site, such as `(external link)`."""
    table: str
    """Label of a table without a caption; a number follows."""
    large: str
    """Label of a link to a full-size picture that has no alternative text."""
    address: str | None = None
    """The page's address, relative to the site; None if unknown."""

    @property
    def hosts(self) -> frozenset[str]:
        """The site's own hosts, as `host` returns them."""
        return self.site.hosts

    def on(self, address: str) -> SiteOrigin:
        """Return a copy for one page.

        Args:
            address: the page's address, relative to the site.
        """
        return replace(self, address=address)

    def place(self, url: str) -> UrlKind:
        """Return the kind of place that an address leads to in a browser.

        Args:
            url: the address in the page, with character references resolved, or as `normalize_url` returns it.
        """
        return self.site.read(self.normalize_url(url), self.address).place

    def normalize_url(self, url: str) -> str:
        """Normalize an address, so that it means the same place however the page was opened.

        Args:
            url: the address in the page, with character references resolved.

        Returns:
            The address as `tidy` returns it, with exactly two slashes before a host. The part after `http:` or `https:`
            always counts as a host.
        """
        text = tidy(url)
        absolute = _absolute(text, None) or _absolute(text, self.site.scheme)
        if absolute is None:
            return text
        return f"{absolute[0] + ':' if _SCHEME.match(text) else ''}//{absolute[1]}"


def site_origin(
    site_url: str | None, domain: str | None, language: str, names: frozenset[str] | None = None
) -> SiteOrigin:
    """Return the data that the sanitizer needs about the site.

    Args:
        site_url: the site's absolute URL, or None.
        domain: the unit's host name, or None.
        language: the language of its pages, a code such as `zh` or `en`.
        names: first segments of addresses of this site, as `segment_key` returns them; None if any belongs to it.
    """
    words = i18n.translations(language)
    return SiteOrigin(
        site(site_url, domain, names),
        words.gettext("(external link)"),
        words.gettext("Table"),
        words.gettext("Large picture"),
    )


def is_same_site(site_url: str, domain: str) -> bool:
    """Tell whether an address is on a host, with or without `www.`.

    Args:
        site_url: an absolute URL.
        domain: a host name.
    """
    return not site(site_url, None).hosts.isdisjoint(site(None, domain).hosts)
