"""Putting a finished site in place: all or nothing, and nothing else is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from gongshi.release.atomic_folder import AtomicFolder
from support.build_compare import scraps
from support.builds import build_with, snapshot
from support.unit import HOOKS, UnitUnderTest, settings


def mount(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no folder exchange its name with another, as a mount point cannot."""

    def refuse(*_: Path) -> None:
        raise OSError(16, "Device or resource busy")

    monkeypatch.setattr("gongshi.release.atomic_folder.exchange", refuse)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1795226400")


@pytest.mark.slow
def test_a_failed_build_leaves_the_site(published: UnitUnderTest) -> None:
    """A wrong configuration, a strict build with warnings, a broken template: the site of before stays."""
    before = snapshot(published.site)
    published.write("announcements/bad.md", "no front matter")
    assert published.build("--strict").exit_code == 1
    assert snapshot(published.site) == before
    published.configure(settings(assurance="gold"))
    result = published.build()
    assert result.exit_code == 2
    assert "mkdocs.yml:" in result.all
    assert "extra.gongshi.review.assurance: must be one of flag, seal, git" in result.all
    assert "Traceback" not in result.all
    assert snapshot(published.site) == before


def test_a_folder_that_is_no_site_is_kept(published: UnitUnderTest) -> None:
    """`-d` on a folder with other files refuses."""
    mine = published.root / "mine"
    (mine / ".git").mkdir(parents=True)
    (mine / "thesis.txt").write_text("years of work")
    result = published.build("-d", "mine")
    assert result.exit_code == 1
    assert "holds files that are not a built site" in result.all
    assert (mine / "thesis.txt").read_text() == "years of work"
    assert (mine / ".git").is_dir()


def test_a_site_that_cannot_be_renamed(published: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a mount point the files are replaced one by one, and what is gone from the site goes."""
    (published.site / "stale").mkdir()
    (published.site / "stale" / "x.html").write_text("stale")
    mount(monkeypatch)
    build_with(published, "pre_build", lambda **_: None, monkeypatch)
    assert not (published.site / "stale").exists()
    assert "Bundle" in published.page("announcements/b")


def test_a_mounted_site_with_links_in_it(published: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are replaced inside the folder only: links and files in the place of folders go first."""
    outside = published.root / "outside"
    outside.mkdir()
    shutil.rmtree(published.site / "announcements")
    (published.site / "announcements").symlink_to(outside)
    shutil.rmtree(published.site / "assets")
    (published.site / "assets").write_text("a file")
    mount(monkeypatch)
    build_with(published, "pre_build", lambda **_: None, monkeypatch)
    assert list(outside.iterdir()) == []
    assert "Bundle" in published.page("announcements/b")
    assert (published.site / "assets" / "gongshi" / "site.css").is_file()


BESIDE = "import sys; from pathlib import Path; from gongshi.release.atomic_folder import AtomicFolder; AtomicFolder(Path(sys.argv[1]))"


def beside(site: Path) -> None:
    """Begin another build of the same site in a process of its own, which ends without a word."""
    script = BESIDE + "; import os; os._exit(0)"
    subprocess.run([sys.executable, "-c", script, site], env={"PYTHONPATH": str(HOOKS)}, check=True)


@pytest.mark.parametrize("locks", [True, False], ids=["locks", "no locks"])
def test_a_build_beside_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locks: bool) -> None:
    """The folder that a build works in stays, though it began as a site of long ago."""
    if not locks:
        monkeypatch.setattr("gongshi.release.atomic_folder._try_lock", lambda _folder: None)
    site, spare = tmp_path / "site", tmp_path / "spare"
    spare.mkdir()
    (spare / "kept.html").write_text("kept")
    os.utime(spare, (0, 0))
    first = AtomicFolder(site, spare=spare)
    AtomicFolder(site).discard()
    if locks:
        beside(site)
    assert (first.folder / "kept.html").read_text() == "kept"
    (first.folder / "new.html").write_text("new")
    first.publish({})
    assert sorted(path.name for path in site.iterdir()) == ["kept.html", "new.html"]
    first.discard()


@pytest.mark.kill
def test_what_a_killed_build_left(tmp_path: Path) -> None:
    """The next build removes it at once."""
    site = tmp_path / "site"
    beside(site)
    assert len(scraps(site)) == 1
    AtomicFolder(site).discard()
    assert scraps(site) == []


@pytest.mark.slow
def test_folders_of_others_beside_the_site_stay(published: UnitUnderTest) -> None:
    """Only what bears a name as builds of this site give it is removed, whoever else keeps something beside it."""
    names = [".site-old-backup", ".site-new-design", ".site-swap-mine", ".site-swap-4711", ".site-new-a-swap-4711"]
    for name in names:
        (published.root / name).mkdir()
        (published.root / name / "thesis.txt").write_text("years of work")
    published.write("announcements/b/index.md", title="Changed", attachments=[{"file": "a.txt", "title": "Attached"}])
    published.publish("announcements/b/index.md")
    assert published.build().exit_code == 0
    assert published.build().exit_code == 0
    assert [name for name in names if not (published.root / name / "thesis.txt").exists()] == []
