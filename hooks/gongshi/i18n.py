"""The languages that Gongshi speaks: English sources, other languages from gettext catalogues."""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

DOMAIN = "gongshi"
LOCALE_DIR = Path(__file__).parent / "locale"
DEFAULT_LANGUAGE = "zh"

_current = DEFAULT_LANGUAGE


@cache
def translations(language: str) -> _gettext.NullTranslations:
    """The catalogue of a language; English is the language of the sources and has none.

    Args:
        language: a language code such as `zh` or `en`.
    """
    if language == "en":
        return _gettext.NullTranslations()
    return _gettext.translation(DOMAIN, LOCALE_DIR, languages=[language], fallback=True)


def speak(language: str) -> None:
    """Choose the language of messages for this process.

    Args:
        language: a language code such as `zh` or `en`.
    """
    global _current
    _current = language


def current_language() -> str:
    """Return the language chosen with `speak`, such as `zh` or `en`."""
    return _current


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak a language while a block runs.

    Args:
        language: a language code such as `zh` or `en`.
    """
    before = _current
    speak(language)
    try:
        yield
    finally:
        speak(before)


def gettext(message: str) -> str:
    """The message in the language chosen with `speak`."""
    return translations(_current).gettext(message)


def ngettext(one: str, many: str, count: int) -> str:
    """The message for a number of things in the language chosen with `speak`.

    Args:
        one: the English message for one thing.
        many: the English message for any other number.
        count: how many there are.
    """
    return translations(_current).ngettext(one, many, count)


def operator_language(environ: Mapping[str, str], site_language: str = DEFAULT_LANGUAGE) -> str:
    """The language to answer a person in.

    Args:
        environ: the process environment; `LC_ALL`, `LC_MESSAGES` and `LANG` are read in this order.
        site_language: what to answer in where the environment names neither English nor Chinese.
    """
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := environ.get(name):
            code = value.split(".")[0].split("_")[0].split("@")[0]
            if code in ("C", "POSIX", "en"):
                return "en"
            if code == "zh":
                return "zh"
            break
    return "en" if site_language.split("-")[0] == "en" else "zh"
