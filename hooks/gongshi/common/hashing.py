"""Hash bytes with SHA-256, and write JSON in the canonical form for hashing."""

from __future__ import annotations

import hashlib
import json
from typing import Any

_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_json(value: Any) -> bytes:
    """Return a value as JSON for hashing: UTF-8, sorted keys, no spaces."""
    return _JSON.encode(value).encode()


def sha256(content: bytes) -> str:
    """Return the SHA-256 of bytes as 64 hexadecimal digits."""
    return hashlib.sha256(content).hexdigest()
