"""Detect that a dossier was put back to an older state: this clone remembers the dossiers that it has seen.

`.gongshi/witness.json` beside mkdocs.yml, which is never committed, holds for each dossier that a build or a command
has seen the number of its lines and the SHA-256 of the last. Signatures and hashes cannot show that lines at the end
are missing; a memory in another place can, like the witnesses of transparency logs.

`unfinished` holds the acts at the end of a dossier that cannot have changed what visitors see
(`domain/records/unfinished_actions.py`), each with the SHA-256 of the line before it. If only such acts are missing,
the page stays public. A file without `unfinished`, from an earlier version, is read as if each act mattered.
"""

from __future__ import annotations

import errno
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from gongshi.common.errors import InvalidInput, Problem, printable, unreadable
from gongshi.common.files import STATE_DIR, read_file, state_dir, write_atomic
from gongshi.domain.records.dossier import Action, Decision, Dossier
from gongshi.domain.records.unfinished_actions import unfinished
from gongshi.i18n import gettext as _

_FILE = "witness.json"
_HEX = re.compile(r"[0-9a-f]{64}")
_LOCK_SECONDS = 20
_FORMAT = "gongshi-witness-1"
_DOCUMENT = f'{{"format": "{_FORMAT}", "dossiers": {{\n%s\n}}, "unfinished": {{\n%s\n}}}}\n'

_UNFINISHED_KINDS = frozenset(("submit", "correct", "approve", "return"))
"""The acts that can be in `unfinished`."""

Head = tuple[int, str]
"""The number of lines of a dossier, and the SHA-256 of the last."""


@dataclass(frozen=True, slots=True)
class LateAction:
    """An act at the end of a dossier that cannot have changed what visitors see."""

    prev: str
    """The SHA-256 of the line before it; for the first line, that of the entry's path."""
    act: str
    by: str
    at: str
    """The time in RFC 3339, as in the dossier."""
    stage: str | None

    def decision(self, line: int) -> Decision:
        """Return the act, as far as the file holds it.

        Args:
            line: its line in the dossier.
        """
        return Decision(Action(self.act), self.by, datetime.fromisoformat(self.at), "", self.stage, line=line)


@dataclass
class Seen:
    """The dossiers that were seen."""

    heads: dict[str, Head] = field(default_factory=dict)
    """The heads by entry, relative to `docs/`."""
    late: dict[str, tuple[LateAction, ...]] = field(default_factory=dict)
    """The acts after the last one that could change what visitors see, by entry; only entries that have such acts."""

    def add(self, dossier: Dossier) -> None:
        """Add an undamaged dossier.

        Args:
            dossier: all acts on one entry.
        """
        if not dossier.line_hashes:
            return
        self.heads[dossier.entry] = (len(dossier.line_hashes), dossier.head)
        if acts := unfinished(dossier.decisions):
            self.late[dossier.entry] = tuple(
                LateAction(
                    dossier.before(act.line), act.act.value, act.by, act.at.isoformat(timespec="seconds"), act.stage
                )
                for act in acts
            )

    def update(self, other: Seen) -> None:
        """Add the dossiers that another process has seen, of other entries.

        Args:
            other: the dossiers seen by the other process.
        """
        self.heads.update(other.heads)
        self.late.update(other.late)


class RollbackGuard:
    """The memory of the dossiers as this clone saw them last.

    Args:
        root: the repository.
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._file = root / STATE_DIR / _FILE
        self._seen = self._read()
        self._given_up: dict[str, Head] = {}

    def check(self, dossier: Dossier, label: str) -> tuple[Decision, ...]:
        """Check that a dossier still has all acts that were seen and could change what visitors see.

        Args:
            dossier: the dossier as it is now.
            label: the name of its file in problems.

        Returns:
            The unfinished acts that are missing at its end, oldest first; usually none.

        Raises:
            InvalidInput: other acts are missing at its end or were replaced.
        """
        lines, tip = self._seen.heads.get(dossier.entry, (0, ""))
        present = len(dossier.line_hashes)
        if not lines or (present >= lines and dossier.line_hashes[lines - 1] == tip):
            return ()
        late = self._seen.late.get(dossier.entry, ())
        first = present - (lines - len(late))
        if 0 <= first < len(late) and late[first].prev == dossier.head:
            return tuple(act.decision(present + number) for number, act in enumerate(late[first:], 1))
        message = _(
            "this clone has seen acts that are missing or different now; restore the dossier from the repository's "
            "history, or, if they were given up on purpose, as in a merge, let this clone forget them: "
            "gongshi doctor --forget {entry}"
        )
        raise InvalidInput([Problem(label, message.format(entry=printable(dossier.entry)), max(present, 1))])

    @property
    def entries(self) -> Iterable[str]:
        """All entries whose dossier was seen."""
        return self._seen.heads

    @property
    def decided(self) -> Iterator[str]:
        """All entries with a seen act that could change what visitors see."""
        return (entry for entry, head in self._seen.heads.items() if head[0] > len(self._seen.late.get(entry, ())))

    def give_up(self, entry: str) -> None:
        """Accept a dossier as it is now, although acts that were seen are missing.

        Args:
            entry: the Markdown file, relative to `docs/`. The next `remember` writes this down.
        """
        if entry in self._seen.heads:
            self._given_up[entry] = self._seen.heads.pop(entry)
            self._seen.late.pop(entry, None)

    def remember(self, seen: Seen) -> None:
        """Write down the present heads. Dossiers that are damaged, shorter or missing now keep their remembered head.

        Args:
            seen: the undamaged dossiers.

        Raises:
            OSError: the file cannot be written, or another command holds its lock for too long.
            InvalidInput: the file was damaged meanwhile.
        """
        with self._locked():
            # Another command may have written meanwhile: never replace a head by one with fewer lines.
            before = self._read()
            after = Seen(dict(before.heads), dict(before.late))
            for entry, head in self._given_up.items():
                if after.heads.get(entry) == head:
                    del after.heads[entry]
                    after.late.pop(entry, None)
            for entry, head in seen.heads.items():
                if head[0] > after.heads.get(entry, (0, ""))[0]:
                    after.heads[entry] = head
                    after.late.pop(entry, None)
                if after.heads[entry] == head and entry in seen.late:
                    after.late[entry] = seen.late[entry]
            self._write(before, after)
            self._given_up.clear()

    def forget(self, entries: Iterable[str]) -> None:
        """Forget dossiers whose acts were given up on purpose.

        Args:
            entries: the Markdown files, relative to `docs/`.

        Raises:
            OSError: the file cannot be written, or another command holds its lock for too long.
            InvalidInput: the file is damaged.
        """
        gone = set(entries)
        with self._locked():
            before = self._read()
            heads = {entry: head for entry, head in before.heads.items() if entry not in gone}
            self._write(before, Seen(heads, {entry: acts for entry, acts in before.late.items() if entry in heads}))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        # Imported here, as commands that only read do not need it.
        from filelock import FileLock, Timeout

        try:
            with FileLock(state_dir(self._root) / ".lock", timeout=_LOCK_SECONDS):
                yield
        except Timeout:
            raise OSError(errno.EBUSY, _("another command is using it")) from None

    def _write(self, before: Seen, after: Seen) -> None:
        if after != before:
            heads = (f'{json.dumps(entry)}: [{lines}, "{tip}"]' for entry, (lines, tip) in sorted(after.heads.items()))
            late = (
                f"{json.dumps(entry)}: {json.dumps([[a.prev, a.act, a.by, a.at, a.stage] for a in acts])}"
                for entry, acts in sorted(after.late.items())
            )
            write_atomic(self._file, (_DOCUMENT % (",\n".join(heads), ",\n".join(late))).encode())
        self._seen = after

    def _read(self) -> Seen:
        try:
            document = json.loads(read_file(self._file))
            if document["format"] != _FORMAT:
                raise ValueError
            heads = {str(entry): _head(*head) for entry, head in document["dossiers"].items()}
            listed = document.get("unfinished", {}).items()
            return Seen(heads, {entry: _late_acts(acts, heads[entry]) for entry, acts in listed})
        except (FileNotFoundError, NotADirectoryError):
            return Seen()
        except OSError as error:
            raise InvalidInput([unreadable(f"{STATE_DIR}/{_FILE}", error)]) from None
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
            message = _("is damaged; delete it, but then this clone forgets which decisions it has seen")
            raise InvalidInput([Problem(f"{STATE_DIR}/{_FILE}", message)]) from None


def _head(lines: Any, tip: Any) -> Head:
    if type(lines) is not int or lines < 1 or not isinstance(tip, str) or not _HEX.fullmatch(tip):
        raise ValueError(lines)
    return lines, tip


def _late_acts(acts: Any, head: Head) -> tuple[LateAction, ...]:
    found = tuple(LateAction(*values) for values in acts)
    if not 1 <= len(found) <= head[0]:
        raise ValueError(acts)
    for number, act in enumerate(found):
        if act.act not in _UNFINISHED_KINDS:
            raise ValueError(act)
        if act.decision(number).at.utcoffset() is None or not isinstance(act.by, str) or not _HEX.fullmatch(act.prev):
            raise ValueError(act)
        if not (act.stage is None or isinstance(act.stage, str)):
            raise ValueError(act)
    return found
