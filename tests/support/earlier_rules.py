"""What was approved before the rules for attachments were as they are now."""

from __future__ import annotations

from datetime import datetime, timedelta
from unittest.mock import patch

from gongshi.domain.config import attachment_types, loader
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.review.actions import ReviewActions
from support.unit import APPROVERS, NOW, UnitUnderTest


def publish_whatever_it_holds(unit: UnitUnderTest, path: str) -> None:
    """Submit and approve an entry as if any file could be an attachment."""
    found = loader.load_configuration(unit.root / "mkdocs.yml")
    at = datetime.fromisoformat(NOW)
    with patch.object(attachment_types, "refusal", return_value=None):
        for person in ("clerk", *APPROVERS.get(path.split("/")[0], APPROVERS["announcements"])):
            at += timedelta(seconds=1)
            actions = ReviewActions(found, person, at, DocsTree(found.docs, found.policy))
            actions.submit(path) if person == "clerk" else actions.approve(path)
