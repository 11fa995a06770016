"""The structure of an OFD document (GB/T 33190-2016, chapter 7): pages, templates, fonts and pictures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml.etree import _Element

from gongshi.i18n import gettext as _
from gongshi.importing.document import UnreadableFileError
from gongshi.importing.readers.containers.xml_parts import local_name
from gongshi.importing.readers.ofd.numbers import read_box
from gongshi.importing.readers.ofd.package import OfdPackage, child, children, folder_of, text_at
from gongshi.importing.readers.page_layout.model import Box

_MAX_PAGES: Final = 300
_MAX_TEMPLATES: Final = 20
"""Templates of a page that are drawn."""
_A4: Final = Box(0, 0, 595, 842)


@dataclass(frozen=True)
class DrawParameters:
    """Colours that objects take over (8.2)."""

    fill: _Element | None
    stroke: _Element | None
    parent: str


@dataclass
class Resources:
    """Fonts, pictures and colours, by their identifiers (7.9)."""

    fonts: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """The name of a font, and whether it is bold."""
    pictures: dict[str, str] = field(default_factory=dict)
    """The part with a picture."""
    parameters: dict[str, DrawParameters] = field(default_factory=dict)
    drawings: dict[str, _Element] = field(default_factory=dict)
    """Vector drawings that pages use several times (chapter 13)."""


@dataclass(frozen=True)
class OfdPage:
    """A page with what it draws, from the ground up."""

    number: int
    identifier: str
    box: Box
    """Its place in the measures of the file, in points."""
    layers: tuple[_Element, ...]


class OfdDocument:
    """The first document of an OFD file.

    Args:
        package: the file.

    Raises:
        UnreadableFileError: it has no pages, too many, or is damaged.
    """

    def __init__(self, package: OfdPackage) -> None:
        self.package = package
        name = package.find("OFD.xml", "")
        root = package.xml(name) if name else None
        body = child(root, "DocBody") if root is not None else None
        found = package.find(text_at(body, "DocRoot"), "") if body is not None else None
        if body is None or found is None:
            message = _("the file is damaged, or is no OFD; open it, save it anew as OFD and import that file")
            raise UnreadableFileError(message)
        self.body = body
        """The description of the document in OFD.xml (7.4)."""
        self.has_others = root is not None and len(list(children(root, "DocBody"))) > 1
        self.folder = folder_of(found)
        self.root = package.xml(found)
        self.resources = Resources()
        common = child(self.root, "CommonData")
        self._templates: dict[str, str] = {}
        for each in common if common is not None else ():
            if local_name(each) in ("PublicRes", "DocumentRes"):
                self._read_resources((each.text or ""), self.folder)
            elif local_name(each) == "TemplatePage":
                part = package.find(each.get("BaseLoc", ""), self.folder)
                if part:
                    self._templates[each.get("ID", "")] = part
        self._box = self._page_box(common, _A4)
        self.listed_pages = list(children(pages, "Page")) if (pages := child(self.root, "Pages")) is not None else []
        if not self.listed_pages:
            message = _("the file has no pages; open it, save it anew as OFD and import that file")
            raise UnreadableFileError(message)
        if len(self.listed_pages) > _MAX_PAGES:
            message = _(
                "the file has {count} pages, more than {limit}; divide it, or attach it to an entry made by hand"
            )
            raise UnreadableFileError(message.format(count=len(self.listed_pages), limit=_MAX_PAGES))

    def number(self, identifier: str | None) -> int:
        """Return the number of a page, from 1; 1 if there is none with the identifier.

        Args:
            identifier: its ID.
        """
        identifiers = [each.get("ID") for each in self.listed_pages]
        return identifiers.index(identifier) + 1 if identifier in identifiers else 1

    def pages(self) -> Iterator[OfdPage]:
        """Yield the pages in their order. Templates are drawn below the content or above it, as the page says (7.7)."""
        for number, listed in enumerate(self.listed_pages, 1):
            part = self.package.find(listed.get("BaseLoc", ""), self.folder)
            if part is None:
                continue
            root = self.package.xml(part)
            for resource in children(root, "PageRes"):
                self._read_resources(resource.text or "", folder_of(part))
            below, above = self._template_layers(root)
            layers = (*below, *_layers(root), *above)
            yield OfdPage(number, listed.get("ID", ""), self._page_box(child(root, "Area"), self._box), layers)

    def _template_layers(self, root: _Element) -> tuple[list[_Element], list[_Element]]:
        below: list[_Element] = []
        above: list[_Element] = []
        for each in list(children(root, "Template"))[:_MAX_TEMPLATES]:
            part = self._templates.get(each.get("TemplateID", ""))
            if part:
                target = above if each.get("ZOrder") == "Foreground" else below
                target += _layers(self.package.xml(part))
        return below, above

    def _page_box(self, area: _Element | None, usual: Box) -> Box:
        if area is None:
            return usual
        element = child(area, "PageArea")
        for name in ("PhysicalBox", "ApplicationBox"):
            box = read_box(text_at(element if element is not None else area, name))
            if box and box.width > 0 and box.height > 0:
                return box
        return usual

    def _read_resources(self, location: str, base: str) -> None:
        part = self.package.find(location, base)
        if part is None:
            return
        root = self.package.xml(part)
        folder = f"{folder_of(part)}/{root.get('BaseLoc', '').strip('/')}".strip("/")
        for group in root:
            for each in group:
                self._add_resource(each, folder, folder_of(part))

    def _add_resource(self, element: _Element, folder: str, base: str) -> None:
        identifier, kind = element.get("ID", ""), local_name(element)
        if kind == "Font":
            name = element.get("FontName") or element.get("FamilyName") or ""
            self.resources.fonts[identifier] = name, element.get("Bold") == "true" or "bold" in name.lower()
        elif kind == "MultiMedia":
            location = text_at(element, "MediaFile")
            found = self.package.find(location, folder) or self.package.find(location, base)
            if found:
                self.resources.pictures[identifier] = found
        elif kind == "DrawParam":
            self.resources.parameters[identifier] = DrawParameters(
                child(element, "FillColor"), child(element, "StrokeColor"), element.get("Relative", "")
            )
        elif kind == "CompositeGraphicUnit":
            content = child(element, "Content")
            if content is not None:
                self.resources.drawings[identifier] = content


def _layers(root: _Element) -> list[_Element]:
    content = child(root, "Content")
    return list(children(content, "Layer")) if content is not None else []
