"""Versions of the programs and libraries that can influence the bytes of a site."""

from __future__ import annotations

import sys
from functools import cache
from importlib import metadata

from gongshi import __version__
from gongshi.site.images import process

_PACKAGES = (
    "feedgen", "icalendar", "jinja2", "lxml", "markdown", "mkdocs", "mkdocs-material", "nh3", "pygments",
    "pymdown-extensions", "segno",
)  # fmt: skip


@cache
def made_with() -> dict[str, str]:
    """Return versions by name, sorted; of Python the first two numbers."""
    versions = {"gongshi": __version__, "python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    for name in _PACKAGES:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return dict(sorted({**versions, **process.encoders()}.items()))
