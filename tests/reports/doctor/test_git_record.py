"""`gongshi doctor` asks git about the record: what git hides, changes or lost is named, and so is a git that fails."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from gongshi.integrations import git as asked
from support.unit import REPOSITORY, UnitUnderTest

ENTRY = "announcements/b/index.md"
FINE = "git keeps the record byte for byte, and no act of its history is missing"


def git(unit: UnitUnderTest, *arguments: str) -> str:
    """Run the real git."""
    done = subprocess.run(["git", *arguments], cwd=unit.root, check=True, capture_output=True)
    return done.stdout.decode()


@pytest.fixture
def whole(unit: UnitUnderTest) -> UnitUnderTest:
    """A repository with one published bundle and one submitted activity."""
    unit.write(ENTRY)
    unit.write("announcements/b/a.txt", "approved")
    unit.publish(ENTRY)
    unit.write("activities/2026/c.md")
    unit.submit("activities/2026/c.md")
    shutil.copy(REPOSITORY / ".gitattributes", unit.root)
    (unit.root / ".gitignore").write_text("site/\nhooks\n.gongshi/\n.lock\n")
    for command in (
        ["init", "-q"], ["config", "user.email", "head@unit.example"], ["config", "user.name", "Head"],
        ["add", "-A"], ["commit", "-q", "-m", "begin"],
    ):  # fmt: skip
        git(unit, *command)
    return unit


def told(unit: UnitUnderTest, **environment: str) -> dict[str, list[str]]:
    """What doctor says of git and of you, by level."""
    result = unit.gongshi("doctor", "--json", **environment)
    assert "Traceback" not in result.errors
    findings = [f for f in result.json()["findings"] if f["area"] in ("repository", "you")]
    levels: dict[str, list[str]] = {"fine": [], "advice": [], "error": []}
    for finding in findings:
        levels[finding["level"]].append(finding["message"])
    assert result.exit_code == (1 if levels["error"] else 0)
    return levels


def test_a_whole_repository(whole: UnitUnderTest) -> None:
    """Nothing to mend, and it is said so."""
    levels = told(whole)
    assert levels["error"] == []
    assert FINE in levels["fine"]


def test_a_repository_without_commits(whole: UnitUnderTest) -> None:
    """A new one has no history, which is no failure of git."""
    shutil.rmtree(whole.root / ".git")
    git(whole, "init", "-q")
    levels = told(whole)
    assert levels["error"] == []
    assert FINE in levels["fine"]
    assert any("files of the record are not committed yet" in message for message in levels["advice"])


@pytest.mark.slow
@pytest.mark.parametrize(
    "question",
    ["config user.email", "rev-parse --is-inside-work-tree", "check-ignore", "check-attr", "diff ", "rev-list",
     "diff-tree", "cat-file", "status", "rev-parse --is-shallow-repository", "rev-parse --quiet --verify HEAD"],
)  # fmt: skip
@pytest.mark.parametrize("failure", ["echo 'no luck' >&2; exit 128", "exit 3"])
def test_each_question_that_git_fails_to_answer(
    whole: UnitUnderTest, tmp_path: Path, question: str, failure: str
) -> None:
    """Is an error that names the question and git's reason, and nothing is called fine."""
    wrapper = tmp_path / "bin" / "git"
    wrapper.parent.mkdir()
    wrapper.write_text(f'#!/bin/sh\ncase "$*" in *"{question}"*) {failure};; esac\nexec {shutil.which("git")} "$@"\n')
    wrapper.chmod(0o755)
    levels = told(whole, PATH=f"{wrapper.parent}:{os.environ['PATH']}")
    reason = "no luck" if "luck" in failure else "3"
    assert levels["error"] == [f"git failed: git {question.split()[0]}: {reason}"]
    if question != "config user.email":
        assert FINE not in levels["fine"]


def test_a_git_that_is_not_there(whole: UnitUnderTest, tmp_path: Path) -> None:
    """Is advice: the record stands without it."""
    (tmp_path / "empty").mkdir()
    levels = told(whole, PATH=str(tmp_path / "empty"))
    assert levels["error"] == []
    assert any("git is not installed" in message for message in levels["advice"])


def _index(unit: UnitUnderTest) -> None:
    (unit.root / ".git" / "index").write_bytes(b"junk")


def _settings(unit: UnitUnderTest) -> None:
    (unit.root / ".git" / "config").write_text("[core\n")


def _branch(unit: UnitUnderTest) -> None:
    (unit.root / ".git" / git(unit, "symbolic-ref", "HEAD").strip()).write_text("junk\n")


def _head(unit: UnitUnderTest) -> None:
    (unit.root / ".git" / "HEAD").unlink()


def _object(unit: UnitUnderTest) -> None:
    name = git(unit, "rev-parse", f"HEAD:docs/.reviews/{ENTRY}.jsonl").strip()
    (unit.root / ".git" / "objects" / name[:2] / name[2:]).unlink()


def _owner(unit: UnitUnderTest) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        pytest.skip("only the superuser gives files away")
    for path in (unit.root, unit.root / ".git"):
        os.chown(path, 12345, 12345)


@pytest.mark.parametrize("damage", [_index, _settings, _branch, _head, _object, _owner])
def test_a_damaged_repository(whole: UnitUnderTest, damage: object) -> None:
    """Each damage to git's own files is an error, and never "nothing is missing" or "no repository"."""
    assert callable(damage)
    damage(whole)
    levels = told(whole)
    assert any(message.startswith("git failed: git ") for message in levels["error"])
    assert FINE not in levels["fine"]
    assert not any("this is not a git repository" in message for message in levels["advice"])


def test_a_path_with_a_line_end(whole: UnitUnderTest) -> None:
    """Stays one path: the history of the dossiers beside it is compared all the same, and nothing is counted twice."""
    odd = whole.docs / ".reviews" / "a\nb.md.jsonl"
    odd.write_bytes(b'{"seq":1}\n')
    dossier = whole.dossier(ENTRY)
    git(whole, "add", "-A")
    git(whole, "commit", "-q", "-m", "odd")
    odd.unlink()
    dossier.write_bytes(b"\n")
    levels = told(whole)
    lost = [message for message in levels["error"] if "an act of the history is missing" in message]
    assert sum(message.startswith("docs/.reviews/a\\nb.md.jsonl: ") for message in lost) == 1
    assert sum(message.startswith(f"docs/.reviews/{ENTRY}.jsonl: ") for message in lost) == 4
    assert any(message.startswith("2 files of the record are not committed") for message in levels["advice"])


def test_what_is_cut_where(whole: UnitUnderTest) -> None:
    """Lines at line ends, answers to -z at NUL bytes only."""
    (whole.docs / "a\nb.md").write_text("x")
    assert asked.output_nul(whole.root, "ls-files", "-o", "--exclude-standard", "-z", "--", "docs") == ["docs/a\nb.md"]
    assert asked.output_lines(whole.root, "rev-parse", "HEAD", "HEAD") == [git(whole, "rev-parse", "HEAD").strip()] * 2
    with pytest.raises(asked.GitError):
        asked.output_lines(whole.root, "no-such-command")


def test_a_merge_that_threw_one_side_away(whole: UnitUnderTest) -> None:
    """Its acts are missed, although git shows no change of the record on the way to HEAD."""
    branch = git(whole, "symbolic-ref", "--short", "HEAD").strip()
    git(whole, "checkout", "-q", "-b", "other")
    whole.approve("activities/2026/c.md", stages=1)
    git(whole, "add", "-A")
    git(whole, "commit", "-q", "-m", "approved")
    git(whole, "checkout", "-q", branch)
    git(whole, "commit", "-q", "--allow-empty", "-m", "meanwhile")
    git(whole, "merge", "-q", "-s", "ours", "other")
    errors = told(whole)["error"]
    assert len(errors) == 1
    assert errors[0].startswith("docs/.reviews/activities/2026/c.md.jsonl: an act of the history is missing: 2")


def test_an_act_that_only_a_merge_held(whole: UnitUnderTest) -> None:
    """Is missed, too: it stands in neither parent."""
    git(whole, "checkout", "-q", "-b", "other")
    git(whole, "commit", "-q", "--allow-empty", "-m", "other")
    git(whole, "checkout", "-q", "-")
    git(whole, "merge", "-q", "--no-ff", "--no-commit", "other")
    whole.approve("activities/2026/c.md", stages=1)
    git(whole, "add", "-A")
    git(whole, "commit", "-q", "-m", "merged")
    git(whole, "checkout", "-q", "HEAD~1", "--", "docs")
    git(whole, "commit", "-q", "-m", "tidy up")
    errors = told(whole)["error"]
    assert len(errors) == 1
    assert errors[0].startswith("docs/.reviews/activities/2026/c.md.jsonl: an act of the history is missing: 2")


@pytest.mark.parametrize(
    ("rule", "files"),
    [
        ("docs/.reviews/activities/2026/", "docs/.reviews/activities/2026/c.md.head and 1 other file"),
        ("*.head", "docs/.reviews/activities/2026/c.md.head and 1 other file"),
        ("objects/", "docs/.reviews/objects/"),
        ("docs/.reviews/activities/*.jsonl", "docs/.reviews/activities/….md.jsonl"),
    ],
)
def test_a_rule_that_ignores_a_part_of_the_record(whole: UnitUnderTest, rule: str, files: str) -> None:
    """Names the first file and counts the others, also where they are committed or still to come."""
    with (whole.root / ".gitignore").open("a") as file:
        file.write(rule + "\n")
    errors = told(whole)["error"]
    assert len(errors) == 1
    assert errors[0].startswith(f"git ignores {files}")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("rule", "start"),
    [
        ("docs/.reviews/activities/2026/** text=auto", "git may change line endings of docs/.reviews/activities/2026/c.md.head and 1 other file; make `docs/.reviews/** -text`"),
        ("*.head text", "git may change line endings of docs/.reviews/activities/2026/c.md.head and 1 other file"),
        ("docs/.reviews/objects/** !text", "git may change line endings of docs/.reviews/objects/"),
        ("docs/.reviews/announcements/** merge=union", "git is set to merge docs/.reviews/announcements/b/index.md.head and 1 other file by itself"),
        ("docs/.reviews/objects/** filter=lfs", "git may change docs/.reviews/objects/"),
        ("*.jsonl ident", "git may change docs/.reviews/activities/2026/c.md.jsonl and 1 other file; remove `ident`"),
        ("*.head working-tree-encoding=UTF-16", "git may change docs/.reviews/activities/2026/c.md.head and 1 other file"),
        ("docs/.reviews/activities/*.head text", "git may change line endings of docs/.reviews/activities/….md.head;"),
    ],
)  # fmt: skip
def test_an_attribute_of_a_part_of_the_record(whole: UnitUnderTest, rule: str, start: str) -> None:
    """Names the first file and counts the others."""
    with (whole.root / ".gitattributes").open("a") as file:
        file.write(rule + "\n")
    errors = told(whole)["error"]
    assert len(errors) == 1
    assert errors[0].startswith(start)


def test_a_site_in_a_folder_of_its_repository(whole: UnitUnderTest) -> None:
    """Paths are named as seen from mkdocs.yml."""
    site = whole.root / "site-of-the-unit"
    site.mkdir()
    for name in ("docs", "mkdocs.yml", "hooks", ".gitattributes", ".gitignore"):
        (whole.root / name).rename(site / name)
    git(whole, "add", "-A")
    git(whole, "commit", "-q", "-m", "moved")
    inner = UnitUnderTest.__new__(UnitUnderTest)
    inner.root, inner.environment = site, {}
    assert told(inner)["error"] == []
    inner.dossier(ENTRY).write_bytes(b"\n")
    lost = told(inner)["error"]
    assert len(lost) == 4
    assert all(message.startswith(f"docs/.reviews/{ENTRY}.jsonl: ") for message in lost)
