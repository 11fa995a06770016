"""What signatures cost: 20,000 signed decisions read, checked and judged, beside the same decisions without signatures.

`python tests/bench/signatures.py [DECISIONS]`
"""

from __future__ import annotations

import statistics
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from gongshi.domain.config import ssh_keys
from gongshi.domain.config.policy import Column, Key, Person, Policy, Stage, Unit
from gongshi.domain.records import dossier as dossiers
from gongshi.domain.records import signatures
from gongshi.domain.records.dossier import Action, Decision, Dossier
from gongshi.domain.review.rules import evaluate_decisions
from support.ssh_keys import HeldKey

CHAIN = {"first": "head", "second": "deputy", "final": "chief"}
START = datetime(2026, 1, 5, 9, 0, tzinfo=timezone(timedelta(hours=8)))
RUNS = 5


def policy(signed: bool) -> Policy:
    """A unit of four, each with a key."""
    people = {
        id: Person(id, id, roles=(id,), key=(Key(ssh_keys.parse(HeldKey(id).public)),))
        for id in ("clerk", *CHAIN.values())
    }
    return Policy(
        unit=Unit("U"),
        zone=ZoneInfo("Asia/Shanghai"),
        columns={"announcements": Column("announcements", "A", "announcement")},
        people=people,
        stages={stage: Stage(stage, stage, role) for stage, role in CHAIN.items()},
        chain=((START.date(), tuple(CHAIN)),),
        withdraw_role="chief",
        signed=signed,
        identity="U",
    )


def record(entry: str, signed: bool) -> bytes:
    """A dossier of four acts."""
    dossier, content = Dossier(entry), b""
    for minute, (stage, by) in enumerate([("", "clerk"), *CHAIN.items()]):
        at, digest = START + timedelta(minutes=minute), "a" * 64
        if stage:
            files = {entry.split("/")[-1]: "0" * 64}
            decision = Decision(Action.APPROVE, by, at, digest, stage, tuple(CHAIN), files, note="同意发布")
        else:
            decision = Decision(Action.SUBMIT, by, at, digest)
        if signed:
            decision = replace(decision, unit="U")
            made = HeldKey(by).sign(dossiers.format_line(dossier, decision))
            decision = replace(decision, signature=made)
        content += dossiers.format_line(dossier, decision) + b"\n"
        dossier = dossiers.parse_dossier(content, entry, entry)
    return content


def judged(records: dict[str, bytes], rules: Policy) -> float:
    """Seconds to read and judge all, as a build does."""
    signatures._covers.cache_clear()
    begin = time.perf_counter()
    now = START + timedelta(days=1)
    read = [dossiers.parse_dossier(content, entry, entry) for entry, content in records.items()]
    if rules.signed:
        signatures.verify_in_parallel((decision for dossier in read for decision in dossier.decisions), rules)
    approved = sum(len(evaluate_decisions(dossier.entry, dossier.decisions, rules, now).approved) for dossier in read)
    took = time.perf_counter() - begin
    assert approved == len(records)
    return took


def main() -> None:
    """Measure in turn and print."""
    decisions = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    entries = [f"announcements/{n}.md" for n in range(decisions // 4)]
    plain, signed = ({entry: record(entry, each) for entry in entries} for each in (False, True))
    times: dict[bool, list[float]] = {False: [], True: []}
    for _run in range(RUNS):
        times[False].append(judged(plain, policy(signed=False)))
        times[True].append(judged(signed, policy(signed=True)))
    bare, checked = (statistics.median(times[each]) for each in (False, True))
    print(
        f"{decisions} decisions, medians of {RUNS}: sealed {bare:.2f} s, signed {checked:.2f} s, ratio {checked / bare:.1f}"
    )


if __name__ == "__main__":
    main()
