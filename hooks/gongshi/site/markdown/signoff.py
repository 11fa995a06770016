"""Keep the lines of a signature where the lines of other paragraphs are joined."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from markdown.treeprocessors import Treeprocessor

SIGNOFF = "signoff"
"""The class of the paragraphs at the end of a text that name the unit and the day."""


class SignatureLines(Treeprocessor):
    """Turn line ends inside paragraphs with the class `signoff` into line breaks."""

    def run(self, root: Element) -> None:
        """Change the paragraphs of a text.

        Args:
            root: the text.
        """
        for paragraph in root.iter("p"):
            if SIGNOFF in paragraph.get("class", "").split():
                _break_lines(paragraph)


def _break_lines(paragraph: Element) -> None:
    for child in [None, *paragraph]:
        text = (paragraph.text if child is None else child.tail) or ""
        first, *others = text.split("\n")
        if not others or (child is not None and child.tag == "br"):
            continue
        if child is None:
            paragraph.text = first
        else:
            child.tail = first
        place = 0 if child is None else list(paragraph).index(child) + 1
        for offset, line in enumerate(others):
            end = Element("br")
            end.tail = "\n" + line
            paragraph.insert(place + offset, end)
