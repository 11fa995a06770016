"""Compares the visible text of a file with the entry that was made from it, and names each difference.

Letters, digits and signs are compared one by one and in their order; blanks do not count. Lines that stand elsewhere in
the entry, such as the title, footnotes and text boxes, are no difference, except in a table: there, another place is
another meaning.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from gongshi.i18n import gettext as _
from gongshi.importing.comparison.alignment import Gap, find_gaps
from gongshi.importing.comparison.changed_words import ChangedWords
from gongshi.importing.comparison.compared_texts import (
    BULLET,
    ComparedText,
    ShownText,
    letters_of,
    read_file_text,
    read_page,
)
from gongshi.importing.document import Finding, FindingKind

_MOST: Final = 50
"""Differences that are told one by one."""
_LONG: Final = 10
"""The letters of a part of a line that may stand elsewhere in the entry."""
_NEAR: Final = 3
"""Equal letters between two differences that are told as one."""
_TOLD: Final = 4
"""The letters of a line from which it counts as told if it is a part of what was told."""
_CONTEXT: Final = 12
_WORDS: Final = 200
"""The letters of a difference that are shown."""
_TITLE_LINES: Final = 6
_WORD: Final = 2
"""The letters from which a part of a line may stand in the front matter."""
_SAME: Final = 20
"""Equal lines of the page that are searched for the one that goes on a passage."""
_TRIED: Final = 2000
"""Lines and passages that are searched for in other texts, so that hostile files do not take long."""
_LABEL: Final = re.compile(r"[^：:]{1,8}[：:]\Z")
"""The words before a value of the front matter, such as 文号：."""
_BULLETS: Final = re.compile("[-–—•●○■□◆◇▪▫◦‣⁃∙·➢➤✓✔√\ue000-\uf8ff]\\Z")
"""The signs before the items of lists in files."""
_ROUND_BULLETS: Final = frozenset("•●○■□◆◇▪▫◦‣⁃∙➢➤✓✔√") | frozenset(map(chr, range(0xE000, 0xF900)))
"""Those of them that have no other meaning at the beginning of a line."""
_LIST_MARK: Final = re.compile(r"\A(?:\d{1,9}\.|\[\d{1,9}\]|" + _BULLETS.pattern.removesuffix(r"\Z") + ")")
_SMALL: Final = 1 << 28
"""The product of the letters of both texts up to which all letters are compared at once."""


def compare_texts(
    visible_text: str, page: str, carried: Iterable[str], told: Iterable[str] = (), changed: Iterable[str] = ()
) -> tuple[Finding, ...]:
    """Return what the file shows and the entry does not, and the reverse.

    Args:
        visible_text: the visible text of the file, one line for each paragraph and table cell.
        page: the HTML of the entry's text.
        carried: the texts that stand in the front matter, such as the title and the document number.
        told: words that other findings name as left out; where they end in `…`, they are the beginning of a line.
        changed: words of the entry that other findings name as written in another form, such as equations.
    """
    file, shown = read_file_text(visible_text), read_page(page)
    if file.letters == shown.letters:
        return ()
    comparison = _Comparison(file, shown, _Pool(carried, told), ChangedWords(changed, shown.letters))
    differences = comparison.differences()
    findings = [_finding(each, file, shown) for each in differences[:_MOST]]
    if len(differences) > _MOST:
        message = _("{count} more differences between the file and the entry; compare both side by side")
        findings.append(Finding(FindingKind.CHANGED, message.format(count=len(differences) - _MOST)))
    return tuple(findings)


@dataclass(frozen=True)
class _Difference:
    """A place that differs, as letters of the file and of the page."""

    gap: Gap
    is_moved: bool = False


class _Pool:
    """Texts outside of the page in which words of the file may stand; each stands for one passage."""

    def __init__(self, carried: Iterable[str], told: Iterable[str]) -> None:
        told = list(told)
        self._exact = Counter(filter(None, map(letters_of, (*carried, *told))))
        self._beginnings = [letters_of(each.rstrip("… ")) for each in told if each.rstrip().endswith("…")]
        self._told = "\n".join(map(letters_of, told))
        self._tries = _TRIED
        self.longest = max(map(len, self._exact), default=0)

    def takes(self, words: str) -> bool:
        """Tell whether words stand here; a text that is all of these words is taken out.

        Args:
            words: letters of the file.
        """
        if self.takes_whole(words):
            return True
        if self._tries <= 0 or not (self._told or self._exact):
            return False
        self._tries -= 1
        if len(words) >= _TOLD and words in self._told:
            return True
        if any(len(each) >= _TOLD and words.startswith(each) for each in self._beginnings):
            return True
        return self._takes_with_label(words) or self._takes_both_parts(words)

    def takes_whole(self, words: str) -> bool:
        """Tell whether a text is all of these words, and take it out.

        Args:
            words: letters of the file.
        """
        if not self._exact[words]:
            return False
        self._exact[words] -= 1
        return True

    def _takes_with_label(self, words: str) -> bool:
        label, colon, value = words.replace(":", "：").partition("：")
        value = words[len(label) + 1 :]
        if colon and self._exact[value] and _LABEL.match(words[: len(label) + 1]):
            self._exact[value] -= 1
            return True
        return False

    def _takes_both_parts(self, words: str) -> bool:
        """Take two texts that stand on one line, such as a document number and the name of the person who signed."""
        for first, count in self._exact.items():
            second = words[len(first) :]
            if count and len(first) >= _TOLD and words.startswith(first) and self._exact[second]:
                self._exact.subtract((first, second))
                return True
        return False


class _Comparison:
    """Compares the lines of both texts, then the letters of the lines that differ."""

    def __init__(self, file: ComparedText, shown: ShownText, pool: _Pool, changed: ChangedWords) -> None:
        self._file = file
        self._shown = shown
        self._pool = pool
        self._changed = changed
        self._file_lines = [file.line(number) for number in range(file.count)]
        self._shown_lines = [shown.typed(shown.start(number), shown.end(number)) for number in range(shown.count)]
        self._gone: set[int] = set()
        """Lines of the file that stand elsewhere."""
        self._used: set[int] = set()
        """Lines of the page that stand elsewhere in the file."""

    def differences(self) -> list[_Difference]:
        """Return the differences in the order of the file."""
        gaps = [gap for gap in self._gaps() if not self._is_equal(gap)]
        for gap in gaps:
            self._take_from_pool(gap)
        self._find_moved(gaps)
        found = [each for gap in gaps for each in self._letters_of(gap)]
        if found and self._file.count and self._shown.count:
            found = self._better(found)
        return self._without_moved(list(self._joined(found)))

    def _gaps(self) -> list[Gap]:
        """Return where the lines differ, in order."""
        gaps: list[Gap] = []
        a_place = b_place = 0
        keys = list(map(_key, self._file_lines)), list(map(_key, self._shown_lines))
        for gap in (*find_gaps(*keys), Gap(len(keys[0]), len(keys[0]), len(keys[1]), len(keys[1]))):
            for a, b in zip(range(a_place, gap.a_start), range(b_place, gap.b_start), strict=True):
                if not self._are_same(a, b):
                    _append(gaps, Gap(a, a + 1, b, b + 1))
            _append(gaps, gap)
            a_place, b_place = gap.a_end, gap.b_end
        return gaps

    def _are_same(self, line: int, shown_line: int) -> bool:
        """Tell whether two lines are the same; that of the file may have the number or bullet of a list."""
        words, typed = self._file_lines[line], self._shown_lines[shown_line]
        if words == typed:
            return True
        shown = self._shown.line(shown_line)
        return words == shown or (shown == BULLET + typed and words[1:] == typed and bool(_BULLETS.match(words[0])))

    def _better(self, found: list[Gap]) -> list[Gap]:
        """Return the differences of all letters at once, if the lines were divided so that they hid what is equal."""
        if len(self._file.letters) * len(self._shown.letters) > _SMALL:
            return found
        whole = list(self._letters_of(Gap(0, self._file.count, 0, self._shown.count)))
        return whole if 2 * sum(map(_size, whole)) < sum(map(_size, found)) else found

    def _is_equal(self, gap: Gap) -> bool:
        """Tell whether lines only end at other places."""
        file = self._file.letters[self._file.start(gap.a_start) : self._file.start(gap.a_end)]
        start, end = self._shown.start(gap.b_start), self._shown.start(gap.b_end)
        return file in (self._shown.letters[start:end], self._shown.typed(start, end))

    def _take_from_pool(self, gap: Gap) -> None:
        """Leave out lines of the file that stand in the front matter, such as the lines of the title."""
        line = gap.a_start
        while line < gap.a_end:
            taken = self._lines_in_pool(line, gap.a_end)
            self._gone.update(range(line, line + taken))
            line += taken or 1

    def _lines_in_pool(self, line: int, last: int) -> int:
        """Return how many lines from a line on stand in the pool as one text; a whole title comes before its lines."""
        joined = [self._file_lines[line]]
        for each in self._file_lines[line + 1 : min(line + _TITLE_LINES, last)]:
            if len(joined[-1]) + len(each) > self._pool.longest:
                break
            joined.append(joined[-1] + each)
        for count in range(len(joined), 0, -1):
            if self._pool.takes_whole(joined[count - 1]):
                return count
        return next((count for count, words in enumerate(joined, 1) if self._pool.takes(words)), 0)

    # Passages that stand elsewhere

    def _find_moved(self, gaps: list[Gap]) -> None:
        places: defaultdict[str, deque[int]] = defaultdict(deque)
        for gap in gaps:
            for line in range(gap.b_start, gap.b_end):
                places[self._shown_lines[line]].append(line)
        run: list[tuple[int, int]] = []
        for gap in gaps:
            for line in range(gap.a_start, gap.a_end):
                found = places.get(self._file_lines[line]) or places.get(_key(self._file_lines[line]))
                if line in self._gone or not found:
                    continue
                following = run[-1][1] + 1 if run else -1
                # Many equal lines are searched no further, as each of them would take as long as all of them.
                place = following if following in islice(found, _SAME) else found[0]
                if run and (run[-1][0] + 1, following) != (line, place):
                    self._take_run(run)
                    run = []
                found.remove(place)
                run.append((line, place))
        self._take_run(run)

    def _take_run(self, run: list[tuple[int, int]]) -> None:
        """Leave out a passage that stands elsewhere, outside of tables."""
        is_text = any(len(self._file_lines[line]) >= _WORD for line, _place in run)
        if is_text and all(self._are_same(*pair) and not self._shown.in_table[pair[1]] for pair in run):
            self._gone.update(line for line, _place in run)
            self._used.update(place for _line, place in run)

    def _without_moved(self, found: list[_Difference]) -> list[_Difference]:
        """Pair what is missing with what is too much elsewhere: no difference if it is long, else one of its place."""
        added = {
            words: number
            for number, each in enumerate(found)
            if each.gap.a_start == each.gap.a_end and (words := self._shown.letters[each.gap.b_start : each.gap.b_end])
        }
        dropped: set[int] = set()
        changed: dict[int, _Difference] = {}
        for number, each in enumerate(found):
            gap = each.gap
            words = self._file.letters[gap.a_start : gap.a_end]
            if not words or gap.b_end > gap.b_start:
                continue
            if (other := added.pop(words, None)) is not None:
                dropped.add(other)
                place = found[other].gap
                if len(words) >= _LONG and not self._is_in_table(place):
                    dropped.add(number)
                else:
                    changed[number] = _Difference(
                        Gap(gap.a_start, gap.a_end, place.b_start, place.b_end), is_moved=True
                    )
        return [changed.get(number, each) for number, each in enumerate(found) if number not in dropped]

    def _is_in_table(self, gap: Gap) -> bool:
        return self._shown.in_table[bisect_right(self._shown.starts, gap.b_start) - 1]

    # Letters

    def _letters_of(self, gap: Gap) -> list[Gap]:
        """Return the differences in the lines of a gap, for the numbers and bullets that fit the file best."""
        shown = [line for line in range(gap.b_start, gap.b_end) if line not in self._used]
        made = self._shown.made
        every = [place for line in shown for place in range(self._shown.start(line), self._shown.end(line))]
        typed = [place for place in every if not made[place]]
        is_list = len(typed) < len(every)
        letters, places = self._file_letters(gap, is_list)
        ways = [typed, every, self._with_fitting_numbers(shown, letters)] if is_list else [typed]
        found = [list(self._between(gap, letters, places, way)) for way in ways]
        return min(found, key=lambda each: sum(map(_size, each)))

    def _file_letters(self, gap: Gap, is_list: bool) -> tuple[str, list[int]]:
        """Return the letters of the lines of a gap, with their places; bullets are left out if the page has its own."""
        places: list[int] = []
        for line in range(gap.a_start, gap.a_end):
            if line not in self._gone:
                start = self._file.start(line)
                has_bullet = is_list and self._file.letters[start] in _ROUND_BULLETS
                places.extend(range(start + has_bullet, self._file.end(line)))
        return "".join([self._file.letters[place] for place in places]), places

    def _with_fitting_numbers(self, lines: Iterable[int], letters: str) -> list[int]:
        """Return the places of lines of the page, with the number before a line only if the file has it there."""
        places: list[int] = []
        for line in lines:
            start, end = self._shown.start(line), self._shown.end(line)
            has_numbers = self._shown.letters[start : min(end, start + _CONTEXT)] in letters
            places.extend(place for place in range(start, end) if has_numbers or not self._shown.made[place])
        return places

    def _between(self, gap: Gap, letters: str, file_places: list[int], shown_places: list[int]) -> Iterator[Gap]:
        """Yield the differences of letters, given by their places in both texts."""
        shown = "".join([self._shown.letters[place] for place in shown_places])
        a_end, b_end = self._file.start(gap.a_start), self._shown.start(gap.b_start)
        for each in find_gaps(letters, shown):
            part = file_places[each.a_start : each.a_end]
            other = shown_places[each.b_start : each.b_end]
            a_start = part[0] if part else file_places[each.a_start - 1] + 1 if each.a_start else a_end
            b_start = other[0] if other else shown_places[each.b_start - 1] + 1 if each.b_start else b_end
            yield Gap(a_start, part[-1] + 1 if part else a_start, b_start, other[-1] + 1 if other else b_start)

    def _joined(self, gaps: Iterable[Gap]) -> Iterator[_Difference]:
        """Yield differences, those that are near each other as one, without those that were told."""
        for group in _near(gaps):
            if not self._is_explained(_whole(group)):
                rest = [each for each in group if not self._is_explained(each) and not self._is_in_pool(each)]
                yield from (_Difference(_whole(each)) for each in _near(rest))

    def _is_explained(self, gap: Gap) -> bool:
        return self._changed.explain(self._file.letters[gap.a_start : gap.a_end], gap.b_start, gap.b_end)

    def _is_in_pool(self, gap: Gap) -> bool:
        words = self._file.letters[gap.a_start : gap.a_end]
        return gap.b_end == gap.b_start and len(words) >= _WORD and self._pool.takes(words)


def _near(gaps: Iterable[Gap]) -> Iterator[list[Gap]]:
    """Yield differences in groups of those that are near each other."""
    group: list[Gap] = []
    for gap in gaps:
        last = group[-1] if group else gap
        is_near = 0 <= gap.a_start - last.a_end <= _NEAR and 0 <= gap.b_start - last.b_end <= _NEAR
        if group and not is_near:
            yield group
            group = []
        group.append(gap)
    if group:
        yield group


def _whole(group: list[Gap]) -> Gap:
    return Gap(group[0].a_start, group[-1].a_end, group[0].b_start, group[-1].b_end)


def _key(line: str) -> str:
    """Return a line without the number or bullet before it, which may be shown by a list."""
    return _LIST_MARK.sub("", line, count=1) or line


def _append(gaps: list[Gap], gap: Gap) -> None:
    """Append a gap, joined with the one before it if they touch."""
    if gaps and gaps[-1].a_end == gap.a_start and gaps[-1].b_end == gap.b_start:
        last = gaps.pop()
        gap = Gap(last.a_start, gap.a_end, last.b_start, gap.b_end)
    if gap.a_end > gap.a_start or gap.b_end > gap.b_start:
        gaps.append(gap)


def _size(gap: Gap) -> int:
    return gap.a_end - gap.a_start + gap.b_end - gap.b_start


def _finding(difference: _Difference, file: ComparedText, shown: ShownText) -> Finding:
    gap = difference.gap
    words = _shortened(file.words(gap.a_start, gap.a_end))
    there = _shortened(shown.words(gap.b_start, gap.b_end))
    before = file.before(gap.a_start, _CONTEXT)
    place = _("after “{words}”").format(words=before) if before else _("at the beginning")
    if difference.is_moved:
        return Finding(FindingKind.CHANGED, _("it stands at another place in the entry"), place, words)
    if not words:
        return Finding(FindingKind.CHANGED, _("the entry says here what the file does not say"), place, there)
    if not there:
        return Finding(FindingKind.LEFT_OUT, _("the entry does not have this text"), place, words)
    message = _("the entry says here: “{words}”").format(words=there)
    return Finding(FindingKind.CHANGED, message, place, words)


def _shortened(words: str) -> str:
    return words if len(words) <= _WORDS else words[:_WORDS] + "…"
