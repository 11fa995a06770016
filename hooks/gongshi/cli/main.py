"""Entry point of the command `gongshi`: set the language, then run click."""

from __future__ import annotations

import gettext
import io
import os
import sys
from pathlib import Path

from gongshi import i18n
from gongshi.common import files
from gongshi.common.errors import UsageError
from gongshi.domain.config import loader
from gongshi.i18n import gettext as _


def main() -> None:
    """Set the language of messages, then run the command."""
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal cannot show must not abort a command that has already recorded a decision.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        file = loader.find_configuration(Path.cwd())
    except FileNotFoundError:
        sys.exit("Error: this folder does not exist any more / 当前文件夹已不存在")
    language = i18n.language_from_environment(os.environ, loader.site_language(file) if file else "zh")
    i18n.set_language(language)
    try:
        files.require_utf8_file_names()
    except UsageError as error:
        print(_("Error: {message}").format(message=error), file=sys.stderr)
        sys.exit(2)
    # click uses the process-wide catalogue for its own messages.
    os.environ["LANGUAGE"] = language
    gettext.bindtextdomain("click", i18n.LOCALE_DIR)
    gettext.textdomain("click")
    # Help texts are translated when the commands are defined, so import them after setting the language.
    from gongshi.cli.group import gongshi

    gongshi(prog_name="gongshi")
