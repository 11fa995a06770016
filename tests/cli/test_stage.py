"""`gongshi stage`: the approved tree alone, with nothing in it that was not approved, all or nothing."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongshi.common.errors import Refused
from gongshi.common.hashing import sha256
from gongshi.domain.config import loader
from gongshi.domain.content import front_matter as content_front_matter
from gongshi.domain.content import front_matter_writer
from gongshi.domain.review.snapshot import take_snapshot
from gongshi.release import staging
from gongshi.site.html.link_targets import PublicUrls
from support.builds import snapshot
from support.unit import NOW, Result, UnitUnderTest, front_matter, settings

CANARY = "CANARY7f3a"
MANIFEST = ".well-known/gongshi.json"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit with a bundle and an activity published, made once."""
    unit = UnitUnderTest(tmp_path_factory.mktemp("made") / "unit")
    unit.write("announcements/b/index.md", title="Bundle", attachments=[{"file": "a.txt", "title": "Attached"}])
    unit.write("announcements/b/a.txt", "approved bytes")
    unit.write("activities/a.md", title="Activity", body="Good body.")
    unit.publish("announcements/b/index.md")
    unit.publish("activities/a.md")
    return unit


@pytest.fixture
def unit(made: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of that unit."""
    shutil.copytree(made.root, tmp_path / "unit", symlinks=True)
    return UnitUnderTest(tmp_path / "unit")


@pytest.fixture
def tree(unit: UnitUnderTest) -> Path:
    """Where the tree goes."""
    return unit.root / "tree"


def staged(unit: UnitUnderTest, *arguments: str, now: str = NOW, **environment: str) -> Result:
    """Stage into `tree` and expect success."""
    result = unit.gongshi("stage", "tree", *arguments, now=now, **environment)
    assert result.exit_code == 0, result.all
    return result


def approved_text(unit: UnitUnderTest, path: str) -> bytes:
    """The Markdown file that the last approval of an entry names, with its front matter in canonical form."""
    decision = json.loads(unit.dossier(path).read_bytes().splitlines()[-1])
    digest: str = decision["files"][path.rsplit("/", 1)[-1]]
    content = (unit.docs / ".reviews" / "objects" / digest[:2] / digest).read_bytes()
    return front_matter_writer.format_front_matter(content_front_matter.read(content, path, requires_entry_keys=False))


def leaks(folder: Path) -> list[str]:
    """Files with a canary in their name or bytes."""
    return [path for path, content in snapshot(folder).items() if CANARY in path or CANARY.encode() in content]


@pytest.mark.slow
def test_approved_bytes_at_their_paths(unit: UnitUnderTest, tree: Path) -> None:
    """Each public Markdown file as it was approved, the files of its bundle, the manifest, and nothing else."""
    result = staged(unit)
    files = snapshot(tree)
    assert set(files) == {"announcements/b/index.md", "announcements/b/a.txt", "activities/a.md", MANIFEST}
    for path in ("announcements/b/index.md", "activities/a.md"):
        assert files[path] == approved_text(unit, path)
    assert files["announcements/b/a.txt"] == b"approved bytes"
    assert "tree: 2 entries and pages with 1 other file, as approved" in result.output
    assert unit.gongshi("verify", "tree").exit_code == 0
    assert unit.gongshi("verify", "tree", "--source").exit_code == 0


@pytest.mark.slow
def test_nothing_else_that_was_ever_written(unit: UnitUnderTest, tree: Path) -> None:
    """Drafts, edits, other versions, withdrawn and returned entries, strays, records: no byte and no name of them."""
    keys: dict[str, Any] = {"title": f"{CANARY} title", "summary": f"{CANARY} summary", "tags": [f"{CANARY} tag"]}
    unit.write(f"announcements/{CANARY}-draft/index.md", body=f"{CANARY} body", **keys)
    unit.write(f"announcements/{CANARY}-draft/{CANARY}.jpg", f"{CANARY} bytes")
    unit.write("announcements/submitted.md", body=f"{CANARY} body", **keys)
    unit.submit("announcements/submitted.md")
    unit.write("announcements/scheduled.md", body=CANARY, publish_at="2030-01-01 08:00", **keys)
    unit.publish("announcements/scheduled.md")
    unit.write("announcements/w/index.md", body=CANARY, **keys)
    unit.write("announcements/w/a.txt", CANARY)
    unit.publish("announcements/w/index.md")
    gone = unit.gongshi("withdraw", "docs/announcements/w", "--as", "chief", "--reason", f"{CANARY} reason")
    assert gone.exit_code == 0, gone.all
    unit.write("announcements/r.md", body=CANARY, **keys)
    unit.submit("announcements/r.md")
    back = unit.gongshi("return", "docs/announcements/r.md", "--as", "head", "--note", f"{CANARY} note")
    assert back.exit_code == 0, back.all
    unit.write("announcements/b/index.md", title=CANARY, attachments=[{"file": "a.txt", "title": "Attached"}])
    unit.write("announcements/b/a.txt", CANARY)
    unit.write(f"announcements/b/{CANARY}.txt", "x")
    unit.write("activities/a.md", "---\ntitle: broken: [\n---\n" + CANARY)
    unit.write(f"{CANARY}.txt", CANARY)
    unit.write("robots.txt", CANARY)
    (unit.docs / "announcements" / "link.md").symlink_to(unit.docs / "announcements" / "submitted.md")
    result = staged(unit)
    assert set(snapshot(tree)) == {"announcements/b/index.md", "announcements/b/a.txt", "activities/a.md", MANIFEST}
    assert leaks(tree) == []
    assert CANARY not in result.all
    assert "Not in it: 1 withdrawn and 0 expired" in result.output


def test_deleted_and_moved_files_stay(unit: UnitUnderTest, tree: Path) -> None:
    """Deleting a file does not take it out of the tree; a withdrawal does."""
    before = approved_text(unit, "activities/a.md")
    (unit.docs / "activities" / "a.md").rename(unit.docs / "activities" / "moved.md")
    staged(unit)
    assert (tree / "activities" / "a.md").read_bytes() == before
    assert not (tree / "activities" / "moved.md").exists()
    assert unit.gongshi("withdraw", "docs/activities/a.md", "--as", "chief", "--reason", "x").exit_code == 0
    staged(unit)
    assert not (tree / "activities").exists()


def test_what_is_a_notice_only(unit: UnitUnderTest, tree: Path) -> None:
    """Expired entries are in it with their mark to be, but not where only a notice is public."""
    unit.write("announcements/old.md", title="Old", expires_at="2026-11-20")
    unit.publish("announcements/old.md", now="2026-11-10T09:00:00+08:00")
    staged(unit)
    assert (tree / "announcements" / "old.md").is_file()
    unit.configure({**settings(), "on_expiry": "notice"})
    facts = staged(unit, "--json").json()
    assert (facts["entries"], facts["files"], facts["withdrawn"], facts["expired"]) == (2, 1, 0, 1)
    assert facts["manifest"] == sha256((tree / MANIFEST).read_bytes())
    assert not (tree / "announcements" / "old.md").exists()


@pytest.mark.slow
def test_links_to_what_is_not_public(unit: UnitUnderTest, tree: Path) -> None:
    """The text stays as approved, so that it can be verified; the links are counted and explained."""
    unit.write("announcements/secret.md", title="Secret")
    unit.write(
        "announcements/l.md",
        title="Linking",
        body="[a](secret.md) [b](/announcements/secret/) <https://www.unit.example/announcements/secret/> [c](b/index.md)"
        "\n\n[d][r]\n\n[r]: secret.md\n\n[e](https://other.example/) [list](/announcements/) [file](b/a.txt)",
    )
    unit.write("announcements/deep.md", title="Deep", body="".join("    " * n + "- [x](y.md)\n" for n in range(400)))
    unit.publish("announcements/l.md")
    unit.publish_unlimited("announcements/deep.md")
    result = staged(unit)
    assert "docs/announcements/l.md: 4 links lead to unpublished pages or files [advice]" in result.output
    assert "The approved texts contain these addresses" in result.output
    assert (tree / "announcements" / "l.md").read_bytes() == approved_text(unit, "announcements/l.md")
    assert staged(unit, "--json").json()["links_to_withheld"]["announcements/l.md"] == 4
    assert unit.gongshi("verify", "tree", "--source").exit_code == 0
    assert "links lead" in unit.build().all


def test_staged_again(unit: UnitUnderTest, tree: Path) -> None:
    """The folder is replaced as a whole; what somebody put there is not lost but refused."""
    staged(unit)
    assert unit.gongshi("withdraw", "docs/activities/a.md", "--as", "chief", "--reason", "x").exit_code == 0
    (tree / "announcements" / "b" / "a.txt").write_text("changed")
    staged(unit)
    assert (tree / "announcements" / "b" / "a.txt").read_text() == "approved bytes"
    assert not (tree / "activities").exists()
    (tree / "announcements" / ".hidden" / "deep").mkdir(parents=True)
    (tree / "announcements" / ".hidden" / "deep" / "thesis.txt").write_text("years of work")
    before = snapshot(tree)
    result = unit.gongshi("stage", "tree")
    assert result.exit_code == 1
    assert "holds announcements/.hidden/deep/thesis.txt, which `gongshi stage` did not write" in result.errors
    assert snapshot(tree) == before


@pytest.mark.slow
def test_folders_of_others_are_kept(unit: UnitUnderTest) -> None:
    """A folder with other files, a broken manifest or a built site is refused; so is a site in a tree's place."""
    assert unit.build("-d", "built").exit_code == 0
    for name, path, text in (
        ("mine", "thesis.txt", "years of work"),
        ("foreign", MANIFEST, "{}"),
        ("near", MANIFEST, '{\n "format": "gongshi-manifest-1",\n "holds": "tree"\n}\n'),
    ):
        (unit.root / name / path).parent.mkdir(parents=True)
        (unit.root / name / path).write_text(text)
    for name in ("mine", "foreign", "near", "built"):
        before = snapshot(unit.root / name)
        result = unit.gongshi("stage", name)
        assert result.exit_code == 1, name
        assert "holds files that `gongshi stage` did not write" in result.errors
        assert snapshot(unit.root / name) == before
    staged(unit)
    before = snapshot(unit.root / "tree")
    result = unit.build("-d", "tree")
    assert result.exit_code == 1
    assert "holds files that are not a built site" in result.all
    assert snapshot(unit.root / "tree") == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("docs", "is, lies in or contains docs"),
        ("docs/new", "is, lies in or contains docs"),
        ("docs/../docs/announcements/../new", "is, lies in or contains docs"),
        ("to-docs/new", "is, lies in or contains docs"),
        (".", "contains the repository"),
        ("", "contains the repository"),
        ("..", "contains the repository"),
        ("/", "contains the repository"),
        ("hooks", "is a symbolic link"),
        ("hooks/gongshi/new", "is, lies in or contains hooks"),
        ("site", "is, lies in or contains site"),
        ("site/new", "is, lies in or contains site"),
        ("to-root/site/new", "is, lies in or contains site"),
        (".git/new", "is, lies in or contains .git"),
        (".gongshi", "is, lies in or contains .gongshi"),
        ("link", "is a symbolic link"),
        ("link/", "is a symbolic link"),
        ("dangling", "is a symbolic link"),
        ("mkdocs.yml", "is not a folder"),
        ("mkdocs.yml/x", "is not a folder"),
    ],
)
def test_places_that_are_refused(unit: UnitUnderTest, place: str, says: str) -> None:
    """Nowhere inside, above or in the place of what is needed, and not through a link: nothing is written."""
    (unit.root / "empty").mkdir()
    (unit.root / "link").symlink_to("empty")
    (unit.root / "dangling").symlink_to("nowhere")
    (unit.root / "to-docs").symlink_to("docs")
    (unit.root / "to-root").symlink_to(".")
    before = snapshot(unit.root)
    result = unit.gongshi("stage", place)
    assert result.exit_code == 2, result.all
    assert says in result.errors
    assert "Traceback" not in result.all
    assert snapshot(unit.root) == before


def test_a_folder_outside_of_the_repository(unit: UnitUnderTest, tmp_path: Path) -> None:
    """Missing folders above it are made; an empty one is taken."""
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "a" / "b" / "c", tmp_path / "empty"):
        assert unit.gongshi("stage", str(folder)).exit_code == 0
        assert (folder / "activities" / "a.md").is_file()
        assert [path.name for path in folder.parent.iterdir() if path.name.startswith(f".{folder.name}")] == []


def in_process(unit: UnitUnderTest) -> staging.StagedTree:
    """What the gate lets into the tree, asked in this process."""
    return staging.build_tree(
        take_snapshot(loader.load_configuration(unit.root / "mkdocs.yml"), datetime.fromisoformat(NOW))
    )


def test_all_or_nothing(unit: UnitUnderTest, tree: Path) -> None:
    """A file that cannot be read half-way, or that has other bytes than it should: the tree of before stays."""
    staged(unit)
    before = snapshot(tree)

    def fail() -> bytes:
        raise OSError(5, "Input/output error")

    for load, error in ((fail, OSError), (lambda: b"other bytes", Refused)):
        answer = in_process(unit)
        answer.loads["announcements/b/a.txt"] = load
        with pytest.raises(error):
            staging.write(answer, tree)
        assert snapshot(tree) == before
        assert [path.name for path in unit.root.iterdir() if path.name.startswith(".tree")] == []


def test_a_damaged_record_stays_out(unit: UnitUnderTest, tree: Path) -> None:
    """An entry whose kept bytes were changed is left out, and the command says that something is."""
    for kept in (unit.docs / ".reviews" / "objects").rglob("*"):
        if kept.is_file() and kept.read_bytes() == b"approved bytes":
            kept.write_text(CANARY)
    result = staged(unit)
    assert set(snapshot(tree)) == {"activities/a.md", MANIFEST}
    assert "1 entry is left out because a record is damaged" in result.errors
    assert staged(unit, "--json").json()["damaged"] == ["announcements/b/index.md"]


def test_same_input_same_bytes(unit: UnitUnderTest, tree: Path) -> None:
    """Language and time zone of who stages change nothing, and nothing of the machine is in it."""
    staged(unit)
    before = snapshot(tree)
    staged(unit, TZ="America/New_York", LANG="zh_CN.UTF-8", PYTHONHASHSEED="7")
    assert snapshot(tree) == before
    assert str(unit.root).encode() not in before[MANIFEST]


def test_flags_as_decisions(unit: UnitUnderTest, tree: Path) -> None:
    """With `assurance: flag` the file as it stands is the approved one."""
    unit.configure(settings(assurance="flag"))
    shutil.rmtree(unit.docs)
    flags = {"first": "head", "second": "deputy", "final": "chief"}
    file = unit.write("announcements/a.md", date="2026-11-03", status="approved", approved_by=flags)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    unit.write("announcements/d.md", title=CANARY)
    staged(unit)
    content = b"---\ntitle: A title\ndate: 2026-11-03\nauthor: clerk\n---\n\nBody text.\n"
    assert (tree / "announcements" / "a.md").read_bytes() == content
    assert leaks(tree) == []
    assert unit.gongshi("verify", "tree", "--source").exit_code == 0


def test_links_are_looked_for_where_there_are_any(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts without a link are not converted: a unit has thousands."""
    answer = in_process(unit)
    monkeypatch.setattr("markdown.Markdown.convert", lambda *_: pytest.fail("converted"))
    assert staging.links_to_withheld(answer, PublicUrls([], [], None, None)) == {}


FRONT = f"""---
# {CANARY} comment
title: "A title" # {CANARY} comment
"date": 2026-11-03
status: approved # {CANARY}
approved_by: {{first: {CANARY}, final: "{CANARY}"}}
author:   clerk
tags: ['b',
  # {CANARY}
  a]
---
# Not a comment
"""


def test_front_matter_that_nobody_approved(unit: UnitUnderTest, tree: Path) -> None:
    """Comments and flags put in between two stages are outside the digest: no byte of them is given out."""
    plain = FRONT.replace(CANARY, "head")
    unit.write("announcements/a.md", plain)
    unit.submit("announcements/a.md")
    unit.approve("announcements/a.md", 2)
    (unit.docs / "announcements" / "a.md").write_text(FRONT)
    result = unit.gongshi("approve", "docs/announcements/a.md", "--as", "chief")
    assert result.exit_code == 0, result.all
    staged(unit)
    assert leaks(tree) == []
    assert (tree / "announcements" / "a.md").read_text() == (
        "---\ntitle: A title\ndate: 2026-11-03\nauthor: clerk\ntags:\n  - b\n  - a\n---\n# Not a comment\n"
    )
    for options in ((), ("--source",)):
        assert unit.gongshi("verify", "tree", *options).exit_code == 0
    (tree / "announcements" / "a.md").write_text(FRONT)
    assert "changed: announcements/a.md" in unit.gongshi("verify", "tree", "--source").output


def test_front_matter_for_other_engines(unit: UnitUnderTest, tree: Path) -> None:
    """Plain YAML: dates are dates, Chinese is readable, what other readers could mistake stands in quotes."""
    keys: dict[str, Any] = {
        "title": "关于11月25日停水的通知：第2号",
        "date": "2026-11-03",
        "summary": 'A "quoted": text # with signs',
        "tags": ["停水", "yes", "2026", "null"],
        "pinned": True,
        "publish_at": "2026-11-04 08:30 +08:00",
        "public_notice": {"from": "2026-11-04", "to": "2026-11-27"},
        "document": {"number": "青便民〔2026〕3号", "issued": "2026-11-03"},
    }
    text = front_matter(**keys).replace("'2026-11-04'", "2026-11-04").replace("'2026-11-27'", "2026-11-27")
    unit.write("announcements/a.md", text.replace("'2026-11-03'", "2026-11-03"))
    unit.publish("announcements/a.md", now="2026-11-03T09:00:00+08:00")
    staged(unit)
    head = (tree / "announcements" / "a.md").read_text().split("---\n")[1]
    assert "tags:\n  - 停水\n" in head
    assert "number: 青便民〔2026〕3号" in head
    found = yaml.safe_load(head)
    at = datetime.fromisoformat("2026-11-04T08:30:00+08:00")
    assert found.pop("public_notice") == {"from": date(2026, 11, 4), "to": date(2026, 11, 27)}
    assert found.pop("document") == {"number": "青便民〔2026〕3号", "issued": date(2026, 11, 3)}
    assert found.pop("date") == date(2026, 11, 3)
    assert found.pop("publish_at") == at
    assert found == {"title": keys["title"], "author": "clerk", **{k: keys[k] for k in ("summary", "tags", "pinned")}}
