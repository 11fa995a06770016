"""Renews the JSON schema of the front matter from its declaration: `python tests/support/front_matter_schema.py`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

HOOKS = Path(__file__).resolve().parents[2] / "hooks"
FILE = HOOKS / "gongshi" / "front-matter.schema.json"


def schema_text() -> str:
    """Return the content of the file."""
    from gongshi.domain.content.front_matter import FrontMatter
    from gongshi.domain.content.front_matter_declaration import object_schema

    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of an entry",
        **object_schema(FrontMatter, of_entries=True),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.path.insert(0, str(HOOKS))
    FILE.write_text(schema_text(), encoding="utf-8")
