"""Windows metafiles for tests."""

from __future__ import annotations

import struct


def rectangle(height: int = 500) -> bytes:
    """A rectangle as placeable WMF (MS-WMF 2.3.2.3), 1000 units wide; it leaves a margin of a tenth to a fifth."""
    words = struct.pack("<IHhhhhHI", 0x9AC6CDD7, 0, 0, 0, 1000, height, 1000, 0)
    check = 0
    for (word,) in struct.iter_unpack("<H", words):
        check ^= word
    records = struct.pack("<IHhh", 5, 0x020B, 0, 0) + struct.pack("<IHhh", 5, 0x020C, height, 1000)
    records += struct.pack("<IHhhhh", 7, 0x041B, height * 4 // 5, 900, height // 5, 100) + struct.pack("<IH", 3, 0)
    return (
        words
        + struct.pack("<H", check)
        + struct.pack("<HHHIHIH", 1, 9, 0x0300, 9 + len(records) // 2, 0, 7, 0)
        + records
    )
