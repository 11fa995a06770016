"""Converters from Markdown to pages for tests of imports; other processes can load them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from gongshi.build.lazy_corrections import with_corrections
from gongshi.domain.config import loader
from support.unit import REPOSITORY


def paragraph(text: str) -> str:
    """A page of one paragraph."""
    return f"<p>{text}</p>"


def endless(text: str) -> str:
    """A converter that never ends for a text with the word ENDLESS."""
    while "ENDLESS" in text:
        pass
    return paragraph(text)


def greedy(text: str) -> str:
    """A converter that needs more memory than there is for a text with the word ENDLESS."""
    if "ENDLESS" in text:
        bytearray(1 << 45)
    return paragraph(text)


@cache
def site_converter() -> Callable[[str], str]:
    """The converter of a site with the Markdown extensions of the sample."""
    configuration = with_corrections(loader.load_configuration(REPOSITORY / "mkdocs.yml"))
    convert = configuration.policy.convert
    assert convert is not None
    return lambda text: convert(text).shown
