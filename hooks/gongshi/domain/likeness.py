"""Compare two versions by their content, wherever they stand.

Texts: each becomes the set of its pairs of neighbouring characters, in scripts with alphabets of its runs of six, after
everything was taken out that a reader does not see or hardly sees: markup, spaces, punctuation, invisible characters,
capitals, width, letters of other alphabets that look the same. One text is nearly another where at least `SHARE` of
the pairs of one stand in the other, at most three places apart. So words put in, passages in another order and a text
within a longer one are found. Two notices of one kind, such as two stops of the water supply, have up to two thirds of
their pairs in common, others up to a third.

Files: the same bytes; or `SHARE` of them the same at the beginning and the end; or, in office files, `SHARE` of what is
packed in them, or nearly the same text.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from gongshi.domain.characters import is_invisible
from gongshi.domain.normalization import normalized
from gongshi.domain.version import Version

SHARE = 0.8
"""From which share in common content is nearly the same."""
LOOKS = str.maketrans(
    "АВЕКМНОРСТУХЅІЈаеорсухѕіјһԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXSIJaeopcyxsijhdABEZHIKMNOPTYXo",
)
"""Letters of other alphabets that look like Latin ones."""
_POSTER = 100
"""Characters of text up to which a picture beside it is the content: in a longer text it may be a badge or a code."""
_PICTURE = re.compile(r".*\.(png|jpe?g|jfif|gif|webp|avif|heic|bmp|tiff?|svg)", re.IGNORECASE)
_APART, _RUN = 3, 6
_PACKED_BYTES = 16 << 20
_HIDDEN = re.compile(r"<!--.*?-->|</?[A-Za-z][^<>]*>|\{:[^{}\n]*\}", re.DOTALL)


@dataclass(frozen=True)
class Content:
    """A version with the bytes of its files."""

    version: Version
    read: Callable[[str], bytes]
    """Gives the bytes of a bundle's file by its name; raises InvalidInput or OSError where it cannot."""


def is_nearly(new: Content, before: Content) -> bool:
    """Tell whether content is the same or nearly the same as other content; path and dates make no difference.

    Args:
        new: the content in question.
        before: what it is compared with.

    Raises:
        InvalidInput: a kept file is not whole.
        OSError: a file cannot be read.
    """
    texts, olds = _texts(new.version), _texts(before.version)
    if any(_is_text_nearly(text, old) for text in texts for old in olds):
        return True
    posters = min(map(len, (*texts, *olds))) <= _POSTER
    mine, theirs = _files(new.version, posters), _files(before.version, posters)
    if set(mine.values()) & set(theirs.values()):
        return True
    return any(_is_file_nearly(new.read(name), before.read(other)) for name in mine for other in theirs)


def _texts(version: Version) -> set[str]:
    """Return the text of a version as it looks, with what may be markup and without: in code it is text."""
    return _essences("\n".join((version.meta.title, version.meta.summary or "", version.manuscript.body)))


@lru_cache(maxsize=64)
def _essences(text: str) -> set[str]:
    return {_essence(text), _essence(_HIDDEN.sub("", text))}


def _files(version: Version, pictures: bool) -> dict[str, str]:
    return {name: digest for name, digest in version.files.items() if pictures or not _PICTURE.fullmatch(name)}


def _essence(text: str) -> str:
    """Return the letters and digits of a text as they look."""
    shown = normalized("NFKC", html.unescape(text)).translate(LOOKS).casefold()
    return "".join(character for character in shown if character.isalnum() and not is_invisible(character))


def _is_text_nearly(new: str, before: str) -> bool:
    if not new or not before:
        return new == before
    if _share(before, new) >= SHARE:
        return True
    # A part of it is as good as all, if it is a large one.
    return 2 * len(new) >= len(before) and _share(new, before) >= SHARE


def _share(part: str, whole: str) -> float:
    """Return which share of the pairs of one text stand in another."""
    pairs = set(_pairs(part, 1))
    if not pairs:
        return float(part in whole)
    return len(pairs & set(_pairs(whole, _APART))) / len(pairs)


def _pairs(text: str, apart: int) -> Iterator[str]:
    for place, character in enumerate(text):
        if character >= "\u2e80":
            yield from (character + other for other in text[place + 1 : place + 1 + apart])
        elif place + _RUN <= len(text):
            yield text[place : place + _RUN]


def _is_file_nearly(new: bytes, before: bytes) -> bool:
    longer = max(len(new), len(before))
    begin = _common(new, before, lambda count: new[:count] == before[:count])
    end = _common(new, before, lambda count: new[len(new) - count :] == before[len(before) - count :])
    if begin + end >= SHARE * longer:
        return True
    mine, theirs = _members(new), _members(before)
    if not mine or not theirs:
        return False
    same = sum(len(content) for content in set(mine) & set(theirs))
    if same >= SHARE * max(sum(map(len, set(mine))), sum(map(len, set(theirs)))):
        return True
    texts = [_essence(_HIDDEN.sub("", b"".join(found).decode(errors="replace"))) for found in (mine, theirs)]
    return min(map(len, texts)) > _POSTER and _is_text_nearly(*texts)


def _common(new: bytes, before: bytes, is_same: Callable[[int], bool]) -> int:
    """Return how many bytes are the same, by halving: comparing bytes costs next to nothing."""
    low, high = 0, min(len(new), len(before))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(middle) else (low, middle - 1)
    return low


def _members(content: bytes) -> list[bytes]:
    """Return what is packed in a file, empty where nothing is; 16 MiB at most."""
    found: list[bytes] = []
    left = _PACKED_BYTES
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                with packed.open(name) as member:
                    found.append(member.read(left))
                left -= len(found[-1])
                if left <= 0:
                    break
    except (zipfile.BadZipFile, ValueError, RuntimeError, EOFError, OSError, zlib.error):
        return []
    return found
