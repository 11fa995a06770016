"""Names of files: what `submit` lets in, everything downstream reads; what it refuses, it explains."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gongshi.domain.config import attachment_types
from gongshi.domain.content import paths
from gongshi.domain.records.dossier import Action, Decision, Dossier, format_line, parse_dossier
from gongshi.domain.review import decision_sources
from gongshi.release import manifest
from gongshi.release.manifest import Manifest, ManifestFile
from support.builds import snapshot
from support.scenario import Scenario
from support.unit import NOW, UnitUnderTest

FINE = [
    "附件　1.pdf",
    "no-break\u00a0space.pdf",
    "narrow\u202fspace.pdf",
    "em\u2003space.pdf",
    "《通知》（第2号）.pdf",
    "a b (1).pdf",
    "100%.pdf",
    "a&b=c+d.pdf",
    "#1.pdf",
    "it's.pdf",
    "é.pdf",
    "𠮷.pdf",
    "子目录　甲/附件.pdf",
]
REFUSED = {
    "line separator": "a\u2028b.pdf",
    "right-to-left override": "a\u202efdp.exe",
    "isolate": "a\u2067b.pdf",
    "left-to-right mark": "a\u200eb.pdf",
    "zero-width space": "a\u200bb.pdf",
    "Hangul filler": "a\u3164b.pdf",
    "lost character": "a\ufffdb.pdf",
    "control character": "a\x1bb.pdf",
    "line end": "a\nb.pdf",
    "private use": "a\ue000b.pdf",
    "noncharacter": "a\ufdd0b.pdf",
    "no UTF-8": "a\udcffb.pdf",
    "decomposed": unicodedata.normalize("NFD", "é.pdf"),
}


@pytest.mark.slow
def test_accepted_names_all_the_way(unit: UnitUnderTest) -> None:
    """Full-width and other spaces, signs, folders: approved, linked, built, staged, and both are proved."""
    links = "\n".join(f"- [{number}](<{quote(name)}>)" for number, name in enumerate(FINE))
    attachments = [{"file": name, "title": f"File {number}"} for number, name in enumerate(FINE)]
    unit.write("announcements/公　告/index.md", attachments=attachments, body=links)
    for name in FINE:
        unit.write(f"announcements/公　告/{name}", f"bytes of {name}")
    assert unit.gongshi("check").exit_code == 0
    unit.publish("announcements/公　告/index.md")
    assert unit.build("--strict").exit_code == 0
    assert unit.gongshi("stage", "tree").exit_code == 0
    for folder in ("site", "tree"):
        for options in ((), ("--source",)):
            result = unit.gongshi("verify", folder, *options)
            assert result.exit_code == 0, result.all
        files = snapshot(unit.root / folder)
        assert all(files[f"announcements/公　告/{name}"] == f"bytes of {name}".encode() for name in FINE)
    page = unit.page("announcements/公　告")
    assert all(page.count(f'href="{quote(name)}"'.replace("&", "&amp;")) >= 1 for name in FINE), page


@pytest.mark.slow
@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize("place", ["announcements/b/{}", "announcements/b/{}/x.pdf", "announcements/{}.md"])
def test_refused_names(unit: UnitUnderTest, place: str, kind: str) -> None:
    """What nobody sees, or is lost, is refused by `check` and `submit` with one message that escapes it."""
    name = REFUSED[kind]
    unit.write("announcements/b/index.md")
    path = place.format(name)
    unit.write(path, None if path.endswith(".md") else "x")
    result = unit.gongshi("check")
    assert result.exit_code == 1
    line = next(line for line in result.output.split("\n") if line.endswith("[error]"))
    assert "rename the file or folder" in line
    assert line.isprintable()
    entry = path if path.endswith(".md") else "announcements/b/index.md"
    assert unit.gongshi("submit", f"docs/{entry}", "--as", "clerk").exit_code in (1, 2)
    assert not (unit.docs / ".reviews").exists() or not list((unit.docs / ".reviews").rglob("*.jsonl"))


PIECES = st.lists(
    st.sampled_from("aZ9.-_ ~#%&+'()=,;@!$^`[]{}　\u00a0\u2003\u200b\u202e\u2028\ufffd\u3164\ue000\x1b\nñé字𠮷\u0301ſ")
    | st.characters(codec="utf-8"),
    min_size=1,
    max_size=12,
).map("".join)
NAMES = st.lists(PIECES, min_size=1, max_size=3).map("/".join)


@pytest.mark.slow
@given(NAMES)
def test_what_is_accepted_can_be_read_everywhere(name: str) -> None:
    """For any name: accepted by the tree, it is accepted by the dossier, the record and the manifest."""
    path = f"announcements/b/{name}"
    assume("//" not in path and not path.endswith("/") and not {".", ".."} & set(path.split("/")))
    assume(paths.name_problem(path) is None)
    assert paths.recorded_name_problem(path) is None
    assert paths.is_inside(path)
    if not any(paths.is_ignored_file(part) or attachment_types.is_executable_type(part) for part in path.split("/")):
        assert decision_sources._is_forbidden(path) is paths.is_markdown(path)
    at = datetime.fromisoformat(NOW)
    files = {"index.md": "0" * 64, name: "1" * 64}
    decision = Decision(Action.APPROVE, "chief", at, "2" * 64, "final", ("final",), files)
    entry = "announcements/b/index.md"
    line = format_line(Dossier(entry), decision) + b"\n"
    assert parse_dossier(line, entry, "x").decisions[0].files == files
    listed = {path: ManifestFile("1" * 64, "file", entry, "2" * 64)}
    made = Manifest("site", "Unit", "seal", at, {"gongshi": "1"}, listed)
    assert manifest.read(made.content) == (made, True)


@pytest.mark.slow
def test_every_accepted_character_can_be_read_everywhere() -> None:
    """The same for each character of the Basic Multilingual Plane alone, and for the astral ones that are assigned."""
    for code in range(0x20, 0x20000):
        name = f"a{chr(code)}b"
        if paths.name_problem(name) is None and chr(code) != "/":
            assert paths.is_inside(name), hex(code)
            assert paths.recorded_name_problem(name) is None, hex(code)


@pytest.mark.slow
def test_names_approved_before_stay_public(unit: UnitUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that are refused now but were accepted are read from the record: the page stays, and is proved."""
    with monkeypatch.context() as patch:
        patch.setattr(paths, "name_problem", paths.recorded_name_problem)
        for path, link in (
            ("announcements/b\ufffd/index.md", "c\ufffd.pdf"),
            ("announcements/old.md/index.md", "d.pdf"),
        ):
            scenario = Scenario(unit, path, {})
            unit.write(path, body=f"[x]({quote(link)})")
            unit.write(f"{path.removesuffix('index.md')}{link}", "bytes")
            for act in ({"submit": "clerk"}, {"approve": "head"}, {"approve": "deputy"}, {"approve": "chief"}):
                scenario.step(act)
    assert unit.build().exit_code == 0
    assert (unit.site / "announcements" / "b\ufffd" / "c\ufffd.pdf").is_file()
    assert (unit.site / "announcements" / "old.md" / "d.pdf").is_file()
    assert unit.gongshi("stage", "tree").exit_code == 0
    for folder in ("site", "tree"):
        assert unit.gongshi("verify", folder, "--source").exit_code == 0
    assert unit.gongshi("check").output.count("[error]") == 4


def test_messages_escape_names(unit: UnitUnderTest) -> None:
    """No name reaches the terminal with a character that moves the cursor or turns the direction."""
    unit.write("announcements/a\u202e\x1b[2Jb.md")
    unit.write("announcements/b/index.md")
    unit.write("announcements/b/c\u2028\u202ed.txt", "x")
    unit.write("x\u202e\x1by.bin", "x")
    for command in (
        ("check",),
        ("status",),
        ("check", "--json"),
        ("status", "--json"),
        ("submit", "docs", "--as", "clerk"),
    ):
        result = unit.gongshi(*command)
        assert result.all.replace("\n", "").isprintable(), command
        assert "Traceback" not in result.all
    built = unit.build()
    assert (
        built.all.replace("\n", "").replace("\x1b[31m", "").replace("\x1b[0m", "").isprintable() or built.exit_code == 0
    )
    assert json.loads(unit.gongshi("check", "--json").output)["problems"]
    assert Path(unit.docs, "x\u202e\x1by.bin").is_file()


WORDS = st.text(st.sampled_from("conprnauxlpt019.mdex-_KKſ é/"), min_size=1, max_size=12)


@given(WORDS | st.sampled_from(["con.md", "COM1", "nul", "event.ics", "a" * 300, "a//b", "ſ.md", "K", "a/con.md/b"]))
def test_the_quick_check_of_paths_lets_no_fault_pass(path: str) -> None:
    """Of a path that is taken for harmless at once, no name has a fault."""
    if paths._HARMLESS.fullmatch(path):
        for name in path.split("/"):
            assert paths.name_problem(f"{name}/。") is None
            assert not paths._DEVICE.fullmatch(name)
            assert len(name.encode()) <= paths._NAME_BYTES
