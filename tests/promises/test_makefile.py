"""`make site` on a bare machine: it sets itself up, says which package is missing, and leaves nothing broken."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from support.unit import REPOSITORY

_PYTHON = """#!/bin/sh
case "$*" in
*ensurepip*) {ensurepip} ;;
"-m venv "*) mkdir -p "$3/bin"; cp {stub} "$3/bin/python"; cp {stub} "$3/bin/mkdocs"; echo "$PWD/$3" > "$3/bin/activate" ;;
esac
"""
_STUB = """#!/bin/sh
echo "$(basename "$0") $*"
"""


class Checkout:
    """A copy of what `make` reads, with a Python that only writes down what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = folder / ".venv"
        for name in ("Makefile", "requirements.txt", "pyproject.toml", "mkdocs.yml"):
            shutil.copy(REPOSITORY / name, folder)
        (folder / "stub").write_text(_STUB)
        (folder / "stub").chmod(0o755)

    def make(self, ensurepip: str = "exit 0") -> subprocess.CompletedProcess[str]:
        """Run `make site`."""
        python = self.folder / "python"
        python.write_text(_PYTHON.format(ensurepip=ensurepip, stub=self.folder / "stub"))
        python.chmod(0o755)
        env = {"PATH": os.environ["PATH"], "LANG": "C"}
        command = ["make", "--no-print-directory", "site", f"PYTHON={python}"]
        return subprocess.run(command, cwd=self.folder, env=env, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """A fresh clone."""
    return Checkout(tmp_path)


def test_a_missing_venv_is_named(checkout: Checkout) -> None:
    """Without python3-venv one line names the package, nothing is left, and the next try succeeds."""
    failed = checkout.make(ensurepip="exit 1")
    assert failed.returncode and "apt install python3-venv" in failed.stderr
    assert not checkout.environment.exists()
    assert checkout.make().returncode == 0


def test_it_sets_itself_up_once(checkout: Checkout) -> None:
    """The first run makes the environment, the second one only builds."""
    assert "pip" in checkout.make().stdout
    again = checkout.make()
    assert again.returncode == 0 and "pip" not in again.stdout and "mkdocs build" in again.stdout


@pytest.mark.parametrize("broken", ["half made", "its Python is gone", "moved"])
def test_a_broken_environment_is_made_anew(checkout: Checkout, broken: str) -> None:
    """A `.venv` that cannot work does not fail for ever."""
    assert checkout.make().returncode == 0
    (checkout.environment / "left over").touch()
    if broken == "half made":
        (checkout.environment / "bin" / "python").write_text("#!/bin/sh\nexit 1\n")
    elif broken == "its Python is gone":
        (checkout.environment / "bin" / "python").unlink()
        (checkout.environment / "bin" / "python").symlink_to("/nowhere/python3")
    else:
        (checkout.environment / "bin" / "activate").write_text("VIRTUAL_ENV=/elsewhere/.venv\n")
    done = checkout.make()
    assert done.returncode == 0, done.stderr
    assert "pip" in done.stdout and not (checkout.environment / "left over").exists()


def test_an_unreadable_configuration_is_one_line(checkout: Checkout) -> None:
    """MkDocs answers it with a traceback; `make site` says what is wrong before."""
    (checkout.folder / "mkdocs.yml").unlink()
    done = checkout.make()
    assert done.returncode and "mkdocs.yml cannot be read" in done.stderr
