"""PDF files made with LibreOffice, where it is installed."""

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
_PLACES = (
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
"""A template may link pictures from elsewhere: nothing is fetched, nothing is run."""
_PAIR = (
    '<item oor:path="/org.openoffice.Office.Common/Font/Substitution/FontPairs"><node oor:name="_{number}" '
    'oor:op="replace"><prop oor:name="ReplaceFont"><value>{font}</value></prop><prop oor:name="SubstituteFont">'
    '<value>{other}</value></prop><prop oor:name="Always"><value>true</value></prop></node></item>'
)
_SERIFS = ("方正小标宋简体", "仿宋_GB2312", "仿宋", "宋体")
"""Fonts of official documents, which systems other than Windows rarely have."""
_INSTEAD = ("Noto Serif CJK SC", "Source Han Serif SC", "Source Han Serif CN", "AR PL UMing CN", "FandolSong")


def pdf(content: bytes, seconds: float = SECONDS) -> bytes:
    """A Word file as PDF.

    Args:
        content: the bytes of a .docx file.
        seconds: how long LibreOffice may take.

    Raises:
        Refused: LibreOffice is not installed, does not end in time or makes nothing.
    """
    command = program()
    if command is None:
        raise Refused(_("LibreOffice is not installed"))
    # A profile of its own for each run: two runs on one profile wait for each other or fail.
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
        raise Refused(_("LibreOffice made no PDF of it"))
    return result


def program() -> str | None:
    """Where LibreOffice is; None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice") or next(filter(os.path.isfile, _PLACES), None)


def _write_profile(folder: Path) -> None:
    pairs = _substitutes()
    settings = [*_SETTINGS, *([("Office.Common/Font/Substitution", "Replacement", "true")] if pairs else [])]
    items = "".join(_SETTING.format(path=path, name=name, value=value) for path, name, value in settings)
    items += "".join(_PAIR.format(number=n, font=font, other=other) for n, (font, other) in enumerate(pairs))
    space = 'xmlns:oor="http://openoffice.org/2001/registry"'
    (folder / "user").mkdir(parents=True)
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<oor:items {space}>{items}</oor:items>\n'
    (folder / "user" / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _substitutes() -> list[tuple[str, str]]:
    """What stands in for fonts that are missing; LibreOffice by itself would take one without serifs."""
    try:
        done = subprocess.run(["fc-list", ":", "family"], capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    known = {name.strip() for line in done.stdout.decode(errors="replace").splitlines() for name in line.split(",")}
    other = next((font for font in _INSTEAD if font in known), None)
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
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the program and what it began in its session; as it was not waited for, its number is still its own."""
    if hasattr(os, "killpg"):
        os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()
    process.wait()
