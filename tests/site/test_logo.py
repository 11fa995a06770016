"""Logo and colour of a unit: on every page, cleaned, listed and proved; one message for a file that cannot be shown."""

from __future__ import annotations

import json
import re
import struct
import zlib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from gongshi.common.colours import BLACK, WHITE, contrast
from gongshi.release import manifest
from gongshi.site.metadata.colour_rules import colour_rules
from support.build_compare import build_like_cold
from support.photos import gradient, noise, png, saved
from support.unit import HOOKS, UnitUnderTest, settings

pytestmark = pytest.mark.slow

DRAWING = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} 100"><!--CANARY--><circle r="{radius}"/></svg>'


def drawing(width: int = 100, radius: int = 40) -> bytes:
    """A drawing of this width and 100 high, with a comment that nobody should read."""
    return DRAWING.format(width=width, radius=radius).encode()


def show(unit: UnitUnderTest, name: str, content: bytes | None, **keys: Any) -> None:
    """Let the unit have a logo and more keys."""
    section = settings()
    section["unit"].update({"logo": f"hooks/{name}", **keys})
    unit.configure(section)
    if content is not None:
        (unit.root / "hooks" / name).write_bytes(content)


@pytest.fixture
def branded(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit with a page and a folder hooks/ of its own."""
    unit.own_hooks()
    unit.write("announcements/a.md")
    unit.publish("announcements/a.md")
    return unit


def built(unit: UnitUnderTest) -> str:
    """Build and verify; return the page of the entry."""
    result = unit.build("--strict")
    assert result.exit_code == 0, result.all
    assert unit.gongshi("verify", "site").exit_code == 0
    return unit.page("announcements/a")


def test_a_drawing(branded: UnitUnderTest) -> None:
    """Beside the name without words of its own, as icon and in structured data; without comments; in the manifest."""
    show(branded, "logo.svg", drawing())
    page = built(branded)
    assert (
        '<img class="gs-logo" src="../../assets/gongshi/logo.svg" alt="" width="40" height="40"><span>Test Unit' in page
    )
    assert '<link rel="icon" type="image/svg+xml" href="../../assets/gongshi/logo.svg">' in page
    assert '"logo":"https://www.unit.example/assets/gongshi/logo.svg"' in branded.page("")
    assert branded.leaks("CANARY") == []
    listed = manifest.load(branded.site)[0].files
    assert {listed[path].kind for path in ("assets/gongshi/logo.svg", "favicon.ico", "favicon.svg")} == {"generated"}
    assert branded.gongshi("verify", "site", "--source").exit_code == 0


def test_a_wide_logo_is_no_icon(branded: UnitUnderTest) -> None:
    """Its letters could not be read so small: the icon stays the first character of the name."""
    show(branded, "logo.svg", drawing(width=300))
    page = built(branded)
    assert 'width="120" height="40"><span>' in page
    assert '<link rel="icon" type="image/svg+xml" href="../../favicon.svg">' in page


def test_a_picture_is_reduced(branded: UnitUnderTest) -> None:
    """A scan of 1,400 pixels with place and camera becomes small and clean, and the icon for old programs shows it."""
    show(branded, "Logo 1.PNG", png(gradient(1400, 1400)))
    page = built(branded)
    published = (branded.site / "assets/gongshi/logo.png").read_bytes()
    with Image.open(BytesIO(published)) as image:
        assert image.size == (128, 128) and "exif" not in image.info and "xmp" not in image.info
    assert '<link rel="icon" type="image/png" href="../../assets/gongshi/logo.png">' in page
    with Image.open(branded.site / "favicon.ico") as icon, Image.open(BytesIO(published)) as logo:
        middle, wanted = icon.convert("RGB").getpixel((24, 24)), logo.convert("RGB").getpixel((64, 64))
    assert max(abs(a - b) for a, b in zip(middle, wanted, strict=True)) < 12  # type: ignore[arg-type]


def test_no_logo_is_heavy(branded: UnitUnderTest) -> None:
    """Whatever is drawn, the first page that a reader opens loads at most 64 KiB of it."""
    show(branded, "logo.png", saved(noise(500, 120), "PNG"))
    built(branded)
    assert (branded.site / "assets/gongshi/logo.png").stat().st_size <= 64 << 10


FAULTS: dict[str, tuple[str, Callable[[], bytes | None], str]] = {
    "no file": ("logo.svg", lambda: None, "there is no such file"),
    "a script": ("logo.svg", lambda: drawing().replace(b"<circle", b"<script/><circle"), "holds a script"),
    "another picture": ("logo.png", lambda: saved(gradient(), "JPEG"), "is not the picture that its name says"),
    "a picture cut off": ("logo.png", lambda: saved(noise(90, 90), "PNG")[:900], "cannot be read to its end"),
    "too many pixels": ("logo.png", lambda: saved(Image.new("1", (3000, 2000)), "PNG"), "more than 4 million pixels"),
    "too large a file": ("logo.png", lambda: bytes(1 << 21), "is larger than 1024 KiB"),
    "a heavy drawing": ("logo.svg", lambda: drawing().replace(b"<circle", b'<g id="a"/>' * 3000 + b"<circle"), "simplify the drawing to 24 KiB"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_file_that_cannot_be_shown(branded: UnitUnderTest, name: str) -> None:
    """One message with line, key and file stops the build; `gongshi check` says the same; the site stays."""
    show(branded, "logo.svg", drawing())
    built(branded)
    before = branded.page("announcements/a")
    file, content, says = FAULTS[name]
    (branded.root / "hooks" / "logo.svg").unlink()
    show(branded, file, content())
    build, check = branded.build(), branded.gongshi("check")
    line = (branded.root / "mkdocs.yml").read_text().splitlines().index(f"      logo: hooks/{file}") + 1
    for result, code in ((build, 2), (check, 1)):
        assert result.exit_code == code
        (said,) = [each for each in result.all.splitlines() if "unit.logo" in each]
        assert f"mkdocs.yml:{line}: extra.gongshi.unit.logo: hooks/{file}: " in said and says in said
    assert branded.page("announcements/a") == before
    assert branded.gongshi("status").exit_code == 0


def test_each_change_reaches_every_page(branded: UnitUnderTest) -> None:
    """Another logo, form of it, colour, number or kind: a build that uses earlier results gives the site of a cold one."""
    changes: list[tuple[str, bytes | None, dict[str, Any]]] = [
        ("logo.svg", drawing(), {}),
        ("logo.svg", drawing(radius=30), {}),
        ("logo.svg", drawing(width=200), {}),
        ("logo.png", saved(gradient(90, 90), "PNG"), {}),
        ("logo.png", saved(gradient(90, 90).rotate(90), "PNG"), {}),
        ("logo.png", None, {"colour": "#c8102e"}),
        ("logo.png", None, {"colour": "#0a5c36", "icp": "某ICP备1号"}),
        ("logo.png", None, {"icp": {"text": "某ICP备1号", "link": "https://register.example/"}, "kind": "Library"}),
    ]
    seen = []
    for name, content, keys in changes:
        show(branded, name, content, **keys)
        build_like_cold(branded)
        files = [branded.site / "favicon.ico", branded.site / "assets/gongshi/site.css", branded.site / "index.html"]
        files += [*(branded.site / "assets/gongshi").glob("logo.*"), branded.site / "announcements/a/index.html"]
        seen.append(tuple(file.read_bytes() for file in files))
    assert len(set(seen)) == len(changes)
    assert "https://register.example/" in branded.page("announcements/a")


def test_numbers_are_links_and_nothing_else(branded: UnitUnderTest) -> None:
    """In the footer of every page; their registers are only led to, with the question before one leaves."""
    show(branded, "logo.svg", drawing(), icp="某ICP备00000000号", site_mark="Mark & <b>", id_code="0000000001")
    for page in (built(branded), (branded.site / "404.html").read_text()):
        (footer,) = re.findall(r'<ul class="gs-marks">.*?</ul>', page, re.DOTALL)
        assert (
            '<a class="gs-away" rel="noopener noreferrer external" href="https://beian.miit.gov.cn/">某ICP备00000000号<'
            in footer
        )
        assert "<li>Mark &amp; &lt;b&gt;</li>" in footer and "<li>Site code 0000000001</li>" in footer
        assert re.findall(r'(?:src|link [^>]*href)="https?:', page.replace('rel="canonical" href', "")) == []


def test_the_host_may_have_an_icon_of_its_own(branded: UnitUnderTest) -> None:
    """It takes the place of the generated one, and goes when it is removed."""
    built(branded)
    generated = (branded.site / "favicon.ico").read_bytes()
    own = branded.root / "hooks" / "host" / "favicon.ico"
    own.parent.mkdir()
    own.write_bytes(b"\x00\x00\x01\x00own")
    built(branded)
    assert (branded.site / "favicon.ico").read_bytes() == b"\x00\x00\x01\x00own"
    assert manifest.load(branded.site)[0].files["favicon.ico"].kind == "host"
    own.unlink()
    built(branded)
    assert (branded.site / "favicon.ico").read_bytes() == generated


def test_a_folder_that_leads_into_the_content(branded: UnitUnderTest) -> None:
    """A draft's drawing was approved by nobody."""
    branded.write("announcements/draft/plan.svg", drawing())
    (branded.root / "hooks" / "art").symlink_to("../docs/announcements/draft")
    show(branded, "art/plan.svg", None)
    result = branded.build()
    assert result.exit_code == 2
    assert "hooks/art/plan.svg: is a symbolic link" in result.all


def test_metadata_that_unpack_to_much(branded: UnitUnderTest) -> None:
    """One message, not a fault of the program."""
    picture = png(gradient(64, 64))
    packed = b"zTXta\0\0" + zlib.compress(bytes(100_000_000))
    chunk = struct.pack(">I", len(packed) - 4) + packed + struct.pack(">I", zlib.crc32(packed))
    show(branded, "logo.png", picture[:33] + chunk + picture[33:])
    result = branded.build()
    assert result.exit_code == 2
    assert "hooks/logo.png: cannot be read to its end" in result.all


STYLES = (HOOKS / "gongshi/theme/assets/gongshi/site.css").read_text(encoding="utf-8")
GROUNDS = re.findall(r"--gs-(?:ground|soft): (#[0-9a-f]+)", STYLES)


@pytest.mark.parametrize("colour", ["#1d4f92", "#c8102e", "#767676", "#000000", "#0000ff", "#817800", "#7a0bc0"])
def test_a_colour_can_be_read_everywhere(colour: str) -> None:
    """White on it and links in it: 4.5:1 on every ground of the theme, 7:1 in the version for the elderly."""
    light, dark, _same, elder, elder_dark = re.findall(r"--gs-brand: (#\w+); --gs-link: (#\w+);", colour_rules(colour))
    assert light[0] == colour
    assert all(contrast(brand, WHITE) >= 4.5 for brand, _link in (light, dark))
    grounds = {
        name: _long(ground) for name, ground in zip(("light", "soft", "dark", "dark soft"), GROUNDS, strict=False)
    }
    assert min(contrast(light[1], grounds["light"]), contrast(light[1], grounds["soft"])) >= 4.5
    assert min(contrast(dark[1], grounds["dark"]), contrast(dark[1], grounds["dark soft"])) >= 4.5
    assert min(contrast(elder[0], WHITE), contrast(elder[1], WHITE)) >= 7
    assert min(contrast(elder_dark[0], WHITE), contrast(elder_dark[1], BLACK)) >= 7


def _long(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(digit * 2 for digit in colour[1:])


def test_the_theme_has_its_own_colours_without_one(branded: UnitUnderTest) -> None:
    """Its styles stay as they are, and every page names the colour to phones."""
    page = built(branded)
    styles = (branded.site / "assets/gongshi/site.css").read_text(encoding="utf-8")
    assert styles.count("{") == STYLES.count("{") and "--gs-brand:#1d4f91" in styles
    assert '<meta name="theme-color" content="#1d4f91">' in page
    show(branded, "logo.svg", drawing(), colour="#C8102E")
    page = built(branded)
    coloured = (branded.site / "assets/gongshi/site.css").read_text(encoding="utf-8")
    assert coloured.startswith(styles) and coloured.count("{") == (STYLES + colour_rules("#c8102e")).count("{")
    assert '<meta name="theme-color" content="#c8102e">' in page and "style=" not in page
    assert b'fill="#c8102e"' in (branded.site / "favicon.svg").read_bytes()


def test_two_units_in_two_folders_of_a_host(branded: UnitUnderTest) -> None:
    """What must be unique names the folder: feeds, their entries, activities and structured data."""
    branded.write("activities/e.md", event={"start": "2026-11-30"})
    branded.publish("activities/e.md")
    found: dict[str, set[str]] = {}
    for folder in ("a", "b"):
        branded.configure(settings(), site_url=f"https://www.unit.example/{folder}/")
        assert branded.build().exit_code == 0
        found[folder] = _identifiers(branded.site)
    assert found["a"] and found["a"].isdisjoint(found["b"])


def _identifiers(site: Path) -> set[str]:
    """Every id that a program remembers."""
    ids: set[str] = set()
    for file in site.rglob("*.xml"):
        ids.update(re.findall(r"<id>(.*?)</id>", file.read_text()))
    for file in site.rglob("*.ics"):
        ids.update(re.findall(r"^UID:(.*)$", file.read_text().replace("\r", ""), re.MULTILINE))
    for file in site.rglob("*.html"):
        for script in re.findall(r'<script type="application/ld\+json">(.*?)</script>', file.read_text(), re.DOTALL):
            ids.update(_named(json.loads(script)))
    return ids


def _named(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [*([value["@id"]] if "@id" in value else []), *(id for each in value.values() for id in _named(each))]
    return []
