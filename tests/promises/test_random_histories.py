"""For any sequence of acts by any persons the gate publishes what an independent, naive reading of the rules allows."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gongshi.domain.config.policy import Person, Policy
from gongshi.domain.records import dossier as dossiers
from gongshi.domain.records.dossier import Decision
from gongshi.domain.review.rules import evaluate_decisions
from gongshi.domain.review.status import PublicForm, evaluate_status
from support.random_histories import ENTRY, Writer, history, plain_versions, policy, rules, versions
from support.reference_checker import Naive

HISTORIES = 10_000
PORTIONS = 8

Answer = tuple[str, str] | None


def gate(decisions: tuple[Decision, ...], rules: Policy, now: datetime) -> Answer:
    """What the gate publishes."""
    found = evaluate_decisions(ENTRY, decisions, rules, now, lambda approved: versions()[approved.digest].meta.author)
    status = evaluate_status(ENTRY, found, lambda approved: versions()[approved.digest], None, rules, now)
    if status.public is None:
        return None
    if status.public.form is PublicForm.WITHDRAWN:
        assert status.public.withdrawal is not None
        return ("notice", str(status.public.withdrawal.reason))
    assert status.public.version is not None
    return ("page", status.public.version.digest)


def moments(writer: Writer, chance: random.Random) -> list[datetime]:
    """When to ask: just after the last act, and at some other time."""
    return [writer.at + timedelta(minutes=1), writer.at + timedelta(hours=chance.choice([-30, -1, 5, 23, 24, 25, 400]))]


@pytest.mark.slow
@pytest.mark.parametrize("portion", range(PORTIONS))
def test_the_gate_agrees_with_a_naive_checker(portion: int) -> None:
    """On 10,000 random histories, half of them signed, each asked at two times."""
    answers: Counter[str] = Counter()
    for seed in range(portion, HISTORIES, PORTIONS):
        writer = history(seed)
        decisions = dossiers.parse_dossier(writer.content, ENTRY, "x").decisions
        for now in moments(writer, random.Random(seed)):
            expected = Naive(writer.acts, rules(writer.signed), plain_versions(), now).public()
            assert gate(decisions, policy(writer.signed), now) == expected, f"history {seed} at {now}"
            answers[expected[0] if expected else "nothing"] += 1
    # The histories are worth their name: all answers come up often.
    assert min(answers[kind] for kind in ("page", "notice", "nothing")) > HISTORIES / PORTIONS / 40


def honest(writer: Writer, rules: Policy) -> list[Decision]:
    """The acts that the rules allowed when they were made, each judged after those before it."""
    kept: list[Decision] = []
    for decision in dossiers.parse_dossier(writer.content, ENTRY, "x").decisions:
        found = evaluate_decisions(
            ENTRY, [*kept, decision], rules, decision.at, lambda a: versions()[a.digest].meta.author
        )
        if not any(rejected_decision.decision is decision for rejected_decision in found.rejected):
            kept.append(decision)
    return kept


def moved(rules: Policy, chance: random.Random) -> Policy:
    """The rules with persons' dates and the time zone moved."""

    def person(p: Person) -> Person:
        assert p.since is not None and p.until is not None
        if chance.random() < 0.5:
            return p
        shift = timedelta(days=chance.choice([-400, -3, -1, 1, 3, 400]))
        return replace(p, since=p.since + max(shift, timedelta(0)), until=p.until + shift)

    zone = ZoneInfo(chance.choice(["Asia/Shanghai", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin"]))
    return replace(rules, people={id: person(p) for id, p in rules.people.items()}, zone=zone)


@pytest.mark.slow
def test_moving_clock_zone_or_dates_brings_nothing_out() -> None:
    """Whatever is moved afterwards: nothing becomes public that was not by the rules as they were."""
    shown = 0
    for seed in range(1_500):
        writer, chance = history(seed), random.Random(seed)
        before = policy(writer.signed)
        acts = honest(writer, before)
        if not acts:
            continue
        end = max(decision.at for decision in acts) + timedelta(days=1)
        times = sorted(
            {t for d in acts for t in (d.at, d.at + timedelta(hours=24), d.at + timedelta(hours=25))} | {end}
        )
        times.append(datetime.fromisoformat("2026-11-14T08:00:00+08:00"))
        was = {t: gate(tuple(d for d in acts if d.at <= t), before, t) for t in times}
        for _try in range(3):
            now = end + timedelta(hours=chance.choice([-500, -40, -1, 0, 30]))
            answer = gate(tuple(acts), moved(before, chance), now)
            allowed = {a for t, a in was.items() if t <= now} | {gate(tuple(acts), before, now), None}
            assert answer in allowed, f"history {seed} at {now}"
            shown += answer is not None
    assert shown > 500
