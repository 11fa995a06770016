"""Builds with nothing made before, to compare with those that use what earlier ones made."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
from dataclasses import dataclass
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


@dataclass(frozen=True)
class ColdBuild:
    """What a build made that had nothing made before to use."""

    said: tuple[int, list[str]]
    output: str
    names: list[str]
    files: dict[str, bytes]


_COLD_BUILDS: dict[str, ColdBuild] = {}
"""By everything that a cold build reads: tests that only damage what builds made share one."""


def cold_build(unit: UnitUnderTest, *options: str, now: str = NOW) -> ColdBuild:
    """Build a copy of a unit that has no cache and no site."""
    copy = copy_without_cache(unit)
    key = _inputs(copy, *options, now)
    if key not in _COLD_BUILDS:
        result = copy.build(*options, now=now)
        site = everything(copy.site) if result.exit_code == 0 else ([], {})
        _COLD_BUILDS[key] = ColdBuild(said(result), result.all, *site)
    shutil.rmtree(copy.root)
    return _COLD_BUILDS[key]


def _inputs(unit: UnitUnderTest, *more: str) -> str:
    """Hash every file of a unit, with its name, and what else a build depends on."""
    found = hashlib.sha256(repr((sorted(unit.environment.items()), more)).encode())
    for path in sorted(unit.root.rglob("*")):
        kind, content = "folder", b""
        if path.is_symlink():
            kind, content = "link", os.fsencode(path.readlink())
        elif path.is_file():
            kind, content = "file", path.read_bytes()
        found.update(repr((path.relative_to(unit.root).as_posix(), kind, hashlib.sha256(content).digest())).encode())
    return found.hexdigest()


def build_like_cold(unit: UnitUnderTest, *options: str, now: str = NOW) -> Result:
    """Build, and see that a build of the same with nothing made before gives the same site and says the same."""
    expected = cold_build(unit, *options, now=now)
    result = unit.build(*options, now=now)
    assert "Traceback" not in result.all, result.all
    assert said(result) == expected.said, f"{result.all}\n--- cold:\n{expected.output}"
    if result.exit_code == 0:
        _compare(unit.site, expected.names, expected.files)
    return result


def compare(site: Path, cold: Path) -> None:
    """See that two sites are the same."""
    _compare(site, *everything(cold))


def _compare(site: Path, expected_names: list[str], expected: dict[str, bytes]) -> None:
    names, files = everything(site)
    assert [path for path in files if files[path] != expected.get(path)] == []
    assert names == expected_names
    assert [path for path in site.rglob("*") if path.is_symlink()] == []
    assert scraps(site) == []


def scraps(site: Path) -> list[str]:
    """What is left of a build beside a site."""
    return [path.name for path in site.parent.iterdir() if path.name.startswith(".site-")]
