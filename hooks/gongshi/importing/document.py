"""A file as its reader returns it: HTML, files, front matter values that the file names, and findings.

Readers return HTML of few elements, so that one writer makes the Markdown of all of them (`markdown_writer`):

- Blocks, all at the top level: `h2` to `h4`; `p` with the class `center`, `right` or `caption`; `ul` and `ol` with
  `li` (an `li` of an `ol` has `value`, and holds text, then nested lists); `table` with an optional `caption`, then
  `tr` with `th` or `td` (attributes `rowspan` and `colspan`, class `center` or `right`; their content is text with
  `br`, or `p`); `blockquote`; `pre`; `aside` with an `id` for a footnote, behind all other blocks.
- Inline: `strong`, `em`, `u`, `s`, `sup`, `sub`, `br`, `a` with `href`, `a` with the class `footnote` and `href="#ID"`
  (empty), `img` with `src` (the name of a file in the workspace), `alt`, `title` for its caption, `width` in CSS pixels
  where the file shows it much narrower than its text, and the class `seal` for the picture of a seal.

Numbers that Word makes, such as 一、 or (1), are written into the text; only decimal numbers with a full stop are an
`ol`. Blanks and tabs are kept as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from pathlib import Path


class FindingKind(Enum):
    """The meaning of a finding for the editor."""

    LEFT_OUT = "left-out"
    """The file has it, the entry does not."""
    CHANGED = "changed"
    """The entry has it in another form."""
    CHECK = "check"
    """The editor should look at it."""


@dataclass(frozen=True)
class Finding:
    """Something that the editor must know about an import."""

    kind: FindingKind
    message: str
    """The message, in the reader's language."""
    place: str = ""
    """Its place in the file, in the reader's language, such as a paragraph with its number, or a cell."""
    words: str = ""
    """The words in question, as they stand in the file."""

    def json_values(self) -> dict[str, str]:
        """Return the finding as JSON values."""
        return {"kind": self.kind.value, "message": self.message, "place": self.place, "words": self.words}


@dataclass(frozen=True)
class BundleFile:
    """A picture or attachment of the entry. A reader writes its bytes to `name` in the workspace."""

    name: str
    """Its name in the folder of the entry."""
    title: str | None = None
    """Its title in the list of attachments; None for a file that the text shows, which is not listed."""


@dataclass(frozen=True)
class DocumentFields:
    """Values for the front matter that the file itself names; None for each that it does not name."""

    title: str | None = None
    source: str | None = None
    number: str | None = None
    index: str | None = None
    issued: date | None = None
    issuer: str | None = None
    event_start: date | datetime | None = None
    event_end: date | datetime | None = None
    event_place: str | None = None
    event_organizer: str | None = None
    event_contact: str | None = None
    notice_from: date | None = None
    """The first day of a public notice (公示)."""
    notice_to: date | None = None
    """Its last day."""
    published: date | datetime | None = None
    """The day on which the text was published elsewhere, such as on the old site."""


@dataclass(frozen=True)
class ReadDocument:
    """A file as its reader returns it."""

    html: str
    """See the module's docstring."""
    visible_text: str
    """The text that a reader of the file sees, extracted without the conversion, with one line for each paragraph and
    table cell. The fidelity report compares the entry with it."""
    fields: DocumentFields = field(default_factory=DocumentFields)
    files: tuple[BundleFile, ...] = ()
    findings: tuple[Finding, ...] = ()


class RevisionChoice(Enum):
    """The treatment of tracked changes."""

    ASK = "ask"
    """Refuse the file and say how to choose."""
    ACCEPT = "accept"
    REJECT = "reject"


@dataclass(frozen=True)
class ReadOptions:
    """Choices of the user that readers need."""

    revisions: RevisionChoice = RevisionChoice.ASK
    sheet: str | None = None
    """The name or the number (from 1) of a worksheet; None for the first visible one that is not empty."""
    cells: str | None = None
    """The range of cells, such as `A1:F20`; None for all that are used."""
    language: str = "zh"
    """The site's language."""
    column_kind: str = "announcement"
    """The kind of the column, `announcement` or `activity`."""


@dataclass(frozen=True)
class Workspace:
    """The folder in which a reader writes pictures and attachments; nothing else is taken over from it."""

    folder: Path

    def write(self, name: str, content: bytes) -> BundleFile:
        """Write a picture that the text shows and return it.

        Args:
            name: its name, without a folder; another file of this name must not exist.
            content: its bytes.
        """
        with (self.folder / name).open("xb") as file:
            file.write(content)
        return BundleFile(name)


class UnreadableFileError(Exception):
    """Error: a file cannot be imported.

    Args:
        message: the reason and what the user can do, in the reader's language, without the name of the file.
    """
