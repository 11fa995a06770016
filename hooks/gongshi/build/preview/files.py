"""Files of the preview, each made when it is requested."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from gongshi.build.render.page_renderer import PageRenderer
from gongshi.common.errors import GongshiError
from gongshi.common.object_cache import ObjectCache
from gongshi.domain.content.paths import parent_dir
from gongshi.site.content import SiteContent
from gongshi.site.generated_files import Load
from gongshi.site.html.link_targets import PublicUrls
from gongshi.site.images.registry import BundleFile, ImageRegistry
from gongshi.site.pages.models import HomePage


@dataclass(frozen=True)
class PreviewFiles:
    """The files that a finished build of `mkdocs serve` can make."""

    content: SiteContent
    """Everything as it stands in `docs/`."""
    images: ImageRegistry
    """Prepares pictures, film and sound."""
    cache: ObjectCache
    """Stores the prepared files."""
    renderer: PageRenderer
    urls: PublicUrls
    """The places that links may lead to; the copies of a page's pictures are added when the page is made."""

    def bytes_at(self, file: str) -> bytes | None:
        """Make a page, picture or other file; None if the preview has no such file, or MkDocs wrote it.

        Args:
            file: relative to the site.
        """
        if path := self.content.sources.get(file):
            # A file that was changed or deleted since is shown as it is now by the next build.
            with suppress(GongshiError, OSError):
                self.images.process(files := self._files_of_page(path))
                self.urls.add([copy for each in files for copy in self.images.output_files(each.path)])
            return self.renderer.render(path).encode("utf-8", errors="xmlcharrefreplace")
        if (content := self.content.host.files.get(file)) is not None:
            return content
        if generated := self.content.generated.get(file):
            return generated.load()
        try:
            return self._bundle_file(file)
        except (GongshiError, OSError):
            return None

    def _bundle_file(self, file: str) -> bytes | None:
        if file in self.content.files:
            self.images.process([self._file(file)])
            if self.images.is_as_approved(file):
                return self.content.files[file]()
            digest = self.images.output_files(file).get(file)
        else:
            copies = map(self.images.output_files, self.images.images)
            digest = next((found[file] for found in copies if file in found), None)
        return self.cache.read(digest) if digest else None

    def _files_of_page(self, path: str) -> list[BundleFile]:
        """Return the files of a page's bundle; for the home page, of the entries whose pictures it shows."""
        view, versions = self.content.pages[path], self.content.versions
        paths = [item.path for block in view.blocks for item in block.items] if isinstance(view, HomePage) else [path]
        shown = [versions[each] for each in paths if each in versions]
        return [self._file(parent_dir(version.path) + name) for version in shown for name in version.files]

    def _file(self, file: str) -> BundleFile:
        version = self.content.versions[file]
        return BundleFile(
            version, file.removeprefix(parent_dir(version.path)), partial(_load, self.content.files[file])
        )


def _load(load: Load, _name: str) -> bytes:
    return load()
