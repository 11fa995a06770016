"""What was done stays done, and exits 0, where only the report of it cannot be written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from support.unit import COMMON, NOW, UnitUnderTest, settings

ENTRY = "announcements/a.md"
FILE = f"docs/{ENTRY}"
NOTHING_TO_SAY = "closed"
"""Python writes nothing to a standard output that is closed, and nothing fails."""


@pytest.fixture
def duty(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with every act, in a repository of git."""
    section = settings(
        urgent={"role": "duty-officer", "review_within": "24h"}, correction={"chain": ["first"], "characters": 6}
    )
    section["people"]["duty"] = {"name": "Duty", "roles": ["duty-officer"]}
    unit.configure(section)
    for command in (["init", "-q"], ["config", "user.name", "Git"], ["config", "user.email", "git@unit.example"]):
        subprocess.run(["git", *command], cwd=unit.root, check=True)
    return unit


def run(unit: UnitUnderTest, stdout: str, *arguments: str, stderr: str = "") -> tuple[int, str]:
    """Run a command with a standard output that takes nothing: exit code and errors."""
    epoch = str(int(datetime.fromisoformat(NOW).timestamp()))
    options: dict[str, object] = {"stderr": subprocess.PIPE}
    command = [sys.executable, "-m", "gongshi", *arguments]
    reading, writing = os.pipe()
    os.close(reading)
    with Path("/dev/full").open("wb") as full:
        streams = {"full": full, "pipe": writing}
        options["stdout"] = streams.get(stdout)
        if stderr:
            options["stderr"] = streams[stderr]
        if stdout == "closed":
            command = ["sh", "-c", 'exec "$@" >&-', "sh", *command]
        done = subprocess.run(  # type: ignore[call-overload]
            command, cwd=unit.root, env={**COMMON, "HOME": str(unit.root), "SOURCE_DATE_EPOCH": epoch},
            text=True, check=False, **options,
        )  # fmt: skip
    os.close(writing)
    return done.returncode, done.stderr or ""


def acts(unit: UnitUnderTest) -> list[str]:
    """The acts in the dossier."""
    return [json.loads(line)["act"] for line in unit.dossier(ENTRY).read_text().splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stdout", "options", "last"),
    [
        ("full", (), 9),
        ("full", ("--json", "--commit"), 3),
        ("pipe", ("--commit",), 3),
        ("pipe", ("--json",), 3),
        ("closed", ("--json",), 3),
        ("closed", (), 3),
    ],
)
def test_every_act(duty: UnitUnderTest, stdout: str, options: tuple[str, ...], last: int) -> None:
    """Each deciding command records its act, says so on stderr, and exits 0."""
    duty.write(ENTRY, title="T", body="The hall opens at eihgt.")
    steps = [
        (("urgent", FILE, "--as", "duty", "--reason", "r"), "published urgently"),
        (("approve", FILE, "--as", "head"), "approved at First"),
        (("return", FILE, "--as", "deputy", "--note", "n"), "returned"),
        (("submit", FILE, "--as", "clerk"), "submitted"),
        (("approve", FILE, "--as", "head"), "approved at First"),
        (("approve", FILE, "--as", "deputy"), "approved at Second"),
        (("approve", FILE, "--as", "chief"), "approved at Final"),
        (("correct", FILE, "--as", "clerk", "--note", "n"), "correction submitted"),
        (("withdraw", FILE, "--as", "chief", "--reason", "r"), "withdrawn"),
    ]
    for number, (command, says) in enumerate(steps[:last], 1):
        if command[0] == "correct":
            duty.write(ENTRY, title="T", body="The hall opens at eight.")
        code, errors = run(duty, stdout, *command, *options)
        assert code == 0, errors
        assert len(acts(duty)) == number
        assert "Traceback" not in errors
        if stdout != NOTHING_TO_SAY:
            assert f"{FILE} “T”: {says}" in errors
            assert "This is done; only the answer could not be written: " in errors
    log = subprocess.run(["git", "log", "--oneline"], cwd=duty.root, capture_output=True, check=False, text=True)
    assert len(log.stdout.splitlines()) == (last if "--commit" in options else 0)


def test_with_a_standard_error_that_fails_too(duty: UnitUnderTest) -> None:
    """With no way left to say anything, the act is recorded and the exit code says so."""
    duty.write(ENTRY)
    assert run(duty, "full", "submit", FILE, "--as", "clerk", stderr="full")[0] == 0
    assert acts(duty) == ["submit"]
    assert run(duty, "pipe", "approve", FILE, "--as", "clerk", stderr="pipe")[0] == 1
    assert acts(duty) == ["submit"]


def test_what_was_refused_stays_refused(duty: UnitUnderTest) -> None:
    """A report that fails hides no refusal: neither one beside what was done, nor one alone."""
    duty.write(ENTRY)
    duty.write("announcements/b.md")
    duty.submit("announcements/b.md")
    code, errors = run(duty, "full", "submit", FILE, "docs/announcements/b.md", "--as", "clerk")
    assert code == 1
    assert f"{FILE} “A title”: submitted" in errors
    assert "Not done: docs/announcements/b.md: is submitted already" in errors
    code, errors = run(duty, "full", "submit", FILE, "--as", "clerk", "--json")
    assert code == 1
    assert acts(duty) == ["submit"]


@pytest.mark.slow
@pytest.mark.parametrize(("stdout", "as_json"), [("full", ()), ("pipe", ("--json",))])
def test_commands_that_write_files(duty: UnitUnderTest, stdout: str, as_json: tuple[str, ...]) -> None:
    """What they wrote is there, named on stderr, and they exit 0."""
    duty.write(ENTRY)
    duty.publish(ENTRY)
    for command, file in (
        (("new", "announcements", "T", "--as", "clerk"), "docs/announcements/2026/20261121-1.md"),
        (("ledger", "-o", "l.xlsx"), "l.xlsx"),
        (("ledger", "-o", "l.csv"), "l-acts.csv"),
        (("form", FILE, "-o", "f.docx"), "f.docx"),
        (("stats", "--xlsx", "s.xlsx"), "s.xlsx"),
        (("diff", FILE, "--html", "d.html"), "d.html"),
        (("stage", "tree"), "tree"),
    ):
        code, errors = run(duty, stdout, *command, *as_json)
        assert code == 0, (command, errors)
        assert (duty.root / file).exists()
        assert "Traceback" not in errors
        assert file in errors
        assert "This is done; only the answer could not be written: " in errors


@pytest.mark.slow
def test_a_report_that_is_all_there_is(duty: UnitUnderTest) -> None:
    """Where a command does nothing but answer, an answer that fails is its failure."""
    duty.write(ENTRY)
    for command in (("status",), ("ledger", "--json"), ("check",), ("stats",)):
        code, errors = run(duty, "full", *command)
        assert code == 1
        assert "This is done" not in errors
        assert errors.startswith("Error: the system refused: No space left on device")
