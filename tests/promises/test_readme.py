"""The READMEs tell the truth, in both languages."""

from __future__ import annotations

import json
import re
from pathlib import Path

import click
import pytest

from gongshi.cli.group import gongshi
from gongshi.domain.content.front_matter import FIELDS
from support.sample_unit import copy_sample
from support.unit import REPOSITORY

READMES = ["README.md", "README.zh.md"]


def _read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_every_command_has_a_line(name: str) -> None:
    """And every line has a command."""
    documented = set(re.findall(r"^\| `gongshi (\w+)", _read(name), re.MULTILINE))
    assert documented == set(gongshi.list_commands(click.Context(gongshi)))


@pytest.mark.parametrize("name", READMES)
def test_front_matter_keys(name: str) -> None:
    """The example shows every key but the two that need no example."""
    example = re.search(r"```yaml\n---\n(.*?)---\n", _read(name), re.DOTALL)
    assert example is not None
    assert set(re.findall(r"^(\w+):", example[1], re.MULTILINE)) == set(FIELDS) - {"source", "approved_by"}


@pytest.mark.parametrize("name", READMES)
def test_make_targets(name: str) -> None:
    """Every `make` target that is named exists."""
    targets = set(re.findall(r"^(\w+):", _read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"make (\w+) +#|`make (\w+)`", _read(name))) <= {(t, "") for t in targets} | {
        ("", t) for t in targets
    }


def test_both_say_the_same() -> None:
    """The same sections, code blocks and tables."""
    shapes = [re.findall(r"^(#+|```|\|)", _read(name), re.MULTILINE) for name in READMES]
    assert shapes[0] == shapes[1]


def test_no_addresses_of_this_machine() -> None:
    """Locks carry hashes and no addresses."""
    for lock in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt"):
        text = _read(lock)
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index" not in text


WALK = [
    ("new", "announcements", "冬季防火提示", "--as", "clerk"),
    ("check",),
    ("submit", "{path}", "--as", "clerk", "--note", "x"),
    ("status", "{path}"),
    ("approve", "{path}", "--as", "head"),
    ("approve", "{path}", "--as", "chief"),
    ("return", "{path}", "--as", "deputy", "--note", "x"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "lang"), [("README.md", "en"), ("README.zh.md", "zh_CN.UTF-8")])
def test_what_commands_answer(name: str, lang: str, tmp_path: Path) -> None:
    """Each line of output that a README shows is what the commands print on the sample unit."""
    unit = copy_sample(tmp_path / "unit")
    now = "2026-11-22T10:00:00+08:00"
    said = [unit.build(now=now, LANG=lang).all]
    for command in WALK:
        filled = [part.format(path="docs/announcements/2026/20261122-1.md") for part in command]
        said.append(unit.gongshi(*filled, now=now, LANG=lang).all)
    printed = {line.strip() for line in "\n".join(said).splitlines()}
    for block in re.findall(r"```console\n(.*?)```", _read(name), re.DOTALL):
        lines = [line.strip() for line in block.splitlines() if line.strip() and not line.startswith("$")]
        assert lines
        assert [line for line in lines if line not in printed] == []


def test_the_schema_knows_every_key() -> None:
    """The front matter schema for editors has the keys and the required ones of an entry."""
    schema = json.loads(_read("hooks/gongshi/front-matter.schema.json"))
    assert set(schema["properties"]) == set(FIELDS)
    assert set(schema["required"]) == {name for name, field in FIELDS.items() if field.required}
    assert schema["additionalProperties"] is False
