"""The gate's promises as golden cases: files and decisions in, what is public and what is said out."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
import yaml

from gongshi.domain.review.snapshot import Snapshot
from gongshi.reports.entry_history import histories
from gongshi.reports.publication_timeline import ChangeKind
from support.scenario import Scenario, said
from support.unit import NOW, REPOSITORY, UnitUnderTest

CASES = REPOSITORY / "tests" / "cases"


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{file.stem}: {case['name']}")
        for file in sorted(CASES.glob("*.yml"))
        for case in yaml.safe_load(file.read_text(encoding="utf-8"))
    ]


@pytest.mark.slow
@pytest.mark.parametrize("case", _cases())
def test_case(case: dict[str, Any], unit: UnitUnderTest) -> None:
    """The gate answers as the case says."""
    scenario = Scenario(unit, case.get("entry", "announcements/a.md"), case.get("settings", {}))
    for act in case["acts"]:
        scenario.step(act)
    snapshot = scenario.ask(case.get("now", NOW))
    status = snapshot.statuses[scenario.entry]
    public = status.public

    assert (public.form.value if public else None) == case["public"]
    assert (status.reason.value if status.reason else "published") == case["state"]
    if "title" in case:
        assert public is not None
        assert public.version is not None
        assert public.version.meta.title == case["title"]
    if "expired" in case:
        assert public is not None
        assert public.expired is case["expired"]
    if "notice" in case:
        assert public is not None
        assert (public.notice.value if public.notice else None) == case["notice"]
    if "words" in case:
        assert public is not None
        assert public.withdrawal is not None
        assert public.withdrawal.reason == case["words"]
    for name in ("since", "changed"):
        if name in case:
            assert public is not None
            at = getattr(public, name)
            assert at == datetime.fromisoformat(case[name]), f"{name} {at}"
    _agrees_with_the_ledger(snapshot, scenario.entry)
    for text in case.get("says", []):
        assert text in said(status, snapshot)
    for text in case.get("not_says", []):
        assert text not in said(status, snapshot)


def _agrees_with_the_ledger(snapshot: Snapshot, entry: str) -> None:
    """Whatever is public as a page came before the public when the ledger says so, too."""
    public = snapshot.statuses[entry].public
    if public is None or public.approved is None or snapshot.configuration.policy.assurance == "flag":
        return
    found = next(history for history in histories(snapshot) if history.path == entry)
    assert public.since == [each.at for each in found.publications if each.change is ChangeKind.NEW][-1]
