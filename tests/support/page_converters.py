"""Converters from Markdown to pages for tests of imports; other processes can load them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from gongshi.build.lazy_corrections import with_corrections
from gongshi.build.markdown_settings import MarkdownSettings
from gongshi.domain.config import loader
from support.unit import UnitUnderTest


def paragraph(text: str) -> str:
    """A page of one paragraph."""
    return f"<p>{text}</p>"


def endless(text: str) -> str:
    """A converter that never ends for a text with the word ENDLESS."""
    while "ENDLESS" in text:
        pass
    return paragraph(text)


EXTENSIONS = ("toc", "tables", "fenced_code", "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html")
"""The Markdown extensions of the sample."""


def greedy(text: str) -> str:
    """A converter that needs more memory than there is for a text with the word ENDLESS."""
    if "ENDLESS" in text:
        bytearray(1 << 45)
    return paragraph(text)


@cache
def site_converter(extensions: tuple[str, ...] = EXTENSIONS) -> Callable[[str], str]:
    """The converter of a site: its Markdown and its sanitizer.

    Args:
        extensions: of Markdown.
    """
    with TemporaryDirectory() as folder:
        configuration = loader.load_configuration(UnitUnderTest(Path(folder) / "unit").root / "mkdocs.yml")
    convert = with_corrections(configuration, lambda: MarkdownSettings(extensions, {})).policy.convert
    assert convert is not None
    return lambda text: convert(text).shown
