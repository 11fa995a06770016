"""Flags are set in the front matter without changing anything else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.content import front_matter, review_flags

FRONT = st.lists(
    st.sampled_from([
        "summary: short # why", "# a comment", "tags:\n  - a\n  - b", "source: '来源'", "status: draft # flag",
        'status: "draft"', "approved_by: head", "approved_by:\n  first: head\n  final: chief", "pinned: true", "",
    ]),
    unique_by=lambda line: line.split(":")[0], max_size=7,
)  # fmt: skip


@given(
    FRONT,
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from([None, {}, {"first": "a", "final": "b"}]),
)
def test_flags_change_nothing_else(lines: list[str], ending: str, bom: bool, people: dict[str, str] | None) -> None:
    """Setting the flags keeps every other line, its ending, the BOM and the comments."""
    front = "\n".join(["title: A", "date: 2026-11-03", "author: clerk", *lines])
    content = (("\ufeff" if bom else "") + f"---\n{front}\n---\n\nBody\nstatus: draft\n".replace("\n", ending)).encode()
    edited = review_flags.set_review_flags(content, "x.md", "approved", people)
    meta = front_matter.read(edited, "x.md", requires_entry_keys=True).meta
    assert meta.status == "approved"
    if people is not None:
        assert meta.approved_by == (people or None)
    kept = [
        line for line in content.split(ending.encode()) if not line.lstrip().startswith((b"status", b"approved", b"fi"))
    ]
    after = edited.split(ending.encode())
    assert [line for line in after if line in kept] == kept
    assert edited.endswith(f"Body{ending}status: draft{ending}".encode())
    assert edited.count(b"# flag") == content.count(b"# flag")
