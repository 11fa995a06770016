"""The examples of the handbook's page on the text as a page of the sample unit, with the theme: to be looked at.

`python tests/support/text_sheet.py FOLDER` builds the page and takes pictures of it, at the widths of a telephone and a
desk, of the office text in `tests/cases/text/office.md`, too.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from html import escape
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from support.http_server import serving
from support.photos import saved
from support.sample_unit import NOW, copy_sample, sample_file
from support.shown_text import PAGES, convert, examples
from support.unit import UnitUnderTest

PLACE = "announcements/2026"
PICTURE = "activities/2026/20261019-1/clinic.jpg"
OFFICE = Path(__file__).parents[1] / "cases" / "text" / "office.md"
SHOTS = (("", 390), ("", 1280), ("elder", 390), ("dark", 1280))


def sheet() -> str:
    """Return the Markdown of a page that has each example as typed and, beside it, as shown."""
    page = PAGES[1].read_text(encoding="utf-8")
    rows = [
        f"<tr><td><code>{_typed(example.typed)}</code></td><td>{_shown(number, example.typed)}</td></tr>"
        for number, example in enumerate(examples(page))
    ]
    heads = "<thead><tr><th>这样写</th><th>显示为</th></tr></thead>"
    return f"<table>\n{heads}\n<tbody>\n" + "\n".join(rows) + "\n</tbody>\n</table>"


def _typed(typed: str) -> str:
    """Return the typed text as HTML that keeps lines and blanks, and is broken on a telephone."""
    return re.sub("(?<= ) | (?= )|^ ", "&nbsp;", escape(typed), flags=re.MULTILINE).replace("\n", "<br>")


def _shown(number: int, typed: str) -> str:
    """Return the HTML of an example with ids of its own, so that notes of two examples do not meet."""
    html = convert(typed).replace('id="', f'id="e{number}-').replace('href="#', f'href="#e{number}-')
    return html.replace('class="gs-away" rel="noopener noreferrer external"', "")


def build_sheet(folder: Path) -> UnitUnderTest:
    """Build the sample unit with the sheet and the office text.

    Args:
        folder: of the unit.
    """
    unit = copy_sample(folder)
    for name, title, body in (
        ("text", "正文写法一览", sheet()),
        ("office", "关于办事大厅搬迁的通知", OFFICE.read_text(encoding="utf-8")),
    ):
        entry = f"{PLACE}/{name}/index.md"
        unit.write(entry, title=title, date="2026-11-20", body=body)
        for picture, kind in (("a.jpg", "JPEG"), ("a.png", "PNG")):
            if picture in body:
                unit.write(f"{PLACE}/{name}/{picture}", saved(_picture(name), kind))
        unit.publish(entry)
    result = unit.build(now=NOW)
    assert result.exit_code == 0, result.all
    return unit


def _picture(name: str) -> Image.Image:
    """Return a picture; a small one for the sheet, so that the column with it leaves room for the other."""
    picture = Image.open(BytesIO(sample_file(PICTURE)))
    if name == "text":
        picture.thumbnail((240, 240))
    return picture


def photograph(unit: UnitUnderTest, folder: Path) -> None:
    """Take pictures of the pages.

    Args:
        unit: as `build_sheet` returns it.
        folder: for the pictures.
    """
    with sync_playwright() as playwright, serving(unit.site) as base:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name in ("text", "office"):
            for mode, width in SHOTS:
                page = browser.new_page(viewport={"width": width, "height": 900})
                if mode:
                    page.add_init_script(f"localStorage.setItem('gongshi.{mode}', 'true')")
                page.goto(f"{base}{PLACE}/{name}/")
                for picture in page.locator(".gs-text img").all():
                    picture.scroll_into_view_if_needed()
                page.evaluate("document.querySelectorAll('.gs-table').forEach(each => { each.scrollLeft = 0; })")
                label = "-".join(filter(None, ("text", "" if name == "text" else name, mode, str(width))))
                page.screenshot(path=folder / f"{label}.png", full_page=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        photograph(build_sheet(Path(made) / "unit"), Path(sys.argv[1]))
