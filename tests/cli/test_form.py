"""`gongshi form`: what a review form says is what the record says."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from gongshi.domain.config import loader
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.records.dossier import Action, Decision, Dossier
from gongshi.domain.records.store import ReviewStore
from gongshi.reports.form import placeholders as outputs_form
from support.form_templates import form, make, read
from support.sample_unit import NOW, copy_sample
from support.shipped_form import TEMPLATE
from support.unit import UnitUnderTest, settings

ENTRY = "announcements/a.md"
LATER = "2026-11-21T11:00:00+08:00"


@pytest.fixture
def entry(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with one draft."""
    unit.write(ENTRY, title="Water cut")
    return unit


def _act(unit: UnitUnderTest, act: str, by: str, *options: str, path: str = ENTRY, now: str | None = None) -> None:
    when = {"now": now} if now else {}
    result = unit.gongshi(act, f"docs/{path}", "--as", by, *options, **when)
    assert result.exit_code == 0, result.all


def _rules(unit: UnitUnderTest, **review: Any) -> dict[str, Any]:
    section = settings(
        urgent={"role": "chief", "review_within": "24h"},
        correction={"chain": ["first", "final"], "characters": 20},
        **review,
    )
    section["people"]["chief2"] = {"name": "Second chief", "roles": ["chief"], "since": "2025-01-01"}
    unit.configure(section)
    return section


def _forge(unit: UnitUnderTest, act: Action, by: str, path: str = ENTRY, **values: Any) -> None:
    """Write an act that no command would write, as whoever can write the dossier could."""
    found = loader.load_configuration(unit.root / "mkdocs.yml")
    archive = ReviewStore(unit.docs)
    dossier = archive.read_dossier(path)
    tree = DocsTree(found.docs, found.policy)
    version = tree.draft(tree.sources[path]).version
    assert version is not None
    if act is Action.APPROVE:
        name = path.rsplit("/", 1)[-1]
        values["files"] = {name: archive.put_object((unit.docs / path).read_bytes()), **values.get("files", {})}
    at = datetime.fromisoformat(values.pop("at", "2026-11-21T09:59:00+08:00"))
    archive.append(dossier, Decision(act, by, at, values.pop("digest", version.digest), **values))


@pytest.mark.slow
def test_an_approved_entry(unit: UnitUnderTest) -> None:
    """Every fact of an approved entry stands in its place: text, files, people, opinions, times, digest, lines."""
    unit.write(
        "announcements/b/index.md",
        title="Water cut",
        source="Water works",
        summary="No water on Friday.",
        document={"number": "No. 3", "index": "X/2026-1", "issued": "2026-11-02"},
        expires_at="2026-11-30",
        attachments=[{"file": "list.pdf", "title": "Streets"}],
    )
    unit.write("announcements/b/list.pdf", b"x" * 2048)
    unit.write("announcements/b/photo.jpg", b"x" * 100)
    path = "announcements/b/index.md"
    _act(unit, "submit", "clerk", "--note", "Please look today", path=path)
    _act(unit, "approve", "head", path=path)
    _act(unit, "approve", "deputy", "--note", "Mind the school", path=path, now=LATER)
    _act(unit, "approve", "chief", "--note", "Go ahead", path=path, now=LATER)
    found = form(unit, path, now=LATER)
    assert found.above == ["Test Unit", "信息发布审批表", "审批状态：approved\t第1轮送审"]
    assert found.rows == {
        "标题": "Water cut",
        "拟稿单位": "Test Unit",
        "拟稿人": "Clerk",
        "送审人": "Clerk",
        "送审时间": "2026-11-21 10:00",
        "栏目": "Announcements",
        "信息来源": "reposted from Water works",
        "文号": "No. 3",
        "索引号": "X/2026-1",
        "内容摘要": "No water on Friday.",
        "附件": "1. Streets（list.pdf，2.0 KB）\n2. photo.jpg（100 B）",
        "发布要求": "valid until 2026-11-30",
        "送审说明": "Please look today",
        "First": "Agreed\n结论：Agreed　姓名：Head　日期：2026-11-21 10:00",
        "Second": "“Mind the school”\n结论：Agreed　姓名：Deputy　日期：2026-11-21 11:00",
        "Final": "“Go ahead”\n结论：Agreed　姓名：Chief　日期：2026-11-21 11:00",
        "备注": "无",
        "准予发布": "自2026-11-21 11:00起",
        "网址": "https://www.unit.example/announcements/b/",
        "版本指纹": found.rows["版本指纹"],
        "审批记录": found.rows["审批记录"],
    }
    facts = unit.gongshi("status", "docs/announcements/b", "--json", now=LATER).json()["entries"][0]
    assert found.rows["版本指纹"].replace(" ", "") == facts["public_digest"]
    assert re.fullmatch(r"[0-9a-f]{8}( [0-9a-f]{8}){7}", found.rows["版本指纹"])
    head = (unit.docs / ".reviews" / f"{path}.head").read_text().split()
    where, lines, tip = found.rows["审批记录"].splitlines()
    assert (where, lines) == (f"docs/.reviews/{path}.jsonl", "第1至4行，共4行，末行摘要：")
    assert tip.replace(" ", "") == head[1]
    assert (
        found.footer.splitlines()[0]
        == "本表于2026-11-21 11:00由审批记录自动生成，依据记录第1至4行；可用 gongshi doctor 核验"
    )


def test_an_entry_under_review(entry: UnitUnderTest) -> None:
    """What was decided is filled in, what is still to come is blank with lines for a pen, and the form says so."""
    entry.submit(ENTRY)
    entry.approve(ENTRY, stages=1)
    found = form(entry, ENTRY)
    assert "Under review, not approved yet" in found.above
    assert found.rows["First"] == "Agreed\n结论：Agreed　姓名：Head　日期：2026-11-21 10:00"
    for stage in ("Second", "Final"):
        assert re.fullmatch(r"\n签名：　+日期：　+年　+月　+日", found.rows[stage])
    assert found.rows["备注"] == "waits for Second: Deputy"
    assert found.rows["准予发布"] == ""


def test_a_draft(entry: UnitUnderTest) -> None:
    """A form can be printed before the entry is handed in, and says that it proves nothing."""
    found = form(entry, ENTRY)
    assert any(line.startswith("A draft that was not submitted; this form does not allow") for line in found.above)
    assert (found.rows["送审人"], found.rows["送审时间"], found.rows["准予发布"]) == ("", "", "")
    assert "签名：" in found.rows["First"]
    assert "审批记录" not in found.rows
    assert "依据记录" not in found.footer


def test_a_returned_entry(entry: UnitUnderTest) -> None:
    """Who returned it and why stands at the stage that did, and no stage after it can be signed."""
    entry.submit(ENTRY)
    entry.approve(ENTRY, stages=1)
    _act(entry, "return", "deputy", "--note", "Which floor?")
    found = form(entry, ENTRY)
    assert "Returned, not approved" in found.above
    assert found.rows["First"].startswith("Agreed")
    assert found.rows["Second"] == "“Which floor?”\n结论：Returned　姓名：Deputy　日期：2026-11-21 10:00"
    assert found.rows["Final"] == "did not reach this stage"
    assert found.rows["备注"] == "无"


def test_a_return_by_another_stage(entry: UnitUnderTest) -> None:
    """A return by somebody else than the stage that is waited for is a remark, not that stage's opinion."""
    entry.submit(ENTRY)
    _act(entry, "return", "chief", "--note", "Not now")
    found = form(entry, ENTRY)
    assert found.rows["First"] == "did not reach this stage"
    assert found.rows["备注"] == "Round 1, submitted on 2026-11-21, was returned on 2026-11-21 by Chief: “Not now”"


def test_returned_and_submitted_again(entry: UnitUnderTest) -> None:
    """The form of the last round tells of the returns before it; an earlier round has a form of its own."""
    entry.submit(ENTRY)
    entry.approve(ENTRY, stages=1)
    _act(entry, "return", "deputy", "--note", "Which floor?")
    entry.write(ENTRY, title="Water cut, third floor")
    draft = form(entry, ENTRY)
    assert any(line.startswith("A draft that was not submitted") for line in draft.above)
    assert "was returned on 2026-11-21 by Deputy: “Which floor?”" in draft.rows["备注"]
    entry.publish(ENTRY)
    last = form(entry, ENTRY)
    assert "第2轮送审" in last.above[-1]
    assert last.rows["标题"] == "Water cut, third floor"
    assert last.rows["备注"] == "Round 1, submitted on 2026-11-21, was returned on 2026-11-21 by Deputy: “Which floor?”"
    assert last.rows["审批记录"].splitlines()[1] == "第4至7行，共7行，末行摘要："
    first = form(entry, ENTRY, "--round", "1")
    assert first.rows["标题"] == "Water cut"
    assert first.rows["Second"].startswith("“Which floor?”")
    assert first.rows["备注"] == "A later version was approved in round 2, on 2026-11-21"


@pytest.mark.slow
def test_an_earlier_version(entry: UnitUnderTest) -> None:
    """Each publication has its form: chosen by round or by the first digits of its digest, spaces allowed."""
    entry.publish(ENTRY)
    first = form(entry, ENTRY)
    entry.write(ENTRY, title="Second version")
    assert form(entry, ENTRY).rows == first.rows
    edited = make(entry, ENTRY, "--json").json()["form"]
    assert edited["title"] == "Water cut"
    entry.publish(ENTRY)
    assert form(entry, ENTRY).rows["标题"] == "Second version"
    for options in (["--round", "1"], ["--digest", first.rows["版本指纹"][:13]]):
        again = form(entry, ENTRY, *options)
        assert again.rows["标题"] == "Water cut"
        assert again.rows["First"] == first.rows["First"]
        assert again.rows["备注"] == "A later version was approved in round 2, on 2026-11-21"


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--round", "2"], 1, "docs/announcements/a.md: there is no round 2; the dossier has 1"),
        (["--digest", "0000"], 1, "no version of this entry has a digest that begins with this"),
        (["--digest", "xyz"], 2, "a digest is written with 4 to 64"),
        (["--round", "0"], 2, "“0” is not a whole number from 1"),
        (["--round", "１"], 2, "“１” is not a whole number from 1"),
        (["--round", "1", "--digest", "0000"], 2, "name a round or a digest, not both"),
    ],
)
def test_no_such_version(entry: UnitUnderTest, options: list[str], code: int, says: str) -> None:
    """What does not exist is refused, and nothing is written."""
    entry.submit(ENTRY)
    result = make(entry, ENTRY, *options)
    assert (result.exit_code, says in result.errors) == (code, True), result.all
    assert not (entry.root / "form.docx").exists()


def test_an_edited_entry_by_its_digest(entry: UnitUnderTest) -> None:
    """The edit of a published entry gets its form for hand-in, too, when it is asked for by its digest."""
    entry.publish(ENTRY)
    entry.write(ENTRY, title="Second version")
    digest = entry.gongshi("status", f"docs/{ENTRY}", "--json").json()["entries"][0]["draft_digest"]
    found = form(entry, ENTRY, "--digest", digest[:8])
    assert found.rows["标题"] == "Second version"
    assert any(line.startswith("A draft that was not submitted") for line in found.above)


def test_urgent_publication(entry: UnitUnderTest) -> None:
    """Reason, decider and term are shown; the chain is blank until it follows; without it the form says overdue."""
    _rules(entry)
    _act(entry, "urgent", "chief", "--reason", "Storm")
    found = form(entry, ENTRY)
    assert "Published urgently; the full chain is owed until 2026-11-22 10:00" in found.above
    assert found.rows["加急发布"] == ("Storm\n须于2026-11-22 10:00前补办审核\n决定人：Chief　　时间：2026-11-21 10:00")
    assert "签名：" in found.rows["Final"]
    assert found.rows["准予发布"] == "自2026-11-21 10:00起"
    overdue = form(entry, ENTRY, now="2026-11-23T10:00:00+08:00")
    assert "Published urgently and taken down: the full chain did not follow until 2026-11-22 10:00" in overdue.above
    assert overdue.rows["准予发布"] == ""
    for person in ("head", "deputy", "chief2"):
        _act(entry, "approve", person, now=LATER)
    done = form(entry, ENTRY, now=LATER)
    assert done.above[2:] == ["审批状态：approved\t第1轮送审"]
    assert done.rows["加急发布"].startswith("Storm\n")
    assert done.rows["Final"].endswith("姓名：Second chief　日期：2026-11-21 11:00")


def test_a_correction(entry: UnitUnderTest) -> None:
    """A minor correction shows its shorter chain, what was corrected, and the version that it corrects."""
    _rules(entry)
    entry.publish(ENTRY)
    base = form(entry, ENTRY).rows["版本指纹"]
    entry.write(ENTRY, title="Water cut", body="Body text?")
    _act(entry, "correct", "clerk", "--note", "A wrong mark")
    _act(entry, "approve", "head")
    _act(entry, "approve", "chief")
    found = form(entry, ENTRY)
    assert found.rows["更正说明"] == f"A wrong mark\n所更正版本：\n{base}"
    assert [label for label in found.rows if label in ("First", "Second", "Final")] == ["First", "Final"]
    assert found.above[2:] == ["审批状态：approved\t第2轮送审"]


def test_a_withdrawn_entry(entry: UnitUnderTest) -> None:
    """A withdrawal stands on the form of what it withdrew, with reason and date, and at its head."""
    entry.publish(ENTRY)
    _act(entry, "withdraw", "chief", "--reason", "Rain", now=LATER)
    (entry.docs / ENTRY).unlink()
    found = form(entry, ENTRY, now=LATER)
    assert "Withdrawn on 2026-11-21" in found.above
    assert found.rows["撤回"] == "Rain\n决定人：Chief　　时间：2026-11-21 11:00"
    assert found.rows["Final"].endswith("姓名：Chief　日期：2026-11-21 10:00")
    entry.write(ENTRY, title="Again")
    entry.publish(ENTRY, now=LATER)
    assert "撤回" not in form(entry, ENTRY, now=LATER).rows
    _act(entry, "withdraw", "chief", "--reason", "Snow", now=LATER)
    assert form(entry, ENTRY, now=LATER).rows["撤回"].startswith("Snow\n")
    assert form(entry, ENTRY, "--round", "1", now=LATER).rows["撤回"].startswith("Rain\n")


def test_a_scheduled_entry(unit: UnitUnderTest) -> None:
    """From when it may be public is its own time, not that of the approval."""
    unit.write(ENTRY, publish_at="2026-12-01 08:30")
    unit.publish(ENTRY)
    found = form(unit, ENTRY)
    assert found.above[2:] == ["审批状态：scheduled\t第1轮送审"]
    assert found.rows["准予发布"] == "自2026-12-01 08:30起"
    assert found.rows["发布要求"] == "public from 2026-12-01 08:30"


def test_void_approvals_are_no_approvals(entry: UnitUnderTest) -> None:
    """A forged approval by who lacks the role, or by the author, fills no stage; the remarks name its line."""
    chain = ("first", "second", "final")
    entry.submit(ENTRY)
    _forge(entry, Action.APPROVE, "deputy", stage="first", chain=chain, note="FORGED")
    found = form(entry, ENTRY)
    assert "签名：" in found.rows["First"]
    assert "FORGED" not in str(found.rows)
    assert found.rows["备注"].startswith("1. Line 2 of the dossier does not count: Deputy does not hold the role")


def test_an_authors_own_approval(unit: UnitUnderTest) -> None:
    """Who wrote the version may hold the role: the approval still does not count, and the form is void."""
    unit.write(ENTRY, author="deputy")
    chain = ("first", "second", "final")
    unit.submit(ENTRY)
    unit.approve(ENTRY, stages=1)
    _forge(unit, Action.APPROVE, "deputy", stage="second", chain=chain, note="FORGED")
    under_way = form(unit, ENTRY)
    assert "签名：" in under_way.rows["Second"]
    _forge(unit, Action.APPROVE, "chief", stage="final", chain=chain)
    found = form(unit, ENTRY)
    assert any(line.startswith("The approval does not count; this form does not allow") for line in found.above)
    assert found.rows["Second"] == "does not count; see the remarks"
    assert "FORGED" not in str(found.rows)
    assert found.rows["准予发布"] == ""
    assert (
        "Line 3 of the dossier does not count: Deputy wrote, submitted or urgently published it" in found.rows["备注"]
    )


@pytest.mark.slow
def test_signed_decisions(entry: UnitUnderTest) -> None:
    """Each signed decision names the fingerprint of its key; the form says whether all are signed."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not installed")
    section = settings()
    for person in ("clerk", "head", "deputy"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", str(entry.root / person)]
        subprocess.run(command, check=True)
        section["people"][person]["key"] = (entry.root / f"{person}.pub").read_text().strip()
    entry.configure(section)
    _act(entry, "submit", "clerk", "--key", "clerk")
    _act(entry, "approve", "head", "--key", "head")
    listed = subprocess.run(
        ["ssh-keygen", "-lf", str(entry.root / "head.pub")], capture_output=True, text=True, check=True
    )
    fingerprint = listed.stdout.split()[1]
    found = form(entry, ENTRY)
    assert found.rows["First"].endswith(f"\n电子签名：{fingerprint}")
    assert found.rows["版本指纹"].endswith("every decision above carries an electronic signature")
    _act(entry, "approve", "deputy")
    found = form(entry, ENTRY)
    assert "电子签名" not in found.rows["Second"]
    assert found.rows["版本指纹"].endswith("2 of 3 decisions carry an electronic signature")
    section["people"]["head"]["key"] = section["people"]["deputy"]["key"]
    section["people"]["deputy"].pop("key")
    entry.configure(section)
    assert form(entry, ENTRY).rows["First"].endswith("电子签名：does not prove that it was Head")


def test_a_damaged_record_is_refused(entry: UnitUnderTest) -> None:
    """A changed dossier and a changed approved file give one message and no form."""
    entry.publish(ENTRY)
    dossier = entry.dossier(ENTRY)
    whole = dossier.read_bytes()
    dossier.write_bytes(whole.replace(b'"by":"head"', b'"by":"chief"'))
    result = make(entry, ENTRY)
    assert (result.exit_code, "docs/.reviews/announcements/a.md.jsonl:3: " in result.errors) == (1, True)
    dossier.write_bytes(whole)
    for kept in (entry.docs / ".reviews" / "objects").rglob("*"):
        if kept.is_file():
            kept.write_bytes(b"other")
    result = make(entry, ENTRY)
    assert (result.exit_code, "the approved file was changed" in result.errors) == (1, True)
    assert not (entry.root / "form.docx").exists()


def test_a_record_where_none_can_be(entry: UnitUnderTest) -> None:
    """A dossier at an address that belongs to the site is no entry's record."""
    archive = ReviewStore(entry.docs)
    archive.append(Dossier("assets/x.md"), Decision(Action.SUBMIT, "clerk", datetime.fromisoformat(LATER), "0" * 64))
    result = make(entry, "assets/x.md")
    assert (result.exit_code, "the address /assets/ is reserved" in result.errors) == (1, True)


def test_changed_after_it_was_submitted(entry: UnitUnderTest) -> None:
    """A form shows the submitted version where it was kept, and never another text in its place."""
    entry.submit(ENTRY)
    entry.write(ENTRY, title="Other")
    result = make(entry, ENTRY)
    assert result.exit_code == 1
    assert "docs/announcements/a.md: the version of round 1 was not kept" in result.errors
    entry.submit(ENTRY)
    entry.approve(ENTRY, stages=1)
    entry.write(ENTRY, title="Still other")
    found = form(entry, ENTRY)
    assert found.rows["标题"] == "Other"
    assert "the file was changed after it was submitted" in found.rows["备注"]


def test_nothing_to_show(entry: UnitUnderTest) -> None:
    """A draft with problems, a file that is gone, a folder of many: one message each."""
    entry.write(ENTRY, "---\ntitel: A\n---\n")
    result = make(entry, ENTRY)
    assert (result.exit_code, "docs/announcements/a.md:2: titel: " in result.errors) == (1, True)
    entry.write(ENTRY)
    entry.submit(ENTRY)
    (entry.docs / ENTRY).unlink()
    assert "was not kept" in make(entry, ENTRY).errors
    entry.write("announcements/b.md")
    several = entry.gongshi("form", "docs/announcements")
    assert (several.exit_code, "is a folder with several entries" in several.errors) == (2, True)
    assert entry.gongshi("form", "docs/nowhere.md").exit_code == 2


def test_no_record(entry: UnitUnderTest) -> None:
    """With `assurance: flag` nothing is filled in that nobody recorded: the form is for signatures on paper."""
    entry.configure(settings(assurance="flag"))
    entry.write(ENTRY, status="approved", approved_by={"first": "head", "second": "deputy", "final": "chief"})
    found = form(entry, ENTRY)
    assert any(line.startswith("This unit keeps no record of decisions") for line in found.above)
    assert all("签名：" in found.rows[stage] for stage in ("First", "Second", "Final"))


def test_a_standing_page(unit: UnitUnderTest) -> None:
    """Pages outside the columns have forms, too."""
    unit.write("about/index.md", date=None, author=None, title="About us")
    unit.publish("about/index.md")
    found = form(unit, "about/index.md")
    assert (found.rows["栏目"], found.rows["拟稿人"]) == ("standing page", "")
    assert found.rows["网址"] == "https://www.unit.example/about/"


def test_where_it_is_written(entry: UnitUnderTest) -> None:
    """By default into this folder, named after the entry; never into the content folder, nor over the template."""
    result = entry.gongshi("form", f"docs/{ENTRY}")
    assert (result.exit_code, result.output) == (0, "form-announcements-a.docx\n")
    assert read(entry.root / "form-announcements-a.docx").rows["标题"] == "Water cut"
    entry.write("announcements/2026/bundle/index.md")
    assert entry.gongshi("form", "docs/announcements/2026/bundle").output == "form-announcements-2026-bundle.docx\n"
    before = sorted(entry.docs.rglob("*"))
    for target in (
        "docs/form.docx", "docs/announcements/2026/bundle/x.docx", "docs/.reviews/x.docx",
        "hooks/form.docx", "hooks/gongshi/theme/x.docx", "hooks/gongshi/templates/form.docx",
    ):  # fmt: skip
        refused = entry.gongshi("form", f"docs/{ENTRY}", "-o", target)
        assert (refused.exit_code, "name a place outside" in refused.errors) == (2, True)
    assert sorted(entry.docs.rglob("*")) == before
    (entry.root / "link").symlink_to(entry.docs)
    assert entry.gongshi("form", f"docs/{ENTRY}", "-o", "link/form.docx").exit_code == 2
    assert entry.gongshi("form", f"docs/{ENTRY}", "-o", "form.txt").exit_code == 2
    shutil.copy(TEMPLATE, entry.root / "t.docx")
    over = entry.gongshi("form", f"docs/{ENTRY}", "--template", "t.docx", "-o", "t.docx")
    assert (over.exit_code, "is the template itself" in over.errors) == (2, True)


def test_facts_for_programs(entry: UnitUnderTest) -> None:
    """`--json` gives every placeholder and its parts, also of what there was not, and where the file is."""
    entry.publish(ENTRY)
    facts = make(entry, ENTRY, "--json").json()
    assert (facts["path"], facts["files"], facts["pdf_error"]) == (ENTRY, ["form.docx"], None)
    assert entry.gongshi("form", f"docs/{ENTRY}", "--json").json() == {**facts, "files": []}
    assert [file.name for file in entry.root.glob("form*.docx")] == ["form.docx"]
    shown = facts["form"]
    absent = dict.fromkeys(("by", "via", "at", "reason", "signature"), "")
    assert (shown["state"], shown["round"], shown["withdrawal"], shown["urgent"]) == (
        "approved",
        1,
        absent,
        {**absent, "until": ""},
    )
    assert [stage["by"] for stage in shown["stages"]] == ["Head", "Deputy", "Chief"]
    assert shown["digest"] == shown["digest_groups"].replace(" ", "")


def test_every_placeholder_is_documented(entry: UnitUnderTest) -> None:
    """The table in reports/form/placeholders.py names each placeholder and each part of it, and none that there is not."""
    _rules(entry)
    _act(entry, "urgent", "chief", "--reason", "Storm")
    shown = make(entry, ENTRY, "--json").json()["form"]
    parts = {"files": {"number", "title", "name", "size"}}
    for name, value in shown.items():
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict):
            parts[name] = set(first)
    rows = re.findall(r"^\| (`.*?) \| (.*?) \|$", (outputs_form.__doc__ or ""), re.MULTILINE)
    documented = {name for names, _words in rows for name in re.findall(r"`(\w+)", names)}
    assert documented == set(shown)
    for name, known in parts.items():
        row = next(f"{names} {words}" for names, words in rows if re.search(rf"`{name}\b", names))
        assert known <= set(re.findall(r"\.(\w+)`", row)), name


@pytest.mark.slow
def test_the_form_speaks_the_sites_language(entry: UnitUnderTest) -> None:
    """What is filed is the same whoever makes it: the form speaks the site's language, messages the reader's."""
    entry.submit(ENTRY)
    english = form(entry, ENTRY)
    assert english.above[-1] == "审批状态：under review\t第1轮送审"
    make(replace(entry, environment={"LANG": "zh_CN.UTF-8"}), ENTRY)
    assert read(entry.root / "form.docx") == english
    entry.configure(settings(), theme={"name": "gongshi", "language": "zh"})
    assert form(entry, ENTRY).above[-1] == "审批状态：审核中\t第1轮送审"


def test_thirty_rounds(entry: UnitUnderTest) -> None:
    """Many returned rounds are all remembered, in order."""
    for number in range(30):
        _forge(entry, Action.SUBMIT, "clerk")
        _forge(entry, Action.RETURN, "head", note=f"Reason {number} again")
    entry.submit(ENTRY)
    remarks = form(entry, ENTRY).rows["备注"].splitlines()
    assert [line.rsplit(" ", 2)[1] for line in remarks[:30]] == [str(number) for number in range(30)]
    assert remarks[30] == "31. waits for First: Head"


@pytest.mark.slow
def test_the_sample_unit_has_forms(tmp_path: Path) -> None:
    """Every entry of the sample unit, whatever its state, has a form."""
    unit = copy_sample(tmp_path / "unit")
    entries = unit.gongshi("status", "--json", now=NOW).json()["entries"]
    by_state = {entry["state"]: entry["path"] for entry in entries}
    assert len(by_state) > 5
    for path in by_state.values():
        assert form(unit, path, now=NOW).rows["标题"]


def test_nothing_is_lost(entry: UnitUnderTest) -> None:
    """A file with other bytes is replaced only with --force; the same bytes again are no loss; one bad name stops all."""
    entry.write("activities/a.md")
    made = [entry.gongshi("form", f"docs/{path}").output for path in (ENTRY, "activities/a.md")]
    assert made == ["form-announcements-a.docx\n", "form-activities-a.docx\n"]
    assert entry.gongshi("form", f"docs/{ENTRY}").exit_code == 0
    file = entry.root / "form-announcements-a.docx"
    file.write_bytes(b"signed on paper, scanned")
    refused = entry.gongshi("form", f"docs/{ENTRY}")
    assert (refused.exit_code, file.read_bytes()) == (1, b"signed on paper, scanned")
    assert "form-announcements-a.docx exists already; name another file, or add --force" in refused.errors
    assert entry.gongshi("form", f"docs/{ENTRY}", "--force").exit_code == 0
    assert read(file).rows["标题"] == "Water cut"


@pytest.mark.slow
def test_a_filled_form_is_no_template(entry: UnitUnderTest) -> None:
    """It would say the same of every entry."""
    assert entry.gongshi("form", f"docs/{ENTRY}", "-o", "filled.docx").exit_code == 0
    result = entry.gongshi("form", f"docs/{ENTRY}", "-o", "b.docx", "--template", "filled.docx")
    assert (result.exit_code, (entry.root / "b.docx").exists()) == (1, False)
    assert "filled.docx: names no placeholder such as {{ title }}" in result.errors
    (entry.own_hooks() / "form.docx").symlink_to("lost.docx")
    lost = entry.gongshi("form", f"docs/{ENTRY}", "-o", "b.docx")
    assert (lost.exit_code, "hooks/form.docx: cannot be read" in lost.errors) == (1, True)
