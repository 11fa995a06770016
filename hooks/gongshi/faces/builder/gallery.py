"""The pictures of one build: what is published of them lies in a folder of its own until MkDocs copies it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from posixpath import relpath
from urllib.parse import quote

from gongshi.domain.naming import address_of, folder_of
from gongshi.domain.problem import InvalidInput, Problem
from gongshi.domain.storage import read_regular
from gongshi.domain.version import Version, sha256
from gongshi.faces.builder.making import Load
from gongshi.i18n import gettext as _
from gongshi.outputs import pictures
from gongshi.outputs.cleaning import Picture
from gongshi.outputs.picture_faults import Fault
from gongshi.outputs.pictures import Rendition


@dataclass(frozen=True)
class Hung:
    """A picture as the site shows it."""

    path: str
    """Relative to the site."""
    sha256: str
    width: int
    height: int
    smaller: tuple[tuple[str, int], ...] = ()
    """Path and width of each narrower copy."""


class Gallery:
    """Makes and keeps what is published of pictures.

    Args:
        folder: a folder of this build alone.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.hung: dict[str, Hung] = {}
        """By path relative to the site."""
        self.copies: dict[str, str] = {}
        """SHA-256 of the narrower copies, by path."""
        self.owners: dict[str, Version] = {}
        """The version that a picture or copy belongs to."""
        self.sizes: dict[str, int] = {}
        """Bytes of the files of bundles as they were approved, by path relative to the site."""

    def hang(self, version: Version, name: str, read: Callable[[str], bytes]) -> dict[str, Load] | None:
        """What is published of a file; None where it is no picture.

        Args:
            version: the version that it belongs to.
            name: its name in the bundle.
            read: gives its approved bytes.
        """
        content = read(name)
        self.sizes[folder_of(version.path) + name] = len(content)
        found = pictures.published(name, content, version.files)
        if found is None:
            return None
        if isinstance(found, Fault):
            return {}
        return self._keep(version, name, found)

    def _keep(self, version: Version, name: str, found: Rendition) -> dict[str, Load]:
        folder = folder_of(version.path)
        contents = {folder + name: found.content, **{folder + each.name: each.content for each in found.smaller}}
        loads: dict[str, Load] = {}
        for path, content in contents.items():
            digest = sha256(content)
            (self._folder / digest).write_bytes(content)
            loads[path] = partial(self._load, path, digest)
            self.owners[path] = version
            self.copies[path] = digest
        smaller = tuple((folder + each.name, each.width) for each in found.smaller)
        digest = self.copies.pop(folder + name)
        self.hung[folder + name] = Hung(folder + name, digest, found.width, found.height, smaller)
        return loads

    def _load(self, path: str, digest: str) -> bytes:
        content = read_regular(self._folder / digest)
        if sha256(content) != digest:
            raise InvalidInput([Problem(path, _("changed while the site was built; build again"))])
        return content

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
                smaller = tuple((_address(path, here), width) for path, width in hung.smaller)
                found[own] = Picture(own, hung.width, hung.height, own, smaller)
        return found


def _address(path: str, here: str) -> str:
    return quote(relpath(path, here))
