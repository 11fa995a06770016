"""Benchmarks run and measure what they say, so that nobody finds them rotten on the day a figure is needed."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bench import report
from bench.generator import LAST_APPROVER, Township, make
from bench.measure import SAMPLED, Cost, measure
from support.builds import snapshot
from support.unit import COMMON, NOW, REPOSITORY

SIZE = 120
ENVIRONMENT = {**COMMON, "PYTHONPATH": os.pathsep.join(str(REPOSITORY / folder) for folder in ("hooks", "tests"))}


@pytest.fixture(scope="module")
def unit(tmp_path_factory: pytest.TempPathFactory) -> Township:
    """A unit with some entries; no test changes it."""
    return make(tmp_path_factory.mktemp("bench") / "unit", SIZE, 2)


@pytest.fixture(scope="module")
def texts(unit: Township) -> list[str]:
    """The Markdown files of the entries."""
    return [(unit.docs / path).read_text(encoding="utf-8") for path in (*unit.entries, *unit.waiting)]


def gongshi(root: Path, *arguments: str) -> Any:
    """What a command answers."""
    epoch = str(int(datetime.fromisoformat(NOW).timestamp()))
    env = {**ENVIRONMENT, "HOME": str(root), "SOURCE_DATE_EPOCH": epoch}
    command = [sys.executable, "-m", "gongshi", *arguments, "--json"]
    done = subprocess.run(command, cwd=root, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def benchmark(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a benchmark."""
    command = [sys.executable, str(REPOSITORY / "tests" / "bench" / name), *arguments]
    return subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_a_unit_is_sound(unit: Township) -> None:
    """Nothing is wrong with it; everything is public but what waits for its last stage."""
    assert gongshi(unit.root, "check") == {"problems": [], "hidden": 0}
    found = {entry["path"]: (entry["public"], entry["stage"]) for entry in gongshi(unit.root, "status")["entries"]}
    assert found == {
        **dict.fromkeys([*unit.entries, *unit.pages], ("page", None)),
        **dict.fromkeys(unit.waiting, (None, "final")),
    }
    assert (len(unit.entries), len(unit.waiting)) == (SIZE, 2)


@pytest.mark.slow
def test_what_waits_is_one_approval_away(unit: Township, tmp_path: Path) -> None:
    """And then it is the newest of its column."""
    root = tmp_path / "unit"
    shutil.copytree(unit.root, root, symlinks=True)
    for path in unit.waiting:
        assert "\nstatus: submitted\n" in (root / "docs" / path).read_text()
        gongshi(root, "approve", f"docs/{path}", "--as", LAST_APPROVER)
        assert [entry["public"] for entry in gongshi(root, "status", f"docs/{path}")["entries"]] == ["page"]
        days = [re.findall(r"^date: (\S+)$", (root / "docs" / each).read_text(), re.MULTILINE) for each in unit.entries]
        assert re.findall(r"^date: (\S+)$", (root / "docs" / path).read_text(), re.MULTILINE) > max(days)


def test_the_same_unit_each_time(unit: Township, tmp_path: Path) -> None:
    """Made twice, it has the same bytes, pictures and all."""
    again = make(tmp_path / "unit", SIZE, 2)
    assert snapshot(again.root) == snapshot(unit.root)


def test_no_two_texts_are_alike(texts: list[str]) -> None:
    """Not even a title or a paragraph of one is another's."""
    bodies = [text.split("---\n", 2)[2].strip().split("\n\n") for text in texts]
    paragraphs = [part for body in bodies for part in body if part[0] not in "#|"]
    assert len({*paragraphs}) == len(paragraphs)
    assert len({re.findall(r"^title: .*", text, re.MULTILINE)[0] for text in texts}) == len(texts)
    assert len({*"".join(texts)}) > 1500


def test_what_entries_hold(unit: Township, texts: list[str]) -> None:
    """Tables, pictures, attachments, records, summaries, links: about as many as the benchmark says."""
    shares = {
        r"^\| ---": (0.15, 0.35),
        r"^!\[": (0.03, 0.16),
        r"^attachments:": (0.03, 0.16),
        r"^document:": (0.23, 0.43),
        r"^summary:": (0.38, 0.62),
        r"\]\(\.\./": (0.05, 0.25),
        r"^event:": (0.2, 0.4),
    }
    for pattern, (least, most) in shares.items():
        assert least <= sum(bool(re.search(pattern, text, re.MULTILINE)) for text in texts) / len(texts) <= most, (
            pattern
        )
    assert {path.split("/")[0] for path in unit.entries} == {"announcements", "activities"}
    assert len({path.split("/")[1] for path in unit.entries}) == 9


@pytest.mark.skipif(not SAMPLED, reason="this system does not tell the memory of all processes together")
def test_the_cost_of_a_tree_of_processes() -> None:
    """Memory and processor time of a child that the command starts count, too."""
    child = "import time; held = b'x' * (80 << 20); sum(range(4_000_000)); time.sleep(0.3)"
    parent = f"import subprocess, sys; held = b'x' * (80 << 20); subprocess.run([sys.executable, '-c', {child!r}])"
    cost = measure([sys.executable, "-c", parent], Path.cwd(), ENVIRONMENT)
    assert 160 << 20 <= cost.memory < 260 << 20
    assert cost.wall > 0.3 and 0.05 < cost.cpu < cost.wall * os.cpu_count()  # type: ignore[operator]


def test_a_command_that_fails() -> None:
    """It ends the benchmark with what it said: a failed build is quick, but no figure."""
    with pytest.raises(SystemExit, match=r"(?s)failed with 3 .*what is wrong"):
        measure([sys.executable, "-c", "print('what is wrong'); raise SystemExit(3)"], Path.cwd(), ENVIRONMENT)


def test_figures() -> None:
    """Ratios are taken turn by turn, growth by least squares, and each target is judged."""

    def costs(*walls: float) -> list[Cost]:
        return [Cost(wall, wall, 300_000_000) for wall in walls]

    turns = {"A": costs(1, 2, 4), "B": costs(4, 2, 6), "C": costs(0.2, 0.2, 0.2), "D": costs(0.2, 0.6, 0.2)}
    assert report.ratio(turns, "B", "A") == 1.5
    assert report.ratio(turns, "B", "H") is None
    results = {2_000: {"B": costs(1)}, 6_800: turns, 20_000: {"B": costs(100)}}
    slope = report.exponent({1_000: {"B": costs(2)}, 10_000: {"B": costs(200)}}, "B")
    assert slope == pytest.approx(2)
    lines = [line.split("  ") for line in report.targets(results).splitlines()]
    verdicts = {line[1]: line[-1].strip() for line in lines[1:]}
    assert verdicts == {
        "B/A at 6800": "reached",
        "D/B at 6800": "reached",
        "D/H at 6800": "not measured",
        "C/D at 6800": "NOT REACHED",
        "peak memory of B at 6800, MB": "reached",
        "B(20000)/B(2000)": "NOT REACHED",
        "status at 6800, s": "not measured",
        "approve at any size measured, s": "not measured",
    }


@pytest.mark.slow
def test_the_benchmark_of_speed() -> None:
    """All but Hugo, which tests do not install, on a few entries."""
    done = benchmark("speed.py", "--sizes", "12", "--runs", "1", "--cases", "A,B,C,D,status,approve,check")
    assert done.returncode == 0, done.stderr
    for case in ("A bare MkDocs", "B ours, cold", "C ours, again", "D ours, after one approval", "gongshi approve"):
        assert re.search(rf"^  {case}( +[\d.]+){{5}}", done.stdout, re.MULTILINE), done.stdout
    assert "approve at any size measured" in done.stdout


def test_hugo_is_for_benchmarks_alone() -> None:
    """What tests install does not hold it."""
    assert "hugo==" in (REPOSITORY / "requirements-bench.txt").read_text()
    for lock in ("requirements.txt", "requirements-dev.txt"):
        assert "hugo" not in (REPOSITORY / lock).read_text()


def test_the_benchmark_of_signatures() -> None:
    """With a few decisions; what it prints on a real size is no matter of tests."""
    done = benchmark("signatures.py", "8")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("8 decisions, medians of 5:")


@pytest.mark.slow
def test_the_benchmark_of_imports() -> None:
    """Some of its cases, on a few files."""
    cases = ("docx", "pdf", "known", "few", "many")
    done = benchmark("imports.py", "--runs", "1", "--many", "10", "--cases", ",".join(cases))
    assert done.returncode == 0, done.stderr
    for case in cases:
        assert re.search(rf"^  {case}( +[\d.]+){{6}}$", done.stdout, re.MULTILINE), done.stdout
    assert re.search("^  memory, many / few +1.3 +[0-9.]+", done.stdout, re.MULTILINE), done.stdout
