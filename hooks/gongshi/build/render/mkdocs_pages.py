"""Pages and files as the gate hands them to MkDocs."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection
from functools import cached_property

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from gongshi.site.search.tokenizer import html_to_text


class Doors(Files):
    """Every page and file that a link in a text can lead to; each is made when the first link asks for it.

    Args:
        paths: the Markdown files, made-up paths and other files of what is shown.
        config: of MkDocs.
    """

    def __init__(self, paths: Collection[str], config: MkDocsConfig) -> None:
        super().__init__([])
        self._paths = paths
        self._config = config

    def get_file_from_path(self, path: str) -> File | None:
        """The page or file with this path; None where nothing like it is shown."""
        path = posixpath.normpath(path)
        if path not in self._paths:
            return None
        found = super().get_file_from_path(path)
        if found is None:
            found = generated(path, self._config)
            self.append(found)
        return found


def generated(path: str, config: MkDocsConfig) -> File:
    """A file as MkDocs knows one that lies in no folder.

    Args:
        path: its Markdown file or made-up path, relative to `docs/`.
        config: of MkDocs.
    """
    return File.generated(config, path, content="", inclusion=InclusionLevel.NOT_IN_NAV)


class GatePage(Page):
    """A page whose text may be beyond Markdown: then it says so, and every other page is built all the same."""

    failed = False
    """Whether its text could not be converted."""
    listed = False
    """Whether the navigation names it."""

    def __init__(
        self,
        title: str,
        file: File,
        config: MkDocsConfig,
        failing: Callable[[Page, Exception], str],
        cleaned: Callable[[Page, str], str],
    ) -> None:
        super().__init__(title, file, config)
        self._failing = failing
        self._cleaned = cleaned

    @cached_property
    def words(self) -> str:
        """What its text says, without HTML; ask for it when the text was converted."""
        return html_to_text(self.content or "")

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the text to HTML."""
        if not self.markdown:
            # Lists, mostly: to make a converter takes longer than all the rest of them.
            self.content, self.toc = "", get_toc([])
            return
        try:
            super().render(config, files)
            self.content = self._cleaned(self, self.content or "")
        except BuildError:
            raise
        except Exception as error:
            self.fail(error)

    def fail(self, error: Exception) -> None:
        """Say in place of the text that it cannot be shown.

        Args:
            error: why.
        """
        self.failed = True
        self.content = self._failing(self, error)
        self.toc = get_toc([])
        self.present_anchor_ids, self.links_to_anchors = set(), {}
