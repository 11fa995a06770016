"""The files of the theme: which of them are published."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.files import File

from gongshi.build.config_check import THEME
from gongshi.common.errors import printable
from gongshi.i18n import gettext as _

_ENDINGS = frozenset(
    (".css", ".gif", ".ico", ".jpeg", ".jpg", ".js", ".mjs", ".png", ".svg", ".webp", ".woff", ".woff2")
)
"""What a theme is made of. Reports and drafts that somebody left in its folder would be published unreviewed."""
_UNUSED = ("assets/javascripts/", "assets/images/", "assets/stylesheets/palette")
"""Material's scripts, pictures and colours: no page of ours loads them."""


def comes_from_theme(file: File, config: MkDocsConfig) -> bool:
    """Whether MkDocs found a file in a folder of the theme."""
    source = file.abs_src_path
    return source is not None and any(Path(folder) in Path(source).parents for folder in config.theme.dirs)


def stylesheet(folders: Iterable[str]) -> str:
    """The address of Material's styles relative to the site; their name changes with every release.

    Args:
        folders: where the theme's files lie.

    Raises:
        Abort: there are none.
    """
    found = sorted(file for folder in folders for file in Path(folder).glob("assets/stylesheets/main.*.css"))
    if not found:
        raise Abort(_("the theme has no assets/stylesheets/main.*.css; install mkdocs-material as locked"))
    return f"assets/stylesheets/{found[0].name}"


def is_published(file: File, root: Path) -> bool:
    """Whether the site needs a file of the theme.

    Args:
        file: as MkDocs found it.
        root: the repository, to name the file from.

    Raises:
        Abort: it lies in our theme's folder and is no part of a theme.
    """
    source = Path(str(file.abs_src_path))
    if THEME not in source.resolve().parents:
        return not file.src_uri.startswith(_UNUSED) and source.suffix.lower() in _ENDINGS
    if source.suffix.lower() not in _ENDINGS:
        message = _(
            "{file}: is no style, script, font or picture; what lies in the theme's folder is published as it is, so "
            "move it elsewhere"
        )
        raise Abort(message.format(file=printable(os.path.relpath(source, root))))
    return True
