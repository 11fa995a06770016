"""Builds in this process, and what they leave on disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config

from support.unit import UnitUnderTest


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def build_with(unit: UnitUnderTest, event: str, act: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Build in this process with a function called last at one of MkDocs' events, as a late plugin would be."""
    monkeypatch.chdir(unit.root)
    # The account of the unit's other commands.
    monkeypatch.setenv("HOME", str(unit.root))
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    config = load_config(str(unit.root / "mkdocs.yml"))
    config.plugins.on_startup(command="build", dirty=False)
    early = event in ("post_build", "early_files")
    events = config.plugins.events["files" if event == "early_files" else event]
    events.insert(0 if early else len(events), act)
    build(config)
