"""The gate's share of a cold build, and our build beside bare MkDocs on the same content.

    make bench
    PYTHONPATH=hooks:tests python tests/bench/gate_share.py [ENTRIES]

Makes a unit with so many approved entries (2,000 unless told), then times in turn, each in a process of its own:
the gate alone (parse, digest, verify, decide), our cold build, and bare `mkdocs build` with Material on the same
Markdown, its entries out of the navigation and without plugins. Prints medians and ratios; writes nothing here.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

from gongshi.domain.archive import Archive
from gongshi.domain.dossier import Act, Decision
from gongshi.domain.frontmatter import read
from gongshi.domain.version import Version
from support.unit import HOOKS, NOW, UnitUnderTest, front_matter

RUNS = 5
WORDS = "为方便群众办事，现将有关事项通知如下。请各村（社区）认真做好组织工作，并于规定时间内完成。"
GATE = """
import sys, time
from datetime import datetime
from pathlib import Path
from gongshi.domain import configuration
from gongshi.domain.survey import survey
start = time.perf_counter()
found = survey(configuration.load(Path("mkdocs.yml")), datetime.fromisoformat(sys.argv[1]))
assert sum(1 for _ in found.public()) == int(sys.argv[2])
print(time.perf_counter() - start)
"""


def make_unit(root: Path, count: int) -> UnitUnderTest:
    """A unit with approved entries of one to eight paragraphs, some with a table, some with an attachment."""
    unit = UnitUnderTest(root)
    archive = Archive(unit.docs)
    start = datetime.fromisoformat("2025-02-01T09:00:00+08:00")
    for number in range(count):
        at = start + timedelta(minutes=number)
        bundle = number % 10 == 0
        path = f"announcements/{at:%Y}/{number}/index.md" if bundle else f"announcements/{at:%Y}/{number}.md"
        table = "\n\n| 序号 | 事项 |\n| --- | --- |\n| 1 | 办理 |\n" if number % 4 == 0 else ""
        body = "\n\n".join([WORDS * 2] * (number % 8 + 1)) + table
        attachments = [{"file": "form.txt", "title": "申请表"}] if bundle else None
        text = front_matter(
            body, title=f"关于第{number}项工作的通知", date=f"{at:%Y-%m-%d}", status="approved", tags=["通知"],
            attachments=attachments,
        )  # fmt: skip
        unit.write(path, text)
        files = {path.rsplit("/", 1)[-1]: archive.keep(text.encode())}
        if bundle:
            unit.write(path.replace("index.md", "form.txt"), b"x" * 20_000)
            files["form.txt"] = archive.keep(b"x" * 20_000)
        others = {name: digest for name, digest in files.items() if name == "form.txt"}
        digest = Version(path, read(text.encode(), path, is_entry=True), others).digest
        dossier = archive.dossier(path)
        dossier = archive.append(dossier, Decision(Act.SUBMIT, "clerk", at, digest))
        for stage, by in (("first", "head"), ("second", "deputy"), ("final", "chief")):
            chain = ("first", "second", "final")
            dossier = archive.append(dossier, Decision(Act.APPROVE, by, at, digest, stage, chain, files))
    return unit


def make_bare(root: Path, unit: UnitUnderTest) -> None:
    """The same Markdown for MkDocs and Material alone."""
    root.mkdir()
    shutil.copytree(unit.docs, root / "docs", ignore=shutil.ignore_patterns(".reviews"))
    (root / "docs" / "index.md").write_text("# Home\n")
    (root / "mkdocs.yml").write_text(
        "site_name: Bare\nplugins: []\nnot_in_nav: /announcements\ntheme: {name: material, font: false, language: zh}\n"
    )


def timed(command: list[str], folder: Path) -> tuple[float, str]:
    """Seconds of a process from start to end, and what it printed."""
    epoch = str(int(datetime.fromisoformat(NOW).timestamp()))
    env = {**os.environ, "PYTHONPATH": str(HOOKS), "SOURCE_DATE_EPOCH": epoch, "NO_MKDOCS_2_WARNING": "1", "LANG": "en"}
    shutil.rmtree(folder / "site", ignore_errors=True)
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        unit = make_unit(Path(folder) / "unit", count)
        bare = Path(folder) / "bare"
        make_bare(bare, unit)
        gate, ours, theirs = [], [], []
        for _ in range(RUNS):
            gate.append(float(timed([sys.executable, "-c", GATE, NOW, str(count)], unit.root)[1]))
            ours.append(timed([sys.executable, "-m", "mkdocs", "build", "-q"], unit.root)[0])
            theirs.append(timed([sys.executable, "-m", "mkdocs", "build", "-q"], bare)[0])
    rows = {"gate": gate, "our cold build": ours, "bare build": theirs}
    print(f"{count} approved entries, median of {RUNS} runs, in turn:")
    for name, seconds in rows.items():
        print(f"  {name:15} {statistics.median(seconds):7.2f} s   ({min(seconds):.2f} to {max(seconds):.2f})")
    print(
        f"  gate / our build   {statistics.median(g / o for g, o in zip(gate, ours, strict=True)):.3f}   (must be under 0.15)"
    )
    print(f"  our build / bare   {statistics.median(o / t for o, t in zip(ours, theirs, strict=True)):.3f}")


if __name__ == "__main__":
    main()
