"""Rules for a minor correction: only words of the body change, and no more of them than the policy allows.

Words in plain paragraphs are recognised by their characters. Everything else is converted as the site does, and the
pages of both versions are compared: their elements must be the same, and only words may differ that readers see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache
from itertools import zip_longest

from gongshi.common.characters import EMOJI_WITH_SELECTOR, is_invisible
from gongshi.common.errors import Refused, UsageError
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.config.policy import ConversionLimitError, Convert, ConvertedText, Policy
from gongshi.domain.content import text_limits
from gongshi.domain.content.version import Version, to_canonical
from gongshi.domain.review.converted_text import (
    ElementChange,
    Part,
    Token,
    first_change,
    read_tokens,
    shows_only,
    substituted,
)
from gongshi.domain.review.correction_words import FactChange, changed_fact

_PUNCTUATION = frozenset("，。、；：？！“”‘’（）《》〈〉【】—…·「」『』～％ ,.;:?!'\"()%+-/|*_")
"""Characters that a changed line may contain besides letters and digits."""
_TABLE_MARKS = lazy_pattern(r"[|*_]")
"""Marks of tables and emphasis among them, which a correction must not change."""
_LINE_PREFIX = lazy_pattern(r"[ \t]*(?:(?:[-*+>]|#{1,6}|\d{1,9}[.)])[ \t]+)*")
"""Indentation and the marks of list items, quotations and headings."""
_ACTIVE_MARKUP = lazy_pattern(r"[\[\]<>{}`\\]|^[ \t]*(?:///|!!!|\?\?\?|===|~~~)", re.MULTILINE)
"""Links, HTML, attributes, code and blocks, in which a few characters can change more than the words."""
_HTML = lazy_pattern(r"<[A-Za-z/!?]")
_END_BLANK = lazy_pattern(r"(?<! ) \Z")
_MARKS = 1000
_LETTER_MARKS, _OTHER_MARKS = 0x30000, 0xF0000
"""The first characters that stand for changed parts: rare Chinese characters, and characters for private use."""
_MAX_PAIRS = 400_000_000
"""The largest product of the lengths of two different parts: an alignment takes one bit of memory for each pair of
characters, and no limit on memory is in force."""
_WEB_ADDRESS = lazy_pattern(r"://|www\.", re.IGNORECASE)


class Violation(Enum):
    """Reasons for which a change is not a minor correction."""

    FRONT_MATTER = "front-matter"
    FILES = "files"
    INVISIBLE = "invisible"
    """A changed line has an invisible character, before or after the change."""
    ELEMENT = "element"
    """Links, pictures, headings, lists, tables or other elements of the page differ."""
    COMMENT = "comment"
    """A comment, or other HTML that no page shows, differs."""
    LINES = "lines"
    """Lines were joined, divided, added or removed."""
    NOT_WORDS = "not-words"
    """Something of the source differs that is not a word of the page, or the words change how the text is read."""
    UNREADABLE = "unreadable"
    """The text cannot be converted here, so that nobody can tell what differs in the page."""
    UNJUDGED = "unjudged"
    """Converting the text takes too much time or memory here; on another day or machine it may not."""
    WORDS = "words"
    """The words themselves must not be changed by a correction, such as a number."""
    TOO_LONG = "too-long"
    NOTHING = "nothing"
    """Nothing has changed."""


@dataclass(frozen=True)
class Difference:
    """A difference for which a change is not a minor correction."""

    violation: Violation
    element: ElementChange | None = None
    """The element that differs."""
    fact: FactChange | None = None
    """The word that differs."""
    line: int = 0
    """The line of the body that differs, counted from 1; 0 if it does not matter."""


_NONE = "none"
"""The kept verdict on a minor correction."""


def correction_verdict(base: Version, version: Version, policy: Policy, day: date = date.max) -> Violation | None:
    """Return the kind of difference for which a version is not a minor correction, or None if it is one.

    The answer is that of `correction_violation`. If converting the texts was necessary to find it, it is kept in
    `policy.verdicts` and taken from there.

    Args:
        base: the version that passed the full chain.
        version: the corrected version.
        policy: the rules.
        day: the day of the decision.
    """
    before, after = base.manuscript.body, version.manuscript.body
    if policy.verdicts is None or _other_violation(base, version) or _is_plain(before.split("\n"), after.split("\n")):
        found = correction_violation(base, version, policy, day=day)
        return found.violation if found else None
    verdicts = policy.verdicts()
    question = (before, after, _limit(policy), _names(policy, day))
    known = verdicts.recall(question)
    if known is None:
        found = correction_violation(base, version, policy, day=day)
        known = found.violation.value if found else _NONE
        if known not in (Violation.UNREADABLE.value, Violation.UNJUDGED.value):
            # A text that failed may be converted by another machine, or with more memory.
            verdicts.keep(question, known)
    return None if known == _NONE else Violation(known)


def correction_violation(
    base: Version, version: Version, policy: Policy, explain: bool = False, day: date = date.max
) -> Difference | None:
    """Return the difference for which a version is not a minor correction of another, or None if it is one.

    Args:
        base: the version that passed the full chain.
        version: the corrected version.
        policy: the rules: the maximum sum of inserted and deleted characters, and the site's converter. Without a
            converter, only plain words can be corrected.
        explain: True to name the element that differs even if too many characters do; the answer stays no.
        day: the day of the decision. The names of people who came later do not matter, so that a new colleague makes no
            old correction void.
    """
    if other := _other_violation(base, version):
        return Difference(other)
    before, after = base.manuscript.body, version.manuscript.body
    lines = (before.split("\n"), after.split("\n"))
    refused = _refused_by_source(*lines, policy)
    is_invisible_word = refused is Violation.INVISIBLE and len(lines[0]) == len(lines[1])
    if (refused and not explain) or is_invisible_word or _is_plain(*lines):
        return Difference(refused) if refused else None
    names = _names(policy, day)
    if not explain and (found := _line_difference(*lines, names)):
        # Nothing needs to be converted.
        return found
    return _converted_difference(before, after, policy.convert, refused, names)


def _other_violation(base: Version, version: Version) -> Violation | None:
    """Return the violation of a change that is not one of the text."""
    if to_canonical(base.meta) != to_canonical(version.meta):
        return Violation.FRONT_MATTER
    if dict(base.files) != dict(version.files):
        return Violation.FILES
    return Violation.NOTHING if base.manuscript.body == version.manuscript.body else None


def _limit(policy: Policy) -> int:
    return policy.correction.characters if policy.correction else 0


def _refused_by_source(before: list[str], after: list[str], policy: Policy) -> Violation | None:
    if any(_has_invisible(old, new) for old, new in zip_longest(before, after, fillvalue="") if old != new):
        return Violation.INVISIBLE
    limit = _limit(policy)
    return Violation.TOO_LONG if _edit_count(before, after, limit) > limit else None


def _names(policy: Policy, day: date) -> tuple[str, ...]:
    people = [person.name for person in policy.people.values() if person.since is None or person.since <= day]
    names = [policy.unit.name, policy.unit.short_name, *people]
    return tuple(sorted({name for name in names if name}))


@lru_cache(maxsize=256)
def _converted_difference(
    before: str, after: str, convert: Convert | None, refused: Violation | None, names: tuple[str, ...]
) -> Difference | None:
    """Compare the pages that two texts become; one build asks for the same texts more than once."""
    if convert is None or any(problem for text in (before, after) for problem in text_limits.problems(text, "", int)):
        return Difference(refused or Violation.UNREADABLE)
    try:
        return _page_difference(before, after, _Pages(convert), names, refused)
    except ConversionLimitError:
        return Difference(refused or Violation.UNJUDGED)
    except (_UnconvertibleError, ValueError):
        return Difference(refused or Violation.UNREADABLE)


class _UnconvertibleError(Exception):
    """Error: the converter fails, so that nobody can tell what differs."""


@dataclass(frozen=True)
class _Page:
    """A converted text."""

    html: ConvertedText
    written: tuple[Token, ...]
    shown: tuple[Token, ...]
    """The tokens of both forms of the HTML."""


class _Pages:
    """The pages of one judgement: each text is converted and read once.

    Args:
        convert: the site's converter.
    """

    def __init__(self, convert: Convert) -> None:
        self._convert = convert
        self._known: dict[str, _Page] = {}

    def __call__(self, text: str) -> _Page:
        """Return the page of a text."""
        if text not in self._known:
            html = _converted(self._convert, text)
            self._known[text] = _Page(html, tuple(read_tokens(html.written)), tuple(read_tokens(html.shown)))
        return self._known[text]


def _converted(convert: Convert, text: str) -> ConvertedText:
    try:
        return convert(text)
    except (UsageError, ConversionLimitError):
        raise
    except (MemoryError, Refused) as error:
        raise ConversionLimitError from error
    except Exception as error:
        # Extensions of Markdown raise exceptions of many types.
        raise _UnconvertibleError from error


def _page_difference(
    before: str, after: str, convert: _Pages, names: tuple[str, ...], refused: Violation | None
) -> Difference | None:
    if found := _element_difference(convert(before), convert(after)):
        return found
    if refused:
        return Difference(refused)
    lines = (before.split("\n"), after.split("\n"))
    found = _line_difference(*lines, names)
    if found and found.violation is Violation.LINES:
        return found
    if not _only_words_differ(before, after, convert):
        return Difference(Violation.NOT_WORDS, line=_changed_lines(*lines)[0])
    return found


def _line_difference(before: list[str], after: list[str], names: tuple[str, ...]) -> Difference | None:
    """Return the difference that the lines show without being converted."""
    changed = _changed_lines(before, after)
    if len(before) != len(after):
        return Difference(Violation.LINES, line=changed[0])
    for number in changed:
        if fact := changed_fact(before[number - 1], after[number - 1], names):
            return Difference(Violation.WORDS, fact=fact, line=number)
    return None


def _changed_lines(before: list[str], after: list[str]) -> list[int]:
    return [number for number, (one, other) in enumerate(zip_longest(before, after), 1) if one != other]


def _element_difference(old: _Page, new: _Page) -> Difference | None:
    for one, other in ((old.written, new.written), (old.shown, new.shown)):
        if found := first_change(one, other):
            unseen = any(side and side.part is Part.UNSEEN for side in (found.before, found.after))
            return Difference(Violation.COMMENT if unseen else Violation.ELEMENT, element=found)
    return None


def _without_end_blanks(before: str, after: str) -> tuple[str, str]:
    """Remove the blank at the end of changed lines, as many editors do; two blanks are a line break and stay."""
    pairs = list(zip_longest(before.split("\n"), after.split("\n")))
    tidy = [
        [line if line is None or one == other else _END_BLANK.sub("", line) for line in (one, other)]
        for one, other in pairs
    ]
    sides = ([line for line in side if line is not None] for side in zip(*tidy, strict=True))
    first, second = ("\n".join(side) for side in sides)
    return first, second


def _only_words_differ(before: str, after: str, convert: _Pages) -> bool:
    """Tell whether every changed character of the source is text that readers see, and nothing else depends on it.

    Each changed part is replaced by a mark. If the page with the marks is the older and the newer page as soon as the
    marks are replaced by the older and the newer words, then the words change nothing but themselves.
    """
    tidy = _without_end_blanks(before, after)
    marked, parts = _marked(*(text.split("\n") for text in tidy))
    if not parts:
        return False
    page, old, new = (convert(text) for text in (marked, *tidy))
    # A blank at the end may be part of a mark, such as that of an empty item of a list.
    pairs = ((before, tidy[0], old), (after, tidy[1], new))
    if any(text != other and _element_difference(convert(text), side) for text, other, side in pairs):
        return False
    for marks, one, other in ((page.written, old.written, new.written), (page.shown, old.shown, new.shown)):
        for side, words in ((0, one), (1, other)):
            values = {mark: pair[side] for mark, pair in parts.items()}
            if substituted(marks, values) != substituted(words, {}):
                return False
    return shows_only(page.shown, page.written, page.html.written, parts)


def _marked(before: list[str], after: list[str]) -> tuple[str, dict[str, tuple[str, str]]]:
    """Replace the changed parts of the lines by marks; return the text, and the older and newer part by mark."""
    used = set("".join((*before, *after)))
    letters, others = (
        iter([character for character in map(chr, range(start, start + _MARKS)) if character not in used])
        for start in (_LETTER_MARKS, _OTHER_MARKS)
    )
    parts: dict[str, tuple[str, str]] = {}

    def mark(old: str, new: str) -> str:
        # Markdown treats a sign beside a letter and beside another sign differently.
        ends = ((old[:1] or new[:1], new[:1] or old[:1]), (old[-1:] or new[-1:], new[-1:] or old[-1:]))
        found = "".join(next(letters if any(c.isalnum() for c in end) else others, "") for end in ends)
        if len(found) < len(ends):
            raise ValueError("no characters are left for marks")
        parts[found] = (old, new)
        return found

    lines = [
        one if one == other else "".join(part if same else mark(part, new) for same, part, new in _parts(one, other))
        for one, other in zip(before, after, strict=True)
    ]
    return "\n".join(lines), parts


def _parts(before: str, after: str) -> Iterator[tuple[bool, str, str]]:
    """Split a changed line: whether a part is the same, the older part, the newer part."""
    from rapidfuzz.distance import Indel, Postfix, Prefix

    start = Prefix.similarity(before, after)
    same = start + Postfix.similarity(before[start:], after[start:])
    if (len(before) - same) * (len(after) - same) > _MAX_PAIRS:
        raise ValueError("the lines are too long to be aligned")
    old = new = 0
    for block in Indel.opcodes(before, after):
        if block.tag != "equal":
            continue
        if (old, new) != (block.src_start, block.dest_start):
            yield False, before[old : block.src_start], after[new : block.dest_start]
        yield True, before[block.src_start : block.src_end], ""
        old, new = block.src_end, block.dest_end
    if (old, new) != (len(before), len(after)):
        yield False, before[old:], after[new:]


def _has_invisible(before: str, after: str) -> bool:
    """Tell whether a changed line has an invisible character, except for an emoji that stays as it is."""
    if EMOJI_WITH_SELECTOR.findall(before) != EMOJI_WITH_SELECTOR.findall(after):
        return True
    return any(is_invisible(character) for line in (before, after) for character in EMOJI_WITH_SELECTOR.sub("", line))


def _is_plain(before: list[str], after: list[str]) -> bool:
    """Tell whether only words differ, in paragraphs without markup, and the body has no HTML."""
    if len(before) != len(after) or any(_HTML.search(line) for line in before):
        return False
    changed = {number for number, (old, new) in enumerate(zip(before, after, strict=True)) if old != new}
    affected: set[int] = set()
    for number in sorted(changed):
        # Go through a paragraph with many changed lines only once.
        if number not in affected or not before[number].strip():
            affected.update(_paragraph(before, number))
    return all(map(_is_word_line, (before[n] for n in changed), (after[n] for n in changed))) and not any(
        _ACTIVE_MARKUP.search(before[number]) or _ACTIVE_MARKUP.search(after[number]) for number in affected
    )


def _paragraph(lines: list[str], number: int) -> range:
    """Return the line numbers of the paragraph that a line belongs to."""
    first = last = number
    while first > 0 and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return range(first, last + 1)


def _is_word_line(before: str, after: str) -> bool:
    """Tell whether a line keeps its prefix and table marks, and holds only words and punctuation before and after."""
    prefixes = [_LINE_PREFIX.match(line) for line in (before, after)]
    ends = [prefix.end() if prefix else 0 for prefix in prefixes]
    if before[: ends[0]] != after[: ends[1]] or _TABLE_MARKS.findall(before) != _TABLE_MARKS.findall(after):
        return False
    rests = (before[ends[0] :], after[ends[1] :])
    return all(rest[:1].isalnum() or rest[:1] in tuple("（《“【「") for rest in rests) and all(
        all(c.isalnum() or c in _PUNCTUATION for c in rest) and not _WEB_ADDRESS.search(rest) for rest in rests
    )


def _edit_count(before: list[str], after: list[str], limit: int) -> int:
    """Return the number of inserted and deleted characters, counted line by line; counting stops above the limit."""
    # Imported here: slow to load, and few units use corrections.
    from rapidfuzz.distance import Indel

    if len(before) != len(after):
        before, after = ["\n".join(before)], ["\n".join(after)]
    total = 0
    for old, new in zip(before, after, strict=True):
        if old != new:
            total += Indel.distance(old, new, score_cutoff=limit - total)
            if total > limit:
                break
    return total
