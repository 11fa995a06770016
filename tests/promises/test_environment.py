"""Builds and commands where the system refuses something: one message with the mend, nothing lost, no traceback."""

from __future__ import annotations

import socket
import subprocess
import sys
from datetime import datetime

import pytest

from support.builds import snapshot
from support.unit import COMMON, NOW, UnitUnderTest, settings

NOT_UTF8 = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}


def shell(unit: UnitUnderTest, command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a shell command in the unit; `$PYTHON` is this Python."""
    epoch = str(int(datetime.fromisoformat(NOW).timestamp()))
    env = {**COMMON, "HOME": str(unit.root), "SOURCE_DATE_EPOCH": epoch, "PYTHON": sys.executable, **environment}
    return subprocess.run(
        ["/bin/sh", "-c", command], cwd=unit.root, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
@pytest.mark.parametrize(
    "command", [("mkdocs", "build"), ("gongshi", "status"), ("gongshi", "new", "announcements", "t")]
)
def test_other_file_names_than_utf8_are_refused(published: UnitUnderTest, command: tuple[str, ...]) -> None:
    """With LC_ALL=zh_CN.GBK, Chinese names would go down or out under other bytes: nothing is begun."""
    before = snapshot(published.site)
    result = published.run(*command, **NOT_UTF8)
    assert result.exit_code == 2 and "set LC_ALL=C.UTF-8" in result.all and "Traceback" not in result.all
    assert snapshot(published.site) == before


@pytest.mark.slow
def test_a_full_quota(published: UnitUnderTest) -> None:
    """Where no file may be as large as the theme's, the build says so and leaves the site."""
    before = snapshot(published.site)
    published.write("announcements/c.md", title="More")
    published.publish("announcements/c.md")
    for blocks in ("0", "4", "16", "64"):
        done = shell(published, f'ulimit -f {blocks}; exec "$PYTHON" -m mkdocs build')
        if done.returncode:
            assert done.returncode == 1 and "the system refused" in done.stdout + done.stderr
        assert "Traceback" not in done.stdout + done.stderr
        assert done.returncode == 0 or snapshot(published.site) == before


def test_too_little_memory(published: UnitUnderTest) -> None:
    """Where memory ends in the middle of a build, one message says so and the site stays."""
    before = snapshot(published.site)
    done = shell(published, 'exec "$PYTHON" -c "$CODE" build', CODE=_NO_MEMORY)
    said = done.stdout + done.stderr
    assert done.returncode == 1 and "not enough memory" in said and "Traceback" not in said
    assert snapshot(published.site) == before


_NO_MEMORY = """
from gongshi.build.site_build import SiteBuild
def fail(*arguments):
    raise MemoryError
SiteBuild.take_over_pages = fail
from mkdocs.__main__ import cli
cli(prog_name="mkdocs")
"""


@pytest.mark.slow
def test_a_busy_port(published: UnitUnderTest) -> None:
    """A second preview names the port and how to choose another."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = shell(published, f'exec "$PYTHON" -m mkdocs serve -a 127.0.0.1:{port}')
    said = done.stdout + done.stderr
    assert done.returncode == 1 and f"127.0.0.1:{port}" in said and "mkdocs serve -a" in said
    assert "Traceback" not in said


def test_memory_that_cannot_be_read_is_not_given_up(published: UnitUnderTest) -> None:
    """What another account owns may be whole: nobody is told to delete it, and no build begins it anew."""
    for name in ("witness.json", "builds.json"):
        file = published.root / ".gongshi" / name
        kept = file.with_suffix(".kept")
        file.rename(kept)
        # A link is not followed, also not by root.
        file.symlink_to(kept)
        before = kept.read_bytes()
        results = [published.build(), published.gongshi("verify", "site")]
        said = "".join(result.all for result in results)
        assert "cannot be re" in said and "delete it, but" not in said and "so it proves nothing" not in said
        assert file.is_symlink() and kept.read_bytes() == before
        file.unlink()
        kept.rename(file)


@pytest.mark.slow
def test_a_cache_that_is_not_used_is_told(published: UnitUnderTest) -> None:
    """An account without a home, or a cache that belongs to another account, makes builds slow: both are said."""
    assert "cache is not used" not in published.build().all
    assert "set HOME or XDG_STATE_HOME" in published.build(HOME="/dev/null").all
    (published.root / ".gongshi" / "cache").rename(published.root / "moved")
    (published.root / ".gongshi" / "cache").symlink_to(published.root / "moved")
    assert ".gongshi/cache is a symbolic link" in published.build().all


def test_the_site_map_holds_absolute_addresses_only(published: UnitUnderTest) -> None:
    """Without `site_url` the map is empty, and the build says what to write."""
    assert "<loc>https://www.unit.example/announcements/b/</loc>" in (published.site / "sitemap.xml").read_text()
    published.configure(settings(), site_url=None)
    result = published.build()
    assert result.exit_code == 0 and "site_url: is missing" in result.all
    assert "<loc>" not in (published.site / "sitemap.xml").read_text()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("https://other.example/", True),
        ("https://unit.example/", False),
        ("https://WWW.unit.example:443/sub/", False),
        ("https://www.unit.example.other.example/", True),
    ],
)
def test_a_site_url_of_another_host_is_told(published: UnitUnderTest, url: str, told: bool) -> None:
    """All absolute addresses come from `site_url`: where its host is not `unit.domain`, the build says so."""
    published.configure(settings(), site_url=url)
    assert ("but unit.domain is www.unit.example" in published.build().all) is told


@pytest.mark.slow
@pytest.mark.parametrize("module", ["mkdocs", "mkdocs.__main__"])
def test_no_advice_to_use_what_ignores_reviews(published: UnitUnderTest, module: str) -> None:
    """Material recommends a generator that would publish drafts; however the build is started, nobody reads that."""
    done = shell(published, f'exec "$PYTHON" -m {module} build')
    assert done.returncode == 0, done.stderr
    assert "zensical" not in (done.stdout + done.stderr).lower()


def test_older_configurations_build(published: UnitUnderTest) -> None:
    """`name: material` with `custom_dir` still builds the same site; one line says what to write instead."""
    before = snapshot(published.site)
    older = {"name": "material", "custom_dir": "hooks/gongshi/theme", "language": "en", "font": False}
    published.configure(settings(), theme=older)
    result = published.build()
    assert result.exit_code == 0 and "write only `name: gongshi`" in result.all
    assert snapshot(published.site) == before


@pytest.mark.slow
@pytest.mark.parametrize("umask", ["077", "027", "007"])
def test_a_site_can_be_read_by_a_web_server(published: UnitUnderTest, umask: str) -> None:
    """Whatever the umask takes off: everything in the site can be read, nothing written, by others."""
    (published.root / ".gongshi" / "builds.json").unlink()
    for again in range(3):
        published.write("announcements/c.md", title=f"Text {again}")
        published.publish("announcements/c.md")
        done = shell(published, f'umask {umask}; exec "$PYTHON" -m mkdocs build --quiet')
        assert done.returncode == 0, done.stderr
        for path in (published.site, *published.site.rglob("*")):
            mode = path.stat().st_mode
            assert mode & 0o005 == (0o005 if path.is_dir() else 0o004), path
            assert mode & 0o002 == 0, path
    assert (published.root / ".gongshi" / "builds.json").stat().st_mode & 0o007 == 0
