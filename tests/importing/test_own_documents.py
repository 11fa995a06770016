"""Documents as offices have them: all that they show is on the page at its place, or told; and nothing else is told."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from gongshi.importing.composer import ComposedEntry, compose_entry
from gongshi.importing.document import FindingKind, Workspace
from gongshi.importing.sources import find_sources
from gongshi.integrations import libreoffice
from support import import_documents
from support.import_documents.own_document import DOCUMENTS, OwnDocument
from support.letter_oracle import letters_of_file
from support.page_converters import site_converter
from support.page_outline import outline
from support.word_oracle import characters

assert import_documents

pytestmark = pytest.mark.slow

CONVERTED = [
    *(("取暖救助.docx", "doc"), ("合并单元格.docx", "odt"), ("低保公示.docx", "rtf")),
    *(("数字格式.xlsx", "xls"), ("交叉合并.xlsx", "ods")),
]
"""Documents, and the formats in which LibreOffice saves them; their pages must be the same."""


@dataclass(frozen=True)
class Imported:
    """A document and its entry."""

    document: OwnDocument
    content: bytes
    entry: ComposedEntry

    @property
    def page(self) -> list[str]:
        """The lines of the page."""
        return outline(site_converter()(self.entry.body))

    @property
    def told(self) -> list[str]:
        """The words of what is left out or changed."""
        return [each.words for each in self.entry.findings if each.kind is not FindingKind.CHECK]


def _imported(document: OwnDocument, folder: Path) -> Imported:
    path, workspace = document.write(folder / "desk"), folder / "workspace"
    workspace.mkdir()
    [source], _ignored = find_sources([path])
    entry = compose_entry(source, Workspace(workspace), document.options, site_converter())
    return Imported(document, path.read_bytes(), entry)


@pytest.fixture(scope="module", params=DOCUMENTS.values(), ids=list(DOCUMENTS))
def imported(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    """Each document."""
    return _imported(request.param, tmp_path_factory.mktemp("own"))


def test_there_are_documents_of_all_kinds() -> None:
    """At least forty."""
    assert len(DOCUMENTS) >= 40
    endings = {name.rpartition(".")[2] for name in DOCUMENTS}
    assert endings >= {"docx", "xlsx", "csv", "tsv", "html", "htm", "pdf", "ofd"}


def test_everything_stands_at_its_place(imported: Imported) -> None:
    """Paragraphs in their order, list numbers as shown, cells in their row and column."""
    assert tuple(imported.page) == imported.document.page


def test_the_front_matter_has_what_the_file_says(imported: Imported) -> None:
    """And no value that it does not say."""
    assert {key: value for key, value in vars(imported.entry.fields).items() if value is not None} == dict(
        imported.document.values
    )


def test_what_is_left_out_or_changed_is_told_and_nothing_else(imported: Imported) -> None:
    """There is no false alarm where the entry has everything."""
    told = imported.told
    assert len(told) == len(imported.document.told), told
    for words, expected in zip(told, imported.document.told, strict=True):
        assert words.startswith(expected[:-1]) if expected.endswith("…") else words == expected


def test_no_letter_and_no_digit_disappears(imported: Imported) -> None:
    """Each is on the page, in the front matter or in the words of the report; capitals may be a format of the file."""
    words = [*imported.page, *map(str, imported.document.values.values())]
    words += [each.words for each in imported.entry.findings]
    found = characters("".join(words).casefold())
    visible = Counter(letters_of_file(imported.document.file, imported.content))
    assert not Counter(each.casefold() for each in visible.elements()) - found


@pytest.mark.office
@pytest.mark.parametrize(("name", "ending"), CONVERTED)
def test_other_office_formats_give_the_same_page(
    name: str, ending: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """LibreOffice saves a document in the format, and the import reads it; pictures may stand elsewhere in their line."""
    document = DOCUMENTS[name]
    filters = {"doc": "doc:MS Word 97", "xls": "xls:MS Excel 97"}
    monkeypatch.setitem(libreoffice._FILTERS, ending, filters.get(ending, ending))
    original = libreoffice.OfficeFile(document.build(), name.rpartition(".")[2])
    (content,) = libreoffice._convert((original,), ending, 60)
    changed = OwnDocument(
        f"{name.rpartition('.')[0]}.{ending}", lambda: content, document.page, document.values, (), {}, document.options
    )
    page = [re.sub("〔.*?〕", "", line) for line in _imported(changed, tmp_path).page]
    assert page == [re.sub("〔.*?〕", "", line) for line in document.page]
