"""Convert office files and drawings with LibreOffice, if it is installed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gongshi.common.errors import Refused
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.i18n import gettext as _
from gongshi.integrations import drawing_page

SECONDS = 180
OFFICE_SECONDS: Final = 60
"""Time limit for a conversion to an office format."""
_MORE_SECONDS: Final = 20
"""Additional time for each further file of the same run."""
_MEMORY_KIB: Final = 4 << 20
"""Maximum address space of LibreOffice in KiB. It is its own limit: that of a caller may be too small for it."""
_WRITTEN_BYTES: Final = 256 << 20
"""Maximum size of a file that LibreOffice wrote."""
_FILTERS: Final = {
    "docx": "docx:MS Word 2007 XML",
    "xlsx": "xlsx:Calc MS Excel 2007 XML",
    "pdf": "pdf:writer_pdf_Export",
}
"""LibreOffice's names of its export filters (LibreOffice Help, File Conversion Filter Names)."""
_PROGRAM_PATHS = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
    r"C:\Program Files (x86)\LibreOffice\program\soffice.exe",
)
_SETTING = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
_SETTINGS = (
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Inet/Settings", "ooInetProxyType", "1"),
    *(("Inet/Settings", f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS")),
    *(("Inet/Settings", f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS")),
)
"""Settings for untrusted files: no macros run, links to other files are not updated, and nothing is fetched (a dead
proxy, port 9)."""
_FONT_PAIR = (
    '<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs"><node oor:name="_{number}" '
    'oor:op="replace"><prop oor:name="ReplaceFont"><value>{font}</value></prop><prop oor:name="SubstituteFont">'
    '<value>{other}</value></prop><prop oor:name="Always"><value>true</value></prop></node></item>'
)
_SERIFS = ("方正小标宋简体", "仿宋_GB2312", "仿宋", "宋体")
"""Fonts of official documents; systems other than Windows rarely have them."""
_SUBSTITUTE_FONTS = ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "AR PL UMing CN", "FandolSong")
_PICTURE_FIELD: Final = re.compile(rb"(INCLUDEPICTUR)E", re.IGNORECASE)
"""A field of an RTF file that takes a picture from another file; LibreOffice reads it despite `_SETTINGS`."""
_WITH_LIMITS: Final = (
    *("/bin/sh", "-c"),
    'ulimit -S -v "$1" 2>/dev/null; ulimit -t "$2" 2>/dev/null; shift 2; exec "$@"',
    "sh",
)
"""Command that sets limits for a program: address space in KiB, processor time in seconds. An end of the caller does
not end LibreOffice, the processor time does."""


@dataclass(frozen=True)
class OfficeFile:
    """A file to convert."""

    content: bytes
    ending: str
    """Its extension without the dot, which tells LibreOffice the format; not that of the result."""


def convert_to_pdf(content: bytes, seconds: float = SECONDS) -> bytes:
    """Convert a Word file to PDF.

    Args:
        content: the bytes of a .docx file.
        seconds: time limit for LibreOffice.

    Returns:
        The bytes of the PDF file.

    Raises:
        Refused: LibreOffice is not installed, did not end in time or wrote no PDF.
    """
    (result,) = _convert((OfficeFile(content, "docx"),), "pdf", seconds)
    if not result.startswith(b"%PDF"):
        raise Refused(_("LibreOffice wrote no PDF"))
    return result


def convert_office(
    files: Sequence[OfficeFile], target: str, seconds: float = OFFICE_SECONDS, more_seconds: float = _MORE_SECONDS
) -> list[bytes | None]:
    """Convert office files to .docx or .xlsx, all in one run of LibreOffice, which takes seconds to start.

    Args:
        files: the files.
        target: `docx` or `xlsx`.
        seconds: time limit for LibreOffice with one file.
        more_seconds: additional time for each further file.

    Returns:
        The bytes of each result in order; None for a file that LibreOffice could not read.

    Raises:
        Refused: LibreOffice is not installed or did not end in time.
    """
    found = _convert(files, target, seconds + more_seconds * (len(files) - 1))
    return [each if each.startswith(b"PK\x03\x04") else None for each in found]


def convert_drawings(
    drawings: Sequence[bytes], seconds: float = OFFICE_SECONDS, more_seconds: float = _MORE_SECONDS
) -> list[bytes | None]:
    """Convert drawings in Windows' formats to PNG, all in one run of LibreOffice, which takes seconds to start.

    Args:
        drawings: the bytes of EMFs and WMFs.
        seconds: time limit for LibreOffice with one drawing.
        more_seconds: additional time for each further drawing.

    Returns:
        The bytes of each PNG file in order; None for what is no such drawing.

    Raises:
        Refused: LibreOffice is not installed or did not end in time.
    """
    known = [each for each in dict.fromkeys(drawings) if drawing_page.is_drawing(each)]
    if not known:
        return [None] * len(drawings)
    pages = [OfficeFile(drawing_page.drawing_page(each), "fodt") for each in known]
    results = _convert(pages, "pdf", seconds + more_seconds * (len(pages) - 1))
    pictures = {
        drawing: drawing_page.render_page(result) if result.startswith(b"%PDF") else None
        for drawing, result in zip(known, results, strict=True)
    }
    return [pictures.get(each) for each in drawings]


def _convert(files: Sequence[OfficeFile], target: str, seconds: float) -> list[bytes]:
    """Return the bytes of each result; empty for none."""
    command = program()
    if command is None:
        raise Refused(_("LibreOffice is not installed"))
    # Use a separate profile for each run: two runs with one profile wait for each other or fail.
    scratch = ScratchFolder()
    with scratch as folder:
        sources = [folder / f"{number}.{file.ending}" for number, file in enumerate(files, 1)]
        for source, file in zip(sources, files, strict=True):
            source.write_bytes(_PICTURE_FIELD.sub(rb"\1_", file.content) if file.ending == "rtf" else file.content)
        _write_profile(folder / "profile")
        _run(
            [
                *(command, f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
                *("--headless", "--norestore", "--nolockcheck", "--nologo", "--convert-to", _FILTERS[target]),
                *("--outdir", str(folder), *map(str, sources)),
            ],
            seconds,
            scratch.handles,
        )
        return [_read_result(folder / f"{source.stem}.{target}") for source in sources]


def _read_result(path: Path) -> bytes:
    try:
        return path.read_bytes() if path.stat().st_size <= _WRITTEN_BYTES else b""
    except OSError:
        return b""


def program() -> str | None:
    """Return the path of the LibreOffice program, or None if it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next(filter(os.path.isfile, _PROGRAM_PATHS), None)


def _write_profile(folder: Path) -> None:
    pairs = _font_substitutes()
    settings = [*_SETTINGS, *([("Office.Common/Font/Substitution", "Replacement", "true")] if pairs else [])]
    items = "".join(_SETTING.format(path=path, name=name, value=value) for path, name, value in settings)
    items += "".join(_FONT_PAIR.format(number=n, font=font, other=other) for n, (font, other) in enumerate(pairs))
    space = 'xmlns:oor="http://openoffice.org/2001/registry"'
    (folder / "user").mkdir(parents=True)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {space}>{items}</oor:items>\n'
    (folder / "user" / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _font_substitutes() -> list[tuple[str, str]]:
    """Return pairs of a missing font and its substitute; LibreOffice itself would choose a font without serifs."""
    try:
        done = subprocess.run(["fc-list", ":", "family"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    known = {name.strip() for line in done.stdout.decode(errors="replace").splitlines() for name in line.split(",")}
    other = next((font for font in _SUBSTITUTE_FONTS if font in known), None)
    return [(font, other) for font in _SERIFS if font not in known] if other else []


def _run(command: list[str], seconds: float, handles: tuple[int, ...]) -> None:
    limited = (*_WITH_LIMITS, str(_MEMORY_KIB), str(int(seconds) + 1)) if os.name == "posix" else ()
    try:
        process = subprocess.Popen(  # noqa: S603
            [*limited, *command], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, pass_fds=handles,
        )  # fmt: skip
    except OSError as error:
        raise Refused(_("LibreOffice cannot be run: {reason}").format(reason=error.strerror)) from None
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise Refused(_("LibreOffice did not end within {count} seconds").format(count=int(seconds))) from None
    finally:
        if process.returncode is None:
            _kill(process)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill LibreOffice and the processes in its session; its id is still valid, because nothing has waited for it."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
