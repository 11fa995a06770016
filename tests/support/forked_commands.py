"""Commands in processes of their own that need not load every library anew.

A server that has loaded what the commands need forks for each of them. The command still has a process, a working folder,
an environment and files for its output of its own, and begins where `python -m` begins.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from functools import cache
from pathlib import Path

LOADED = (
    "click", "cryptography.hazmat.primitives.asymmetric.ed25519", "docx", "docxtpl", "jinja2.sandbox", "openpyxl", "rich.table",
    "markdown.extensions.tables", "markdown.extensions.attr_list", "markdown.extensions.md_in_html", "material",
    "mkdocs.__main__", "mkdocs.commands.build", "mkdocs.commands.serve",
    "gongshi.build.hooks", "gongshi.reports.entry_history", "gongshi.reports.form.subject", "gongshi.reports.diff.compare",
)  # fmt: skip
"""Not the commands themselves: their help texts are translated when they are loaded."""


class Server:
    """The process that forks.

    Args:
        hooks: the folder on which `gongshi` is found.
        environment: the environment that each command's is a small change of.
    """

    def __init__(self, hooks: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve())],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**environment, "PYTHONPATH": str(hooks)},
        )  # fmt: skip
        self._alone = threading.Lock()
        atexit.register(self._end)

    def _end(self) -> None:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, command: tuple[str, ...], cwd: Path, environment: dict[str, str]) -> tuple[int, str, str] | None:
        """Run a module, or a script by its path, with arguments: exit code, output, errors; None while another runs."""
        if not self._alone.acquire(blocking=False):
            return None
        try:
            return self._run(command, cwd, environment)
        finally:
            self._alone.release()

    def _run(self, command: tuple[str, ...], cwd: Path, environment: dict[str, str]) -> tuple[int, str, str]:
        assert self._process.stdin and self._process.stdout
        with tempfile.NamedTemporaryFile() as out, tempfile.NamedTemporaryFile() as err:
            order = {"command": command, "cwd": str(cwd), "env": environment, "out": out.name, "err": err.name}
            self._process.stdin.write(json.dumps(order) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return code, Path(out.name).read_text(encoding="utf-8"), Path(err.name).read_text(encoding="utf-8")


@cache
def server(hooks: Path, environment: tuple[tuple[str, str], ...]) -> Server:
    """The server of this process."""
    return Server(hooks, dict(environment))


def _serve() -> None:
    for name in LOADED:
        importlib.import_module(name)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _work(json.loads(line))
        _pid, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _work(order: dict[str, object]) -> None:
    for number, name in ((1, order["out"]), (2, order["err"])):
        os.dup2(os.open(str(name), os.O_WRONLY), number)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    environment, command = order["env"], order["command"]
    assert isinstance(environment, dict) and isinstance(command, list)
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    os.chdir(str(order["cwd"]))
    is_script = command[0].endswith(".py")
    sys.path[0], sys.argv = str(order["cwd"]), [command[0] if is_script else "-m", *command[1:]]
    code = 0
    try:
        if is_script:
            runpy.run_path(command[0], run_name="__main__")
        else:
            runpy.run_module(command[0], run_name="__main__", alter_sys=True)
    except SystemExit as end:
        if isinstance(end.code, str):
            print(end.code, file=sys.stderr)
        code = end.code if isinstance(end.code, int) else 1 if end.code else 0
    except BaseException:
        traceback.print_exc()
        code = 1
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    _serve()
