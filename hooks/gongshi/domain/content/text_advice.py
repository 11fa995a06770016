"""Check the text of a draft for characters that do not belong there. Errors prevent submitting and approving it.

A version that was approved before such a check existed stays public.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from gongshi.common import characters, languages
from gongshi.common.errors import Problem
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.content.front_matter import MarkdownFile
from gongshi.i18n import gettext as _
from gongshi.i18n import translations

_SHORT = 200
"""Characters; a longer text without comments is not empty."""
_UNSEEN = lazy_pattern(r"<!--.*?(?:-->|\Z)|&nbsp;|[\s#*_>`~+=|-]", re.DOTALL)
"""Parts of a text that show nothing by themselves: comments, spaces and marks of Markdown."""
_SENTENCES = frozenset(("Write the text here.", "在此填写正文。"))
"""The sentence of `gongshi new` in each language; to read it from the catalogues would slow every command down."""
_LINES = 5
"""The maximum number of further lines that a message names."""


def findings(manuscript: MarkdownFile, path: str) -> tuple[Problem, ...]:
    """Find characters that do not belong in a text; errors prevent submitting and approving it.

    Args:
        manuscript: the text.
        path: the name of the file in problems.

    Returns:
        Errors and advice, in the order of the file.
    """
    return (
        *manuscript.refusals,
        *manuscript.advice,
        *_direction(manuscript, path),
        *_in_body(manuscript, path),
        *_unwritten(manuscript, path),
    )


def errors(manuscript: MarkdownFile, path: str) -> tuple[Problem, ...]:
    """Return the problems that prevent submitting and approving a text.

    Args:
        manuscript: the text.
        path: the name of the file in problems.
    """
    return tuple(problem for problem in findings(manuscript, path) if not problem.advice)


def _direction(manuscript: MarkdownFile, path: str) -> Iterator[Problem]:
    """Yield advice where the letters of the title are not written in the direction that follows from `lang`."""
    title, tag = manuscript.meta.title, manuscript.meta.lang
    letters = [unicodedata.bidirectional(character) for character in title if character.isalpha()]
    count = sum(each in languages.RIGHT_TO_LEFT for each in letters)
    if 2 * count > len(letters) and letters[0] in languages.RIGHT_TO_LEFT and not languages.is_right_to_left(tag):
        message = _("is written from right to left; name its language, such as `lang: ug`, so that pages show it so")
        if tag:
            message = _("the title is written from right to left, but {tag} is not; name the script, too: {better}")
            message = message.format(tag=tag, better=f"{tag.split('-')[0]}-Arab" if "AL" in letters else "yi, he")
        key = "lang" if tag else "title"
        yield Problem(path, message, manuscript.lines.get(key), key, advice=True)
    elif tag and languages.is_right_to_left(tag) and letters and not count:
        message = _(
            "{tag} is written from right to left, but the title has no such letter; write the language of the text"
        )
        yield Problem(path, message.format(tag=tag), manuscript.lines.get("lang"), "lang", advice=True)


def placeholder(language: str) -> str:
    """Return the sentence that `gongshi new` writes as the text of an entry.

    Args:
        language: a language code such as `zh` or `en`.
    """
    return translations(language).gettext("Write the text here.")


def _unwritten(manuscript: MarkdownFile, path: str) -> Iterator[Problem]:
    """Yield the sentence of `gongshi new`, alone or left over beside a text."""
    if not any(sentence in manuscript.body for sentence in _SENTENCES):
        return
    lines = manuscript.body.split("\n")
    for number, line in enumerate(lines):
        if line.strip() in _SENTENCES:
            message = _("this sentence only holds the place; write the text instead of it")
            if manuscript.body.strip() == line.strip():
                message = _("nobody has written the text yet; write it here in place of this sentence")
            yield Problem(path, message, manuscript.first_line + number)


def emptiness(manuscript: MarkdownFile, path: str) -> Iterator[Problem]:
    """Yield the problem that a page would show no text: advice only if it offers files instead.

    Args:
        manuscript: the text.
        path: the name of the file in problems.
    """
    if len(manuscript.body) > _SHORT and "<!--" not in manuscript.body:
        return
    shown = _UNSEEN.sub("", manuscript.body)
    if any(not characters.is_invisible(character) for character in shown):
        return
    if manuscript.meta.attachments:
        message = _("the text is empty, so readers see the files alone; write a sentence that says what they are")
        yield Problem(path, message, manuscript.first_line, advice=True)
    else:
        yield Problem(path, _("the text is empty; write it below the second line `---`"), manuscript.first_line)


def _in_body(manuscript: MarkdownFile, path: str) -> Iterator[Problem]:
    """Yield one problem for each character, with the lines on which it occurs."""
    places: dict[str, list[int]] = {}
    faults = {}
    for line, character, fault in characters.in_text(manuscript.body, languages.is_right_to_left(manuscript.meta.lang)):
        faults[character] = fault
        lines = places.setdefault(character, [])
        if not lines or lines[-1] != line:
            lines.append(line)
    for character, lines in places.items():
        numbers = [manuscript.first_line + line - 1 for line in lines]
        message = characters.fault_text(character, faults[character])
        if others := numbers[1 : _LINES + 1]:
            named = _(", ").join(map(str, others)) + (" …" if len(numbers) > _LINES + 1 else "")
            message = _("{what} (also on lines {lines})").format(what=message, lines=named)
        advice = faults[character] not in characters.REFUSED_IN_TEXT
        yield Problem(path, message, numbers[0], advice=advice)
