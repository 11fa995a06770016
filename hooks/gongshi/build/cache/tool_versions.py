"""Versions of the programs and libraries that can influence the bytes of a site."""

from __future__ import annotations

import sys
from functools import cache
from importlib import metadata

from gongshi import __version__

_PACKAGES = (
    "feedgen", "icalendar", "jinja2", "lxml", "markdown", "mkdocs", "mkdocs-material", "nh3", "pygments",
    "pymdown-extensions", "segno",
)  # fmt: skip


@cache
def made_with() -> dict[str, str]:
    """Return versions by name, sorted; of Python the first two numbers."""
    # Slow to load, and not all that ask for versions ask for these.
    from gongshi.site.images import process

    versions = {"gongshi": __version__, "python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    versions.update((name, version) for name in _PACKAGES if (version := installed_version(name)))
    return dict(sorted({**versions, **process.encoders()}.items()))


def installed_version(name: str) -> str:
    """Return the version of a package; empty if it is not installed.

    Args:
        name: as on a package index.
    """
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
