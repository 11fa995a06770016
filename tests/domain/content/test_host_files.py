"""`hooks/host/`: what hosts and search engines ask for is published; what readers would take for a page is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.domain.content import host_files
from gongshi.release import manifest
from support.deployed_site import found
from support.unit import UnitUnderTest

FILES: dict[str, bytes] = {
    "CNAME": b"www.unit.example\n",
    ".nojekyll": b"",
    "_headers": b"/*\n  X-Frame-Options: DENY\n",
    "_redirects": b"/old/* / 301\n",
    "MP_verify_a1B2c3D4e5F6g7H8.txt": b"a1B2c3D4e5F6g7H8",
    "google0123456789abcdef.html": b"google-site-verification: google0123456789abcdef.html",
    "yandex_0123456789abcdef.html": b"<html>\n    <head>\n"
    b'        <meta http-equiv="Content-Type" content="text/html; charset=UTF-8">\n'
    b"    </head>\n    <body>Verification: 0123456789abcdef</body>\n</html>",
    "BingSiteAuth.xml": b'<?xml version="1.0"?>\n<users>\n\t<user>0123456789ABCDEF</user>\n</users>',
    "favicon.ico": b"\x00\x00\x01\x00rest",
    "security.txt": b"Contact: mailto:it@unit.example\n",
    ".well-known/security.txt": "联系: 信息科\n".encode(),
    ".well-known/acme-challenge/x_Y-1": b"x_Y-1.key",
    ".well-known/assetlinks.json": b"[]",
}


@pytest.fixture
def host(published: UnitUnderTest) -> UnitUnderTest:
    """A unit with a hooks/ of its own, and everything in hooks/host/ that may lie there."""
    hooks = published.own_hooks()
    for name, content in FILES.items():
        put(hooks, name, content)
    put(hooks, "robots.txt", b"User-agent: BadBot\nDisallow: /\n")
    put(hooks, ".DS_Store", b"\x00")
    return published


def put(hooks: Path, name: str, content: bytes) -> None:
    """Write a file into hooks/host/."""
    target = hooks / "host" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


@pytest.mark.slow
def test_they_are_published_and_proved(host: UnitUnderTest) -> None:
    """Byte for byte, in the manifest as `host`, proved by the source; the next build follows each change."""
    result = host.build("--strict")
    assert result.exit_code == 0, result.all
    listed = manifest.load(host.site)[0].files
    for name, content in FILES.items():
        assert (host.site / name).read_bytes() == content
        assert (listed[name].kind, listed[name].entry) == ("host", None)
    assert not (host.site / ".DS_Store").exists()
    robots = (host.site / "robots.txt").read_text()
    assert robots.endswith("Sitemap: https://www.unit.example/sitemap.xml\n\nUser-agent: BadBot\nDisallow: /\n")
    assert found(host) == {}
    assert found(host, "--source") == {}
    (host.root / "hooks" / "host" / "CNAME").write_text("unit.example\n")
    (host.root / "hooks" / "host" / "robots.txt").unlink()
    (host.root / "hooks" / "host" / ".nojekyll").unlink()
    assert found(host, "--source").keys() >= {("CNAME", "changed"), ("robots.txt", "changed"), (".nojekyll", "added")}
    assert host.build().exit_code == 0
    assert (host.site / "CNAME").read_text() == "unit.example\n"
    assert "BadBot" not in (host.site / "robots.txt").read_text()
    assert not (host.site / ".nojekyll").exists()


def test_a_staged_tree_has_none_of_them(host: UnitUnderTest) -> None:
    """It is content for another engine, which has its own place for such files."""
    assert host.gongshi("stage", "tree").exit_code == 0
    assert {path.name for path in (host.root / "tree").rglob("*") if path.is_file()} == {
        "gongshi.json", "index.md", "a.txt"
    }  # fmt: skip


CANARY = b"The unreviewed notice says that the office is closed on Friday."
REFUSED: dict[str, tuple[str, bytes | Callable[[Path], Any], str]] = {
    "a notice as a page": ("notice.html", b"<h1>" + CANARY + b"</h1>", "only the code from a search engine"),
    "a notice behind a code's name": ("google0123456789abcdef.html", CANARY, "only the code from a search engine"),
    "a script in a proof": ("yandex_0.html", b"<script>x</script>", "only the code from a search engine"),
    "a text in a tag": ("yandex_0.html", b'<meta name="x" content="words">code', "only the code from a search engine"),
    "a notice as text": ("notice.txt", CANARY, "only the code from a search engine"),
    "Chinese words as a code": ("notice.txt", "关于停水的通知".encode(), "only the code from a search engine"),
    "a document": ("notice.pdf", b"%PDF-1.7", "is not a file that a host or search engine asks for"),
    "a picture of another name": ("notice.png", b"\x89PNG\r\n\x1a\n", "is not a file that a host"),
    "a page in disguise": ("favicon.ico", b"<html>" + CANARY, "is not a picture of the kind"),
    "a folder": ("notices/index.html", CANARY, "is not a file that a host"),
    "a page in .well-known": (".well-known/notice.html", CANARY, "is a web page, script or program"),
    "HTML by content": (".well-known/notice", b" <p>" + CANARY, "is a web page, script or program"),
    "the manifest": (".well-known/gongshi.json", b"{}", "is the list by which the site is verified"),
    "the manifest in capitals": (".well-known/Gongshi.json", b"{}", "is the list by which the site is verified"),
    "an odd name": (".well-known/a b", b"x", "Latin letters"),
    "a page of the site's own": ("sitemap.xml", b"x", "the site has a file of this name already"),
    "too large": ("_headers", b"#" * (65 << 10), "is larger than 64 KiB"),
    "no text": ("_headers", b"\xff\xfe", "is not UTF-8 text"),
    "a full .nojekyll": (".nojekyll", CANARY, "must be empty"),
    "a CNAME of more than a host": ("CNAME", CANARY, "may contain only one host name"),
    "a text as robots.txt": ("robots.txt", CANARY, "line 1 is not a rule of a robots.txt"),
    "a robots.txt that changes our group": ("robots.txt", b"# x\nDisallow: /\n", "must begin with a line `User-agent"),
    "rules behind a map": ("robots.txt", b"Sitemap: https://x.example/s.xml\nDisallow: /\n", "must begin with a line"),
    "words as references": (
        "notice.html",
        b"<html><body>&#36890;&#30693;</body></html>",
        "only the code from a search engine",
    ),
    "a drawing behind a mark": (
        ".well-known/a",
        "\ufeff<svg><script>x</script></svg>".encode(),
        "is a web page, script",
    ),
    "a page in another language": (".well-known/index.html.zh", b"Notice", "is a web page, script or program"),
    "a program in the middle": (".well-known/x.php.txt", b"Notice", "is a web page, script or program"),
    "an archived page": (".well-known/x.mht", b"Notice", "is a document"),
    "below the manifest": (".well-known/gongshi.json/x", b"x", "is the list by which the site is verified"),
    "the home page": ("index.html", b"code", "the site has a file of this name already"),
    "a link": ("CNAME", lambda path: path.symlink_to("/etc/hostname"), "is a symbolic link"),
    "a link to a folder": (".well-known", lambda path: path.symlink_to("/etc"), "is a symbolic link"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_not_lie_there_is_named(tmp_path: Path, name: str) -> None:
    """Each with its path and why; nothing else of the folder is published either."""
    path, content, why = REFUSED[name]
    if callable(content):
        (tmp_path / "hooks" / "host").mkdir(parents=True)
        content(tmp_path / "hooks" / "host" / path)
    else:
        put(tmp_path / "hooks", path, content)
    put(tmp_path / "hooks", "security.txt", b"Contact: x\n")
    with pytest.raises(InvalidInput) as error:
        host_files.load(tmp_path)
    assert str(error.value).startswith(f"hooks/host/{path}")
    assert why in str(error.value)
    assert len(error.value.problems) == 1


@pytest.mark.slow
def test_a_build_with_such_a_file_stops(published: UnitUnderTest) -> None:
    """With exit code 2, as any wrong configuration; the site of before stays."""
    put(published.own_hooks(), "notice.html", CANARY)
    result = published.build()
    assert result.exit_code == 2
    assert "hooks/host/notice.html" in result.all
    assert CANARY.decode() not in result.all
    assert (published.site / "announcements" / "b" / "index.html").exists()
    assert not published.leaks(CANARY.decode())


def test_the_folder_may_be_no_link(tmp_path: Path) -> None:
    """Else the files would come from anywhere."""
    (tmp_path / "hooks").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "hooks" / "host").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(InvalidInput, match="hooks/host: is a symbolic link"):
        host_files.load(tmp_path)


@pytest.mark.slow
def test_a_page_with_the_name_of_a_host_file(published: UnitUnderTest) -> None:
    """It is refused before anybody approves it; where it was public first, the build names both."""
    published.write("CNAME.md", title="Page")
    published.publish("CNAME.md")
    put(published.own_hooks(), "CNAME", b"www.unit.example")
    result = published.build()
    assert result.exit_code == 1
    assert "hooks/host/CNAME: has the same address as CNAME/index.html, which the site has already" in result.all
    published.write("cname.md", title="Page")
    result = published.gongshi("check", "docs/cname.md")
    assert result.exit_code == 1
    assert "docs/cname.md: has the same address as hooks/host/CNAME; rename one of them" in result.all


@pytest.mark.parametrize(
    "path",
    ["CNAME", "MP_verify_a1B2c3D4.txt", "robots.txt", ".well-known/security.txt", "_redirects", ".nojekyll",
     "google0123456789abcdef.html", "0123456789abcdef0123456789abcdef.txt", "favicon.ico"],
)  # fmt: skip
def test_in_docs_the_message_says_where_it_belongs(unit: UnitUnderTest, path: str) -> None:
    """It is an error there, and never published."""
    unit.write(path, "x")
    result = unit.gongshi("check")
    assert result.exit_code == 1
    line = next(line for line in result.output.splitlines() if line.startswith(f"docs/{path.split('/')[0]}"))
    assert "put it into hooks/host/" in line


def test_files_of_others_in_the_site_are_named_before_they_go(published: UnitUnderTest) -> None:
    """A CNAME put there by hand is not lost without a word; a build with --strict goes on all the same."""
    for name in ("CNAME", *(f"x{number}.txt" for number in range(6))):
        (published.site / name).write_text("www.unit.example")
    (published.site / "announcements" / "mine" / "deep").mkdir(parents=True)
    (published.site / "announcements" / "mine" / "deep" / "link").symlink_to("/etc")
    result = published.build("--strict")
    assert result.exit_code == 0
    assert (
        "8 files in site are not from a build and go when it is replaced (CNAME, announcements/mine/deep/link, x0.txt"
        in result.all
    )
    assert "belongs in hooks/host/" in result.all
    assert "are not from a build" not in published.build().all


def test_the_checkout_of_a_branch_stays(published: UnitUnderTest) -> None:
    """A site folder that is a checkout of git gets each new site; its history is neither lost nor called foreign."""
    (published.site / ".git" / "refs").mkdir(parents=True)
    (published.site / ".git" / "HEAD").write_text("ref: refs/heads/pages\n")
    withdrawn = published.gongshi("withdraw", "docs/announcements/b", "--reason", "Mistake", "--as", "chief")
    assert withdrawn.exit_code == 0
    result = published.build("--strict")
    assert result.exit_code == 0 and "not from a build" not in result.all, result.all
    assert (published.site / ".git" / "HEAD").read_text() == "ref: refs/heads/pages\n"
    assert not (published.site / "announcements" / "b" / "a.txt").exists()
    assert published.gongshi("verify", "site").exit_code == 0
    assert not list(published.root.glob(".site-*"))
