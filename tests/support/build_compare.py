"""Builds with nothing made before, to compare with those that use what earlier ones made."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from support.builds import snapshot
from support.unit import NOW, Result, UnitUnderTest

CACHE = ".gongshi/cache"
_OF_THE_SITE_BEFORE = "are not from a build and go when|cannot tell which pages it takes down"


def copy_without_cache(unit: UnitUnderTest) -> UnitUnderTest:
    """The unit in a fresh folder, as it is now, without its site and what builds of it made."""
    root = unit.root.parent / f"{unit.root.name}-cold"
    shutil.rmtree(root, ignore_errors=True)

    def aside(folder: str, _names: list[str]) -> set[str]:
        return {".gongshi": {"cache"}, unit.root.name: {"site"}}.get(Path(folder).name, set())

    shutil.copytree(unit.root, root, symlinks=True, ignore=aside)
    # Not made anew: that would write mkdocs.yml.
    copy = UnitUnderTest.__new__(UnitUnderTest)
    copy.root, copy.environment = root, dict(unit.environment)
    return copy


def said(result: Result) -> tuple[int, list[str]]:
    """Exit code and messages of a build, without how long it took, where, and what the site before it held."""
    lines = re.sub(r"built in .* seconds|\S*/gongshi-\w+", "", result.all).splitlines()
    return result.exit_code, [line for line in lines if not re.search(_OF_THE_SITE_BEFORE, line)]


def everything(site: Path) -> tuple[list[str], dict[str, bytes]]:
    """Every name in a site, and the bytes of its files."""
    return sorted(path.relative_to(site).as_posix() for path in site.rglob("*")), snapshot(site)


def build_like_cold(unit: UnitUnderTest, *options: str, now: str = NOW) -> Result:
    """Build, and see that a build of the same with nothing made before gives the same site and says the same."""
    copy = copy_without_cache(unit)
    result, expected = unit.build(*options, now=now), copy.build(*options, now=now)
    assert "Traceback" not in result.all, result.all
    assert said(result) == said(expected), f"{result.all}\n--- cold:\n{expected.all}"
    if result.exit_code == 0:
        compare(unit.site, copy.site)
    return result


def compare(site: Path, cold: Path) -> None:
    """See that two sites are the same."""
    (names, files), (expected_names, expected) = everything(site), everything(cold)
    assert [path for path in files if files[path] != expected.get(path)] == []
    assert names == expected_names
    assert [path for path in site.rglob("*") if path.is_symlink()] == []
    assert scraps(site) == []


def scraps(site: Path) -> list[str]:
    """What is left of a build beside a site."""
    return [path.name for path in site.parent.iterdir() if path.name.startswith(".site-")]
