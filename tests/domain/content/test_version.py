"""The digest of a version: it tells apart what a reader sees, and nothing else."""

from __future__ import annotations

import dataclasses
import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.content import front_matter
from support.front_matter_changes import CHANGES, VALID, digest


@given(
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from(["draft", "submitted", "approved", "returned"]),
)
def test_endings_bom_and_flags_do_not_count(ending: str, bom: bool, status: str) -> None:
    """The digest is over what a reader sees."""
    text = VALID.replace("draft", status).replace("\n", ending)
    assert digest(("\ufeff" if bom else "") + text) == digest(VALID)


def test_everything_a_reader_sees_counts() -> None:
    """Each change of front matter, body, path, file name or file bytes gives another digest."""
    digests = [digest(VALID), *(digest(text) for text in CHANGES)]
    digests += [digest(VALID, "announcements/y.md"), digest(VALID, files={"f": "0" * 64})]
    digests += [digest(VALID, files={"f": "1" * 64}), digest(VALID, files={"g": "0" * 64})]
    assert len(set(digests)) == len(digests)


def test_the_digest_covers_every_key() -> None:
    """A key added to the front matter is in the digest, unless it is a flag."""
    changed = {line for text in CHANGES for line in text.split("\n")}
    names = {field.name for field in dataclasses.fields(front_matter.FrontMatter)} - {"status", "approved_by"}
    assert all(any(line.startswith(f"{name}:") for line in changed) for name in names)


def test_the_digest_is_as_documented() -> None:
    """A program that knows only the documentation computes the same digest."""
    document = {
        "body": hashlib.sha256(b"Body\n").hexdigest(),
        "files": {"p.jpg": "0" * 64},
        "format": "gongshi-1",
        "front_matter": {"title": "A", "date": "2026-11-03", "author": "clerk"},
        "path": "announcements/x/index.md",
    }
    written = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    expected = hashlib.sha256(written.encode()).hexdigest()
    assert digest(VALID, "announcements/x/index.md", {"p.jpg": "0" * 64}) == expected
