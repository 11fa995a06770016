"""`extra.gongshi.text`: how the lines and paragraphs of entries are shown; and how descriptions join them."""

from __future__ import annotations

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.domain.config import loader
from support.unit import UnitUnderTest, settings

PAGE = "announcements/a"
ZH = {"name": "gongshi", "language": "zh"}


def _configure(unit: UnitUnderTest, **text: str) -> None:
    unit.configure({**settings(), **({"text": text} if text else {})}, theme=ZH)


@pytest.mark.slow
def test_a_changed_option_changes_pages_that_are_cached(unit: UnitUnderTest) -> None:
    """Each build shows the texts as mkdocs.yml says at the time."""
    _configure(unit)
    unit.write(f"{PAGE}.md", body="各村（社区），\n各站所：\n\n青禾镇政府办\n县民政局\n{.signoff}")
    unit.publish(f"{PAGE}.md")
    text, indented = "<p>各村（社区），<br>各站所：</p>", '<div class="gs-text gs-indented">'
    for options, shown, is_indented in (
        ({}, text, False),
        ({"lines": "keep", "indent": "none"}, text, False),
        ({"indent": "two"}, text, True),
        ({"lines": "join"}, text.replace("<br>", ""), False),
        ({}, text, False),
    ):
        _configure(unit, **options)
        assert unit.build().exit_code == 0
        page = unit.page(PAGE).replace("<br>\n", "<br>")
        assert shown in page, options
        assert (indented in page) is is_indented, options
        assert '<p class="signoff">青禾镇政府办<br>县民政局</p>' in page, options


def test_only_entries_in_chinese_are_indented(unit: UnitUnderTest) -> None:
    _configure(unit, indent="two")
    for name, lang in {"zh": None, "hant": "zh-Hant", "en": "en", "ug": "ug"}.items():
        unit.write(f"announcements/{name}.md", body="Text", lang=lang)
        unit.publish(f"announcements/{name}.md")
    unit.write("about/index.md", body="Text", date=None, author=None)
    unit.publish("about/index.md")
    assert unit.build().exit_code == 0
    pages = ("announcements/zh", "announcements/hant", "announcements/en", "announcements/ug", "about")
    assert [page for page in pages if "gs-indented" in unit.page(page)] == ["announcements/zh", "announcements/hant"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"lines": "merge"}, "extra.gongshi.text.lines: must be one of keep, join"),
        ({"indent": 2}, "extra.gongshi.text.indent: must be one of none, two"),
        ({"line": "keep"}, "extra.gongshi.text.line: unknown key; did you mean `lines`?"),
    ],
)
def test_a_wrong_value_is_named(unit: UnitUnderTest, options: dict[str, object], says: str) -> None:
    unit.configure({**settings(), "text": options})
    with pytest.raises(InvalidInput) as caught:
        loader.load_configuration(unit.root / "mkdocs.yml")
    assert says in str(caught.value)


def test_descriptions_read_well_where_lines_end(unit: UnitUnderTest) -> None:
    """Also beside footnotes, links to other sites and what is struck through."""
    lines = ("各村（社区）：", "~~原定5日~~改为6日", "地点见[指南](https://guide.example/)[^1]。", "", "[^1]: 三楼")
    unit.configure(settings(), theme=ZH, markdown_extensions=["footnotes"])
    unit.write(f"{PAGE}.md", body="\n".join(lines))
    unit.publish(f"{PAGE}.md")
    assert unit.build().exit_code == 0
    assert '<meta name="Description" content="各村（社区）：改为6日 地点见指南。三楼">' in unit.page(PAGE)
