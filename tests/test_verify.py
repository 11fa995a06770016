"""`gongshi verify`: a folder is what was approved, or each difference is named."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongshi.domain.version import sha256
from gongshi.outputs.manifest import PATH
from support.build import snapshot
from support.deployed import ATTACHED, LATER, PAGE, add, copy_of, found, inject, verify
from support.unit import HOOKS, NOW, UnitUnderTest, settings


@pytest.fixture
def unit(deployed: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of the built and staged unit."""
    return copy_of(deployed, tmp_path)


def test_without_a_clone(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Only the folder is needed: every file agrees, and it is said that the manifest itself is not proved."""
    elsewhere = UnitUnderTest(tmp_path / "elsewhere")
    (elsewhere.root / "mkdocs.yml").unlink()
    for folder in ("site", "tree"):
        shutil.copytree(unit.root / folder, elsewhere.root / folder)
        result = verify(elsewhere, folder=folder)
        assert result.exit_code == 0, result.all
        assert "The manifest itself is not proved here" in result.output
    facts = verify(elsewhere, "--json").json()
    assert facts["proved"] == "manifest"
    assert facts["as_of"] == NOW
    assert facts["manifest"] == sha256((elsewhere.site / PATH).read_bytes())
    assert set(facts) == {"dir", "manifest", "holds", "unit", "as_of", "files", "findings", "notes", "proved"}
    result = verify(elsewhere, "--source")
    assert result.exit_code == 2
    assert "there is no mkdocs.yml" in result.errors


def test_a_clone_remembers_what_it_built(unit: UnitUnderTest) -> None:
    """The manifest is among the remembered: exactly what this clone built; an old copy is said to be one."""
    result = verify(unit)
    assert result.exit_code == 0
    assert "exactly what this clone built as of 2026-11-21 10:00+08:00" in result.output
    assert verify(unit, "--json").json()["proved"] == "memory"
    assert verify(unit, "--json", folder="tree").json()["proved"] == "memory"
    shutil.copytree(unit.site, unit.root / "old")
    assert unit.build(now=LATER).exit_code == 0
    result = verify(unit, folder="old", now=LATER)
    assert result.exit_code == 0
    assert f"it is an old copy: this clone has built a newer one since, as of {LATER}" in result.output
    assert "old copy" not in verify(unit, now=LATER).output


@pytest.mark.parametrize("folder", ["site", "tree"])
def test_the_source_proves_it(unit: UnitUnderTest, folder: str) -> None:
    """Built anew from this clone it is the same, byte for byte; nothing in the clone is touched."""
    before = snapshot(unit.root)
    result = verify(unit, "--source", folder=folder, now=LATER)
    assert result.exit_code == 0, result.all
    assert "exactly what was approved in this clone as of 2026-11-21 10:00+08:00" in result.output
    assert verify(unit, "--source", "--json", folder=folder).json()["proved"] == "source"
    assert snapshot(unit.root) == before


def test_the_source_proves_a_site_built_by_the_clock(unit: UnitUnderTest) -> None:
    """Without SOURCE_DATE_EPOCH, in another language and from another folder, it is the same site."""
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(HOOKS), "LANG": "zh_CN.UTF-8"}
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(unit.root / "mkdocs.yml")]
    subprocess.run(build, cwd=unit.docs, env=env, check=True)
    prove = [sys.executable, "-m", "gongshi", "verify", "--source", "../site", "--json"]
    done = subprocess.run(prove, cwd=unit.docs, env=env, check=False, capture_output=True)
    facts = json.loads(done.stdout)
    # The clock of this machine may lie before the decisions; the site is what the gate makes of that.
    assert (done.returncode, facts["findings"], facts["proved"]) == (0, [], "source")


def _link(site: Path) -> None:
    (site / "announcements" / "link").symlink_to("/etc")


def _link_in_place(site: Path) -> None:
    (site / ATTACHED).rename(site / ".." / "a.txt")
    (site / ATTACHED).symlink_to(site / ".." / "a.txt")


def _pipe(site: Path) -> None:
    (site / ATTACHED).unlink()
    os.mkfifo(site / ATTACHED)


def _folder(site: Path) -> None:
    (site / ATTACHED).unlink()
    (site / ATTACHED).mkdir()


def _site_map(site: Path) -> None:
    (site / "sitemap.xml.gz").write_bytes(gzip.compress((site / "sitemap.xml").read_bytes()))


DAMAGE: dict[str, tuple[Callable[[Path], Any], set[tuple[str, str]]]] = {
    "an added page": (add("announcements/new/index.html"), {("announcements/new/index.html", "added")}),
    "a server's file": (add(".htaccess"), {(".htaccess", "added")}),
    "a hidden folder": (add(".git/HEAD"), {(".git/HEAD", "added")}),
    "beside the manifest": (add(".well-known/security.txt"), {(".well-known/security.txt", "added")}),
    "an odd name": (add("a\n\x1b[31mb\udcff"), {("a\n\x1b[31mb\udcff", "added")}),
    "a removed file": (lambda site: (site / ATTACHED).unlink(), {(ATTACHED, "missing")}),
    "a changed file": (lambda site: (site / ATTACHED).write_text("Approved bytes"), {(ATTACHED, "changed")}),
    "a changed page": (inject, {(PAGE, "changed")}),
    "a repacked site map": (_site_map, {("sitemap.xml.gz", "changed")}),
    "a link": (_link, {("announcements/link", "link")}),
    "a link in a file's place": (_link_in_place, {(ATTACHED, "link")}),
    "a pipe in a file's place": (_pipe, {(ATTACHED, "unreadable")}),
    "a folder in a file's place": (_folder, {(ATTACHED, "missing")}),
    "an empty folder": (lambda site: (site / "empty" / "deep").mkdir(parents=True), set()),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_each_difference_is_named(unit: UnitUnderTest, name: str) -> None:
    """Added, removed, changed, links, what cannot be read: named by path, with exit code 1; empty folders are nothing."""
    act, wanted = DAMAGE[name]
    act(unit.site)
    assert set(found(unit)) == wanted
    assert set(found(unit, "--source")) == wanted
    result = verify(unit)
    assert "\x1b" not in result.all
    assert "\\x1b[31mb\\udcff" in result.output or name != "an odd name"
    assert bool(wanted) == ("1 findings; it is not proved to be what was approved" in result.errors)


def test_no_manifest(unit: UnitUnderTest) -> None:
    """A folder without a manifest is found wanting; so is one whose manifest is a link."""
    for folder in ("docs", "site"):
        (unit.site / PATH).unlink(missing_ok=True)
        assert list(found(unit, folder=folder)) == [(PATH, "missing")]
    assert "nothing can be proved" in verify(unit).output
    (unit.site / PATH).symlink_to(unit.root / "tree" / PATH)
    assert list(found(unit)) == [(PATH, "broken")]


@pytest.mark.parametrize("folder", ["nowhere", "mkdocs.yml", ""])
def test_no_folder(unit: UnitUnderTest, folder: str) -> None:
    """Exit code 2 where there is no such folder; the empty path is this folder, which is no site."""
    result = verify(unit, folder=folder)
    assert result.exit_code == (2 if folder else 1)
    assert "there is no folder" in result.errors or not folder


def test_a_link_to_the_folder(unit: UnitUnderTest) -> None:
    """Hosts switch between releases with a link: its target is verified."""
    (unit.root / "current").symlink_to("site")
    assert found(unit, folder="current") == {}


def test_a_clone_that_does_not_build(unit: UnitUnderTest) -> None:
    """What cannot be built proves nothing, and the build's own words are passed on."""
    unit.configure(settings(), plugins=["material/tags"])
    result = verify(unit, "--source")
    assert result.exit_code == 1
    assert "this clone cannot be built, so it proves nothing" in result.errors
    assert "tags may add pages" in result.errors
    unit.configure(settings(assurance="gold"))
    assert verify(unit, "--source").exit_code == 2
    assert verify(unit).exit_code == 0


@pytest.mark.parametrize("command", ["stage", "verify"])
def test_help(unit: UnitUnderTest, command: str) -> None:
    """Both commands and their options say what they do."""
    result = unit.gongshi(command, "--help")
    assert result.exit_code == 0
    for line in result.output.splitlines():
        if line.strip().startswith("--"):
            assert len(line.split(maxsplit=2)) > 2, line
