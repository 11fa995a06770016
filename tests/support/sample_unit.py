"""The sample unit's site, built once for the tests that look at it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from support.unit import REPOSITORY, UnitUnderTest

NOW = "2026-11-21T10:00:00+08:00"


@dataclass(frozen=True)
class SampleSite:
    """A built site and what the build said."""

    folder: Path
    log: str


def copy_sample(folder: Path) -> UnitUnderTest:
    """The repository's own content and configuration in a folder of its own.

    Args:
        folder: where to copy it.
    """
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
