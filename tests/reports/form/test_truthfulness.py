"""A review form says nothing that is not so: forged lines, keys taken away, gaps, what never came before the public."""

from __future__ import annotations

import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongshi.domain.config import loader
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.store import ReviewStore
from gongshi.domain.review.decision_sources import open_decisions
from gongshi.domain.review.snapshot import status_with_context, take_snapshot
from gongshi.domain.review.status import EntryStatus, WithheldReason
from support.form_templates import Form, form, make
from support.office_reader import Office, generous
from support.sample_unit import copy_sample
from support.signed_unit import decide, publish, sign_decisions
from support.unit import UnitUnderTest

ENTRY = "announcements/a.md"
LATER = "2026-11-25T12:00:00+08:00"


@pytest.fixture
def signed(unit: UnitUnderTest) -> Office:
    """A unit whose decisions count with a signature only, with one draft; and who can write its dossiers."""
    sign_decisions(unit)
    unit.write(ENTRY, title="Water cut")
    return Office(unit)


@pytest.fixture
def office(unit: UnitUnderTest) -> Office:
    """A unit that may publish urgently, where each has two days for the chain."""
    unit.configure(generous())
    unit.write(ENTRY, title="Water cut")
    return Office(unit)


def _said(found: Form) -> str:
    return "\n".join([*found.above, *(f"{label}: {text}" for label, text in found.rows.items())])


def _status(unit: UnitUnderTest, path: str = ENTRY, now: str = LATER) -> dict[str, Any]:
    found: dict[str, Any] = unit.gongshi("status", path, "--json", now=now).json()["entries"][0]
    return found


def test_a_withdrawal_that_nobody_signed(signed: Office) -> None:
    """Its words and whom it names stand on no form of the entry; line, flaw and that the page is down do."""
    unit = signed.unit
    publish(unit)
    signed.forge(ENTRY, Action.WITHDRAW, "chief", "2026-11-21 11:00", reason="FORGED", notice=True)
    found = form(unit, ENTRY, now=LATER)
    assert "FORGED" not in _said(found)
    assert "撤回" not in found.rows
    assert "Not public: line 5 of the dossier took it down, although it does not count" in found.above
    assert found.above[-1].startswith("审批状态：taken down")
    assert found.rows["备注"] == (
        "Line 5 of the dossier does not count: has no signature by a key that mkdocs.yml gives for Chief on "
        "2026-11-21; but the page was taken down, without a notice"
    )
    assert found.rows["版本指纹"].endswith(
        "every decision above that counts carries an electronic signature; for the others see the remarks"
    )
    shown = make(unit, ENTRY, "--json", now=LATER).json()["form"]
    assert shown["withdrawal"] == {"by": "", "via": "", "at": "", "reason": "", "signature": ""}


@pytest.mark.slow
def test_a_forged_withdrawal_on_the_forms_of_earlier_rounds(signed: Office) -> None:
    """It took every round down, so every form names its line, whatever was submitted since."""
    unit = signed.unit
    publish(unit)
    unit.write(ENTRY, title="Second version")
    publish(unit)
    signed.forge(ENTRY, Action.WITHDRAW, "chief", "2026-11-21 11:00", reason="FORGED", notice=True)
    unit.write(ENTRY, title="Third version")
    decide(unit, "submit", "clerk", now=LATER)
    for number in ("1", "2"):
        found = form(unit, ENTRY, "--round", number, now=LATER)
        assert "FORGED" not in _said(found)
        assert "line 9 of the dossier took it down" in _said(found)
        assert "Line 9 of the dossier does not count" in found.rows["备注"]
    third = form(unit, ENTRY, now=LATER)
    assert "Under review, not approved yet" in third.above
    assert "FORGED" not in _said(third)


def test_a_withdrawal_that_counts_after_one_that_does_not(office: Office) -> None:
    """The one that counts is shown, the other is a remark."""
    unit = office.unit
    unit.publish(ENTRY)
    office.forge(ENTRY, Action.WITHDRAW, "clerk", "2026-11-21 11:00", reason="FORGED", notice=True)
    assert "撤回" not in form(unit, ENTRY, now=LATER).rows
    office.forge(ENTRY, Action.WITHDRAW, "chief", "2026-11-21 12:00", reason="An error", notice=True)
    found = form(unit, ENTRY, now=LATER)
    assert found.rows["撤回"].startswith("An error\n")
    assert "FORGED" not in _said(found)
    assert "Line 5 of the dossier does not count: Clerk does not hold the role" in found.rows["备注"]


def test_the_sentence_on_signatures_counts_the_withdrawal(signed: Office) -> None:
    """Where signatures are asked for no more, an unsigned withdrawal counts, and is one of those without."""
    unit = signed.unit
    publish(unit)
    section = yaml.safe_load((unit.root / "mkdocs.yml").read_text())["extra"]["gongshi"]
    section["review"]["signed"] = False
    unit.configure(section)
    assert unit.gongshi("withdraw", ENTRY, "--as", "chief", "--reason", "An error", now=LATER).exit_code == 0
    found = form(unit, ENTRY, now=LATER)
    assert found.rows["撤回"].startswith("An error\n")
    assert found.rows["版本指纹"].endswith("4 of 5 decisions carry an electronic signature")


def test_a_return_that_nobody_signed(signed: Office) -> None:
    """Its words are no stage's opinion, and no later form repeats them: that a line ended the round is a remark."""
    unit = signed.unit
    decide(unit, "submit", "clerk")
    decide(unit, "approve", "head")
    signed.forge(ENTRY, Action.RETURN, "deputy", "2026-11-21 11:00", note="FORGED")
    found = form(unit, ENTRY, now=LATER)
    assert "FORGED" not in _said(found)
    assert found.rows["Second"] == "did not reach this stage"
    assert "Not approved: line 3 of the dossier ended this round, although it does not count" in found.above
    why = "has no signature by a key that mkdocs.yml gives for Deputy on 2026-11-21"
    assert found.rows["备注"] == f"Line 3 of the dossier does not count: {why}; but it ended the round"
    publish(unit, now=LATER)
    again = form(unit, ENTRY, now=LATER)
    assert "FORGED" not in _said(again)
    assert again.rows["备注"] == (f"Round 1, submitted on 2026-11-21, was ended by line 3, which does not count: {why}")


def test_a_return_that_counts_is_one_of_the_signed(signed: Office) -> None:
    """The sentence on signatures counts returns, in their stage and in the remarks."""
    unit = signed.unit
    decide(unit, "submit", "clerk")
    decide(unit, "return", "head", "--note", "Which floor?")
    every = "every decision above carries an electronic signature"
    assert form(unit, ENTRY).rows["版本指纹"].endswith(every)
    section = yaml.safe_load((unit.root / "mkdocs.yml").read_text())["extra"]["gongshi"]
    section["review"]["signed"] = False
    unit.configure(section)
    unit.submit(ENTRY)
    signed.forge(ENTRY, Action.RETURN, "head", "2026-11-21 11:00", note="And when?")
    assert form(unit, ENTRY, now=LATER).rows["版本指纹"].endswith("1 of 3 decisions carry an electronic signature")


def _without_key(unit: UnitUnderTest, person: str) -> None:
    section = yaml.safe_load((unit.root / "mkdocs.yml").read_text())["extra"]["gongshi"]
    del section["people"][person]["key"]
    unit.configure(section)


def test_without_the_clerks_key(signed: Office) -> None:
    """Where no submission counts any more the form is no untouched draft: it lists every line that does not count."""
    unit = signed.unit
    publish(unit)
    _without_key(unit, "clerk")
    found = form(unit, ENTRY)
    assert "The decisions on it do not count; this form does not allow publishing it" in found.above
    assert found.above[-1].startswith("审批状态：approval void")
    assert _status(unit)["state"] == "void"
    remarks = found.rows["备注"].splitlines()
    assert [line.split(" of the dossier")[0] for line in remarks] == [f"{n}. Line {n}" for n in range(1, 5)]
    assert found.rows["First"] == "does not count; see the remarks"


def test_lines_before_the_first_round(office: Office) -> None:
    """What did not count before the first submission that does is a remark on the form of the first round."""
    unit = office.unit
    office.forge(ENTRY, Action.SUBMIT, "stranger", "2026-11-20 09:00")
    unit.publish(ENTRY)
    remarks = form(unit, ENTRY).rows["备注"]
    assert remarks == "Line 1 of the dossier does not count: stranger is not in people in mkdocs.yml"


@pytest.mark.slow
def test_without_the_chiefs_key(signed: Office) -> None:
    """An earlier round whose last approval does not count is no round that was merely given up."""
    unit = signed.unit
    publish(unit)
    unit.write(ENTRY, title="Second version")
    publish(unit)
    _without_key(unit, "chief")
    for number, line in (("1", 4), ("2", 8)):
        found = form(unit, ENTRY, "--round", number)
        assert any(text.startswith("The approval does not count") for text in found.above)
        assert found.rows["Final"].splitlines()[0] in ("does not count; see the remarks", "")
        assert f"Line {line} of the dossier does not count: has no signature" in found.rows["备注"]
        assert found.rows["版本指纹"].endswith("for the others see the remarks")
        assert found.rows["准予发布"] == ""


def test_the_same_word_as_status(office: Office) -> None:
    """After a forged approval the form says of an open round what `status` and `diff` say: the approval is void."""
    unit = office.unit
    unit.submit(ENTRY)
    for stage in ("first", "second"):
        office.forge(ENTRY, Action.APPROVE, "clerk", "2026-11-21 10:00", stage=stage)
    found = form(unit, ENTRY)
    assert found.above[-1].startswith("审批状态：approval void")
    assert make(unit, ENTRY, "--json").json()["form"]["state"] == _status(unit)["state"] == "void"
    assert "签名：" in found.rows["First"], "who may approve still can"


def test_a_submission_that_nobody_signed(signed: Office) -> None:
    """It ends the round that it does not open: the form says so with its line, and the word that `status` has."""
    unit = signed.unit
    decide(unit, "submit", "clerk")
    signed.forge(ENTRY, Action.SUBMIT, "clerk", "2026-11-21 11:00", note="FORGED")
    found = form(unit, ENTRY, now=LATER)
    assert make(unit, ENTRY, "--json", now=LATER).json()["form"]["state"] == _status(unit)["state"] == "void"
    assert any(line.startswith("The decisions on it do not count") for line in found.above)
    assert found.rows["备注"].startswith("Line 2 of the dossier does not count: has no signature")
    assert found.rows["备注"].endswith("; but it ended the round")
    assert "FORGED" not in _said(found)


def test_an_urgent_publication_that_a_later_return_took_down(office: Office) -> None:
    """Handed in again and returned, the same version is not public any more: the form of its first round knows."""
    unit = office.unit
    office.actions("chief", "2026-11-24 10:00").urgent(ENTRY, "Storm")
    unit.write(ENTRY, title="Another")
    office.actions("clerk", "2026-11-24 11:00").submit(ENTRY)
    unit.write(ENTRY, title="Water cut")
    office.actions("clerk", "2026-11-24 12:00").submit(ENTRY)
    assert make(unit, ENTRY, "--round", "1", "--json", now=LATER).json()["form"]["state"] == "urgent"
    office.actions("head", "2026-11-24 13:00").return_to_author(ENTRY, "No")
    assert _status(unit)["public"] is None
    assert make(unit, ENTRY, "--round", "1", "--json", now=LATER).json()["form"]["state"] == "given-up"


def test_urgent_and_then_another_version(office: Office) -> None:
    """While the new version is under review the urgent one is public, and its form and `status` say so."""
    unit = office.unit
    office.actions("chief", "2026-11-22 10:00").urgent(ENTRY, "Storm")
    unit.write(ENTRY, title="Second version")
    office.actions("clerk", "2026-11-22 11:00").submit(ENTRY)
    noon = "2026-11-22T12:00:00+08:00"
    found = form(unit, ENTRY, "--round", "1", now=noon)
    assert "Published urgently; the full chain is owed until 2026-11-24 10:00" in found.above
    assert found.rows["准予发布"] == "自2026-11-22 10:00起"
    assert found.rows["First"] == "did not reach this stage", "that round is over"
    text = unit.gongshi("status", ENTRY, now=noon).output
    assert "the version published urgently on 2026-11-22 is public" in text
    assert "approved on" not in text
    overdue = form(unit, ENTRY, "--round", "1", now=LATER)
    assert any(line.startswith("Published urgently and taken down") for line in overdue.above)
    for person in ("head", "deputy", "vice"):
        office.actions(person, "2026-11-22 13:00").approve(ENTRY)
    replaced = form(unit, ENTRY, "--round", "1", now=LATER)
    assert "This round ended without approval" in replaced.above
    assert "It was published urgently at 2026-11-22 10:00, and later replaced or returned" in replaced.rows["备注"]


def test_a_chain_that_was_passed_late(office: Office) -> None:
    """The form of what came back tells from when to when it was down; one in time tells nothing."""
    unit = office.unit
    office.actions("chief", "2026-11-22 10:00").urgent(ENTRY, "Storm")
    for person in ("head", "deputy", "vice"):
        office.actions(person, "2026-11-25 11:00").approve(ENTRY)
    found = form(unit, ENTRY, now=LATER)
    gap = "It was not public from 2026-11-24 10:00 to 2026-11-25 11:00: until then its chain had not followed"
    assert found.rows["备注"] == gap
    assert found.rows["准予发布"] == "自2026-11-22 10:00起"
    unit.write("announcements/b.md")
    office.actions("vice", "2026-11-25 11:00").urgent("announcements/b.md", "Storm")
    for person in ("head", "deputy", "chief"):
        office.actions(person, "2026-11-25 11:30").approve("announcements/b.md")
    assert form(unit, "announcements/b.md", now=LATER).rows["备注"] == "无"


@pytest.mark.slow
def test_withdrawn_before_its_day(office: Office) -> None:
    """What was withdrawn or replaced before its time came was never released, and its form says so."""
    unit = office.unit
    office.publish(ENTRY, "2026-11-20 09:00", publish_at="2026-11-24 09:00")
    office.publish("announcements/b.md", "2026-11-20 09:00", publish_at="2026-11-24 09:00", title="One")
    assert form(unit, "announcements/b.md").rows["准予发布"] == "自2026-11-24 09:00起"
    office.actions("chief", "2026-11-21 09:00").withdraw(ENTRY, "Not after all")
    office.publish("announcements/b.md", "2026-11-21 09:00", title="Two")
    never = "It was never public: it was replaced or withdrawn before its time"
    for now in ("2026-11-22T09:00:00+08:00", LATER):
        gone = form(unit, ENTRY, now=now)
        assert (gone.rows["准予发布"], gone.rows["撤回"].splitlines()[0]) == ("", "Not after all")
        replaced = form(unit, "announcements/b.md", "--round", "1", now=now)
        assert replaced.rows["准予发布"] == ""
        assert replaced.above[-1].startswith("审批状态：approved")
        assert never in gone.rows["备注"]
        assert never in replaced.rows["备注"]
        assert form(unit, "announcements/b.md", now=now).rows["准予发布"] == "自2026-11-21 09:00起"


def test_withdrawn_after_its_day(office: Office) -> None:
    """What was public and then withdrawn keeps the time from which it was."""
    unit = office.unit
    office.publish(ENTRY, "2026-11-20 09:00", publish_at="2026-11-21 09:00")
    office.actions("chief", "2026-11-22 09:00").withdraw(ENTRY, "An error")
    assert form(unit, ENTRY, now=LATER).rows["准予发布"] == "自2026-11-21 09:00起"


def _rivals(office: Office) -> str:
    """Two approved entries with one address; gives the one that came later."""
    office.publish("announcements/b.md", "2026-11-20 09:00", title="First come")
    (office.unit.docs / "announcements/b.md").unlink()
    later = "announcements/b/index.md"
    office.publish(later, "2026-11-21 09:00", title="Second come")
    assert _status(office.unit, later)["state"] == "address-taken"
    return later


def test_an_address_that_is_taken(office: Office) -> None:
    """The form of what stands at no address says that it is not public, and why, and gives no day of release."""
    path = _rivals(office)
    found = form(office.unit, path, now=LATER)
    assert "Not public: another published page has its address; see the remarks" in found.above
    assert "docs/announcements/b.md, which was published first" in found.rows["备注"]
    assert found.rows["准予发布"] == ""
    assert make(office.unit, path, "--json", now=LATER).json()["form"]["state"] == "address-taken"
    assert form(office.unit, "announcements/b.md", now=LATER).rows["备注"] == "无"
    shown = office.unit.gongshi("diff", path, "--json", now=LATER).json()
    assert (shown["public"], shown["state"]) == (None, "address-taken")


def _alike(one: EntryStatus, other: EntryStatus) -> bool:
    facts = [(s.reason, s.public and (s.public.form, s.public.since), s.problems, s.rejected) for s in (one, other)]
    return facts[0] == facts[1]


def test_one_entry_stands_as_in_the_whole_unit(tmp_path: Path) -> None:
    """Whatever is read of the others: of every entry of the sample unit, and of one whose files are another's folder."""
    unit = copy_sample(tmp_path / "unit")
    rivals = UnitUnderTest(tmp_path / "rivals")
    office = Office(rivals)
    office.publish("guide.md", "2026-02-01 09:00", date=None)
    (rivals.docs / "guide.md").unlink()
    office.publish("guide/index.md", "2026-02-02 09:00", date=None)
    office.publish("plan/a.txt/b.md", "2026-02-03 09:00", date=None)
    shutil.rmtree(rivals.docs / "plan")
    rivals.write("plan/a.txt", b"text")
    office.publish("plan/index.md", "2026-02-04 09:00", date=None)
    office.publish("index.md", "2026-02-03 09:00", date=None)
    reasons: Counter[WithheldReason | None] = Counter()
    for root in (unit.root, rivals.root):
        found, now = loader.load_configuration(root / "mkdocs.yml"), datetime.fromisoformat(LATER)
        whole, tree = take_snapshot(found, now), DocsTree(found.docs, found.policy)
        decisions = open_decisions(found, tree)
        for path, status in whole.statuses.items():
            alone, _owed = status_with_context(path, tree, decisions, found, now)
            assert _alike(alone, status), path
            reasons[status.reason] += 1
    assert reasons[WithheldReason.ADDRESS_TAKEN] == 2
    assert {WithheldReason.SUBMITTED, None} <= reasons.keys()


def _debtor(office: Office) -> None:
    """The chief owes the chain of one entry, and lets another be published urgently in the dossier."""
    office.unit.write("announcements/debt.md")
    office.actions("chief", "2026-11-20 10:00").urgent("announcements/debt.md", "Storm")
    configured = loader.load_configuration(office.unit.root / "mkdocs.yml")
    snapshot = take_snapshot(configured, datetime.fromisoformat(LATER))
    draft = snapshot.statuses[ENTRY].draft
    assert draft is not None
    assert draft.version is not None
    values = {"digest": draft.version.digest, "files": {"a.md": office.keep(ENTRY)}, "reason": "Storm"}
    until = datetime.fromisoformat("2026-11-27T10:00:00+08:00")
    office.forge(ENTRY, Action.URGENT, "chief", "2026-11-25 10:00", until=until, **values)


def test_urgent_while_another_chain_is_owed(office: Office) -> None:
    """Who owes a chain publishes nothing urgently: form and `diff` say what the gate does, as `status` does."""
    _debtor(office)
    unit = office.unit
    assert _status(unit)["public"] is None
    found = form(unit, ENTRY, now=LATER)
    assert "加急发布" not in found.rows
    assert found.rows["准予发布"] == ""
    assert "Under review, not approved yet" in found.above
    assert "Line 1 of the dossier does not count: the chain of the urgent publication before" in found.rows["备注"]
    shown = unit.gongshi("diff", ENTRY, "--json", now=LATER).json()
    assert (shown["public"], shown["state"]) == (None, _status(unit)["state"])
    assert "public is: nothing of this entry" in unit.gongshi("diff", ENTRY, now=LATER).output


def test_days_are_the_units(unit: UnitUnderTest) -> None:
    """An act at 18:00 in London is one of the next day in Shanghai, in every sentence of the form."""
    unit.configure(generous())
    unit.write(ENTRY)
    digest, files = _status(unit)["draft_digest"], {"a.md": Office(unit).keep(ENTRY)}
    chain = ("first", "second", "final")

    def act(act: Action, by: str, **values: Any) -> None:
        archive = ReviewStore(unit.docs)
        at = datetime.fromisoformat("2026-11-10T18:00:00+00:00")
        archive.append(archive.read_dossier(ENTRY), Decision(act, by, at, digest, **values))

    act(Action.SUBMIT, "clerk")
    act(Action.RETURN, "chief", note="Not now")
    act(Action.SUBMIT, "clerk")
    for person, stage in zip(("head", "deputy", "chief"), chain, strict=True):
        act(Action.APPROVE, person, stage=stage, chain=chain, files=files)
    act(Action.APPROVE, "clerk", stage="first", chain=chain, files=files)
    assert _status(unit)["public"] == "page"
    first, second = form(unit, ENTRY, "--round", "1", now=LATER), form(unit, ENTRY, now=LATER)
    assert "submitted on 2026-11-11, was returned on 2026-11-11 by Chief" in first.rows["备注"]
    assert "A later version was approved in round 2, on 2026-11-11" in first.rows["备注"]
    assert "2026-11-10" not in _said(first) + _said(second)
    act(Action.WITHDRAW, "chief", reason="An error", notice=True)
    assert "Withdrawn on 2026-11-11" in form(unit, ENTRY, now=LATER).above
    for command in (("status", ENTRY), ("diff", ENTRY)):
        text = unit.gongshi(*command, now=LATER).output
        assert "2026-11-11" in text
        assert "2026-11-10" not in text


def test_notes_are_set_apart(office: Office) -> None:
    """Nobody writes a line into an opinion that looks like the form's own: notes stand in marks they cannot close."""
    unit = office.unit
    unit.submit(ENTRY)
    note = "Fine”\n签名：主要负责人\n电子签名：SHA256:abc“"
    files = {"a.md": office.keep(ENTRY)}
    office.forge(ENTRY, Action.APPROVE, "head", "2026-11-21 10:00", stage="first", note=note, files=files)
    opinion, line = form(unit, ENTRY).rows["First"].splitlines()
    assert opinion == "“Fine’ 签名：主要负责人 电子签名：SHA256:abc‘”"
    assert line == "结论：Agreed　姓名：Head　日期：2026-11-21 10:00"
    assert make(unit, ENTRY, "--json").json()["form"]["stages"][0]["note"] == note
