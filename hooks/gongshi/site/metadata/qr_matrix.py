"""The modules of QR codes for addresses, five times as fast as the library: a site has one on each page.

Segno gives what all codes of a size have in common. The data and its error correction (Reed-Solomon over GF(256)) are
put in here, bit for bit as Segno does it. What is out of the ordinary, such as very long addresses, Segno makes whole.

Source: ISO/IEC 18004:2015, 7.4 to 7.8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest

import segno
from segno import consts

MASK = 2
"""The pattern laid over the modules: every third column. To try all eight takes four times as long as all the rest,
readers take any of them (7.8), and over addresses like ours this one is most often the best."""

_SIZES = {
    "m": ((10, 16), (16, 28), (26, 44), (18, 32, 32), (24, 43, 43), (16, *[27] * 4), (18, *[31] * 4),
          (22, 38, 38, 39, 39), (22, 36, 36, 36, 37, 37)),
    "q": ((13, 13), (22, 22), (18, 17, 17), (26, 24, 24), (18, 15, 15, 16, 16), (24, *[19] * 4),
          (18, 14, 14, *[15] * 4), (22, *[18] * 4, 19, 19), (20, *[16] * 4, *[17] * 4)),
    "h": ((17, 9), (28, 16), (22, 13, 13), (16, *[9] * 4), (22, 11, 11, 12, 12), (28, *[15] * 4), (26, *[13] * 4, 14),
          (26, *[14] * 4, 15, 15), (24, *[12] * 4, *[13] * 4)),
}  # fmt: skip
"""By level, for versions 1 to 9: codewords of error correction in each block, and of data block by block (table 9)."""
_HEAD_BITS = 12
"""Before the data: the mode, and how many bytes there are."""
_PADDING = (0xEC, 0x11)
_POLYNOMIAL = 0x11D


def modules(address: str) -> list[bytearray]:
    """The rows of a code, 1 for dark modules.

    Args:
        address: ASCII.

    Raises:
        segno.DataOverflowError: it is too long for any code.
    """
    size = len(address)
    fitting = [number for number in range(1, 10) if _holds("m", number, size)]
    # Only small letters make sure that Segno, too, takes the text for bytes.
    if not fitting or not re.search("[a-z]", address):
        return list(segno.make_qr(address, error="m", mask=MASK).matrix)
    number = fitting[0]
    level = next(level for level in "hqm" if _holds(level, number, size))
    return _filled(_frame(number, level), _codewords(address.encode("ascii"), number, level))


def _holds(level: str, number: int, size: int) -> bool:
    return 8 * sum(_SIZES[level][number - 1][1:]) >= _HEAD_BITS + 8 * size


@dataclass(frozen=True)
class _Frame:
    """What all codes of a version and level have in common."""

    rows: tuple[bytes, ...]
    places: tuple[tuple[int, int, int], ...]
    """Row and column of each bit of data in order, and whether the mask turns it."""


@cache
def _frame(number: int, level: str) -> _Frame:
    code = segno.make_qr("a", version=number, error=level, mask=MASK, boost_error=False)
    kinds = [list(row) for row in code.matrix_iter(border=0, verbose=True)]
    size, data = len(kinds), (consts.TYPE_DATA_DARK, consts.TYPE_DATA_LIGHT)
    # Segno takes one place more for the format than it fills.
    kinds[8][size - 9] = consts.TYPE_DATA_LIGHT
    places = [(row, column, int(column % 3 == 0)) for row, column in _way(size) if kinds[row][column] in data]
    return _Frame(tuple(map(bytes, code.matrix)), tuple(places))


def _way(size: int) -> Iterator[tuple[int, int]]:
    """Up and down in pairs of columns, from the right to the left, without the column of the timing pattern (7.7.3)."""
    rights = [*range(size - 1, 6, -2), *range(5, 0, -2)]
    for turn, right in enumerate(rights):
        for row in range(size) if turn % 2 else range(size - 1, -1, -1):
            yield from ((row, right), (row, right - 1))


def _codewords(content: bytes, number: int, level: str) -> bytes:
    """The data with its padding, and the error correction, block by block in turn (7.4 to 7.6)."""
    check, *sizes = _SIZES[level][number - 1]
    room = sum(sizes)
    head = 0b0100 << 8 | len(content)
    bits = head << 8 * len(content) | int.from_bytes(content, "big")
    # Four zeros end the data and fill the last codeword; Segno adds one of zeros before it pads, where there is room.
    data = (bits << 12).to_bytes(len(content) + 3, "big")[:room]
    data += bytes(_PADDING[place % 2] for place in range(room - len(data)))
    blocks, start = [], 0
    for size in sizes:
        blocks.append(data[start : start + size])
        start += size
    checks = [_check(block, check) for block in blocks]
    return bytes(b for b in chain(*zip_longest(*blocks), *zip(*checks, strict=True)) if b is not None)


def _check(block: bytes, size: int) -> bytes:
    """What is left of the data divided by the generator polynomial (7.5.2)."""
    table, rest, top = _steps(size), 0, 8 * (size - 1)
    below = (1 << top) - 1
    for byte in block:
        rest = (rest & below) << 8 ^ table[rest >> top ^ byte]
    return rest.to_bytes(size, "big")


@cache
def _steps(size: int) -> list[int]:
    """The generator polynomial of this degree times each byte."""
    generator, root = [1], 1
    for _place in range(size):
        moved = [_times(value, root) for value in generator]
        generator = [a ^ b for a, b in zip([*generator, 0], [0, *moved], strict=True)]
        root = _times(root, 2)
    return [int.from_bytes(bytes(_times(value, byte) for value in generator[1:]), "big") for byte in range(256)]


def _times(one: int, other: int) -> int:
    result = 0
    while other:
        result ^= one if other & 1 else 0
        one = one << 1 ^ (_POLYNOMIAL if one & 0x80 else 0)
        other >>= 1
    return result


def _filled(frame: _Frame, codewords: bytes) -> list[bytearray]:
    rows = list(map(bytearray, frame.rows))
    # A few places are left over at the end, without data.
    bits = bin(int.from_bytes(b"\1" + codewords, "big"))[3:].ljust(len(frame.places), "0")
    for (row, column, turned), bit in zip(frame.places, bits, strict=True):
        rows[row][column] = turned ^ (bit == "1")
    return rows
