"""`mkdocs serve`: everything is shown, and what is not public says so."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from gongshi.site.media import process
from support import photos, recordings
from support.builds import snapshot
from support.http_server import fetch
from support.unit import ENDLESS, HOOKS, UnitUnderTest, settings


@pytest.fixture
def preview(published: UnitUnderTest) -> Iterator[tuple[UnitUnderTest, str]]:
    """`mkdocs serve` on a unit with a published bundle and a draft."""
    published.write("announcements/draft.md", title="Draft title", body="See [the bundle](b/index.md).")
    published.write("announcements/broken.md", "---\ntitel: x\n---\n")
    host = published.own_hooks() / "host"
    host.mkdir()
    (host / "MP_verify_a1.txt").write_text("a1")
    with serving(published) as url:
        yield published, url


@contextmanager
def serving(unit: UnitUnderTest) -> Iterator[str]:
    """`mkdocs serve` on a unit: its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"PATH": os.environ["PATH"], "LANG": "en", "PYTHONPATH": str(HOOKS), "SOURCE_DATE_EPOCH": "1795226400"}
    env.update(unit.environment)
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    url = f"http://127.0.0.1:{port}/"
    with (unit.root / "preview.log").open("wb") as log:
        server = subprocess.Popen(command, cwd=unit.root, env=env, stdout=log, stderr=log)
        try:
            wait_for(lambda: "Test Unit" in fetch(url))
            yield url
        finally:
            server.terminate()
            server.wait(10)


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a condition holds; errors of a server that is not up yet count as not."""
    end = time.monotonic() + seconds
    while True:
        try:
            if condition():
                return
        except (OSError, urllib.error.URLError):
            pass
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


@pytest.mark.slow
def test_the_preview_shows_everything(preview: tuple[UnitUnderTest, str]) -> None:
    """`mkdocs serve` shows drafts with a banner that says why, follows edits, and never writes to the site."""
    unit, url = preview
    before = snapshot(unit.site)
    page = fetch(url + "announcements/draft/")
    assert "Not public – draft: not submitted yet" in page
    assert 'href="../b/"' in page
    assert "docs/announcements/broken.md:2: titel: unknown key; did you mean `title`?" in fetch(
        url + "announcements/broken/"
    )
    assert "Not public" not in fetch(url + "announcements/b/")
    assert "Draft title" in fetch(url + "announcements/")
    assert fetch(url + "MP_verify_a1.txt") == "a1"
    unit.write("announcements/b/index.md", title="Edited title")
    wait_for(lambda: "Not public – edited after approval" in fetch(url + "announcements/b/"))
    assert "Edited title" in fetch(url + "announcements/b/")
    assert snapshot(unit.site) == before


@pytest.mark.slow
def test_the_preview_converts_texts_as_the_site_does(preview: tuple[UnitUnderTest, str]) -> None:
    """Masked numbers and names stay, lines stay apart, and numbers of lists are as typed."""
    unit, url = preview
    unit.write("announcements/b/index.md", title="Masked", body="王*明 138****1234\n第二行\n\n5. 第五条")
    wait_for(lambda: "第五条" in fetch(url + "announcements/b/"))
    page = fetch(url + "announcements/b/")
    assert re.search(r"<p>王\*明 138\*\*\*\*1234<br ?/?>\s*第二行</p>", page)
    assert '<ol start="5">' in page


@pytest.mark.slow
def test_texts_look_as_they_will_in_the_site(unit: UnitUnderTest) -> None:
    """With signature, figures and indent; another option of mkdocs.yml counts at the next look."""
    theme = {"name": "gongshi", "language": "zh"}
    unit.configure({**settings(), "text": {"indent": "two"}}, theme=theme)
    unit.write("announcements/a.md", body="甲\n\n| 水费 | 3.50 |\n| 电费 | 0.60 |\n\n青禾镇\n{.signoff}")
    with serving(unit) as url:
        page = fetch(url + "announcements/a/")
        for shown in ('<div class="gs-text gs-indented">', 'class="gs-num">0.60<', '<p class="signoff">青禾镇</p>'):
            assert shown in page
        unit.configure(settings(), theme=theme)
        wait_for(lambda: '<div class="gs-text">' in fetch(url + "announcements/a/"))


@pytest.mark.slow
def test_everything_is_made_when_it_is_asked_for(preview: tuple[UnitUnderTest, str]) -> None:
    """Attachments, pictures with their copies, feeds, lists and addresses without the last slash; nothing else."""
    unit, url = preview
    photo = photos.jpeg(photos.noise(1500, 700))
    unit.write("announcements/p/index.md", title="Pictured", body="![A photo](photo.jpg)")
    unit.write("announcements/p/photo.jpg", photo)
    unit.write("announcements/p/film.mp4", recordings.film())
    copies = 'srcset="photo.jpg.480.webp 480w, photo.jpg.960.webp 960w'
    wait_for(lambda: copies in fetch(url + "announcements/p"))
    for name, begin in (("photo.jpg", b"\xff\xd8\xff"), ("photo.jpg.480.webp", b"RIFF")):
        with urllib.request.urlopen(f"{url}announcements/p/{name}") as answer:
            content = answer.read()
        assert content.startswith(begin) and content != photo
    with urllib.request.urlopen(f"{url}announcements/p/film.mp4") as answer:
        assert answer.read() == process.clean_media("film.mp4", recordings.film())
    assert fetch(url + "announcements/b/a.txt") == "approved bytes"
    assert "Bundle" in fetch(url + "announcements/feed.xml")
    assert "Not public" in fetch(url + "announcements/2026/")
    for path in (
        "announcements/none/",
        "announcements/p/%2e%2e/%2e%2e/mkdocs.yml",
        "%2e%2e/mkdocs.yml",
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(url + path)
    (unit.docs / "announcements" / "p" / "photo.jpg").unlink()
    wait_for(lambda: "photo.jpg" not in fetch(url + "announcements/p/"))


@pytest.mark.slow
def test_a_mistake_and_its_mending(preview: tuple[UnitUnderTest, str]) -> None:
    """What is saved with a mistake says so on its page, and is as before when it is mended."""
    unit, url = preview
    unit.write("announcements/draft.md", "---\ntitle: [\n---\n")
    wait_for(lambda: "docs/announcements/draft.md:" in fetch(url + "announcements/draft/"))
    unit.write("announcements/draft.md", title="Mended title")
    wait_for(lambda: "Mended title" in fetch(url + "announcements/draft/"))


@pytest.mark.slow
def test_addresses_that_no_file_can_have(preview: tuple[UnitUnderTest, str]) -> None:
    """They are not found, and the preview goes on without a traceback."""
    unit, url = preview
    livereload = f"livereload/{'9' * 5000}/1"
    for path in ("%00", "announcements/b/%00.html", "x" * 5000, livereload, "%2e%2e/%2e%2e/mkdocs.yml"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(url + path, timeout=10)
        assert "Bundle" in fetch(url + "announcements/b/")
    assert "Traceback" not in (unit.root / "preview.log").read_text()


@pytest.mark.slow
def test_a_text_without_end_holds_up_no_preview(published: UnitUnderTest) -> None:
    """Its page says that it cannot be shown when the time for a text is over, and all others are there."""
    published.configure(settings() | {"limits": {"text_seconds": 1}})
    published.write("announcements/endless.md", title="Endless", body="ENDLESS")
    hook = published.own_hooks() / "gate.py"
    hook.write_text(hook.read_text() + ENDLESS)
    with serving(published) as url:
        assert "This page cannot be shown at the moment." in fetch(url + "announcements/endless/")
        assert "Endless" in fetch(url + "announcements/")


@pytest.mark.slow
def test_another_host_name_gets_nothing(preview: tuple[UnitUnderTest, str]) -> None:
    """A page of another site cannot read drafts by a name that it lets lead here."""
    _unit, url = preview
    for host, allowed in (
        ("evil.example", False),
        ("evil.example:8000", False),
        ("localhost", True),
        ("[::1]:80", True),
    ):
        request = urllib.request.Request(url + "announcements/draft/", headers={"Host": host})
        if allowed:
            with urllib.request.urlopen(request, timeout=10) as answer:
                assert "Draft title" in answer.read().decode()
        else:
            with pytest.raises(urllib.error.HTTPError, match="403") as refused:
                urllib.request.urlopen(request, timeout=10)
            assert "Draft title" not in refused.value.read().decode()
