"""Two people at once: in one folder, and in two clones that meet again in git."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.ssh_keys import HeldKey
from support.unit import REPOSITORY, Result, UnitUnderTest

ENTRY = "announcements/a.md"
OTHER = "announcements/b.md"


def git(folder: Path, *arguments: str, check: bool = True, email: str = "clerk@unit.example") -> str:
    """Run the real git."""
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "GIT_AUTHOR_NAME": "N", "LANG": "C",
        "GIT_AUTHOR_EMAIL": email, "GIT_COMMITTER_NAME": "N", "GIT_COMMITTER_EMAIL": email,
        "GIT_AUTHOR_DATE": "2026-11-21T10:00:00+08:00", "GIT_COMMITTER_DATE": "2026-11-21T10:00:00+08:00",
    }  # fmt: skip
    done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert not check or done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def commit(unit: UnitUnderTest, message: str = "work") -> None:
    """Commit everything."""
    git(unit.root, "add", "-A")
    git(unit.root, "commit", "-q", "--allow-empty", "-m", message)


@pytest.fixture
def ours(unit: UnitUnderTest) -> UnitUnderTest:
    """A repository with two submitted entries, and the project's own .gitattributes."""
    shutil.copy(REPOSITORY / ".gitattributes", unit.root)
    (unit.root / ".gitignore").write_text("site/\nhooks\n.gongshi/\n.lock\n")
    for path in (ENTRY, OTHER):
        unit.write(path, title=path)
        unit.submit(path)
    git(unit.root, "init", "-q", "-b", "main")
    commit(unit, "begin")
    return unit


@pytest.fixture
def theirs(ours: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A clone of it."""
    git(tmp_path, "clone", "-q", str(ours.root), "theirs")
    clone = UnitUnderTest.__new__(UnitUnderTest)
    clone.root, clone.environment = tmp_path / "theirs", {}
    (clone.root / "hooks").symlink_to(REPOSITORY / "hooks")
    return clone


def state(unit: UnitUnderTest, path: str = ENTRY) -> str:
    """What status says."""
    return str(unit.gongshi("status", f"docs/{path}", "--json").json()["entries"][0]["state"])


def merge(unit: UnitUnderTest, other: UnitUnderTest) -> str:
    """Merge the other clone's commits."""
    return git(unit.root, "pull", "-q", "--no-rebase", "--no-edit", str(other.root), "main", check=False)


def doctor(unit: UnitUnderTest) -> Result:
    """What doctor says."""
    return unit.gongshi("doctor")


@pytest.mark.slow
def test_two_commands_at_once(unit: UnitUnderTest) -> None:
    """Eight approvals of one entry started together: one counts, the others are refused, the dossier is whole."""
    unit.write(ENTRY)
    unit.submit(ENTRY)
    command = f"from gongshi.cli.main import main; import sys; sys.argv = ['gongshi', 'approve', 'docs/{ENTRY}', '--as', 'head']; main()"
    environment = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY / "hooks"),
        "LANG": "en",
        "SOURCE_DATE_EPOCH": "1795226400",
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-c", command], cwd=unit.root, env=environment,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(8)
    ]  # fmt: skip
    answers = [(process.communicate()[1], process.returncode) for process in running]
    assert sorted(code for _said, code in answers) == [0, *[1] * 7]
    assert all("waits for Second" in said for said, code in answers if code)
    assert len(unit.dossier(ENTRY).read_bytes().splitlines()) == 2
    assert doctor(unit).exit_code == 0


@pytest.mark.slow
def test_different_entries_merge(ours: UnitUnderTest, theirs: UnitUnderTest) -> None:
    """Two clones that decided different entries merge without a conflict, and all decisions count."""
    ours.approve(ENTRY)
    commit(ours)
    theirs.approve(OTHER)
    commit(theirs)
    merge(ours, theirs)
    assert git(ours.root, "status", "--porcelain") == ""
    assert (state(ours, ENTRY), state(ours, OTHER)) == ("published", "published")
    assert doctor(ours).exit_code == 0
    assert ours.build("--strict").exit_code == 0


@pytest.mark.slow
def test_the_same_entry_conflicts(ours: UnitUnderTest, theirs: UnitUnderTest) -> None:
    """Two clones that decided the same entry: git shows a conflict, nothing is published, and doctor tells the way out."""
    ours.approve(ENTRY)
    commit(ours)
    theirs.approve(ENTRY, stages=1)
    assert theirs.gongshi("return", f"docs/{ENTRY}", "--as", "deputy", "--note", "wrong date").exit_code == 0
    commit(theirs)
    merge(ours, theirs)
    assert f"UU docs/.reviews/{ENTRY}.jsonl" in git(ours.root, "status", "--porcelain")
    assert state(ours) in ("tampered", "invalid")
    build = ours.build()
    assert build.exit_code == 0
    assert ours.leaks(f"<h1>{ENTRY}") == []
    assert not (ours.site / "announcements" / "a").exists()
    result = doctor(ours)
    assert result.exit_code == 1
    assert (
        f"docs/.reviews/{ENTRY}.jsonl: two clones recorded acts on the same entry; keep dossier and head of one side"
        in result.output
    )


@pytest.mark.slow
@pytest.mark.parametrize("side", ["--ours", "--theirs"])
def test_a_side_kept_is_told_of(side: str, ours: UnitUnderTest, theirs: UnitUnderTest) -> None:
    """Whichever side is kept, doctor names the acts of the other, until they are done again."""
    ours.approve(ENTRY)
    commit(ours)
    theirs.approve(ENTRY, stages=1, now="2026-11-21T10:05:00+08:00")
    result = theirs.gongshi(
        "return", f"docs/{ENTRY}", "--as", "deputy", "--note", "wrong", now="2026-11-21T10:05:00+08:00"
    )
    assert result.exit_code == 0
    commit(theirs)
    merge(ours, theirs)
    git(ours.root, "checkout", side, "docs")
    commit(ours, "merged")
    if side == "--theirs":
        # This clone has seen its own acts; that they were given up on purpose it must be told.
        assert state(ours) == "tampered"
        assert f"gongshi doctor --forget {ENTRY}" in ours.gongshi("check").output
        assert "this clone has seen" not in ours.gongshi("doctor", "--forget", f"docs/{ENTRY}").output
    assert state(ours) == ("published" if side == "--ours" else "returned")
    result = doctor(ours)
    assert result.exit_code == 1
    lost = "return by deputy" if side == "--ours" else "approve by chief"
    assert f"docs/.reviews/{ENTRY}.jsonl: an act of the history is missing" in result.output
    assert lost.replace(" by ", " ") in result.output


def test_both_sides_kept_by_hand_count_for_nothing(ours: UnitUnderTest, theirs: UnitUnderTest) -> None:
    """Who deletes the conflict's marks and keeps all lines has a dossier that is not whole."""
    ours.approve(ENTRY, stages=1)
    commit(ours)
    theirs.approve(ENTRY, stages=1, now="2026-11-21T10:05:00+08:00")
    commit(theirs)
    merge(ours, theirs)
    dossier = ours.dossier(ENTRY)
    lines = [line for line in dossier.read_bytes().splitlines() if not line.startswith((b"<<<", b"===", b">>>"))]
    assert len(lines) == 3
    dossier.write_bytes(b"\n".join([*lines, b""]))
    assert state(ours) == "tampered"
    assert "a.md.jsonl:3: does not follow" in ours.gongshi("check").output


def test_acts_rewritten_away_are_found(ours: UnitUnderTest) -> None:
    """A dossier that lost acts which a commit held, and was committed so, is told of by doctor."""
    ours.approve(ENTRY)
    commit(ours)
    dossier = ours.dossier(ENTRY)
    head = Path(str(dossier).removesuffix(".jsonl") + ".head")
    git(
        ours.root,
        "checkout",
        "-q",
        "HEAD~1",
        "--",
        str(dossier.relative_to(ours.root)),
        str(head.relative_to(ours.root)),
    )
    commit(ours, "tidy up")
    result = doctor(ours)
    assert result.exit_code == 1
    assert result.output.count("an act of the history is missing") == 3


def test_commit(ours: UnitUnderTest) -> None:
    """--commit makes one commit for each act, of what the act wrote and nothing else, and says which act it was."""
    (ours.root / "docs" / "unrelated.md").write_text("not mine")
    (ours.root / "staged.txt").write_text("staged by hand")
    git(ours.root, "add", "staged.txt")
    git(ours.root, "config", "user.email", "head@unit.example")
    git(ours.root, "config", "user.name", "Head")
    result = ours.gongshi("approve", f"docs/{ENTRY}", f"docs/{OTHER}", "--commit")
    assert result.exit_code == 0, result.all
    assert git(ours.root, "log", "--format=%s").splitlines()[:3] == [
        f"approved at First: docs/{OTHER}",
        f"approved at First: docs/{ENTRY}",
        "begin",
    ]
    names = git(ours.root, "show", "--format=%B", "--name-only", "HEAD").splitlines()
    assert {name for name in names if "objects" not in name} >= {
        f"docs/.reviews/{OTHER}.jsonl",
        f"docs/.reviews/{OTHER}.head",
        f"Gongshi-Entry: {OTHER}",
        "Gongshi-Act: approve",
        "Gongshi-By: head",
        "Gongshi-Stage: first",
    }
    assert sum("docs/.reviews/objects/" in name for name in names) == 1
    assert not any("unrelated" in name or "staged" in name for name in names)
    assert git(ours.root, "status", "--porcelain").split() == ["A", "staged.txt", "??", "docs/unrelated.md"]


def test_a_commit_is_signed_where_git_is_so_configured(ours: UnitUnderTest) -> None:
    """By git itself."""
    key = ours.root.parent / "key"
    key.write_bytes(HeldKey("head").file)
    key.chmod(0o600)
    for name, value in {"user.name": "Head", "user.email": "head@unit.example", "gpg.format": "ssh",
                        "user.signingKey": str(key), "commit.gpgSign": "true"}.items():  # fmt: skip
        git(ours.root, "config", name, value)
    result = ours.gongshi("approve", f"docs/{ENTRY}", "--commit")
    assert result.exit_code == 0, result.all
    assert "BEGIN SSH SIGNATURE" in git(ours.root, "cat-file", "commit", "HEAD")


def test_a_commit_that_fails(unit: UnitUnderTest) -> None:
    """The act counts, and the message says that git did not commit it."""
    unit.write(ENTRY)
    result = unit.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--commit")
    assert result.exit_code == 1
    assert "recorded, but git did not commit it" in result.errors
    assert "Traceback" not in result.all
    assert state(unit) == "submitted"
