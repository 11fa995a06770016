"""Front matter: whatever stands in a file, it is read or refused with its path."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.common.errors import InvalidInput
from gongshi.domain.content import front_matter
from support.front_matter_changes import VALID


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    """Whatever stands in a file: a manuscript or problems with a path, nothing else."""
    try:
        front_matter.read(content, "docs/x.md", requires_entry_keys=True)
    except InvalidInput as error:
        assert error.problems
        assert all(problem.path == "docs/x.md" for problem in error.problems)


@given(st.text(max_size=300))
def test_any_front_matter_is_read_or_refused(text: str) -> None:
    """Whatever stands between the fences."""
    try:
        found = front_matter.read(
            f"---\n{text}\n---\n".encode("utf-8", "surrogatepass"), "x.md", requires_entry_keys=False
        )
    except InvalidInput:
        return
    assert found.meta.title


def test_long_front_matter_and_long_bodies() -> None:
    """A megabyte of front matter is refused; a body of ten thousand lines is not."""
    with pytest.raises(InvalidInput, match="longer than 64 KiB"):
        front_matter.read(f"---\ntitle: {'x' * 1_000_000}\n---\n".encode(), "x.md", requires_entry_keys=False)
    found = front_matter.read((VALID + "line\n" * 10_000).encode(), "x.md", requires_entry_keys=True)
    assert found.body.count("line\n") == 10_000
