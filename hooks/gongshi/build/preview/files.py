"""One file of the preview, made when it is asked for."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

from gongshi.build.render.page_renderer import Press
from gongshi.common.errors import GongshiError
from gongshi.common.object_cache import Cache
from gongshi.domain.content.paths import folder_of
from gongshi.site.content import Exhibition
from gongshi.site.generated_files import Load
from gongshi.site.html.link_targets import Routes
from gongshi.site.images.registry import BundleFile, ImageRegistry
from gongshi.site.pages.models import HomeView


def bytes_at(
    file: str, shown: Exhibition, gallery: ImageRegistry, cache: Cache, press: Press, routes: Routes
) -> bytes | None:
    """The bytes of a page, picture or other file; None where nothing of the preview is there.

    Args:
        file: relative to the site.
        shown: what the preview shows.
        gallery: makes the pictures.
        cache: where it keeps them.
        press: makes the pages.
        routes: where links may lead; the copies of a page's pictures are added.
    """
    if path := shown.sources.get(file):
        # What was changed or deleted since is shown as it is now by the next build.
        with suppress(GongshiError, OSError):
            gallery.process(works := _works(path, shown))
            routes.add([copy for work in works for copy in gallery.output_files(work.path)])
        return press.html(path).encode("utf-8", errors="xmlcharrefreplace")
    if (content := shown.host.files.get(file)) is not None:
        return content
    if made := shown.made.get(file):
        return made.load()
    try:
        return _of_bundle(file, shown, gallery, cache)
    except (GongshiError, OSError):
        return None


def _of_bundle(file: str, shown: Exhibition, gallery: ImageRegistry, cache: Cache) -> bytes | None:
    if file in shown.files:
        gallery.process([_work(file, shown)])
        if gallery.is_as_approved(file):
            return shown.files[file]()
        digest = gallery.output_files(file).get(file)
        return cache.object(digest) if digest else None
    digest = next((found[file] for path in gallery.images if file in (found := gallery.output_files(path))), None)
    return cache.object(digest) if digest else None


def _works(path: str, shown: Exhibition) -> list[BundleFile]:
    """The files of a page's bundle; for the home page, of the entries whose pictures it shows."""
    view = shown.views[path]
    paths = [item.path for block in view.blocks for item in block.items] if isinstance(view, HomeView) else [path]
    versions = [shown.versions[each] for each in paths if each in shown.versions]
    return [_work(folder_of(version.path) + name, shown) for version in versions for name in version.files]


def _work(file: str, shown: Exhibition) -> BundleFile:
    version = shown.versions[file]
    return BundleFile(version, file.removeprefix(folder_of(version.path)), partial(_loaded, shown.files[file]))


def _loaded(load: Load, _name: str) -> bytes:
    return load()
