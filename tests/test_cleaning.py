"""What of an entry's HTML reaches its page."""

from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongshi.domain.problem import printable
from gongshi.outputs.addresses import own
from gongshi.outputs.cleaning import Cleaned, Kind, Picture, clean, finding_text
from support.tree import wrongs

OWN = own("https://www.unit.example/site/", "unit.example", "en")
HOSTS = ("www.unit.example", "unit.example")
PICTURES = {
    "hall.jpg": Picture("hall.jpg", 1600, 1200, "hall-large.jpg", (("hall-480.jpg", 480), ("hall-960.jpg", 960))),
    "logo.png": Picture("logo.png", 120, 60, None, ()),
}
MARK = '<span class="gs-away__mark">(external link)</span>'
AWAY = 'class="gs-away" rel="noopener noreferrer external"'

VECTORS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script><!--<script></script><img src=x onerror=alert(1)>--></script>",
    "<script/x>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<IMG SRC=javascript:alert('XSS')>",
    "<IMG SRC=&#106;&#97;&#118;&#97;&#115;&#99;&#114;&#105;&#112;&#116;&#58;alert(1)>",
    '<IMG SRC="jav&#x0A;ascript:alert(1);">',
    '<IMG SRC=" &#14;  javascript:alert(1);">',
    '<a href="java\tscript:alert(1)">x</a>',
    '<a href="&#1;javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a onmouseover="alert(1)" href="/x">x</a>',
    "<a href='/x'onclick=alert(1)>x</a>",
    '<IMG """><SCRIPT>alert("XSS")</SCRIPT>"\\>',
    "<BODY ONLOAD=alert(1)>",
    '<b onx"=">" onclick=alert(1)>x</b>',
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    '<svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><foreignObject><img src=x onerror=alert(1)></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><mi xlink:href='javascript:alert(1)'>x</mi></math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<svg><p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script><img src=x onerror=alert(1)></template>",
    "<style><img src='</style><img src=x onerror=alert(1)//'></style>",
    "<title><img src='</title><img src=x onerror=alert(1)>'></title>",
    "<textarea><img title='</textarea><img src=x onerror=alert(1)>'></textarea>",
    "<xmp><img title='</xmp><img src=x onerror=alert(1)>'></xmp>",
    "<noembed><img title='</noembed><img src=x onerror=alert(1)>'></noembed>",
    "<iframe><img title='</iframe><img src=x onerror=alert(1)>'></iframe>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<style>@import 'https://evil.example/x.css';</style>",
    '<div style="background-image:url(javascript:alert(1))">x</div>',
    '<div style="width: expression(alert(1));">x</div>',
    "<LINK REL=stylesheet HREF=https://evil.example/x.css>",
    '<META HTTP-EQUIV="refresh" CONTENT="0;url=javascript:alert(1)">',
    "<BASE HREF='javascript:alert(1);//'>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<OBJECT TYPE=text/x-scriptlet DATA=https://evil.example/x.html></OBJECT>",
    "<EMBED SRC='data:image/svg+xml;base64,PHN2Zz4='>",
    "<FRAMESET><FRAME SRC=javascript:alert(1)></FRAMESET>",
    "<form action=https://evil.example/><input name=password><button formaction=javascript:alert(1)>Go</button></form>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<input autofocus onfocus=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<video poster=javascript:alert(1)//></video>",
    "<audio src=x onerror=alert(1)>",
    "<table background=https://evil.example/x.png><td background='javascript:alert(1)'>x</table>",
    "<img srcset='https://evil.example/x.png 2x'>",
    "<picture><source srcset=https://evil.example/x.png><img src=//evil.example/x.png></picture>",
    "<image src=https://evil.example/x.png>",
    "<img src='\\\\evil.example/x.png'>",
    "<img src='/\\evil.example/x.png'>",
    "<img src='/\t/evil.example/x.png'>",
    "<img src='https:evil.example/x.png'>",
    "<img src='https:\\evil.example/x.png'>",
    "<img src='https://www.unit.example@evil.example/x.png'>",
    "<img src='https://www.unit.example.evil.example/x.png'>",
    "<a href=/x ping=https://evil.example/ target=_blank>x</a>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<x-foo onclick=alert(1)>x</x-foo>",
    "<div class=mermaid>graph</div><div data-md-component=search>x</div>",
    "<label for=__drawer>x</label><input type=checkbox id=__search>",
    "<?php echo 1 ?><!DOCTYPE x><![CDATA[<script>alert(1)</script>]]>",
    "<!--[if IE]><script>alert(1)</script><![endif]--><!-- secret -->",
    "<a href='/x'><b><a href='javascript:alert(1)'><table><a href='https://evil.example'>x",
    "<p><object><table><td><p></object>x<h1><p><h1>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>\ufeff\ud800",
]


def cleaned(text: str) -> Cleaned:
    return clean(text, OWN, PICTURES)


def kinds(text: str) -> list[Kind]:
    return [found.kind for found in cleaned(text).findings]


@pytest.mark.parametrize("vector", VECTORS)
def test_nothing_that_runs_or_loads_gets_through(vector: str) -> None:
    """Known attacks leave nothing in the page that another parser would object to, alone or in between."""
    for text in (vector, f"<p>before {vector} after</p>", f"<table><tr><td>{vector}</td></tr></table>"):
        result = cleaned(text).html
        assert wrongs(result, HOSTS) == []
        assert cleaned(result).html == result


FRAGMENTS = st.sampled_from(
    [
        *VECTORS,
        *[
            "<p>",
            "</p>",
            "<a>",
            "</a>",
            "<div>",
            "</div>",
            "<table>",
            "<tr>",
            "<td>",
            "<th>",
            "<thead>",
            "</table>",
            "<b>",
            "<i>",
            "</b>",
            "</i>",
            "<h1>",
            "</h1>",
            "<li>",
            "<ul>",
        ],
        *[
            "<svg>",
            "<math>",
            "<style>",
            "</style>",
            "<title>",
            "<template>",
            "<noscript>",
            "<form>",
            "<object>",
            "<button>",
            "<!--",
            "-->",
            "]]>",
            "<",
            ">",
            "&",
            '"',
            "'",
        ],
        "<a href='https://other.example/'>",
        '<a href="/x" id="__x" class="gs-photo md-x">',
        '<img src="hall.jpg" title="Hall" alt="">',
        '<p><img src="hall.jpg" title="Hall"></p>',
        '<a class="gs-photo" href="hall-large.jpg"><img src="hall.jpg"></a>',
        MARK,
        '<span class="gs-away__mark">',
        '<div class="gs-table">',
        '<td style="text-align: right">',
        '<img src="//x/" alt="<b>">',
        "<figure>",
        "<video src=a.mp4>",
        "<iframe src='a b'>",
        "&nbsp;&#13;\r\n\t\x00\x0c",
        "字 ",
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=6)), max_size=9).map("".join))
def test_any_text_becomes_clean_and_stays_as_it_is(text: str) -> None:
    """Whatever is glued together is well-formed, harmless and left alone the second time."""
    result = cleaned(text)
    assert wrongs(result.html, HOSTS) == []
    assert cleaned(result.html).html == result.html
    for found in result.findings:
        assert found.detail == printable(found.detail) and len(found.detail) < 400
        assert found.detail in finding_text(found)


@pytest.mark.parametrize("depth", [300, 5_000])
def test_deep_and_long_texts_are_no_trouble(depth: int) -> None:
    """Texts made to be slow or deep come to an end."""
    start = time.monotonic()
    for piece in (
        "<div>",
        "<b>",
        "<a href='https://other.example/'>",
        "<table><tr><td>",
        "<img src=//x/>",
        "<",
        "<svg>",
    ):
        result = cleaned(piece * depth)
        assert cleaned(result.html).html == result.html
    assert time.monotonic() - start < 60
