"""The sample unit that the repository ships, and its site, built once for the tests that look at it.

A unit that uses this repository replaces `docs/` and `mkdocs.yml` by its own. Tests of the sample are skipped there.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongshi.domain.config import loader
from gongshi.domain.config.loader import Configuration
from support.unit import REPOSITORY, UnitUnderTest

NOW = "2026-11-21T10:00:00+08:00"
SITE_NAME = "青禾镇便民服务中心"


@dataclass(frozen=True)
class SampleSite:
    """A built site and the output of its build."""

    folder: Path
    log: str


def need_sample() -> None:
    """Skip the test where `docs/` and `mkdocs.yml` are those of another unit."""
    text = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    if not re.search(f"^site_name: {SITE_NAME}$", text, re.MULTILINE):
        pytest.skip("docs/ and mkdocs.yml are not those of the sample unit")


def sample_file(path: str) -> bytes:
    """Read a file of the sample unit.

    Args:
        path: relative to `docs/`.
    """
    need_sample()
    return (REPOSITORY / "docs" / path).read_bytes()


def load_sample() -> Configuration:
    """Load the sample unit's configuration."""
    need_sample()
    return loader.load_configuration(REPOSITORY / "mkdocs.yml")


def copy_sample(folder: Path) -> UnitUnderTest:
    """Copy the sample unit's content and configuration to a folder of its own.

    Args:
        folder: where to copy it.
    """
    need_sample()
    unit = UnitUnderTest(folder)
    shutil.rmtree(unit.docs)
    shutil.copytree(REPOSITORY / "docs", unit.docs)
    shutil.copy(REPOSITORY / "mkdocs.yml", unit.root / "mkdocs.yml")
    return unit


def build_sample(folder: Path) -> SampleSite:
    """Build the sample unit.

    Args:
        folder: where to copy it.
    """
    unit = copy_sample(folder)
    result = unit.build("--strict", now=NOW, LANG="zh_CN.UTF-8")
    assert result.exit_code == 0, result.all
    return SampleSite(unit.site, result.all)
