"""The costs of `gongshi import`, each command in a process of its own.

    make bench
    PYTHONPATH=hooks:tests python tests/bench/imports.py --runs 3 --many 500 --cases docx,few,many

docx, pdf, ofd   a notice of twenty pages
xlsx, csv        a list of 400 rows
html             an article of a site
doc              a notice of one page, which LibreOffice converts first
photos           a folder of twenty photos
known            the notice again, which is nothing new: start of Python, configuration and front matter
few, many        a folder of 50, and one of 500 notices of one page

Memory is that of all processes together at the peak. Prints medians, ratios and targets; writes nothing here.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from statistics import median

from bench import office_files
from bench.generator import make
from bench.measure import Cost, measure
from bench.report import Costs, aligned, peak, ratio
from gongshi.integrations import libreoffice
from support.unit import HOOKS, NOW

CASES = (*office_files.FILES, "photos", "doc", "known", "few", "many")
ENTRIES = 200
"""Entries of the unit that imports."""


class Desk:
    """A unit, and the files that it imports; each case begins with a copy of the unit as it was.

    Args:
        folder: where they are made.
        many: how many files the large folder has; the small one has a tenth.
    """

    def __init__(self, folder: Path, many: int) -> None:
        self._folder = folder
        self._many = many
        make(folder / "before", ENTRIES, 0)

    def make(self, case: str) -> None:
        """Make the files of a case."""
        if case in office_files.FILES:
            self._written(case, office_files.FILES[case](1))
        elif case == "photos":
            self._folder_of(case, office_files.photos(1))
        elif case == "doc":
            self._written(case, _old_format(office_files.notice(2)))
        elif case == "known":
            self._written(case, office_files.notice(1, office_files.PAGES))
        else:
            count = self._many if case == "many" else self._many // 10
            self._folder_of(case, {f"{number:04}.docx": office_files.notice(number) for number in range(count)})

    def _written(self, case: str, content: bytes) -> None:
        self._source(case).write_bytes(content)

    def _folder_of(self, case: str, files: dict[str, bytes]) -> None:
        self._source(case).mkdir()
        for file, content in files.items():
            (self._source(case) / file).write_bytes(content)

    def _source(self, case: str) -> Path:
        """Return the file or folder that a case imports."""
        if case in ("photos", "few", "many"):
            return self._folder / case
        return self._folder / f"notice.{'docx' if case == 'known' else case}"

    def cost(self, case: str) -> Cost:
        """The cost of one import into a fresh copy of the unit, of which each file became an entry."""
        shutil.rmtree(self._folder / "unit", ignore_errors=True)
        shutil.copytree(self._folder / "before", self._folder / "unit", symlinks=True)
        if case == "known":
            self._import(case)
        before = len(self._entries())
        cost = self._import(case)
        wanted = {"many": self._many, "few": self._many // 10, "known": 0}.get(case, 1)
        if (made := len(self._entries()) - before) != wanted:
            raise SystemExit(f"{case}: {made} entries instead of {wanted}")
        return cost

    def _entries(self) -> list[Path]:
        return list((self._folder / "unit" / "docs").glob("*/*/*/index.md"))

    def _import(self, case: str) -> Cost:
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self._folder),
            "LANG": "en",
            "PYTHONUTF8": "1",
            "PYTHONPATH": str(HOOKS),
            "GIT_CONFIG_NOSYSTEM": "1",
            "SOURCE_DATE_EPOCH": str(int(datetime.fromisoformat(NOW).timestamp())),
        }
        arguments = ["import", str(self._source(case)), "--column", "announcements", "--as", "clerk"]
        return measure([sys.executable, "-m", "gongshi", *arguments], self._folder / "unit", environment)


def _old_format(content: bytes) -> bytes:
    libreoffice._FILTERS.setdefault("doc", "doc:MS Word 97")
    (made,) = libreoffice._convert((libreoffice.OfficeFile(content, "docx"),), "doc", 120)
    assert made is not None
    return made


def table(costs: Costs) -> str:
    """The medians of each case, and the ratio of its wall time to that of an import of nothing new.

    Args:
        costs: what was measured.
    """
    rows: list[tuple[str, ...]] = [("case", "wall s", "from", "to", "cpu s", "peak MB", "/ known")]
    for case, found in costs.items():
        walls = [cost.wall for cost in found]
        shown = (median(walls), min(walls), max(walls), median(cost.cpu for cost in found))
        times = ratio(costs, case, "known")
        rows.append(
            (case, *(f"{each:.2f}" for each in shown), f"{peak(found):.0f}", "-" if times is None else f"{times:.1f}")
        )
    return aligned(rows)


def targets(costs: Costs) -> str:
    """What must be reached, and whether it is.

    Args:
        costs: what was measured.
    """
    rows = [("target", "at most", "measured", "")]
    for name, bound, found in _targets(costs):
        verdict = "not measured" if found is None else "reached" if found <= bound else "NOT REACHED"
        rows.append((name, f"{bound:g}", "-" if found is None else f"{found:.2f}", verdict))
    return aligned(rows)


def _targets(costs: Costs) -> Iterator[tuple[str, float, float | None]]:
    yield "docx, s", 3, median(cost.wall for cost in costs["docx"]) if "docx" in costs else None
    are_there = "few" in costs and "many" in costs
    yield "memory, many / few", 1.3, peak(costs["many"]) / peak(costs["few"]) if are_there else None
    yield "time, many / few", 12, ratio(costs, "many", "few")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="The costs of imports.")
    parser.add_argument("--runs", type=int, default=3, help="of each case")
    parser.add_argument("--many", type=int, default=500, help="files of the large folder")
    parser.add_argument("--cases", default=",".join(CASES), help=f"of {','.join(CASES)}")
    found = parser.parse_args()
    found.cases = [case for case in found.cases.split(",") if case]
    if unknown := {*found.cases} - {*CASES}:
        parser.error(f"no such case: {', '.join(sorted(unknown))}")
    if "doc" in found.cases and libreoffice.program() is None:
        found.cases.remove("doc")
    return found


def main() -> None:
    """Measure in turn and print."""
    asked = _arguments()
    costs: Costs = defaultdict(list)
    with tempfile.TemporaryDirectory(prefix="gongshi-bench-") as folder:
        desk = Desk(Path(folder), asked.many)
        for case in asked.cases:
            desk.make(case)
        for _run in range(asked.runs):
            for case in asked.cases:
                costs[case].append(desk.cost(case))
                print(f"{case}: {costs[case][-1].wall:.2f} s", file=sys.stderr, flush=True)
    print(
        f"Imports into a unit of {ENTRIES} entries, medians of {asked.runs}; {asked.many} files are many\n{table(costs)}"
    )
    print(targets(costs))


if __name__ == "__main__":
    main()
