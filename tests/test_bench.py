"""Benchmarks run, so that nobody finds them rotten on the day a figure is needed."""

from __future__ import annotations

import os
import subprocess
import sys

from support.unit import HOOKS, REPOSITORY


def test_the_benchmark_of_signatures() -> None:
    """With a few decisions; what it prints on a real size is no matter of tests."""
    command = [sys.executable, str(REPOSITORY / "tests" / "bench" / "signatures.py"), "8"]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HOOKS), str(REPOSITORY / "tests")])}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("8 decisions, medians of 5:")
