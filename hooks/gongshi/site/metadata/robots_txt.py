"""The file `robots.txt` for search engines."""

from __future__ import annotations

from gongshi.site.metadata.formats import host_of, is_absolute

PATH = "robots.txt"
_SITEMAP_FIELD = "Sitemap: "
_SITEMAP_FILE = "sitemap.xml"


def robots(site: str, additions: bytes = b"") -> bytes:
    """Return `robots.txt`: all pages may be read; names the sitemap (RFC 9309, sitemaps.org).

    Args:
        site: the site's absolute base address, ending in `/`; empty if none is configured.
        additions: the unit's own lines, added at the end.
    """
    lines = ["User-agent: *", "Allow: /"]
    if is_absolute(site):
        lines += ["", f"{_SITEMAP_FIELD}{site}{_SITEMAP_FILE}"]
    own = "".join(f"{line}\n" for line in lines).encode()
    return own + b"\n" + additions.rstrip() + b"\n" if additions.strip() else own


def host_in(content: bytes) -> str | None:
    """Return the host of the site that a `robots.txt` made by `robots` names, or None.

    Args:
        content: the file, or its beginning.
    """
    for line in content.decode("utf-8", "replace").splitlines():
        if line.startswith(_SITEMAP_FIELD) and line.endswith(_SITEMAP_FILE):
            return host_of(line.removeprefix(_SITEMAP_FIELD))
    return None
