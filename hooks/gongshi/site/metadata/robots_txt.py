"""What search engines are told."""

from __future__ import annotations

from gongshi.site.metadata.formats import host_of, is_absolute

PATH = "robots.txt"
_MAP = "Sitemap: "
_MAP_FILE = "sitemap.xml"


def robots(site: str, additions: bytes = b"") -> bytes:
    """`robots.txt`: everything may be read; where the map of the site lies (RFC 9309, sitemaps.org).

    Args:
        site: the site's absolute base address, ending in `/`; empty where none is configured.
        additions: lines of the unit's own, which follow ours.
    """
    lines = ["User-agent: *", "Allow: /"]
    if is_absolute(site):
        lines += ["", f"{_MAP}{site}{_MAP_FILE}"]
    own = "".join(f"{line}\n" for line in lines).encode()
    return own + b"\n" + additions.rstrip() + b"\n" if additions.strip() else own


def host_in(content: bytes) -> str | None:
    """Return the host of the site that a `robots.txt` of ours names, or None.

    Args:
        content: the file, or its beginning.
    """
    for line in content.decode("utf-8", "replace").splitlines():
        if line.startswith(_MAP) and line.endswith(_MAP_FILE):
            return host_of(line.removeprefix(_MAP))
    return None
