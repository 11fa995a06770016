"""Takedown guard: stop a build that would remove too many pages of the previous site without a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from gongshi.common.errors import Refused, printable
from gongshi.domain.records import stopped_takedown
from gongshi.domain.records.stopped_takedown import Stop
from gongshi.domain.review import messages, takedown
from gongshi.domain.review.snapshot import Snapshot
from gongshi.domain.review.status import WITH_PROBLEMS
from gongshi.domain.review.takedown import PublishedPages, Takedown
from gongshi.i18n import gettext as _
from gongshi.i18n import ngettext

_MAX_NAMED = 5
"""Maximum number of pages named per reason, and of reasons listed."""


def guard(snapshot: Snapshot, folder: Path, before: PublishedPages | None, strict: bool = False) -> str | None:
    """Refuse to replace a folder if too many of its pages would be removed without a decision.

    If pages were withdrawn in the same build, it goes on with a warning, because withdrawn pages must not stay public.

    Args:
        snapshot: the snapshot that would be published.
        folder: the current site or tree; it may be missing.
        before: its pages, as `manifest.published_pages` returns them.
        strict: refuse even if pages were withdrawn.

    Returns:
        A warning if many pages are removed all the same, else None.

    Raises:
        Refused: too many pages would be removed; the message lists the reasons and what to do.
    """
    if before is None:
        return None
    found = takedown.compare(before, snapshot)
    root = snapshot.configuration.root
    if not found.exceeds(snapshot.configuration.policy.takedown_limit) or stopped_takedown.is_accepted(
        root, folder, found.other
    ):
        return None
    if found.decided and not strict:
        message = _("{count} of {pages} pages are taken down although nobody decided that:")
        why = _(
            "This was not stopped, because what was withdrawn must not stay up: {paths}. If it is a mistake, "
            "correct it and build again."
        )
        count = message.format(count=len(found.other), pages=found.pages)
        return "\n".join([count, _reasons(found, before, snapshot), why.format(paths=_named(found.decided))])
    raise Refused(
        "\n".join(
            _refusal(
                found,
                before,
                snapshot,
                stopped_takedown.keep(root, Stop(frozenset(found.other), stopped_takedown.place(root, folder))),
            )
        )
    )


def _refusal(found: Takedown, before: PublishedPages, snapshot: Snapshot, can_accept: bool) -> Iterator[str]:
    policy = snapshot.configuration.policy
    message = _(
        "{count} of {pages} pages would be taken down although nobody decided that; what is there stays as it is:"
    )
    yield message.format(count=len(found.other), pages=found.pages)
    yield _reasons(found, before, snapshot)
    if before.assurance != policy.assurance:
        message = _("Decisions are looked for elsewhere now: assurance was {before} and is {now} in mkdocs.yml.")
        yield message.format(before=before.assurance, now=policy.assurance)
    for paths, message in (
        (found.decided, _("These stay up although they were withdrawn: {paths}.")),
        (found.expired, _("These stay up although they have expired: {paths}.")),
    ):
        if paths:
            yield message.format(paths=_named(paths))
    yield _("If mkdocs.yml or docs/ were changed by mistake, undo that and build again.")
    limit = _("`takedown_limit` under extra.gongshi in mkdocs.yml (now {percent}%)")
    limit = limit.format(percent=policy.takedown_limit)
    if can_accept:
        message = _(
            "If it is meant, accept it with `gongshi doctor --accept-takedown` and build again, or raise {limit}."
        )
    else:
        message = _("If it is meant, raise {limit}.")
    yield message.format(limit=limit)


def _reasons(found: Takedown, before: PublishedPages, snapshot: Snapshot) -> str:
    """Return lines that list the pages by the reason of their removal, the most frequent reason first."""
    groups: dict[tuple[str, ...], list[str]] = {}
    words: dict[tuple[str, ...], str] = {}
    for path in found.other:
        cause, text = _cause(path, before, snapshot)
        groups.setdefault(cause, []).append(path)
        words.setdefault(cause, text)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    lines = [f"- {words[cause]}: {_named(paths)}" for cause, paths in ordered[:_MAX_NAMED]]
    others = len(ordered) - _MAX_NAMED
    if others > 0:
        lines.append(ngettext("- and {count} more reason", "- and {count} more reasons", others).format(count=others))
    return "\n".join(lines)


def _cause(path: str, before: PublishedPages, snapshot: Snapshot) -> tuple[tuple[str, ...], str]:
    """Return the cause of a page's removal, as a key that groups pages, and its text."""
    status, policy = snapshot.statuses.get(path), snapshot.configuration.policy
    if status is None:
        return ("absent",), _("neither file nor dossier is there")
    if status.reason not in WITH_PROBLEMS and status.rejected:
        # The first flaw is the cause; the later decisions are void because of it.
        own = (
            rejected_decision
            for rejected_decision in status.rejected
            if rejected_decision.decision.digest == before.digests[path]
        )
        rejected_decision = next(own, status.rejected[0])
        return (rejected_decision.reason.value, rejected_decision.decision.by), messages.rejection_text(
            rejected_decision.reason, rejected_decision.decision, policy
        )
    title = messages.reason_title(status.reason)
    return (title,), title


def _named(paths: Iterable[str]) -> str:
    listed = sorted(paths)
    text = _(", ").join(map(printable, listed[:_MAX_NAMED]))
    others = len(listed) - _MAX_NAMED
    return _("{paths} and {count} more").format(paths=text, count=others) if others > 0 else text
