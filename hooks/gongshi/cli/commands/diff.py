"""`gongshi diff`: show what changed in an entry since its last approved version."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from gongshi.cli import options
from gongshi.cli.commands.diff_terminal import TerminalDiff
from gongshi.cli.session import Session, print_json, reporting
from gongshi.common.errors import InvalidInput, Refused, UsageError, printable
from gongshi.common.files import read_file, write_atomic
from gongshi.common.hashing import sha256
from gongshi.domain.content.version import Version
from gongshi.domain.review import messages
from gongshi.domain.review.approvals import ComparisonBase, last_approved
from gongshi.domain.review.decision_sources import DecisionSource, open_decisions
from gongshi.domain.review.snapshot import status_with_context
from gongshi.domain.review.status import EntryStatus, WithheldReason
from gongshi.i18n import gettext as _
from gongshi.i18n import use_language
from gongshi.reports.diff import html_page
from gongshi.reports.diff.attachment_text import TextExtractor
from gongshi.reports.diff.compare import Comparison, FileChange, FileState, compare
from gongshi.reports.diff.summary import DiffReport
from gongshi.reports.diff.text_diff import Piece, extent
from gongshi.site.markdown.doubtful_marks import mark_text
from gongshi.site.markdown.page_comparison import PageComparison
from gongshi.site.markdown.plain_text import has_marks


@click.command(
    help=_(
        "Show what changed in an entry since its last approved version: front matter, text and files. The "
        "file is compared as it is now, as an approval would take it."
    )
)
@click.argument("path", metavar="PATH")
@click.option("--html", "page", metavar="FILE", type=click.Path(path_type=Path), help=_("Write an HTML page instead."))
@click.option("--json", "as_json", is_flag=True, help=_("Answer in JSON, for programs."))
@click.pass_obj
def diff(session: Session, path: str, page: Path | None, as_json: bool) -> None:
    """Compare the entry and print or write the result."""
    if page:
        _check_target(session, page)
    view = _view(session, _single_entry(session, path))
    if page:
        with use_language(session.policy.language):
            content = html_page.page(view)
        write_atomic(page, content.encode())
    with reporting(options.names([page] if page else [])):
        _print_view(view, page, as_json)


def _print_view(view: DiffReport, page: Path | None, as_json: bool) -> None:
    if as_json:
        print_json(_json_values(view, page))
    elif page:
        click.echo(_("{verdict} Written to {file}.").format(verdict=view.verdict, file=printable(str(page))))
    else:
        TerminalDiff(shutil.get_terminal_size().columns if sys.stdout and sys.stdout.isatty() else None).show(view)


def _single_entry(session: Session, argument: str) -> str:
    named, found = session.select([argument])
    if named:
        return named[0]
    if len(found) > 1:
        message = _("{argument}: holds {count} entries and pages; name one of them")
        raise UsageError(message.format(argument=printable(argument), count=len(found)))
    return found[0]


def _view(session: Session, path: str) -> DiffReport:
    decisions, policy = open_decisions(session.configuration, session.tree), session.policy
    found, _owed = status_with_context(path, session.tree, decisions, session.configuration, session.now)
    version = _draft_version(found, session)
    review = decisions.review(path, found.draft, session.now)
    basis = last_approved(review, lambda approved: decisions.load(path, approved, found.draft), policy)
    comparison = _compare(basis, version, decisions, session)
    compared = _compare_with_page(version, found, session)
    return DiffReport(session.label(path), comparison, basis, found, policy, session.now, compared)


def _draft_version(found: EntryStatus, session: Session) -> Version:
    """Return the version in `docs/`.

    Raises:
        Refused: the file was deleted.
        InvalidInput: the file is invalid or the record is damaged.
    """
    if found.reason is WithheldReason.TAMPERED:
        raise InvalidInput(found.problems)
    if found.draft is None:
        text = messages.reason_text(found, session.policy, session.now.date())
        raise Refused(_("{path}: {text}").format(path=session.label(found.path), text=text))
    if found.draft.version is None:
        raise InvalidInput(found.draft.problems)
    return found.draft.version


def _compare(basis: ComparisonBase | None, version: Version, decisions: DecisionSource, session: Session) -> Comparison:
    source = session.tree.sources[version.path]

    def before(name: str) -> bytes:
        assert basis is not None
        return decisions.file(basis.version, name)

    def after(name: str) -> bytes:
        content = session.tree.read(source, name)
        if sha256(content) != version.files[name]:
            message = _("{file}: changed while it was read; try again")
            raise Refused(message.format(file=session.label(source.folder + name)))
        return content

    return compare(basis.version if basis else None, version, before, after, TextExtractor())


def _compare_with_page(version: Version, found: EntryStatus, session: Session) -> PageComparison | None:
    """Return where the page of the version says something else than its text; None if it cannot be converted."""
    if not has_marks(version.manuscript.body):
        return PageComparison()
    # Slow to load, and not every text needs it.
    from gongshi.build.content_check import ContentChecker, DraftText

    assert found.draft is not None
    text = DraftText(version.path, session.label(version.path), found.draft.content, version.manuscript.body)
    return ContentChecker(session.configuration).compare_with_page(text, removed=True)


def _check_target(session: Session, page: Path) -> None:
    """Refuse an output file that would be published, or that would overwrite anything but an earlier comparison."""
    options.check_output_path(session, page, (".html", ".htm"))
    if page.exists() and html_page.MARK not in read_file(page.resolve()):
        message = _("{file}: not written by gongshi diff; name another file")
        raise Refused(message.format(file=printable(str(page))))


def _json_values(view: DiffReport, page: Path | None) -> dict[str, Any]:
    found, status = view.comparison, view.status
    public, waiting = status.public, status.round
    return {
        "path": found.version.path,
        "title": view.title,
        "state": status.reason.value if status.reason else "published",
        "message": messages.reason_text(status, view.policy, view.now.date()),
        "digest": found.version.digest,
        "base": _json_basis(view.basis),
        "withdrawn": status.withdrawal.at.isoformat() if status.withdrawal else None,
        "public": public.form.value if public else None,
        "public_digest": public.version.digest if public and public.version else None,
        "submitted": {
            "act": waiting.submission.act.value,
            "by": waiting.submission.by,
            "at": waiting.submission.at.isoformat(),
            "digest": waiting.submission.digest,
            "note": waiting.submission.note or waiting.submission.reason,
        }
        if waiting
        else None,
        "differs": found.differs,
        "front_matter": [
            {"key": c.key, "before": c.before, "after": c.after, "pieces": _pieces(c.pieces)} for c in found.fields
        ],
        "body": _pieces(found.body),
        "extent": asdict(extent(found.body)),
        "page": _json_page(view),
        "files": [_json_file(file) for file in found.files],
        "html": str(page) if page else None,
    }


def _json_page(view: DiffReport) -> dict[str, Any] | None:
    """Return where the page says something else than the text; None if the text cannot be converted."""
    if view.page is None:
        return None
    return {
        "differences": [
            {"line": view.first_line + each.line, "typed": each.typed, "shown": each.shown}
            for each in view.page.differences
        ],
        "marks": [{"line": view.first_line + each.line, "message": mark_text(each)} for each in view.page.marks],
    }


def _json_basis(basis: ComparisonBase | None) -> dict[str, Any] | None:
    if basis is None:
        return None
    approvals = [
        {"stage": decision.stage, "by": decision.by, "at": decision.at.isoformat()}
        for decision in basis.approved.approvals
    ]
    return {
        "digest": basis.approved.digest,
        "correction": basis.approved.corrects is not None,
        "approvals": approvals,
    }


def _pieces(pieces: tuple[Piece, ...]) -> list[list[str]]:
    return [[piece.op.value, piece.text] for piece in pieces]


def _json_file(file: FileChange) -> dict[str, Any]:
    inside = file.inside
    return {
        "name": file.name,
        "state": file.state.value,
        "old_name": file.old_name,
        "before": _json_side(file.before),
        "after": _json_side(file.after),
        "text": {
            "pieces": _pieces(inside.pieces),
            "extent": asdict(extent(inside.pieces)),
            "unreadable_before": inside.before.value if inside.before else None,
            "unreadable_after": inside.after.value if inside.after else None,
            "cut": inside.cut,
        }
        if inside
        else None,
    }


def _json_side(side: FileState | None) -> dict[str, Any] | None:
    return {"sha256": side.sha256, "bytes": side.size, "pixels": side.pixels} if side else None
