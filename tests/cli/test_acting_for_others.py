"""`--as` names somebody else than git's user: it is said, and the record keeps both."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.domain.records.dossier import via_text
from support.unit import UnitUnderTest, settings

ENTRY = "announcements/a.md"
FILE = f"docs/{ENTRY}"


def git_user(unit: UnitUnderTest, name: str | None, email: str | None) -> None:
    """Set git's user in the unit's repository."""
    subprocess.run(["git", "init", "-q"], cwd=unit.root, check=True)
    for key, value in (("user.name", name), ("user.email", email)):
        if value is not None:
            subprocess.run(["git", "config", key, value], cwd=unit.root, check=True)


def lines(unit: UnitUnderTest) -> list[dict[str, Any]]:
    """The acts of the dossier."""
    return [json.loads(line) for line in unit.dossier(ENTRY).read_text().splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "email", "via"),
    [
        ("Someone", "someone@unit.example", "Someone <someone@unit.example>"),
        ("Head", "HEAD@unit.example", "Head <HEAD@unit.example>"),
        (None, "someone@unit.example", "<someone@unit.example>"),
        ('Some\tone \u202e\u3164 "x" \\', None, "Some one 'x' /"),
        ("甲" * 300, "x@y", "甲" * 199 + "…"),
        ("Clerk", "Clerk@unit.example", None),
        ("Whoever", "ｃlerk@unit.example", None),
        ("Clerk", None, None),
        ("Clerk too", "clerk-2@unit.example", None),
        (None, None, None),
    ],
)
def test_git_user(unit: UnitUnderTest, name: str | None, email: str | None, via: str | None) -> None:
    """Kept on one line that everything can print; nothing where it is the same human, or git knows nobody."""
    section = settings()
    section["people"]["clerk-2"] = {"name": "Clerk too", "email": "clerk-2@unit.example", "same_as": "clerk"}
    unit.configure(section)
    git_user(unit, name, email)
    unit.write(ENTRY)
    result = unit.gongshi("submit", FILE, "--as", "clerk")
    assert result.exit_code == 0, result.all
    notice = f"You act as Clerk (--as), but git's user is {via}; the record keeps both\n"
    assert result.errors == (notice if via else "")
    assert lines(unit)[0].get("via") == via
    assert unit.gongshi("doctor").exit_code in (0, 1)
    assert unit.gongshi("status", FILE).exit_code == 0
    assert "under review" in unit.gongshi("status", FILE).output


@pytest.mark.slow
def test_every_act(unit: UnitUnderTest) -> None:
    """Each act keeps it; ledger, form, diff, commit message and --json show it; what counts does not change."""
    git_user(unit, "Someone", "someone@unit.example")
    unit.write(ENTRY, title="Told")
    via = "Someone <someone@unit.example>"
    result = unit.gongshi("submit", FILE, "--as", "clerk", "--json", "--commit")
    assert result.json()["via"] == via
    assert result.json()["notice"] in result.errors
    log = subprocess.run(["git", "log", "-1", "--format=%B"], cwd=unit.root, capture_output=True, text=True, check=True)
    assert f"Gongshi-Via: {via}" in log.stdout
    assert f"by Clerk (entered by {via})" in unit.gongshi("diff", FILE).output
    unit.approve(ENTRY)
    assert unit.gongshi("withdraw", FILE, "--as", "chief", "--reason", "r").exit_code == 0
    assert [line["via"] for line in lines(unit)] == [via] * 5
    assert [row["via"] for row in unit.gongshi("ledger", "--json").json()["acts"]] == [via] * 5
    form = unit.gongshi("form", FILE, "--json").json()["form"]
    assert form["submission"]["via"] == form["stages"][0]["via"] == form["withdrawal"]["via"] == via
    assert f"Line 5 of the dossier, by Chief, was entered by {via}" in form["remarks"]
    assert unit.build("--strict").exit_code == 0
    assert not unit.leaks("someone@unit.example")


def test_without_as_git_is_the_person(unit: UnitUnderTest) -> None:
    """Nobody is told what is so anyway."""
    git_user(unit, "Clerk", "clerk@unit.example")
    unit.write(ENTRY)
    result = unit.gongshi("submit", FILE, "--json")
    assert (result.errors, result.json()["via"], result.json()["notice"]) == ("", None, None)
    assert "via" not in lines(unit)[0]


def test_a_new_entry_and_a_flag(unit: UnitUnderTest) -> None:
    """Where no record is kept it is said all the same: who writes for somebody else, and who flips a flag."""
    git_user(unit, "Head", "head@unit.example")
    result = unit.gongshi("new", "announcements", "T", "--as", "clerk")
    assert result.errors == "The author is Clerk (--as), but git's user is Head <head@unit.example>\n"
    assert unit.gongshi("new", "announcements", "T", "--as", "head").errors == ""
    unit.configure(settings(assurance="flag"))
    unit.write(ENTRY)
    result = unit.gongshi("submit", FILE, "--as", "clerk")
    assert result.errors == "You act as Clerk (--as), but git's user is Head <head@unit.example>\n"


def test_the_signature_covers_it(signed: UnitUnderTest) -> None:
    """Where decisions are signed nobody changes who entered an act, takes it out, or puts it in."""
    git_user(signed, "Someone", "someone@unit.example")
    signed.write(ENTRY)
    key = str(signed.root / "keys" / "clerk")
    assert signed.gongshi("submit", FILE, "--as", "clerk", "--key", key).exit_code == 0
    assert signed.gongshi("ledger", "--json").json()["acts"][0]["signature"] == "valid"
    dossier = signed.dossier(ENTRY)
    before = dossier.read_bytes()
    for new in (b"", b',"via":"Other"'):
        (dossier.parent / "a.md.head").unlink(missing_ok=True)
        shutil.rmtree(signed.root / ".gongshi", ignore_errors=True)
        dossier.write_bytes(before.replace(b',"via":"Someone <someone@unit.example>"', new))
        assert [row["signature"] for row in signed.gongshi("ledger", "--json").json()["acts"]] == ["invalid"]


@pytest.mark.slow
@given(st.text(max_size=400), st.text(max_size=400))
def test_any_user_becomes_one_line(name: str, email: str) -> None:
    """Whatever git holds, the line of a dossier takes it."""
    text = via_text(name, email)
    assert text is None or (0 < len(text) <= 200 and text.isprintable() and not {'"', "\\"} & set(text))
