"""`gongshi verify`: a folder is what was approved, or each difference is named."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongshi.common.hashing import sha256
from gongshi.release.manifest import PATH
from support.builds import snapshot
from support.deployed_site import ATTACHED, LATER, PAGE, add, copy_of, found, inject, verify
from support.unit import HOOKS, NOW, UnitUnderTest, settings


@pytest.fixture
def unit(deployed: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of the built and staged unit."""
    return copy_of(deployed, tmp_path)


@pytest.mark.slow
def test_without_a_clone(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Only the folder is needed: every file agrees, and it is said that the manifest itself is not proved."""
    elsewhere = UnitUnderTest(tmp_path / "elsewhere")
    (elsewhere.root / "mkdocs.yml").unlink()
    for folder in ("site", "tree"):
        shutil.copytree(unit.root / folder, elsewhere.root / folder)
        result = verify(elsewhere, folder=folder)
        assert result.exit_code == 0, result.all
        assert "proves nothing against somebody who can write the folder" in result.output
        assert "verify DIR --source" in result.output
    facts = verify(elsewhere, "--json").json()
    assert facts["proved"] == "manifest"
    assert facts["as_of"] == NOW
    assert facts["manifest"] == sha256((elsewhere.site / PATH).read_bytes())
    assert set(facts) == {"dir", "manifest", "holds", "unit", "as_of", "files", "findings", "notes", "proved"}
    result = verify(elsewhere, "--source")
    assert result.exit_code == 2
    assert "there is no mkdocs.yml" in result.errors


@pytest.mark.slow
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


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["site", "tree"])
def test_the_source_proves_it(unit: UnitUnderTest, folder: str) -> None:
    """Built anew from this clone it is the same, byte for byte; nothing in the clone is touched."""
    before = snapshot(unit.root)
    result = verify(unit, "--source", folder=folder, now=LATER)
    assert result.exit_code == 0, result.all
    assert "exactly what was approved in this clone as of 2026-11-21 10:00+08:00" in result.output
    assert verify(unit, "--source", "--json", folder=folder).json()["proved"] == "source"
    assert snapshot(unit.root) == before


@pytest.mark.slow
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


def _new_pipe(site: Path) -> None:
    os.mkfifo(site / "announcements" / "new")


def _socket(site: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        # The names of sockets are short.
        here = Path.cwd()
        os.chdir(site)
        try:
            made.bind("socket")
        finally:
            os.chdir(here)


def _folder(site: Path) -> None:
    (site / ATTACHED).unlink()
    (site / ATTACHED).mkdir()


DAMAGE: dict[str, tuple[Callable[[Path], Any], set[tuple[str, str]]]] = {
    "an added page": (add("announcements/new/index.html"), {("announcements/new/index.html", "added")}),
    "a server's file": (add(".htaccess"), {(".htaccess", "added")}),
    "a hidden folder": (add(".hg/HEAD"), {(".hg/HEAD", "added")}),
    "a checkout further down": (add("announcements/.git/HEAD"), {("announcements/.git/HEAD", "added")}),
    "beside the manifest": (add(".well-known/security.txt"), {(".well-known/security.txt", "added")}),
    "an odd name": (add("a\n\x1b[31mb\udcff"), {("a\n\x1b[31mb\udcff", "added")}),
    "a removed file": (lambda site: (site / ATTACHED).unlink(), {(ATTACHED, "missing")}),
    "a changed file": (lambda site: (site / ATTACHED).write_text("Approved bytes"), {(ATTACHED, "changed")}),
    "a changed page": (inject, {(PAGE, "changed")}),
    "a link": (_link, {("announcements/link", "link")}),
    "a link in a file's place": (_link_in_place, {(ATTACHED, "link")}),
    "a pipe in a file's place": (_pipe, {(ATTACHED, "special")}),
    "a pipe that nobody listed": (_new_pipe, {("announcements/new", "special")}),
    "a socket": (_socket, {("socket", "special")}),
    "a folder in a file's place": (_folder, {(ATTACHED, "missing")}),
    "an empty folder": (lambda site: (site / "empty" / "deep").mkdir(parents=True), set()),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", DAMAGE)
def test_each_difference_is_named(unit: UnitUnderTest, name: str) -> None:
    """Added, removed, changed, links, what cannot be read: named by path, with exit code 1; empty folders are nothing."""
    act, wanted = DAMAGE[name]
    act(unit.site)
    assert set(found(unit)) == wanted
    result = verify(unit)
    assert "\x1b" not in result.all
    assert "\\x1b[31mb\\udcff" in result.output or name != "an odd name"
    assert bool(wanted) == ("1 finding; it is not proved to be what was approved" in result.errors)


IN_ONE_PLACE = {
    "a changed file", "a link in a file's place", "a pipe in a file's place", "a folder in a file's place",
    "an added page",
}  # fmt: skip
"""Differences where another one is, too."""


@pytest.mark.slow
def test_the_source_names_each_difference(unit: UnitUnderTest) -> None:
    """The same with `--source`, all at once but for those in another one's place."""
    wanted = set()
    for name in sorted(DAMAGE.keys() - IN_ONE_PLACE):
        act, differences = DAMAGE[name]
        act(unit.site)
        wanted |= differences
    assert set(found(unit, "--source")) == wanted


def test_no_manifest(unit: UnitUnderTest) -> None:
    """A folder without a manifest is found wanting; so is one whose manifest is a link."""
    for folder in ("docs", "site"):
        (unit.site / PATH).unlink(missing_ok=True)
        assert list(found(unit, folder=folder)) == [(PATH, "missing")]
    assert "nothing can be proved" in verify(unit).output
    (unit.site / PATH).symlink_to(unit.root / "tree" / PATH)
    assert list(found(unit)) == [(PATH, "broken")]


def test_a_pipe_in_the_place_of_the_manifest(unit: UnitUnderTest) -> None:
    """Neither the proof nor the next build waits for it."""
    (unit.site / PATH).unlink()
    os.mkfifo(unit.site / PATH)
    assert list(found(unit)) == [(PATH, "broken")]
    result = unit.build()
    assert result.exit_code == 1
    assert "site holds files that are not a built site" in result.all


ADVICE: dict[str, Callable[[UnitUnderTest], Any]] = {
    "1 file or folder can be changed by every account of this machine (announcements/b/a.txt)": (
        lambda unit: (unit.site / ATTACHED).chmod(0o666)
    ),
    "1 file or folder can be changed by every account of this machine (announcements/)": (
        lambda unit: (unit.site / "announcements").chmod(0o777)
    ),
    "1 file runs as its owner or group (setuid, setgid: announcements/b/a.txt)": (
        lambda unit: (unit.site / ATTACHED).chmod(0o4644)
    ),
    "1 file or folder can be read by its owner and group only (announcements/b/a.txt)": (
        lambda unit: (unit.site / ATTACHED).chmod(0o640)
    ),
    "1 file has further names outside of this folder (announcements/b/a.txt)": (
        lambda unit: os.link(unit.site / ATTACHED, unit.root / "beside.txt")
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("said", ADVICE)
def test_permissions_are_advice(unit: UnitUnderTest, said: str) -> None:
    """They are told, and change neither the findings nor the exit code."""
    assert verify(unit, "--json").json()["notes"] == []
    ADVICE[said](unit)
    facts = verify(unit, "--json").json()
    assert (facts["findings"], facts["proved"]) == ([], "memory")
    assert [note.partition("):")[0].partition(");")[0] for note in facts["notes"]] == [said.removesuffix(")")]
    assert verify(unit).exit_code == 0


@pytest.mark.slow
def test_the_cache_of_a_clone_explains_the_names_of_its_files(unit: UnitUnderTest) -> None:
    """The site's files are links to those of the cache, and to each other."""
    shutil.rmtree(unit.root / ".gongshi")
    assert unit.build().exit_code == 0
    assert (unit.site / ATTACHED).stat().st_nlink > 1
    assert verify(unit, "--json").json()["notes"] == []
    elsewhere = unit.root.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mkdocs.yml").touch()
    beside = unit.run("gongshi", "-f", str(elsewhere / "mkdocs.yml"), "verify", "--json", str(unit.site))
    assert not [note for note in beside.json()["notes"] if "further names" in note]


def _checkout(site: Path, cname: str = "www.unit.example\n") -> None:
    (site / ".git" / "refs").mkdir(parents=True)
    (site / ".git" / "HEAD").write_text("ref: refs/heads/pages\n")
    (site / ".nojekyll").touch()
    (site / "CNAME").write_text(cname)


@pytest.mark.slow
@pytest.mark.parametrize("options", [(), ("--source",)])
def test_the_checkout_of_a_published_branch(unit: UnitUnderTest, options: tuple[str, ...]) -> None:
    """What a forge needs to publish from a branch is not looked at, and that is said."""
    _checkout(unit.site)
    result = verify(unit, *options)
    assert result.exit_code == 0, result.all
    assert "not checked, because a Git host needs it to publish from a branch: .git, .nojekyll, CNAME" in result.output
    assert "web server does not serve .git" in result.output


def test_only_the_harmless_form_is_left_out(unit: UnitUnderTest) -> None:
    """Another host, a text, a link, or the same names further down are findings."""
    _checkout(unit.site, "www.elsewhere.example")
    (unit.site / ".nojekyll").write_text("text")
    shutil.rmtree(unit.site / ".git")
    (unit.site / ".git").symlink_to("/etc")
    (unit.site / "announcements" / ".nojekyll").touch()
    assert set(found(unit)) == {
        ("CNAME", "added"), (".nojekyll", "added"), (".git", "link"), ("announcements/.nojekyll", "added")
    }  # fmt: skip


def test_a_worktree_of_a_published_branch(unit: UnitUnderTest) -> None:
    """There `.git` is a file."""
    (unit.site / ".git").write_text("gitdir: elsewhere\n")
    assert found(unit) == {}


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


@pytest.mark.slow
def test_a_clone_that_does_not_build(unit: UnitUnderTest) -> None:
    """What cannot be built proves nothing, and the build's own words are passed on."""
    unit.configure(settings(), plugins=["material/tags"])
    result = verify(unit, "--source")
    assert result.exit_code == 1
    assert "this clone cannot be built, so nothing can be proved" in result.errors
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


def test_nothing_hides_behind_blanks(unit: UnitUnderTest) -> None:
    """What a forge needs is short: text far behind blanks is a finding."""
    _checkout(unit.site, "www.unit.example" + "\n" * 5000 + "A draft.")
    (unit.site / ".nojekyll").write_text(" " * 5000 + "A draft.")
    assert {("CNAME", "added"), (".nojekyll", "added")} <= set(found(unit))
