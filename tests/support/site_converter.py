"""The converter that `gongshi import` uses: the site's Markdown and sanitizer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from gongshi.build.lazy_corrections import with_corrections
from gongshi.build.markdown_settings import MarkdownSettings
from gongshi.domain.config import loader
from support.unit import UnitUnderTest

SAMPLE = MarkdownSettings(
    ("toc", "tables", "fenced_code", "abbr", "admonition", "attr_list", "def_list", "footnotes", "md_in_html"), {}
)
"""The Markdown extensions of the sample."""


def site_converter(folder: Path, settings: MarkdownSettings = SAMPLE) -> Callable[[str], str]:
    """Return the converter of a unit.

    Args:
        folder: an empty folder for the unit.
        settings: its Markdown extensions.
    """
    unit = UnitUnderTest(folder)
    policy = with_corrections(loader.load_configuration(unit.root / "mkdocs.yml"), lambda: settings).policy
    convert = policy.convert
    assert convert is not None
    return lambda text: convert(text).shown
