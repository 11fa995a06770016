"""Advice on the permissions of a built or deployed folder: who else could change it, and who could not read it."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from gongshi.common.errors import printable
from gongshi.common.files import OWN_FOLDER
from gongshi.i18n import gettext as _

_NAMED = 3
"""How many files an advice names."""

_File = tuple[int, int]
"""Device and inode number."""


def advice(folder: Path, aside: Collection[str], is_served: bool, clones: Iterable[Path]) -> list[str]:
    """Return what in a folder is open to others, set to run as somebody else, hidden from the web server or shared.

    Nothing of it shows that the folder holds anything else than what was approved, so it is no finding.

    Args:
        folder: the folder.
        aside: names at its top that are not looked at.
        is_served: whether a web server reads it.
        clones: repositories whose build cache may hold the same files under other names.
    """
    if os.name != "posix":
        return []
    found = list(_walk(folder, aside))
    said = [
        (_("{count} files and folders can be changed by every account of this machine ({names}); chmod o-w helps"),
         [path for path, status in found if status.st_mode & stat.S_IWOTH]),
        (_("{count} files run as their owner or group (setuid, setgid: {names}); chmod ug-s helps"),
         [path for path, status in found if _is_file(status) and status.st_mode & (stat.S_ISUID | stat.S_ISGID)]),
        (_("{count} files have further names outside of this folder ({names}): who writes there changes them here"),
         _shared(found, clones)),
    ]  # fmt: skip
    if is_served:
        hidden = _("{count} files and folders can be read by their owner and group only ({names}): can the web server?")
        said.append((hidden, [path for path, status in found if _is_hidden(status)]))
    return [text.format(count=len(paths), names=_names(paths)) for text, paths in said if paths]


def _walk(folder: Path, aside: Collection[str]) -> Iterator[tuple[str, os.stat_result]]:
    """Every regular file and folder, the folder itself first; what cannot be looked at is left out."""
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
    """Files with more names than this folder and the build cache of a clone give them."""
    linked = {path: status for path, status in found if _is_file(status) and status.st_nlink > 1}
    names = Counter(map(_identity, linked.values()))
    if any(names[_identity(status)] < status.st_nlink for status in linked.values()):
        for clone in dict.fromkeys(Path(os.path.realpath(clone)) for clone in clones):
            others = (status for _path, status in _walk(clone / OWN_FOLDER, ()) if _is_file(status))
            names.update(each for status in others if (each := _identity(status)) in names)
    return sorted(path for path, status in linked.items() if names[_identity(status)] < status.st_nlink)


def _identity(status: os.stat_result) -> _File:
    return status.st_dev, status.st_ino


def _names(paths: list[str]) -> str:
    shown = [printable(path) for path in sorted(paths)[:_NAMED]]
    return _(", ").join([*shown, *(["…"] if len(paths) > _NAMED else [])])
