"""An entry, and every change of it that a reader would see."""

from __future__ import annotations

from gongshi.domain.content import front_matter
from gongshi.domain.content.version import Version

VALID = "---\ntitle: A\ndate: 2026-11-03\nstatus: draft\nauthor: clerk\n---\nBody\n"
"""The text of an entry without any optional key."""

CHANGES = [
    VALID.replace("title: A", "title: B"),
    VALID.replace("Body", "Body."),
    VALID.replace("author: clerk", "author: head"),
    VALID.replace("2026-11-03", "2026-11-03 00:00"),
    *(
        VALID.replace("author: clerk", f"author: clerk\n{line}")
        for line in (
            "source: S", "summary: S", "tags: [S]", "tags: [S, T]", "pinned: true", "publish_at: 2026-11-03 08:00",
            "publish_at: 2026-11-03 08:00 +08:00", "expires_at: 2026-11-04",
            "public_notice: {from: 2026-11-04, to: 2026-11-05}",
            "public_notice: {from: 2026-11-04, to: 2026-11-06}", "document: {number: S}", "document: {index: S}",
            "event: {start: 2026-11-04}", "event: {start: 2026-11-04, place: S}", "attachments: [{file: f.txt, title: S}]",
            "imported_from: {file: S, sha256: T}", "lang: ug", "lang: mn-Mong", "lang: mn-Cyrl",
        )
    ),
]  # fmt: skip
"""The same entry, changed at one place each."""


def digest(text: str, path: str = "announcements/x.md", files: dict[str, str] | None = None) -> str:
    """The digest of a version."""
    return Version(path, front_matter.read(text.encode(), path, requires_entry_keys=True), files or {}).digest
