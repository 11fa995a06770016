"""Fields (ECMA-376 part 1, 17.16): finds their instructions and results in the runs of a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.word.parts.elements import (
    element,
    enclosing,
    has_sibling_paragraph,
    is_empty_run,
    remove,
    split_run,
)
from gongshi.importing.readers.word.parts.package import tag
from gongshi.importing.readers.word.parts.places import words_of

_MARK: Final = tag("w:fldChar")
_CODE: Final = tag("w:instrText")
_TOKEN: Final = re.compile(r'"((?:[^"\\]|\\.)*)"?|([^\s"]+)', re.DOTALL)
_MAX_DEPTH: Final = 50
"""The maximum number of fields in each other; Word stops before that."""
_PAGE_NUMBERS: Final = frozenset(("PAGE", "NUMPAGES", "SECTIONPAGES", "SECTION"))
_CONTENT: Final = tuple(map(tag, ("w:r", "m:oMath", "m:oMathPara", "w:drawing", "w:pict", "w:object")))


@dataclass
class Field:
    """A field with the runs that belong to it."""

    begin: _Element
    """The run with the mark at its beginning."""
    start: int
    """The position of that run among the runs of the text."""
    end: int = -1
    """The position of the run with the mark at its end."""
    code: str = ""
    """Its instruction, such as `PAGE \\* MERGEFORMAT`."""
    code_runs: list[_Element] = field(default_factory=list)
    result: list[_Element] = field(default_factory=list)
    """The runs that it shows."""
    shows_result: bool = False
    """True behind the mark between instruction and result."""
    is_in_code: bool = False
    """True for a field in the instruction of another one: what it shows is not seen."""

    @property
    def kind(self) -> str:
        """The first word of the instruction, such as `PAGE`; `=` for a formula."""
        words = self.code.split(None, 1)
        return "=" if self.code.lstrip().startswith("=") else words[0].upper() if words else ""

    @property
    def arguments(self) -> list[str]:
        """The words of the instruction behind the first, without quotation marks."""
        return [word for word, _is_quoted in self.tokens]

    @property
    def tokens(self) -> list[tuple[str, bool]]:
        """The words of the instruction behind the first, and whether each is quoted: then it is no switch."""
        found = (
            (each[2], False) if each[1] is None else (re.sub(r"\\(.)", r"\1", each[1]), True)
            for each in _TOKEN.finditer(self.code)
        )
        return list(found)[1:]

    @property
    def words(self) -> str:
        """The words that it shows."""
        lines: list[str] = []
        last: _Element | None = None
        for run in self.result:
            paragraph = enclosing(run, "w:p")
            if paragraph is not last or not lines:
                lines.append("")
            lines[-1] += "".join(each.text or "" if each.tag == tag("w:t") else "\t" for each in run.iter(*_SHOWN))
            last = paragraph
        return "\n".join(lines).strip()


_SHOWN: Final = (tag("w:t"), tag("w:tab"))


def read_fields(root: _Element) -> Iterator[list[Field]]:
    """Yield the fields of each text of a part, the outer before the inner; marks that belong to no field are removed.

    Args:
        root: the root of a part.
    """
    _make_complex(root)
    texts: dict[_Element | None, list[_Element]] = {}
    for run in list(root.iter(tag("w:r"))):
        # A text box is a text of its own, in the middle of another.
        runs = texts.setdefault(enclosing(run, "w:txbxContent"), [])
        runs += split_run(run) if run.find(_MARK) is not None or run.find(_CODE) is not None else [run]
    for runs in texts.values():
        yield _read_text(runs)


def remove_page_numbers(root: _Element) -> None:
    """Remove page numbers and the instructions of all fields.

    Args:
        root: the root of a header or footer.
    """
    for fields in read_fields(root):
        for each in fields:
            if each.kind in _PAGE_NUMBERS:
                remove_runs(each.result)
            remove_runs(each.code_runs)


def remove_runs(runs: list[_Element]) -> None:
    """Remove runs, then links and paragraphs of which nothing is left.

    Args:
        runs: the runs.
    """
    for run in runs:
        parent = run.getparent()
        remove(run)
        while parent is not None and parent.tag == tag("w:hyperlink") and not len(parent):
            parent, emptied = parent.getparent(), parent
            remove(emptied)
        if parent is None or parent.tag != tag("w:p") or next(parent.iter(*_CONTENT), None) is not None:
            continue
        if has_sibling_paragraph(parent):
            remove(parent)


def _make_complex(root: _Element) -> None:
    """Write simple fields in the form of the others."""
    for simple in list(root.iter(tag("w:fldSimple"))):
        code = element("w:instrText")
        code.text = simple.get(tag("w:instr"), "")
        for made in (_mark("begin"), element("w:r", code), _mark("separate"), *simple, _mark("end")):
            simple.addprevious(made)
        remove(simple)


def _mark(kind: str) -> _Element:
    return element("w:r", element("w:fldChar", w_fldCharType=kind))


def _read_text(runs: list[_Element]) -> list[Field]:
    ends = _match(runs)
    found: list[Field] = []
    stack: list[Field] = []
    for position, run in enumerate(runs):
        mark, code = run.find(_MARK), run.find(_CODE)
        kind = mark.get(tag("w:fldCharType")) if mark is not None else None
        if kind == "begin" and position in ends:
            is_in_code = any(not each.shows_result for each in stack)
            stack.append(Field(run, position, ends[position], is_in_code=is_in_code))
            found.append(stack[-1])
        elif kind == "separate" and stack:
            stack[-1].shows_result = True
        if mark is not None and stack:
            stack[-1].code_runs.append(run)
            if position == stack[-1].end:
                stack.pop()
        elif mark is not None or (code is not None and not stack):
            remove(run)
        else:
            _assign(run, code, stack)
    return found


def _assign(run: _Element, code: _Element | None, stack: list[Field]) -> None:
    """Add a run to the innermost field of whose instruction it is a part, else to all whose result it is."""
    owner = next((each for each in reversed(stack) if not each.shows_result), None)
    if owner is not None:
        owner.code += (code.text or "") if code is not None else words_of(run)
        owner.code_runs.append(run)
    elif code is not None:
        stack[-1].code_runs.append(run)
    elif not is_empty_run(run):
        for each in stack:
            each.result.append(run)


def _match(runs: list[_Element]) -> dict[int, int]:
    """Return the position of the end of each field by that of its beginning; none for a field without an end."""
    ends: dict[int, int] = {}
    stack: list[int] = []
    for position, run in enumerate(runs):
        mark = run.find(_MARK)
        kind = mark.get(tag("w:fldCharType")) if mark is not None else None
        if kind == "begin":
            stack.append(position)
        elif kind == "end" and stack:
            start = stack.pop()
            if len(stack) < _MAX_DEPTH:
                ends[start] = position
    return ends
