"""The READMEs tell the truth, in both languages."""

from __future__ import annotations

import re

import pytest

from gongshi.domain.frontmatter import FIELDS
from gongshi.faces.cli.commands import gongshi
from support.unit import REPOSITORY

READMES = ["README.md", "README.zh.md"]


def _read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", READMES)
def test_every_command_has_a_line(name: str) -> None:
    """And every line has a command."""
    documented = set(re.findall(r"^\| `gongshi (\w+)", _read(name), re.MULTILINE))
    assert documented == set(gongshi.commands)


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
    for lock in ("requirements.txt", "requirements-dev.txt"):
        text = _read(lock)
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index" not in text
