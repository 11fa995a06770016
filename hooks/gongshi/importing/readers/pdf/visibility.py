"""Finds text that a PDF has but does not show: it is compared how the page looks with and without its text.

This finds text of any kind that is not seen: drawn invisibly, in the colour of its ground, below areas and pictures,
cut off, or on a layer that is switched off. Fonts that are not part of the file may be missing on this machine; for
them the objects of the page are looked at.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageChops, ImageStat

from gongshi.importing.readers.page_layout.hidden_text import SMALLEST, Hiding, is_on_page
from gongshi.importing.readers.page_layout.model import Box
from gongshi.importing.readers.page_layout.text.box_index import BoxIndex
from gongshi.importing.readers.pdf.characters import INVISIBLE, PdfCharacter
from gongshi.importing.readers.pdf.page_objects import PageObjects

_SCALE = 2.0
"""Pixels for a point."""
_MAX_PIXELS: Final = 6_000_000
_DIFFERENCE: Final = 12
"""The least difference of a colour channel that is seen, of 255."""
_DARK: Final = 70


@dataclass(frozen=True)
class PageImages:
    """A page as pictures, with its text and without."""

    scale: float
    """Pixels for a point."""
    difference: Image.Image
    """The difference that its text makes, in grey."""
    ground: Image.Image
    """The page without its text."""


def render_without_text(page: pypdfium2.PdfPage, texts: Sequence[Any]) -> PageImages:
    """Return how a page looks with and without text. Its text objects stay switched off.

    Args:
        page: the page.
        texts: its text objects, for pdfium.
    """
    width, height = page.get_size()
    scale = min(_SCALE, math.sqrt(_MAX_PIXELS / (width * height)))
    shown = _render(page, scale)
    for text in texts:
        pdfium.FPDFPageObj_SetIsActive(text, False)
    ground = _render(page, scale)
    red, green, blue = ImageChops.difference(shown, ground).split()
    return PageImages(scale, ImageChops.lighter(ImageChops.lighter(red, green), blue), ground)


def _render(page: pypdfium2.PdfPage, scale: float) -> Image.Image:
    bitmap = page.render(scale=scale, draw_annots=False, may_draw_forms=False)
    image: Image.Image = bitmap.to_pil().convert("RGB")
    return image


def find_hidden(
    characters: Sequence[PdfCharacter], images: PageImages, objects: PageObjects, page_size: tuple[float, float]
) -> dict[int, Hiding]:
    """Return which characters are not seen, by their numbers, and how they are hidden.

    Args:
        characters: those of a page.
        images: how it looks.
        objects: its objects.
        page_size: its width and height.
    """
    hidden: dict[int, Hiding] = {}
    seen_fonts: set[str] = set()
    seen_runs: set[int] = set()
    unseen: list[PdfCharacter] = []
    for each in characters:
        if each.glyph.text.isspace():
            continue
        if not is_on_page(each.glyph.box, page_size):
            hidden[each.glyph.number] = Hiding.OUTSIDE
        elif each.source.mode == INVISIBLE:
            hidden[each.glyph.number] = Hiding.INVISIBLE
        elif each.source.style.size < SMALLEST:
            hidden[each.glyph.number] = Hiding.TINY
        elif _is_seen(each, images):
            seen_fonts.add(each.source.style.font)
            seen_runs.add(each.glyph.run)
        else:
            unseen.append(each)
    covers = BoxIndex((box, order) for order, box in objects.covers)
    for each in unseen:
        # Where others of the same text are seen, the font of this machine may lack the character.
        is_in_font = each.source.style.font in seen_fonts and each.glyph.run not in seen_runs
        is_known = each.source.embedded or is_in_font
        if is_known or not _differs_from_ground(each, images) or _is_covered(each, objects, covers):
            hidden[each.glyph.number] = _way_of_hiding(each, images)
    return hidden | _blanks(characters, hidden)


def _is_seen(character: PdfCharacter, images: PageImages) -> bool:
    """Tell whether a character changes how the page looks, where it is drawn or in the middle of its place."""
    place = character.glyph.box
    inner = Box(
        place.x0 + place.width * 0.1,
        place.top + place.height * 0.1,
        place.x1 - place.width * 0.1,
        place.bottom - place.height * 0.1,
    )
    return any(_changes(box, images) for box in (_within(character.ink, place), inner))


def _changes(box: Box, images: PageImages) -> bool:
    """Tell whether text changes how a part of the page looks."""
    _least, most = images.difference.crop(_pixels(box, images)).getextrema()
    assert not isinstance(most, tuple)
    return most >= _DIFFERENCE


def _within(ink: Box, place: Box) -> Box:
    """Return where a character is drawn, without what reaches into the places of others."""
    box = Box(max(ink.x0, place.x0), max(ink.top, place.top), min(ink.x1, place.x1), min(ink.bottom, place.bottom))
    return box if box.x0 < box.x1 and box.top < box.bottom else place


def _pixels(box: Box, images: PageImages) -> tuple[int, int, int, int]:
    """Return a box in pixels, at least one pixel large and on the page."""
    width, height = images.ground.size
    left, top = (
        max(0, min(limit - 1, int(each * images.scale))) for each, limit in ((box.x0, width), (box.top, height))
    )
    right, bottom = (
        max(least + 1, min(limit, math.ceil(each * images.scale)))
        for each, limit, least in ((box.x1, width, left), (box.bottom, height, top))
    )
    return left, top, right, bottom


def _ground_colour(character: PdfCharacter, images: PageImages) -> tuple[float, ...]:
    return tuple(ImageStat.Stat(images.ground.crop(_pixels(character.glyph.box, images))).mean)


def _differs_from_ground(character: PdfCharacter, images: PageImages) -> bool:
    ground = _ground_colour(character, images)
    return any(
        abs(one - other) >= _DIFFERENCE for one, other in zip(ground, character.source.style.colour, strict=True)
    )


def _is_covered(character: PdfCharacter, objects: PageObjects, covers: BoxIndex[int]) -> bool:
    """Tell whether an area is drawn over a character."""
    order = objects.order.get(character.source.address, 0)
    box = character.glyph.box
    return any(place > order and cover.holds(box) for cover, place in covers.at(box))


def _way_of_hiding(character: PdfCharacter, images: PageImages) -> Hiding:
    is_dark = max(_ground_colour(character, images)) < _DARK and max(character.source.style.colour) < 2 * _DARK
    return Hiding.BLACKENED if is_dark else Hiding.NOT_SEEN


def _blanks(characters: Sequence[PdfCharacter], hidden: dict[int, Hiding]) -> dict[int, Hiding]:
    """Return the blanks behind hidden characters, which are hidden as well."""
    found: dict[int, Hiding] = {}
    last: Hiding | None = None
    for each in characters:
        if not each.glyph.text.isspace():
            last = hidden.get(each.glyph.number)
        elif last:
            found[each.glyph.number] = last
    return found
