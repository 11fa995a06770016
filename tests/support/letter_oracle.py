"""The letters and digits that a file shows, read from its bytes without any code of the importer."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from html.parser import HTMLParser
from xml.etree import ElementTree

from support.word_oracle import characters, visible_characters

_UNSEEN = ("script", "style", "title")


def letters_of_file(name: str, content: bytes) -> Counter[str]:
    """The number of times that each letter and digit is in the texts of a file, hidden ones too.

    Numbers of workbooks are not read, as their formats change them, nor the characters of PDF files.

    Args:
        name: its name, whose extension says what it is.
        content: its bytes.
    """
    ending = name.rpartition(".")[2]
    if ending == "docx":
        return visible_characters(content)
    if ending == "xlsx":
        return _letters_of_parts(content, "xl/", "t")
    if ending == "ofd":
        return _letters_of_parts(content, "Doc_0/Pages/", "TextCode")
    if ending == "pdf":
        return Counter()
    text = _decoded(content)
    if ending in ("csv", "tsv"):
        return characters(text)
    parser = _Page()
    parser.feed(text)
    parser.close()
    return characters("".join(parser.words))


def _letters_of_parts(content: bytes, folder: str, element: str) -> Counter[str]:
    found: Counter[str] = Counter()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            if name.startswith(folder) and name.endswith(".xml"):
                for each in ElementTree.fromstring(archive.read(name)).iter():
                    if each.tag.rpartition("}")[2] == element:
                        found.update(characters(each.text or ""))
    return found


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("gb18030")


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, _attributes: object) -> None:
        self._unseen += tag in _UNSEEN

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words.append(data)
