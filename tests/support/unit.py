"""A unit in a temporary folder: write files, act by command, build, look for canaries."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import subprocess
import sys
import zlib
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from gongshi.domain.config import loader
from gongshi.domain.content.docs_tree import DocsTree
from gongshi.domain.review.actions import ReviewActions
from support import forked_commands

REPOSITORY = Path(__file__).resolve().parents[2]
HOOKS = REPOSITORY / "hooks"
NOW = "2026-11-21T10:00:00+08:00"

PEOPLE = {
    "clerk": {"name": "Clerk", "email": "clerk@unit.example", "roles": ["editor"], "since": "2025-01-01"},
    "head": {"name": "Head", "email": "head@unit.example", "roles": ["section-head"], "since": "2025-01-01"},
    "deputy": {"name": "Deputy", "email": "deputy@unit.example", "roles": ["deputy"], "since": "2025-01-01"},
    "chief": {"name": "Chief", "email": "chief@unit.example", "roles": ["chief"], "since": "2025-01-01"},
}
APPROVERS = {"announcements": ("head", "deputy", "chief"), "activities": ("head", "chief")}


def settings(**review: Any) -> dict[str, Any]:
    """`extra.gongshi` of the unit under test."""
    return {
        "unit": {"name": "Test Unit", "domain": "www.unit.example"},
        "timezone": "Asia/Shanghai",
        "columns": {
            "announcements": {"title": "Announcements", "kind": "announcement", "chain": ["first", "second", "final"]},
            "activities": {"title": "Activities", "kind": "activity", "chain": ["first", "final"]},
        },
        "people": json.loads(json.dumps(PEOPLE)),
        "review": {
            "assurance": "seal",
            "stages": {
                "first": {"title": "First", "role": "section-head"},
                "second": {"title": "Second", "role": "deputy"},
                "final": {"title": "Final", "role": "chief"},
            },
            "chain": ["first", "second", "final"],
            "withdraw_role": "chief",
            **review,
        },
    }


def front_matter(body: str = "Body text.", **keys: Any) -> str:
    """The text of an entry; keys given as None are left out."""
    values = {"title": "A title", "date": "2026-01-05", "status": "draft", "author": "clerk", **keys}
    head = yaml.safe_dump({k: v for k, v in values.items() if v is not None}, allow_unicode=True, sort_keys=False)
    # Dates as people write them: without quotes.
    head = re.sub(r"^(date|publish_at|expires_at): '(.*)'$", r"\1: \2", head, flags=re.MULTILINE)
    return f"---\n{head}---\n\n{body}\n"


ENDLESS = """
import markdown, time
convert = markdown.Markdown.convert
def endless(self, text):
    while "ENDLESS" in text:
        pass
    return convert(self, text)
markdown.Markdown.convert = endless
"""
"""For the end of `hooks/gate.py`: a text with this word is converted for ever."""


@dataclass
class Result:
    """What a command answered."""

    exit_code: int
    output: str
    errors: str

    @property
    def all(self) -> str:
        """Both streams."""
        return self.output + self.errors

    def json(self) -> Any:
        """The answer to `--json`."""
        return json.loads(self.output)


COMMON = {
    "PATH": os.environ["PATH"],
    "LANG": "en",
    "PYTHONUTF8": "1",
    "PYTHONPATH": str(HOOKS),
    "GIT_CONFIG_NOSYSTEM": "1",
}
"""The environment of every command."""
FORKED = ("gongshi", "mkdocs")


@dataclass
class UnitUnderTest:
    """A repository with the real hook, driven by the real commands in processes of their own."""

    root: Path
    environment: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.root / "docs").mkdir(parents=True, exist_ok=True)
        link = self.root / "hooks"
        if not link.exists():
            link.symlink_to(HOOKS)
        self.configure(settings())

    def own_hooks(self) -> Path:
        """Give the unit a copy of hooks/ that a test may change."""
        hooks = self.root / "hooks"
        hooks.unlink()
        shutil.copytree(HOOKS, hooks, ignore=shutil.ignore_patterns("__pycache__"))
        self.environment["PYTHONPATH"] = str(hooks)
        return hooks

    @property
    def docs(self) -> Path:
        """The content."""
        return self.root / "docs"

    @property
    def site(self) -> Path:
        """The built site."""
        return self.root / "site"

    def configure(self, gongshi: dict[str, Any] | None, **mkdocs: Any) -> None:
        """Write mkdocs.yml; keys given as None are left out."""
        base: dict[str, Any] = {
            "site_name": "Test Unit",
            "site_url": "https://www.unit.example/",
            "hooks": ["hooks/gate.py"],
            "exclude_docs": "*",
            "plugins": [],
            "theme": {"name": "gongshi", "language": "en"},
            "markdown_extensions": ["attr_list", "md_in_html", "tables"],
            "extra": {"gongshi": gongshi},
        }
        base.update(mkdocs)
        text = yaml.safe_dump({k: v for k, v in base.items() if v is not None}, allow_unicode=True, sort_keys=False)
        (self.root / "mkdocs.yml").write_text(text, encoding="utf-8")

    def write(self, path: str, content: str | bytes | None = None, **keys: Any) -> Path:
        """Write a file under docs/: given content, or an entry with these front matter keys."""
        target = self.docs / path
        target.parent.mkdir(parents=True, exist_ok=True)
        text = front_matter(**keys) if content is None else content
        target.write_bytes(text if isinstance(text, bytes) else text.encode())
        return target

    def run(self, *command: str, now: str = NOW, **environment: str) -> Result:
        """Run a Python module as a command at a given time."""
        epoch = str(int(datetime.fromisoformat(now).timestamp()))
        env = {**COMMON, "HOME": str(self.root), "SOURCE_DATE_EPOCH": epoch, **self.environment, **environment}
        if not self.environment and not environment and (command[0] in FORKED or command[0].endswith(".py")):
            found = forked_commands.server(HOOKS, tuple(COMMON.items())).run(command, self.root, env)
            if found:
                return Result(*found)
        done = subprocess.run(
            [sys.executable, *(() if command[0].endswith(".py") else ("-m",)), *command],
            cwd=self.root,
            env=env,
            capture_output=True,
            text=True,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    def gongshi(self, *arguments: str, now: str = NOW, **environment: str) -> Result:
        """Run `gongshi`."""
        return self.run("gongshi", *arguments, now=now, **environment)

    def build(self, *options: str, now: str = NOW, **environment: str) -> Result:
        """Run `mkdocs build`."""
        return self.run("mkdocs", "build", *options, now=now, **environment)

    def run_script(self, text: str, *arguments: str, now: str = NOW) -> Result:
        """Run a Python script in the unit's folder, which it may end by a signal: its exit code is negative then."""
        script = self.root.parent / f"{self.root.name}-script.py"
        script.write_text(text, encoding="utf-8")
        return self.run(str(script), *arguments, now=now)

    def publish(self, path: str, now: str = NOW) -> None:
        """Submit and approve through the whole chain."""
        self.submit(path, now=now)
        self.approve(path, now=now)

    def publish_unlimited(self, path: str) -> None:
        """Submit and approve as it was done before texts had limits."""
        hooks, before = self.root / ".hooks-before", dict(self.environment)
        shutil.copytree(HOOKS, hooks, ignore=shutil.ignore_patterns("__pycache__"), dirs_exist_ok=True)
        with (hooks / "gongshi" / "domain" / "content" / "text_limits.py").open("a") as limits:
            limits.write(
                "def problems(*_arguments):\n    return iter(())\ndef may_be_complex(_body):\n    return False\n"
            )
        self.environment["PYTHONPATH"] = str(hooks)
        try:
            self.publish(path)
        finally:
            self.environment = before

    def submit(self, path: str, now: str = NOW) -> None:
        """Submit as the clerk."""
        self._decide("submit", path, "clerk", now)

    def approve(self, path: str, stages: int = 3, now: str = NOW) -> None:
        """Approve by the right persons, at so many stages."""
        for person in APPROVERS.get(path.split("/")[0], APPROVERS["announcements"])[:stages]:
            self._decide("approve", path, person, now)

    def _decide(self, act: str, path: str, person: str, now: str) -> None:
        """Record a decision: in this process, which is faster, where the command would do no more than the rules say."""
        found = loader.load_configuration(self.root / "mkdocs.yml")
        has_git = any((self.root / name).exists() for name in (".git", ".gitconfig"))
        if self.environment or has_git or found.policy.signed or not path.endswith(".md"):
            result = self.gongshi(act, f"docs/{path}", "--as", person, now=now)
            assert result.exit_code == 0, result.all
            return
        at = datetime.fromisoformat(now).astimezone(found.policy.zone)
        actions = ReviewActions(found, person, at, DocsTree(found.docs, found.policy))
        (actions.submit if act == "submit" else actions.approve)(path)
        actions.remember()

    def copy(self, root: Path) -> UnitUnderTest:
        """Copy the unit as it is, with the hard links between its site and its cache.

        Args:
            root: a folder that does not exist.
        """
        subprocess.run(["cp", "-a", self.root, root], check=True)
        copied = UnitUnderTest.__new__(UnitUnderTest)  # __init__ would write mkdocs.yml
        copied.root, copied.environment = root, dict(self.environment)
        return copied

    def page(self, address: str) -> str:
        """The HTML at an address of the built site."""
        return (self.site / address / "index.html").read_text(encoding="utf-8")

    def dossier(self, path: str) -> Path:
        """The dossier file of an entry."""
        return self.docs / ".reviews" / f"{path}.jsonl"

    def leaks(self, *canaries: str) -> list[str]:
        """Where canaries stand in the built site: names and bytes of every file, compressed ones unpacked."""
        assert canaries
        return [
            f"{file.relative_to(self.site).as_posix()}: {canary}"
            for file in self.site.rglob("*")
            for canary in canaries
            if any(canary.encode() in content for content in _contents(file, self.site))
        ]


def _contents(file: Path, site: Path) -> list[bytes]:
    found = [str(file.relative_to(site)).encode("utf-8", "surrogateescape")]
    if file.is_file():
        content = file.read_bytes()
        found.append(content)
        if content[:2] == b"\x1f\x8b":
            found.append(gzip.decompress(content))
        found += _zlib_streams(content)
    return found


def _zlib_streams(content: bytes) -> list[bytes]:
    try:
        return [zlib.decompress(content)]
    except zlib.error:
        return []
