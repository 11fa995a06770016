"""Paragraphs of several lines, cut into paragraphs of one line while the parts of a document are recognized."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.official.blocks import TEXT_BLOCKS, merge_lines


class SingleLines:
    """Paragraphs of several lines, cut into paragraphs of one line while the parts are recognized.

    Args:
        root: the element that contains the blocks; changed in place.
    """

    def __init__(self, root: _Element) -> None:
        self._root = root
        self._cut: list[tuple[_Element, dict[_Element, bytes]]] = []
        for block in list(root):
            if block.tag in TEXT_BLOCKS and next(block.iter("br"), None) is not None:
                pieces = _split_at_breaks(block)
                for piece in pieces:
                    block.addprevious(piece)
                root.remove(block)
                self._cut.append((block, {piece: etree.tostring(piece) for piece in pieces}))

    def join_again(self) -> None:
        """Put the lines together again that were not recognized as a part of their own."""
        for whole, pieces in self._cut:
            runs = list(self._runs(pieces))
            if len(runs) == 1 and len(runs[0]) == len(pieces):
                runs[0][0].addprevious(whole)
                for piece in runs[0]:
                    self._root.remove(piece)
                continue
            for run in runs:
                merge_lines(run)

    def _runs(self, pieces: dict[_Element, bytes]) -> Iterator[list[_Element]]:
        run: list[_Element] = []
        for piece, before in pieces.items():
            if piece.getparent() is not self._root or etree.tostring(piece, with_tail=False) != before:
                continue
            if run and piece.getprevious() is not run[-1]:
                yield run
                run = []
            run.append(piece)
        if run:
            yield run


def _split_at_breaks(block: _Element) -> list[_Element]:
    pieces: list[_Element] = []
    opened: list[_Element] = []
    for event, node in etree.iterwalk(block, events=("start", "end")):
        if node.tag == "br":
            if event == "end":
                opened = _opened_anew(opened)
                pieces.append(opened[0])
                opened[-1].text = node.tail
        elif event == "start":
            clone = _shell(node)
            clone.text = node.text
            opened[-1].append(clone) if opened else pieces.append(clone)
            opened.append(clone)
        else:
            closed = opened.pop()
            if opened:
                closed.tail = node.tail
    return pieces


def _opened_anew(opened: Sequence[_Element]) -> list[_Element]:
    anew = [_shell(each) for each in opened]
    for outer, inner in pairwise(anew):
        outer.append(inner)
    return anew


def _shell(element: _Element) -> _Element:
    shell = etree.Element(element.tag)
    shell.attrib.update(element.attrib)
    return shell
