"""Entry point of the command `gongshi`: set the language, then run click."""

from __future__ import annotations

import gettext
import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from gongshi import i18n
from gongshi.common import files
from gongshi.common.errors import UsageError
from gongshi.domain.config import loader
from gongshi.i18n import gettext as _

_FILE_OPTIONS = ("-f", "--config-file")


def main() -> None:
    """Set the language of messages, then run the command."""
    for stream in (sys.stdout, sys.stderr):
        # A character that the terminal cannot show must not abort a command that has already recorded a decision.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        file = _named_configuration(sys.argv[1:]) or loader.find_configuration(Path.cwd())
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


def _named_configuration(arguments: Sequence[str]) -> Path | None:
    """Return the mkdocs.yml that the arguments name: its language is needed before click reads them."""
    for argument, following in zip(arguments, [*arguments[1:], ""], strict=True):
        option, _equals, value = argument.partition("=")
        if option in _FILE_OPTIONS and (value or following):
            return Path(value or following)
        if not argument.startswith("-"):
            break
    return None
