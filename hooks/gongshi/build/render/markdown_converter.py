"""Markdown to HTML as MkDocs converts it, with one converter for all pages of a process.

MkDocs makes a new converter for each page, which takes longer than most texts. The processors that it adds for links
and titles are not part of its public interface; a test compares the results with those of MkDocs' own `Page.render`.
"""

from __future__ import annotations

import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import _ExtractTitleTreeprocessor, _RawHTMLPreprocessor, _RelativePathTreeprocessor
from mkdocs.structure.toc import TableOfContents, get_toc

from gongshi.build.markdown_settings import can_be_reset
from gongshi.build.reusable_markdown import ReusableMarkdown
from gongshi.site.html.extension_words import ExtensionWords
from gongshi.site.html.link_filter import PublicLinkFilter
from gongshi.site.markdown.dialect import OfficeText


class MarkdownConverter:
    """Converts the pages of one build.

    Args:
        config: of MkDocs.
        files: what links can lead to.
    """

    def __init__(self, config: MkDocsConfig, files: Files) -> None:
        self._config = config
        self._files = files
        self._markdown = ReusableMarkdown(_can_be_reset(config))
        self._links: _RelativePathTreeprocessor

    def convert(self, file: File, text: str) -> tuple[str, TableOfContents]:
        """Return the HTML of a text and its table of contents.

        Args:
            file: the page's file; relative links begin there.
            text: Markdown.

        Raises:
            Exception: whatever Markdown and its extensions raise. The next page gets a new converter.
        """
        with self._markdown.lend(lambda: self._make(file)) as converter:
            self._links.file, self._links.links_to_anchors = file, {}
            html = converter.convert(text)
            return html, get_toc(getattr(converter, "toc_tokens", []))

    def _make(self, file: File) -> markdown.Markdown:
        config = self._config
        converter = markdown.Markdown(
            extensions=config["markdown_extensions"], extension_configs=config["mdx_configs"] or {}
        )
        self._links = _RelativePathTreeprocessor(file, self._files, config)
        for processor in (_RawHTMLPreprocessor(), self._links, _ExtractTitleTreeprocessor()):
            processor._register(converter)
        return converter


def _can_be_reset(config: MkDocsConfig) -> bool:
    """Tell whether a converter with the extensions of mkdocs.yml can be used for more than one page."""
    own = (PublicLinkFilter, ExtensionWords, OfficeText)
    names = [str(extension) for extension in config["markdown_extensions"] if not isinstance(extension, own)]
    return can_be_reset(names, config["mdx_configs"] or {})
