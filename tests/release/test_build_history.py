"""What a clone remembers to have built."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from gongshi.common.hashing import sha256
from gongshi.release import build_history
from gongshi.release.manifest import PATH
from support.builds import snapshot
from support.deployed_site import LATER, copy_of, verify
from support.unit import NOW, UnitUnderTest


@pytest.fixture
def unit(deployed: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of the built and staged unit."""
    return copy_of(deployed, tmp_path)


@pytest.mark.slow
def test_what_a_clone_keeps_in_mind(unit: UnitUnderTest) -> None:
    """Each build and tree once, the newest last, 200 at most; git ignores the folder."""
    own = unit.root / ".gongshi"
    assert (own / ".gitignore").read_text() == "*\n"
    builds = build_history.load(unit.root)
    digests = {name: sha256((unit.root / name / PATH).read_bytes()) for name in ("site", "tree")}
    assert builds == [build_history.Build(NOW, name, digests[name]) for name in ("site", "tree")]
    assert unit.build().exit_code == 0
    assert build_history.load(unit.root) == builds[::-1]
    for number in range(200):
        build_history.append(unit.root, build_history.Build(NOW, "site", f"{number:064}"))
    builds = build_history.load(unit.root)
    assert (len(builds), builds[0].manifest, builds[-1].manifest) == (200, f"{0:064}", f"{199:064}")
    assert sorted(path.name for path in own.iterdir()) == [
        ".gitignore", ".lock", "builds.json", "cache", "witness.json",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("how", ["a file", "a link", "a folder"])
def test_a_memory_that_cannot_be_written(unit: UnitUnderTest, how: str) -> None:
    """The build says so and is done, with `--strict` too; so is `stage`; verification does without."""
    own = unit.root / ".gongshi"
    shutil.rmtree(own)
    outside = unit.root / "outside"
    outside.mkdir()
    if how == "a file":
        own.write_text("x")
    elif how == "a link":
        own.symlink_to(outside)
    else:
        (own / "builds.json").mkdir(parents=True)
    before = snapshot(unit.site)
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert "this build cannot be remembered in .gongshi" in result.all
    assert "WARNING" in result.all
    assert unit.build("--strict").exit_code == 0
    assert snapshot(unit.site) == before
    result = unit.gongshi("stage", "tree")
    assert result.exit_code == 0
    assert "this tree cannot be added to the build history" in result.errors
    assert list(outside.iterdir()) == []
    assert verify(unit).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "gongshi-builds-1", "builds": [{"as_of": 1}]}', "5"])
def test_a_damaged_memory(unit: UnitUnderTest, content: str) -> None:
    """It proves nothing and says so; the next build begins a new one."""
    (unit.root / ".gongshi" / "builds.json").write_text(content)
    result = verify(unit, "--json")
    assert result.exit_code == 0
    assert result.json()["proved"] == "manifest"
    assert "is damaged, so it proves nothing" in result.json()["notes"][0]
    assert unit.build().exit_code == 0
    assert verify(unit, "--json").json()["proved"] == "memory"


def test_a_preview_or_a_failed_build_is_not_remembered(unit: UnitUnderTest) -> None:
    """Only what was put into place."""
    before = build_history.load(unit.root)
    unit.write("announcements/bad.md", "no front matter")
    assert unit.build("--strict", now=LATER).exit_code == 1
    assert build_history.load(unit.root) == before
