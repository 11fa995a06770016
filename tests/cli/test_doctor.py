"""`gongshi doctor` finds what keeps a clone from working, names it, and says nothing of a clone that is fine."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from support.ssh_keys import HeldKey
from support.unit import REPOSITORY, UnitUnderTest, settings

ENTRY = "announcements/b/index.md"


@pytest.fixture
def whole(unit: UnitUnderTest) -> UnitUnderTest:
    """A repository with one published bundle, as the head of the section uses it."""
    unit.write(ENTRY)
    unit.write("announcements/b/a.txt", "approved")
    unit.publish(ENTRY)
    shutil.copy(REPOSITORY / ".gitattributes", unit.root)
    (unit.root / ".gitignore").write_text("site/\nhooks\n.gongshi/\n.lock\n")
    for command in (
        ["init", "-q"], ["config", "user.email", "HEAD@unit.example"], ["config", "user.name", "Head"],
        ["add", "-A"], ["commit", "-q", "-m", "begin"],
    ):  # fmt: skip
        git(unit, *command)
    return unit


def git(unit: UnitUnderTest, *arguments: str) -> None:
    """Run git."""
    subprocess.run(["git", *arguments], cwd=unit.root, check=True, capture_output=True)


def found(unit: UnitUnderTest, level: str = "error", **environment: str) -> list[str]:
    """The messages of one level; the exit code agrees with the errors."""
    result = unit.gongshi("doctor", "--json", **environment)
    findings = result.json()["findings"]
    assert result.exit_code == (1 if any(f["level"] == "error" for f in findings) else 0)
    return [f["message"] for f in findings if f["level"] == level]


def one(messages: list[str], text: str) -> None:
    """Exactly one message, which says this."""
    assert len(messages) == 1, messages
    assert text in messages[0]


@pytest.mark.slow
def test_a_whole_clone(whole: UnitUnderTest) -> None:
    """No error, and what is fine is named."""
    assert found(whole) == []
    assert found(whole, "fine") == [
        "4 people in office; every chain can be passed",
        "git's user.email HEAD@unit.example is that of Head",
        "the record is undamaged; dossiers: 1, acts: 4, approved files: 2",
        "git keeps the record byte for byte, and no act of its history is missing",
    ]
    text = whole.gongshi("doctor").output
    assert "Everything needed is there; 1 piece of advice" in text
    assert "  ✓ the record is undamaged" in text


PEOPLE: list[tuple[dict[str, Any], str]] = [
    ({"deputy": {"until": date(2026, 11, 20)}}, "review.chain: nobody in office has the role deputy"),
    ({"deputy": {"since": date(2026, 11, 22)}}, "review.chain: nobody in office has the role deputy"),
    ({"deputy": {"roles": []}, "chief": {"roles": ["chief", "deputy"]}}, "review.chain: there are fewer people"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("changes", "text"), PEOPLE)
def test_people(whole: UnitUnderTest, changes: dict[str, Any], text: str) -> None:
    """A chain that nobody can pass is told of, with the key that gives it."""
    section = settings()
    for person, values in changes.items():
        section["people"][person].update(values)
    whole.configure(section)
    messages = found(whole)
    assert any(text in message for message in messages)
    assert all("columns.activities" not in message for message in messages)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("review", "text"),
    [
        ({"withdraw_role": "director"}, "review.withdraw_role: nobody in office has the role director"),
        ({"urgent": {"role": "duty", "review_within": "24h"}}, "review.urgent: nobody in office has the role duty"),
        ({"urgent": {"role": "chief", "review_within": "24h"}}, "review.urgent: after an urgent publication by Chief, nobody else"),
    ],
)  # fmt: skip
def test_roles(whole: UnitUnderTest, review: dict[str, Any], text: str) -> None:
    """So is a role that nobody holds, and an urgent publication that could never be settled."""
    whole.configure(settings(**review))
    one(found(whole), text)


def test_namesakes(whole: UnitUnderTest) -> None:
    """Two persons with one name are asked about, unless they are known as one human: one could fill two stages."""
    section = settings()
    section["people"]["chief"]["name"] = "ｈead "
    whole.configure(section)
    same = [message for message in found(whole, "advice") if "same name" in message]
    one(same, "head and chief have the same name; if they are one human, add same_as")
    section["people"]["chief-2"] = {"name": "Other", "roles": ["chief"]}
    section["people"]["chief"]["same_as"] = "head"
    whole.configure(section)
    assert not [message for message in found(whole, "advice") if "same name" in message]


def test_people_who_leave(whole: UnitUnderTest) -> None:
    """Within the month it is advice."""
    section = settings()
    section["people"]["chief"]["until"] = date(2026, 12, 1)
    del section["people"]["clerk"]["email"]
    whole.configure(section)
    advice = found(whole, "advice")
    assert "Chief leaves office after 2026-12-01" in advice
    assert "Clerk has no email in mkdocs.yml; add it, or name this person with --as in each command" in advice


@pytest.mark.slow
def test_keys(whole: UnitUnderTest) -> None:
    """Where decisions are signed: who has no key, whose key ends, and whether your own is at hand."""
    section = settings(signed=True)
    for person in ("clerk", "head", "deputy"):
        section["people"][person]["key"] = HeldKey(person).public
    section["people"]["clerk"]["key"] = [{"key": HeldKey("clerk").public, "until": date(2026, 12, 1)}]
    whole.configure(section)
    messages = found(whole)
    assert messages[:2] == [
        "the key of Clerk counts until 2026-12-01 only; add the next one (people.clerk.key)",
        "Chief has no key today, so decisions of Chief do not count; add one (people.chief.key)",
    ]
    advice = found(whole, "advice")
    assert any("no private key was found: name it with --key" in message for message in advice)
    for name, fits in (("head", True), ("deputy", False)):
        key = whole.root / "key"
        key.write_bytes(HeldKey(name).file)
        (whole.root / "key.pub").write_text(HeldKey(name).public)
        git(whole, "config", "user.signingKey", str(key))
        assert ("git's user.signingKey is your key" in found(whole, "fine")) is fits
        wrong = "git's user.signingKey is not a key that mkdocs.yml gives for you today"
        assert (wrong in found(whole)) is not fits


@pytest.mark.slow
def test_a_unit_that_begins_to_sign(whole: UnitUnderTest) -> None:
    """Entries whose approvals nobody signed lose their pages: an error with their number, until they are signed."""
    second = "announcements/c.md"
    whole.write(second)
    whole.submit(second)
    other = "activities/d.md"
    whole.write(other)
    whole.publish(other)
    assert not any("not signed" in message for message in found(whole))
    section = settings(signed=True)
    for person in section["people"]:
        section["people"][person]["key"] = HeldKey(person).public
        (whole.root / person).write_bytes(HeldKey(person).file)
        (whole.root / person).chmod(0o600)
    whole.configure(section)
    one(
        found(whole),
        "the next build shows no page of 2 entries, as their approvals are not signed, first docs/.reviews/activities/d.md.jsonl; submit",
    )
    assert whole.build().exit_code == 0
    assert not (whole.site / "announcements" / "b" / "index.html").exists()
    acts = "1 act has no valid signature: docs/.reviews/announcements/c.md.jsonl:1; `gongshi status`"
    assert any(message.startswith(acts) for message in found(whole, "advice"))
    for path, people in ((ENTRY, ("head", "deputy", "chief")), (other, ("head", "chief"))):
        for verb, person in (("submit", "clerk"), *(("approve", person) for person in people)):
            done = whole.gongshi(verb, f"docs/{path}", "--as", person, "--key", person)
            assert done.exit_code == 0, done.all
        left = 1 if path == ENTRY else 0
        assert len([m for m in found(whole) if "no page of 1 entry," in m]) == left
    assert found(whole) == []
    assert any("8 acts have no valid signature" in message for message in found(whole, "advice"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("email", "text"),
    [
        ("stranger@unit.example", "belongs to nobody in mkdocs.yml; add it there"),
        ("chief@unit.example", "is that of Chief, who is not in office today"),
    ],
)
def test_who_you_are(whole: UnitUnderTest, email: str, text: str) -> None:
    """Whose address git has."""
    section = settings()
    section["people"]["second"] = {"name": "Second", "roles": ["chief"]}
    section["people"]["chief"]["until"] = date(2026, 11, 20)
    whole.configure(section)
    git(whole, "config", "user.email", email)
    assert any(text in message for message in found(whole, "advice"))


def objects(unit: UnitUnderTest) -> list[Path]:
    """The approved files."""
    return sorted((unit.docs / ".reviews" / "objects").glob("*/*"))


@pytest.mark.slow
def test_approved_files(whole: UnitUnderTest) -> None:
    """One that is changed or gone is an error that names it; one that no act names is advice."""
    first, _second = objects(whole)
    content = first.read_bytes()
    first.write_bytes(content + b" ")
    one(found(whole), f"docs/.reviews/objects/{first.parent.name}/{first.name}: the approved file was changed")
    first.unlink()
    one(found(whole), f"docs/.reviews/objects/{first.parent.name}/{first.name}: the approved file is missing")
    first.write_bytes(content)
    assert found(whole) == []
    stray = first.parent.parent / "ab" / ("ab" + "0" * 62)
    stray.parent.mkdir()
    stray.write_bytes(b"x")
    one(found(whole), "the approved file was changed")
    stray.unlink()
    name = hashlib.sha256(b"left over").hexdigest()
    orphan = first.parent.parent / name[:2] / name
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"left over")
    assert found(whole) == []
    assert any("1 stored file belongs to no act" in message for message in found(whole, "advice"))


@pytest.mark.slow
def test_dossiers(whole: UnitUnderTest) -> None:
    """One that is damaged, orphaned or out of place is named."""
    dossier = whole.dossier(ENTRY)
    content = dossier.read_bytes()
    dossier.write_bytes(content.replace(b'"by":"head"', b'"by":"clerk"'))
    messages = found(whole)
    assert "docs/.reviews/announcements/b/index.md.jsonl:3: does not follow" in messages[0]
    dossier.unlink()
    assert any("is missing, but its head is there" in message for message in found(whole))
    dossier.write_bytes(content)
    (dossier.parent / "notes.txt").write_text("x")
    assert found(whole) == []
    assert "docs/.reviews/announcements/b/notes.txt does not belong to the record; delete it" in found(whole, "advice")
    misplaced = whole.dossier("tags/x.md")
    misplaced.parent.mkdir()
    misplaced.write_bytes(b"")
    assert any("docs/.reviews/tags/x.md.jsonl" in message for message in found(whole))


@pytest.mark.slow
def test_a_dossier_that_this_clone_has_seen(whole: UnitUnderTest) -> None:
    """Gone with its head, it is missed all the same."""
    assert whole.build().exit_code == 0
    shutil.rmtree(whole.docs / ".reviews" / "announcements")
    messages = found(whole)
    assert "docs/.reviews/announcements/b/index.md.jsonl: is missing, although this clone has seen it" in messages[0]
    assert sum("an act of the history is missing" in message for message in messages) == 4


def test_git_settings(whole: UnitUnderTest) -> None:
    """Attributes that would change or silently merge the record, and an ignored record, are errors."""
    attributes = whole.root / ".gitattributes"
    kept = attributes.read_text()
    attributes.write_text("* text=auto\n")
    one(found(whole), "git may change line endings of docs/.reviews/announcements/b/index.md.head and 3 other files")
    attributes.write_text(kept + "docs/.reviews/**/*.jsonl merge=union\n")
    one(found(whole), "git is set to merge docs/.reviews/announcements/b/index.md.jsonl by itself")
    attributes.write_text(kept)
    (whole.root / ".gitignore").write_text(".reviews\n")
    one(found(whole), "git ignores docs/.reviews/announcements/b/index.md.head and 3 other files")


def test_a_shallow_clone(whole: UnitUnderTest, tmp_path: Path) -> None:
    """It is told that only a part of the history could be compared."""
    git(whole, "commit", "-q", "--allow-empty", "-m", "more")
    subprocess.run(["git", "clone", "-q", "--depth=1", f"file://{whole.root}", str(tmp_path / "clone")], check=True)
    clone = UnitUnderTest.__new__(UnitUnderTest)
    clone.root, clone.environment = tmp_path / "clone", {}
    (clone.root / "hooks").symlink_to(REPOSITORY / "hooks")
    assert any("(shallow)" in message for message in found(clone, "advice"))


def test_without_git(unit: UnitUnderTest) -> None:
    """A folder that is no repository works; it is advice."""
    unit.write("announcements/a.md")
    unit.publish("announcements/a.md")
    assert found(unit, GIT_CEILING_DIRECTORIES=str(unit.root.parent)) == []
    assert any("this is not a git repository" in message for message in found(unit, "advice"))


def test_flags_have_no_record(unit: UnitUnderTest) -> None:
    """With `assurance: flag` it says so."""
    unit.configure(settings(assurance="flag"))
    assert any("there is no record" in message for message in found(unit, "advice"))


def test_an_act_dated_ahead(whole: UnitUnderTest) -> None:
    """A wrong clock is noticed."""
    result = whole.gongshi("doctor", now="2026-11-20T10:00:00+08:00")
    assert result.exit_code == 1
    assert "index.md.jsonl:1: is dated in the future" in result.output
