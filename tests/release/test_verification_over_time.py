"""`gongshi verify`: what was approved once, and what time and later acts have made of it."""

from __future__ import annotations

import shutil
from datetime import datetime, timezone
from pathlib import Path

import pytest

from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.records.store import ReviewStore
from gongshi.release.manifest import PATH
from support.deployed_site import LATER, copy_of, found, verify
from support.unit import UnitUnderTest, settings


@pytest.fixture
def unit(deployed: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of the built and staged unit."""
    return copy_of(deployed, tmp_path)


def _withdraw(unit: UnitUnderTest) -> None:
    result = unit.gongshi("withdraw", "docs/activities/w.md", "--as", "chief", "--reason", "x", now=LATER)
    assert result.exit_code == 0, result.all


def _replace(unit: UnitUnderTest) -> None:
    unit.write("activities/w.md", title="Corrected")
    unit.publish("activities/w.md", now=LATER)


STALE = {
    "withdrawn on 2026-11-22, still shown": _withdraw,
    "a newer version is public now, the older one is still shown": _replace,
}


@pytest.mark.slow
@pytest.mark.parametrize("why", STALE)
@pytest.mark.parametrize("folder", ["site", "tree"])
def test_an_old_copy_put_back(unit: UnitUnderTest, why: str, folder: str) -> None:
    """It is what was approved then, but shows what has become un-public since: that is named, and nothing else.

    With the source and, in a clone, without it: by the record alone.
    """
    path = "activities/w/index.html" if folder == "site" else "activities/w.md"
    STALE[why](unit)
    for options in ((), ("--source",)):
        assert found(unit, *options, folder=folder, now=LATER) == {(path, "stale"): why}
        said = verify(unit, *options, folder=folder, now=LATER).output
        assert "it is older than the record: 1 page in it was withdrawn, replaced or has expired since" in said
    if folder == "site":
        assert unit.build(now=LATER).exit_code == 0
    else:
        assert unit.gongshi("stage", "tree", now=LATER).exit_code == 0
    assert found(unit, folder=folder, now=LATER) == {}
    assert found(unit, "--source", folder=folder, now=LATER) == {}


@pytest.mark.slow
def test_what_time_makes_stale(unit: UnitUnderTest) -> None:
    """An entry that expired to a notice, an urgent publication whose chain did not follow; marks are a note only."""
    section = {**settings(urgent={"role": "duty", "review_within": "12h"}), "on_expiry": "notice"}
    section["people"]["duty"] = {"name": "Duty", "roles": ["duty"], "since": "2025-01-01"}
    unit.configure(section)
    unit.write("activities/e.md", title="Expires", expires_at="2026-11-21")
    unit.write("activities/n.md", title="Noticed", public_notice={"from": "2026-11-20", "to": "2026-11-21"})
    unit.publish("activities/e.md")
    unit.publish("activities/n.md")
    unit.write("activities/u.md", title="Urgent")
    result = unit.gongshi("urgent", "docs/activities/u.md", "--as", "duty", "--reason", "flood")
    assert result.exit_code == 0, result.all
    assert unit.build().exit_code == 0
    for options in ((), ("--source",)):
        assert found(unit, *options) == {}
        assert found(unit, *options, now=LATER) == {
            ("activities/e/index.html", "stale"): "expired on 2026-11-21, still shown",
            ("activities/u/index.html", "stale"): "its chain did not follow the urgent publication in time, "
            "still shown",
        }
        said = verify(unit, *options, now=LATER).output
        assert "since then 1 other entry has become public or looks different" in said


def test_what_has_become_public_since_is_only_told(unit: UnitUnderTest) -> None:
    """Nothing wrong is shown, so the exit code stays 0; the next build shows it."""
    unit.write("activities/s.md", title="Scheduled", publish_at="2026-11-21 20:00")
    unit.publish("activities/s.md")
    assert unit.build().exit_code == 0
    assert "since then" not in verify(unit).output
    result = verify(unit, now=LATER)
    assert result.exit_code == 0
    assert "since then 1 other entry has become public or looks different" in result.output


def test_a_record_that_lags_behind(unit: UnitUnderTest) -> None:
    """A clone that has not fetched the newest record cannot say that what it does not know is out of date."""
    shutil.copytree(unit.docs / ".reviews", unit.root / "before")
    _replace(unit)
    assert unit.build(now=LATER).exit_code == 0
    shutil.rmtree(unit.docs / ".reviews")
    (unit.root / "before").rename(unit.docs / ".reviews")
    shutil.rmtree(unit.root / ".gongshi")
    why = found(unit, now=LATER)["activities/w/index.html", "unknown"]
    assert why == "the record of this clone has no such version; fetch the newest record, or nobody approved it"


def test_the_site_of_another_unit(unit: UnitUnderTest) -> None:
    """It is not measured by the record here."""
    section = settings()
    section["unit"]["name"] = "Other"
    unit.configure(section)
    _withdraw(unit)
    result = verify(unit, now=LATER)
    assert result.exit_code == 0
    assert "it belongs to “Test Unit” and this clone to “Other”" in result.output


@pytest.mark.slow
def test_acts_around_the_moment_of_the_build(unit: UnitUnderTest) -> None:
    """An act soon after the build was not in it; one dated ahead of the builder's clock was."""
    soon = "2026-11-21T10:05:00+08:00"
    unit.publish("announcements/draft.md", now=soon)
    result = verify(unit, "--source", now=soon)
    assert result.exit_code == 0, result.all
    assert "since then 1 other entry has become public" in result.output
    assert unit.build().exit_code == 0
    assert (unit.site / "announcements" / "draft").is_dir()
    assert found(unit, "--source", now=soon) == {}


@pytest.mark.slow
def test_a_manifest_from_the_future(unit: UnitUnderTest) -> None:
    """A moment that has not come shows what is scheduled: both are named."""
    unit.write("activities/s.md", title="Scheduled", publish_at="2026-11-21 20:00")
    unit.publish("activities/s.md")
    assert unit.build(now=LATER).exit_code == 0
    assert found(unit) == {
        (PATH, "future"): "it is dated 2026-11-22 10:00+08:00",
        ("activities/s/index.html", "stale"): "not public yet, already shown",
    }
    wrong = found(unit, "--source")
    assert wrong["activities/s/index.html", "added"] == "not approved: scheduled"
    assert (PATH, "future") in wrong
    assert found(unit, "--source", now=LATER) == {}


@pytest.mark.slow
def test_an_act_after_the_moment_is_left_out(unit: UnitUnderTest) -> None:
    """Only where one looks back: for a build a withdrawal dated ahead counts at once."""
    archive = ReviewStore(unit.docs)
    dossier = archive.read_dossier("activities/w.md")
    ahead = datetime(2026, 11, 25, tzinfo=timezone.utc)
    archive.append(
        dossier, Decision(Action.WITHDRAW, "chief", ahead, dossier.decisions[-1].digest, reason="x", notice=True)
    )
    assert found(unit, "--source")["activities/w/index.html", "stale"].startswith("withdrawn on 2026-11-25")
    assert unit.build().exit_code == 0
    assert not (unit.site / "activities" / "w").exists()
