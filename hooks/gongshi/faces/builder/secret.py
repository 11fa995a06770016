"""A secret of this account on this machine, outside of every repository: it seals what only we may have written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from gongshi.domain.storage import read_regular

_BYTES = 32


def kept(environ: Mapping[str, str]) -> bytes | None:
    """The secret, made where there is none; None where this account has no place for it.

    Args:
        environ: the process environment; `XDG_STATE_HOME`, `STATE_DIRECTORY` (which systemd sets), `LOCALAPPDATA` and
            `HOME` are read in this order. Without them, as in many timers, the home of the account counts.
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
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as made:
            made.write(secrets.token_bytes(_BYTES))
    try:
        found = read_regular(file)
    except OSError:
        return None
    return found if len(found) == _BYTES else None


def _home() -> str:
    """The home that the system knows for this account; empty where it knows none."""
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_dir
    except (ImportError, KeyError):
        return ""
