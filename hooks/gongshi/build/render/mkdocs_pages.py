"""Pages and files in the form that MkDocs knows."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection
from functools import cached_property

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.site.search.tokenizer import html_to_text, ruby_readings

_STRUCK = lazy_pattern(r"<(del|s)\b[^>]*>.*?</\1>", re.DOTALL)


class LinkableFiles(Files):
    """The pages and files that a link in a text can lead to; MkDocs' object is created when the first link needs it.

    Args:
        paths: the Markdown files, virtual paths and other files of the built site, relative to `docs/`.
        config: of MkDocs.
    """

    def __init__(self, paths: Collection[str], config: MkDocsConfig) -> None:
        super().__init__([])
        self._paths = paths
        self._config = config

    def get_file_from_path(self, path: str) -> File | None:
        """Return the page or file with a path; None if it is not part of the built site.

        Args:
            path: relative to `docs/`.
        """
        path = posixpath.normpath(path)
        if path not in self._paths:
            return None
        found = super().get_file_from_path(path)
        if found is None:
            found = virtual_file(path, self._config)
            self.append(found)
        return found


def virtual_file(path: str, config: MkDocsConfig) -> File:
    """Return MkDocs' object for a file that lies in no folder.

    Args:
        path: its Markdown file or virtual path, relative to `docs/`.
        config: of MkDocs.
    """
    return File.generated(config, path, content="", inclusion=InclusionLevel.NOT_IN_NAV)


class ContentPage(Page):
    """A page of the built site.

    Args:
        title: escaped, for the navigation.
        file: as `virtual_file` returns it.
        config: of MkDocs.
        in_nav: whether the navigation names the page.
    """

    def __init__(self, title: str, file: File, config: MkDocsConfig, in_nav: bool = False) -> None:
        super().__init__(title, file, config)
        self.in_nav = in_nav
        self.has_failed = False
        """True if its text could not be converted."""

    @cached_property
    def words(self) -> str:
        """The text without HTML; valid once `content` is set."""
        return html_to_text(self.content or "")

    @property
    def described_words(self) -> str:
        """The text for a description: `words` without what is struck through, which would read as if it held."""
        content = self.content or ""
        return html_to_text(_STRUCK.sub("", content)) if _STRUCK.search(content) else self.words

    @property
    def searched_words(self) -> str:
        """The text that the search finds: `words`, and the readings of ruby text after it."""
        return "\n".join(filter(None, (self.words, ruby_readings(self.content or ""))))

    def set_empty_text(self) -> None:
        """Set the HTML of a page without a text of its own, without a Markdown converter, which is slow to create."""
        self.content, self.toc = "", get_toc([])

    def set_failure(self, html: str) -> None:
        """Replace the text by a notice that it cannot be shown.

        Args:
            html: the notice.
        """
        self.has_failed = True
        self.content = html
        self.toc = get_toc([])
