"""Whatever happened since the build before, a build that uses what was made before gives the site of a cold one."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.build_compare import build_like_cold
from support.photos import gradient, saved
from support.unit import NOW, UnitUnderTest, settings

HISTORIES = range(8, 16)
STEPS = 5
ENTRIES = ["announcements/a.md", "announcements/b/index.md", "announcements/c.md", "activities/d.md"]
PAGES = ["about.md", "index.md", "announcements/index.md", "office/index.md"]
BUNDLES = {"announcements/b/index.md": "announcements/b/", "office/index.md": "office/"}
LINKS = [
    "a.md", "../announcements/a.md", "a/", "../a/", "b/index.md", "b/", "b/a.txt", "a.txt", "../b/a.txt", "b/p.png", "c.md",
    "../activities/d.md", "/activities/d/", "https://www.unit.example/announcements/c/", "//www.unit.example/about/",
    "../about.md", "/about/", "/office/a.txt", "../office/index.md", "https://elsewhere.example/", "../tags/", "/feed.xml",
    "a.md#part", "?x", "mailto:a@unit.example", "nowhere.md", "p.png", "../searchpage/",
]  # fmt: skip
WORDS = ["hall", "hours", "notice of the year", "楼道改造公示", "办事指南", "<b>bold</b>", "A & B"]


class Unit:
    """A unit, and chance that changes it.

    Args:
        unit: the unit.
        seed: of the chance.
    """

    def __init__(self, unit: UnitUnderTest, seed: int) -> None:
        self.unit = unit
        self.chance = random.Random(seed)
        self.now = datetime.fromisoformat(NOW)
        self.configuration: dict[str, Any] = settings(
            chain=["final"], urgent={"role": "deputy", "review_within": "24h"}, assurance="seal"
        )
        for column in self.configuration["columns"].values():
            column["chain"] = ["final"]
        self.mkdocs: dict[str, Any] = {}
        self.before: dict[str, list[dict[str, bytes]]] = {}
        self.unit.configure(self.configuration)

    @property
    def clock(self) -> str:
        """Now, as commands take it."""
        return self.now.isoformat()

    def act(self, *arguments: str) -> bool:
        """Run a command; whether it did what it was told."""
        return self.unit.gongshi(*arguments, now=self.clock).exit_code == 0

    def path(self) -> str:
        """One of the entries and pages."""
        return self.chance.choice([*ENTRIES, *ENTRIES, *PAGES])

    def day(self, farthest: int) -> str:
        """A moment not far away."""
        return (self.now + timedelta(hours=self.chance.randint(-30, farthest))).strftime("%Y-%m-%d %H:%M")

    def write(self) -> str:
        """Write an entry or page with anything in it; its path."""
        path, chance = self.path(), self.chance
        title = f"{chance.choice(WORDS)} {chance.randint(1, 3)}"
        body = "\n\n".join(
            f"{chance.choice(WORDS)} [{chance.choice(WORDS)}]({chance.choice(LINKS)}) text." for _ in range(3)
        )
        keys: dict[str, Any] = {"title": title, "body": body}
        if path in BUNDLES:
            self.files(path)
            keys["attachments"] = [{"file": "a.txt", "title": chance.choice(WORDS)}]
            keys["body"] += "\n\n![picture](p.png)"
        if path in ENTRIES:
            keys["date"] = f"2026-{chance.randint(9, 11):02}-0{chance.randint(1, 9)}"
            keys["tags"] = chance.sample(["tag", "标签", "other"], chance.randint(0, 2))
            if chance.random() < 0.2:
                keys["pinned"] = True
            if chance.random() < 0.2:
                keys["expires_at"] = self.day(60)
            if chance.random() < 0.2:
                keys["publish_at"] = self.day(30)
            if path.startswith("activities/"):
                keys["event"] = {"start": self.day(60), "place": chance.choice(WORDS)}
        else:
            keys["date"] = None
        self.unit.write(path, **keys)
        return path

    def files(self, path: str) -> None:
        """Write the attachment and the picture of a bundle."""
        self.unit.write(f"{BUNDLES[path]}a.txt", f"attached {self.chance.randint(1, 3)}")
        size = self.chance.choice([(60, 40), (61, 40), (1000, 30)])
        self.unit.write(f"{BUNDLES[path]}p.png", saved(gradient(*size), "PNG"))

    def approve(self) -> None:
        """Write something and have it approved."""
        path = self.write()
        if self.act("submit", f"docs/{path}", "--as", "clerk"):
            self.act("approve", f"docs/{path}", "--as", "chief")

    def draft(self) -> None:
        """Write something that nobody approves."""
        self.write()

    def urgent(self) -> None:
        """Publish at once."""
        self.act("urgent", f"docs/{self.write()}", "--as", "deputy", "--reason", "storm")

    def attach(self) -> None:
        """Change the files of a bundle, with or without approval."""
        path = self.chance.choice(list(BUNDLES))
        self.files(path)
        if (self.unit.docs / path).exists() and self.chance.random() < 0.6:
            self.act("submit", f"docs/{path}", "--as", "clerk")
            self.act("approve", f"docs/{path}", "--as", "chief")

    def withdraw(self) -> None:
        """Take something down."""
        self.act("withdraw", f"docs/{self.path()}", "--as", "chief", "--reason", self.chance.choice(WORDS))

    def delete(self) -> None:
        """Delete a file, or the whole unit's drafts of it."""
        (self.unit.docs / self.path()).unlink(missing_ok=True)

    def damage(self) -> None:
        """Spoil a dossier, or mend it."""
        dossier = self.unit.dossier(self.path())
        if dossier.exists():
            content = dossier.read_bytes()
            mended = content.removesuffix(b"spoilt\n")
            dossier.write_bytes(mended if mended != content else content + b"spoilt\n")

    def wait(self) -> None:
        """Let time pass."""
        self.now += timedelta(hours=self.chance.choice([1, 5, 30, 24 * 20]))

    def configure(self) -> None:
        """Change mkdocs.yml."""
        kind = self.chance.randint(0, 6)
        if kind == 0:
            self.configuration["unit"]["name"] = self.chance.choice(WORDS)
        elif kind == 1:
            self.configuration["columns"]["announcements"]["title"] = self.chance.choice(WORDS)
        elif kind == 2:
            self.configuration["on_expiry"] = self.chance.choice(["mark", "notice"])
        elif kind == 3:
            self.configuration["people"]["chief"]["roles"] = self.chance.choice([["chief"], ["editor"]])
        elif kind == 4:
            self.mkdocs["site_url"] = self.chance.choice([None, "https://www.unit.example/", "https://u.example/x/"])
        elif kind == 5:
            self.mkdocs["markdown_extensions"] = self.chance.choice([["tables"], ["nl2br", "tables", "attr_list"]])
        else:
            self.mkdocs["nav"] = self.chance.choice(
                [None, [{"Start": "index.md"}, {"Us": ["about.md", "office/index.md"]}]]
            )
        self.unit.configure(self.configuration, **self.mkdocs)

    def spoil(self) -> None:
        """Damage what builds made: a file of the site, of the site before it, or of the cache, in place."""
        cache = self.unit.root / ".gongshi" / "cache"
        folder = self.chance.choice([self.unit.site, cache / "spare", cache / "objects"])
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        if files:
            file = self.chance.choice(files)
            if self.chance.random() < 0.3:
                file.unlink()
            else:
                file.write_bytes(file.read_bytes()[:-1] + b"?")

    def step(self) -> str:
        """Change something."""
        acts = [self.approve] * 8 + [self.draft, self.urgent, self.attach, self.attach, self.withdraw, self.delete]
        act = self.chance.choice([*acts, self.damage, self.wait, self.wait, self.configure, self.configure, self.spoil])
        self.now += timedelta(minutes=1)
        act()
        return act.__name__


@pytest.mark.slow
@pytest.mark.parametrize("seed", HISTORIES)
def test_a_cached_site_is_a_cold_one(tmp_path: Path, seed: int) -> None:
    """After each step of a random history the site is the cold one byte for byte, and the build says the same."""
    history = Unit(UnitUnderTest(tmp_path / "unit"), seed)
    for _ in range(3):
        history.approve()
    done = []
    for _ in range(STEPS):
        done.append(history.step())
        options = ["--strict"] if history.chance.random() < 0.2 else []
        result = build_like_cold(history.unit, *options, now=history.clock)
        assert result.exit_code in (0, 1), (done, result.all)
