"""What search engines are told."""

from __future__ import annotations

from gongshi.outputs.interchange import is_absolute


def robots(site: str) -> bytes:
    """`robots.txt`: everything may be read; where the map of the site lies (RFC 9309, sitemaps.org).

    Args:
        site: the site's absolute base address, ending in `/`; empty where none is configured.
    """
    lines = ["User-agent: *", "Allow: /"]
    if is_absolute(site):
        lines += ["", f"Sitemap: {site}sitemap.xml"]
    return "".join(f"{line}\n" for line in lines).encode()
