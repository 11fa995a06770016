"""Formulas of Word files are written in one line, and nothing of them is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from gongshi.importing.document import FindingKind
from gongshi.importing.readers.word.fields.eq_fields import eq_text
from support.word_parts import cleaned, field, p

_CASES = Path(__file__).parents[3] / "cases" / "import" / "formulas.yml"
_OBJECTS = ("f", "rad", "sSup", "sSub", "nary", "d", "func", "limLow", "acc", "box", "m", "eqArr", "groupChr")


def _cases() -> list[Any]:
    cases = yaml.safe_load(_CASES.read_text(encoding="utf-8"))
    return [pytest.param(each, id=f"{'eq' if 'eq' in each else 'omml'}: {each['name']}") for each in cases]


def _math(source: str) -> str:
    return re.sub(r"\[([^\]]*)\]", r"<m:r><m:t>\1</m:t></m:r>", source)


@pytest.mark.parametrize("case", _cases())
def test_a_formula_is_written_in_one_line(case: dict[str, str]) -> None:
    if "eq" in case:
        read = cleaned(p("前", field(f"EQ {case['eq']}"), "后"))
    else:
        read = cleaned(p("前", f"<m:oMath>{_math(case['omml'])}</m:oMath>", "后"))
    assert read.text == f"前{case['text']}后"
    assert read.told(FindingKind.CHANGED) == [("paragraph 1", case["text"])]


def test_a_formula_in_a_paragraph_of_its_own_and_in_several_lines() -> None:
    lines = "".join(f"<m:oMath>{_math(f'[{each}]')}</m:oMath>" for each in ("x=1", "y=2"))
    assert cleaned(p(f"<m:oMathPara>{lines}</m:oMathPara>")).text == "x=1/y=2"


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.sampled_from(_OBJECTS), st.lists(st.sampled_from(("e", "num", "den", "sub", "sup", "deg")), max_size=3)
        ),
        max_size=5,
    )
)
def test_nothing_of_a_formula_is_lost(objects: list[tuple[str, list[str]]]) -> None:
    names = {
        **dict.fromkeys(("d", "acc", "box", "eqArr", "groupChr"), ("e",)),
        **{
            "f": ("num", "den"),
            "rad": ("deg", "e"),
            "sSup": ("e", "sup"),
            "sSub": ("e", "sub"),
            "nary": ("sub", "sup", "e"),
        },
        **{"func": ("fName", "e"), "limLow": ("e", "lim"), "m": ()},
    }
    inner, letters = "[甲]", "甲"
    for number, (name, _parts) in enumerate(objects):
        letter = chr(0x4E00 + number)
        parts = "".join(
            f"<m:{part}>{inner if n == 0 else f'[{letter}]'}</m:{part}>" for n, part in enumerate(names[name])
        )
        letters += letter * (len(names[name]) - 1)
        inner = f"<m:{name}>{parts}</m:{name}>" if parts else f"<m:m><m:mr><m:e>{inner}</m:e></m:mr></m:m>"
    text = cleaned(p(f"<m:oMath>{_math(inner)}</m:oMath>")).text
    assert sorted(each for each in text if each in letters) == sorted(letters)


@given(st.text(alphabet="\\acfors(),;甲1 ", max_size=60))
def test_no_sign_of_an_eq_field_is_lost_but_its_switches(code: str) -> None:
    text = eq_text("EQ " + code)
    assert text.count("甲") == code.count("甲")
