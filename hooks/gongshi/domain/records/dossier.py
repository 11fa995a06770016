"""The dossier of an entry: every act on it, one JSON line each, chained by hash.

A line holds, with sorted keys and no spaces: `v` 1, `seq` from 1, `prev` (SHA-256 of the line before, of the entry's
path for the first), `entry`, `act`, `by`, `at` (RFC 3339 with offset), `digest`, and what the act needs: `stage`,
`chain` and `files` for an approval, `note` for a return, `reason` and `notice` for a withdrawal, `base` and `note` for
a correction, `reason`, `files` and `until` for an urgent publication. Where decisions are signed there are `unit`, for
which it was signed, and `signature`, an SSHSIG in base64 over the line without it. `via` is git's user where that was
somebody else than who decided.
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
from gongshi.domain.records.line_schema import VIA_CHARACTERS, Form, read_canonical
from gongshi.i18n import gettext as _

_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-][0-9]{2}:[0-9]{2}")
_COMMON = {"v", "seq", "prev", "entry", "by", "at", "digest"}

_ANY = {"unit", "signature", "via"}
"""The keys that every act may have."""


class Act(Enum):
    """What somebody did."""

    SUBMIT = "submit"
    CORRECT = "correct"
    """Submit a minor correction, which takes a shorter chain."""
    APPROVE = "approve"
    URGENT = "urgent"
    """Publish at once; the chain must follow."""
    RETURN = "return"
    WITHDRAW = "withdraw"


_OWN = {
    Act.SUBMIT: (set(), {"note"}),
    Act.CORRECT: ({"base", "note"}, set()),
    Act.APPROVE: ({"stage", "chain", "files"}, {"note"}),
    Act.URGENT: ({"reason", "files", "until"}, set()),
    Act.RETURN: ({"note"}, set()),
    Act.WITHDRAW: ({"reason", "notice"}, set()),
}
_LINES = {act.value: Form(act.value, _COMMON | required, optional | _ANY) for act, (required, optional) in _OWN.items()}


@dataclass(frozen=True)
class Decision:
    """One act of one person on one digest."""

    act: Act
    by: str
    at: datetime
    digest: str
    stage: str | None = None
    chain: tuple[str, ...] = ()
    """The chain that the approver saw; an approval counts in this chain only."""
    files: Mapping[str, str] | None = None
    """SHA-256 of each approved file by its name in the entry's folder, the Markdown file included."""
    note: str | None = None
    reason: str | None = None
    notice: bool = False
    """Whether the page was public when it was withdrawn, so that a notice takes its place."""
    base: str | None = None
    """The digest of the version that a correction corrects."""
    until: datetime | None = None
    """Until when an urgent publication holds without its chain."""
    unit: str | None = None
    """For which unit it was signed: a signature counts in no other."""
    signature: str | None = None
    """SSHSIG in base64, without armour."""
    via: str | None = None
    """Git's user, where the command was told to act for another person; one line of 200 characters at most."""
    signed: bytes = field(default=b"", compare=False, repr=False)
    """What the signature is over: the line without it; empty where there is none."""
    line: int = 0
    """Line in the dossier."""

    @property
    def day(self) -> date:
        """The day of the decision where it was made."""
        return self.at.date()

    def days(self, zone: tzinfo) -> tuple[date, ...]:
        """The days on which the rules must allow it: where it was made and in the site's time zone.

        Args:
            zone: the site's time zone; the offset in a dossier is what its writer chose.
        """
        made, here = self.at.date(), self.at.astimezone(zone).date()
        return (here,) if here == made else (made, here)


@dataclass(frozen=True, slots=True)
class Dossier:
    """All acts on one entry, oldest first."""

    entry: str
    decisions: tuple[Decision, ...] = ()
    tips: tuple[str, ...] = ()
    """SHA-256 of each line."""

    @property
    def tip(self) -> str:
        """SHA-256 of the last line; of the entry's path where there is none yet."""
        return self.tips[-1] if self.tips else genesis(self.entry)

    def before(self, line: int) -> str:
        """Return the SHA-256 of the line before a line; of the entry's path for the first.

        Args:
            line: counted from 1.
        """
        return self.tips[line - 2] if line > 1 else genesis(self.entry)


def via_text(name: str | None, email: str | None) -> str | None:
    """Return git's user as `via` keeps it: printable, on one line, bounded; None where git knows nobody.

    Args:
        name: git's `user.name`.
        email: git's `user.email`.
    """
    parts = (name or "", f"<{email}>" if email else "")
    words = " ".join(part for part in parts if part).replace('"', "'").replace("\\", "/")
    seen = (" " if character.isspace() else character for character in words if not is_invisible(character))
    text = " ".join("".join(character for character in seen if character.isprintable()).split())
    return (text if len(text) <= VIA_CHARACTERS else text[: VIA_CHARACTERS - 1] + "…") or None


def genesis(entry: str) -> str:
    """What the first line is chained to: SHA-256 of the entry's path."""
    # A file of any name can lie in the folder.
    return sha256(entry.encode("utf-8", "surrogateescape"))


def write_line(dossier: Dossier, decision: Decision) -> bytes:
    """The line for the next act, without its line ending.

    Args:
        dossier: the dossier so far.
        decision: the act; its `line` is not used.
    """
    values: dict[str, Any] = {
        "v": 1,
        "seq": len(dossier.decisions) + 1,
        "prev": dossier.tip,
        "entry": dossier.entry,
        "act": decision.act.value,
        "by": decision.by,
        "at": decision.at.isoformat(timespec="seconds"),
        "digest": decision.digest,
    }
    required, optional = _OWN[decision.act]
    for key in required | optional | _ANY:
        value = getattr(decision, key)
        if value is not None:
            values[key] = _written(value)
    return canonical_json(values)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, tuple):
        return list(value)
    return dict(value) if isinstance(value, Mapping) else value


def parse(content: bytes, entry: str, path: str) -> Dossier:
    """Read a dossier and check that it is whole.

    Args:
        content: the bytes of the dossier file.
        entry: the entry it must belong to, relative to `docs/`.
        path: the file to name in problems.

    Raises:
        InvalidInput: a line is no act, stands in the wrong place, or does not follow from the line before.
    """
    decisions: list[Decision] = []
    tips: list[str] = []
    tip = genesis(entry)
    lines = content.split(b"\n")
    if lines.pop() != b"" or not lines:
        raise _broken(path, len(lines) + 1, _("the last line is cut off"))
    for number, line in enumerate(lines, 1):
        values = _values(line, path, number)
        if values["entry"] != entry:
            raise _broken(path, number, _("belongs to another entry"))
        if values["seq"] != number or values["prev"] != tip:
            raise _broken(
                path, number, _("does not follow from the line before it: lines were changed, removed or reordered")
            )
        decisions.append(_decision(values, line, path, number))
        tip = sha256(line)
        tips.append(tip)
    return Dossier(entry, tuple(decisions), tuple(tips))


def _broken(path: str, line: int, what: str) -> InvalidInput:
    remedy = _("restore the dossier from the repository's history; never edit it by hand")
    return InvalidInput([Problem(path, _("{what}; {remedy}").format(what=what, remedy=remedy), line)])


def _values(line: bytes, path: str, number: int) -> dict[str, Any]:
    try:
        found = read_canonical(line)
        return _LINES[found["act"]].values(found)
    except (ValueError, KeyError, TypeError):
        raise _broken(path, number, _("is no act as Gongshi writes it")) from None


def _decision(values: dict[str, Any], line: bytes, path: str, number: int) -> Decision:
    try:
        at = _moment(values["at"])
        until = _moment(values["until"]) if "until" in values else None
    except ValueError:
        raise _broken(path, number, _("has no valid time")) from None
    signature = values.get("signature")
    # In canonical JSON a quotation mark within a text is escaped, so these bytes can only be the key itself.
    signed = line.replace(b',"signature":"%b"' % signature.encode(), b"", 1) if signature else b""
    return Decision(
        act=Act(values["act"]),
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
    """One object for one offset: times that share it are compared without asking for it."""
    return datetime.fromisoformat(f"2000-01-01T00:00:00{text}").tzinfo
