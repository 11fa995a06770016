"""The manifest of a built folder: read strictly, and with nothing in it but what it is for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gongshi.common.errors import InvalidInput
from gongshi.release import manifest
from gongshi.release.manifest import PATH
from support.deployed_site import copy_of, found, verify
from support.unit import UnitUnderTest


@pytest.fixture
def unit(deployed: UnitUnderTest, tmp_path: Path) -> UnitUnderTest:
    """A copy of the built and staged unit."""
    return copy_of(deployed, tmp_path)


def _edited(**changes: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda document: {**document, **changes}


def _in_files(path: str, **changes: Any) -> Callable[[dict[str, Any]], Any]:
    listed = {"sha256": "0" * 64, "kind": "generated"}

    def change(document: dict[str, Any]) -> Any:
        # In the order that Gongshi writes, so that nothing but the change is wrong.
        return {**document, "files": dict(sorted({**document["files"], path: {**listed, **changes}}.items()))}

    return change


HOSTILE: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "another program's": (lambda _: {"files": {}}, "is no manifest of Gongshi"),
    "a list": (lambda document: [document], "is no manifest of Gongshi"),
    "a number": (lambda _: 5, "is no manifest of Gongshi"),
    "another format": (_edited(format="gongshi-manifest-2"), "has the format gongshi-manifest-2"),
    "no seal": (lambda document: {k: v for k, v in document.items() if k != "seal"}, "was edited or damaged"),
    "one key more": (_edited(note="x"), "was edited or damaged"),
    "a unit that is no text": (_edited(unit=["x"]), "was edited or damaged"),
    "another content": (_edited(holds="all"), "was edited or damaged"),
    "no moment": (_edited(as_of="now"), "was edited or damaged"),
    "a naive moment": (_edited(as_of="2026-11-21T10:00:00"), "was edited or damaged"),
    "a moment before clocks": (_edited(as_of="1969-11-21T10:00:00+08:00"), "was edited or damaged"),
    "a moment after clocks": (_edited(as_of="2969-11-21T10:00:00+08:00"), "was edited or damaged"),
    "a wordy version": (_edited(made_with={"gongshi": "1 <script>"}), "was edited or damaged"),
    "a path out of it": (_in_files("../../x"), "was edited or damaged"),
    "an absolute path": (_in_files("/etc/passwd"), "was edited or damaged"),
    "a path through itself": (_in_files("a/./b"), "was edited or damaged"),
    "a path with backslashes": (_in_files("..\\x"), "was edited or damaged"),
    "a path with an escape": (_in_files("a\x1b[31m"), "was edited or damaged"),
    "itself": (_in_files(PATH), "was edited or damaged"),
    "no hash": (_in_files("a", sha256="x"), "was edited or damaged"),
    "another kind": (_in_files("a", kind="program"), "was edited or damaged"),
    "an entry that is no text": (_in_files("a", entry=5), "was edited or damaged"),
    "an entry out of docs/": (_in_files("a", entry="../x"), "was edited or damaged"),
    "a page without an entry": (_in_files("a", kind="page"), "was edited or damaged"),
    "files that are no object": (_edited(files=[]), "was edited or damaged"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_manifests_that_are_none(unit: UnitUnderTest, name: str) -> None:
    """Read strictly: what Gongshi never writes is refused with one reason, whatever its seal."""
    change, says = HOSTILE[name]
    content = (unit.site / PATH).read_bytes()
    assert manifest.read(content)[1]
    changed = change(json.loads(content))
    with pytest.raises(InvalidInput, match=says):
        manifest.read((json.dumps(changed, ensure_ascii=False, indent=1) + "\n").encode())


def test_one_file_more_is_a_manifest(unit: UnitUnderTest) -> None:
    """The manifests above are refused for what is wrong in them: with a plain file more it is one, only not sealed."""
    document = _in_files("a", entry="b.md", digest="0" * 64)(json.loads((unit.site / PATH).read_bytes()))
    again, sealed = manifest.read((json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())
    assert (again.files["a"].entry, sealed) == ("b.md", False)


RAW = {
    "no JSON": b"<html>",
    "no text": b"\xff\xfe{",
    "empty": b"",
    "deep": b"[" * 200_000,
    "in another notation": b'{"format": "gongshi-manifest-1"}',
    "a half character": b'{\n "format": "gongshi-manifest-1",\n "unit": "\\ud800"\n}\n',
    "large": b" " * (33 << 20),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", RAW)
def test_broken_manifests(unit: UnitUnderTest, name: str) -> None:
    """Broken, foreign or huge: one clear finding and exit code 1, with and without the source."""
    (unit.site / PATH).write_bytes(RAW[name])
    assert list(found(unit)) == list(found(unit, "--source")) == [(PATH, "broken")]
    why = {
        "large": "is larger than 32 MiB",
        "in another notation": "is not as Gongshi",
        "a half character": "is not as",
    }
    says = f"cannot be used: .well-known/gongshi.json ({why.get(name, 'is no manifest of Gongshi')}"
    assert verify(unit).output.startswith(says)


def test_doubled_keys_and_other_notations(unit: UnitUnderTest) -> None:
    """What parsers could read in two ways is no manifest."""
    content = (unit.site / PATH).read_bytes()
    doubled = content.replace(b' "unit": ', b' "unit": "Other",\n "unit": ')
    for changed in (
        doubled,
        content.rstrip(),
        content + b"\n",
        content.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + content,
    ):
        with pytest.raises(InvalidInput):
            manifest.read(changed)


def test_nothing_of_the_machine_in_the_manifest(unit: UnitUnderTest) -> None:
    """Versions of what makes the pages, and no more: no folder, user or host."""
    document = json.loads((unit.site / PATH).read_text())
    assert list(document) == ["format", "holds", "unit", "assurance", "as_of", "made_with", "files", "seal"]
    names = {"gongshi", "jinja2", "markdown", "mkdocs", "mkdocs-material", "pygments", "pymdown-extensions", "python"}
    makers = {"feedgen", "icalendar", "libjpeg", "libwebp", "lxml", "nh3", "pillow", "segno", "zlib"}
    assert set(document["made_with"]) == names | makers
    assert document["made_with"]["python"] == f"{sys.version_info[0]}.{sys.version_info[1]}"
    assert str(unit.root) not in json.dumps(document)
