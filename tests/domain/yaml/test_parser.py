"""The strict YAML reader: it means what YAML means, and no text keeps it busy."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongshi.common.errors import InvalidInput
from gongshi.domain.content import front_matter
from gongshi.domain.yaml import parser

YAML_PIECES = st.lists(
    st.sampled_from(["title: x\n", "a: b\n", "- x\n", "  ", "\t", "{", "}", "[", "]", ": ", "&a ", "*a", "!!int ", "|\n",
                     ">-\n", "'", '"', "#", "---\n", "...\n", "? ", "<<: ", "%", "@", "`", "\n", "：", "\u2028", "\x85", "é"]),
    max_size=30,
)  # fmt: skip


@given(YAML_PIECES.map("".join))
def test_what_is_read_is_what_yaml_means(text: str) -> None:
    """Where the strict reader accepts a mapping, PyYAML reads the same keys."""
    try:
        root = parser.parse(text, "x.md")
    except InvalidInput:
        return
    if isinstance(root, parser.Mapping):
        loaded = yaml.load(text, getattr(yaml, "CBaseLoader", yaml.BaseLoader))
        assert [name.text for name, _value in root.items] == list(loaded)


@pytest.mark.parametrize("bomb", ["[" * 50_000, "{a: " * 20_000, "- " * 30_000, "a: &x [*x]", "a: &x {b: *x}"])
def test_yaml_bombs(bomb: str) -> None:
    """Depth and aliases are refused at once."""
    with pytest.raises(InvalidInput):
        front_matter.read(f"---\n{bomb}\n---\n".encode(), "x.md", requires_entry_keys=False)
