"""Markdown extension for the texts of offices: what editors type is what readers see."""

from __future__ import annotations

import re
from typing import Any, Final

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify, slugify_unicode
from markdown.preprocessors import Preprocessor

from gongshi.site.markdown.block_processors import set_block_processors
from gongshi.site.markdown.inline_patterns import set_inline_patterns
from gongshi.site.markdown.lines import normalize_lines
from gongshi.site.markdown.tree_processors import Abbreviations, set_tree_processors

_ATTRIBUTE: Final = r"""(?:[.#][A-Za-z_][\w:.-]*|[A-Za-z_][\w:.-]*=(?:"[^"\n]*"|'[^'\n]*'|[^\s}"'=]+))"""
_ATTRIBUTES: Final = r"\{:?[ ]*(" + _ATTRIBUTE + r"(?:[ ]+" + _ATTRIBUTE + r")*)[ ]*\}"
_PUNCTUATION: Final = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"


class OfficeText(Extension):
    """Markdown extension that reads texts as office staff write them; it must follow all others that are not ours.

    Args:
        joins_lines: True to leave the lines of a paragraph as Markdown has them: one running text; False to keep its
            line breaks.
    """

    def __init__(self, joins_lines: bool = False) -> None:
        super().__init__()
        self.joins_lines = joins_lines

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802
        """Register the processors with Markdown.

        Args:
            md: the converter.
        """
        md.registerExtension(self)
        md.ESCAPED_CHARS[:] = dict.fromkeys([*md.ESCAPED_CHARS, *_PUNCTUATION])
        md.preprocessors.register(_Lines(md), "gongshi_lines", 31)
        set_block_processors(md)
        set_inline_patterns(md, keeps_lines=not self.joins_lines)
        set_tree_processors(md, not self.joins_lines, re.compile(_ATTRIBUTES))
        _adjust_others(md)

    def reset(self) -> None:
        """Do nothing: nothing of a page is kept for the next."""


def _adjust_others(md: Markdown) -> None:
    """Change the rules of the extensions that are registered before."""
    if "attr_list" in md.treeprocessors:
        lists: Any = md.treeprocessors["attr_list"]
        lists.HEADER_RE = re.compile(r"[ ]+" + _ATTRIBUTES + r"[ ]*$")
        lists.BLOCK_RE = re.compile(r"\n[ ]*" + _ATTRIBUTES + r"[ ]*$")
        lists.INLINE_RE = re.compile("^" + _ATTRIBUTES)
    if "abbr" in md.treeprocessors:
        abbreviations: Any = md.treeprocessors["abbr"]
        md.treeprocessors.register(Abbreviations(md, abbreviations.abbrs), "abbr", 7)
    if "toc" in md.treeprocessors:
        headings: Any = md.treeprocessors["toc"]
        if headings.slugify is slugify:
            headings.slugify = slugify_unicode


class _Lines(Preprocessor):
    def run(self, lines: list[str]) -> list[str]:
        return normalize_lines(lines, marks_signatures="attr_list" in self.md.treeprocessors)
