"""Language tags: what counts as one, what was meant by another text, and the direction of writing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongshi.common import languages
from gongshi.common.languages import canonical_tag, direction, meant_tag


@pytest.mark.parametrize(
    ("written", "tag"),
    [
        ("ug", "ug"), ("UG", "ug"), ("ug-cn", "ug-CN"), ("mn-mong", "mn-Mong"), ("MN-CYRL", "mn-Cyrl"),
        ("kk-arab-CN", "kk-Arab-CN"), ("zh-hant", "zh-Hant"), ("zh-Hant-HK", "zh-Hant-HK"), ("bo", "bo"), ("ii", "ii"),
        ("za", "za"), ("no", "no"), ("en-gb", "en-GB"), ("es-419", "es-419"), ("de-1996", "de-1996"), ("yue", "yue"),
        ("zh-Latn-pinyin", "zh-Latn-pinyin"),
    ],
)  # fmt: skip
def test_tags_get_their_usual_notation(written: str, tag: str) -> None:
    """However people use capital letters."""
    assert canonical_tag(written) == tag
    assert re.search(languages.PATTERN, written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("english", "en"), ("English", "en"), ("eng", "en"), ("中文", "zh"), ("cn", "zh"), ("zh_CN", "zh-CN"),
        ("ug_CN", "ug-CN"), ("ug－CN", "ug-CN"), ("ug CN", "ug-CN"), ("uig", "ug"), ("uy", "ug"), ("维吾尔语", "ug"),
        ("藏文", "bo"), ("tib", "bo"), ("mn-Mongolian", "mn-Mong"), ("蒙古文", "mn-Mong"), ("彝文", "ii"), ("壮语", "za"),
        ("朝鲜文", "ko"), ("哈萨克文", "kk-Arab"), ("en-UK", "en-GB"), ("zh-yue", "yue"), ("jp", "ja"), ("bod-CN", "bo-CN"),
        ("xx", None), ("", None), ("x-private", None), ("qaa", None), ("ug-", "ug"), ("123", None), ("\u202e", None),
    ],
)  # fmt: skip
def test_mistakes_are_no_tags_and_say_what_was_meant(written: str, meant: str | None) -> None:
    """Names of languages, underscores, codes of countries, codes that a shorter one replaces."""
    assert canonical_tag(written) is None
    assert meant_tag(written) == meant


@given(st.text(max_size=20) | st.from_regex(r"\A[a-zA-Z]{1,4}([-_][a-zA-Z0-9]{1,8}){0,3}\Z"))
def test_what_is_meant_is_a_tag(text: str) -> None:
    """A tag stays the same when it is read again, and a suggestion is a tag."""
    for tag in (canonical_tag(text), meant_tag(text)):
        assert tag is None or canonical_tag(tag) == tag


def test_the_direction_follows_from_language_script_and_region() -> None:
    """The script decides where it is named, else the region, else the usual script of the language."""
    rtl = "ar ug ug-CN ug-Arab fa ps ur he yi ckb dv kk-Arab kk-CN ky-CN uz-AF az-Arab pa-PK syr"
    ltr = "en zh zh-Hant bo mn mn-Mong mn-Cyrl mn-CN kk kk-KZ kk-Cyrl za ii ko ug-Latn ug-Cyrl ug-KZ sd-Deva sd-IN de-1996"
    assert {direction(tag) for tag in rtl.split()} == {"rtl"}
    assert {direction(tag) for tag in ltr.split()} == {"ltr"}
