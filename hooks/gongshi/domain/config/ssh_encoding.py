"""Read and write strings in SSH's encoding: four bytes of length, then the content (RFC 4251, section 5)."""

from __future__ import annotations


def read_string(data: bytes) -> tuple[bytes, bytes]:
    """Read the string at the beginning of data; return it and the rest.

    Raises:
        ValueError: the data ends within the string.
    """
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 + size:
        raise ValueError(data)
    return data[4 : 4 + size], data[4 + size :]


def read_strings(data: bytes) -> list[bytes]:
    """Return all strings of data that has nothing else in it.

    Raises:
        ValueError: the data ends within a string.
    """
    strings = []
    while data:
        string, data = read_string(data)
        strings.append(string)
    return strings


def write_string(content: bytes) -> bytes:
    """Return content as an SSH string.

    Args:
        content: at most 4 GiB.
    """
    return len(content).to_bytes(4, "big") + content
