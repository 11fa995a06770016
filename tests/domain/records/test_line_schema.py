"""A line of a dossier is read in one way of writing only, with the keys of its act and values of their types."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from gongshi.common.errors import InvalidInput
from gongshi.common.hashing import canonical_json
from gongshi.domain.config.policy import ID
from gongshi.domain.records import dossier as dossiers
from gongshi.domain.records.dossier import Dossier

HASH = "0123456789abcdef" * 4
COMMON = {
    "v": 1, "seq": 1, "prev": dossiers.first_hash("a.md"), "entry": "a.md", "by": "head", "at": "2026-11-03T09:00:00+08:00",
    "digest": HASH,
}  # fmt: skip
OWN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "submit": ({}, {"note": "n"}),
    "correct": ({"base": HASH, "note": "n"}, {}),
    "approve": ({"stage": "first", "chain": ["first", "final"], "files": {"a.md": HASH}}, {"note": "n"}),
    "urgent": ({"reason": "r", "files": {"a.md": HASH}, "until": "2026-11-04T09:00:00+08:00"}, {}),
    "return": ({"note": "n"}, {}),
    "withdraw": ({"reason": "r", "notice": True}, {}),
}
SIGNED = {"unit": "u", "signature": "AAAA", "via": "Clerk <clerk@unit.example>"}
"""The keys that every line may have."""


def is_type(key: str, value: Any) -> bool:
    """The type of a key, said the long way."""
    if key in ("entry", "at", "note", "reason", "until", "unit"):
        return isinstance(value, str) and value != ""
    if key in ("by", "stage"):
        return isinstance(value, str) and ID.fullmatch(value) is not None
    if key in ("prev", "digest", "base"):
        return isinstance(value, str) and re.fullmatch("[0-9a-f]{64}", value) is not None
    if key == "signature":
        return isinstance(value, str) and len(value) < 4096 and bool(re.fullmatch("[A-Za-z0-9+/]+={0,2}", value))
    if key == "via":
        is_line = isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable()
        return is_line and not {'"', "\\"} & set(value)
    if key == "chain":
        return isinstance(value, list) and all(is_type("stage", item) for item in value)
    if key == "files":
        return isinstance(value, dict) and all(n and is_type("digest", digest) for n, digest in value.items())
    if key == "notice":
        return isinstance(value, bool)
    return type(value) is int and (key == "seq" or value == 1)


def reference(line: bytes) -> dict[str, Any] | None:
    """The values of a line by a JSON reader, or None where it is no act."""
    try:
        values = json.loads(line)
        if canonical_json(values) != line:
            return None
        required, optional = OWN[values["act"]]
        must = {"act", *COMMON, *required}
        known = must <= values.keys() <= must | optional.keys() | SIGNED.keys()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return values if known and all(key == "act" or is_type(key, value) for key, value in values.items()) else None


def present(line: bytes) -> dict[str, Any] | None:
    """The values of a line as the gate reads it."""
    try:
        values = dossiers._values(line, "x", 1)
    except InvalidInput as error:
        assert "is no act as Gongshi writes it" in str(error)
        return None
    return {key: list(value) if key == "chain" else value for key, value in values.items()}


ODD = st.sampled_from([
    "", "a", "甲", '"', "\\", "a\\b", "\n", "\t", "\x00", "\x1f", "\x7f", "\u2028", "\ud800", "\U0001f600", "/", "A",
    HASH, HASH.upper(), HASH[:-1], HASH + "0", "a" * 40, "a" * 41, "-a", "a b", "A" * 4095, "A" * 4096, "AA==", "A===", "a" * 200, "a" * 201,
    0, 1, -1, 2, 1.0, 10**30, True, False, None, [], ["a"], ["a", "a"], ["A"], [1], {}, {"b": HASH, "a": HASH},
    {"": HASH}, {"\\": HASH}, {'"': HASH, "甲": HASH}, {"a": 1}, {"a": HASH[1:]}, {"a,b": HASH, "a:": HASH},
])  # fmt: skip
KEYS = st.sampled_from(["v", "act", *COMMON, *SIGNED, *(k for both in OWN.values() for own in both for k in own), "x"])


@pytest.mark.slow
@given(st.sampled_from(sorted(OWN)), st.lists(st.tuples(KEYS, ODD), max_size=3), st.sets(KEYS, max_size=1), st.data())
@settings(max_examples=600)
def test_odd_values_and_other_keys_are_refused(
    act: str, changes: list[tuple[str, Any]], gone: set[str], data: st.DataObject
) -> None:
    """Odd values, missing and additional keys are taken or refused as a reader with one check after another would."""
    required, optional = OWN[act]
    more = data.draw(st.sets(st.sampled_from(sorted({*optional, *SIGNED}))))
    values: dict[str, Any] = {"act": act, **COMMON, **required}
    values |= {key: {**optional, **SIGNED}[key] for key in more}
    values |= dict(changes)
    for key in gone:
        values.pop(key, None)
    sort, ascii_only, spaces = data.draw(
        st.sampled_from([(True, False, 0)] * 6 + [(False, False, 0), (True, True, 0), (True, False, 1)])
    )
    separators = (", ", ": ") if spaces else (",", ":")
    text = json.dumps(values, ensure_ascii=ascii_only, sort_keys=sort, separators=separators)
    line = text.encode("utf-8", "surrogatepass")
    expected = reference(line)
    event("taken" if expected else "refused")
    assert present(line) == expected


@given(st.sampled_from(sorted(OWN)), st.integers(0, 600), st.binary(max_size=2), st.integers(0, 2))
@settings(max_examples=600)
def test_a_byte_more_less_or_other(act: str, place: int, new: bytes, gone: int) -> None:
    """A whole line changed in one place is read as the JSON reader reads it."""
    required, optional = OWN[act]
    line = canonical_json({"act": act, **COMMON, **required, **optional, **SIGNED})
    changed = line[:place] + new + line[place + gone :]
    assert present(changed) == reference(changed)


@pytest.mark.parametrize("note", ["A", "“甲”", 'say "a"', "a\\b", "a\tb", "\x7f", "\u2028", "\U0001f600"])
def test_what_is_written_is_read(note: str) -> None:
    """Whatever a note holds, the line that records it is read back."""
    line = canonical_json({"act": "return", **COMMON, "note": note})
    assert dossiers.parse_dossier(line + b"\n", "a.md", "x").decisions[0].note == note


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"v":1', b'"v":1.0'),
        (b'"note":"n"', b'"note":"\\u006e"'),
        (b'"note":"n"', b'"note":"\\/"'),
        (b'"note":"n"', b'"note":"n","note":"n"'),
        (b'"seq":1', b'"seq":01'),
        (b"{", b"\xef\xbb\xbf{"),
        (b"}", b"} "),
        (f'"a.md":"{HASH}"'.encode(), f'"a.md":"{HASH}","a.md":"{HASH}"'.encode()),
        (f'"a.md":"{HASH}"'.encode(), f'"b":"{HASH}","a":"{HASH}"'.encode()),
        (b'"a.md":"0', b'"\\u0061.md":"0'),
    ],
)
def test_another_way_to_write_the_same_is_refused(old: bytes, new: bytes) -> None:
    """There is one way to write a line; any other would have another hash."""
    required, optional = OWN["approve"]
    line = canonical_json({"act": "approve", **COMMON, **required, **optional})
    assert dossiers.parse_dossier(line + b"\n", "a.md", "x") != Dossier("a.md")
    assert old in line
    with pytest.raises(InvalidInput, match="is no act as Gongshi writes it"):
        dossiers.parse_dossier(line.replace(old, new, 1) + b"\n", "a.md", "x")
