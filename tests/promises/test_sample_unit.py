"""The sample unit: every state that the contract knows, and a site that builds without a warning."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

import pytest

from gongshi.domain.content.paths import PageKind, kind_of
from gongshi.domain.review.snapshot import Snapshot, take_snapshot
from gongshi.domain.review.status import NoticePhase, PublicForm, WithheldReason
from support.sample_unit import NOW, SampleSite, load_sample


@pytest.fixture(scope="module")
def surveyed() -> Snapshot:
    """The sample unit on the day it was made."""
    return take_snapshot(load_sample(), datetime.fromisoformat(NOW))


def test_every_state(surveyed: Snapshot) -> None:
    """Draft, submitted at each stage, returned, approved, edited, scheduled, expired, withdrawn, in notice, pinned."""
    statuses = surveyed.statuses.values()
    entries = [s for s in statuses if kind_of(s.path, surveyed.configuration.policy.columns) is PageKind.ENTRY]
    assert len(entries) >= 24
    reasons = Counter(status.reason for status in entries)
    for reason in (
        WithheldReason.DRAFT,
        WithheldReason.SUBMITTED,
        WithheldReason.RETURNED,
        WithheldReason.EDITED,
        WithheldReason.SCHEDULED,
        WithheldReason.WITHDRAWN,
        None,
    ):
        assert reasons[reason] >= 1, reason
    assert {s.round.stage for s in entries if s.round} == {"first", "second", "final"}
    public = [status.public for status in statuses if status.public]
    assert {p.notice for p in public} == {None, NoticePhase.OPEN, NoticePhase.CLOSED}
    assert any(p.expired for p in public)
    assert any(p.form is PublicForm.WITHDRAWN for p in public)
    versions = [p.version for p in public if p.version]
    assert any(version.meta.pinned for version in versions)
    suffixes = {name.rsplit(".", 1)[-1] for version in versions for name in version.files}
    assert {"jpg", "pdf", "docx", "xlsx"} <= suffixes
    assert not any(status.problems or status.rejected for status in statuses)
    assert surveyed.tree.strays == []


@pytest.mark.slow
def test_the_sample_builds_without_a_warning(sample_site: SampleSite) -> None:
    """`mkdocs build --strict` in Chinese, with the link to a draft taken off."""
    assert "WARNING" not in sample_site.log
    assert "已发布" in sample_site.log
    page = (sample_site.folder / "announcements" / "2026" / "20261112-1" / "index.html").read_text(encoding="utf-8")
    assert "20261120-2" not in page
