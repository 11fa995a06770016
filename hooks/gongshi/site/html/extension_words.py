"""The words that Markdown extensions add to a text, in the site's language: titles of boxes and of links."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from xml.etree.ElementTree import Element

import markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.toc import TocTreeprocessor

from gongshi import i18n

_MARKS = {"admonition": r"!!!", "details": r"\?\?\?\+?"}
"""Patterns of the beginning of a box, by the name of the block processor that makes it."""
_BEFORE_BOXES = 106
"""Priority of the block processor: the processors of boxes have 105."""
_BACKLINK = "Jump back to footnote {} in the text"
_PERMALINK = "Permanent link"


class ExtensionWords(Extension):
    """Markdown extension that lets other extensions speak the site's language; it must be the last one.

    Args:
        language: the site's language, such as `zh`.
    """

    def __init__(self, language: str) -> None:
        super().__init__()
        self._say = i18n.translations(language)

    def extendMarkdown(self, md: markdown.Markdown) -> None:  # noqa: N802
        """Give words to the extensions that are in use; words of mkdocs.yml stay.

        Args:
            md: the converter.
        """
        marks = [mark for name, mark in _MARKS.items() if name in md.parser.blockprocessors]
        if marks:
            titles = _box_titles(self._say.pgettext)
            md.parser.blockprocessors.register(_BoxTitles(md, marks, titles), "gongshi-box-titles", _BEFORE_BOXES)
        for extension in md.registeredExtensions:
            if isinstance(extension, FootnoteExtension) and extension.getConfig("BACKLINK_TITLE") == _BACKLINK:
                extension.setConfig("BACKLINK_TITLE", self._say.gettext("Back to note {} in the text"))
        for processor in md.treeprocessors:
            if isinstance(processor, TocTreeprocessor) and processor.permalink_title == _PERMALINK:
                processor.permalink_title = self._say.gettext("Link to this section")


class _BoxTitles(BlockProcessor):
    """Writes the title into a box that has none, before the box is made."""

    def __init__(self, md: markdown.Markdown, marks: list[str], titles: Mapping[str, str]) -> None:
        super().__init__(md.parser)
        self._titles = titles
        kinds = r"([\w\-]+)((?: +[\w\-]+)*)"
        self._untitled = re.compile(rf"^({'|'.join(marks)}) ?{kinds} *$", re.MULTILINE)

    def test(self, _parent: Element, block: str) -> bool:
        """Tell whether a box without a title begins in a block."""
        return self._untitled.search(block) is not None

    def run(self, _parent: Element, blocks: list[str]) -> bool:
        """Write the titles, and leave the block to the processors that follow."""
        blocks[0] = self._untitled.sub(self._titled, blocks[0])
        return False

    def _titled(self, found: re.Match[str]) -> str:
        title = self._titles.get(found[2].lower())
        return f'{found[1]} {found[2]}{found[3]} "{title}"' if title else found[0]


def _box_titles(pgettext: Callable[[str, str], str]) -> Mapping[str, str]:
    """Return the titles of boxes by kind; a kind that an author made up is a word of the author's own."""
    return {
        "abstract": pgettext("box", "Abstract"),
        "attention": pgettext("box", "Attention"),
        "bug": pgettext("box", "Bug"),
        "caution": pgettext("box", "Caution"),
        "check": pgettext("box", "Check"),
        "cite": pgettext("box", "Quote"),
        "danger": pgettext("box", "Danger"),
        "done": pgettext("box", "Done"),
        "error": pgettext("box", "Error"),
        "example": pgettext("box", "Example"),
        "fail": pgettext("box", "Failure"),
        "failure": pgettext("box", "Failure"),
        "faq": pgettext("box", "Questions and answers"),
        "help": pgettext("box", "Help"),
        "hint": pgettext("box", "Hint"),
        "important": pgettext("box", "Important"),
        "info": pgettext("box", "Information"),
        "missing": pgettext("box", "Missing"),
        "note": pgettext("box", "Note"),
        "question": pgettext("box", "Question"),
        "quote": pgettext("box", "Quote"),
        "seealso": pgettext("box", "See also"),
        "snippet": pgettext("box", "Snippet"),
        "success": pgettext("box", "Success"),
        "summary": pgettext("box", "Summary"),
        "tip": pgettext("box", "Tip"),
        "tldr": pgettext("box", "Summary"),
        "todo": pgettext("box", "To do"),
        "warning": pgettext("box", "Warning"),
    }
