"""Addresses are read as browsers read them: compared with Chromium over generated forms, and case by case without it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote

import idna
import pytest
from playwright.sync_api import Browser

from gongshi.site.html.urls import Site, UrlKind, host, site

READ = """([bases, forms]) => {
    document.body.innerHTML = '<a></a>';
    const base = document.head.appendChild(document.createElement('base'));
    const link = document.querySelector('a');
    return forms.map(([number, form]) => {
        base.href = bases[number];
        link.setAttribute('href', form);
        try { new URL(form, bases[number]) } catch { return null }
        return [link.protocol, link.hostname, link.port, link.pathname];
    });
}"""
"""Chromium's answer for each form on a page: scheme, host, port and path of `a.href`, or null for what it refuses."""
PAGE = "announcements/2026/linking/"
PLAIN = str.maketrans("％﹪［﹇", "%%[[")
FORMS = 700
"""How many forms are tried for each site."""


@dataclass(frozen=True)
class Case:
    """A site whose addresses are written in many ways."""

    url: str
    hosts: tuple[str, ...]
    """Forms of the own host to begin with."""


CASES = (
    Case("https://www.unit.example/", ("www.unit.example", "unit.example", "WWW.Unit.Example")),
    Case("http://www.unit.example/info/site/", ("www.unit.example", "unit.example")),
    Case("https://www.青禾.cn/", ("www.青禾.cn", "青禾.cn", "www.xn--2lzs91d.cn", "XN--2LZS91D.CN", "www.青禾。cn")),
    Case(
        "https://straße.unit.example:8443/",
        ("straße.unit.example", "xn--strae-oqa.unit.example", "strasse.unit.example"),
    ),
    Case(
        "http://10.20.0.7/",
        ("10.20.0.7", "0xa.20.0.7", "012.0x14.7", "10.1310727", "169082887", "0x0a140007", "10.20.7"),
    ),
    Case(
        "http://[fd00::7]/", ("[fd00::7]", "[FD00:0:0:0:0:0:0:7]", "[fd00::0.0.0.7]", "[fd00::7%25eth0]", "[fd00:::7]")
    ),
)
SCHEMES = (
    "https://", "http://", "HTTPS://", "hTTp://", "//", "\\\\", "/\\", "\\/", "https:\\\\", "https:/\\", "https:////", "///",
    "https:/", "https:", "http:", "http:/", "http:\\", " https://", "\x00\x1f https://", "ht\ntps://", "\thttp:\r//",
    "/\t/", "https:/\n/", "ftp://", "ws://", "javascript://", "https ://", "https%3A//", "\u00a0https://", "\ufeffhttps://", "://",
)  # fmt: skip
USERS = (
    "",
    "",
    "",
    "",
    "a@",
    "a:b@",
    "www.unit.example@",
    "www.unit.example:80@",
    "x@y@",
    "@",
    ":@",
    "%40@",
    "a\\@",
    "a/@",
    "a?@",
    "a#@",
)
PORTS = (
    "",
    "",
    "",
    "",
    ":",
    ":80",
    ":443",
    ":0443",
    ":00000080",
    ":8443",
    ":65535",
    ":65536",
    ":99999999999",
    ":4 43",
    ":4\t43",
    ":x",
    ":-1",
    ":４４３",
)
PATHS = (
    "", "/", "/announcements/secret/", "/announcements/2026/../secret", "/announcements/%2e%2e/secret/", "/%2E%2e/.%2e/a/", "/a/./b/.",
    "/a/%2e", "/a/..", "\\announcements\\secret\\", "/announcements\\..\\x", "/..//a///b/", "/%61nnouncements/%E7%A7%98/", "/a%2fb/", "/a%5cb/",
    "/a%252fb", "?x=/../y", "#/../y", "/a?x#y", "/a#x?y", "/a;b=c/", "/a b/", "/a\tb/", "/秘密/", "/info/site/secret/", "/info/../info/site/x",
    "/INFO/site/x", "/info/site", "/%69nfo/site/a", "/index.html", "/a/index.html", "/%zz/", "/%ff/", "/a/%2e%2e%2fb/",
)  # fmt: skip
RELATIVE = (
    "", ".", "..", "../", "../../x", "../../../../../x", "x", "x/y", "./x:y", "x:y", "%2e%2e/x", ".%2E/..\\x", "x\\..\\y", "?q", "#f", "?../x",
    "/x", "\\x", "/..", "/./x", "https:x", "https:../x", "https:/x", "https:?x", "https:#x", "http:x", "http:../x", "http:", "https:", "\tx", " x ",
    "x%2f..%2fy", "..%2f..%2fx", "..%5cx", "x//..//y", "..../x", "...", "%2e", "%2e%2e", ".%2e", "秘密", "%E7%A7%98", "a|b", "a b", "1:2", "a+b-c.1:x",
)  # fmt: skip


def _mapped() -> dict[str, list[str]]:
    """Characters that UTS #46 maps to one letter, digit or dot, by that; those that it leaves out, by nothing."""
    found: dict[str, list[str]] = {}
    for number in (*range(0x80, 0xD800), *range(0xF900, 0x10000), *range(0x1CC00, 0x1FC00), *range(0xE0100, 0xE0110)):
        with suppress(idna.IDNAError):
            becomes = idna.uts46_remap(chr(number), std3_rules=False)
            if len(becomes) < 2 and becomes != chr(number) and (becomes.isascii() or becomes in "青禾ß"):
                found.setdefault(becomes, []).append(chr(number))
    return found


MAPPED = _mapped()


def _disguised(name: str, choice: random.Random) -> str:
    """A host written in another way; often the same one for browsers, sometimes another, sometimes none."""
    way, place = choice.randrange(13), choice.randrange(len(name))
    before, letter, after = name[:place], name[place], name[place + 1 :]
    match way:
        case 0:
            return before + choice.choice(MAPPED[""]) + letter + after
        case 1 | 2:
            return before + choice.choice(MAPPED.get(letter.lower(), [letter.upper()])) + after
        case 3:
            return before + "".join(f"%{byte:02x}" for byte in letter.encode()) + after
        case 4:
            return name + choice.choice([".", "..", "。", "．", "%2e", "%2E.", ".com", "\u00ad", "%00", "%20", "%"])
        case 5:
            return name.replace(".", choice.choice(["。", "．", "｡", "%2e", "..", "․", "%E3%80%82"]), 1)
        case 6:
            return quote("".join(choice.choice(MAPPED.get(each, [each])) for each in name))
        case 7:
            return (
                before
                + choice.choice(
                    ["а", "ѡ", "ո", "օ", "\u0301", "\u200c", "\u200d", "\u2044", "\u00b7", "\ud7ff", "\ufffd"]
                )
                + after
            )
        case 8:
            return choice.choice(
                [f"www.{name}", f"www.www.{name}", f"x{name}", f"sub.{name}", f"{name}.evil.example", f"xn--{name}"]
            )
        case 9:
            return (
                before
                + choice.choice(
                    ["\t", "\n", "\r", " ", "/", "\\", "@", ":", "[", "]", "#", "?", "|", "^", "<", "*", "_", "~"]
                )
                + letter
                + after
            )
        case 10:
            return choice.choice(
                [
                    "xn--www-.unit.example",
                    "xn--.unit.example",
                    "xn--a.unit.example",
                    "www.xn--unit-.example",
                    "xn--2lzs91D.cn",
                    "xn--2lzs91d-.cn",
                ]
            )
        case 11:
            return name.upper()
    return name


def _forms(number: int) -> Iterator[str]:
    choice = random.Random(number)
    case = CASES[number]
    for _form in range(FORMS):
        name = choice.choice(case.hosts)
        for _time in range(choice.choice([0, 1, 1, 2])):
            name = _disguised(name, choice)
        yield (
            choice.choice(SCHEMES[:6] if choice.random() < 0.5 else SCHEMES)
            + choice.choice(USERS)
            + name
            + choice.choice(PORTS)
            + choice.choice(PATHS)
        )
    yield from RELATIVE
    yield from (f"{scheme}{case.hosts[0]}{path}" for scheme in SCHEMES for path in PATHS)


def _letters() -> Iterator[str]:
    """One letter of the own host in every form that UTS #46 knows, and every character that it overlooks."""
    for letter in "unite.xampl":
        yield from (f"https://www.{'unit.example'.replace(letter, each, 1)}/secret/" for each in MAPPED[letter])
    yield from (f"https://www.un{each}it.example/secret/" for each in MAPPED[""])


def _wrong(known: Site, form: str, answer: list[str] | None, served: Any) -> bool:
    """Whether our answer differs from Chromium's; what either of the two refuses leads nowhere and may be anything."""
    found = known.read(form, PAGE)
    if answer is None or (found.place is UrlKind.BROKEN and _is_refused(form)):
        return False
    scheme, name, port, path = answer
    if scheme not in ("http:", "https:"):
        return found.place not in (UrlKind.FORBIDDEN, UrlKind.BROKEN)
    number = int(port) if port else {"http:": 80, "https:": 443}[scheme]
    is_own = name.rstrip(".") in known.hosts
    if not is_own or number not in known.ports:
        # A host with a space in it, which Chromium escapes, is none for us.
        return found.place is not UrlKind.AWAY and "%20" not in name
    folder = "".join(f"{each}/" for each in known.folder)
    plain = served(path)
    if (plain + "/").casefold().startswith(folder.casefold()):
        return (found.place, found.path or "") != (UrlKind.OWN, _page(plain[len(folder) :], form, known))
    return (found.place, found.path) != (UrlKind.BESIDE, plain)


def _is_refused(form: str) -> bool:
    """Whether the URL Standard may refuse a form that Chromium reads.

    IPv6 addresses in other characters, percent signs made of others, labels that are no Punycode.
    """
    return any(mark in unquote(form).translate(PLAIN).lower() for mark in ("[", "%", "xn--"))


def _page(path: str, form: str, known: Site) -> str:
    """The path, or nothing for an address that means the page itself."""
    found = known.read(form, PAGE)
    return "" if found.path is None and path == PAGE.rstrip("/") else path


@pytest.mark.browser
def test_hosts_and_paths_as_chromium_reads_them(browser: Browser) -> None:
    """Whether an address is on the unit's own host, and at which path, is decided as Chromium does."""
    page = browser.new_page()
    bases = [case.url + PAGE for case in CASES]
    forms = [(number, form) for number in range(len(CASES)) for form in _forms(number)] + [
        (0, form) for form in _letters()
    ]
    forms = list(dict.fromkeys(forms))
    answers: list[list[str] | None] = page.evaluate(READ, [bases, forms])
    page.close()
    known = [site(case.url, None) for case in CASES]
    plain = site("https://x.example/", None)

    def served(path: str) -> str:
        return plain.read(f"https://x.example{path}").path or ""

    wrong = [(form, answer, known[number].read(form, PAGE)) for (number, form), answer in zip(forms, answers, strict=True)
             if _wrong(known[number], form, answer, served)]  # fmt: skip
    owned = sum(
        answer is not None and answer[1].rstrip(".") in known[number].hosts
        for (number, _form), answer in zip(forms, answers, strict=True)
    )
    assert len(forms) > 9000 and owned > 4000
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("www.unit.example", "www.unit.example"),
        ("WWW.Unit.EXAMPLE.", "www.unit.example."),
        ("ｗｗｗ。unit．example", "www.unit.example"),
        ("www%2eun%C2%ADit.ex\u200bample", "www.unit.example"),
        ("\U0001d430\U0001d430\U0001d430.unit.example", "www.unit.example"),
        ("青禾.中国", "xn--2lzs91d.xn--fiqs8s"),
        ("XN--2LZS91D.xn--fiqs8s", "xn--2lzs91d.xn--fiqs8s"),
        ("straße.example", "xn--strae-oqa.example"),
        ("10.1310727", "10.20.0.7"),
        ("0xa.024.0.7.", "10.20.0.7"),
        ("[FD00:0:0::0007]", "[fd00::7]"),
        ("xn--www-.unit.example", None),
        ("xn--a.unit.example", None),
        ("un it.example", None),
        ("unit%2fexample", None),
        ("10.20.0.256", None),
        ("1.2.3.4.5", None),
        ("0x", "0.0.0.0"),
        ("[::1%25lo]", None),
        ("\u00ad", None),
        ("", None),
    ],
)
def test_one_form_for_each_host(text: str, canonical: str | None) -> None:
    """Names and IP addresses have one form; what browsers refuse has none."""
    assert host(text) == canonical


@pytest.mark.slow
@pytest.mark.parametrize(
    ("site_url", "domain", "url", "place", "path"),
    [
        ("https://www.unit.example/", None, "https://unit.example/a/", UrlKind.OWN, "a"),
        (None, "www.unit.example", "http://unit.example/a/", UrlKind.OWN, "a"),
        (None, "https://www.unit.example:8443/", "http://unit.example:8443/a/", UrlKind.OWN, "a"),
        (None, None, "https://unit.example/a/", UrlKind.AWAY, None),
        ("https://forge.example/unit/", "www.unit.example", "https://www.unit.example/a/", UrlKind.OWN, "a"),
        ("https://forge.example/unit/", "www.unit.example", "https://www.unit.example/unit/a/", UrlKind.OWN, "a"),
        ("https://forge.example/unit/", "www.unit.example", "https://forge.example/a/", UrlKind.BESIDE, "a"),
        ("https://www.unit.example/", None, "https://www.unit.example/old/", UrlKind.BESIDE, "old"),
        ("https://www.unit.example/", None, "https://www.unit.example/A/x/", UrlKind.OWN, "A/x"),
        ("https://www.unit.example/", None, "https://www.unit.example/", UrlKind.OWN, ""),
        ("https://www.unit.example/", None, "https://www.unit.example:8443/a/", UrlKind.AWAY, "a"),
        ("https://www.unit.example/", None, "https://sub.unit.example/a/", UrlKind.AWAY, None),
        ("https://www.unit.example/", None, "old/x", UrlKind.OWN, "page/old/x"),
        ("https://www.unit.example/", None, "#a", UrlKind.OWN, None),
        ("https://www.unit.example/", None, "tel:+861", UrlKind.PERSONAL, None),
        ("https://www.unit.example/", None, "javascript:alert(1)", UrlKind.FORBIDDEN, None),
        ("https://www.unit.example/", None, "ftp://www.unit.example/a/", UrlKind.BROKEN, None),
        ("https://www.unit.example/", None, "https://www.unit.example:x/a/", UrlKind.BROKEN, None),
    ],
)
def test_what_is_this_site(
    site_url: str | None, domain: str | None, url: str, place: UrlKind, path: str | None
) -> None:
    """Hosts with and without www., the usual ports, the folder of site_url, and first segments that the site has."""
    assert site(site_url, domain, frozenset(("a", "b"))).read(url, "page/") == (place, path)
