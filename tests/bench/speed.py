"""Builds and commands side by side on units of several sizes, each in a process of its own.

    make bench
    PYTHONPATH=hooks:tests python tests/bench/speed.py --sizes 500,2000 --runs 3 --cases B,C,D,H

A  bare MkDocs and Material on the same Markdown, entries out of the navigation, no plugins
B  ours, cold: neither `site/` nor a build cache is there
C  ours again, nothing changed
D  ours after one approval, of the newest entry of the longer column: every list, its years and its feeds move
H  Hugo with templates of comparable content on the same Markdown
approve, status, check   the commands; `approve` is the one that leads to D

The cases take turns, so that a noisy machine disturbs all alike. The clock goes on by a minute with each of them, as it does
in an office. Results go to the standard output; nothing is written in the repository.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from bench import report
from bench.engines import hugo_command, make_bare, make_hugo
from bench.generator import LAST_APPROVER, Township, make
from bench.measure import SAMPLED, Cost, measure
from bench.report import Costs
from gongshi.domain.content.paths import output_path
from support.unit import HOOKS, NOW

CASES = ("A", "B", "C", "approve", "D", "H", "status", "check")
"""In the order in which they take turns: the build after an approval needs one before it."""
SIZES = (500, 2_000, 6_800, 20_000)
MANY = 20_000
"""From so many entries on there are fewer runs."""
_PYTHON = [sys.executable, "-m"]
_BUILD = [*_PYTHON, "mkdocs", "build", "--quiet"]


class Bench:
    """The sites of one size and the runs on them.

    Args:
        folder: where they are made.
        size: how many approved entries.
        runs: how often each case will run.
        cases: which cases.
    """

    def __init__(self, folder: Path, size: int, runs: int, cases: Sequence[str]) -> None:
        self._folder = folder
        self._cases = cases
        self._unit = make(folder / "unit", size, runs if {"D", "approve"} & {*cases} else 0)
        self._approved: list[str] = []
        self._now = datetime.fromisoformat(NOW)
        if "A" in cases:
            make_bare(folder / "bare", self._unit)
        if "H" in cases:
            make_hugo(folder / "hugo", self._unit)

    def run(self) -> dict[str, Cost]:
        """Every case once, in turn."""
        if "D" in self._cases and not {"B", "C"} & {*self._cases} and not (self._unit.root / "site").exists():
            self._again()
        needed = [case for case in CASES if case in self._cases or (case == "approve" and "D" in self._cases)]
        costs = {case: self._act(case)() for case in needed}
        return {case: cost for case, cost in costs.items() if case in self._cases}

    def _act(self, case: str) -> Callable[[], Cost]:
        return {
            "A": self._bare, "B": self._cold, "C": self._again, "D": self._again, "H": self._hugo,
            "approve": self._approve, "status": lambda: self._command("status"), "check": lambda: self._command("check"),
        }[case]  # fmt: skip

    def _bare(self) -> Cost:
        shutil.rmtree(self._folder / "bare" / "site", ignore_errors=True)
        cost = self._measure(_BUILD, self._folder / "bare")
        return self._built(cost, self._folder / "bare" / "site")

    def _cold(self) -> Cost:
        for place in ("site", ".gongshi/cache"):
            shutil.rmtree(self._unit.root / place, ignore_errors=True)
        return self._again()

    def _again(self) -> Cost:
        return self._built(self._measure(_BUILD, self._unit.root), self._unit.root / "site", self._approved)

    def _built(self, cost: Cost, site: Path, more: Sequence[str] = ()) -> Cost:
        """The cost of a build that really built every entry."""
        entries = [*self._unit.entries, *more]
        if missing := [entry for entry in entries if not (site / output_path(entry)).is_file()]:
            raise SystemExit(f"{len(missing)} entries are not in {site}, first {missing[0]}")
        return cost

    def _hugo(self) -> Cost:
        for place in ("public", "cache", "resources"):
            shutil.rmtree(self._folder / "hugo" / place, ignore_errors=True)
        cost = self._measure(hugo_command(self._folder / "hugo"), self._folder / "hugo")
        return self._built(cost, self._folder / "hugo" / "public")

    def _approve(self) -> Cost:
        self._approved.append(self._unit.waiting[len(self._approved)])
        return self._command("approve", f"docs/{self._approved[-1]}", "--as", LAST_APPROVER)

    def _command(self, *arguments: str) -> Cost:
        return self._measure([*_PYTHON, "gongshi", *arguments], self._unit.root)

    def _measure(self, command: Sequence[str], folder: Path) -> Cost:
        self._now += timedelta(minutes=1)
        _settle(folder)
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "LANG": "en",
            "PYTHONUTF8": "1",
            "PYTHONPATH": str(HOOKS),
            "NO_MKDOCS_2_WARNING": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "SOURCE_DATE_EPOCH": str(int(self._now.timestamp())),
        }
        return measure(command, folder, environment)


def _settle(folder: Path) -> None:
    """Let a command begin with its files in memory and nothing waiting to be written, whatever ran before."""
    for place, _folders, names in os.walk(folder):
        for name in names:
            Path(place, name).read_bytes()
    os.sync()


def bench(size: int, runs: int, cases: Sequence[str]) -> Costs:
    """The costs of each case on one size, run by run.

    Args:
        size: how many approved entries.
        runs: how often each case runs.
        cases: which cases.
    """
    costs: Costs = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="gongshi-bench-") as folder:
        _say(f"{size} entries: making the sites")
        sites = Bench(Path(folder), size, runs, cases)
        for number in range(1, runs + 1):
            for case, cost in sites.run().items():
                costs[case].append(cost)
            walls = ", ".join(f"{case} {found[-1].wall:.2f} s" for case, found in costs.items())
            _say(f"{size} entries, run {number} of {runs}: {walls}")
    return costs


def keep(folder: Path, size: int) -> Township:
    """Make a unit that stays, to look at by hand."""
    made = make(folder, size, 5)
    _say(f"{size} approved entries in {folder}, {len(made.waiting)} wait for {LAST_APPROVER}, first {made.waiting[0]}")
    return made


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _listed(text: str) -> list[str]:
    return [part for part in text.split(",") if part]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Builds and commands side by side.")
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)), help="numbers of entries, with commas between")
    parser.add_argument("--runs", type=int, help="of each case; otherwise 5, and 3 from 20000 entries on")
    parser.add_argument("--cases", default=",".join(CASES), help=f"of {','.join(CASES)}")
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="make a unit of the one size given in DIR, and no more"
    )
    found = parser.parse_args()
    found.sizes, found.cases = [int(size) for size in _listed(found.sizes)], _listed(found.cases)
    if unknown := {*found.cases} - {*CASES}:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    if found.keep and (len(found.sizes) != 1 or found.keep.exists()):
        parser.error("--keep needs one size and a folder that does not exist")
    if "H" in found.cases:
        hugo_command(Path())
    return found


def main() -> None:
    """Measure and print."""
    asked = _arguments()
    if asked.keep:
        keep(asked.keep, asked.sizes[0])
        return
    results: dict[int, Costs] = {}
    for size in asked.sizes:
        results[size] = bench(size, asked.runs or (5 if size < MANY else 3), asked.cases)
        print(report.table(size, results[size]), flush=True)
    if not SAMPLED:
        print("Memory is that of the largest process alone: this system does not tell that of all together.\n")
    print(report.growth(results))
    print(report.targets(results))


if __name__ == "__main__":
    main()
