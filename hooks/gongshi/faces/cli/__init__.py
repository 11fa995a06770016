"""The command `gongshi`."""

from __future__ import annotations

import gettext
import os
from pathlib import Path

from gongshi import i18n
from gongshi.domain import configuration


def main() -> None:
    """Choose the language, then run the command that was asked for."""
    file = find_configuration(Path.cwd())
    language = i18n.operator_language(os.environ, configuration.site_language(file) if file else "zh")
    i18n.speak(language)
    # click takes its own messages from the process-wide catalogue.
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("click", i18n.LOCALE_DIR)
    gettext.textdomain("click")
    # Help texts are translated as the commands are defined, so these come after the language.
    from gongshi.faces.cli.commands import gongshi

    gongshi(prog_name="gongshi")


def find_configuration(folder: Path) -> Path | None:
    """The mkdocs.yml of the repository that a folder belongs to: in it or in the nearest folder above.

    Args:
        folder: where the search begins.
    """
    return next((file for parent in (folder, *folder.parents) if (file := parent / "mkdocs.yml").is_file()), None)
