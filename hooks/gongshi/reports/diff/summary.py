"""Describe a comparison in words, for the terminal and the HTML page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import PurePosixPath

from gongshi.common.errors import printable
from gongshi.common.text import format_exact_size
from gongshi.domain.config.policy import Policy
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import dotted_keys
from gongshi.domain.records.dossier import Action, Decision
from gongshi.domain.review import messages
from gongshi.domain.review.approvals import ComparisonBase
from gongshi.domain.review.models import ApprovedVersion
from gongshi.domain.review.status import EntryStatus, PublicForm, WithheldReason
from gongshi.i18n import gettext as _
from gongshi.reports.diff.attachment_reader import CHARACTERS, UNPACKED_BYTES, Failure
from gongshi.reports.diff.compare import PATH, Comparison, FileChange, FileState, State, TextChange
from gongshi.reports.diff.hunks import Excerpt
from gongshi.reports.diff.visible_text import show_invisible
from gongshi.reports.local_time import in_site_time, status_in_site_time
from gongshi.site.markdown.doubtful_marks import mark_text
from gongshi.site.markdown.fidelity import TextDifference
from gongshi.site.markdown.page_comparison import PageComparison

SHORT = 12
"""The number of digits of a digest that are shown."""


@dataclass(frozen=True)
class DiffReport:
    """A comparison with the facts that an approver needs."""

    label: str
    """The entry as the user knows it, such as `docs/announcements/a.md`."""
    comparison: Comparison
    basis: ComparisonBase | None
    status: EntryStatus
    policy: Policy
    now: datetime
    page: PageComparison | None
    """The places where the page of the version in `docs/` differs from its text; None if it cannot be converted."""

    @property
    def first_line(self) -> int:
        """The line of the file on which the text begins, counted from 1."""
        return self.comparison.version.manuscript.first_line

    def page_notes(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the lines that readers see otherwise than they were typed, or whose marks may not be meant.

        Each comes with what is to be known of it, such as the typed text and the text on the page.
        """
        if self.page is None:
            yield _("the text"), (_("it cannot be converted here, so nobody can tell what the page shows"),)
            return
        notes: list[tuple[int, tuple[str, ...]]] = [(each.line, _both_texts(each)) for each in self.page.differences]
        notes += [(each.line, (mark_text(each),)) for each in self.page.marks]
        for line, texts in sorted(notes):
            yield _("line {line}").format(line=self.first_line + line), texts

    @property
    def title(self) -> str:
        """The title of the version in `docs/`."""
        return self.comparison.version.meta.title

    def facts(self, in_full: bool = False) -> Iterator[tuple[str, str]]:
        """Yield the compared versions and the status of the entry: labels with texts.

        Args:
            in_full: True to show all digits of the digests.
        """
        found = self.comparison
        yield _("compared with"), _basis_text(self)
        if in_full and found.base:
            yield _("its digest"), found.base.digest
        yield _("digest of this version"), found.version.digest if in_full else found.version.digest[:SHORT]
        yield from _standing_facts(self)

    @property
    def verdict(self) -> str:
        """A sentence that tells whether the versions differ, and in which parts."""
        found = self.comparison
        if not found.differs:
            return _("No differences: this is the approved version.")
        if found.base is None:
            return _("Everything is new.")
        parts = {
            _("front matter ({count})").format(count=len(found.fields)): found.fields,
            _("text"): found.body_differs,
            _("files ({count})").format(count=len(found.changed_files)): found.changed_files,
        }
        return _("Differences: {parts}.").format(parts=_(", ").join(part for part, differs in parts.items() if differs))


def _both_texts(found: TextDifference) -> tuple[str, str]:
    typed = _("typed: {text}").format(text=show_invisible(found.typed))
    return typed, _("on the page: {text}").format(text=show_invisible(found.shown) or _("nothing"))


def _standing_facts(view: DiffReport) -> Iterator[tuple[str, str]]:
    entry_status, policy = status_in_site_time(view.status, view.policy), view.policy
    day = view.now.date()
    state = messages.reason_title(entry_status.reason)
    if entry_status.reason is not None:
        words = {"title": state, "text": messages.reason_text(entry_status, policy, day)}
        state = _("{title}: {text}").format(**words)
    yield _("state"), state
    if entry_status.round:
        yield _("submitted"), _submission_text(entry_status.round.submission, view)
        for decision in entry_status.round.approvals:
            stage = messages.stage_title(decision.stage, policy)
            yield _("approved at {stage}").format(stage=stage), _act_text(decision, decision.note, policy)
    owed = messages.owed_text(entry_status, policy)
    if owed and entry_status.reason not in (WithheldReason.URGENT, WithheldReason.OVERDUE):
        yield _("urgent"), owed
    yield _("public is"), _public_text(view)
    for rejected_decision in entry_status.rejected:
        problem = messages.rejection_problem(rejected_decision, entry_status, "docs", policy)
        text = _("line {line} of the dossier: {why}") if rejected_decision.decision.line else "{key}: {why}"
        yield _("does not count"), text.format(line=problem.line, key=problem.key, why=problem.message)


def _basis_text(view: DiffReport) -> str:
    if view.basis:
        approved = view.basis.approved
        text = _("the version approved on {day} by {persons} ({digest})")
        if approved.corrects:
            text = _("the minor correction approved on {day} by {persons} ({digest})")
        return text.format(**_approval(approved, view.policy))
    if view.policy.assurance == "flag":
        return _("nothing: with assurance: flag no approved version is kept, so everything is shown as new")
    withdrawal = view.status.withdrawal
    if withdrawal and any(
        rejected_decision.decision.line == withdrawal.line for rejected_decision in view.status.rejected
    ):
        text = _("nothing: line {line} of the dossier, which does not count, took it down; everything is shown as new")
        return text.format(line=withdrawal.line)
    if withdrawal:
        text = _(
            "nothing: withdrawn on {day} by {person} ({words}) and not approved since, so everything is shown as new"
        )
        return text.format(
            day=in_site_time(withdrawal, view.policy).day.isoformat(),
            person=messages.person_name(withdrawal.by, view.policy),
            words=printable(withdrawal.reason or ""),
        )
    return _("nothing: no version has passed its chain yet, so everything is shown as new")


def _approval(approved: ApprovedVersion, policy: Policy) -> dict[str, str]:
    return {
        "day": in_site_time(approved.decision, policy).day.isoformat(),
        "persons": _(", ").join(messages.person_name(decision.by, policy) for decision in approved.approvals),
        "digest": approved.digest[:SHORT],
    }


def _act_text(decision: Decision, words: str | None, policy: Policy) -> str:
    text = _("on {day} by {person}: {words}") if words else _("on {day} by {person}")
    person = messages.actor_text(decision, policy)
    return text.format(day=in_site_time(decision, policy).day.isoformat(), person=person, words=printable(words or ""))


def _submission_text(submission: Decision, view: DiffReport) -> str:
    text = _act_text(submission, submission.note or submission.reason, view.policy)
    if submission.act is Action.CORRECT:
        text = _("as a minor correction, {how}").format(how=text)
    if submission.act is Action.URGENT:
        text = _("by publishing it urgently, {how}").format(how=text)
    if submission.digest != view.comparison.version.digest:
        return _("another version ({digest}), {how}").format(digest=submission.digest[:SHORT], how=text)
    return text


def _public_text(view: DiffReport) -> str:
    public = view.status.public
    if public is None:
        return _("nothing of this entry")
    if public.form is PublicForm.WITHDRAWN:
        return _("a notice that it was withdrawn")
    if public.form is PublicForm.EXPIRED:
        return _("a notice that it expired")
    approved = public.approved
    if approved is None or approved.digest == view.comparison.version.digest:
        return _("this version")
    if view.basis and approved.digest == view.basis.approved.digest:
        return _("the version compared with")
    if approved.due:
        text = _("the version published urgently on {day} by {persons} ({digest})")
    else:
        text = _("the version approved on {day} by {persons} ({digest})")
    return text.format(**_approval(approved, view.policy))


def field_title(key: str) -> str:
    """Return a key of the front matter in words, or `path` for the address.

    Args:
        key: as a dotted path, such as `document.number`; a KeyError is raised for an undeclared one.
    """
    return _("address") if key == PATH else dotted_keys(FrontMatter)[key].title()


def state_title(state: State) -> str:
    """Return the change of a file in a word."""
    return {
        State.ADDED: _("new"),
        State.REMOVED: _("removed"),
        State.CHANGED: _("changed"),
        State.RENAMED: _("renamed"),
        State.SAME: _("unchanged"),
    }[state]


def type_title(name: str) -> str:
    """Return the kind of a file, judged by its extension, such as `PDF document .pdf`."""
    ending = PurePosixPath(name).suffix[1:].lower()
    groups = {
        _("PDF document"): "pdf",
        _("text document"): "doc docx docm wps odt rtf",
        _("spreadsheet"): "xls xlsx xlsm et ods",
        _("slides"): "ppt pptx pps dps odp",
        _("plain text"): "txt log",
        _("data"): "csv tsv json geojson",
        _("picture"): "jpg jpeg png gif webp bmp svg tif tiff avif heic",
        _("archive"): "zip rar 7z gz tar",
        _("sound"): "mp3 wav m4a ogg aac",
        _("video"): "mp4 webm mov avi mkv",
    }
    kind = next((title for title, endings in groups.items() if ending in endings.split()), _("file"))
    return f"{kind} .{ending}" if ending else kind


def side_text(side: FileState) -> str:
    """Return the size of a file, of a picture in pixels, too, and the beginning of its SHA-256."""
    size = format_exact_size(side.size)
    if side.pixels:
        size += _(", {width} × {height} pixels").format(width=side.pixels[0], height=side.pixels[1])
    return _("{size}, SHA-256 {digest}").format(size=size, digest=side.sha256[:SHORT])


def failure_text(failure: Failure) -> str:
    """Return the reason for which the text inside a file cannot be read."""
    return {
        Failure.DAMAGED: _("the file is damaged, or its kind differs from its name"),
        Failure.PROTECTED: _("the file is protected by a password, or in the format from before 2007"),
        Failure.BOMB: _("it is larger than {size} MiB when unpacked").format(size=UNPACKED_BYTES >> 20),
        Failure.NO_TEXT: _("it contains no text, for example only scanned pages"),
        Failure.MEMORY: _("reading it needs too much memory"),
        Failure.TIME: _("reading it takes too long"),
        Failure.TOO_LARGE: _("the file is too large"),
        Failure.ENCODING: _("its encoding is unknown"),
        Failure.SYSTEM: _("the program that reads it could not be started"),
    }[failure]


def extent_text(found: Excerpt) -> str | None:
    """Return the note before a text diff that is not shown in full; None for any other.

    Args:
        found: the rows that are shown, and the size of the whole diff.
    """
    extent = found.extent
    if extent is None:
        return None
    text = _(
        "Too different to show in full. Lines removed: {lines_out}, added: {lines_in}, changed in part: "
        "{lines_changed}; characters removed: {characters_out}, added: {characters_in}. "
        "Only the beginning follows (lines: {rows}); read the whole text in the file itself."
    )
    return text.format(rows=len(found.rows), **asdict(extent))


def inside_notes(file: FileChange) -> list[str]:
    """Return the notes on a changed file: whether its text was compared, and what was not."""
    inside = file.inside
    if inside is None:
        return [_("The content of this kind of file is not compared; open the new file and look at it.")]
    if inside.before or inside.after:
        return [*_failures(inside), _("The bytes differ; open the new file and look at it.")]
    notes = []
    if inside.cut:
        notes.append(_("Only the first {count} characters of the text are compared.").format(count=CHARACTERS))
    if not inside.differs:
        notes.append(_("The text inside is the same, but the bytes differ; open the new file and look at it."))
    notes.append(_("Only the text is compared: layout, pictures, macros and encoding may differ, too."))
    return notes


def _failures(inside: TextChange) -> Iterator[str]:
    if inside.before:
        yield _("The text of the old file cannot be read: {reason}.").format(reason=failure_text(inside.before))
    if inside.after:
        yield _("The text of the new file cannot be read: {reason}.").format(reason=failure_text(inside.after))
