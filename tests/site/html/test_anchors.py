"""Links to headings that are not there."""

from __future__ import annotations

import pytest

from gongshi.site.html.anchors import missing_anchors


@pytest.mark.parametrize(
    ("html", "missing"),
    [
        ('<h2 id="办理时限">办理时限</h2><a href="#办理时限">x</a>', []),
        ('<h2 id="办理时限">办理时限</h2><a href="#%E5%8A%9E%E7%90%86%E6%97%B6%E9%99%90">x</a>', []),
        ('<h2 id="办理时限">办理时限</h2><a href="#办理时间">x</a>', [("办理时间", "办理时限")]),
        ('<h2 id="a">A</h2><a href="#_2">x</a><a class="b" href="#_2">y</a>', [("_2", "")]),
        ('<a href="#">x</a><a href="#top">y</a><a href="b/#c">z</a>', []),
    ],
)
def test_links_to_no_heading_are_found(html: str, missing: list[tuple[str, str]]) -> None:
    assert missing_anchors(html) == missing
