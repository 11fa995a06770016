"""The comparison of a folder with what it should hold: in pieces, and passing nothing over."""

from __future__ import annotations

import os
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from gongshi.release import folder_audit, manifest
from gongshi.release.folder_audit import Difference
from support.deployed_site import ATTACHED, PAGE, copy_of
from support.unit import UnitUnderTest


@pytest.fixture
def unit(deployed: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of the built and staged unit."""
    return copy_of(deployed, tmp_path)


def test_a_folder_that_cannot_be_read(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What lies in it is not passed over in silence."""
    scandir = os.scandir

    def refuse(path: Any) -> Any:
        if str(path).endswith("/announcements/b/"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    wrong = folder_audit.audit_folder(unit.site, manifest.load(unit.site)[0].all_files)
    assert {(finding.path, finding.what) for finding in wrong} == {
        ("announcements/b/", Difference.UNREADABLE), (ATTACHED, Difference.MISSING), (PAGE, Difference.MISSING)
    }  # fmt: skip


def test_large_files_and_many(unit: UnitUnderTest) -> None:
    """Files are read in pieces, and what is not listed is not read at all."""
    shutil.rmtree(unit.root / ".gongshi")
    with (unit.site / ATTACHED).open("wb") as file:
        file.truncate(64 << 20)
    with (unit.site / "added.bin").open("wb") as file:
        file.truncate(1 << 40)
    files = manifest.load(unit.site)[0].all_files
    tracemalloc.start()
    wrong = folder_audit.audit_folder(unit.site, files)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {(finding.path, finding.what) for finding in wrong} == {
        (ATTACHED, Difference.CHANGED),
        ("added.bin", Difference.ADDED),
    }
    assert peak < 16 << 20


def test_no_packed_site_map(unit: UnitUnderTest) -> None:
    """MkDocs packs the site map in bytes that differ with each zlib; the site has the plain one alone."""
    assert (unit.site / "sitemap.xml").is_file()
    assert not (unit.site / "sitemap.xml.gz").exists()
