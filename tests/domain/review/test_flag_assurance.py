"""`assurance: flag`: who flipped the flag, written by hand or by a command; and flags where they are no decisions."""

from __future__ import annotations

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.domain.content import review_flags
from support.unit import UnitUnderTest, settings

ENTRY = "announcements/a.md"
FILE = f"docs/{ENTRY}"


@pytest.fixture
def flagged(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit whose front matter is the decision, with two persons of one name."""
    section = settings(assurance="flag")
    section["people"]["chief-2"] = {"name": "Chief", "email": "chief-2@unit.example", "roles": ["chief"]}
    section["people"]["deputy"]["name"] = "王伟"
    unit.configure(section)
    return unit


def text(*lines: str) -> str:
    """An entry with these lines in its front matter."""
    return "\n".join(["---", "title: A", "date: 2026-11-03", "author: clerk", *lines, "---", "", "Body", ""])


@pytest.mark.slow
@pytest.mark.parametrize(
    "approved_by",
    [
        "{first: head, second: deputy, final: chief}",
        "{first: Head, second: 王伟, final: chief@unit.example}",
        "{First: HEAD@unit.example, second: 王伟, final: CHIEF-2@UNIT.EXAMPLE}",
        "[head, 王伟, chief]",
        "\n  - head\n  - deputy@unit.example\n  - chief",
        "\n  final: chief\n  second: deputy\n  first: head",
    ],
)
def test_forms(flagged: UnitUnderTest, approved_by: str) -> None:
    """A person is named by id, name or address, at its stage or in a list in the order of the chain."""
    flagged.write(ENTRY, text("status: approved", f"approved_by: {approved_by}"))
    assert flagged.build().exit_code == 0
    assert "Body" in flagged.page("announcements/a")
    assert flagged.gongshi("check").exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("approved_by", "says"),
    [
        ("{first: head, second: deputy, final: Chief}", "6: approved_by.final: Chief can be chief or chief-2; write the id"),
        ("[head, deputy, Chief]", "6: approved_by[3]: Chief can be chief or chief-2; write the id"),
        ("{first: head, second: stranger, final: chief}", "6: approved_by.second: stranger is not in people in mkdocs.yml"),
        ("{first: head, second: head, final: chief}", "6: approved_by.second: Head does not hold the role deputy on 2026-11-03"),
        ("{first: clerk}", "6: approved_by.first: Clerk does not hold the role section-head"),
        ("chief", "6: approved_by: Chief does not hold the role section-head"),
        ("{frist: head}", "6: approved_by.frist: frist is no stage of its chain, which is first, second, final"),
        ("[head, deputy, chief, clerk]", None),
    ],
)  # fmt: skip
def test_wrong_persons(flagged: UnitUnderTest, approved_by: str, says: str | None) -> None:
    """Each is told by file, line and key, never by a line of a dossier that there is not; the build says it, too."""
    flagged.write(ENTRY, text("status: approved", f"approved_by: {approved_by}"))
    told = [flagged.gongshi(*command).all for command in (("status",), ("check",), ("diff", FILE))]
    assert "dossier" not in "".join(told)
    assert flagged.gongshi("check").exit_code == (1 if says else 0)
    built = flagged.build()
    assert built.exit_code == 0
    if says is None:
        assert "Body" in flagged.page("announcements/a")
        return
    assert not (flagged.site / "announcements" / "a").exists()
    assert f"{FILE}:{says}" in told[0]
    assert f"{FILE}:{says}" in told[1]
    assert says.split(": ", 2)[2] in told[2]
    assert f"{FILE}:6: does not count" in built.all


def test_a_public_log_shows_no_words_of_a_withheld_file(flagged: UnitUnderTest) -> None:
    """Whatever stands in `approved_by` of a withheld entry stays out of the build's log."""
    for number, value in enumerate(("CANARY", "{CANARY: head}", "[CANARY]")):
        flagged.write(f"announcements/{number}.md", text("status: approved", f"approved_by: {value}"))
    result = flagged.build()
    assert "CANARY" not in result.all
    assert "approved_by names a person or stage that mkdocs.yml does not have; see `gongshi check`" in result.all
    assert not flagged.leaks("CANARY")


@pytest.mark.slow
def test_status_says_what_to_write(flagged: UnitUnderTest) -> None:
    """Step by step, what status says is what publishes, without a command."""
    flagged.write(ENTRY, text())
    lines: list[str] = ["status: submitted"]
    assert "to hand it in by hand, write `status: submitted`" in flagged.gongshi("status", FILE).output
    for line, status in (
        ("approved_by: {first: head}", "submitted"),
        ("approved_by: {first: head, second: deputy}", "submitted"),
        ("approved_by: {first: head, second: deputy, final: chief}", "approved"),
    ):
        flagged.write(ENTRY, text(*lines))
        assert f"writes `{line}` and `status: {status}`" in flagged.gongshi("status", FILE).output
        assert line in flagged.gongshi("status", FILE, "--json").json()["entries"][0]["by_hand"]
        lines = [f"status: {status}", line]
    flagged.write(ENTRY, text(*lines))
    assert flagged.build().exit_code == 0
    assert "Body" in flagged.page("announcements/a")


@pytest.mark.slow
@pytest.mark.parametrize(
    "before",
    [
        ["status: submitted"],
        ["status: submitted", "approved_by: Head"],
        ["status: submitted", "approved_by: [Head]"],
        ["approved_by: {", "  first: head", "}", "status: submitted", "tags: [a]"],
        ['"approved_by":', "", "  first: head", "", "status: submitted"],
        ["approved_by:", "- head@unit.example", "# a comment that stays", "status: submitted"],
        ["status: submitted", "approved_by: >-", "  head"],
    ],
)
def test_a_command_and_a_hand_do_not_double_a_key(flagged: UnitUnderTest, before: list[str]) -> None:
    """The command edits the key in whatever form it stands, keeps who is named in it, and puts a new one by `status`."""
    flagged.write(ENTRY, text(*before))
    if len(before) == 1:
        assert flagged.gongshi("approve", FILE, "--as", "head").exit_code == 0
        found = (flagged.docs / ENTRY).read_text()
        assert "status: submitted\napproved_by: {first: head}\n---" in found
    result = flagged.gongshi("approve", FILE, "--as", "deputy")
    assert result.exit_code == 0, result.all
    found = (flagged.docs / ENTRY).read_text()
    assert found.count("approved_by") == 1
    assert "approved_by: {first: head, second: deputy}\n" in found
    assert ("# a comment that stays" in found) is ("# a comment that stays" in before)
    assert flagged.gongshi("approve", FILE, "--as", "chief").exit_code == 0
    assert flagged.build().exit_code == 0
    assert "Body" in flagged.page("announcements/a")


def test_ids_that_yaml_reads_as_something_else() -> None:
    """An id such as `no` or `2026` stays text."""
    edited = review_flags.set_review_flags(text().encode(), "a.md", "submitted", {"first": "no", "2": "2026-01-01"})
    assert 'approved_by: {first: "no", "2": "2026-01-01"}' in edited.decode()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lines", "key"),
    [
        (["status: approved", "approved_by: {first: head, second: deputy, final: chief}"], "5: status"),
        (["status: approved"], "5: status"),
        (["approved_by: [head, deputy, chief]"], "5: approved_by"),
        (["approved_by: [head]"], None),
    ],
)
def test_a_flag_that_is_no_decision(unit: UnitUnderTest, lines: list[str], key: str | None) -> None:
    """In seal mode status, check and build each say why a flag publishes nothing, and what to do."""
    unit.write("announcements/other.md")
    unit.publish("announcements/other.md")
    unit.write(ENTRY, text(*lines))
    says = f"{FILE}:{key}: says approved, but with assurance: seal that is no decision and publishes nothing: submit it"
    status, check, build = unit.gongshi("status"), unit.gongshi("check"), unit.build("--strict")
    assert [says in told.all for told in (status, check)] == [key is not None] * 2
    assert ("1 files say approved in their front matter, but no record does" in build.all) is (key is not None)
    assert check.exit_code == 0
    assert not (unit.site / "announcements" / "a").exists()
    unit.submit(ENTRY)
    (unit.docs / ENTRY).write_text(text(*lines))
    assert ("it is under review; have it approved" in unit.gongshi("status").all) is (key is not None)


def test_flags_of_a_file_with_problems() -> None:
    """The problem is told, not only that the flags cannot be set."""
    with pytest.raises(InvalidInput) as caught:
        review_flags.set_review_flags(b"---\ntitle: A\ncontakt: B\n---\n", "a.md", "submitted")
    assert [(problem.line, problem.key) for problem in caught.value.problems] == [(3, "contakt")]
