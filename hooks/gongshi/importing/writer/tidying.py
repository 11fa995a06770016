"""Tidies the blocks of a file before they are written: captions, signatures, footnotes, links, empty lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from gongshi.importing.writer.blocks import (
    CAPTION,
    CENTER,
    RIGHT,
    SIGNOFF,
    Block,
    Break,
    Cell,
    Content,
    Figure,
    Footnote,
    Footnotes,
    Heading,
    Inline,
    Item,
    Listing,
    Note,
    Other,
    Paragraph,
    Picture,
    Quote,
    Table,
    Text,
    is_blank,
    joined_lines,
    lines_of,
    lone_picture,
    plain_words,
)

_MARKS: Final = frozenset(("strong", "em", "u", "s", "sup", "sub"))
_Change = Callable[[Content], Content]


@dataclass(frozen=True)
class SiteAbilities:
    """The abilities of the site's Markdown extensions."""

    link_address: Callable[[str], str | None]
    """Returns the address that a link has on the page; None if the page does not make it a link."""
    has_footnotes: bool


def tidied(blocks: Iterable[Block], site: SiteAbilities) -> tuple[Block, ...]:
    """Return blocks as they are to be shown, footnotes at the end.

    Args:
        blocks: the blocks of a file.
        site: what its pages can show.
    """
    flat = [_without_strangers(block) for block in _unwrapped(blocks)]
    numbers = _note_numbers(flat)
    change = _content_changer(numbers, site)
    text = [mapped(block, change) for block in flat if not isinstance(block, Footnotes)]
    notes = [note for block in flat if isinstance(block, Footnotes) for note in block.notes]
    body = [*_top_level(text), *_unreferenced(notes, numbers, change)]
    body = _signatures(body)
    ordered = sorted((note for note in notes if note.id in numbers), key=lambda note: numbers[note.id])
    written = tuple(_note(note, numbers[note.id], change) for note in ordered)
    if not written:
        return tuple(body)
    return (*body, *((Footnotes(written),) if site.has_footnotes else _as_paragraphs(written)))


def mapped(block: Block, change: _Change) -> Block:
    """Return a block with each of its contents changed.

    Args:
        block: the block.
        change: the change.
    """
    match block:
        case Paragraph() | Heading():
            return replace(block, content=change(block.content))
        case Listing():
            return replace(
                block, items=tuple(replace(each, blocks=_inner(each.blocks, change)) for each in block.items)
            )
        case Table():
            rows = tuple(tuple(_cell(cell, change) for cell in row) for row in block.rows)
            return Table(rows, change(block.caption))
        case Quote() | Other():
            return replace(block, blocks=tuple(mapped(each, change) for each in block.blocks))
        case _:
            return block


def contents(blocks: Iterable[Block]) -> Iterator[Content]:
    """Yield the contents of blocks in their order.

    Args:
        blocks: the blocks.
    """
    for block in blocks:
        match block:
            case Paragraph() | Heading():
                yield block.content
            case Listing():
                for item in block.items:
                    yield from contents(item.blocks)
            case Table():
                yield block.caption
                for row in block.rows:
                    for cell in row:
                        yield from contents(cell.blocks)
            case Quote() | Other():
                yield from contents(block.blocks)
            case Footnotes():
                for note in block.notes:
                    yield from contents(note.blocks)


def _unwrapped(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        if isinstance(block, Other):
            yield from _unwrapped(block.blocks)
        elif not _is_empty(block):
            yield block


def _is_empty(block: Block) -> bool:
    if isinstance(block, Table):
        return not block.caption and not any(block.rows)
    return isinstance(block, Listing) and not block.items


def _without_strangers(block: Block) -> Block:
    """Return a block without elements that readers do not write, inside lists and cells."""
    match block:
        case Listing():
            items = tuple(Item(_clean(each.blocks), each.number) for each in block.items)
            return Listing(block.ordered, items)
        case Table():
            rows = tuple(tuple(replace(cell, blocks=_clean(cell.blocks)) for cell in row) for row in block.rows)
            return Table(rows, block.caption)
        case Quote():
            return Quote(_clean(block.blocks))
        case _:
            return block


def _clean(blocks: Iterable[Block]) -> tuple[Block, ...]:
    return tuple(_without_strangers(block) for block in _unwrapped(blocks))


# Contents


def _note_numbers(blocks: list[Block]) -> dict[str, str]:
    """Return the number of each footnote that is referred to, in the order of the references."""
    defined = {note.id for block in blocks if isinstance(block, Footnotes) for note in block.notes}
    numbers: dict[str, str] = {}
    for content in contents(block for block in blocks if not isinstance(block, Footnotes)):
        for each in content:
            if isinstance(each, Note) and each.id in defined and each.id not in numbers:
                numbers[each.id] = str(len(numbers) + 1)
    return numbers


def _content_changer(numbers: dict[str, str], site: SiteAbilities) -> _Change:
    addresses: dict[str, str | None] = {}

    def address(href: str | None) -> str | None:
        if not href or href.startswith("#"):
            return None
        if href not in addresses:
            addresses[href] = site.link_address(href)
        return addresses[href]

    def change(content: Content) -> Content:
        changed: list[Inline] = []
        for each in content:
            if isinstance(each, Text):
                text = Text(each.text, each.marks & _MARKS, address(each.href))
                last = changed[-1] if changed else None
                if isinstance(last, Text) and (last.marks, last.href) == (text.marks, text.href):
                    changed[-1] = replace(text, text=last.text + text.text)
                else:
                    changed.append(text)
            elif not isinstance(each, Note):
                changed.append(each)
            elif each.id in numbers:
                note = Note(numbers[each.id])
                changed.append(note if site.has_footnotes else Text(f"[{note.id}]", frozenset(("sup",))))
        return tuple(changed)

    return change


def _inner(blocks: Iterable[Block], change: _Change) -> tuple[Block, ...]:
    """Return the blocks of an item or cell, in which no picture can have a caption of its own."""
    inner = []
    for block in blocks:
        changed = mapped(block, lambda content: _captions_as_lines(change(content)))
        if isinstance(changed, Figure):
            changed = Paragraph(_captions_as_lines((changed.picture,)))
        if isinstance(changed, Paragraph):
            changed = replace(changed, look="")
        inner.append(changed)
    return tuple(inner)


def _captions_as_lines(content: Content) -> Content:
    changed: list[Inline] = []
    for each in content:
        if isinstance(each, Picture) and each.title:
            changed.extend((replace(each, title=""), Break(), Text(each.title)))
        else:
            changed.append(each)
    return tuple(changed)


def _cell(cell: Cell, change: _Change) -> Cell:
    side = cell.side
    looks = {block.look for block in cell.blocks if isinstance(block, Paragraph)}
    if not side and len(looks) == 1:
        side = next(iter(looks & {"center", "right"}), "")
    inner = _inner(cell.blocks, _without_bold(change) if cell.is_header else change)
    return replace(cell, blocks=inner, side=side)


def _without_bold(change: _Change) -> _Change:
    """Leave out bold type where all is bold anyway: in headings and header cells."""

    def changed(content: Content) -> Content:
        found = change(content)
        words = [each for each in found if isinstance(each, Text) and each.text.strip()]
        if not all("strong" in each.marks for each in words):
            return found
        return tuple(replace(each, marks=each.marks - {"strong"}) if isinstance(each, Text) else each for each in found)

    return changed


# Blocks


def _top_level(blocks: list[Block]) -> Iterator[Block]:
    """Yield blocks with paragraphs divided at empty lines and pictures, and captions put to their pictures."""
    pieces = [piece for block in blocks for piece in _pieces(block)]
    held: Block | None = None
    for piece in pieces:
        picture = lone_picture(held)
        if picture and not picture.title and isinstance(piece, Paragraph) and piece.look == CAPTION:
            title = " ".join(plain_words(piece.content).split())
            yield Figure(replace(picture, title=title))
            held = None
            continue
        if held:
            yield _finished(held)
        held = piece
    if held:
        yield _finished(held)


def _pieces(block: Block) -> Iterator[Block]:
    if isinstance(block, Paragraph):
        yield from _paragraphs(block)
    elif isinstance(block, Heading):
        heading = _without_bold(lambda content: content)(_stripped(block.content))
        if heading:
            yield replace(block, content=_captions_as_lines(heading))
    elif isinstance(block, Quote):
        inner = tuple(_top_level(list(block.blocks)))
        if inner:
            yield Quote(inner)
    else:
        yield block


def _paragraphs(block: Paragraph) -> Iterator[Block]:
    """Yield a paragraph divided at empty lines and around pictures that have a caption."""
    lines: list[Content] = []
    for line in lines_of(block.content):
        pictures = [each for each in line if isinstance(each, Picture) and each.title]
        if pictures or is_blank(line):
            yield from _whole(lines, block.look)
            lines = []
        rest = line
        for picture in pictures:
            place = rest.index(picture)
            yield from _whole([rest[:place]], block.look)
            yield Paragraph((picture,))
            rest = rest[place + 1 :]
        if not is_blank(rest):
            lines.append(rest)
    yield from _whole(lines, block.look)


def _whole(lines: list[Content], look: str) -> Iterator[Block]:
    kept = [line for line in lines if not is_blank(line)]
    if kept:
        yield Paragraph(joined_lines(kept), look)


def _stripped(content: Content) -> Content:
    return joined_lines([line for line in lines_of(content) if not is_blank(line)])


def _finished(block: Block) -> Block:
    picture = lone_picture(block)
    if picture and picture.title:
        return Figure(replace(picture, title=" ".join(picture.title.split())))
    if picture and picture.width and isinstance(block, Paragraph) and block.look in (CENTER, RIGHT):
        return Paragraph((picture,), block.look)
    if isinstance(block, Paragraph) and (picture or block.look == CAPTION):
        # Other pictures are as wide as the text mostly, so their side tells nothing.
        return Paragraph((picture,) if picture else block.content)
    return block


def _signatures(blocks: Iterable[Block]) -> list[Block]:
    """Return blocks with the lines of a signature in one paragraph."""
    found: list[Block] = []
    for block in blocks:
        last = found[-1] if found else None
        if isinstance(block, Paragraph) and isinstance(last, Paragraph) and block.look == last.look == SIGNOFF:
            found[-1] = Paragraph((*last.content, Break(), *block.content), SIGNOFF)
        else:
            found.append(block)
    return found


# Footnotes


def _note(note: Footnote, number: str, change: _Change) -> Footnote:
    inner = [replace(each, look="") if isinstance(each, Paragraph) else each for each in note.blocks]
    return Footnote(
        number, tuple(_top_level([mapped(each, lambda content: _captions_as_lines(change(content))) for each in inner]))
    )


def _unreferenced(notes: list[Footnote], numbers: dict[str, str], change: _Change) -> Iterator[Block]:
    for note in notes:
        if note.id not in numbers:
            yield from _note(note, "", change).blocks


def _as_paragraphs(notes: Iterable[Footnote]) -> Iterator[Block]:
    """Yield footnotes as paragraphs, for sites whose pages have no footnotes."""
    for note in notes:
        first, *others = note.blocks or (Paragraph(()),)
        if isinstance(first, Paragraph):
            yield Paragraph((Text(f"[{note.id}] "), *first.content))
        else:
            yield Paragraph((Text(f"[{note.id}]"),))
            yield first
        yield from others
