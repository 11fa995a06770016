"""`mkdocs serve`: everything is shown, and what is not public says so."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
from collections.abc import Callable, Iterator

import pytest

from support.build import snapshot
from support.unit import HOOKS, UnitUnderTest
from support.web import fetch


@pytest.fixture
def preview(published: UnitUnderTest) -> Iterator[tuple[UnitUnderTest, str]]:
    """`mkdocs serve` on a unit with a published bundle and a draft."""
    published.write("announcements/draft.md", title="Draft title", body="See [the bundle](b/index.md).")
    published.write("announcements/broken.md", "---\ntitel: x\n---\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    env = {"PATH": os.environ["PATH"], "LANG": "en", "PYTHONPATH": str(HOOKS), "SOURCE_DATE_EPOCH": "1795226400"}
    command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        command, cwd=published.root, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}/"
    try:
        wait_for(lambda: "Test Unit" in fetch(url))
        yield published, url
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
    unit.write("announcements/b/index.md", title="Edited title")
    wait_for(lambda: "Not public – edited after approval" in fetch(url + "announcements/b/"))
    assert "Edited title" in fetch(url + "announcements/b/")
    assert snapshot(unit.site) == before
