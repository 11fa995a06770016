"""The gate's share of a cold build.

    make bench
    PYTHONPATH=hooks:tests python tests/bench/gate_share.py [ENTRIES]

Makes a unit with so many approved entries (2,000 unless told), then times in turn, each in a process of its own: the gate
alone (parse, digest, verify, decide), and our cold build. Prints medians and ratios; writes nothing here.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime
from pathlib import Path

from bench.generator import make
from support.unit import HOOKS, NOW

RUNS = 5
GATE = """
import sys, time
from datetime import datetime
from pathlib import Path
from gongshi.domain.config import loader as configuration
from gongshi.domain.review.snapshot import take_snapshot
start = time.perf_counter()
found = take_snapshot(configuration.load_configuration(Path("mkdocs.yml")), datetime.fromisoformat(sys.argv[1]))
assert sum(1 for _ in found.public()) == int(sys.argv[2])
print(time.perf_counter() - start)
"""


def timed(command: list[str], folder: Path) -> tuple[float, str]:
    """Seconds of a process from start to end, with nothing left of the build before, and what it printed."""
    epoch = str(int(datetime.fromisoformat(NOW).timestamp()))
    env = {**os.environ, "PYTHONPATH": str(HOOKS), "SOURCE_DATE_EPOCH": epoch, "NO_MKDOCS_2_WARNING": "1", "LANG": "en"}
    for place in ("site", ".gongshi/cache"):
        shutil.rmtree(folder / place, ignore_errors=True)
    start = time.perf_counter()
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=True)
    return time.perf_counter() - start, done.stdout


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder:
        unit = make(Path(folder) / "unit", count, 0)
        public = str(len(unit.entries) + len(unit.pages))
        gate, ours = [], []
        for _ in range(RUNS):
            gate.append(float(timed([sys.executable, "-c", GATE, NOW, public], unit.root)[1]))
            ours.append(timed([sys.executable, "-m", "mkdocs", "build", "-q"], unit.root)[0])
    print(f"{count} approved entries, median of {RUNS} runs, in turn:")
    for name, seconds in {"gate": gate, "our cold build": ours}.items():
        print(f"  {name:15} {statistics.median(seconds):7.2f} s   ({min(seconds):.2f} to {max(seconds):.2f})")
    share = statistics.median(g / o for g, o in zip(gate, ours, strict=True))
    print(f"  gate / our build   {share:.3f}   (must be under 0.15)")


if __name__ == "__main__":
    main()
