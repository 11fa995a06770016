"""Forgery: whoever can write all of docs/ but has no key of the unit publishes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.signed_unit import ENTRY, Attacker, decide, public, publish
from support.ssh_keys import HeldKey
from support.unit import UnitUnderTest


@pytest.mark.slow
def test_whoever_writes_docs_publishes_nothing(signed: UnitUnderTest) -> None:
    """Every forgery that needs no key, on a real dossier of the unit: nothing but what was approved is public."""
    signed.write(ENTRY, title="Old")
    publish(signed)
    signed.write(ENTRY, title="EVIL", status="approved", approved_by="chief")
    signed.write("announcements/other.md", title="Other")
    publish(signed, "announcements/other.md")
    attacker = Attacker(signed)
    honest = attacker.lines()
    digest = json.loads(signed.gongshi("status", "--json", f"docs/{ENTRY}").output)["entries"][0]["draft_digest"]
    evil = attacker.keep((signed.docs / ENTRY).read_bytes())
    new = {"digest": digest, "files": {"a.md": evil}}
    mine = HeldKey("attacker")

    def changed(number: int, **values: Any) -> dict[str, Any]:
        return {**honest[number], **{k: v for k, v in values.items() if k in honest[number] or k == "signature"}}

    def unsigned(line: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in line.items() if key != "signature"}

    def resigned(line: dict[str, Any]) -> dict[str, Any]:
        bare = unsigned(line)
        text = json.dumps(bare, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return {**bare, "signature": mine.sign(text.encode())}

    forged = [changed(i, **new) for i in range(4)]
    attempts = {
        "own lines without signatures": [unsigned(line) for line in forged],
        "own lines with the old signatures": forged,
        "own lines signed by a stranger's key": [resigned(line) for line in forged],
        "honest lines, then own ones": [*honest, *[unsigned(line) for line in forged]],
        "honest lines, then own ones with old signatures": [*honest, *forged],
        "only the last approval changed": [*honest[:3], forged[3]],
        "other files under an honest digest": [*honest[:3], {**honest[3], "files": {"a.md": evil}}],
        "the lines of another entry": attacker.lines("announcements/other.md"),
        "an approval twice": [*honest, honest[3]],
        "an urgent publication": [
            *honest,
            {**unsigned(honest[3]), "act": "urgent", "reason": "x", "until": "2027-01-01T00:00:00+08:00", **new},
        ],
    }
    for name, lines in attempts.items():
        attempt = [
            {k: v for k, v in line.items() if not (line["act"] == "urgent" and k in ("stage", "chain"))}
            for line in lines
        ]
        attacker.write(attempt)
        assert "EVIL" not in public(signed).values(), name
        assert set(public(signed).values()) <= {"Old", "Other"}, name
    attacker.write(attempts["own lines with the old signatures"])
    build = signed.build()
    assert build.exit_code == 0
    assert signed.leaks("EVIL") == []
    assert "docs/.reviews/announcements/a.md.jsonl:" in build.all


def test_objects_cannot_be_exchanged(signed: UnitUnderTest) -> None:
    """Other bytes under an approved file's name withhold the entry."""
    signed.write(ENTRY, title="Old")
    publish(signed)
    last = Attacker(signed).lines()[-1]
    digest = last["files"]["a.md"]
    target = signed.docs / ".reviews" / "objects" / digest[:2] / digest
    target.write_bytes(target.read_bytes().replace(b"Old", b"EVIL"))
    assert public(signed) == {}


@pytest.mark.slow
def test_a_withdrawal_cut_off_is_found(signed: UnitUnderTest) -> None:
    """A dossier put back with its head to before the withdrawal: all its signatures are good, yet nothing comes back."""
    signed.write(ENTRY, title="WITHDRAWN")
    publish(signed)
    decide(signed, "withdraw", "chief", "--reason", "wrong")
    assert signed.build().exit_code == 0
    attacker = Attacker(signed)
    honest = attacker.lines()
    attacker.write(honest[:4])
    signed.write(ENTRY, title="WITHDRAWN", status="approved")
    build = signed.build()
    assert build.exit_code == 0
    assert signed.leaks("WITHDRAWN") == []
    assert "a.md.jsonl:4" in build.all
    assert "this clone has seen acts that are missing or different now" in signed.gongshi("check").output
    assert signed.gongshi("submit", f"docs/{ENTRY}", "--as", "clerk", "--key", "keys/clerk").exit_code == 1
    attacker.write(honest)
    assert signed.build().exit_code == 0
    assert "is missing" not in signed.gongshi("check").output
