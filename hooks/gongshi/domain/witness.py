"""What this clone remembers of the dossiers, so that a record put back to an older state is found out.

`.gongshi/witness.json` beside mkdocs.yml, never in the repository: for each dossier that a build or an act by command
has seen, how many lines it had and the SHA-256 of the last. Signatures and hashes cannot tell that lines at the end are
missing; a memory in another place can, as the witnesses of transparency logs do.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from gongshi.domain.dossier import Dossier
from gongshi.domain.problem import InvalidInput, Problem, printable, unreadable
from gongshi.domain.storage import OWN_FOLDER, own_folder, read_regular, write_whole
from gongshi.i18n import gettext as _

_FILE = "witness.json"
_HEX = re.compile(r"[0-9a-f]{64}")
_LOCK_SECONDS = 20
_FORMAT = "gongshi-witness-1"
_DOCUMENT = f'{{"format": "{_FORMAT}", "dossiers": {{\n%s\n}}}}\n'


class Witness:
    """The dossiers as this clone saw them last.

    Args:
        root: the repository.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file = root / OWN_FOLDER / _FILE
        self._seen = self._read()

    def check(self, dossier: Dossier, label: str) -> None:
        """Make sure that a dossier still has every line that was seen.

        Args:
            dossier: the dossier as it is now.
            label: its file, to name in problems.

        Raises:
            InvalidInput: lines are missing at its end, or others stand in their place.
        """
        lines, tip = self._seen.get(dossier.entry, (0, ""))
        if lines and (len(dossier.tips) < lines or dossier.tips[lines - 1] != tip):
            message = _(
                "this clone has seen acts that are not there any more, or are others now; restore the dossier from the "
                "repository's history, or, if they were given up on purpose, as in a merge, let this clone forget "
                "them: gongshi doctor --forget {entry}"
            )
            entry = printable(dossier.entry)
            raise InvalidInput([Problem(label, message.format(entry=entry), max(len(dossier.tips), 1))])

    @property
    def entries(self) -> Iterable[str]:
        """Every entry whose dossier was seen."""
        return self._seen

    def remember(self, heads: Mapping[str, tuple[int, str]]) -> None:
        """Keep the present heads; what is damaged, shorter or gone now stays as it was seen.

        Args:
            heads: of each whole dossier how many lines it has and the SHA-256 of the last, by entry.

        Raises:
            OSError: the memory cannot be written, also where another command holds its lock for too long.
            InvalidInput: the memory was damaged meanwhile.
        """
        with self._alone():
            # Another command or a longer build may have seen more meanwhile: by itself a memory never gets shorter.
            before = self._read()
            more = {entry: head for entry, head in heads.items() if head[0] > before.get(entry, (0, ""))[0]}
            self._write(before, {**before, **more})

    def forget(self, entries: Iterable[str]) -> None:
        """Forget some dossiers, whose acts were given up on purpose.

        Args:
            entries: the Markdown files, relative to `docs/`.

        Raises:
            OSError: the memory cannot be written, also where another command holds its lock for too long.
            InvalidInput: the memory is damaged.
        """
        gone = set(entries)
        with self._alone():
            before = self._read()
            self._write(before, {entry: head for entry, head in before.items() if entry not in gone})

    @contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            with FileLock(own_folder(self._root) / ".lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout:
            raise OSError(errno.EBUSY, _("another command is using it")) from None

    def _write(self, before: Mapping[str, tuple[int, str]], seen: dict[str, tuple[int, str]]) -> None:
        if seen != before:
            lines = (f'{json.dumps(entry)}: [{lines}, "{tip}"]' for entry, (lines, tip) in sorted(seen.items()))
            write_whole(self._file, (_DOCUMENT % ",\n".join(lines)).encode())
        self._seen = seen

    def _read(self) -> dict[str, tuple[int, str]]:
        try:
            document = json.loads(read_regular(self._file))
            if document["format"] != _FORMAT:
                raise ValueError
            return {str(entry): _head(*head) for entry, head in document["dossiers"].items()}
        except (FileNotFoundError, NotADirectoryError):
            return {}
        except OSError as error:
            raise InvalidInput([unreadable(f"{OWN_FOLDER}/{_FILE}", error)]) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            message = _("is damaged; delete it, and this clone forgets which decisions it has seen")
            raise InvalidInput([Problem(f"{OWN_FOLDER}/{_FILE}", message)]) from None


def _head(lines: Any, tip: Any) -> tuple[int, str]:
    if type(lines) is not int or lines < 1 or not isinstance(tip, str) or not _HEX.fullmatch(tip):
        raise ValueError(lines)
    return lines, tip
