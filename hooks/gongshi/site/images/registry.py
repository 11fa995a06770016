"""Registry of the published files of bundles: pictures, film and sound without metadata, other files as approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import relpath
from urllib.parse import quote

from gongshi.common.hashing import canonical_json, sha256
from gongshi.common.object_cache import ObjectCache, Values
from gongshi.common.parallel import map_parallel
from gongshi.domain.content.paths import parent_dir, url_path
from gongshi.domain.content.version import Version
from gongshi.i18n import gettext as _
from gongshi.site.html.sanitizer import Picture
from gongshi.site.images import process as images_process
from gongshi.site.images.faults import MediaFault
from gongshi.site.images.process import PublishedImage
from gongshi.site.media import process

_MIN_PARALLEL = 4
"""Fewer files are processed faster by one process."""

Progress = Callable[[str, Iterator[Values], int], Iterator[Values]]


@dataclass(frozen=True)
class BundleFile:
    """A file of a bundle."""

    version: Version
    """The version that it belongs to."""
    name: str
    """Relative to the bundle's folder."""
    read: Callable[[str], bytes]
    """Returns the approved bytes of a file of the bundle."""
    taken: tuple[str, ...] = ()
    """Files of other entries in the bundle's folder, relative to it, whose names a smaller copy must not get."""

    @property
    def path(self) -> str:
        """Relative to the site."""
        return parent_dir(self.version.path) + self.name


@dataclass(frozen=True)
class RegisteredImage:
    """A published picture and its smaller copies."""

    path: str
    """Relative to the site."""
    sha256: str
    width: int
    height: int
    smaller: tuple[tuple[str, int, str], ...] = ()
    """Path, width and SHA-256 of each smaller copy, the smallest first."""


class ImageRegistry:
    """Processes the pictures, film and sound of bundles and keeps the results by path.

    Args:
        cache: build cache for the results.
        stamp: hash of everything but the files that the results depend on.
        progress: shows progress; arguments are a label, the results as an iterator, and their number.
    """

    def __init__(self, cache: ObjectCache, stamp: str, progress: Progress) -> None:
        self._progress = progress
        self._cache = cache
        self._stamp = stamp
        self.images: dict[str, RegisteredImage] = {}
        """Published pictures by path relative to the site."""
        self.sizes: dict[str, int] = {}
        """Size in bytes of each file by path relative to the site: of pictures as approved, of others as published."""
        self._media: dict[str, str] = {}
        self._as_approved: dict[str, bool] = {}

    def process(self, files: Sequence[BundleFile]) -> None:
        """Process files, or take the results from the cache.

        Args:
            files: the files.
        """
        missing = [file for file in files if not self._register(file, self._cache.get(*self._cache_key(file)))]
        results = self._progress(
            _("Preparing pictures and attachments"),
            map_parallel(self._process_file, missing, _MIN_PARALLEL),
            len(missing),
        )
        for file, values in zip(missing, results, strict=True):
            self._cache.set(*self._cache_key(file), values)
            self._register(file, values)

    def is_as_approved(self, path: str) -> bool:
        """Tell if a file of a bundle is published with its approved bytes; True for a file not yet processed.

        Args:
            path: relative to the site.
        """
        return self._as_approved.get(path, True)

    def output_files(self, path: str) -> dict[str, str]:
        """Return the SHA-256 of a file's published form and of its smaller copies, by path relative to the site.

        Empty if the file has a fault or is published as approved.

        Args:
            path: relative to the site.
        """
        image = self.images.get(path)
        if image is None:
            return {path: self._media[path]} if path in self._media else {}
        return {path: image.sha256, **{path: digest for path, _width, digest in image.smaller}}

    def pictures_of(self, version: Version) -> dict[str, Picture]:
        """Return the pictures of a bundle by their address relative to its page.

        Args:
            version: the version that the page shows.
        """
        here = url_path(version.path).rstrip("/") or "."
        found: dict[str, Picture] = {}
        for name in version.files:
            if image := self.images.get(parent_dir(version.path) + name):
                own = _address(image.path, here)
                smaller = tuple((_address(path, here), width) for path, width, _digest in image.smaller)
                found[own] = Picture(own, image.width, image.height, own, smaller)
        return found

    def _cache_key(self, file: BundleFile) -> tuple[str, str]:
        """Return the name of the result in the cache, and a hash of its inputs: the bytes and the names in use."""
        inputs = [self._stamp, file.name, file.version.files[file.name], sorted(file.version.files), *file.taken]
        return f"file {file.path}", sha256(canonical_json(inputs))

    def _process_file(self, file: BundleFile) -> Values:
        content = file.read(file.name)
        values: Values = {"objects": [], "size": len(content), "as_approved": False}
        others = [*file.version.files, *file.taken]
        found: PublishedImage | bytes | MediaFault | None = images_process.process_image(file.name, content, others)
        if found is None:
            found = process.clean_media(file.name, content)
        if found is None or (isinstance(found, bytes) and found == content):
            return {**values, "as_approved": True}
        if isinstance(found, MediaFault):
            return values
        if isinstance(found, bytes):
            return {**values, "objects": [self._cache.put(found)], "size": len(found)}
        parts = [found.content, *(each.content for each in found.smaller)]
        smaller = [[each.name, each.width] for each in found.smaller]
        objects = [self._cache.put(part) for part in parts]
        return {**values, "objects": objects, "width": found.width, "height": found.height, "smaller": smaller}

    def _register(self, file: BundleFile, values: Values | None) -> bool:
        """Enter a result; False if there is none."""
        if values is None:
            return False
        path, folder = file.path, parent_dir(file.version.path)
        self.sizes[path], self._as_approved[path] = values["size"], values["as_approved"]
        if values["objects"] and "width" not in values:
            self._media[path] = values["objects"][0]
        elif values["objects"]:
            own, *others = values["objects"]
            smaller = tuple(
                (folder + name, width, digest) for (name, width), digest in zip(values["smaller"], others, strict=True)
            )
            self.images[path] = RegisteredImage(path, own, values["width"], values["height"], smaller)
        return True


def _address(path: str, here: str) -> str:
    return quote(relpath(path, here))
