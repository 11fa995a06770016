"""Permission advice for a built or deployed folder: files that others can change, or that a web server cannot read."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from gongshi.common.errors import printable
from gongshi.common.files import STATE_DIR
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext

_MAX_NAMED = 3
"""Maximum number of files that one piece of advice names."""

_File = tuple[int, int]
"""Device and inode number."""


def advice(folder: Path, aside: Collection[str], is_served: bool, clones: Iterable[Path]) -> list[str]:
    """Return advice on files that are writable by all, setuid, unreadable for the web server, or hard-linked elsewhere.

    These are not findings: the content of the folder is still what was approved.

    Args:
        folder: the folder.
        aside: names at its top to skip.
        is_served: True if a web server reads the folder.
        clones: repositories whose build cache may hold the same files under other names.
    """
    if os.name != "posix":
        return []
    found = list(_walk(folder, aside))
    writable = [path for path, status in found if status.st_mode & stat.S_IWOTH]
    setuid = [path for path, status in found if _is_file(status) and status.st_mode & (stat.S_ISUID | stat.S_ISGID)]
    shared = _shared(found, clones)
    hidden = [path for path, status in found if _is_hidden(status)] if is_served else []
    groups = (writable, setuid, shared, hidden)
    texts = _texts(*map(len, groups))
    return [
        text.format(count=len(paths), names=_names(paths)) for paths, text in zip(groups, texts, strict=True) if paths
    ]


def _texts(writable: int, setuid: int, shared: int, hidden: int) -> tuple[str, ...]:
    """Return the advice for each number of files."""
    return (
        ngettext(
            "{count} file or folder can be changed by every account of this machine ({names}); run chmod o-w on it",
            "{count} files and folders can be changed by every account of this machine ({names}); run chmod o-w on "
            "them",
            writable,
        ),
        ngettext(
            "{count} file runs as its owner or group (setuid, setgid: {names}); run chmod ug-s on it",
            "{count} files run as their owner or group (setuid, setgid: {names}); run chmod ug-s on them",
            setuid,
        ),
        ngettext(
            "{count} file has further names outside of this folder ({names}); whoever can write there can change it",
            "{count} files have further names outside of this folder ({names}); whoever can write there can change "
            "them",
            shared,
        ),
        ngettext(
            "{count} file or folder can be read by its owner and group only ({names}); make sure that the web server "
            "can",
            "{count} files and folders can be read by their owner and group only ({names}); make sure that the web "
            "server can",
            hidden,
        ),
    )


def _walk(folder: Path, aside: Collection[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Yield path and status of every regular file and folder, the folder itself first; skip what cannot be read."""
    waiting = [""]
    while waiting:
        prefix = waiting.pop()
        try:
            yield prefix or ".", os.lstat(f"{folder}/{prefix}")
            with os.scandir(f"{folder}/{prefix}") as entries:
                for entry in entries:
                    path = prefix + entry.name
                    if path in aside:
                        continue
                    if entry.is_dir(follow_symlinks=False):
                        waiting.append(path + "/")
                    elif entry.is_file(follow_symlinks=False):
                        yield path, entry.stat(follow_symlinks=False)
        except OSError:
            continue


def _is_file(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode)


def _is_hidden(status: os.stat_result) -> bool:
    needed = stat.S_IROTH if _is_file(status) else stat.S_IROTH | stat.S_IXOTH
    return status.st_mode & needed != needed


def _shared(found: list[tuple[str, os.stat_result]], clones: Iterable[Path]) -> list[str]:
    """Return files with more hard links than this folder and the build caches of the clones explain."""
    linked = {path: status for path, status in found if _is_file(status) and status.st_nlink > 1}
    names = Counter(map(_identity, linked.values()))
    if any(names[_identity(status)] < status.st_nlink for status in linked.values()):
        for clone in dict.fromkeys(Path(os.path.realpath(clone)) for clone in clones):
            others = (status for _path, status in _walk(clone / STATE_DIR, ()) if _is_file(status))
            names.update(each for status in others if (each := _identity(status)) in names)
    return sorted(path for path, status in linked.items() if names[_identity(status)] < status.st_nlink)


def _identity(status: os.stat_result) -> _File:
    return status.st_dev, status.st_ino


def _names(paths: list[str]) -> str:
    shown = [printable(path) for path in sorted(paths)[:_MAX_NAMED]]
    return _(", ").join([*shown, *(["…"] if len(paths) > _MAX_NAMED else [])])
