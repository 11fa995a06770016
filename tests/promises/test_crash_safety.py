"""Killed, out of space, two at once: an act happened or it did not, and the record stays whole."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.common.files import write_atomic
from gongshi.domain.records.store import ReviewStore
from support.kill_switch import ARM
from support.unit import HOOKS, UnitUnderTest

KILLER = ARM + textwrap.dedent(
    """
    # Runs gongshi and kills this process at the n-th call that changes something on disk.
    import os, pathlib, sys
    import tempfile
    for module, name in ((os, "fsync"), (os, "replace"), (os, "mkdir"), (tempfile, "mkstemp"), (pathlib.Path, "replace"),
                         (pathlib.Path, "chmod"), (os, "fdopen")):
        arm(module, name)
    from gongshi.cli.main import main
    main()
    """
)


def _environment() -> dict[str, str]:
    return {"PATH": os.environ["PATH"], "LANG": "en", "PYTHONPATH": str(HOOKS), "SOURCE_DATE_EPOCH": "1795226400"}


@pytest.mark.kill
def test_kill_at_any_moment_of_approve(unit: UnitUnderTest) -> None:
    """After `kill -9` at each step of an approval it is done or not, and what comes next works and cleans up."""
    unit.write("activities/a/index.md", title="A")
    unit.write("activities/a/p.txt", "bytes")
    unit.submit("activities/a/index.md")
    unit.approve("activities/a/index.md", stages=1)
    outcomes = []
    for step in range(1, 60):
        after = unit.copy(unit.root.parent / f"killed-{step}")
        done = after.run_script(KILLER, str(step), "approve", "docs/activities/a", "--as", "chief")
        entry = after.gongshi("status", "--json").json()["entries"][0]
        assert entry["state"] in ("submitted", "published"), done.all
        outcomes.append(entry["state"])
        again = after.gongshi("approve", "docs/activities/a", "--as", "chief")
        assert again.exit_code == (1 if entry["state"] == "published" else 0), again.all
        assert after.gongshi("status", "--json").json()["entries"][0]["state"] == "published"
        assert after.build("--strict").exit_code == 0 if step % 10 == 0 else True
        assert after.gongshi("new", "activities", "x", "--as", "clerk").exit_code == 0
        assert list(after.docs.rglob(".tmp-*")) == []
        if done.exit_code == 0:
            break
        assert done.exit_code == -signal.SIGKILL, done.all
    assert len(outcomes) > 10
    assert outcomes[0] == "submitted"
    assert "submitted" in outcomes
    assert outcomes == sorted(outcomes, key=["submitted", "published"].index)


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the last step fails, the old file stands, and no scrap beside it."""
    file = tmp_path / "dossier"
    file.write_bytes(b"old")

    def refuse(*_: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(OSError, match="Input/output error"):
        write_atomic(file, b"new")
    assert file.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.slow
def test_a_full_disk(unit: UnitUnderTest) -> None:
    """Where no byte can be written, the command says so and changes nothing."""
    unit.write("announcements/a.md", body="long " * 2000)
    unit.submit("announcements/a.md")
    before = {path: path.read_bytes() for path in unit.docs.rglob("*") if path.is_file()}
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from gongshi.cli.main import main; main()"
    )
    command = [sys.executable, "-c", limited, "approve", "docs/announcements/a.md", "--as", "head"]
    done = subprocess.run(command, cwd=unit.root, env=_environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "the system refused" in done.stderr
    assert "Traceback" not in done.stderr
    assert {path: path.read_bytes() for path in unit.docs.rglob("*") if path.is_file()} == before
    unit.approve("announcements/a.md")


@pytest.mark.slow
def test_a_full_disk_during_a_build(unit: UnitUnderTest) -> None:
    """The build fails and the site of before stays."""
    unit.write("announcements/a.md", body="long " * 20)
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    before = (unit.site / "announcements" / "a" / "index.html").read_bytes()
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096));"
        "from mkdocs.__main__ import cli; cli(['build'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited], cwd=unit.root, env=_environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert (unit.site / "announcements" / "a" / "index.html").read_bytes() == before
    assert [path.name for path in unit.root.iterdir() if path.name.startswith(".site-")] == []


@pytest.mark.kill
def test_a_killed_build_leaves_the_site(unit: UnitUnderTest) -> None:
    """A build killed between moving the old site away and the new one in is mended by the next."""
    unit.write("announcements/a.md")
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    scrap = unit.root / ".site-old-abcd_123"
    scrap.mkdir()
    unit.site.rename(scrap / "site")
    unit.configure(None)
    assert unit.build().exit_code == 2
    fresh = UnitUnderTest(unit.root)
    fresh.write("announcements/bad.md", "no front matter")
    assert fresh.build("--strict").exit_code == 1
    assert "A title" in fresh.page("announcements/a")
    assert not scrap.exists()


@pytest.mark.slow
def test_two_at_once(unit: UnitUnderTest) -> None:
    """Two commands on one entry at the same time: one act each, in one order, on a whole dossier."""
    unit.write("announcements/a.md")
    unit.submit("announcements/a.md")
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda _: unit.gongshi("approve", "docs/announcements/a.md", "--as", "head"), range(6)))
    assert sorted(result.exit_code for result in results) == [0, 1, 1, 1, 1, 1]
    assert len(ReviewStore(unit.docs).read_dossier("announcements/a.md").decisions) == 2
    unit.write("announcements/b.md")
    unit.submit("announcements/b.md")
    with ThreadPoolExecutor(2) as pool:
        both = [
            pool.submit(unit.gongshi, "approve", "docs/announcements/a.md", "--as", "deputy"),
            pool.submit(unit.gongshi, "approve", "docs/announcements/b.md", "--as", "head"),
        ]
    assert [future.result().exit_code for future in both] == [0, 0]


@pytest.mark.slow
def test_two_builds_at_once(unit: UnitUnderTest) -> None:
    """The site is whole afterwards, and nothing is left beside it."""
    unit.write("announcements/a.md")
    unit.publish("announcements/a.md")
    with ThreadPoolExecutor(3) as pool:
        results = [future.result() for future in [pool.submit(unit.build) for _ in range(3)]]
    assert all("Traceback" not in result.all for result in results)
    assert any(result.exit_code == 0 for result in results)
    assert "A title" in unit.page("announcements/a")
    assert unit.build().exit_code == 0
    listed = json.loads((unit.site / ".well-known" / "gongshi.json").read_text())["files"]
    assert {path.relative_to(unit.site).as_posix() for path in unit.site.rglob("*") if path.is_file()} == {
        *listed,
        ".well-known/gongshi.json",
    }
    assert not list(unit.root.glob(".site-old-*"))


def test_a_head_one_line_behind(unit: UnitUnderTest) -> None:
    """A command killed between dossier and head leaves a whole record; two lines behind is no such case."""
    unit.write("announcements/a.md")
    unit.submit("announcements/a.md")
    head = unit.docs / ".reviews" / "announcements" / "a.md.head"
    first = head.read_bytes()
    unit.approve("announcements/a.md", stages=1)
    head.write_bytes(first)
    archive = ReviewStore(unit.docs)
    assert len(archive.read_dossier("announcements/a.md").decisions) == 2
    deputy = unit.gongshi("approve", "docs/announcements/a.md", "--as", "deputy")
    assert deputy.exit_code == 0
    head.write_bytes(first)
    with pytest.raises(InvalidInput, match="does not agree with its head"):
        archive.read_dossier("announcements/a.md")


def test_unreadable_files(unit: UnitUnderTest) -> None:
    """A file or folder that cannot be read is a problem with a name, not a traceback."""
    unit.write("announcements/good.md")
    unit.publish("announcements/good.md")
    (unit.docs / "announcements" / "pipe.md").symlink_to("/dev/zero")
    os.mkfifo(unit.docs / "announcements" / "fifo.md")
    (unit.docs / "announcements" / "dir.md").mkdir()
    Path(unit.docs / ".reviews" / "announcements" / "x.md.jsonl").mkdir()
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert "A title" in unit.page("announcements/good")
    check = unit.gongshi("check")
    assert check.exit_code == 1
    assert "docs/announcements/fifo.md: is not a regular file" in check.output
    assert "Traceback" not in check.all


def test_a_head_that_cannot_be_written(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The act is recorded all the same, and the next one mends the head."""
    unit.write("announcements/a.md")
    unit.submit("announcements/a.md")
    archive = ReviewStore(unit.docs)
    dossier = archive.read_dossier("announcements/a.md")

    def refuse(path: Path, content: bytes, scratch: Path) -> None:
        if path.suffix == ".head":
            raise OSError(28, "No space left on device")
        write_atomic(path, content, scratch)

    with monkeypatch.context() as patch:
        patch.setattr("gongshi.domain.records.store.write_atomic", refuse)
        archive.append(dossier, replace(dossier.decisions[0], note="again"))
    assert len(archive.read_dossier("announcements/a.md").decisions) == 2
    unit.approve("announcements/a.md", stages=1)
    assert len(archive.read_dossier("announcements/a.md").decisions) == 3
