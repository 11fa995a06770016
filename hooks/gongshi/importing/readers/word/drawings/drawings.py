"""Drawings: pictures are placed as plain ones, texts and tables stand behind the paragraph of the drawing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import BundleFile, Finding, FindingKind, Workspace
from gongshi.importing.readers.containers.relationships import Relationship
from gongshi.importing.readers.pictures.descriptions import is_written_by_program
from gongshi.importing.readers.word.drawings.charts import chart_blocks, is_complete
from gongshi.importing.readers.word.drawings.diagrams import diagram_lines
from gongshi.importing.readers.word.drawings.drawing_frame import Frame, page_size, read_frame
from gongshi.importing.readers.word.drawings.drawing_items import (
    Item,
    PartItem,
    PictureItem,
    ShapeItem,
    TextItem,
    UnknownItem,
    drawing_items,
)
from gongshi.importing.readers.word.drawings.equations import write_equations
from gongshi.importing.readers.word.drawings.picture_looks import is_seal, shown_width
from gongshi.importing.readers.word.fields.fields import remote_picture_text
from gongshi.importing.readers.word.fields.links import local_finding, public_address
from gongshi.importing.readers.word.parts.elements import (
    element,
    enclosing,
    has_sibling_paragraph,
    paragraph,
    remove,
    replace,
    unwrap,
)
from gongshi.importing.readers.word.parts.package import WordPackage, tag
from gongshi.importing.readers.word.parts.places import PLACE, place_of, words_of
from gongshi.importing.readers.word.pictures.picture_captions import fold_captions
from gongshi.importing.readers.word.pictures.pictures import (
    CleanPicture,
    MetafileRenderer,
    PictureStore,
    Shown,
    UnusablePicture,
    clean_picture,
    describe,
)

_NAMES: Final = ("w:drawing", "w:pict", "w:object")
_KEPT: Final = (*_NAMES, "w:footnoteReference", "w:endnoteReference", "w:sectPr")
"""Elements for which a paragraph without words stays."""
_DRAWINGS: Final = tuple(map(tag, _NAMES))
_FOLDER: Final = "gongshi/"
"""The folder of placed pictures in the changed document."""
_SEAL: Final = range(25, 61)
"""The width and height of seals of offices, in millimetres: 38 to 58 for most, with some room for the edge."""
_PLAIN_OUTLINES: Final = frozenset(("rect", "ellipse", "roundRect", "round2SameRect", "snip1Rect"))
"""Forms to which pictures are cut where nothing, or only the corners, is hidden; or that are cut out."""


@dataclass
class _Placing:
    """The state while the drawings of a document are placed."""

    package: WordPackage
    store: PictureStore
    render: MetafileRenderer | None
    page: tuple[float, float]
    """Width and height of the largest page, in centimetres."""
    findings: list[Finding] = field(default_factory=list)
    ends: dict[_Element, _Element] = field(default_factory=dict)
    """For each paragraph, the last block that was put behind it."""
    paragraphs: dict[_Element, None] = field(default_factory=dict)
    """The paragraphs from which drawings were taken."""
    known: dict[tuple[str, Shown], CleanPicture | UnusablePicture] = field(default_factory=dict)

    def tell(self, kind: FindingKind, message: str, at: _Element, words: str = "") -> None:
        self.findings.append(Finding(kind, message, place_of(at), words))


def place_drawings(
    package: WordPackage, workspace: Workspace, render: MetafileRenderer | None = None
) -> tuple[tuple[BundleFile, ...], tuple[Finding, ...]]:
    """Replace all drawings and equations with pictures, text and tables that can be converted.

    Args:
        package: the document; its tracked changes, hidden text and fields are settled.
        workspace: where pictures are written.
        render: renders drawn metafiles; None to leave them out.
    """
    equations = write_equations(package)
    placing = _Placing(package, PictureStore(workspace), render, page_size(package.document))
    for part in package.text_parts:
        root = package.xml(part)
        for each in list(root.iter(tag("w:object"))):
            if each.find(tag("w:drawing")) is not None or each.find(tag("w:pict")) is not None:
                unwrap(each)
        for drawing in list(root.iter(*_DRAWINGS)):
            # What is in a text box was moved into the text; what was in a hidden one is gone.
            if drawing.getroottree().getroot() is root and enclosing(drawing, *_NAMES) is None:
                _place(placing, part, drawing)
    for block in placing.paragraphs:
        _remove_emptied(block)
    _drop_old_pictures(package)
    fold_captions(package)
    return tuple(placing.store.files), (*equations, *placing.findings)


def _place(placing: _Placing, part: str, drawing: _Element) -> None:
    frame, items = read_frame(drawing, placing.page), drawing_items(drawing)
    made: list[_Element] = []
    texts = [each for each in items if isinstance(each, TextItem)]
    if sum(_has_content(each) for each in items) > 1:
        message = _("a drawing put together of several parts is taken apart; look if it can still be understood")
        placing.tell(FindingKind.CHECK, message, drawing)
    for item in items:
        if frame.is_hidden or getattr(item, "is_hidden", False):
            _tell_hidden(placing, item, frame, drawing)
        elif isinstance(item, PictureItem):
            made += _place_picture(placing, part, item, frame, drawing)
        elif isinstance(item, PartItem):
            _place_part(placing, part, item, frame, drawing)
        elif isinstance(item, UnknownItem):
            message = _("a drawing of a kind that cannot be converted is left out; insert it as a picture")
            placing.tell(FindingKind.LEFT_OUT, message, drawing, frame.description)
        elif isinstance(item, ShapeItem):
            message = _(
                "a drawn shape is left out; if it covers words or a part of a picture, the entry shows what it covered"
            )
            placing.tell(FindingKind.CHECK, message, drawing)
    for text in texts:
        if not frame.is_hidden and not text.is_hidden:
            _place_text(placing, text, frame, drawing)
    block = enclosing(drawing, "w:p")
    if block is not None:
        placing.paragraphs[block] = None
    if enclosing(drawing, "w:r") is None:
        made = [element("w:r", *made)] if made and block is not None else []
    replace(drawing, made)


def _has_content(item: Item) -> bool:
    if isinstance(item, TextItem):
        return bool(item.lines) or any(map(words_of, item.blocks))
    return not isinstance(item, ShapeItem)


def _remove_emptied(block: _Element) -> None:
    """Remove a paragraph that contained nothing but drawings whose text now stands elsewhere."""
    if words_of(block) or next(block.iter(*map(tag, _KEPT)), None) is not None:
        return
    if has_sibling_paragraph(block):
        remove(block)


def _tell_hidden(placing: _Placing, item: Item, frame: Frame, drawing: _Element) -> None:
    if isinstance(item, ShapeItem):
        return
    words = frame.description
    if isinstance(item, TextItem):
        words = "\n".join((*(filter(None, map(words_of, item.blocks))), *item.lines))
        if not words:
            return
    message = _("something that cannot be seen in the file, as it is hidden, without size or off the page, is left out")
    placing.tell(FindingKind.LEFT_OUT, message, drawing, words)


def _place_text(placing: _Placing, item: TextItem, frame: Frame, drawing: _Element) -> None:
    blocks = [*item.blocks, *map(paragraph, item.lines)]
    words = "\n".join(filter(None, map(words_of, blocks)))
    if not words and next((each for block in blocks for each in block.iter(*_DRAWINGS)), None) is None:
        return
    if words:
        message = _("the text of a text box or shape stands as a paragraph at its place")
        placing.tell(FindingKind.CHANGED, message, drawing, words)
    _put_blocks(placing, blocks, drawing, before=frame.is_above)


def _put_blocks(placing: _Placing, blocks: list[_Element], drawing: _Element, before: bool = False) -> None:
    anchor = enclosing(drawing, "w:p")
    if anchor is None:
        return
    code = anchor.get(PLACE) or next((each.get(PLACE) for each in anchor.iterancestors() if each.get(PLACE)), "")
    for block in blocks:
        if block.tag not in (tag("w:p"), tag("w:tbl")):
            continue
        if code:
            block.set(PLACE, code)
        if before:
            anchor.addprevious(block)
        else:
            placing.ends.get(anchor, anchor).addnext(block)
            placing.ends[anchor] = block


def _place_part(placing: _Placing, part: str, item: PartItem, frame: Frame, drawing: _Element) -> None:
    link = placing.package.relationships(part).get(item.relationship)
    if link is None or link.external or link.target not in placing.package.parts:
        message = _("a chart or diagram is left out: the file does not contain it")
        placing.tell(FindingKind.LEFT_OUT, message, drawing, frame.description)
        return
    if item.kind == "diagram":
        blocks = list(map(paragraph, diagram_lines(placing.package, link.target)))
        message = _("the words of a diagram (SmartArt) stand as lines; its drawing is left out")
        if placing.package.related("image", link.target):
            placing.tell(FindingKind.LEFT_OUT, _("the pictures in a diagram (SmartArt) are left out"), drawing)
    else:
        blocks = chart_blocks(placing.package, link.target)
        message = _("a chart is a table now, with the values that it shows")
    words = "\n".join(filter(None, map(words_of, blocks)))
    if item.kind == "chart" and not is_complete(placing.package, link.target):
        placing.tell(FindingKind.LEFT_OUT, _("a chart with too many values for a table is left out"), drawing, words)
        return
    placing.tell(FindingKind.CHANGED, message, drawing, words)
    _put_blocks(placing, blocks, drawing)


def _place_picture(placing: _Placing, part: str, item: PictureItem, frame: Frame, drawing: _Element) -> list[_Element]:
    package = placing.package
    frame = frame.part(item.share)
    link = package.relationships(part).get(item.embedded)
    if link is None or link.external or link.target not in package.parts:
        _tell_missing(placing, part, item, frame, drawing)
        return []
    picture = _cleaned(placing, link.target, item.shown)
    if isinstance(picture, UnusablePicture):
        message = _(
            "a picture is left out: it is damaged, or of a kind that cannot be converted; insert it as PNG or JPEG"
        )
        placing.tell(FindingKind.LEFT_OUT, message, drawing, picture.words or frame.description or item.alt)
        return []
    name = placing.store.write(picture)
    _tell_changes(placing, picture, item, frame, drawing)
    has_seal = is_seal(picture, frame)
    _tell_look(placing, name if has_seal else "", frame, drawing)
    alt = _alternative_text(placing, frame.description or item.alt, drawing)
    attributes = {"src": name, "alt": alt}
    if width := shown_width(picture, item.shown, frame, placing.page[0]):
        attributes["width"] = str(width)
    if has_seal:
        attributes["class"] = "seal"
    made = _FOLDER + name
    package.parts[made] = picture.content
    id = package.add_relationship(part, Relationship("image", made, external=False))
    return [_plain_picture(id, describe(attributes), _click(placing, part, frame, drawing))]


def _cleaned(placing: _Placing, name: str, shown: Shown) -> CleanPicture | UnusablePicture:
    if (name, shown) not in placing.known:
        try:
            placing.known[name, shown] = clean_picture(placing.package.parts[name], shown, placing.render)
        except UnusablePicture as error:
            placing.known[name, shown] = error
    return placing.known[name, shown]


def _tell_missing(placing: _Placing, part: str, item: PictureItem, frame: Frame, drawing: _Element) -> None:
    links = placing.package.relationships(part)
    found = [each for id in (item.embedded, item.linked) if (each := links.get(id)) and each.external]
    address = found[0].target if found else item.linked
    if address:
        placing.tell(FindingKind.LEFT_OUT, remote_picture_text(), drawing, address)
        return
    message = _("a picture is left out: the file does not contain it")
    if item.is_only_svg:
        message = _("a picture is left out: it is in the file as SVG only; insert it as PNG or JPEG")
    placing.tell(FindingKind.LEFT_OUT, message, drawing, frame.description or item.alt)


def _tell_changes(placing: _Placing, picture: CleanPicture, item: PictureItem, frame: Frame, drawing: _Element) -> None:
    words = frame.description
    if picture.is_cropped:
        message = _("a picture is cropped as in the file; the part that was cut away is not in the entry")
        placing.tell(FindingKind.CHANGED, message, drawing, words)
    if picture.is_turned:
        placing.tell(FindingKind.CHANGED, _("a picture is turned or mirrored as in the file"), drawing, words)
    if picture.is_animated:
        message = _("only the first picture of an animation is in the entry")
        placing.tell(FindingKind.CHANGED, message, drawing, words)
    if picture.is_rendered:
        message = _("LibreOffice turned a drawing into a picture; compare it with the original, and describe it")
        placing.tell(FindingKind.CHECK, message, drawing, picture.words or words)
    if picture.is_covered:
        message = _("shapes lie over a picture; they were drawn into it: look if they cover what they should cover")
        placing.tell(FindingKind.CHECK, message, drawing, words)
    if item.shown.outline not in _PLAIN_OUTLINES:
        message = _("a picture is cut to a form in the file; the whole picture is in the entry")
        placing.tell(FindingKind.CHECK, message, drawing, words)


def _tell_look(placing: _Placing, seal: str, frame: Frame, drawing: _Element) -> None:
    """Tell of a seal by the name of its picture, or of a picture behind the text."""
    if seal:
        message = _(
            "a seal is in the file; if your unit does not publish it, delete its line in the draft, and the "
            "picture in its folder"
        )
        placing.tell(FindingKind.CHECK, message, drawing, seal)
    elif frame.is_behind:
        message = _("a picture lies behind the text in the file, such as a background; delete it if it is not needed")
        placing.tell(FindingKind.CHECK, message, drawing, frame.description)


def _alternative_text(placing: _Placing, text: str, drawing: _Element) -> str:
    """Return the description of a picture if a person wrote it."""
    text = text.strip()
    if is_written_by_program(text):
        message = _("the description of a picture that a program wrote is left out; describe the picture yourself")
        placing.tell(FindingKind.LEFT_OUT, message, drawing, text)
        return ""
    return " ".join(text.split())


def _click(placing: _Placing, part: str, frame: Frame, drawing: _Element) -> str:
    """Return the id of the link to which a click on a picture leads; empty if it is none that readers can open."""
    link = placing.package.relationships(part).get(frame.link)
    if link is None or not link.target or link.target.startswith("#"):
        return ""
    if public_address(link.target) is None:
        placing.findings.append(local_finding(link.target, drawing))
        return ""
    return frame.link


def _plain_picture(relationship: str, description: str, link: str) -> _Element:
    """Return a picture in a line, as simple as the conversion needs it."""
    blip = element("a:blip")
    blip.set(tag("r:embed"), relationship)
    picture = element("pic:pic", element("pic:blipFill", blip))
    named = element("wp:docPr", id="1", name="picture", descr=description)
    if link:
        click = element("a:hlinkClick")
        click.set(tag("r:id"), link)
        named.append(click)
    graphic = element("a:graphic", element("a:graphicData", picture))
    return element("w:drawing", element("wp:inline", named, graphic))


def _drop_old_pictures(package: WordPackage) -> None:
    """Remove all pictures of the file: the text shows the ones that were made from them."""
    for part in package.text_parts:
        used = {each.get(tag("r:embed")) for each in package.xml(part).iter(tag("a:blip"))}
        links = package.relationships(part)
        for id, link in list(links.items()):
            if link.type == "image" and id not in used:
                del links[id]
                if not link.target.startswith(_FOLDER):
                    package.parts.pop(link.target, None)
