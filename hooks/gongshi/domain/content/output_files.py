"""Compute the output files of an entry or page, and find files that claim the same place in the site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from gongshi.common.files import parent_folders
from gongshi.domain.config.policy import Column
from gongshi.domain.content.paths import EVENT, PageKind, collation_key, kind_of, output_path, parent_dir, url_path


def calendar_file(path: str, columns: Mapping[str, Column]) -> str | None:
    """Return the calendar file of an activity, which the site has beside its page if the entry has an `event`.

    Args:
        path: the Markdown file, relative to `docs/`.
        columns: the configured columns by id.

    Returns:
        The file relative to the site; None for anything but an entry in a column of kind activity.
    """
    column = columns.get(path.split("/")[0])
    if column is None or column.kind != "activity" or kind_of(path, columns) is not PageKind.ENTRY:
        return None
    return url_path(path) + EVENT


def outputs(path: str, files: Iterable[str], has_event: bool, columns: Mapping[str, Column]) -> Iterator[str]:
    """Yield the output files of an entry or page, without the smaller copies of pictures, which get free names later.

    Args:
        path: the Markdown file, relative to `docs/`.
        files: the other files of its bundle, relative to the bundle's folder.
        has_event: True if its front matter has an `event`.
        columns: the configured columns by id.

    Yields:
        Paths relative to the site.
    """
    yield output_path(path)
    folder = parent_dir(path)
    yield from (folder + name for name in files)
    if has_event and (calendar := calendar_file(path, columns)):
        yield calendar


def are_apart(paths: Sequence[str]) -> bool:
    """Tell whether files do not collide: no two have the same name, and none has the name of a folder.

    A quick check of a whole site, as collisions are rare; `Claims` finds the two files that collide.

    Args:
        paths: files relative to one folder.
    """
    keys = set(map(collation_key, paths))
    return len(keys) == len(paths) and keys.isdisjoint(parent_folders(keys))


class Claims:
    """The owners of files below one folder.

    A file has only one owner, and its name cannot be that of another owner's folder. Names that differ only in case or
    Unicode form are the same.
    """

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def claim(self, paths: Iterable[str], owner: str) -> tuple[str, str] | None:
        """Claim files, all of them or none.

        Args:
            paths: files relative to the folder.
            owner: the owner of the files.

        Returns:
            None if all are free; else the first that is not, and its owner.
        """
        keys = {collation_key(path): path for path in paths}
        if all(map(self._is_free_beside_others, keys)):
            self._files.update(dict.fromkeys(keys, owner))
            return None
        for key, path in keys.items():
            if rival := self._rival(key, owner):
                return path, rival
        for key in keys:
            self._files.setdefault(key, owner)
            for above in self._new_folders(key):
                self._folders[above] = owner
        return None

    def _is_free_beside_others(self, key: str) -> bool:
        """Tell whether a file is free and its folder is known already, which is true for most files."""
        folder = key.rpartition("/")[0]
        return key not in self._files and key not in self._folders and (not folder or folder in self._folders)

    def rival(self, paths: Iterable[str], owner: str) -> tuple[str, str] | None:
        """Return the same as `claim`, without claiming anything."""
        for path in paths:
            if rival := self._rival(collation_key(path), owner):
                return path, rival
        return None

    def _rival(self, key: str, owner: str) -> str | None:
        found = self._files.get(key) or self._folders.get(key)
        found = found or next((self._files[above] for above in self._new_folders(key) if above in self._files), None)
        return found if found != owner else None

    def _new_folders(self, key: str) -> Iterator[str]:
        """Return the new folders of a file, the innermost first."""
        while (place := key.rfind("/")) >= 0 and (key := key[:place]) not in self._folders:
            yield key
