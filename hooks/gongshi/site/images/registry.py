"""The files of bundles as they are published: pictures, film and sound cleaned, everything else as it was approved."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from posixpath import relpath
from urllib.parse import quote

from gongshi.common.hashing import canonical_json, sha256
from gongshi.common.object_cache import Cache, Values
from gongshi.common.parallel import map_parallel
from gongshi.domain.content.paths import address_of, folder_of
from gongshi.domain.content.version import Version
from gongshi.i18n import gettext as _
from gongshi.site.html.sanitizer import Picture
from gongshi.site.images import process as images_process
from gongshi.site.images.faults import Fault
from gongshi.site.images.process import Rendition
from gongshi.site.media import process

_FEW = 4
"""So many pictures are made before two processes have begun."""


Progress = Callable[[str, Iterator[Values], int], Iterator[Values]]


@dataclass(frozen=True)
class Work:
    """A file of a bundle."""

    version: Version
    """The version that it belongs to."""
    name: str
    """Relative to the bundle's folder."""
    read: Callable[[str], bytes]
    """Gives the approved bytes of a file of the bundle."""
    taken: tuple[str, ...] = ()
    """Files of other entries in the bundle's folder, relative to it, whose names a narrower copy must not take."""

    @property
    def path(self) -> str:
        """Relative to the site."""
        return folder_of(self.version.path) + self.name


@dataclass(frozen=True)
class Hung:
    """A picture as the site shows it."""

    path: str
    """Relative to the site."""
    sha256: str
    width: int
    height: int
    smaller: tuple[tuple[str, int, str], ...] = ()
    """Path, width and SHA-256 of each narrower copy, the narrowest first."""


class Gallery:
    """Makes what is published of pictures, film and sound, and knows it.

    Args:
        cache: keeps what was made.
        stamp: of what they are made beside their bytes.
        progress: shows how far the work has come: label, results one by one, how many there will be.
    """

    def __init__(self, cache: Cache, stamp: str, progress: Progress) -> None:
        self._progress = progress
        self._cache = cache
        self._stamp = stamp
        self.hung: dict[str, Hung] = {}
        """The pictures that are published, by path relative to the site."""
        self.sizes: dict[str, int] = {}
        """Bytes of the files of bundles as they were approved, by path relative to the site."""
        self._media: dict[str, str] = {}
        self._as_approved: dict[str, bool] = {}

    def hang(self, works: Sequence[Work]) -> None:
        """Make what is published of files.

        Args:
            works: the files.
        """
        missing = [work for work in works if not self._take(work, self._cache.kept(*self._name(work)))]
        results = self._progress(
            _("Preparing pictures and attachments"), map_parallel(self._made, missing, _FEW), len(missing)
        )
        for work, values in zip(missing, results, strict=True):
            self._cache.note(*self._name(work), values)
            self._take(work, values)

    def is_as_approved(self, path: str) -> bool:
        """Tell whether a file of a bundle is published with the bytes that were approved; True before it was hung.

        Args:
            path: relative to the site.
        """
        return self._as_approved.get(path, True)

    def renditions(self, path: str) -> dict[str, str]:
        """SHA-256 of what is published of a file and of a picture's narrower copies, by path.

        Nothing where a file has a fault, or is published as it was approved.

        Args:
            path: relative to the site.
        """
        hung = self.hung.get(path)
        if hung is None:
            return {path: self._media[path]} if path in self._media else {}
        return {path: hung.sha256, **{path: digest for path, _width, digest in hung.smaller}}

    def of_page(self, version: Version) -> dict[str, Picture]:
        """The pictures of a bundle by their address in its page.

        Args:
            version: what the page shows.
        """
        here = address_of(version.path).rstrip("/") or "."
        found: dict[str, Picture] = {}
        for name in version.files:
            if hung := self.hung.get(folder_of(version.path) + name):
                own = _address(hung.path, here)
                smaller = tuple((_address(path, here), width) for path, width, _digest in hung.smaller)
                found[own] = Picture(own, hung.width, hung.height, own, smaller)
        return found

    def _name(self, work: Work) -> tuple[str, str]:
        """What the cache calls it, and of what it is made: its bytes, and the names that its copies must not take."""
        made_of = [self._stamp, work.name, work.version.files[work.name], sorted(work.version.files), *work.taken]
        return f"file {work.path}", sha256(canonical_json(made_of))

    def _made(self, work: Work) -> Values:
        content = work.read(work.name)
        values: Values = {"objects": [], "size": len(content), "as_approved": False}
        others = [*work.version.files, *work.taken]
        found: Rendition | bytes | Fault | None = images_process.published(work.name, content, others)
        if found is None:
            found = process.cleaned(work.name, content)
        if found is None or (isinstance(found, bytes) and found == content):
            return {**values, "as_approved": True}
        if isinstance(found, Fault):
            return values
        if isinstance(found, bytes):
            return {**values, "objects": [self._cache.keep(found)], "size": len(found)}
        parts = [found.content, *(each.content for each in found.smaller)]
        smaller = [[each.name, each.width] for each in found.smaller]
        objects = [self._cache.keep(part) for part in parts]
        return {**values, "objects": objects, "width": found.width, "height": found.height, "smaller": smaller}

    def _take(self, work: Work, values: Values | None) -> bool:
        if values is None:
            return False
        path, folder = work.path, folder_of(work.version.path)
        self.sizes[path], self._as_approved[path] = values["size"], values["as_approved"]
        if values["objects"] and "width" not in values:
            self._media[path] = values["objects"][0]
        elif values["objects"]:
            own, *others = values["objects"]
            smaller = tuple(
                (folder + name, width, digest) for (name, width), digest in zip(values["smaller"], others, strict=True)
            )
            self.hung[path] = Hung(path, own, values["width"], values["height"], smaller)
        return True


def _address(path: str, here: str) -> str:
    return quote(relpath(path, here))
