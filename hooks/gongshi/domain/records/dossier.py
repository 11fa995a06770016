"""Read and write the dossier of an entry: all acts on it, one line of JSON for each, chained by hash.

A line has these keys, sorted and without spaces: `v` 1, `seq` from 1, `prev` (SHA-256 of the line before; of the
entry's path in the first line), `entry`, `act`, `by`, `at` (RFC 3339 with offset), `digest`. Some acts have more keys:
an approval `stage`, `chain` and `files`, a return `note`, a withdrawal `reason` and `notice`, a correction `base` and
`note`, an urgent publication `reason`, `files` and `until`. A signed line also has `unit`, the unit for which it was
signed, and `signature`, an SSHSIG in base64 over the line without `signature`. `via` is git's user, if that is another
person than `by`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from enum import Enum
from functools import lru_cache
from typing import Any

from gongshi.common.characters import is_invisible
from gongshi.common.errors import InvalidInput, Problem
from gongshi.common.hashing import canonical_json, sha256
from gongshi.domain.records.line_schema import VIA_CHARACTERS, LineSchema, read_canonical
from gongshi.i18n import gettext as _

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")
_COMMON_KEYS = {"v", "seq", "prev", "entry", "by", "at", "digest"}
"""The keys that each act must have, besides `act`."""
_OPTIONAL_KEYS = {"unit", "signature", "via"}
"""The keys that each act may have."""


class Action(Enum):
    """The kind of an act."""

    SUBMIT = "submit"
    CORRECT = "correct"
    """Submit a minor correction, which takes a shorter chain."""
    APPROVE = "approve"
    URGENT = "urgent"
    """Publish at once; the chain must follow."""
    RETURN = "return"
    WITHDRAW = "withdraw"


_ACTIONS = {action.value: action for action in Action}

_FURTHER_KEYS = {
    Action.SUBMIT: (set(), {"note"}),
    Action.CORRECT: ({"base", "note"}, set()),
    Action.APPROVE: ({"stage", "chain", "files"}, {"note"}),
    Action.URGENT: ({"reason", "files", "until"}, set()),
    Action.RETURN: ({"note"}, set()),
    Action.WITHDRAW: ({"reason", "notice"}, set()),
}
"""The further keys of each kind of act: required and optional ones."""
_LINES = {
    act.value: LineSchema(act.value, _COMMON_KEYS | required, optional | _OPTIONAL_KEYS)
    for act, (required, optional) in _FURTHER_KEYS.items()
}


@dataclass(frozen=True)
class Decision:
    """One act of one person on one version."""

    act: Action
    by: str
    at: datetime
    digest: str
    stage: str | None = None
    chain: tuple[str, ...] = ()
    """The chain at the time of an approval, which counts in this chain only."""
    files: Mapping[str, str] | None = None
    """The SHA-256 of each approved file, by its name in the entry's folder; includes the Markdown file."""
    note: str | None = None
    reason: str | None = None
    notice: bool = False
    """True if the page was public when it was withdrawn, so that a notice takes its place."""
    base: str | None = None
    """The digest of the version that a correction corrects."""
    until: datetime | None = None
    """The time until which an urgent publication stays public without its chain."""
    unit: str | None = None
    """The unit for which it was signed; the signature counts in no other unit."""
    signature: str | None = None
    """The SSHSIG in base64, without armour."""
    via: str | None = None
    """Git's user, if the command was told to act for another person; one line of at most 200 characters."""
    signed: bytes = field(default=b"", compare=False, repr=False)
    """The bytes that were signed: the line without its signature; empty if it has none."""
    line: int = 0
    """Its line in the dossier, counted from 1."""

    @property
    def day(self) -> date:
        """The day of the decision, in the time zone in which it was made."""
        return self.at.date()

    def days(self, zone: tzinfo) -> tuple[date, ...]:
        """Return the days on which the rules must allow it: the day where it was made and the day at the site.

        Args:
            zone: the site's time zone. Whoever writes a dossier chooses its offset, so both days are checked.
        """
        made, here = self.at.date(), self.at.astimezone(zone).date()
        return (here,) if here == made else (made, here)


@dataclass(frozen=True, slots=True)
class Dossier:
    """All acts on one entry, oldest first."""

    entry: str
    decisions: tuple[Decision, ...] = ()
    line_hashes: tuple[str, ...] = ()
    """The SHA-256 of each line."""

    @property
    def head(self) -> str:
        """The SHA-256 of the last line; that of the entry's path if there is none yet."""
        return self.line_hashes[-1] if self.line_hashes else first_hash(self.entry)

    def before(self, line: int) -> str:
        """Return the SHA-256 of the line before a line; for the first line, that of the entry's path.

        Args:
            line: its number, counted from 1.
        """
        return self.line_hashes[line - 2] if line > 1 else first_hash(self.entry)


def via_text(name: str | None, email: str | None) -> str | None:
    """Return git's user as written in `via`: printable, on one line, shortened if too long; None if git has no user.

    Args:
        name: git's `user.name`.
        email: git's `user.email`.
    """
    parts = (name or "", f"<{email}>" if email else "")
    words = " ".join(part for part in parts if part).replace('"', "'").replace("\\", "/")
    seen = (" " if character.isspace() else character for character in words if not is_invisible(character))
    text = " ".join("".join(character for character in seen if character.isprintable()).split())
    return (text if len(text) <= VIA_CHARACTERS else text[: VIA_CHARACTERS - 1] + "…") or None


def first_hash(entry: str) -> str:
    """Return the hash to which the first line is chained: the SHA-256 of the entry's path."""
    # The name of a file in the folder may be no valid UTF-8.
    return sha256(entry.encode("utf-8", "surrogateescape"))


def format_line(dossier: Dossier, decision: Decision) -> bytes:
    """Return the line for the next act, without a line ending.

    Args:
        dossier: the dossier so far.
        decision: the act; its `line` is not used.
    """
    values: dict[str, Any] = {
        "v": 1,
        "seq": len(dossier.decisions) + 1,
        "prev": dossier.head,
        "entry": dossier.entry,
        "act": decision.act.value,
        "by": decision.by,
        "at": decision.at.isoformat(timespec="seconds"),
        "digest": decision.digest,
    }
    required, optional = _FURTHER_KEYS[decision.act]
    for key in required | optional | _OPTIONAL_KEYS:
        value = getattr(decision, key)
        if value is not None:
            values[key] = _json_value(value)
    return canonical_json(values)


def _json_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def parse_dossier(content: bytes, entry: str, path: str) -> Dossier:
    """Read a dossier and check that it is complete and unchanged.

    Args:
        content: the bytes of the dossier file.
        entry: the entry that it must belong to, relative to `docs/`.
        path: the name of the file in problems.

    Raises:
        InvalidInput: a line is no act, is in the wrong place, or does not follow from the line before.
    """
    decisions: list[Decision] = []
    tips: list[str] = []
    tip = first_hash(entry)
    lines = content.split(b"\n")
    if lines.pop() != b"" or not lines:
        raise _damaged_error(path, len(lines) + 1, _("the last line is cut off"))
    for number, line in enumerate(lines, 1):
        values = _values(line, path, number)
        if values["entry"] != entry:
            raise _damaged_error(path, number, _("belongs to another entry"))
        if values["seq"] != number or values["prev"] != tip:
            raise _damaged_error(
                path, number, _("does not follow from the line before it: lines were changed, removed or reordered")
            )
        decisions.append(_decision(values, line, path, number))
        tip = sha256(line)
        tips.append(tip)
    return Dossier(entry, tuple(decisions), tuple(tips))


def _damaged_error(path: str, line: int, what: str) -> InvalidInput:
    remedy = _("restore the dossier from the repository's history; never edit it by hand")
    return InvalidInput([Problem(path, _("{what}; {remedy}").format(what=what, remedy=remedy), line)])


def _values(line: bytes, path: str, number: int) -> dict[str, Any]:
    try:
        found = read_canonical(line)
        return _LINES[found["act"]].values(found)
    except (ValueError, KeyError, TypeError):
        raise _damaged_error(path, number, _("is no act as Gongshi writes it")) from None


def _decision(values: dict[str, Any], line: bytes, path: str, number: int) -> Decision:
    try:
        at = _moment(values["at"])
        until = _moment(values["until"]) if "until" in values else None
    except ValueError:
        raise _damaged_error(path, number, _("has no valid time")) from None
    signature = values.get("signature")
    # In canonical JSON, quotation marks within a text are escaped, so these bytes can only be the key itself.
    signed = line.replace(b',"signature":"%b"' % signature.encode(), b"", 1) if signature else b""
    return Decision(
        act=_ACTIONS[values["act"]],
        by=values["by"],
        at=at,
        digest=values["digest"],
        stage=values.get("stage"),
        chain=values.get("chain", ()),
        files=values.get("files"),
        note=values.get("note"),
        reason=values.get("reason"),
        notice=values.get("notice", False),
        base=values.get("base"),
        until=until,
        unit=values.get("unit"),
        signature=signature,
        via=values.get("via"),
        signed=signed,
        line=number,
    )


def _moment(text: str) -> datetime:
    if not _TIME.fullmatch(text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text[:-6]).replace(tzinfo=_offset(text[-6:]))
    if not 1970 <= moment.year < 3000:
        raise ValueError(text)
    return moment


@lru_cache(256)
def _offset(text: str) -> tzinfo | None:
    """Return the same object for the same offset: Python compares times with the same object faster.

    Raises:
        ValueError: it is no offset, or `isoformat` would write it in another way, such as `+07:60` or `-00:00`.
    """
    moment = datetime.fromisoformat(f"2000-01-01T00:00:00{text}")
    if not moment.isoformat().endswith(text):
        raise ValueError(text)
    return moment.tzinfo
