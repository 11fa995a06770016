"""Word files of other projects: every letter and digit is in the entry, or in the report of what was left out."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from lxml import html

from gongshi.importing.composer import ComposedEntry, compose_entry
from gongshi.importing.document import ReadOptions, RevisionChoice, Workspace
from gongshi.importing.sources import find_sources
from support.page_converters import site_converter
from support.word_oracle import characters, visible_characters

FILES = sorted((Path(__file__).parent / "documents").glob("*/*.docx"))


def imported_characters(entry: ComposedEntry, page: str) -> Counter[str]:
    """The letters and digits in the page, the front matter and the report of an entry."""
    found = characters("".join(html.fragment_fromstring(page, create_parent="div").itertext()))
    for value in vars(entry.fields).values():
        found.update(characters(str(value or "")))
    for finding in entry.findings:
        found.update(characters(finding.words))
    return found


def test_there_are_documents() -> None:
    """At least twenty."""
    assert len(FILES) >= 20


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_nothing_of_a_document_disappears(file: Path, tmp_path: Path) -> None:
    """Tables, lists, headings, links, character formats, headers and comments."""
    [source], _ignored = find_sources([file])
    convert = site_converter()
    entry = compose_entry(source, Workspace(tmp_path), ReadOptions(RevisionChoice.ACCEPT, language="en"), convert)
    missing = visible_characters(file.read_bytes()) - imported_characters(entry, convert(entry.body))
    assert not missing
