"""Theme files: which of them the site publishes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File

from gongshi.common.errors import printable
from gongshi.i18n import gettext as _
from gongshi.site.metadata import favicon
from gongshi.site.metadata.colour_rules import colour_rules

THEME = Path(__file__).resolve().parents[2] / "theme"
"""The folder of the theme `gongshi`. Older configurations name it as `custom_dir` of the theme `material`."""
_PUBLISHED_SUFFIXES = frozenset(
    (".css", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".mjs", ".png", ".svg", ".webp", ".woff", ".woff2")
)
"""File types of a theme. Reports and drafts that somebody left in its folder would be published unreviewed."""
_STYLES = "assets/gongshi/site.css"
_OWN_ASSETS = THEME / "assets" / "gongshi"
_SUPERFLUOUS = {
    ".css": re.compile(rb"""("[^"]*")|/\*.*?\*/\s*|;?\s+(?=})|\s+(?={)|(?<=[{};:,])\s+""", re.DOTALL),
    ".js": re.compile(rb"^()(?:[ ]*/\*\*.*?\*/\n|[ ]*//[^\n]*\n|[ ]+|\n)", re.DOTALL | re.MULTILINE),
}
"""Blanks, and comments on lines of their own: browsers need not load them with this package's styles and scripts."""
_UNUSED = ("assets/javascripts/", "assets/images/", "assets/stylesheets/palette")
"""Material's scripts, pictures and colours: no page of Gongshi loads them."""


def comes_from_theme(file: File, config: MkDocsConfig) -> bool:
    """Tell whether MkDocs found a file in a folder of the theme."""
    source = file.abs_src_path
    return source is not None and any(Path(folder) in Path(source).parents for folder in config.theme.dirs)


def stylesheet(folders: Iterable[str]) -> str:
    """Return the address of Material's styles relative to the site; their name changes with every release.

    Args:
        folders: the theme's folders.

    Raises:
        Abort: there are no styles.
    """
    found = sorted(file for folder in folders for file in Path(folder).glob("assets/stylesheets/main.*.css"))
    if not found:
        raise Abort(_("the theme has no assets/stylesheets/main.*.css; install mkdocs-material as locked"))
    return f"assets/stylesheets/{found[0].name}"


def apply_colour(file: File, colour: str | None) -> None:
    """Let the theme's styles show the unit's colour; they stay one file, which is loaded with one request.

    Args:
        file: any file of the theme, as MkDocs found it.
        colour: as `#rrggbb`; None leaves the theme its own colours, and so does the theme's own main colour.
    """
    if file.src_uri == _STYLES and colour and colour != favicon.COLOUR:
        file.content_bytes = file.content_bytes + colour_rules(colour).encode()


def shorten(file: File) -> None:
    """Leave comments and blanks out of what the site publishes of this package's own styles and scripts.

    Args:
        file: a file of the theme, as MkDocs found it: a file whose content was changed has no source any more.
    """
    source = Path(str(file.abs_src_path))
    superfluous = _SUPERFLUOUS.get(source.suffix)
    if superfluous and source.resolve().parent == _OWN_ASSETS:
        file.content_bytes = superfluous.sub(lambda found: found[1] or b"", file.content_bytes)


def is_published(file: File, root: Path) -> bool:
    """Tell whether the site needs a file of the theme.

    Args:
        file: as MkDocs found it.
        root: the repository; messages name the file relative to it.

    Raises:
        Abort: the file lies in the folder of the theme `gongshi` and has a type that no theme needs.
    """
    source = Path(str(file.abs_src_path))
    if THEME not in source.resolve().parents:
        return not file.src_uri.startswith(_UNUSED) and source.suffix.lower() in _PUBLISHED_SUFFIXES
    if source.suffix.lower() not in _PUBLISHED_SUFFIXES:
        message = _(
            "{file}: is no style, script, font or picture; what lies in the theme's folder is published as it is, so "
            "move it elsewhere"
        )
        raise Abort(message.format(file=printable(os.path.relpath(source, root))))
    return True
