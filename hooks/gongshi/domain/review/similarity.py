"""Compare the content of two versions, independent of their paths.

Texts: differences that a reader does not see or hardly sees are removed first: markup, spaces, punctuation, invisible
characters, case, character width, similar letters of other alphabets. Then each text becomes a set of pairs of
neighbouring characters (in alphabetic scripts: sequences of six characters). Two texts are nearly the same if at least
`SHARE` of the pairs of one text occur in the other, at most three positions apart. This finds inserted words,
paragraphs in another order, and a text within a longer one. Two different notices of the same kind, such as two water
supply interruptions, have up to two thirds of their pairs in common, other texts up to a third.

Files are nearly the same if their bytes are equal, if `SHARE` of the bytes are equal at the beginning and the end, or,
for office files, if `SHARE` of the packed files are equal or the texts are nearly the same.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, lru_cache

from gongshi.common.characters import is_invisible
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.common.normalization import normalize
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import Place, front_matter_key
from gongshi.domain.content.version import Version

SHARE = 0.8
"""Minimum share of common content for two contents to be nearly the same."""
LOOKS = str.maketrans(
    "АВЕКМНОРСТУХЅІЈаеорсухѕіјһԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXSIJaeopcyxsijhdABEZHIKMNOPTYXo",
)
"""Cyrillic and Greek letters that look like Latin letters."""
_SHORT_TEXT = 100
"""Length of text up to which pictures are compared too: in a longer text, a picture may be a badge or a QR code."""
_PICTURE = lazy_pattern(r".*\.(png|jpe?g|jfif|gif|webp|avif|heic|bmp|tiff?|svg)", re.IGNORECASE)
_PAIR_DISTANCE, _SEQUENCE_LENGTH = 3, 6
_PACKED_BYTES = 16 << 20
_HIDDEN = lazy_pattern(
    r"</?[A-Za-z](?:[^<>\"']|\"[^\"]{0,5000}\"|'[^']{0,5000}'){0,500}>"
    r"|</?[A-Za-z][^<>]*>"
    r"|^[ ]{0,3}\*?\[[^\]\n]{1,500}\]:[^\n]*$"
    r"|!\[[^\]\n]{0,1000}\]"
    r"|(?<=\])\([^()\n]{0,3000}(?:\([^()\n]{0,500}\)[^()\n]{0,3000}){0,5}\)"
    r"|\{:?[^{}\n]*\}",
    re.MULTILINE,
)
"""Parts of Markdown and HTML that are not shown: tags, link definitions, addresses, descriptions of pictures."""
_UNSHOWN_PAIRS = (("<!--", "-->"), *((f"<{name}", f"</{name}") for name in ("script", "style", "template", "title")))


@dataclass(frozen=True)
class Content:
    """A version with access to the bytes of its files."""

    version: Version
    read: Callable[[str], bytes]
    """Returns the bytes of a bundle's file by its name; raises InvalidInput or OSError if it cannot be read."""


def is_nearly(new: Content, before: Content) -> bool:
    """Tell whether content is the same or nearly the same as other content; path and dates make no difference.

    Args:
        new: the content in question.
        before: the content to compare with.

    Raises:
        InvalidInput: a stored file is damaged.
        OSError: a file cannot be read.
    """
    texts, old_texts = _texts(new.version), _texts(before.version)
    if any(_is_text_nearly(text, old) for text in texts for old in old_texts):
        return True
    with_pictures = min(map(len, (*texts, *old_texts))) <= _SHORT_TEXT
    mine, theirs = _files(new.version, with_pictures), _files(before.version, with_pictures)
    if set(mine.values()) & set(theirs.values()):
        return True
    return any(_is_file_nearly(new.read(name), before.read(other)) for name in mine for other in theirs)


def _texts(version: Version) -> frozenset[str]:
    """Return the visible letters of a version, once with possible markup and once without, as code shows its markup.

    A long body is also returned alone, so that added front matter cannot hide that the bodies are the same.
    """
    body = version.manuscript.body
    heads = "\n".join((version.meta.title, version.meta.summary or ""))
    meta = version.meta
    words = "\n".join(word for name in _shown_keys() for word in _texts_in(getattr(meta, name)))
    found = _visible_letter_sets(f"{heads}\n{body}") | _visible_letter_sets(f"{words}\n{body}")
    return found | {letters for letters in _visible_letter_sets(body) if len(letters) > _SHORT_TEXT}


@cache
def _shown_keys() -> list[str]:
    """Return the front matter keys that pages show."""
    keys = {field.name: front_matter_key(field) for field in fields(FrontMatter)}
    return [name for name, key in keys.items() if {key.on_entry, key.on_page} != {Place.ABSENT}]


def _texts_in(value: object) -> Iterator[str]:
    """Yield all texts in a front matter value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts_in(each)
    elif is_dataclass(value):
        for inner in fields(value):
            yield from _texts_in(getattr(value, inner.name))


@lru_cache(maxsize=64)
def _visible_letter_sets(text: str) -> frozenset[str]:
    return frozenset((_visible_letters(text), _visible_letters(_shown(text))))


def _shown(text: str) -> str:
    """Return a text without the parts of Markdown and HTML that are not shown."""
    for begin, end in _UNSHOWN_PAIRS:
        text = _remove_between(text, begin, end)
    return _HIDDEN.sub("", text)


def _remove_between(text: str, begin: str, end: str) -> str:
    """Remove all text from a begin mark up to its end mark; a begin mark without an end mark is ignored."""
    lower, parts, place = text.lower(), [], 0
    # Lower case can change the length of a text, which would shift all positions.
    lower = lower if len(lower) == len(text) else text
    while (start := lower.find(begin, place)) >= 0 and (stop := lower.find(end, start)) >= 0:
        parts.append(text[place:start])
        place = stop
    return "".join([*parts, text[place:]]) if parts else text


def _files(version: Version, pictures: bool) -> dict[str, str]:
    return {name: digest for name, digest in version.files.items() if pictures or not _PICTURE.fullmatch(name)}


def _visible_letters(text: str) -> str:
    """Return the letters and digits of a text, with similar looking ones unified."""
    shown = normalize("NFKC", html.unescape(text)).translate(LOOKS).casefold()
    return "".join(character for character in shown if character.isalnum() and not is_invisible(character))


def _is_text_nearly(new: str, before: str) -> bool:
    if not new or not before:
        return new == before
    if _share(before, new) >= SHARE:
        return True
    # The new text may also be a part of the old one, at least half of it.
    return 2 * len(new) >= len(before) and _share(new, before) >= SHARE


def _share(part: str, whole: str) -> float:
    """Return the share of the pairs of one text that occur in another text."""
    pairs = set(_pairs(part, 1))
    if not pairs:
        return float(part in whole)
    return len(pairs & set(_pairs(whole, _PAIR_DISTANCE))) / len(pairs)


def _pairs(text: str, apart: int) -> Iterator[str]:
    for place, character in enumerate(text):
        if character >= "\u2e80":
            yield from (character + other for other in text[place + 1 : place + 1 + apart])
        elif place + _SEQUENCE_LENGTH <= len(text):
            yield text[place : place + _SEQUENCE_LENGTH]


def _is_file_nearly(new: bytes, before: bytes) -> bool:
    longer = max(len(new), len(before))
    begin = _equal_bytes(new, before, lambda count: new[:count] == before[:count])
    end = _equal_bytes(new, before, lambda count: new[len(new) - count :] == before[len(before) - count :])
    if begin + end >= SHARE * longer:
        return True
    mine, theirs = _packed_files(new), _packed_files(before)
    if not mine or not theirs:
        return False
    same = sum(len(content) for content in set(mine) & set(theirs))
    if same >= SHARE * max(sum(map(len, set(mine))), sum(map(len, set(theirs)))):
        return True
    texts = [_visible_letters(_shown(b"".join(found).decode(errors="replace"))) for found in (mine, theirs)]
    return min(map(len, texts)) > _SHORT_TEXT and _is_text_nearly(*texts)


def _equal_bytes(new: bytes, before: bytes, is_same: Callable[[int], bool]) -> int:
    """Return the number of equal bytes by binary search, as comparing slices is fast."""
    low, high = 0, min(len(new), len(before))
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if is_same(middle) else (low, middle - 1)
    return low


def _packed_files(content: bytes) -> list[bytes]:
    """Return the files in a ZIP archive, up to 16 MiB; empty if the file is not one."""
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
