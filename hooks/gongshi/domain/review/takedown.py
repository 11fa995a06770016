"""Which published pages a build would take down, and whether anybody decided that.

A withdrawal, the return of an urgent publication, its time that ran out and an expiry date take pages down on purpose.
A change of the configuration, a lost dossier or a damaged file does so too, as the gate fails closed, but mostly by
mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongshi.common import dates
from gongshi.domain.review.models import RejectionReason
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import PublicForm, PublicState

_FEW = 5
"""So few pages stop no build."""


@dataclass(frozen=True)
class PublishedPages:
    """The pages that a folder holds."""

    as_of: datetime
    """The moment that it shows."""
    assurance: str
    """`seal`, `flag` or `git`: where decisions were kept when it was made."""
    digests: Mapping[str, str]
    """The digest of each approved page by its Markdown file, relative to `docs/`."""


@dataclass(frozen=True)
class Takedown:
    """What would not be published any more, as Markdown files relative to `docs/`, sorted."""

    pages: int
    """How many pages there are now."""
    decided: tuple[str, ...]
    """By a decision, or because the time of an urgent publication ran out."""
    expired: tuple[str, ...]
    """By a date in the approved version."""
    other: tuple[str, ...]
    """For any other reason."""

    def exceeds(self, limit: int) -> bool:
        """Tell whether more is gone without a decision than may be.

        Args:
            limit: the share of all pages, in percent.
        """
        return len(self.other) >= _FEW and 100 * len(self.other) > limit * self.pages


def compare(before: PublishedPages, snapshot: Snapshot) -> Takedown:
    """Find the pages that would be taken down.

    Args:
        before: what is published now.
        snapshot: what would be published.
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
            (other if _had_expired(public, digest, before, snapshot) else expired).append(path)
        elif _is_decided(path, before, snapshot):
            decided.append(path)
        else:
            other.append(path)
    return Takedown(len(before.digests), tuple(decided), tuple(expired), tuple(other))


def _had_expired(public: PublicState, digest: str, before: PublishedPages, snapshot: Snapshot) -> bool:
    """Tell whether the same version had expired before and was shown all the same: then the configuration changed."""
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
        # Flags that decided nothing until now; but who writes that something is withdrawn means it.
        return status.withdrawal is not None
    return snapshot.decisions.takes_down(path, before.digests[path], status.draft, snapshot.now)
