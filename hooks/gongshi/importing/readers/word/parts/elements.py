"""Makes and replaces elements of WordprocessingML."""

from __future__ import annotations

from collections.abc import Iterable
from copy import deepcopy

from lxml import etree
from lxml.etree import _Element

from gongshi.importing.readers.word.parts.package_xml import NAMESPACES, tag

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def element(name: str, /, *children: _Element, **attributes: str) -> _Element:
    """Return a new element.

    Args:
        name: prefix and name, such as `w:p`.
        children: what it contains.
        attributes: its attributes; those of WordprocessingML begin with `w_`.
    """
    made = etree.Element(tag(name), nsmap={name.partition(":")[0]: NAMESPACES[name.partition(":")[0]]})
    for key, value in attributes.items():
        made.set(tag("w:" + key[2:]) if key.startswith("w_") else key, value)
    made.extend(children)
    return made


def text_run(text: str, properties: _Element | None = None) -> _Element:
    """Return a run with a text.

    Args:
        text: its text; line breaks and tabs become elements.
        properties: a `w:rPr` that is copied.
    """
    run = element("w:r")
    if properties is not None:
        run.append(deepcopy(properties))
    for number, line in enumerate(text.split("\n")):
        if number:
            run.append(element("w:br"))
        for column, words in enumerate(line.split("\t")):
            if column:
                run.append(element("w:tab"))
            if words:
                made = element("w:t")
                made.text = words
                made.set(_SPACE, "preserve")
                run.append(made)
    return run


def paragraph(text: str) -> _Element:
    """Return a paragraph with a text.

    Args:
        text: its text.
    """
    return element("w:p", text_run(text))


def table(rows: Iterable[Iterable[str]]) -> _Element:
    """Return a table whose first row is its header.

    Args:
        rows: the texts of the cells.
    """
    made = element("w:tbl")
    for number, row in enumerate(rows):
        cells = [element("w:tc", paragraph(text)) for text in row]
        header = [element("w:trPr", element("w:tblHeader"))] if number == 0 else []
        made.append(element("w:tr", *header, *cells))
    return made


def remove(removed: _Element) -> None:
    """Remove an element from its parent, if it has one.

    Args:
        removed: the element.
    """
    parent = removed.getparent()
    if parent is not None:
        parent.remove(removed)


def unwrap(wrapper: _Element) -> None:
    """Replace an element with its children.

    Args:
        wrapper: the element, which has a parent.
    """
    replace(wrapper, list(wrapper))


def replace(replaced: _Element, replacements: Iterable[_Element]) -> None:
    """Put elements in the place of another one.

    Args:
        replaced: the element, which has a parent.
        replacements: what stands there afterwards.
    """
    for each in replacements:
        replaced.addprevious(each)
    remove(replaced)


def has_sibling_paragraph(paragraph: _Element) -> bool:
    """Tell if there is another paragraph beside one: cells and notes need at least one.

    Args:
        paragraph: a `w:p`.
    """
    siblings = (paragraph.itersiblings(tag("w:p"), preceding=each) for each in (True, False))
    return any(next(each, None) is not None for each in siblings)


def split_run(run: _Element) -> list[_Element]:
    """Replace a run with several, each with one child and the same properties, and return them.

    Args:
        run: a `w:r`.
    """
    properties = run.find(tag("w:rPr"))
    children = [each for each in run if each is not properties]
    if len(children) < 2:
        return [run]
    runs = []
    for child in children:
        made = element("w:r")
        if properties is not None:
            made.append(deepcopy(properties))
        made.append(child)
        runs.append(made)
    replace(run, runs)
    return runs


def is_empty_run(run: _Element) -> bool:
    """Tell if a run contains nothing but its properties.

    Args:
        run: a `w:r`.
    """
    return all(each.tag == tag("w:rPr") for each in run)


def enclosing(inner: _Element, *names: str) -> _Element | None:
    """Return the nearest element around another one that has one of some names.

    Args:
        inner: the element.
        names: prefixes and names, such as `w:p`.
    """
    return next(inner.iterancestors(*map(tag, names)), None)


def value_of(parent: _Element | None, path: str, attribute: str = "w:val") -> str | None:
    """Return an attribute of an element further inside.

    Args:
        parent: where the path begins.
        path: names with prefixes, such as `w:rPr/w:color`.
        attribute: the attribute's name.
    """
    found = parent.find("/".join(map(tag, path.split("/")))) if parent is not None else None
    return found.get(tag(attribute)) if found is not None else None


def is_on(switch: _Element | None) -> bool:
    """Tell if a property that is on or off is on (ECMA-376 part 1, 17.17.4).

    Args:
        switch: its element, such as `w:vanish`, or None.
    """
    return switch is not None and is_true(switch.get(tag("w:val")), default=True)


def is_true(value: str | None, default: bool) -> bool:
    """Return the value of an attribute that is on or off (ECMA-376 part 1, 22.9.2.7, ST_OnOff).

    Args:
        value: its text, such as `1`, `true` or `off`; None if it is missing.
        default: the value of a missing attribute.
    """
    return default if value is None else value not in ("false", "0", "off")
