"""A saved page with the files that belong to it: those in its folder, or the parts of a web archive."""

from __future__ import annotations

import email
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass
from email.errors import MessageError
from email.message import Message
from pathlib import Path, PurePosixPath
from typing import Final, Protocol
from urllib.parse import unquote, urljoin, urlsplit

from gongshi.common.files import read_file
from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError

MAX_FILE_BYTES: Final = 64 << 20
"""The maximum size of a page, and of a file that belongs to it."""
_MAX_ARCHIVE_BYTES: Final = 256 << 20
_MAX_PARTS: Final = 2000
_MAX_NESTED: Final = 50
"""Parts that consist of parts. The parser of the standard library takes long for deep ones."""
_FOLDERS: Final = frozenset(
    """
    attachment attachments css download file files image images img media page_files pic pics picture pictures style
    upload uploads
    """.split()  # noqa: SIM905
)
"""Folders beside a page whose files may belong to it; in all others, only pictures do."""
_MAX_DEPTH: Final = 8
"""Folders inside each other below that of a page."""
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)


@dataclass(frozen=True)
class PageFile:
    """A file that belongs to a page."""

    name: str
    """Its own name."""
    content: bytes


class SavedPage(Protocol):
    """A page and the way to its files."""

    @property
    def content(self) -> bytes:
        """The bytes of the page."""

    @property
    def charset(self) -> str | None:
        """The encoding that the archive names."""

    @property
    def address(self) -> str:
        """The address from which it was saved, if the file around it names one; else empty."""

    def find(self, reference: str) -> PageFile | None:
        """Return the file at an address as it stands in the page; None if it was not saved with the page.

        Args:
            reference: the address.
        """

    def find_picture(self, reference: str) -> PageFile | None:
        """Return the picture at an address as it stands in the page; None if it was not saved with the page.

        Args:
            reference: the address.
        """


@dataclass(frozen=True)
class InnerPage:
    """A page of frames inside another one; its files lie beside it.

    Args:
        content: the bytes of the page.
        outer: the page around it.
        folder: its folder relative to that of the outer page, with a slash at its end; empty for the same.
    """

    content: bytes
    outer: SavedPage
    folder: str
    charset: str | None = None

    @property
    def address(self) -> str:
        """The address of the outer page."""
        return self.outer.address

    def find(self, reference: str) -> PageFile | None:
        """Return a file of the page, as the outer page finds it.

        Args:
            reference: the address as it stands in the page.
        """
        return self.outer.find(self._from_outside(reference))

    def find_picture(self, reference: str) -> PageFile | None:
        """Return a picture of the page, as the outer page finds it.

        Args:
            reference: the address as it stands in the page.
        """
        return self.outer.find_picture(self._from_outside(reference))

    def _from_outside(self, reference: str) -> str:
        is_absolute = _SCHEME.match(reference) or reference.startswith(("/", "\\", "#", "?"))
        return reference if is_absolute else self.folder + reference


class FolderPage:
    """A page that was saved as a file, with other files beside it or in a folder beside it.

    Args:
        path: the page.

    Raises:
        UnreadableFileError: it is too large or cannot be read.
    """

    charset: str | None = None
    address: str = ""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise UnreadableFileError(_("the page is too large; divide it"))
            self.content = read_file(path)
        except OSError as error:
            raise UnreadableFileError(_("the file cannot be read: {reason}").format(reason=error.strerror)) from None

    def find(self, reference: str) -> PageFile | None:
        """Return a file of the page's folder, or of a folder in it that belongs to pages.

        Nothing outside of the folder is read, whatever the page says: no absolute path, no symbolic link.

        Args:
            reference: the address as it stands in the page.
        """
        return self._find(reference, self._is_own_folder)

    def find_picture(self, reference: str) -> PageFile | None:
        """Return a picture of the page's folder, or of any folder below it.

        Args:
            reference: the address as it stands in the page.
        """
        return self._find(reference, lambda _folder: True)

    def _find(self, reference: str, may_hold: Callable[[str], bool]) -> PageFile | None:
        if _SCHEME.match(reference) or reference.startswith(("/", "\\", "#", "?")) or not reference:
            return None
        plain = reference.partition("#")[0]
        return self._read(plain, may_hold) or self._read(plain.partition("?")[0], may_hold)

    def _read(self, reference: str, may_hold: Callable[[str], bool]) -> PageFile | None:
        plain = PurePosixPath(posixpath.normpath(unquote(reference).replace("\\", "/")))
        parts = plain.parts
        if not parts or plain.is_absolute() or ".." in parts or any("\0" in part or ":" in part for part in parts):
            return None
        if len(parts) > _MAX_DEPTH + 1 or (len(parts) > 1 and not may_hold(parts[0])):
            return None
        folder = self._path.parent
        try:
            for part in parts[:-1]:
                folder = folder / part
                if folder.is_symlink():
                    return None
            path = folder / parts[-1]
            if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
                return None
            return PageFile(parts[-1], read_file(path))
        except (OSError, ValueError):
            return None

    def _is_own_folder(self, name: str) -> bool:
        stem = self._path.stem
        own = {f"{stem}{end}" for end in ("_files", ".files", "-files", "_file", "_文件", ".fld", "_html")}
        return name in own or name.lower() in _FOLDERS


class ArchivedPage:
    """A page in a web archive (.mht, RFC 2557), with its pictures as other parts.

    Args:
        content: the bytes of the archive.

    Raises:
        UnreadableFileError: it is too large or has no page.
    """

    def __init__(self, content: bytes) -> None:
        if len(content) > _MAX_ARCHIVE_BYTES or content.lower().count(b"\ncontent-type:") > _MAX_PARTS:
            raise UnreadableFileError(_("the page is too large; divide it"))
        if content.lower().count(b"multipart/") > _MAX_NESTED:
            raise UnreadableFileError(_("the page is too large; divide it"))
        try:
            message = email.message_from_bytes(content)
            parts = [part for part in message.walk() if not part.is_multipart()]
        except (MessageError, RecursionError, ValueError, LookupError):
            parts = []
        page = next((part for part in parts if part.get_content_type() in ("text/html", "application/xhtml+xml")), None)
        if page is None:
            raise UnreadableFileError(
                _("there is no page in this web archive; open it in a browser and save it as .html")
            )
        self.content = _payload(page)
        self.charset = page.get_content_charset()
        self.address = _location(page) or _header(message, "Snapshot-Content-Location")
        self._parts: dict[str, Message] = {}
        for part in parts:
            for name in (_location(part), urljoin(self.address, _location(part)), _content_id(part)):
                if name and part is not page:
                    self._parts.setdefault(name, part)

    def find(self, reference: str) -> PageFile | None:
        """Return a part of the archive.

        Args:
            reference: the address as it stands in the page.
        """
        part = self._parts.get(reference) or self._parts.get(_joined(self.address, reference))
        if part is None:
            return None
        content = _payload(part)
        name = PurePosixPath(unquote(urlsplit(_location(part) or reference).path).replace("\\", "/")).name
        return PageFile(name, content) if len(content) <= MAX_FILE_BYTES else None

    def find_picture(self, reference: str) -> PageFile | None:
        """Return a part of the archive, as `find` does.

        Args:
            reference: the address as it stands in the page.
        """
        return self.find(reference)


def _joined(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _header(part: Message, name: str) -> str:
    return "".join(str(part.get(name, "")).split())


def _location(part: Message) -> str:
    return _header(part, "Content-Location")


def _content_id(part: Message) -> str:
    name = _header(part, "Content-ID").strip("<>")
    return f"cid:{name}" if name else ""
