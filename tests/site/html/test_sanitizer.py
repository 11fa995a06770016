"""What of an entry's HTML reaches its page."""

from __future__ import annotations

import time
from typing import Any

import markdown
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongshi import i18n
from gongshi.build import markdown_settings
from gongshi.common.errors import printable
from gongshi.site.html import sanitizer
from gongshi.site.html.sanitizer import Picture, RemovedKind, SanitizedHtml, finding_text, sanitize
from gongshi.site.html.urls import host, site_origin
from support.file_trees import wrongs

OWN = site_origin("https://www.unit.example/site/", "unit.example", "en")
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

TABS = (
    '<div class="tabbed-set tabbed-alternate" data-tabs="1:2">',
    '<input checked="checked" id="__tabbed_1_1" name="__tabbed_1" type="radio">',
    '<label for="__tabbed_1_2">B</label>',
    '<div class="tabbed-block">',
)
MARKDOWN: list[tuple[list[str], dict[str, dict[str, Any]], str, tuple[str, ...]]] = [
    (["abbr"], {}, "*[HTML]: Hyper\n\nHTML", ('<abbr title="Hyper">HTML</abbr>',)),
    (["admonition"], {}, "!!! note\n    x", ('<div class="admonition note">', '<p class="admonition-title">')),
    (["attr_list", "legacy_attrs"], {}, "## T {#x .y lang=en}", ('<h2 class="y" id="x" lang="en">',)),
    (["def_list"], {}, "T\n:   D", ("<dl>", "<dt>T</dt>", "<dd>D</dd>")),
    (
        ["footnotes"],
        {},
        "x[^1]\n\n[^1]: n",
        ('<sup id="fnref:1"><a class="footnote-ref" href="#fn:1">1</a>', '<li id="fn:1">', 'href="#fnref:1" title='),
    ),
    (["md_in_html"], {}, '<div markdown="1">\n*x*\n</div>', ("<em>x</em>",)),
    (["tables"], {}, "|a|b|\n|:-|-:|\n|1|2|", ('<th scope="col" class="gs-left">', '<td class="gs-right">2</td>')),
    (["tables"], {"tables": {"use_align_attribute": True}}, "|a|\n|:-:|\n|1|", ('<td class="gs-center">',)),
    (
        ["toc"],
        {"toc": {"permalink": True}},
        "[TOC]\n## A",
        ('<div class="toc">', '<a href="#a">A</a>', '<a class="headerlink" href="#a" title="Permanent link">¶</a>'),
    ),
    (["codehilite"], {"codehilite": {"linenums": True}}, "    #!python\n    x=1", ('<table class="codehilitetable">',)),
    (["codehilite"], {"codehilite": {"noclasses": True}}, "    #!python\n    x=1", ("<code>",)),
    (["fenced_code", "extra"], {}, "```\n<b>\n```", ("<pre><code>&lt;b&gt;\n</code></pre>",)),
    (["legacy_em", "nl2br", "sane_lists", "smarty"], {}, '"a" *b*\nc', ("“a” <em>b</em><br>",)),
    (["wikilinks"], {}, "[[Way]]", ('<a class="wikilink" href="/Way/">',)),
    ([], {}, "<office@unit.example> <https://unit.example/>", ('<a href="mailto:office@unit.example">',)),
    (
        ["pymdownx.arithmatex"],
        {"pymdownx.arithmatex": {"generic": True}},
        "$x<y$",
        ('<span class="arithmatex">\\(x&lt;y\\)</span>',),
    ),
    (["pymdownx.arithmatex"], {}, "$x$\n\n$$\ny\n$$", ('<span class="MathJax_Preview">x</span></span>',)),
    (
        ["pymdownx.betterem", "pymdownx.caret", "pymdownx.mark", "pymdownx.tilde"],
        {},
        "***a*** ==m== ~~d~~ H~2~O ^^i^^ x^2^",
        ("<em><strong>a", "<mark>m</mark>", "<del>d</del>", "<sub>2</sub>", "<ins>i</ins>", "<sup>2</sup>"),
    ),
    (["pymdownx.blocks.admonition"], {}, "/// admonition | T\nx\n///", ('<div class="admonition">',)),
    (
        ["pymdownx.blocks.caption"],
        {"pymdownx.blocks.caption": {"types": [{"name": "figure-caption", "prefix": "Figure {}."}], "auto": True}},
        '![x](x.png "T")\n/// figure-caption\nC\n///',
        ('<figure id="__figure-caption_1">', '<img alt="x" src="x.png" title="T">', '<span class="caption-prefix">'),
    ),
    (["pymdownx.blocks.definition"], {}, "/// define\nT\n\n- d\n///", ("<dt>T</dt>", "<dd>d</dd>")),
    (["pymdownx.blocks.details"], {}, "/// details | D\nx\n///", ("<details>", "<summary>D</summary>")),
    (["pymdownx.blocks.html"], {}, "/// html | section.a#b\nx\n///", ('<section class="a" id="b">',)),
    (
        ["pymdownx.blocks.tab"],
        {"pymdownx.blocks.tab": {"alternate_style": True}},
        "/// tab | A\nx\n///\n\n/// tab | B\ny\n///",
        TABS,
    ),
    (["pymdownx.critic"], {}, "{++a++} {--b--} {>>c<<}", ('<ins class="critic">a', '<span class="critic comment">')),
    (["pymdownx.details"], {}, "???+ tip\n    x", ('<details class="tip" open="open">', "<summary>Tip</summary>")),
    (["pymdownx.escapeall", "pymdownx.smartsymbols"], {}, "\\a (c)", ("a ©",)),
    (["pymdownx.extra"], {}, "x[^1]\n\n[^1]: n", ('<li id="fn:1">',)),
    (["pymdownx.fancylists", "pymdownx.saneheaders"], {}, "c) x", ('<ol start="3" type="a">',)),
    (
        ["pymdownx.highlight", "pymdownx.superfences"],
        {"pymdownx.highlight": {"linenums": True, "anchor_linenums": True}},
        '```python title="t.py" hl_lines="1"\nx = 1\n```',
        (
            '<div class="highlight"><table class="highlighttable">',
            '<th colspan="2" class="filename">',
            '<a href="#__codelineno-0-1">1</a>',
            '<a id="__codelineno-0-1"></a>',
            '<span class="hll">',
        ),
    ),
    (
        ["pymdownx.highlight", "pymdownx.superfences"],
        {"pymdownx.highlight": {"linenums": True, "linenums_style": "pymdownx-inline", "line_spans": "__span"}},
        "```python\nx = 1\n```",
        ('<span id="__span-0-1">', '<span class="linenos" data-linenos="1 "></span>'),
    ),
    (
        ["pymdownx.highlight", "pymdownx.superfences"],
        {"pymdownx.highlight": {"noclasses": True}},
        "```python\nx = 1\n```",
        ('<div class="highlight"><pre>',),
    ),
    (["pymdownx.inlinehilite"], {}, "`#!python x`", ('<code class="highlight"><span class="n">x</span>',)),
    (["pymdownx.keys"], {}, "++ctrl+a++", ('<span class="keys"><kbd class="key-control">Ctrl</kbd><span>+</span>',)),
    (["pymdownx.magiclink"], {}, "https://other.example/x", (f'<a href="https://other.example/x" {AWAY}>',)),
    (["pymdownx.progressbar"], {}, '[=85% "85"]', ('<div class="progress progress-80plus">', "85</p>")),
    (["pymdownx.striphtml"], {}, "<!-- x -->\ny", ("y",)),
    (["pymdownx.tabbed"], {"pymdownx.tabbed": {"alternate_style": True}}, '=== "A"\n    x\n\n=== "B"\n    y', TABS),
    (["pymdownx.tabbed"], {}, '=== "A"\n    x', ('<label for="__tabbed_1_1">A</label><div class="tabbed-content">',)),
    (
        ["pymdownx.tasklist"],
        {"pymdownx.tasklist": {"custom_checkbox": True}},
        "- [x] a\n- [ ] b",
        (
            '<ul class="task-list">',
            '<li class="task-list-item"><label class="task-list-control"><input type="checkbox" disabled="" checked="">'
            '<span class="task-list-indicator"></span></label> a',
        ),
    ),
]


def cleaned(text: str) -> SanitizedHtml:
    return sanitize(text, OWN, PICTURES)


def kinds(text: str) -> list[RemovedKind]:
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
        *"<p> </p> <a> </a> <div> </div> <table> <tr> <td> <th> <thead> </table> <b> <i> </b> </i> <h1> </h1> <li> <ul> <pre>".split(),  # noqa: SIM905
        *"<svg> <math> <style> </style> <title> <template> <noscript> <form> <object> <button> <!-- --> ]]> < > & \" '".split(),  # noqa: SIM905
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
        "<video src=a.avi>",
        '<img src="a.mp4" alt="A <b>">',
        '<p><img src="a.mp3" title="T"></p>',
        '<img src="a.pdf" title="T">',
        "<iframe src='a b'>",
        "&nbsp;&#13;\r\n\t\x00\x0c",
        "字 ",
    ]
)


@settings(max_examples=200)
@given(st.lists(st.one_of(FRAGMENTS, st.text(max_size=6)), max_size=9).map("".join))
def test_any_text_becomes_clean_and_stays_as_it_is(text: str) -> None:
    """Whatever is glued together is well-formed, harmless and left alone the second time."""
    result = cleaned(text)
    assert wrongs(result.html, HOSTS) == []
    assert cleaned(result.html).html == result.html
    for found in result.findings:
        assert found.detail == printable(found.detail) and len(found.detail) < 400
        assert found.detail in finding_text(found)


@pytest.mark.slow
@pytest.mark.parametrize("depth", [300, 5_000])
def test_deep_and_long_texts_are_no_trouble(depth: int) -> None:
    """Texts made to be slow or deep come to an end."""
    begin = time.process_time()
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
    assert time.process_time() - begin < 30


SILENT = ("<scr<script>", "<!--", "<div class=mermaid>", "<?php", "\x00<scr")
"""Attacks that are no more than words or comments to a browser."""


@pytest.mark.parametrize("vector", [vector for vector in VECTORS if not vector.startswith(SILENT)])
def test_what_is_taken_off_is_told(vector: str) -> None:
    """The editor learns of each attack that something was taken off."""
    assert kinds(f"<p>x</p>{vector}")


@pytest.mark.parametrize(
    ("text", "kind", "detail"),
    [
        ("<script>alert(1)</script>", RemovedKind.SCRIPT, "<script>alert(1)"),
        ('<b onclick="go()">x</b>', RemovedKind.HANDLER, "onclick=go()"),
        ('<iframe src="https://other.example/v"></iframe>', RemovedKind.FRAME, "https://other.example/v"),
        ('<form action="/x">x</form>', RemovedKind.FORM, '<form action="/x">'),
        ("<style>p { color: red }</style>", RemovedKind.STYLE, "<style>p { color: red }"),
        ('<p style="color: red">x</p>', RemovedKind.STYLE, "color: red"),
        ('<meta http-equiv="refresh">', RemovedKind.SETTING, '<meta http-equiv="refresh">'),
        ("<svg></svg>", RemovedKind.DRAWING, "<svg>"),
        ('<a href="javascript:x">y</a>', RemovedKind.ADDRESS, "javascript:x"),
        ('<a href="C:\\Users\\x.docx">y</a>', RemovedKind.ADDRESS, "C:\\Users\\x.docx"),
        ('<a href="unheard-of:x">y</a>', RemovedKind.ADDRESS, "y"),
        ('<img src="//other.example/x.png">', RemovedKind.PICTURE, "//other.example/x.png"),
        ('<video src="https://other.example/x.mp4"></video>', RemovedKind.MEDIA, "https://other.example/x.mp4"),
        ('<h2 id="__search">x</h2>', RemovedKind.NAME, "__search"),
        ("Dear <name>", RemovedKind.ELEMENT, "<name>"),
        ("<font>x</font>", RemovedKind.ELEMENT, "<font>"),
        ('<p class="gs-photo">x</p>', RemovedKind.NAME, "gs-photo"),
        ('<p style="text-align: right; color: red">x</p>', RemovedKind.STYLE, "color: red"),
        ('<p width="300">x</p>', RemovedKind.STYLE, "width=300"),
        ('<img src="a.png" align="left">', RemovedKind.STYLE, "align=left"),
        ('<img data-src="https://mmbiz.example/a">', RemovedKind.MISSING, "https://mmbiz.example/a"),
        ('<img src="data:image/png;base64,iVBORw0KGgo=">', RemovedKind.MISSING, "data:image/png;base64,iVBORw0KGgo="),
    ],
)
def test_findings_say_what_and_show_it(text: str, kind: RemovedKind, detail: str) -> None:
    """A finding has its kind and a piece of what was taken off, and becomes a sentence."""
    found = cleaned(text).findings
    assert [(one.kind, one.detail) for one in found] == [(kind, detail)]
    assert detail in finding_text(found[0])


def test_findings_are_short_and_fit_for_a_terminal() -> None:
    """A long and hostile piece is cut and escaped."""
    (found,) = cleaned(f"<script>\x1b[31m\u202e{'x' * 900}\n\n</script>").findings
    assert len(found.detail) < 100 and found.detail.isprintable()


def test_the_same_is_told_once() -> None:
    """Twenty red words are one finding."""
    assert len(cleaned('<b style="color:red">x</b>' * 20).findings) == 1


@pytest.mark.parametrize(("extensions", "options", "source", "parts"), MARKDOWN)
def test_what_markdown_makes_works(
    extensions: list[str], options: dict[str, dict[str, Any]], source: str, parts: tuple[str, ...]
) -> None:
    """Each extension's HTML comes through with all its parts, and nothing is told."""
    made = markdown.markdown(source, extensions=extensions, extension_configs=options)
    result = cleaned(made)
    assert result.findings == ()
    assert cleaned(result.html).html == result.html
    assert wrongs(result.html, HOSTS) == []
    for part in parts:
        assert part in result.html, made


def test_every_extension_that_the_gate_allows_was_tried() -> None:
    """No extension is allowed whose HTML was not looked at."""
    tried = {name for extensions, *_rest in MARKDOWN for name in extensions}
    wanted = markdown_settings._MARKDOWN | {f"pymdownx.{name}" for name in markdown_settings._PYMDOWN}
    assert wanted - tried == set()


def test_links_to_another_site_say_so_and_keep_working() -> None:
    """Their rel protects the reader, and a mark in words stands behind their text."""
    given = '<a href="https://other.example/x?a=1&amp;b=2" target="_blank" rel="opener" download>Other</a>'
    assert cleaned(given).html == f'<a href="https://other.example/x?a=1&amp;b=2" {AWAY}>Other{MARK}</a>'
    assert cleaned(given).findings == ()


@pytest.mark.parametrize(
    "address",
    [
        "../x/",
        "#fn:1",
        "?q=1",
        "/x",
        "https://www.unit.example/x",
        "http://unit.example",
        "//WWW.unit.example:443/x",
        "https://ｗｗｗ.unit。example/x",
        "https://www%2Eunit.example/x",
        "https://clerk@unit.example/x",
        "mailto:office@unit.example",
        "tel:+865008820118",
    ],
)
def test_own_links_and_contacts_have_no_mark(address: str) -> None:
    """Neither a link within the site nor one to a mailbox or telephone leads to another site."""
    result = cleaned(f'<p><a href="{address}">x</a></p>')
    assert "gs-away" not in result.html and f'href="{address}"' in result.html and result.findings == ()


@pytest.mark.parametrize(
    "address",
    [
        "https://other.example",
        "//other.example/",
        "/\\other.example",
        "https:other.example",
        "HTTPS:\\\\other.example",
        " https://other.example",
        "https://unit.example:8443/",
        "https://unit.example@other.example/",
        "https://unit.example.other.example/",
        "https://notunit.example/",
    ],
)
def test_links_that_only_look_own_have_the_mark(address: str) -> None:
    """A host is told as browsers tell it."""
    assert MARK in cleaned(f'<a href="{address}">x</a>').html


def test_the_mark_is_in_the_language_of_the_site() -> None:
    """The words in pages are the site's, not those of who runs the build."""
    with i18n.use_language("zh"):
        assert MARK in cleaned('<a href="//other.example/">x</a>').html


def test_a_chinese_host_is_the_same_in_both_ways_of_writing() -> None:
    """青禾.中国 and xn--… are one host."""
    both = site_origin("https://青禾.中国/", None, "en")
    for address in ("https://青禾.中国/x", "https://xn--sjqv5t.xn--fiqs8s/x"):
        found = sanitize(f'<a href="{address}">x</a>', both, {}).html
        assert ("gs-away" in found) == (host(address.split("/")[2]) not in both.hosts)
    assert "gs-away" not in sanitize('<a href="https://青禾.中国/x">x</a>', both, {}).html


def test_pictures_from_another_site_become_links() -> None:
    """Nothing is loaded from another host; the text or the address leads there."""
    given = '<img src="https://other.example/x.png" alt="A &amp; B"><img src="//other.example/y.png">'
    assert cleaned(given).html == (
        f'<a href="https://other.example/x.png" {AWAY}>A &amp; B{MARK}</a>'
        f'<a href="//other.example/y.png" {AWAY}>//other.example/y.png{MARK}</a>'
    )
    inside = '<a href="/x"><img src="https://other.example/x.png" alt="Plan"></a>'
    assert cleaned(inside).html == '<a href="/x">Plan</a>'


def test_frames_become_links() -> None:
    """A film or map in a frame can still be reached."""
    given = '<iframe src="https://other.example/v" title="Film" width="5">old</iframe><embed src="plan.pdf">'
    assert cleaned(given).html == (
        f'<a href="https://other.example/v" {AWAY}>Film{MARK}</a><a href="plan.pdf">plan.pdf</a>'
    )


def test_sound_and_film_of_the_site_have_controls_and_never_start_by_themselves() -> None:
    """Only files of the site's own are played."""
    given = (
        '<video autoplay loop src="a.mp4" poster="//other.example/p.png">'
        '<source src="https://other.example/b.mp4"><source src="b.webm" type="video/webm">'
        '<track src="c.vtt" kind="captions">Not shown</video>'
    )
    result = cleaned(given)
    assert result.html == (
        '<video loop="" src="a.mp4" controls=""><source src="b.webm" type="video/webm">'
        '<track src="c.vtt" kind="captions">Not shown</video>'
    )
    assert {found.kind for found in result.findings} == {RemovedKind.MEDIA}
    assert cleaned('<p><source src="a.mp4">x</p>').html == "<p>x</p>"


def test_film_and_sound_written_as_pictures_are_played() -> None:
    """They get a player that loads no more than it must before it is started, with the description as its name."""
    assert cleaned('<p><img src="dir/VID%201.MP4" alt="Sports &amp; day" width="640"></p>').html == (
        '<p><video width="640" aria-label="Sports &amp; day" src="dir/VID%201.MP4" preload="metadata" controls="">'
        '<a href="dir/VID%201.MP4">Sports &amp; day</a></video></p>'
    )
    assert cleaned('<p><img src="a.mp3" alt="" title="The choir"></p>').html == (
        '<figure><audio src="a.mp3" preload="metadata" controls=""><a href="a.mp3">a.mp3</a></audio>'
        "<figcaption>The choir</figcaption></figure>"
    )
    assert cleaned('<a href="/x"><img src="a.mp4" alt="Film"></a>').html == '<a href="/x">Film</a>'
    assert "Film" in cleaned('<img src="https://other.example/a.mp4" alt="Film">').html
    assert "<video" not in cleaned('<img src="https://other.example/a.mp4" alt="Film">').html


@pytest.mark.parametrize("name", ["a.avi", "a.MOV", "a.mkv", "a.3gp", "a.ogv", "a.amr"])
def test_film_and_sound_that_browsers_do_not_play_become_links(name: str) -> None:
    """As a picture or in a player, and the editor is told."""
    for element in (f'<img src="{name}" alt="Film">', f'<video src="{name}" title="Film"></video>'):
        result = cleaned(element)
        assert result.html == f'<a href="{name}">Film</a>'
        assert [(found.kind, found.detail) for found in result.findings] == [(RemovedKind.UNPLAYED, name)]
    both = f'<video><source src="{name}"><source src="a.mp4"></video>'
    assert "<video" in cleaned(both).html and not cleaned(both).findings


def test_files_and_pages_written_as_pictures_become_links() -> None:
    """A picture element would show nothing of them; without a description the link has the file's name."""
    for name in ("a.pdf", "a.docx", "a.zip", "a.txt", "a.dwg", "../b/"):
        assert cleaned(f'<p><img src="{name}" alt="File" title="T"></p>').html == f'<p><a href="{name}">File</a></p>'
    assert cleaned('<img src="%E9%99%84%E4%BB%B6.pdf" alt="">').html == '<a href="%E9%99%84%E4%BB%B6.pdf">附件.pdf</a>'
    for name in ("a.jpg", "a.PNG?x=1", "a.svg", "a.ico", "a"):
        assert cleaned(f'<img src="{name}" alt="">').html == f'<img src="{name}" alt="">'


def test_a_picture_that_is_known_takes_up_its_room_at_once() -> None:
    """Width, height, smaller ones to choose from, and a link to the large one."""
    image = (
        '<img src="hall.jpg" alt="Hall" width="1600" height="1200"{lazy} decoding="async" '
        'srcset="hall-480.jpg 480w, hall-960.jpg 960w, hall.jpg 1600w" sizes="(min-width: 960px) 960px, 100vw">'
    )
    photo = f'<a class="gs-photo" href="hall-large.jpg">{image}</a>'
    lazy = ' loading="lazy"'
    plain = '<img src="hall.jpg" alt="Hall">'
    assert cleaned(plain + plain).html == photo.format(lazy="") + photo.format(lazy=lazy)
    assert cleaned(f'<a href="/x">{plain}</a>').html == f'<a href="/x">{image.format(lazy="")}</a>'
    odd = '<img src="hall.jpg" alt="Hall" width="0" height="x" loading="eager" srcset="x 2x" sizes="5px">'
    assert cleaned(odd).html == photo.format(lazy="")
    assert cleaned('<img src="x.jpg" alt="" width="5" height="calc(1)">').html == '<img src="x.jpg" alt="" width="5">'
    small = '<img src="logo.png" alt="" width="120" height="60" decoding="async">'
    assert cleaned('<img src="logo.png">').html == small


def test_a_picture_without_words_still_gives_its_link_a_name() -> None:
    """A link to the large picture can be read aloud."""
    assert (
        '<a class="gs-photo" href="hall-large.jpg" aria-label="Large picture">'
        in cleaned('<img src="hall.jpg" alt="">').html
    )


def test_a_paragraph_of_one_picture_with_a_title_is_a_figure() -> None:
    """The title is its caption; a paragraph with more in it stays one."""
    assert cleaned('<p class="c">\n<img src="x.jpg" alt="X" title="The &lt;hall&gt;"> </p>').html == (
        '<figure class="c"><img src="x.jpg" alt="X"><figcaption>The &lt;hall&gt;</figcaption></figure>'
    )
    for other in (
        '<p><img src="x.jpg" alt="X"></p>',
        '<p><img src="x.jpg" alt="X" title="T"> and text</p>',
        '<figure><p><img src="x.jpg" alt="X" title="T"></p></figure>',
    ):
        assert cleaned(other).html == other


def test_tables_scroll_by_keyboard_and_say_what_their_headings_are_for() -> None:
    """A box with a name goes around each; alignment becomes a class; a caption is the name."""
    given = (
        '<table><thead><tr><th style="text-align: right;">a</th></tr></thead>'
        "<tbody><tr><th>b</th><td style='TEXT-ALIGN:center'>c</td></tr></tbody></table>"
    )
    assert cleaned(given).html == (
        '<div class="gs-table" tabindex="0" role="region" aria-label="Table 1"><table><thead><tr>'
        '<th scope="col" class="gs-right">a</th></tr></thead>'
        '<tbody><tr><th>b</th><td class="gs-center">c</td></tr></tbody></table></div>'
    )
    assert (
        'aria-label="Fees &amp; &quot;dues&quot;"'
        in cleaned('<table><caption>Fees &amp; <b>"dues"</b></caption></table>').html
    )
    assert cleaned("<table></table>" * 2).html.count('aria-label="Table 2"') == 1


def test_a_passage_may_name_its_language_and_direction() -> None:
    """By attributes of any element; what is no language tag and no direction goes, and the editor is told."""
    for text in (
        '<p lang="ug" dir="rtl">x</p>', '<bdi dir="auto" lang="">x</bdi>', '<span lang="mn-Mong">x</span>',
        '<table lang="kk-Arab" dir="RTL"><tbody><tr><td>x</td></tr></tbody></table>',
    ):  # fmt: skip
        assert text[text.index(" ") : text.index(">")] in cleaned(text).html
        assert kinds(text) == []
    for attribute in ("lang=ug_CN", "lang=中文", "lang=english!", "dir=left", "dir=ltr;", "dir"):
        assert cleaned(f"<p {attribute}>x</p>").html == "<p>x</p>"
        assert kinds(f"<p {attribute}>x</p>") == [RemovedKind.LANGUAGE]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("<p align=right>x</p>", '<p class="gs-right">x</p>'),
        ('<p style="text-align:right">x</p>', '<p class="gs-right">x</p>'),
        ('<p style="TEXT-ALIGN: Center;">x</p>', '<p class="gs-center">x</p>'),
        ('<p class="a" align="center">x</p>', '<p class="a gs-center">x</p>'),
        ('<p class="gs-right">x</p>', '<p class="gs-right">x</p>'),
        ('<h3 align="center">x</h3>', '<h3 class="gs-center">x</h3>'),
        ('<div style="text-align: end"><p>x</p></div>', '<div class="gs-right"><p>x</p></div>'),
        ("<center>x</center>", '<div class="gs-center">x</div>'),
        ('<p style="text-align: justify">x</p>', "<p>x</p>"),
        ('<p style="">x</p>', "<p>x</p>"),
    ],
)
def test_alignment_becomes_a_class_without_a_word(given: str, shown: str) -> None:
    result = cleaned(given)
    assert result.html == shown
    assert not result.findings
    assert cleaned(shown).html == shown


@pytest.mark.parametrize(
    ("typed", "size"),
    [
        ("width=300", 'width="300" height="225"'),
        ("height=300", 'width="400" height="300"'),
        ("width=300 height=900", 'width="300" height="225"'),
        ("width=9999", 'width="1600" height="1200"'),
        ("width=50%", 'width="50%"'),
        ("width=100%", 'width="1600" height="1200"'),
    ],
)
def test_a_picture_has_the_width_that_was_typed_in_its_own_proportions(typed: str, size: str) -> None:
    assert f'alt="Hall" {size} decoding' in cleaned(f'<img src="hall.jpg" alt="Hall" {typed}>').html


def test_a_picture_that_no_browser_can_load_leaves_its_description() -> None:
    given = (
        '<p><img data-src="https://mmbiz.example/a" alt="大门"></p><p><img src="data:image/png;base64,x" alt="" /></p>'
    )
    assert cleaned(given).html == "<p>大门</p><p></p>"


def test_names_of_the_theme_are_its_own() -> None:
    """Ids and classes that scripts and styles of the theme listen to are taken off; others stay."""
    given = '<p id="__toc" class="md-nav a gs-photo b">x</p><p id="gs-x" class="mermaid">x</p><p id="fn:1">x</p>'
    assert cleaned(given).html == '<p class="a b">x</p><p>x</p><p id="fn:1">x</p>'
    forged = '<a href="/x" class="gs-away">x</a><span class="gs-away__mark">important</span>'
    assert cleaned(forged).html == '<a href="/x">x</a><span>important</span>'


def test_parts_of_the_page_are_its_own() -> None:
    """A text cannot say that it is the page's navigation; that it is a footnote it can."""
    assert (
        cleaned('<p role="navigation">x</p><p role="doc-endnotes">x</p>').html == '<p>x</p><p role="doc-endnotes">x</p>'
    )


def test_no_link_is_in_a_link() -> None:
    """Tables let one in; browsers would take them apart at the next reading."""
    given = '<a href="/x"><table><tbody><tr><td><a href="/y">y</a></td></tr></tbody></table></a>'
    assert cleaned(given).html.count("<a ") == 1


def test_the_title_stays_the_only_heading_of_the_first_degree() -> None:
    """h1 becomes h2, with its id."""
    assert cleaned('<h1 id="a">A</h1><h2>B</h2>').html == '<h2 id="a">A</h2><h2>B</h2>'


def test_fields_outside_tabs_and_task_lists_are_gone() -> None:
    """A box that looks like a task in no task list, or a switch of the theme, is a field like others."""
    assert cleaned('<input type="checkbox"><input type="radio" name="__tabbed_1">').html == ""
    set_ = '<div class="tabbed-set"><input type="radio" name="__search"><label for="__search">x</label></div>'
    assert cleaned(set_).html == '<div class="tabbed-set">x</div>'


def test_an_old_anchor_can_still_be_linked_to() -> None:
    """`<a name>` becomes an id."""
    assert cleaned('<a name="part2"></a>').html == '<a id="part2"></a>'


def test_texts_that_never_come_to_rest_lose_their_shape_and_not_their_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be made stable is shown as words, and told."""
    monkeypatch.setattr(sanitizer, "_MAX_ROUNDS", 0)
    result = cleaned("<b>Words</b> &amp; <script>x</script>more\x0c")
    assert result.html == "<p>Words &amp; more</p>"
    assert result.findings[-1].kind is RemovedKind.WHOLE
    monkeypatch.undo()
    assert cleaned(result.html).html == result.html


def test_empty_lines_before_code_are_no_trouble() -> None:
    """Browsers overlook the first line break of `pre`, again at each reading."""
    assert cleaned("<pre>" + "\n" * 40 + "x\n\ny</pre>").html == "<pre>x\n\ny</pre>"


def test_an_ordinary_entry_takes_no_time() -> None:
    """3 KB take about a millisecond; the bound leaves room for a busy machine."""
    text = (
        "<h2>标题</h2>\n<p>"
        + "青禾镇便民服务中心办事指南。" * 12
        + ' <a href="/x">链接</a> <strong>重要</strong></p>\n'
    )
    text *= 3072 // len(text.encode()) + 1
    best = min(_seconds(text) for _attempt in range(20))
    assert best < 0.005


def _seconds(text: str) -> float:
    begin = time.process_time()
    cleaned(text)
    return time.process_time() - begin
