"""The secret key of this account, kept outside of every repository: it seals the index of the build cache."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gongshi.common.files import read_file

_BYTES = 32


def load_or_create(environ: Mapping[str, str]) -> bytes | None:
    """Return the secret key, created if there is none; None if this account has no folder for it.

    Args:
        environ: the process environment; `XDG_STATE_HOME`, `STATE_DIRECTORY` (which systemd sets), `LOCALAPPDATA` and
            `HOME` are read in this order. Without them, as in many scheduled jobs, the home folder of the account
            counts.
    """
    home = environ.get("HOME") or _home()
    place = (
        environ.get("XDG_STATE_HOME")
        or environ.get("STATE_DIRECTORY", "").partition(os.pathsep)[0]
        or environ.get("LOCALAPPDATA")
        or (home and f"{home}/.local/state")
    )
    if not Path(place).is_absolute():
        return None
    file = Path(place, "gongshi", "cache.key")
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        # An empty file was left by a process that was killed while it wrote.
        if not os.path.lexists(file) or file.lstat().st_size == 0:
            _create(file)
    try:
        found = read_file(file)
    except OSError:
        return None
    return found if len(found) == _BYTES else None


def _create(file: Path) -> None:
    """Write a key under a temporary name and move it into place; of two processes at once, the last one's counts."""
    handle, name = tempfile.mkstemp(dir=file.parent)
    try:
        with os.fdopen(handle, "wb") as made:
            made.write(secrets.token_bytes(_BYTES))
        Path(name).replace(file)
    finally:
        Path(name).unlink(missing_ok=True)


def _home() -> str:
    """Return the home folder that the system knows for this account; empty if it knows none."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_dir
    except (ImportError, KeyError):
        return ""
