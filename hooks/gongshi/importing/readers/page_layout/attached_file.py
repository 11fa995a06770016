"""The file itself as attachment of its entry, where its pages cannot be taken over as text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gongshi.common.files import read_file
from gongshi.i18n import gettext as _
from gongshi.i18n import use_language
from gongshi.importing.document import BundleFile, Finding, FindingKind, UnreadableFileError, Workspace

_MAX_BYTES: Final = 100 << 20


@dataclass(frozen=True)
class AttachedFile:
    """The attachment, or none, and what is told about it."""

    files: tuple[BundleFile, ...]
    findings: tuple[Finding, ...]


def read_limited(path: Path) -> bytes:
    """Return the bytes of a file.

    Args:
        path: the file.

    Raises:
        UnreadableFileError: it is too large.
    """
    if path.stat().st_size > _MAX_BYTES:
        message = _("the file has more than {size} MB; divide it, or attach it to an entry made by hand")
        raise UnreadableFileError(message.format(size=_MAX_BYTES >> 20))
    return read_file(path)


def attach(workspace: Workspace, file: tuple[str, str], content: bytes, message: str) -> AttachedFile:
    """Write the attachment.

    Args:
        workspace: where it is written.
        file: its name in the entry, and its title in the list of attachments.
        content: its bytes.
        message: tells the editor what to look at.
    """
    name, title = file
    workspace.write(name, content)
    return AttachedFile((BundleFile(name, title),), (Finding(FindingKind.CHECK, message),))


def not_attached(message: str) -> AttachedFile:
    """Return that the file is not attached.

    Args:
        message: the reason and what the editor can do.
    """
    return AttachedFile((), (Finding(FindingKind.LEFT_OUT, message),))


def text_in_attachment(language: str) -> str:
    """Return the line that stands in place of the text.

    Args:
        language: the site's language.
    """
    with use_language("zh" if language.startswith("zh") else "en"):
        return _("The full text is in the attachment.")
