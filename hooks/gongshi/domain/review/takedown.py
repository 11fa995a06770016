"""Published pages that a build would take down, by reason: decided, expired, or other.

A withdrawal, the return of an urgent publication, its missed deadline and an expiry date take pages down on purpose. A
change of the configuration, a lost dossier or a damaged file also takes pages down, since only approved content is
published, but this is usually a mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongshi.common import dates
from gongshi.domain.review.models import RejectionReason
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import PublicForm, PublicState

_MIN_PAGES = 5
"""Minimum number of pages without a decision for which a takedown can exceed the limit."""


@dataclass(frozen=True)
class PublishedPages:
    """The pages in the folder of an earlier build."""

    as_of: datetime
    """The time for which the folder was built."""
    assurance: str
    """The assurance level of that build: `seal`, `flag` or `git`."""
    digests: Mapping[str, str]
    """The digest of each approved page by its Markdown file, relative to `docs/`."""


@dataclass(frozen=True)
class Takedown:
    """Pages that would not be published any more, as Markdown files relative to `docs/`, sorted."""

    pages: int
    """The number of pages that are published now."""
    decided: tuple[str, ...]
    """Taken down by a decision, or by the missed deadline of an urgent publication."""
    expired: tuple[str, ...]
    """Expired by a date in the approved version."""
    other: tuple[str, ...]
    """Taken down for any other reason."""

    def exceeds(self, limit: int) -> bool:
        """Tell whether more pages are taken down without a decision than the limit allows.

        Args:
            limit: the maximum share of all pages, in percent.
        """
        return len(self.other) >= _MIN_PAGES and 100 * len(self.other) > limit * self.pages


def compare(before: PublishedPages, snapshot: Snapshot) -> Takedown:
    """Find the pages that would be taken down.

    Args:
        before: the pages that are published now.
        snapshot: the unit as it would be published.
    """
    decided: list[str] = []
    expired: list[str] = []
    other: list[str] = []
    for path, digest in sorted(before.digests.items()):
        status = snapshot.statuses.get(path)
        public = status.public if status else None
        if public and public.form is PublicForm.PAGE:
            continue
        if public and public.form is PublicForm.EXPIRED:
            (other if _had_already_expired(public, digest, before, snapshot) else expired).append(path)
        elif _is_decided(path, before, snapshot):
            decided.append(path)
        else:
            other.append(path)
    return Takedown(len(before.digests), tuple(decided), tuple(expired), tuple(other))


def _had_already_expired(public: PublicState, digest: str, before: PublishedPages, snapshot: Snapshot) -> bool:
    """Tell whether the same version had already expired but was shown, so that only the configuration changed."""
    version = public.version
    if version is None or version.digest != digest or version.meta.expires_at is None:
        return False
    return dates.ends_at(version.meta.expires_at, snapshot.configuration.policy.zone) <= before.as_of


def _is_decided(path: str, before: PublishedPages, snapshot: Snapshot) -> bool:
    status = snapshot.statuses.get(path)
    if status is None:
        return False
    if any(
        rejected_decision.reason in (RejectionReason.CHAIN_OWED, RejectionReason.COPY_OWED)
        for rejected_decision in status.rejected
    ):
        return True
    if snapshot.configuration.policy.assurance == "flag" and before.assurance != "flag":
        # The flags were no decisions until now, but a withdrawn flag is always set on purpose.
        return status.withdrawal is not None
    return snapshot.decisions.takes_down(path, before.digests[path], status.draft, snapshot.now)
