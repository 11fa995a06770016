"""The key `lang`: read with any capital letters, refused with its mend, and compared with the letters of the title."""

from __future__ import annotations

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.domain.content import front_matter_writer, text_advice
from gongshi.domain.content.front_matter import MarkdownFile, read
from support.front_matter_changes import VALID, digest


def manuscript(lang: str | None, title: str = "A") -> MarkdownFile:
    """An entry with this title and language."""
    text = VALID.replace("title: A", f"title: {title}")
    text = text.replace("author: clerk", f"author: clerk\nlang: {lang}") if lang is not None else text
    return read(text.encode(), "docs/a.md", requires_entry_keys=True)


@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("english", "“english” is no language tag; write en"),
        ("中文", "“中文” is no language tag; write zh"),
        ("ug_CN", "“ug_CN” is no language tag; write ug-CN"),
        ("xx", "must be a language tag such as ug, bo, mn-Mong, kk-Arab, zh-Hant or en"),
        ("[ug]", "must be a language tag such as ug, bo, mn-Mong, kk-Arab, zh-Hant or en"),
        ("''", "is empty; write a language tag such as ug, bo, mn-Mong or en, or leave it out"),
        ("", "is empty; write a language tag such as ug, bo, mn-Mong or en, or leave it out"),
    ],
)
def test_what_is_no_language_tag_is_an_error(written: str, mend: str) -> None:
    """With file, line and key, and the tag that was meant."""
    with pytest.raises(InvalidInput) as caught:
        manuscript(written)
    assert [str(problem) for problem in caught.value.problems] == [f"docs/a.md:6: lang: {mend}"]


def test_a_tag_is_one_however_it_is_written() -> None:
    """Capital letters make no other version; `no` is Norwegian, though YAML takes it for false."""
    assert manuscript("UG-cn").meta.lang == "ug-CN"
    assert manuscript("no").meta.lang == "no"
    assert digest(VALID.replace("author", "lang: MN-mong\nauthor")) == digest(
        VALID.replace("author", "lang: mn-Mong\nauthor")
    )


@pytest.mark.parametrize("lang", [None, "ug", "mn-Mong", "no"])
def test_what_is_written_for_other_programs_keeps_the_language(lang: str | None) -> None:
    """Reading it again gives the same front matter."""
    written = front_matter_writer.format_front_matter(manuscript(lang))
    assert read(written, "docs/a.md", requires_entry_keys=True).meta.lang == lang


@pytest.mark.parametrize(
    ("lang", "title", "key", "words"),
    [
        (None, "ئۇقتۇرۇش", "title", "name its language, such as `lang: ug`"),
        (None, "بلاغ WPS", "title", "name its language"),
        ("kk", "حابارلاندىرۋ", "lang", "kk is not; name the script, too: kk-Arab"),
        ("mn", "بلاغ", "lang", "mn is not"),
        ("yi", "ꆈꌠꁱꂷ", "lang", "write the language of the text"),
        ("ug", "Uqturush", "lang", "ug is written from right to left, but the title has no such letter"),
    ],
)
def test_letters_in_another_direction_are_told(lang: str | None, title: str, key: str, words: str) -> None:
    """As advice with its line: the page would stand in the wrong direction."""
    (found,) = text_advice.findings(manuscript(lang, title), "docs/a.md")
    assert (found.key, found.line, found.advice) == (key, 2 if key == "title" else 6, True)
    assert words in found.message


@pytest.mark.parametrize(
    ("lang", "title"),
    [
        (None, "中文"), (None, "中文，附维文标题“ئۇقتۇرۇش”"), (None, "2026 …"), ("ug", "ئۇقتۇرۇش WPS 2026"), ("ug", "2026-1"),
        ("kk-Arab", "حابارلاندىرۋ"), ("kk", "Хабарландыру"), ("mn-Mong", "ᠮᠣᠩᠭᠣᠯ"), ("bo", "བོད་ཡིག"), ("ug-Latn", "Uqturush"),
    ],
)  # fmt: skip
def test_letters_in_the_direction_of_the_language_are_fine(lang: str | None, title: str) -> None:
    """Nothing is told."""
    assert text_advice.findings(manuscript(lang, title), "docs/a.md") == ()
