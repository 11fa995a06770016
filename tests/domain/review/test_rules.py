"""The review rules agree with a naive reading of them, for any sequence of decisions."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from gongshi.domain.config.policy import Column, Person, Policy, Stage, Unit
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review.rules import evaluate_decisions

PEOPLE = ("clerk", "head", "deputy", "chief", "second-head")
ROLES = {"clerk": "editor", "head": "h", "second-head": "h", "deputy": "d", "chief": "c"}
STAGE_ROLES = {"first": "h", "second": "d", "final": "c"}
CHAIN = ("first", "second", "final")
ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 11, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))

Move = tuple[Action, str, str, str]
DIGESTS = st.sampled_from(["a" * 64, "b" * 64])
ANY_MOVE = st.tuples(
    st.sampled_from(list(Action)), st.sampled_from(PEOPLE), DIGESTS, st.sampled_from([*CHAIN, "third"])
)


@st.composite
def histories(draw: st.DrawFn) -> list[Move]:
    """Whole rounds by the right persons, with moves of any kind between and within them, and some left out."""
    moves: list[Move] = []
    for _ in range(draw(st.integers(1, 3))):
        digest, submitter = draw(DIGESTS), draw(st.sampled_from(["clerk", "clerk", "second-head", "chief"]))
        first = draw(st.sampled_from(["head", "second-head"]))
        moves.append((Action.SUBMIT, submitter, digest, ""))
        moves += [
            (Action.APPROVE, by, digest, stage) for by, stage in zip((first, "deputy", "chief"), CHAIN, strict=True)
        ]
    for _ in range(draw(st.integers(0, 3))):
        moves.insert(draw(st.integers(0, len(moves))), draw(ANY_MOVE))
    for _ in range(draw(st.integers(0, 2))):
        del moves[draw(st.integers(0, len(moves) - 1))]
    return moves


def _policy() -> Policy:
    return Policy(
        unit=Unit("U"),
        zone=ZONE,
        columns={"announcements": Column("announcements", "A", "announcement")},
        people={id: Person(id, id, roles=(role,)) for id, role in ROLES.items()},
        stages={id: Stage(id, id, role) for id, role in STAGE_ROLES.items()},
        chain=((START.date() - timedelta(days=1000), CHAIN),),
        withdraw_role="c",
    )


def naive(history: list[Decision]) -> list[str]:
    """Approved digests since the last withdrawal, worked out by looking back from each final approval."""
    found: list[str] = []
    for end, last in enumerate(history):
        if last.act is Action.WITHDRAW:
            found.clear()
        if last.act is not Action.APPROVE or last.stage != "final":
            continue
        begin = max((i for i in range(end) if history[i].act is not Action.APPROVE), default=None)
        if begin is None or history[begin].act is not Action.SUBMIT or history[begin].digest != last.digest:
            continue
        submitters = {d.by for d in history[: begin + 1] if d.act is Action.SUBMIT and d.digest == last.digest}
        steps: list[Decision] = []
        for decision in history[begin + 1 : end + 1]:
            wanted = CHAIN[len(steps)] if len(steps) < 3 else None
            good = decision.stage == wanted and decision.digest == last.digest and decision.by not in submitters
            if good and ROLES[decision.by] == STAGE_ROLES.get(str(wanted)) and decision.by not in {s.by for s in steps}:
                steps.append(decision)
        if len(steps) == 3 and steps[-1] is last:
            found.append(last.digest)
    return found


@pytest.mark.slow
@settings(max_examples=600)
@given(histories())
def test_the_rules_agree_with_a_naive_reading(moves: list[Move]) -> None:
    """For any sequence of acts by any persons."""
    history = [
        Decision(act, by, START + timedelta(minutes=i), digest, stage, CHAIN, {"x.md": "0" * 64}, line=i + 1)
        if act is Action.APPROVE
        else Decision(act, by, START + timedelta(minutes=i), digest, line=i + 1)
        for i, (act, by, digest, stage) in enumerate(moves)
    ]
    result = evaluate_decisions("announcements/x.md", history, _policy(), START + timedelta(days=1))
    assert [approved.digest for approved in result.approved] == naive(history)
    event(f"{len(result.approved)} approved")
    for approved in result.approved:
        assert len(approved.approvers) == 3
        submission = max(
            (d for d in history[: approved.approvals[0].line] if d.act is Action.SUBMIT), key=lambda d: d.line
        )
        assert submission.by not in approved.approvers
