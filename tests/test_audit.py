"""The comparison of a folder with what it should hold: in pieces, and passing nothing over."""

from __future__ import annotations

import gzip
import os
import shutil
import tracemalloc
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from gongshi.outputs import audit, manifest
from gongshi.outputs.audit import What
from gongshi.outputs.manifest import Listed, Manifest
from support.deployed import ATTACHED, PAGE, copy_of
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
    wrong = audit.findings(unit.site, manifest.load(unit.site)[0].everything)
    assert {(finding.path, finding.what) for finding in wrong} == {
        ("announcements/b/", What.UNREADABLE), (ATTACHED, What.MISSING), (PAGE, What.MISSING)
    }  # fmt: skip


def test_large_files_and_many(unit: UnitUnderTest) -> None:
    """Files are read in pieces, and what is not listed is not read at all."""
    shutil.rmtree(unit.root / ".gongshi")
    with (unit.site / ATTACHED).open("wb") as file:
        file.truncate(64 << 20)
    with (unit.site / "added.bin").open("wb") as file:
        file.truncate(1 << 40)
    files = manifest.load(unit.site)[0].everything
    tracemalloc.start()
    wrong = audit.findings(unit.site, files)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert {(finding.path, finding.what) for finding in wrong} == {(ATTACHED, What.CHANGED), ("added.bin", What.ADDED)}
    assert peak < 16 << 20


@pytest.mark.parametrize("size", [0, 1, 0xFFFF, 0x10000, 200_000])
def test_gzip_without_a_compressor(size: int) -> None:
    """The packed site map is a valid gzip file and the same with every version of zlib."""
    content = bytes(range(256)) * (size // 256 + 1)
    packed = audit.packed(content[:size])
    assert gzip.decompress(packed) == content[:size]
    assert packed[:10] == bytes.fromhex("1f8b08000000000000ff")


def test_the_packed_site_map(unit: UnitUnderTest) -> None:
    """The site's own is packed so."""
    assert (unit.site / "sitemap.xml.gz").read_bytes() == audit.packed((unit.site / "sitemap.xml").read_bytes())


def test_files_that_no_build_put_there(tmp_path: Path) -> None:
    """At the top, in a page's folder, in folders of their own; whole folders that the site has are not read again."""
    folders = ("", "a/b/", "c/")
    files = {f"{folder}index.html": Listed("0" * 64, "page", "a.md", "0" * 64) for folder in folders}
    for path in files:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    made = Manifest("site", "U", "seal", datetime(2026, 11, 21, tzinfo=timezone.utc), {}, files)
    assert audit.foreign(tmp_path) == []
    (tmp_path / manifest.PATH).parent.mkdir()
    (tmp_path / manifest.PATH).write_bytes(made.content)
    assert audit.foreign(tmp_path) == []
    before = [f"{folder}.htaccess" for folder in folders]
    after = ["a/x/y/z.txt", ".well-known/security.txt", "CNAME"]
    for path in (*before, *after):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    (tmp_path / "c" / "link").symlink_to("/etc")
    assert audit.foreign(tmp_path) == sorted([*before, *after, "c/link"])
