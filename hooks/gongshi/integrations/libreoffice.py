"""Convert Word files to PDF with LibreOffice, if it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from pathlib import Path

from gongshi.common.errors import Refused
from gongshi.common.temporary_folder import ScratchFolder
from gongshi.i18n import gettext as _

SECONDS = 180
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
    ("Inet/Settings", "ooInetProxyType", "1"),
    *(("Inet/Settings", f"ooInet{kind}ProxyName", "127.0.0.1") for kind in ("HTTP", "HTTPS")),
    *(("Inet/Settings", f"ooInet{kind}ProxyPort", "9") for kind in ("HTTP", "HTTPS")),
)
"""Settings for untrusted templates: no macros run, and no linked pictures are fetched (a dead proxy, port 9)."""
_FONT_PAIR = (
    '<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs"><node oor:name="_{number}" '
    'oor:op="replace"><prop oor:name="ReplaceFont"><value>{font}</value></prop><prop oor:name="SubstituteFont">'
    '<value>{other}</value></prop><prop oor:name="Always"><value>true</value></prop></node></item>'
)
_SERIFS = ("方正小标宋简体", "仿宋_GB2312", "仿宋", "宋体")
"""Fonts of official documents; systems other than Windows rarely have them."""
_SUBSTITUTE_FONTS = ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "AR PL UMing CN", "FandolSong")


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
    command = program()
    if command is None:
        raise Refused(_("LibreOffice is not installed"))
    # Use a separate profile for each run: two runs with one profile wait for each other or fail.
    scratch = ScratchFolder()
    with scratch as folder:
        (folder / "form.docx").write_bytes(content)
        _write_profile(folder / "profile")
        _run(
            [
                *(command, f"-env:UserInstallation={(folder / 'profile').as_uri()}"),
                *("--headless", "--norestore", "--nolockcheck", "--nologo", "--convert-to", "pdf:writer_pdf_Export"),
                *("--outdir", str(folder), str(folder / "form.docx")),
            ],
            seconds,
            scratch.handles,
        )
        try:
            result = (folder / "form.pdf").read_bytes()
        except OSError:
            result = b""
    if not result.startswith(b"%PDF"):
        raise Refused(_("LibreOffice wrote no PDF"))
    return result


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
    try:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
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
