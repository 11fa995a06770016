"""What this clone remembers of the dossiers, so that a record put back to an older state is found out.

`.gongshi/witness.json` beside mkdocs.yml, never in the repository: for each dossier that a build has seen, how many
lines it had and the SHA-256 of the last. Signatures and hashes cannot tell that lines at the end are missing; a memory
in another place can, as the witnesses of transparency logs do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from gongshi.domain.dossier import Dossier
from gongshi.domain.problem import InvalidInput, Problem
from gongshi.domain.storage import read_regular, write_whole
from gongshi.i18n import gettext as _

FOLDER = ".gongshi"
_FILE = "witness.json"
_FORMAT = "gongshi-witness-1"


class Witness:
    """The dossiers as this clone saw them last.

    Args:
        root: the repository.
    """

    def __init__(self, root: Path) -> None:
        self._file = root / FOLDER / _FILE
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
                "repository's history, or, if it was replaced on purpose, delete the folder {folder}"
            )
            raise InvalidInput([Problem(label, message.format(folder=FOLDER), max(len(dossier.tips), 1))])

    @property
    def entries(self) -> Iterable[str]:
        """Every entry whose dossier was seen."""
        return self._seen

    def remember(self, heads: Mapping[str, tuple[int, str]]) -> None:
        """Keep the present heads; what is damaged or gone now stays as it was seen.

        Args:
            heads: of each whole dossier how many lines it has and the SHA-256 of the last, by entry.
        """
        seen = {**self._seen, **heads}
        if seen != self._seen:
            keep(self._file, json.dumps({"format": _FORMAT, "dossiers": dict(sorted(seen.items()))}, indent=0))
            self._seen = seen

    def _read(self) -> dict[str, tuple[int, str]]:
        try:
            document = json.loads(read_regular(self._file))
            if document["format"] != _FORMAT:
                raise ValueError
            return {str(entry): (int(lines), str(tip)) for entry, (lines, tip) in document["dossiers"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            message = _("cannot be read; delete it, and this clone forgets which decisions it has seen")
            raise InvalidInput([Problem(f"{FOLDER}/{_FILE}", message)]) from None


def keep(file: Path, text: str) -> None:
    """Write a file of this clone's memory, and keep git away from the folder.

    Args:
        file: a file in the folder.
        text: its new content.
    """
    ignore = file.parent / ".gitignore"
    if not ignore.is_file():
        write_whole(ignore, b"*\n")
    write_whole(file, (text + "\n").encode())
