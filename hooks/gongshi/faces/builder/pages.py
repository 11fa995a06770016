"""Pages and files as the gate hands them to MkDocs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Thread

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc

from gongshi.domain.problem import GongshiError
from gongshi.faces.builder.making import Load


class GateFile(File):
    """A file whose bytes the gate gives, read and checked at the moment they are copied."""

    def __init__(self, path: str, config: MkDocsConfig, load: Load) -> None:
        super().__init__(path, None, config.site_dir, use_directory_urls=True, inclusion=InclusionLevel.NOT_IN_NAV)
        self.generated_by = "gongshi"
        self.load = load

    def copy_file(self, dirty: bool = False) -> None:  # noqa: ARG002
        """Write the approved bytes into the site."""
        try:
            content = self.load()
        except (GongshiError, OSError) as error:
            raise BuildError(str(error)) from None
        target = Path(self.abs_dest_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)


def _at_the_same_depth(act: Callable[[], None]) -> None:
    """Do something as deep in calls as everywhere: how far Markdown nests hangs on it, and so do the site's bytes."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    thread = Thread(target=run)
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


class GatePage(Page):
    """A page whose text may be beyond Markdown: then it says so, and every other page is built all the same."""

    def __init__(
        self,
        title: str,
        file: File,
        config: MkDocsConfig,
        failed: Callable[[Page, Exception], str],
        cleaned: Callable[[Page, str], str],
    ) -> None:
        super().__init__(title, file, config)
        self._failed = failed
        self._cleaned = cleaned

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Convert the text to HTML."""
        try:
            _at_the_same_depth(partial(super().render, config, files))
            self.content = self._cleaned(self, self.content or "")
        except BuildError:
            raise
        except Exception as error:
            self.content = self._failed(self, error)
            self.toc = get_toc([])
            self.present_anchor_ids, self.links_to_anchors = set(), {}
