"""The sample unit: every state that the contract knows, and a site that builds without a warning."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from gongshi.domain.content.paths import Kind, kind_of
from gongshi.domain.review.snapshot import Survey, survey
from gongshi.domain.review.status import Form, Notice, Reason
from support.sample_unit import NOW, SampleSite, load_sample


@pytest.fixture(scope="module")
def surveyed() -> Survey:
    """The sample unit on the day it was made."""
    return survey(load_sample(), datetime.fromisoformat(NOW))


def test_every_state(surveyed: Survey) -> None:
    """Draft, submitted at each stage, returned, approved, edited, scheduled, expired, withdrawn, in notice, pinned."""
    standings = surveyed.standings.values()
    entries = [s for s in standings if kind_of(s.path, surveyed.configuration.policy.columns) is Kind.ENTRY]
    assert len(entries) >= 24
    reasons = Counter(standing.reason for standing in entries)
    for reason in (
        Reason.DRAFT,
        Reason.SUBMITTED,
        Reason.RETURNED,
        Reason.EDITED,
        Reason.SCHEDULED,
        Reason.WITHDRAWN,
        None,
    ):
        assert reasons[reason] >= 1, reason
    assert {s.round.stage for s in entries if s.round} == {"first", "second", "final"}
    public = [standing.public for standing in standings if standing.public]
    assert {p.notice for p in public} == {None, Notice.OPEN, Notice.CLOSED}
    assert any(p.expired for p in public)
    assert any(p.form is Form.WITHDRAWN for p in public)
    versions = [p.version for p in public if p.version]
    assert any(version.meta.pinned for version in versions)
    suffixes = {name.rsplit(".", 1)[-1] for version in versions for name in version.files}
    assert {"jpg", "pdf", "docx", "xlsx"} <= suffixes
    assert not any(standing.problems or standing.voids for standing in standings)
    assert surveyed.tree.strays == []


@pytest.mark.slow
def test_the_sample_builds_without_a_warning(sample_site: SampleSite) -> None:
    """`mkdocs build --strict` in Chinese, with the link to a draft taken off."""
    assert "WARNING" not in sample_site.log
    assert "已发布" in sample_site.log
    page = (sample_site.folder / "announcements" / "2026" / "20261112-1" / "index.html").read_text(encoding="utf-8")
    assert "20261120-2" not in page
