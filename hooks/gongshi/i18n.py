"""Translation of messages: English texts in the code, other languages from gettext catalogues in `locale/`."""

from __future__ import annotations

import gettext as _gettext
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

DOMAIN = "gongshi"
LOCALE_DIR = Path(__file__).parent / "locale"
LANGUAGES = ("en", "zh")
DEFAULT_LANGUAGE = "zh"

_current = DEFAULT_LANGUAGE


@cache
def translations(language: str) -> _gettext.NullTranslations:
    """Return the catalogue of a language; for English, the language of the code, an empty one.

    Args:
        language: a language code such as `zh` or `en`.
    """
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, LOCALE_DIR, languages=[language], fallback=True)


def set_language(language: str) -> None:
    """Set the language of messages for this process.

    Args:
        language: a language code such as `zh` or `en`.
    """
    global _current
    _current = language


def current_language() -> str:
    """Return the language chosen with `set_language`, such as `zh` or `en`."""
    return _current


@contextmanager
def use_language(language: str) -> Iterator[None]:
    """Set the language of messages while a block runs.

    Args:
        language: a language code such as `zh` or `en`.
    """
    before = _current
    set_language(language)
    try:
        yield
    finally:
        set_language(before)


def gettext(message: str) -> str:
    """Translate a message into the language set with `set_language`.

    Args:
        message: the English message.
    """
    return translations(_current).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """Translate a message that depends on a number into the language set with `set_language`.

    Args:
        one: the English message for the number 1.
        many: the English message for any other number.
        count: the number.
    """
    return translations(_current).ngettext(one, many, count)


def language_from_environment(environ: Mapping[str, str], site_language: str = DEFAULT_LANGUAGE) -> str:
    """Return the language for command output: `en` or `zh`.

    Args:
        environ: the process environment; the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set counts, as
            POSIX rules. `LANGUAGE` does not, or `LANG=en` would be without effect where the desktop sets it.
        site_language: the language to use if the environment names neither English nor Chinese, as on Windows and
            in cron.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            code = re.split("[-_.@]", value.strip())[0].lower()
            if code in ("c", "posix", "en"):
                return "en"
            if code == "zh":
                return "zh"
            break
    return "en" if site_language.split("-")[0] == "en" else "zh"
