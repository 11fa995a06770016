"""The quick look at a whole site's files says the same as the one that names who is in whose way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.content.output_files import Claims, are_apart

NAMES = st.lists(st.sampled_from(("a", "A", "b", "é", "e\u0301", "a.md")), min_size=1, max_size=3).map("/".join)


@given(st.lists(NAMES, max_size=6))
def test_apart(paths: list[str]) -> None:
    """Case and Unicode form do not count; a file is no folder for another."""
    claims = Claims()
    one_by_one = [claims.claim([path], str(number)) for number, path in enumerate(paths)]
    assert are_apart(paths) == (not any(one_by_one))
