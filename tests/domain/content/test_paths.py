"""Addresses of entries follow from the names of their files."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.content import paths as content_paths


@given(st.lists(st.text(min_size=1, max_size=12), min_size=2, max_size=2))
def test_addresses(names: list[str]) -> None:
    """An accepted name has one address, and no two accepted names share it but for case and Unicode form."""
    paths = [f"announcements/{name}.md" for name in names]
    if any(
        "/" in name or name.lower() == "index" or content_paths.name_problem(f"announcements/{name}.md")
        for name in names
    ):
        return
    addresses = [content_paths.url_path(path) for path in paths]
    assert addresses == [f"announcements/{name}/" for name in names]
    assert (addresses[0] == addresses[1]) == (names[0] == names[1])
