"""The command `gongshi`."""

from __future__ import annotations

import gettext
import io
import os
import sys
from pathlib import Path

from gongshi import i18n
from gongshi.domain import configuration, storage
from gongshi.domain.problem import Unusable
from gongshi.i18n import gettext as _


def main() -> None:
    """Choose the language, then run the command that was asked for."""
    for stream in (sys.stdout, sys.stderr):
        # A title that the terminal cannot show must not end a command that has already recorded an act.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        file = find_configuration(Path.cwd())
    except FileNotFoundError:
        sys.exit("Error: this folder does not exist any more / 当前文件夹已不存在")
    language = i18n.operator_language(os.environ, configuration.site_language(file) if file else "zh")
    i18n.speak(language)
    try:
        storage.require_utf8_file_names()
    except Unusable as error:
        print(_("Error: {message}").format(message=error), file=sys.stderr)
        sys.exit(2)
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
