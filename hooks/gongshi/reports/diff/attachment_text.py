"""Extract the text of attachments.

Documents are read in a separate process with limits on time and memory, so that a damaged or hostile file cannot stop
the command.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from gongshi.i18n import gettext as _
from gongshi.reports.diff.attachment_reader import CHARACTERS, Failure, Section

DOCUMENTS = {"docx": "docx", "docm": "docx", "xlsx": "xlsx", "xlsm": "xlsx", "pdf": "pdf"}
"""The reader for each file name extension, as in `attachment_reader`."""
PLAIN = frozenset("txt csv tsv json geojson log ini toml yml yaml ics vcf srt svg tex bib".split())  # noqa: SIM905
"""Extensions of plain text files."""

_DOCUMENT_BYTES = 64 << 20
_SECONDS = 20
"""The time limit for one document."""
_ALL_SECONDS = 120
"""The time limit for all documents of one comparison."""
_MEMORY = 2 << 30
_WORKING_FOLDER = Path(__file__).resolve().parents[3]
"""The working directory of the process. Python imports modules from it, so others must not be able to write to it."""
_FAILURE_BY_SIGNAL = {"SIGXCPU": Failure.TIME, "SIGKILL": Failure.MEMORY}
"""The meaning of the signals by which the system ends a process that is over a limit."""


@dataclass(frozen=True)
class AttachmentText:
    """The text inside a file."""

    text: str
    cut: bool = False
    """True if the file has more text than was read."""


@dataclass
class TextExtractor:
    """Reads the text of files for one comparison; all of them share a time limit."""

    seconds: float = _SECONDS
    """The time limit for one document."""
    _end: float = field(default_factory=lambda: time.monotonic() + _ALL_SECONDS)

    def text(self, name: str, content: bytes) -> AttachmentText | Failure | None:
        """Return the text inside a file, the reason why it cannot be read, or None if this kind of file is not read.

        Args:
            name: the file's name; its extension decides how it is read.
            content: its bytes.
        """
        ending = PurePosixPath(name).suffix[1:].lower()
        if ending in PLAIN:
            return _decode_plain_text(content)
        if ending not in DOCUMENTS:
            return None
        if len(content) > _DOCUMENT_BYTES:
            return Failure.TOO_LARGE
        seconds = min(self.seconds, self._end - time.monotonic())
        return _read_document(DOCUMENTS[ending], content, seconds) if seconds > 0 else Failure.TIME


def _decode_plain_text(content: bytes) -> AttachmentText | Failure:
    """Decode a plain text; line endings become LF, a BOM is removed."""
    is_utf_16 = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ["utf-16"] if is_utf_16 else ["utf-8-sig", "gb18030"]:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            text = text.replace("\r\n", "\n").replace("\r", "\n")
            return AttachmentText(text[:CHARACTERS], len(text) > CHARACTERS)
    return Failure.ENCODING


def _read_document(reader: str, content: bytes, seconds: float) -> AttachmentText | Failure:
    command = [
        sys.executable,
        "-m",
        "gongshi.reports.diff.attachment_reader",
        reader,
        str(int(seconds) + 1),
        str(_MEMORY),
    ]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command,
            input=content,
            cwd=_WORKING_FOLDER,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Failure.TIME
    except OSError:
        return Failure.SYSTEM
    try:
        answer = json.loads(done.stdout)
    except ValueError:
        return _failure_of(done.returncode)
    if "failure" in answer:
        return Failure(answer["failure"])
    return AttachmentText(_join_sections(answer["sections"]), answer["cut"])


def _failure_of(code: int) -> Failure:
    return next((why for name, why in _FAILURE_BY_SIGNAL.items() if code == -getattr(signal, name, 0)), Failure.DAMAGED)


def _join_sections(sections: list[Section]) -> str:
    """Join all sections to one text; all but the body and the pages of a PDF get a heading."""
    parts: list[str] = []
    for what, name, text in sections:
        if what not in ("body", "page") and text:
            parts.append(f"── {_title(what, name)} ──")
        if text:
            parts.append(text)
    return "\n".join(parts) + "\n"


def _title(what: str, name: str) -> str:
    titles = {
        "sheet": _("sheet {name}"),
        "hidden-sheet": _("hidden sheet {name}"),
        "header": _("header"),
        "footer": _("footer"),
        "notes": _("footnotes"),
        "comments": _("comments"),
        "deleted": _("struck out in tracked changes"),
        "links": _("addresses of links"),
    }
    return titles[what].format(name=name)
