"""A site replaced while it is served: visitors always find a whole one, and nothing that was taken down comes back."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongshi.common.errors import Refused
from gongshi.release import atomic_folder as releases
from gongshi.release import folder_update, manifest
from gongshi.release.atomic_folder import AtomicFolder
from support.build_compare import scraps
from support.replaced_site import Content, Visitor, begin, manifest_of, mounted, publish, shown
from support.unit import HOOKS, REPOSITORY

SECRET = "CANARY77ab"


def site_number(number: int) -> Content:
    """A site in which everything carries the number of its build."""
    return {
        "index.html": f"home {number}",
        "list.html": f"list {number}",
        "a/index.html": f"page {number}",
        "a/file.txt": f"file {number}",
        f"search-{number}.json": f"{number}",
    }


BEFORE: Content = {
    "index.html": f"home names {SECRET}",
    "search.json": f"words {SECRET}",
    "kept.css": "style",
    "old.css": "old style",
    "a/index.html": f"page {SECRET}",
    "a/file.txt": f"attached {SECRET}",
    "b/index.html": "page b",
}
AFTER: Content = {
    "index.html": "home",
    "search.json": "words",
    "kept.css": "style",
    "new.css": "new style",
    "a/index.html": "notice",
    "b/index.html": "page b, changed",
    "c/index.html": "page c",
}


def cannot_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no folder exchange its name with another, as a mount point cannot."""

    def refuse(*_: Path) -> None:
        raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))

    monkeypatch.setattr(releases, "exchange", refuse)


@pytest.mark.slow
def test_visitors_find_one_whole_site(tmp_path: Path) -> None:
    """No request fails while the site is replaced 100 times, and who saw something new sees nothing older afterwards."""
    site = tmp_path / "site"
    publish(site, site_number(0))
    visitor = Visitor(site, "index.html", "list.html", "a/index.html", "a/file.txt")
    for number in range(1, 101):
        publish(site, site_number(number))
    asked, failed, back, newest = visitor.leave()
    assert (failed, back, newest) == (0, 0, 100)
    assert asked > 1000


@pytest.mark.slow
def test_no_request_fails_file_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where folders cannot exchange their names, every address that both sites have is there at any moment."""
    cannot_exchange(monkeypatch)
    site = tmp_path / "site"
    publish(site, site_number(0))
    visitor = Visitor(site, "index.html", "a/index.html", "a/file.txt")
    for number in range(1, 51):
        publish(site, site_number(number))
    asked, failed, _back, newest = visitor.leave()
    assert (failed, newest) == (0, 50)
    assert asked > 300
    assert shown(site) == site_number(50)


@pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "file by file"])
def test_the_served_folder_stays_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool) -> None:
    """Who holds the folder open, as a container does, gets each new site, and nothing that was taken down."""
    if not exchanges:
        cannot_exchange(monkeypatch)
    site = tmp_path / "site"
    publish(site, BEFORE)
    handle = os.open(site, os.O_RDONLY)
    try:
        for content in (AFTER, BEFORE, AFTER):
            publish(site, content)
            assert os.fstat(handle).st_ino == site.stat().st_ino
            assert shown(Path(f"/proc/self/fd/{handle}")) == shown(site) == content
    finally:
        os.close(handle)
    assert scraps(site) == []


def test_a_bind_mount_follows(tmp_path: Path) -> None:
    """What is mounted elsewhere shows the present site after each build, and keeps nothing that was taken down."""
    site = tmp_path / "site"
    publish(site, BEFORE)
    with mounted(site, tmp_path / "elsewhere", "--bind") as elsewhere:
        for content in (AFTER, BEFORE, AFTER):
            publish(site, content)
            assert shown(elsewhere) == shown(site) == content


@pytest.mark.parametrize("options", [("-t", "tmpfs"), ("--bind",)], ids=["another file system", "bind mount"])
def test_a_site_that_is_a_mount_point(tmp_path: Path, options: tuple[str, ...]) -> None:
    """It is replaced file by file; files that did not change keep their times."""
    (tmp_path / "volume").mkdir()
    with mounted(tmp_path / "volume", tmp_path / "site", *options) as site:
        publish(site, BEFORE)
        kept = (site / "kept.css").stat()
        os.utime(site / "kept.css", (1_000_000_000, 1_000_000_000))
        publish(site, AFTER)
        assert shown(site) == AFTER
        assert (site / "kept.css").stat().st_ino == kept.st_ino
        assert (site / "kept.css").stat().st_mtime == 1_000_000_000
        assert [path.name for path in (tmp_path / "volume").iterdir() if "-t" in options] == []


def test_a_full_disk_leaves_a_mounted_site(tmp_path: Path) -> None:
    """Where a mounted site has no room for the new one, it stays as it was, but for what was taken down."""
    (tmp_path / "volume").mkdir()
    with mounted(tmp_path / "volume", tmp_path / "site", "-t", "tmpfs", "-o", "size=256k") as site:
        publish(site, BEFORE)
        too_much = {**AFTER, "large.bin": "x" * 300_000}
        release = begin(site, too_much)
        with pytest.raises(Refused, match=r"No space left on device\. What was taken down is removed from it"):
            release.publish(manifest_of(too_much).files)
        release.discard()
        files = {path.relative_to(site).as_posix(): path.read_text() for path in site.rglob("*") if path.is_file()}
        del files[manifest.PATH]
        assert files == {path: text for path, text in BEFORE.items() if not path.startswith("a/")}
        publish(site, AFTER)
        assert shown(site) == AFTER
        release = begin(site, too_much)
        with pytest.raises(OSError, match="No space left"):
            release.publish(manifest_of(too_much).files)
        release.discard()
        assert shown(site) == AFTER


def test_the_order_file_by_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Withdrawn files go first, then new files come, then changed ones, pages last; then the rest goes; the manifest last."""
    site = tmp_path / "site"
    publish(site, BEFORE)
    cannot_exchange(monkeypatch)
    acts: list[str] = []

    def recorded(name: str, of: Callable[..., Path]) -> None:
        act = getattr(Path, name)

        def recording(self: Path, *arguments: Any, **keywords: Any) -> Any:
            path = of(self, *arguments)
            if path.is_relative_to(site) and ".gongshi-new-" not in path.as_posix():
                acts.append(path.relative_to(site).as_posix())
            return act(self, *arguments, **keywords)

        monkeypatch.setattr(Path, name, recording)

    recorded("replace", lambda _self, target: Path(target))
    recorded("unlink", lambda self, *_: self)
    publish(site, AFTER)
    assert acts == [
        "a/file.txt", "a/index.html", "new.css", "c/index.html", "search.json", "b/index.html", "index.html", "old.css",
        manifest.PATH,
    ]  # fmt: skip
    assert shown(site) == AFTER


def _kill_at(step: int, act: Callable[[], object]) -> bool:
    """Do something in a process that is killed at its n-th change on the disk; whether it was."""
    child = os.fork()
    if child == 0:
        try:
            left = step

            def arm(place: Any, name: str) -> None:
                original = getattr(place, name)

                def counted(*arguments: Any, **keywords: Any) -> Any:
                    nonlocal left
                    left -= 1
                    if left == 0:
                        os.kill(os.getpid(), signal.SIGKILL)
                    return original(*arguments, **keywords)

                setattr(place, name, counted)

            for place, names in (
                (os, ("link", "utime", "rmdir", "unlink", "mkdir", "rename", "replace")),
                (Path, ("replace", "rename", "unlink", "mkdir", "rmdir", "chmod")),
                (releases, ("exchange",)),
                (shutil, ("rmtree", "copyfile")),
            ):
                for name in names:
                    arm(place, name)
            act()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.kill
def test_killed_at_any_moment(tmp_path: Path) -> None:
    """The site is the old or the new one, whole; the next build leaves no scraps and the folder that was served."""
    seen = []
    for step in range(1, 200):
        site, spare = tmp_path / str(step) / "site", tmp_path / str(step) / "spare"
        publish(site, BEFORE)
        inode = site.stat().st_ino
        with_handle = os.open(site, os.O_RDONLY)
        release = begin(site, AFTER, spare)
        was_killed = _kill_at(step, lambda release=release: release.publish(manifest_of(AFTER).files))  # type: ignore[misc]
        release._release_handle()
        found = shown(site)
        assert found in (BEFORE, AFTER), step
        seen.append("after" if found == AFTER else "before")
        if step % 2:
            publish(site, {**AFTER, "later.txt": "later"})
            assert shown(site) == {**AFTER, "later.txt": "later"}
        else:
            AtomicFolder(site, spare=spare).discard()
            assert shown(site) == found
        assert site.stat().st_ino == os.fstat(with_handle).st_ino == inode, step
        os.close(with_handle)
        assert scraps(site) == [], step
        if not was_killed:
            break
    assert not was_killed
    assert seen == sorted(seen, key=["before", "after"].index)
    assert {"before", "after"} == set(seen)
    assert len(seen) > 20


def test_a_served_folder_that_cannot_be_mended_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new site is public; who holds the old folder sees nothing of what was taken down; the next build mends it."""
    site = tmp_path / "site"
    publish(site, BEFORE)
    handle = os.open(site, os.O_RDONLY)
    held = Path(f"/proc/self/fd/{handle}")
    with monkeypatch.context() as patch:

        def refuse(*_: object) -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        patch.setattr(os, "link", refuse)
        release = publish(site, AFTER)
    assert shown(site) == AFTER
    assert len(release.warnings) == 1
    assert "could not be updated (No space left on device)" in release.warnings[0]
    assert not (held / "a/file.txt").exists() and not (held / "a/index.html").exists()
    assert (held / "b/index.html").read_text() == "page b"
    stood_in = site.stat().st_ino
    again = AtomicFolder(site)
    assert again.warnings == []
    assert shown(site) == AFTER
    assert site.stat().st_ino == os.fstat(handle).st_ino != stood_in
    assert scraps(site) == [again.folder.name]
    assert again.folder.stat().st_ino != stood_in or not list(again.folder.iterdir())
    again.discard()
    os.close(handle)


WITHOUT_RIGHTS = """
import json
import sys
from pathlib import Path
from gongshi import i18n
from gongshi.common.errors import Refused
from support.replaced_site import publish
i18n.set_language("en")
try:
    print(*publish(Path(sys.argv[1]), json.loads(sys.argv[2])).warnings)
except (OSError, Refused) as error:
    print(error)
    sys.exit(1)
"""


def publish_without_rights(site: Path) -> subprocess.CompletedProcess[str]:
    """Replace a site in a process that must obey permissions, as root need not."""
    command = [sys.executable, "-c", WITHOUT_RIGHTS, str(site), json.dumps(AFTER)]
    if os.geteuid() == 0:
        command = ["setpriv", "--bounding-set=-all", "--inh-caps=-all", *command]
    path = os.pathsep.join([str(HOOKS), str(REPOSITORY / "tests")])
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def test_without_permission_for_anything(tmp_path: Path) -> None:
    """The site is as it was."""
    site = tmp_path / "unit" / "site"
    publish(site, BEFORE)
    for folder in (site, site.parent):
        folder.chmod(0o555)
    done = publish_without_rights(site)
    for folder in (site, site.parent):
        folder.chmod(0o755)
    assert done.returncode == 1
    assert "Permission denied" in done.stdout
    assert shown(site) == BEFORE
    assert scraps(site) == []


def test_without_permission_beside_the_site(tmp_path: Path) -> None:
    """Where only the site itself may be changed, it is replaced file by file."""
    site = tmp_path / "unit" / "site"
    publish(site, BEFORE)
    inode = site.stat().st_ino
    site.parent.chmod(0o555)
    done = publish_without_rights(site)
    site.parent.chmod(0o755)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
    assert shown(site) == AFTER
    assert site.stat().st_ino == inode


def test_a_site_without_write_permission(tmp_path: Path) -> None:
    """Its owner gives it back its usual permissions."""
    site = tmp_path / "unit" / "site"
    publish(site, BEFORE)
    for folder in (site / "a", site):
        folder.chmod(0o555)
    done = publish_without_rights(site)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr
    assert shown(site) == AFTER
    assert {folder.stat().st_mode & 0o777 for folder in (site, site / "a")} == {0o755}
    assert scraps(site) == []


def test_a_site_of_another_account(tmp_path: Path) -> None:
    """The new site is public, and a message names the folder that could not be changed."""
    if os.geteuid() != 0:
        pytest.skip("only root can give a folder to another account")
    site = tmp_path / "unit" / "site"
    publish(site, BEFORE)
    for place in (site, *site.rglob("*")):
        os.chown(place, 65534, 65534)
    done = publish_without_rights(site)
    assert done.returncode == 0, done.stderr
    assert shown(site) == AFTER
    assert "could not be updated (Permission denied" in done.stdout
    (left,) = scraps(site)
    assert left in done.stdout
    # Once it can be changed, it is.
    release = publish(site, AFTER)
    assert release.warnings == []
    assert shown(site) == AFTER
    assert scraps(site) == []


def test_somebody_elses_files_stay(tmp_path: Path) -> None:
    """A site that is a checkout of a published branch keeps its `.git`."""
    site = tmp_path / "site"
    publish(site, BEFORE)
    (site / ".git").mkdir()
    (site / ".git" / "HEAD").write_text("ref: refs/heads/pages")
    publish(site, AFTER)
    assert (site / ".git" / "HEAD").read_text() == "ref: refs/heads/pages"
    shutil.rmtree(site / ".git")
    assert shown(site) == AFTER
    assert scraps(site) == []


def test_what_is_in_the_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Files and folders change places, links lead nowhere; nothing outside of the site is touched."""
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "index.html").write_text("years of work")
    for exchanges in (True, False):
        with monkeypatch.context() as patch:
            if not exchanges:
                cannot_exchange(patch)
            site = tmp_path / f"site{exchanges}"
            publish(site, {"x/y/index.html": "deep", "z": "file", "f": "file"})
            (site / "link").symlink_to(outside)
            (site / "a").symlink_to(outside)
            (site / "index.html").symlink_to(outside / "index.html")
            (site / "empty" / "deep").mkdir(parents=True)
            (site / "b").write_text("a file")
            (site / "c" / "index.html" / "deep").mkdir(parents=True)
            publish(site, {**AFTER, "x": "file", "z/y/index.html": "deep"})
            assert shown(site) == {**AFTER, "x": "file", "z/y/index.html": "deep"}
            assert not (site / "empty").exists() and not (site / "link").is_symlink()
            assert not (site / "a").is_symlink()
    assert [path.read_text() for path in outside.iterdir()] == ["years of work"]


@pytest.mark.parametrize("has_spare", [True, False])
def test_a_build_that_ends_leaves_the_swap_of_another_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has_spare: bool
) -> None:
    """What a build removes at its end is its own, though another one swaps folders at that moment."""
    site, spare = tmp_path / "site", tmp_path / "spare" if has_spare else None
    publish(site, site_number(0))
    inode = site.stat().st_ino
    first = begin(site, site_number(1), spare)
    first.publish(manifest_of(site_number(1)).files)
    stage = folder_update.FolderUpdate.stage

    def stage_when_the_first_ends(update: folder_update.FolderUpdate) -> None:
        assert (tmp_path / f".site-swap-{inode}").stat().st_ino == inode
        first.discard()
        stage(update)

    monkeypatch.setattr(folder_update.FolderUpdate, "stage", stage_when_the_first_ends)
    assert publish(site, site_number(2)).warnings == []
    assert (site.stat().st_ino, shown(site)) == (inode, site_number(2))
    assert scraps(site) == []


def test_a_half_removed_folder_under_the_swap_name(tmp_path: Path) -> None:
    """A build that was killed while it removed its folder does not keep later ones from swapping."""
    site = tmp_path / "site"
    publish(site, site_number(0))
    inode = site.stat().st_ino
    left = tmp_path / f".site-swap-{inode}"
    left.mkdir()
    (left / "index.html").write_text("of before")
    with (site / "list.html").open() as opened:
        publish(site, site_number(1))
        assert opened.read() == "list 0"
    assert (site.stat().st_ino, shown(site), scraps(site)) == (inode, site_number(1), [])


def test_a_build_passes_over_what_another_one_removes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that its own build removes while this one looks at it stops nothing."""
    site = tmp_path / "site"
    publish(site, site_number(0))
    beside = tmp_path / ".site-swap-1"
    shutil.copytree(site, beside)
    held = manifest.folder_kind

    def removed_then(folder: Path) -> str | None:
        found = held(folder)
        if folder == beside:
            shutil.rmtree(folder)
        return found

    monkeypatch.setattr(manifest, "folder_kind", removed_then)
    publish(site, site_number(1))
    assert shown(site) == site_number(1)
    assert not beside.exists()


def test_two_builds_wait_for_each_other(tmp_path: Path) -> None:
    """However many are replaced at once, the site is one of them, whole, and nothing is left."""
    site = tmp_path / "site"
    publish(site, site_number(0))
    inode = site.stat().st_ino
    children = []
    for number in range(1, 5):
        if (child := os.fork()) == 0:
            try:
                for _ in range(6):
                    publish(site, site_number(number))
                os._exit(0)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0] * 4
    assert shown(site) in [site_number(number) for number in range(1, 5)]
    assert site.stat().st_ino == inode
    assert scraps(site) == []


def test_a_build_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another build waits for a time and then says so."""
    monkeypatch.setattr(releases, "_LOCK_TIMEOUT_SECONDS", 0)
    site = tmp_path / "site"
    publish(site, BEFORE)
    with (
        releases._replacement_lock(site),
        pytest.raises(Refused, match=r"another build has been replacing .* for 0 seconds"),
    ):
        AtomicFolder(site)
    publish(site, AFTER)


@pytest.mark.parametrize("exchanges", [True, False], ids=["exchange", "file by file"])
def test_times_only_rise(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exchanges: bool) -> None:
    """A file with other bytes has a later time, in whole seconds, than the one in its place; all others keep theirs."""
    if not exchanges:
        cannot_exchange(monkeypatch)
    site = tmp_path / "site"
    publish(site, BEFORE)
    future = int((site / "index.html").stat().st_mtime) + 3600
    os.utime(site / "index.html", (future, future))
    os.utime(site / "kept.css", (1_000_000_000, 1_000_000_000))
    last, removed = 0, int((site / "old.css").stat().st_mtime)
    for number in range(4):
        publish(site, {**AFTER, "b/index.html": f"page {number % 2}", "index.html": f"home {number}"})
        now = int((site / "b/index.html").stat().st_mtime)
        assert now > last
        last = now
        assert (site / "kept.css").stat().st_mtime == 1_000_000_000
    assert int((site / "index.html").stat().st_mtime) == future + 4
    publish(site, BEFORE)
    assert int((site / "old.css").stat().st_mtime) >= removed


def test_a_system_that_exchanges_no_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A C library without the call is told from one that refuses it; neither changes anything."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    with pytest.raises(FileNotFoundError):
        folder_update.exchange(first, second)
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: object())
    with pytest.raises(OSError, match="not implemented") as caught:
        folder_update.exchange(first, second)
    assert caught.value.errno == errno.ENOSYS
    assert [path.name for path in tmp_path.iterdir()] == ["first"]
