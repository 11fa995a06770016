"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from playwright.sync_api import Browser, sync_playwright

from gongshi import i18n
from gongshi.integrations import libreoffice
from support.deployed_site import build_deployed
from support.sample_unit import SampleSite, build_sample
from support.signed_unit import sign_decisions
from support.unit import UnitUnderTest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
hypothesis_settings.register_profile(
    "gongshi", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
hypothesis_settings.load_profile("gongshi")  # no test depends on how busy the machine is
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Refuse tests that open a browser without saying so: `make test-fast` leaves them out by their mark."""
    unmarked = [
        item.nodeid
        for item in items
        if "browser" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("browser")
    ]
    if unmarked:
        raise pytest.UsageError(f"mark with @pytest.mark.browser: {', '.join(unmarked)}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip tests of LibreOffice where it is missing; where everything is tested it must be there."""
    if item.get_closest_marker("office") and libreoffice.program() is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no LibreOffice on this machine; .ci/run installs it")
        pytest.skip("no LibreOffice on this machine (Debian: apt install libreoffice-writer libreoffice-calc)")


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    """Messages in English, whatever the machine speaks."""
    i18n.set_language("en")
    yield
    i18n.set_language(i18n.DEFAULT_LANGUAGE)


@pytest.fixture
def unit(tmp_path: Path) -> UnitUnderTest:
    """A small unit in a folder of its own, with nothing in it yet."""
    return UnitUnderTest(tmp_path / "unit")


@pytest.fixture(scope="session")
def sample_site(tmp_path_factory: pytest.TempPathFactory) -> SampleSite:
    """The sample unit's site."""
    return build_sample(tmp_path_factory.mktemp("sample") / "unit")


@pytest.fixture(scope="session")
def published_once(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit with a published bundle, built once; copy it."""
    i18n.set_language("en")
    unit = UnitUnderTest(tmp_path_factory.mktemp("published") / "unit")
    unit.write("announcements/b/index.md", title="Bundle", attachments=[{"file": "a.txt", "title": "Attached"}])
    unit.write("announcements/b/a.txt", "approved bytes")
    unit.publish("announcements/b/index.md")
    assert unit.build().exit_code == 0
    return unit


@pytest.fixture
def published(published_once: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of a unit with a published bundle that was built."""
    return published_once.copy(tmp_path / "unit")


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """A unit that was built and staged; copy it."""
    return build_deployed(tmp_path_factory.mktemp("deployed") / "unit")


@pytest.fixture
def signed(unit: UnitUnderTest) -> UnitUnderTest:
    """A unit where decisions are signed, with everybody's key file outside of docs/."""
    sign_decisions(unit)
    return unit


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium from the system."""
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("no Chromium on this machine; .ci/run installs it")
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()
