"""Links from approved pages: which lose their address, which stay, and where the editor is told of it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from gongshi import i18n
from gongshi.site.html.link_lines import lines_of, may_lose
from gongshi.site.html.link_targets import LinkTarget, PublicUrls
from support.photos import gradient, saved
from support.search_reader import files_of, terms
from support.unit import UnitUnderTest, settings

CANARY = "canaryqzvx"
HOSTS = {
    "https://www.青禾.cn/": (
        "www.青禾.cn", "青禾.cn", "www.xn--2lzs91d.cn", "XN--2LZS91D.CN", "www.青\u00ad禾.cn", "www.青\u200b禾.cn", "www.青禾。cn",
        "ｗｗｗ．青禾．ｃｎ", "www.%E9%9D%92%E7%A6%BE.cn", "www.青禾.cn.", "www.青禾.cn:443", "www.青禾.cn:00443", "www.青禾.cn:", "user:pass@青禾.cn",
    ),
    "https://www.unit.example/": (
        "www.unit.example", "unit.example", "WWW.UNIT.EXAMPLE", "www.unit.example.", "www.un\u00adit.example", "www.un\u200bit.example",
        "www.un\u2060it.example", "ｕｎｉｔ.example", "unit。example", "www%2eunit%2Eexample", "\U0001d430ww.unit.example", "x@www.unit.example",
        "other.example@www.unit.example", "www.unit.example:80", "www.unit.example:443",
    ),
    "http://10.20.0.7/": ("10.20.0.7", "0xa.20.7", "169082887", "012.024.0.07", "10.20.0.7.", "１０.20.0.7"),
    "http://[fd00::7]/": ("[fd00::7]", "[FD00:0:0:0:0:0:0:7]", "[fd00::0.0.0.7]"),
}  # fmt: skip
"""Own hosts, each in other forms."""
WAYS = (
    "https://{host}{path}", "http://{host}{path}", "HTTPS://{host}{path}", "//{host}{path}", "\\\\\\\\{host}{path}", "/\\\\{host}{path}",
    "https:\\\\\\\\{host}{path}", "https:/\\\\{host}{path}", "https:////{host}{path}", "https:{host}{path}", "https:/{host}{path}",
)  # fmt: skip
"""Ways to begin an address, backslashes as Markdown wants them."""
PATHS = (
    "/announcements/{slug}/", "/announcements/2026/../{slug}", "/announcements/%2e%2e/announcements/{slug}/", "/%61nnouncements/{slug}/",
    "/announcements//{slug}//", "//announcements/{slug}/", "/announcements%2f{slug}/", "/announcements/{slug}/index.html?x=1#y",
    "/announcements/{slug}/?id=5", "/ANNOUNCEMENTS/{slug}/", "/announcements/./{slug}", "/x/..\\\\announcements\\\\{slug}\\\\",
    "/%2561nnouncements/{slug}/", "/announcements;a=b/{slug}/", "/announcements./{slug}/", "/@x/../announcements/{slug}/",
)  # fmt: skip


def texts(url: str) -> list[str]:
    """Ways to write a link, each with an address whose backslashes are doubled."""
    bare = url.replace("\\\\", "\\")
    return [
        f"[k]({url})",
        f"[k](<{url}>)",
        f"<a href='{bare}'>k</a>",
        f"<img alt=k src='{bare}'>",
        f"<a href='\t{bare[:9]}\n{bare[9:]} '>k</a>",
    ]


def assert_tight(unit: UnitUnderTest) -> str:
    """Build, and find no canary in any byte of the site, in any word of the search or in the log; returns the log."""
    result = unit.build()
    assert result.exit_code == 0, result.all
    assert CANARY not in result.all
    assert unit.leaks(CANARY, CANARY.upper()) == []
    assert not [found for found in terms(files_of(unit.site)) if CANARY in found.term]
    return result.all


def linking(unit: UnitUnderTest, body: str, path: str = "announcements/linking.md") -> None:
    """Publish an entry or page with this text."""
    unit.write(path, title="Linking", body=body, **({} if path.startswith("announcements/") else {"date": None}))
    unit.publish(path)


def hrefs(page: str) -> list[str]:
    """The addresses in the text of a page."""
    return re.findall(r'(?:href|src)="([^"]*)"', page.split('class="gs-text"')[1].split("</div>")[0])


@pytest.mark.slow
@pytest.mark.parametrize("site_url", HOSTS)
def test_every_form_of_the_own_host(unit: UnitUnderTest, site_url: str) -> None:
    """In whatever form the unit's own host is written, the address of a draft does not stay in a page."""
    gongshi = settings()
    del gongshi["unit"]["domain"]
    unit.configure(gongshi, site_url=site_url)
    unit.write(f"announcements/{CANARY}.md", title=CANARY)
    urls = [way.format(host=host, path=PATHS[0]) for host in HOSTS[site_url] for way in WAYS]
    urls += [WAYS[0].format(host=host, path=path) for host in HOSTS[site_url][:2] for path in PATHS]
    linking(unit, "\n\n".join(text for url in urls for text in texts(url.format(slug=CANARY))))
    assert_tight(unit)
    check = unit.gongshi("check", "docs/announcements/linking.md").output
    assert check.count("so the page shows the text without the link") >= len(urls)


def test_other_ways_to_a_draft(unit: UnitUnderTest) -> None:
    """Lists of pictures, styles, refreshing, pings, attribute lists, references and texts that are addresses themselves."""
    unit.write(f"announcements/{CANARY}.md", title=CANARY)
    unit.write(f"announcements/b-{CANARY}/index.md", title=CANARY)
    unit.write(f"announcements/b-{CANARY}/p.jpg", b"x")
    own = f"https://www.un\u00adit.example/announcements/{CANARY}/"
    body = "\n\n".join([
        f'<img srcset="../b-{CANARY}/p.jpg 2x, {own} 3x" alt="k">', f'<p style="background: url({own})">k</p>', f"<meta http-equiv=refresh content='0;url={own}'>",
        f'<a ping="{own}" href="../linking/">k</a>', f'*k*{{: href="{own}" }}', f"[k][r]\n\n[r]: {own} 'title {CANARY}'", f"<blockquote cite='{own}'>k</blockquote>",
        f"<video poster='{own}'><source src='{own}'><track src='{own}'></video>", f"<object data='{own}'>k</object><iframe src='{own}' title=k></iframe>",
        f"<https://www.unit.example/announcements/{CANARY}/>", f"[https://www.unit.example/announcements/{CANARY}/]({own})", f"[{CANARY}.md]({CANARY}.md)",
        f"[**www.unit.example/announcements/{CANARY}**]({CANARY}.md)", f"[见https://www.unit.example/announcements/%63{CANARY[1:]}/。]({CANARY}.md)",
        f"<a href='{own}'>https://unit.example/announcements/{CANARY}/</a>", f"<a href='{own}' title='/announcements/{CANARY}/'><b>/announcements/{CANARY}/</b></a>",
        f"## h <a href='{own}'>/announcements/{CANARY}/</a>", f"<div><a href='{own}'>//UNIT.example/announcements/{CANARY}</a></div>",
        f"[k](ftp://www.unit.example/announcements/{CANARY}/)", f"[k](file:///srv/{CANARY}.md)", f"[k](https://www.unit.example:99999/announcements/{CANARY}/)",
        f"![/announcements/b-{CANARY}/p.jpg](b-{CANARY}/p.jpg)", *(f"{mark}https://www.unit.example/announcements/{CANARY}/{end}" for mark, end in (("## h ", ""), ("## h <", ">"), ("h ", "\n---"), ("## h [", f"]({CANARY}.md)"))),
    ])  # fmt: skip
    linking(unit, body)
    assert_tight(unit)


@pytest.mark.slow
def test_addresses_of_standing_pages(unit: UnitUnderTest) -> None:
    """Drafts that stand directly in docs/ or in a folder of their own, deleted ones with a dossier, and internal folders."""
    unit.write(f"{CANARY}.md", title=CANARY, date=None)
    unit.write(f"folder-{CANARY}/inner/x.md", title=CANARY, date=None)
    unit.write(f"gone-{CANARY}.md", title=CANARY, date=None)
    unit.submit(f"gone-{CANARY}.md")
    (unit.docs / f"gone-{CANARY}.md").unlink()
    unit.write(f"stray-{CANARY}.pdf", "x")
    unit.write("index.md", title="Home", date=None, body=f"[k]({CANARY}.md) [k](folder-{CANARY}/inner/x.md)")
    unit.publish("index.md")
    paths = [f"{CANARY}/", f"folder-{CANARY}/inner/x/", f"folder-{CANARY}/x.asp", f"gone-{CANARY}", f"stray-{CANARY}.pdf", f".reviews/announcements/{CANARY}.md.jsonl",
             f"announcements/nothing-{CANARY}/", f"tags/{CANARY}/", f"search/{CANARY}", f"{CANARY.upper()}"]  # fmt: skip
    linking(
        unit,
        "\n\n".join(f"[k]({start}{path})" for path in paths for start in ("/", "https://www.unit.example/", "../../")),
    )
    assert_tight(unit)


def test_addresses_of_drafts_beside_the_site(unit: UnitUnderTest) -> None:
    """An address of a draft tells its name on another port or outside of the site's folder, too."""
    unit.configure(settings(), site_url="https://www.unit.example/info/")
    unit.write(f"announcements/{CANARY}/index.md", title=CANARY)
    unit.write(f"announcements/{CANARY}/a.txt", "x")
    paths = [
        f"announcements/{CANARY}/",
        f"announcements/{CANARY}",
        f"announcements/{CANARY}/a.txt",
        f"Announcements/{CANARY}/index.html",
    ]
    starts = [
        "/",
        "/info/",
        "https://www.unit.example/",
        "https://unit.example:8443/",
        "//unit.example:99/info/",
        "../../../",
    ]
    linking(unit, "\n\n".join(f"[k]({start}{path})" for start in starts for path in paths))
    assert_tight(unit)


@pytest.mark.slow
def test_what_cannot_be_an_address_of_this_site(unit: UnitUnderTest) -> None:
    """Other ports and folders on the own host stay links, and nothing is said of them; other hosts carry the mark."""
    kept = ["https://www.unit.example/old/index.asp?id=5", "/old/index.asp?id=5#top", "//unit.example/bmfw/list/", "http://www.unit.example/cgi-bin/x.pl?announcements",
            "https://sub.unit.example/announcements/x/", "https://www.unit.example:8443/apply/", "https://www.unit.example.cn/announcements/x/",
            "https://other.example/?u=www.unit.example", "https://www.unit.example@other.example/announcements/x/", "mailto:office@unit.example"]  # fmt: skip
    linking(
        unit,
        "\n\n".join(f"[k]({url}) <a href='{url}'>k</a>" for url in kept)
        + "\n\n![Plan](https://www.unit.example/old/plan.jpg)",
    )
    said = unit.build("--strict")
    assert said.exit_code == 0, said.all
    assert "not public" not in said.all
    assert hrefs(unit.page("announcements/linking")) == [
        *(url for url in kept for _way in range(2)),
        "https://www.unit.example/old/plan.jpg",
    ]
    assert "gs-away" not in unit.page("announcements/linking").split("bmfw")[1].split("</a>")[0]
    assert "without the link" not in unit.gongshi("check").output


def test_outside_of_the_folder_of_the_site(unit: UnitUnderTest) -> None:
    """Where the site has a folder of its own, the rest of the host is not its own."""
    unit.configure(settings(), site_url="https://www.unit.example/info/site/")
    kept = [
        "https://www.unit.example/",
        "/other/page/",
        "https://unit.example/announcements/",
        "/info/",
        "https://www.unit.example/info/sites/x",
    ]
    cut = [
        "/info/site/none/../announcements/x/",
        "https://www.unit.example/info/%73ite/announcements/x/",
        "../x/",
        "//unit.example/INFO/site/tags/x/",
    ]
    linking(unit, "\n\n".join(f"[k]({url})" for url in kept + cut) + "\n\n[own](/info/site/announcements/)")
    assert "4 links lead to what is not public" in unit.build().all
    assert hrefs(unit.page("announcements/linking")) == [*kept, "/info/site/announcements/"]


@pytest.mark.slow
def test_a_draft_takes_the_address_of_something_else(unit: UnitUnderTest) -> None:
    """A folder that comes to docs/ takes addresses off pages that are made already, and gives them back when it goes."""
    linking(unit, "[k](/old/index.asp) ![Plan](/old/plan.jpg)")
    for is_there in (False, True, False):
        if is_there:
            unit.write("old/index.md", title="Old", date=None)
        else:
            (unit.docs / "old" / "index.md").unlink(missing_ok=True)
            (unit.docs / "old").rmdir() if (unit.docs / "old").exists() else None
        assert unit.build().exit_code == 0
        assert ("/old/" in unit.page("announcements/linking")) is not is_there


def test_raw_html_is_read_as_visitors_get_it(unit: UnitUnderTest) -> None:
    """A file's own name becomes its address in Markdown only; in HTML it leads where a browser takes it."""
    unit.write("announcements/b/index.md", title="Bundle", attachments=[{"file": "a.txt", "title": "A"}])
    unit.write("announcements/b/a.txt", "approved")
    unit.publish("announcements/b/index.md")
    unit.write("announcements/2026-x/b/index.md", title="Draft")
    unit.write("announcements/2026-x/b/a.txt", "draft")
    linking(
        unit,
        "[k](../b/a.txt) <a href='../b/a.txt'>raw</a> <a href='../../b/a.txt'>right</a>",
        "announcements/2026-x/linking.md",
    )
    assert unit.build().exit_code == 0
    page = unit.page("announcements/2026-x/linking")
    assert hrefs(page) == ["../../b/a.txt", "../../b/a.txt"]
    assert "raw" in page


@pytest.mark.slow
def test_check_says_which_line(unit: UnitUnderTest) -> None:
    """Each link that loses its address is advice with its line, in Markdown and in HTML, and says why."""
    unit.write("announcements/secret.md", title="Secret")
    unit.write("announcements/good.md", title="Good")
    unit.publish("announcements/good.md")
    body = (
        "[good](good.md) <a href='../good/'>good</a> [column](/announcements/) [old](/old/x.asp)\n"
        "[draft](secret.md)\n\n"
        '<p><a href="https://www.unit.example/announcements/secret/?a=1&amp;b=2">k</a></p>\n\n'
        "[twice](secret.md)\n[r][r]\n\n[r]: /announcements/secret/#part\n\n[typo](/announcements/sceret/)\n\n<https://unit.example:99999/>\n"
    )
    unit.write("announcements/linking.md", title="Linking", body=body)
    lines = [line for line in unit.gongshi("check").output.splitlines() if "without the link" in line]
    places = [re.match(r"docs/announcements/linking\.md:(\d+): ", line) for line in lines]
    first = (unit.docs / "announcements" / "linking.md").read_text().splitlines().index("[draft](secret.md)") + 1
    assert [int(place[1]) - first for place in places if place] == [0, 2, 4, 7, 9, 11]
    assert all("leads to what is not public" in line for line in lines[:4])
    assert "/announcements/sceret/ leads to no page or file of this site" in lines[4]
    assert "no browser can open the address https://unit.example:99999/" in lines[5]
    assert all(line.endswith("[advice]") for line in lines)
    assert unit.gongshi("check").exit_code == 0
    unit.publish("announcements/linking.md")
    assert "announcements/linking.md: 6 links lead to what is not public" in unit.build().all


@pytest.mark.slow
def test_check_says_nothing_of_files_of_the_entry_itself(unit: UnitUnderTest) -> None:
    """Pictures and attachments of a draft are published with it, so a link to them loses nothing."""
    body = "![p](p.png) [a](a.txt) [self](index.md) <a href='a.txt'>raw</a> [draft](../secret.md)\n"
    unit.write("announcements/secret.md", title="Secret")
    unit.write("announcements/b/index.md", body=body, attachments=[{"file": "a.txt", "title": "A"}])
    (unit.docs / "announcements/b/a.txt").write_text("text")
    (unit.docs / "announcements/b/p.png").write_bytes(saved(gradient(8, 8), "PNG"))
    lines = [line for line in unit.gongshi("check").output.splitlines() if "without the link" in line]
    assert [line.split("the link ")[1].split(" ")[0] for line in lines] == ["../secret.md"]


@pytest.mark.slow
def test_one_link_and_several(unit: UnitUnderTest) -> None:
    """The log counts in the right number, in English and in Chinese."""
    linking(unit, "[k](secret.md)")
    assert "linking.md: 1 link leads to what is not public; it lost its address" in unit.build().all
    assert "linking.md: 有 1 个链接指向未公开的内容，已去掉链接" in unit.build(LANG="zh").all
    i18n.set_language("en")
    assert unit.gongshi("stage", "tree").output.count("1 link leads to an unpublished page or file [advice]") == 1


def test_lines_of_odd_links() -> None:
    """Escaped, encoded, repeated and broken addresses are found where they stand, others at the first line."""
    body = "a\nb [x](a\\_b.md)\n<a href='c&amp;d'>\n[y](e.md) [y](e.md)\n[z](e.md)\nx f%20g.md\n<a href='h\ni'>"
    given = ["a_b.md", "c&d", "e.md", "e.md", "e.md", "f g.md", "h\ni", "nowhere.md", ""]
    assert lines_of(body, given) == [
        (1, ""),
        (1, "nowhere.md"),
        (2, "a_b.md"),
        (3, "c&d"),
        (4, "e.md"),
        (5, "e.md"),
        (6, "f g.md"),
        (7, "h\ni"),
    ]


@pytest.mark.parametrize(
    ("body", "may"),
    [
        ("Words only, and a [bracket].", False),
        ("[a](good.md) and [b](https://other.example/x?y)", False),
        ("[a](bad.md)", True),
        ("[a](good.md) [b](<x y.md>)", True),
        ("[a][r]\n\n[r]: bad.md", True),
        ("<a href=bad.md>", True),
        ("https://www.unit.example/x", True),
        ("*a*{: href=bad.md }", True),
    ],
)
def test_texts_that_need_no_look(body: str, may: bool) -> None:
    """Only texts without links, or with plain ones that all live, are not converted."""
    closes: Callable[[str], bool] = lambda url: url == "bad.md"  # noqa: E731
    assert may_lose(body, closes) is may


def test_the_whole_site_is_made_only_where_it_is_needed() -> None:
    """Links between entries are answered without a look at lists; for others the whole site is asked for once."""
    asked = []

    def more() -> PublicUrls:
        asked.append(True)
        return PublicUrls(["announcements/", "announcements/a/"], ["announcements/index.md"], None, None)

    routes = PublicUrls(["announcements/a/"], ["announcements/a.md"], "https://unit.example/", None, more=more)
    assert routes.resolve("a.md", "announcements/b.md", "announcements/b/") is LinkTarget.FILE
    assert asked == []
    assert routes.resolve("index.md", "announcements/b.md", "announcements/b/") is LinkTarget.FILE
    assert (
        routes.resolve("https://unit.example/announcements/", "announcements/b.md", "announcements/b/")
        is LinkTarget.SOMEWHERE
    )
    assert routes.resolve("/announcements/none/", "announcements/b.md", "announcements/b/") is LinkTarget.NOWHERE
    assert asked == [True]


@pytest.mark.browser
def test_no_link_of_a_page_leads_to_a_draft(browser: Browser, unit: UnitUnderTest) -> None:
    """In Chromium, no address of a built page is the one of a draft, however the text wrote it."""
    unit.write(f"announcements/{CANARY}.md", title=CANARY)
    urls = [
        way.format(host=host, path=path)
        for way in WAYS
        for host in HOSTS["https://www.unit.example/"]
        for path in PATHS[:3]
    ]
    linking(unit, "\n\n".join(texts(url.format(slug=CANARY))[0] for url in urls) + "\n\n[own](../linking/)")
    assert_tight(unit)
    page = browser.new_page()
    page.set_content(
        unit.page("announcements/linking").replace(
            "<head>", '<head><base href="https://www.unit.example/announcements/linking/">'
        )
    )
    found = page.evaluate("[...document.querySelectorAll('[href], [src]')].map(e => e.href || e.src)")
    page.close()
    assert "https://www.unit.example/announcements/linking/" in found
    assert [url for url in found if CANARY in str(url).lower()] == []
