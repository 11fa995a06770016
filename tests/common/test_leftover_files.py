"""What a killed process left in `docs/` and in the temporary place is removed by the next run, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path
from typing import Any

import pytest

from gongshi.common import leftover_files
from gongshi.common.files import write_atomic
from gongshi.common.temporary_folder import ScratchFolder
from support.kill_switch import ARM
from support.unit import COMMON, HOOKS, UnitUnderTest

KILLER = ARM + textwrap.dedent(
    """
    # Runs a command and kills this process before the n-th call of these functions.
    import os, pathlib, subprocess, sys, tempfile
    for module, name in ((os, "fsync"), (pathlib.Path, "replace"), (pathlib.Path, "rename"), (os, "fdopen"),
                         (tempfile, "mkdtemp"), (subprocess.Popen, "wait")):
        arm(module, name)
    if sys.argv[1] == "mkdocs":
        from mkdocs.__main__ import cli
        cli(sys.argv[2:])
    else:
        from gongshi.cli.main import main
        sys.argv.pop(1)
        main()
    """
)


@pytest.fixture
def place(tmp_path: Path, unit: UnitUnderTest) -> Path:
    """The temporary place of the unit's commands."""
    folder = tmp_path / "place"
    folder.mkdir()
    unit.environment["TMPDIR"] = str(folder)
    return folder


@pytest.fixture(autouse=True)
def afresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process look everywhere once more."""
    monkeypatch.setattr(leftover_files, "_swept", set())


def killed(unit: UnitUnderTest, step: int, *command: str) -> bool:
    """Run a command with `kill -9` at a step; False where it had fewer."""
    script = unit.root / "killer.py"
    script.write_text(KILLER)
    environment = {**COMMON, **unit.environment, "HOME": str(unit.root), "SOURCE_DATE_EPOCH": "1795226400"}
    done = subprocess.run(
        [sys.executable, str(script), str(step), *command],
        cwd=unit.root, env=environment, capture_output=True, check=False,
    )  # fmt: skip
    assert b"Traceback" not in done.stderr
    return done.returncode == -signal.SIGKILL


def left(unit: UnitUnderTest, place: Path) -> list[str]:
    """Everything temporary."""
    kept = [path.name for path in unit.root.rglob(".tmp-*")]
    scraps = [path.name for path in unit.root.glob(".site-*")]
    return [*kept, *scraps, *(path.name for path in place.iterdir())]


@pytest.mark.kill
def test_killed_builds(unit: UnitUnderTest, place: Path) -> None:
    """However often builds are killed, and wherever, the next one leaves nothing of them."""
    unit.write("announcements/a.md")
    unit.publish("announcements/a.md")
    assert unit.build().exit_code == 0
    found: set[str] = set()
    for step in (1, 2, 3, 5, 8, 11, 12, 13, 14, 15):
        killed(unit, step, "mkdocs", "build")
        found.update(name[:8] for name in left(unit, place))
    assert unit.build().exit_code == 0
    assert left(unit, place) == []
    assert {".tmp-gon", "gongshi-"} <= found


@pytest.mark.kill
def test_killed_commands(unit: UnitUnderTest, place: Path) -> None:
    """A half-written draft, flag, dossier or table is gone after the next command that writes, or the next build."""
    unit.write("announcements/deep/a/index.md")
    unit.submit("announcements/deep/a/index.md")
    seen: set[str] = set()
    for step in range(2, 30):
        if not killed(unit, step, "gongshi", "approve", "docs/announcements/deep", "--as", "head"):
            break
        seen.update(str(path.parent.relative_to(unit.root)) for path in unit.root.rglob(".tmp-*"))
    assert killed(unit, 2, "gongshi", "ledger", "-o", "out.xlsx")
    seen.update(str(path.parent.relative_to(unit.root)) for path in unit.root.rglob(".tmp-*"))
    assert {"docs/.reviews", "."} <= seen
    assert unit.gongshi("ledger", "-o", "out.xlsx", "--force").exit_code == 0
    assert unit.build().exit_code == 0
    assert left(unit, place) == []


@pytest.mark.kill
def test_rows_of_a_table_are_no_leftover_for_ever(unit: UnitUnderTest, place: Path) -> None:
    """The files in which the library for tables keeps titles go with a folder of ours."""
    unit.write("announcements/a.md", title="SECRET")
    script = "import os, signal, openpyxl.writer.excel as e; e.ExcelWriter.save = lambda *_: os.kill(os.getpid(), 9);"
    command = [sys.executable, "-c", script + "from gongshi.cli.main import main; main()", "ledger", "-o", "x.xlsx"]
    done = subprocess.run(
        command, cwd=unit.root, env={**COMMON, **unit.environment, "PYTHONPATH": str(HOOKS)}, check=False
    )
    assert done.returncode == -signal.SIGKILL
    assert any(path.name.startswith("openpyxl") for path in place.rglob("*"))
    assert unit.gongshi("ledger", "-o", "x.xlsx").exit_code == 0
    assert left(unit, place) == []


@pytest.mark.slow
def test_what_is_in_use_stays(unit: UnitUnderTest, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folders and files of another run that still works are left alone by builds and commands."""
    unit.write("announcements/a.md")
    monkeypatch.setattr("tempfile.tempdir", str(place))
    with ScratchFolder() as folder:
        (folder / "x").write_text("x")
        handle = os.open(unit.docs / ".tmp-gongshi-abcdefgh", os.O_RDWR | os.O_CREAT)
        assert leftover_files.claim(handle, unit.docs / ".tmp-gongshi-abcdefgh")
        assert unit.build().exit_code == 0
        unit.submit("announcements/a.md")
        assert (folder / "x").exists()
        assert (unit.docs / ".tmp-gongshi-abcdefgh").exists()
    os.close(handle)
    assert unit.build().exit_code == 0
    assert left(unit, place) == []


@pytest.mark.kill
def test_a_program_that_still_works_in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the run was killed and the program that it had begun was not, its folder stays as long as that runs."""
    code = (
        "import os, subprocess; from gongshi.common.temporary_folder import ScratchFolder; s = ScratchFolder();"
        "p = subprocess.Popen(['sleep', '60'], pass_fds=s.handles, stdout=-3); print(p.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    environment = {**COMMON, "TMPDIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, check=False)
    leftover_files.sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == 1
    os.kill(int(done.stdout), signal.SIGKILL)
    for _ in range(100):
        leftover_files._swept.clear()
        leftover_files.sweep(tmp_path)
        if not list(tmp_path.iterdir()):
            break
        time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []


def test_what_is_not_ours_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Other names, links and what another account has are left alone."""
    names = [
        ".tmp-abcdefgh",
        ".tmp-gongshi-notes.md",
        "gongshi-abcdefgh",
        "gongshi-run_of-2026",
        "gongshi-bench-abcdefgh",
    ]
    for name in names:
        (tmp_path / name).write_text("mine")
    outside = tmp_path / "outside"
    outside.mkdir()
    (tmp_path / "gongshi-run_abcdefgh").symlink_to(outside)
    (tmp_path / ".tmp-gongshi-abcdefgh").symlink_to(tmp_path / names[0])
    leftover_files.sweep(tmp_path)
    assert len(list(tmp_path.iterdir())) == len(names) + 3
    (tmp_path / ".tmp-gongshi-aaaaaaaa").write_text("x")
    leftover_files._swept.clear()
    with monkeypatch.context() as patch:
        patch.setattr(os, "geteuid", lambda: 12345)
        leftover_files.sweep(tmp_path)
    assert (tmp_path / ".tmp-gongshi-aaaaaaaa").exists()
    leftover_files._swept.clear()
    write_atomic(tmp_path / "file", b"x")
    assert not (tmp_path / ".tmp-gongshi-aaaaaaaa").exists()


def test_a_file_taken_for_a_leftover_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between its making and its locking another run may remove it: then it is made anew, and nothing is lost."""
    claim = leftover_files.claim
    taken: list[str | Path] = []

    def late(handle: int, path: str | Path) -> bool:
        if not taken:
            taken.append(path)
            leftover_files.remove(path)
        return claim(handle, path)

    monkeypatch.setattr(leftover_files, "claim", late)
    write_atomic(tmp_path / "file", b"new")
    assert (tmp_path / "file").read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [tmp_path / "file"]
    taken.clear()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "place"))
    (tmp_path / "place").mkdir()
    with ScratchFolder() as folder:
        assert folder.is_dir()
    assert list((tmp_path / "place").iterdir()) == []


def test_a_folder_taken_for_a_leftover_before_it_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two builds at once: a folder that the other one removes right after it was made is made anew."""
    make = tempfile.mkdtemp
    made: list[str] = []

    def taken(*arguments: Any, **options: Any) -> str:
        made.append(make(*arguments, **options))
        if len(made) == 1:
            leftover_files.remove(made[0])
        return made[-1]

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr(tempfile, "mkdtemp", taken)
    with ScratchFolder() as folder:
        assert folder.is_dir() and len(made) == 2
