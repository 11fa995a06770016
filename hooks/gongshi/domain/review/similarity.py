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
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, lru_cache

from gongshi.common.characters import is_invisible
from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.common.normalization import normalize
from gongshi.domain.content.front_matter import FrontMatter
from gongshi.domain.content.front_matter_declaration import Place, front_matter_key
from gongshi.domain.content.version import Version

SHARE = 0.8
"""From which share in common content is nearly the same."""
LOOKS = str.maketrans(
    "АВЕКМНОРСТУХЅІЈаеорсухѕіјһԁΑΒΕΖΗΙΚΜΝΟΡΤΥΧο",
    "ABEKMHOPCTYXSIJaeopcyxsijhdABEZHIKMNOPTYXo",
)
"""Letters of other alphabets that look like Latin ones."""
_POSTER = 100
"""Characters of text up to which a picture beside it is the content: in a longer text it may be a badge or a code."""
_PICTURE = lazy_pattern(r".*\.(png|jpe?g|jfif|gif|webp|avif|heic|bmp|tiff?|svg)", re.IGNORECASE)
_APART, _RUN = 3, 6
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
"""Parts of Markdown and HTML that are not shown: markup, scripts, definitions, addresses, descriptions of pictures."""
_UNSHOWN_PAIRS = (("<!--", "-->"), *((f"<{name}", f"</{name}") for name in ("script", "style", "template", "title")))


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


def _texts(version: Version) -> frozenset[str]:
    """Return the text of a version as it looks, with what may be markup and without: in code it is text.

    Padding in one place must not hide what is the same in another, so the body stands alone, too, where it is long
    enough to be the content.
    """
    body = version.manuscript.body
    heads = "\n".join((version.meta.title, version.meta.summary or ""))
    meta = version.meta
    words = "\n".join(word for name in _shown_keys() for word in _words(getattr(meta, name)))
    found = _essences(f"{heads}\n{body}") | _essences(f"{words}\n{body}")
    return found | {essence for essence in _essences(body) if len(essence) > _POSTER}


@cache
def _shown_keys() -> list[str]:
    """Return the front matter keys whose words readers see."""
    keys = {field.name: front_matter_key(field) for field in fields(FrontMatter)}
    return [name for name, key in keys.items() if {key.on_entry, key.on_page} != {Place.ABSENT}]


def _words(value: object) -> Iterator[str]:
    """Yield the texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _words(each)
    elif is_dataclass(value):
        for inner in fields(value):
            yield from _words(getattr(value, inner.name))


@lru_cache(maxsize=64)
def _essences(text: str) -> frozenset[str]:
    return frozenset((_essence(text), _essence(_shown(text))))


def _shown(text: str) -> str:
    """Return a text without what of Markdown and HTML does not show."""
    for begin, end in _UNSHOWN_PAIRS:
        text = _without(text, begin, end)
    return _HIDDEN.sub("", text)


def _without(text: str, begin: str, end: str) -> str:
    """Remove what stands between two marks, the first one included; a mark without an end hides nothing."""
    lower, parts, place = text.lower(), [], 0
    # Another length of the lower case text would shift the places.
    lower = lower if len(lower) == len(text) else text
    while (start := lower.find(begin, place)) >= 0 and (stop := lower.find(end, start)) >= 0:
        parts.append(text[place:start])
        place = stop
    return "".join([*parts, text[place:]]) if parts else text


def _files(version: Version, pictures: bool) -> dict[str, str]:
    return {name: digest for name, digest in version.files.items() if pictures or not _PICTURE.fullmatch(name)}


def _essence(text: str) -> str:
    """Return the letters and digits of a text as they look."""
    shown = normalize("NFKC", html.unescape(text)).translate(LOOKS).casefold()
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
    texts = [_essence(_shown(b"".join(found).decode(errors="replace"))) for found in (mine, theirs)]
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
