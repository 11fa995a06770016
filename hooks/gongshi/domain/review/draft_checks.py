"""Check a draft that can be read: its text and its dates. Errors prevent submitting and approving it.

A version that was approved before such a check existed stays public.
"""

from __future__ import annotations

from datetime import datetime

from gongshi.common.errors import Problem
from gongshi.domain.config.policy import Policy
from gongshi.domain.content import text_advice
from gongshi.domain.content.paths import PageKind, kind_of
from gongshi.domain.review import date_checks
from gongshi.domain.review.status import EntryStatus


def findings(status: EntryStatus, policy: Policy, now: datetime, label: str) -> tuple[Problem, ...]:
    """Return errors and advice on the draft of an entry or page; none for a draft that cannot be read.

    Args:
        status: the status of the entry with its draft.
        policy: the unit's policy.
        now: the present.
        label: the name of the file in problems.
    """
    version = status.draft_version
    if version is None:
        return ()
    # The text of these stands above a list, which the page has anyway.
    is_above_list = status.path == "index.md" or kind_of(status.path, policy.columns) is PageKind.INTRODUCTION
    return (
        *text_advice.findings(version.manuscript, label),
        *(() if is_above_list else text_advice.emptiness(version.manuscript, label)),
        *date_checks.problems(status, policy, now, label),
    )


def errors(status: EntryStatus, policy: Policy, now: datetime, label: str) -> tuple[Problem, ...]:
    """Return the findings that prevent submitting and approving the draft.

    Args:
        status: the status of the entry with its draft.
        policy: the unit's policy.
        now: the present.
        label: the name of the file in problems.
    """
    return tuple(problem for problem in findings(status, policy, now, label) if not problem.advice)
