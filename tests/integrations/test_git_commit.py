"""--commit commits the decision with what was decided upon, and never takes somebody's unfinished work along."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.unit import HOOKS, REPOSITORY, Result, UnitUnderTest, front_matter, settings

ENTRY = "announcements/a.md"
BUNDLE = "announcements/b/index.md"
LEFT_OUT = "had uncommitted changes, so neither it nor its new flag is in the commit"


def git(folder: Path, *arguments: str) -> str:
    """Run the real git."""
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", "LANG": "C"}
    done = subprocess.run(
        ["git", "-c", "core.quotepath=off", *arguments], cwd=folder, capture_output=True, text=True, check=True,
        env=environment,
    )  # fmt: skip
    return done.stdout


@pytest.fixture
def whole(unit: UnitUnderTest) -> UnitUnderTest:
    """A repository with a published entry, a published bundle and nothing to commit."""
    unit.write(ENTRY)
    unit.publish(ENTRY)
    unit.write(BUNDLE)
    unit.write("announcements/b/a.txt", "one")
    unit.write("announcements/b/old.txt", "old")
    unit.publish(BUNDLE)
    shutil.copy(REPOSITORY / ".gitattributes", unit.root)
    (unit.root / ".gitignore").write_text("site/\nhooks\n.gongshi/\n.lock\n")
    git(unit.root, "init", "-q")
    for name, value in {"user.email": "chief@unit.example", "user.name": "Chief"}.items():
        git(unit.root, "config", name, value)
    commit(unit)
    return unit


def commit(unit: UnitUnderTest) -> None:
    """Commit everything by hand."""
    git(unit.root, "add", "-A")
    git(unit.root, "commit", "-q", "-m", "work")


def do(unit: UnitUnderTest, verb: str, path: str, person: str, *options: str) -> Result:
    """One act with --commit."""
    result = unit.gongshi(verb, f"docs/{path}", "--as", person, "--commit", *options)
    assert result.exit_code == 0, result.all
    return result


def committed(unit: UnitUnderTest) -> dict[str, str]:
    """What the newest commit did to which file of the content, the record aside."""
    words = git(unit.root, "show", "--format=", "--name-status", "--no-renames", "-z", "HEAD").split("\0")
    pairs = dict(zip(words[1::2], words[::2], strict=False))
    assert any(path.startswith("docs/.reviews/") for path in pairs)
    return {path: what for path, what in pairs.items() if not path.startswith("docs/.reviews/")}


def edit(unit: UnitUnderTest, path: str, text: str = "An unfinished edit.") -> None:
    """Add a paragraph."""
    with (unit.docs / path).open("a") as file:
        file.write(f"\n{text}\n")


def pending(unit: UnitUnderTest) -> list[str]:
    """What git has to commit still."""
    return git(unit.root, "status", "--porcelain", "-uall").splitlines()


def withdraw(unit: UnitUnderTest, path: str) -> Result:
    """Take it down."""
    return do(unit, "withdraw", path, "chief", "--reason", "wrong date")


def send_back(unit: UnitUnderTest, path: str) -> Result:
    """Return it."""
    return do(unit, "return", path, "head", "--note", "wrong date")


@pytest.mark.slow
def test_a_withdrawal_with_its_flag(whole: UnitUnderTest) -> None:
    """Where the flag is the only change, the file is in the commit, and nothing is left."""
    assert LEFT_OUT not in withdraw(whole, ENTRY).all
    assert committed(whole) == {f"docs/{ENTRY}": "M"}
    assert pending(whole) == []


def test_a_withdrawal_that_finds_its_flag_set(whole: UnitUnderTest) -> None:
    """Writes no file in docs/, so there is nothing to leave out and nothing to say."""
    file = whole.docs / ENTRY
    file.write_text(file.read_text().replace("status: approved", "status: withdrawn"))
    assert LEFT_OUT not in withdraw(whole, ENTRY).all
    assert committed(whole) == {}
    assert pending(whole) == [f" M docs/{ENTRY}"]


@pytest.mark.parametrize("staged", [False, True])
def test_a_withdrawal_of_an_edited_entry(whole: UnitUnderTest, staged: bool) -> None:
    """The edit stays where it is, the commit holds the record only, and the answer says so in one sentence."""
    edit(whole, ENTRY)
    if staged:
        git(whole.root, "add", "-A")
    result = whole.gongshi("withdraw", f"docs/{ENTRY}", "--as", "chief", "--reason", "wrong", "--commit", "--json")
    assert result.exit_code == 0, result.all
    (facts,) = result.json()["results"]
    assert facts["commit_error"] is None
    assert facts["commit_note"].startswith(f"docs/{ENTRY} {LEFT_OUT}")
    assert committed(whole) == {}
    assert "unfinished" in (whole.docs / ENTRY).read_text()
    assert "status: withdrawn" in (whole.docs / ENTRY).read_text()
    assert pending(whole) == [f"{'MM' if staged else ' M'} docs/{ENTRY}"]


def test_an_edit_that_is_staged_and_undone(whole: UnitUnderTest) -> None:
    """What somebody prepared for a commit of their own stays prepared."""
    before = (whole.docs / ENTRY).read_bytes()
    edit(whole, ENTRY)
    git(whole.root, "add", "-A")
    (whole.docs / ENTRY).write_bytes(before)
    assert LEFT_OUT in withdraw(whole, ENTRY).output
    assert committed(whole) == {}
    assert "unfinished" in git(whole.root, "show", f":docs/{ENTRY}")


def test_work_beside_a_withdrawn_bundle(whole: UnitUnderTest) -> None:
    """Changed, new and removed attachments stay uncommitted; the flag is committed."""
    whole.write("announcements/b/a.txt", "two")
    whole.write("announcements/b/new.txt", "new")
    (whole.docs / "announcements/b/old.txt").unlink()
    withdraw(whole, BUNDLE)
    assert committed(whole) == {f"docs/{BUNDLE}": "M"}
    assert pending(whole) == [
        " M docs/announcements/b/a.txt", " D docs/announcements/b/old.txt", "?? docs/announcements/b/new.txt",
    ]  # fmt: skip


def test_other_line_endings_are_no_edit(whole: UnitUnderTest) -> None:
    """A checkout with CRLF is what git committed."""
    file = whole.docs / ENTRY
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    withdraw(whole, ENTRY)
    assert committed(whole) == {f"docs/{ENTRY}": "M"}


def test_a_return(whole: UnitUnderTest) -> None:
    """As a withdrawal: the submitted text goes along only where it was committed already."""
    edit(whole, ENTRY, "Submitted.")
    do(whole, "submit", ENTRY, "clerk")
    send_back(whole, ENTRY)
    assert committed(whole) == {f"docs/{ENTRY}": "M"}
    edit(whole, ENTRY, "Submitted again.")
    do(whole, "submit", ENTRY, "clerk")
    edit(whole, ENTRY)
    assert LEFT_OUT in send_back(whole, ENTRY).output
    assert committed(whole) == {}
    assert "unfinished" not in git(whole.root, "show", f"HEAD:docs/{ENTRY}")


def test_a_return_of_what_was_never_committed(whole: UnitUnderTest) -> None:
    """The draft stays out of git."""
    whole.write("announcements/new.md")
    whole.submit("announcements/new.md")
    assert LEFT_OUT in send_back(whole, "announcements/new.md").output
    assert committed(whole) == {}
    assert pending(whole) == ["?? docs/announcements/new.md"]


def test_a_withdrawal_of_a_deleted_file(whole: UnitUnderTest) -> None:
    """The deletion is not committed; the record is."""
    (whole.docs / ENTRY).unlink()
    withdraw(whole, ENTRY)
    assert committed(whole) == {}
    assert pending(whole) == [f" D docs/{ENTRY}"]


def test_a_submission(whole: UnitUnderTest) -> None:
    """The entry and its bundle as they were handed in: what is new, changed and removed; and nothing beside them."""
    edit(whole, BUNDLE, "Submitted.")
    whole.write("announcements/b/a.txt", "two")
    whole.write("announcements/b/more/new.txt", "new")
    (whole.docs / "announcements/b/old.txt").unlink()
    edit(whole, ENTRY)
    (whole.docs / "announcements/b/.litter").write_text("x")
    do(whole, "submit", BUNDLE, "clerk")
    assert committed(whole) == {
        f"docs/{BUNDLE}": "M",
        "docs/announcements/b/a.txt": "M",
        "docs/announcements/b/more/new.txt": "A",
        "docs/announcements/b/old.txt": "D",
    }
    assert pending(whole) == [f" M docs/{ENTRY}", "?? docs/announcements/b/.litter"]


@pytest.mark.parametrize("by_git", [False, True])
def test_an_approval_after_attachments_were_removed(whole: UnitUnderTest, by_git: bool) -> None:
    """The commit removes what the approved version does not have, however it was removed."""
    if by_git:
        git(whole.root, "rm", "-q", "docs/announcements/b/old.txt")
    else:
        (whole.docs / "announcements/b/old.txt").unlink()
    whole.submit(BUNDLE)
    do(whole, "approve", BUNDLE, "head")
    assert committed(whole) == {f"docs/{BUNDLE}": "M", "docs/announcements/b/old.txt": "D"}
    assert pending(whole) == []


def test_removed_files_of_other_entries(whole: UnitUnderTest) -> None:
    """A standing page's folder may hold pages with files of their own: their removal is not its."""
    for page in ("about/index.md", "about/team/index.md", "about/gone/index.md"):
        whole.write(page)
        whole.write(page.replace("index.md", "old.txt"), "old")
    whole.write("about/page.md")
    whole.write("about/.litter", "x")
    commit(whole)
    for file in ("old.txt", "team/old.txt", "gone/old.txt", "gone/index.md", "page.md", ".litter"):
        (whole.docs / "about" / file).unlink()
    do(whole, "submit", "about/index.md", "clerk")
    assert committed(whole) == {"docs/about/index.md": "M", "docs/about/old.txt": "D"}


def test_acts_that_were_not_committed_before(whole: UnitUnderTest, tmp_path: Path) -> None:
    """Come along with the approved files that they name, so that a clone has a whole record."""
    edit(whole, ENTRY, "Second edition.")
    whole.publish(ENTRY)
    withdraw(whole, ENTRY)
    git(tmp_path, "clone", "-q", str(whole.root), "clone")
    clone = UnitUnderTest.__new__(UnitUnderTest)
    clone.root, clone.environment = tmp_path / "clone", {}
    (clone.root / "hooks").symlink_to(REPOSITORY / "hooks")
    findings = clone.gongshi("doctor", "--json").json()["findings"]
    assert [f["message"] for f in findings if f["level"] == "error"] == []


def test_the_first_commit_of_a_repository(whole: UnitUnderTest) -> None:
    """There is nothing to compare with, and the submission is committed all the same."""
    shutil.rmtree(whole.root / ".git")
    git(whole.root, "init", "-q")
    edit(whole, BUNDLE, "Submitted.")
    environment = {
        f"GIT_{who}_{what}": "x@unit.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    result = whole.gongshi("submit", f"docs/{BUNDLE}", "--as", "clerk", "--commit", **environment)
    assert result.exit_code == 0, result.all
    assert set(committed(whole)) == {f"docs/{BUNDLE}", "docs/announcements/b/a.txt", "docs/announcements/b/old.txt"}


def test_a_file_that_changes_at_this_moment(whole: UnitUnderTest, tmp_path: Path) -> None:
    """What was not decided upon is not committed: here an attachment changes while the act is written."""
    edit(whole, BUNDLE, "Submitted.")
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from gongshi.domain.review import recorder as recording\n"
        "write = recording.Recorder._write_flag\n"
        "def late(*given):\n"
        "    done = write(*given)\n"
        "    Path('docs/announcements/b/a.txt').write_text('late')\n"
        "    return done\n"
        "recording.Recorder._write_flag = late\n"
        "from gongshi.cli.main import main\n"
        f"sys.argv = ['gongshi', 'submit', 'docs/{BUNDLE}', '--as', 'clerk', '--commit']\n"
        "main()\n"
    )
    (tmp_path / "late.py").write_text(script)
    result = whole.run("late", PYTHONPATH=f"{HOOKS}:{tmp_path}")
    assert result.exit_code == 0, result.all
    assert f"docs/{BUNDLE} or its attachments have just been changed, so only the decision is in" in result.output
    assert committed(whole) == {}


def test_flags_without_dossiers(unit: UnitUnderTest) -> None:
    """Where the flag is the decision and the file has other edits, nothing can be committed, and that is an error."""
    unit.configure(settings(assurance="flag"))
    unit.write(
        ENTRY,
        content=front_matter(status="approved", approved_by={"first": "head", "second": "deputy", "final": "chief"}),
    )
    git(unit.root, "init", "-q")
    for name, value in {"user.email": "chief@unit.example", "user.name": "Chief"}.items():
        git(unit.root, "config", name, value)
    git(unit.root, "add", "docs")
    git(unit.root, "commit", "-q", "-m", "begin")
    edit(unit, ENTRY)
    result = unit.gongshi("withdraw", f"docs/{ENTRY}", "--as", "chief", "--reason", "wrong", "--commit")
    assert result.exit_code == 1
    assert f"recorded, but git did not commit it: docs/{ENTRY} {LEFT_OUT}" in result.errors
    assert git(unit.root, "log", "--format=%s") == "begin\n"
    assert "status: withdrawn" in (unit.docs / ENTRY).read_text()


def test_a_git_that_fails(whole: UnitUnderTest) -> None:
    """The act counts, and the answer says why it is not committed."""
    (whole.root / ".git" / "index").write_bytes(b"junk")
    result = whole.gongshi("withdraw", f"docs/{ENTRY}", "--as", "chief", "--reason", "wrong", "--commit")
    assert result.exit_code == 1
    assert "recorded, but git did not commit it: git failed: git ls-files: " in result.errors
    assert "Traceback" not in result.all
