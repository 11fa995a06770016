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


USUAL = """\
title: 关于停水的通知
date: 2026-11-03
tags: [通知, "2026", true]
document:
  number: 青政发〔2026〕12号
attachments:
- file: 附件.pdf
  title: '申请表' # 新
"""


def test_every_value_has_its_type_its_line_and_its_place_in_the_text() -> None:
    """Messages name the line and flags are written at the place, so both are exact."""
    root = parser.parse(USUAL, "x.md", first_line=2)
    assert isinstance(root, parser.Mapping)
    values = [value for _name, value in root.items]
    for value in values:
        if isinstance(value, parser.Sequence):
            values += value.items
        elif isinstance(value, parser.Mapping):
            values += (inner for _name, inner in value.items)
    assert [(USUAL[slice(*v.span)], v.text, v.kind, v.line) for v in values if isinstance(v, parser.Scalar)] == [
        ("关于停水的通知", "关于停水的通知", "str", 2),
        ("2026-11-03", "2026-11-03", "timestamp", 3),
        ("通知", "通知", "str", 4),
        ('"2026"', "2026", "str", 4),
        ("true", "true", "bool", 4),
        ("青政发〔2026〕12号", "青政发〔2026〕12号", "str", 6),
        ("附件.pdf", "附件.pdf", "str", 8),
        ("'申请表'", "申请表", "str", 9),
    ]


@pytest.mark.parametrize("bomb", ["[" * 50_000, "{a: " * 20_000, "- " * 30_000, "a: &x [*x]", "a: &x {b: *x}"])
def test_yaml_bombs(bomb: str) -> None:
    """Depth and aliases are refused at once."""
    with pytest.raises(InvalidInput):
        front_matter.read(f"---\n{bomb}\n---\n".encode(), "x.md", requires_entry_keys=False)
