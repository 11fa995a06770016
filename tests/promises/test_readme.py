"""READMEs and handbook tell the truth, in both languages."""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from textwrap import indent

import click
import pytest
import yaml

from gongshi.cli.commands.help import TOPICS
from gongshi.cli.group import gongshi
from gongshi.domain.config import attachment_types, loader
from gongshi.domain.config.policy import Column, Key, Person, Stage
from gongshi.domain.config.sample_values import find_sample_values
from gongshi.domain.content import front_matter, text_advice
from support.front_matter_schema import schema_text
from support.official_notice import official_notice
from support.sample_unit import copy_sample, load_sample
from support.ssh_keys import HeldKey
from support.unit import REPOSITORY, UnitUnderTest

READMES = {"en": "README.md", "zh": "README.zh.md"}
LOCALES = {"en": "en", "zh": "zh_CN.UTF-8"}
NOW = "2026-11-22T10:00:00+08:00"
SCHEMA = json.loads(schema_text())
DOCUMENTS = {
    language: [readme, *(f"hooks/gongshi/manual/{language}/{topic}.md" for topic in TOPICS)]
    for language, readme in READMES.items()
}
FOR_DEVELOPERS = ["ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"]
ALL = [*DOCUMENTS["en"], *DOCUMENTS["zh"], *FOR_DEVELOPERS]
WITH_CONSOLE = [
    (language, name)
    for language, names in DOCUMENTS.items()
    for name in names
    if not name.endswith(("reference.md", "text.md"))
]
languages = pytest.mark.parametrize("language", READMES)


def _read(name: str) -> str:
    return (REPOSITORY / name).read_text(encoding="utf-8")


def _handbook(language: str, topic: str) -> str:
    return _read(f"hooks/gongshi/manual/{language}/{topic}.md")


def _command(name: str) -> click.Command:
    command = gongshi.get_command(click.Context(gongshi), name)
    assert command is not None, f"there is no command {name}"
    return command


def _options(name: str) -> set[str]:
    options = [option for option in _command(name).params if isinstance(option, click.Option)]
    return {spelling for option in options for spelling in option.opts}


def _code(text: str) -> Iterator[str]:
    """Yield what stands in backticks and what is typed in console examples."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from (" ".join(code.split()) for code in re.findall(r"`([^`]+)`", prose))
    yield from re.findall(r"^\$ (.*)", text, re.MULTILINE)


@languages
def test_every_command_has_a_line(language: str) -> None:
    """And every line has a command."""
    documented = re.findall(r"^\| `gongshi (\w+)", _handbook(language, "reference"), re.MULTILINE)
    assert sorted(documented) == sorted(gongshi.list_commands(click.Context(gongshi)))


@languages
def test_every_option_is_named(language: str) -> None:
    """The reference names the options of each command, and no other."""
    items = re.findall(r"^- `(\w+)`[:：](.*(?:\n  .*)*)", _handbook(language, "reference"), re.MULTILINE)
    named = {name: set(re.findall(r"`(--?[a-z-]+)", text)) for name, text in items}
    assert named == {name: _options(name) for name in gongshi.list_commands(click.Context(gongshi))}


@pytest.mark.parametrize("name", ALL)
def test_named_commands_and_options_exist(name: str) -> None:
    """Whatever a document tells people to type is a command with these options."""
    for code in _code(_read(name)):
        words = code.split()
        if words[:1] != ["gongshi"] or len(words) < 2 or words[1].startswith("-") or words[1].isupper():
            continue
        assert set(re.findall(r"(?<!\S)--?[a-z][a-z-]*", code)) <= {*_options(words[1]), "--help"}, code
        if words[1] == "help" and len(words) > 2 and not words[2].strip("[]").isupper():
            assert words[2] in TOPICS, code


@languages
def test_front_matter_example(language: str) -> None:
    """The example shows every key but those that nobody writes in an ordinary entry, and is valid."""
    example = re.search(r"```yaml\n(---\n.*?---\n)```", _handbook(language, "editor"), re.DOTALL)
    assert example is not None
    meta = front_matter.read(example[1].encode(), "example.md", requires_entry_keys=True).meta
    assert set(re.findall(r"^(\w+):", example[1], re.MULTILINE)) == set(SCHEMA["properties"]) - {
        "approved_by",
        "imported_from",
    }
    assert meta.document is not None
    assert meta.event is not None
    assert None not in (*vars(meta.document).values(), *vars(meta.event).values())


def _table(text: str, heading: str) -> list[list[str]]:
    section = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    assert rows
    return rows


@pytest.mark.parametrize(("language", "heading"), [("en", "Front matter"), ("zh", "文首信息")])
def test_front_matter_table(language: str, heading: str) -> None:
    """The reference has a row for every key, and says which are required."""
    rows = _table(_handbook(language, "reference"), heading)
    required = [row[0].strip("`") for row in rows if "required" in row[1] or "必须写" in row[1]]
    assert {row[0].strip("`") for row in rows} == set(SCHEMA["properties"])
    assert set(required) == set(SCHEMA["required"])


@languages
def test_configuration_example(language: str, tmp_path: Path) -> None:
    """The example of the reference is valid and has every key that there is."""
    example = re.search(r"```yaml\n(unit:.*?)```", _handbook(language, "reference"), re.DOTALL)
    assert example is not None
    text = "extra:\n  gongshi:\n" + indent(example[1].replace("ssh-ed25519 AAAA…", HeldKey("head").public), "    ")
    (tmp_path / "mkdocs.yml").write_text(text, encoding="utf-8")
    loader.load_configuration(tmp_path / "mkdocs.yml")
    settings = yaml.safe_load(text)["extra"]["gongshi"]
    assert set(settings) == set(loader._SPEC)
    assert set(settings["review"]) == set(loader._REVIEW)
    assert set(settings["unit"]) == set(loader._UNIT)
    for shown, fields in (
        (settings["columns"], Column.__dataclass_fields__),
        (settings["people"], Person.__dataclass_fields__),
        (settings["review"]["stages"], Stage.__dataclass_fields__),
    ):
        assert {key for values in shown.values() for key in values} == set(fields) - {"id"}
    assert "{key, since, until}" in example[1]
    assert set(Key.__dataclass_fields__) == {"public", "since", "until"}


@pytest.mark.parametrize(("language", "heading"), [("en", "Attachments"), ("zh", "附件")])
def test_kinds_of_attachments(language: str, heading: str) -> None:
    """The reference names the kinds of files that may be attached, and no other."""
    section = _handbook(language, "reference").split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    first = section.split("256 MiB")[0]
    assert set(re.findall(r"\b[a-z0-9]{2,4}\b", first)) - {"at", "most", "film", "and"} == set(attachment_types.KINDS)


@pytest.mark.parametrize("name", ALL)
def test_make_targets(name: str) -> None:
    """Every `make` target that is named exists."""
    targets = set(re.findall(r"^([\w-]+):", _read("Makefile"), re.MULTILINE))
    assert set(re.findall(r"(?:^    |^\$ |`)make ([\w-]+)", _read(name), re.MULTILINE)) <= targets


PAIRS = list(zip(DOCUMENTS["en"], DOCUMENTS["zh"], strict=True))


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_have_the_same_shape(english: str, chinese: str) -> None:
    """The same sections, code blocks, tables, list items and links, in the same order."""
    shapes = [re.findall(r"^(#+|```\w*|\||-|\d+\.)(?= |\n)", _read(name), re.MULTILINE) for name in (english, chinese)]
    assert shapes[0] == shapes[1]
    assert shapes[0]


@pytest.mark.parametrize(("english", "chinese"), PAIRS)
def test_both_languages_name_the_same_things(english: str, chinese: str) -> None:
    """Commands, keys and files, which are not translated, are the same in both."""
    named = [{code for code in _code(_read(name)) if code.isascii()} for name in (english, chinese)]
    typed = re.compile(r"--(note|reason) ")
    assert {c for c in named[0] if not typed.search(c)} == {c for c in named[1] if not typed.search(c)}


def _anchors(text: str) -> set[str]:
    """Return the anchors of the headings as forges make them."""
    headings = re.findall(r"^#+ (.*)", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("name", ALL)
def test_links_lead_somewhere(name: str) -> None:
    """Every link to a file of the repository has a file, and every anchor a heading."""
    prose = re.sub(r"^```.*?^```|`[^`]*`", "", _read(name), flags=re.MULTILINE | re.DOTALL)
    for target in re.findall(r"\]\(([^)]+)\)", prose):
        file, _hash, anchor = target.partition("#")
        if "://" in file or file.startswith("mailto:"):
            continue
        found = (REPOSITORY / name).parent / file if file else REPOSITORY / name
        assert found.exists(), target
        assert not anchor or anchor in _anchors(found.read_text(encoding="utf-8")), target


@pytest.mark.parametrize("name", FOR_DEVELOPERS)
def test_named_files_exist(name: str) -> None:
    """Every path that these documents name is there: in the repository, or in the package.

    Hosts make `hooks/host/` themselves.
    """
    for code in _code(_read(name)):
        if re.fullmatch(r"[\w.-]+(/[\w.-]+)*/?", code) and "/" in code and not code.startswith(("NAME", ".well-known")):
            if code == "hooks/host/":
                continue
            places = [REPOSITORY / code, REPOSITORY / "hooks/gongshi" / code]
            assert any(place.exists() for place in places), code


@languages
def test_readmes_lead_to_every_part_of_the_handbook(language: str) -> None:
    """By link, and by the command that shows it; and the README itself stays short."""
    text = _read(READMES[language])
    for topic in TOPICS:
        assert f"](hooks/gongshi/manual/{language}/{topic}.md)" in text
        assert f"`gongshi help {topic}`" in text
    assert len(text.splitlines()) <= 110


@languages
def test_every_setting_to_replace_is_named(language: str) -> None:
    """README and handbook name each top-level key of the sample's mkdocs.yml that another unit must change."""
    sample = load_sample()
    other = replace(sample, policy=replace(sample.policy, unit=replace(sample.policy.unit, name="Library")))
    keys = {key if "." not in key else "extra.gongshi" for key, _text in find_sample_values(other)}
    assert "extra.gongshi" in keys
    for text in (_read(READMES[language]), _handbook(language, "host")):
        step = re.findall(r"^1\. .*(?:\n   .*)*", text, re.MULTILINE)[0]
        assert {f"`{key}`" for key in keys} <= set(re.findall("`[^`]+`", step))


def test_no_addresses_of_this_machine() -> None:
    """Locks carry hashes and no addresses."""
    for lock in ("requirements.txt", "requirements-dev.txt", "requirements-bench.txt"):
        text = _read(lock)
        assert "--hash=sha256:" in text
        assert "://" not in text
        assert "--index" not in text


WRITE = "write the text"
"""Stands among the commands where one example ends: the reader writes the texts before typing the next one."""


def _examples(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands of all console examples with the lines that they are said to print."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"```console\n(.*?)```", text, re.DOTALL):
        assert block.startswith("$ ")
        found += [(WRITE, [])] if found else []
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line.rstrip())
    return found


def _run(unit: UnitUnderTest, command: str, language: str) -> list[str]:
    """Run a command as an example writes it; of a build what MkDocs says itself is left out."""
    environment = {} if language == "en" else {"LANG": LOCALES[language]}
    if command == WRITE:
        for file in unit.docs.glob("announcements/**/*.md"):
            text = file.read_text(encoding="utf-8")
            for sentence in map(text_advice.placeholder, ("en", "zh")):
                text = text.replace(f"---\n\n{sentence}\n", "---\n\n请注意用火安全。\n")
            file.write_text(text, encoding="utf-8")
        return []
    program, *arguments = shlex.split(command)
    if program == "make":
        assert arguments == ["site"]
        printed = unit.build(now=NOW, **environment).all.splitlines()
        return [line for line in printed if "gongshi: " in line]
    assert program == "gongshi"
    return [line.rstrip() for line in unit.gongshi(*arguments, now=NOW, **environment).all.splitlines()]


def _pattern(shown: list[str]) -> str:
    """Return a pattern for what is shown: `…` alone on a line stands for any lines, within a line for any text."""
    lines = (r"(?:.*\n)*" if line == "…" else re.escape(line).replace("…", ".*") + r"\n" for line in shown)
    return "".join(lines)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> UnitUnderTest:
    """The sample unit, built once: builds of its copies find their pages in the cache."""
    unit = copy_sample(tmp_path_factory.mktemp("built") / "unit")
    assert unit.build(now=NOW).exit_code == 0
    return unit


@pytest.mark.slow
@pytest.mark.parametrize(("language", "name"), WITH_CONSOLE)
def test_what_commands_answer(language: str, name: str, built: UnitUnderTest, tmp_path: Path) -> None:
    """Each example prints exactly what is shown, when all of a document are typed one after the other."""
    unit = UnitUnderTest(shutil.copytree(built.root, tmp_path / "unit", symlinks=True))
    shutil.copy(built.root / "mkdocs.yml", unit.root)
    examples = _examples(_read(name))
    assert examples
    if name.endswith("import.md"):
        (tmp_path / "desk").mkdir()
        (tmp_path / "desk" / "冬季取暖救助.docx").write_bytes(official_notice("2026年11月20日", "内部资料"))
    if name.endswith("approver.md"):
        editor = [command for command, _shown in _examples(_handbook(language, "editor"))]
        for command in (editor[0], WRITE, editor[-1]):
            _run(unit, command, language)
    for command, shown in examples:
        printed = _run(unit, command, language)
        assert re.fullmatch(_pattern(shown), "".join(f"{line}\n" for line in printed)), (command, printed)


@pytest.mark.parametrize(("language", "heading"), [("en", "The review form"), ("zh", "审批表")])
def test_placeholders_of_the_form(language: str, heading: str, built: UnitUnderTest) -> None:
    """The reference names every placeholder that a form can have, and no other."""
    entry = "docs/announcements/2026/20260302-1/index.md"
    form = built.gongshi("form", entry, "--json", now=NOW).json()["form"]
    expected: set[str] = set()
    for name, value in form.items():
        one = value[0] if isinstance(value, list) and value else value
        expected |= {name} if not isinstance(one, dict) else {f"{name}.{key}" for key in one}
    named: set[str] = set()
    for row in _table(_handbook(language, "reference"), heading):
        names = set(re.findall(r"`(\w[\w.]*)`", row[0]))
        attributes = set(re.findall(r"`\.(\w+)`", " ".join(row)))
        dotted = {f"{name.partition('.')[0]}.{key}" for name in names for key in attributes} & expected
        assert {name.partition(".")[2] for name in dotted} == attributes
        objects = {name.partition(".")[0] for name in dotted}
        named |= dotted | {name for name in names if name not in objects}
    assert named == expected


def test_the_schema_knows_every_key() -> None:
    """The front matter schema for editors has the keys and the required ones of an entry."""
    assert _read("hooks/gongshi/front-matter.schema.json") == schema_text()
    assert SCHEMA["additionalProperties"] is False


def test_the_wheel_has_the_handbook(tmp_path: Path) -> None:
    """An installed Gongshi shows its handbook, too."""
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    done = subprocess.run(build, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {f"gongshi/manual/{language}/{topic}.md" for language in READMES for topic in TOPICS} <= names
