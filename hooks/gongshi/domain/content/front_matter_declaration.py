"""Declaration of front matter keys: type, title, and the places that show a key.

The keys are declared in `front_matter.py`, each in the metadata of its dataclass field. The parser, the JSON schema for
editors, the digest, the titles in comparisons and the lists of keys (`Place.LISTED`) are derived from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

from gongshi.domain.yaml import schema
from gongshi.domain.yaml.parser import Node
from gongshi.domain.yaml.schema import Parser, ProblemCollector

_DAY_PATTERN = r"\d{4}-\d{1,2}-\d{1,2}"
_TIME_PATTERN = r"(T|[ \u00a0\u3000]+)\d{1,2}[:：]\d{2}([:：]\d{2})? ?(Z|[+-]\d{2}:\d{2})?"


class Place(Enum):
    """The way in which a key appears in a place: a page, the search index or the ledger."""

    OWN = "own"
    """Shown by code for this key; a test checks that the value appears."""
    LISTED = "listed"
    """Shown with its title in the list of keys; needs no code. Only for texts, dates and lists of texts."""
    ABSENT = "absent"
    """Not shown, on purpose."""


class ComparisonMode(Enum):
    """The way in which two values of a key are compared."""

    WORDS = "words"
    WHOLE = "whole"
    """Compared as a whole, such as dates."""
    LINES = "lines"
    """Compared line by line: lists, one item per line."""


@dataclass(frozen=True)
class ValueType:
    """Type of a value: its parser, its JSON schema and its comparison."""

    parse: Parser
    json_schema: Mapping[str, Any]
    comparison: ComparisonMode = ComparisonMode.WHOLE
    record: type | None = None
    """The dataclass of a mapping with declared keys."""


@dataclass(frozen=True)
class ValueKey:
    """Declaration of a key within a value, such as `document.number`."""

    type: ValueType
    title: Callable[[], str]
    """Returns the name of the key in the reader's language; in English in lower case."""
    description: str = ""
    """Description in the JSON schema, shown by text editors."""
    in_digest: bool = True
    """False for the review flags, which are not part of the approved content."""


@dataclass(frozen=True)
class FrontMatterKey(ValueKey):
    """Declaration of a key of the front matter. Use `declare_key`, which requires all places."""

    on_entry: Place = Place.ABSENT
    """The place on the page of an entry, including its HTML head."""
    on_page: Place = Place.ABSENT
    """The place on a standing page, including its HTML head."""
    in_search: Place = Place.ABSENT
    in_ledger: Place = Place.ABSENT
    required_of_entries: bool = False
    """True if entries must have the key; standing pages need not."""


def declare(type: ValueType, title: Callable[[], str], written: str | None = None) -> dict[str, Any]:
    """Return the metadata of a dataclass field that declares a key within a value.

    Args:
        type: the type of its value.
        title: returns the name of the key in the reader's language; in English in lower case.
        written: the key in the file, if it differs from the name of the field.
    """
    return {"declaration": ValueKey(type, title), **({"key": written} if written else {})}


def declare_key(
    type: ValueType,
    title: Callable[[], str],
    *,
    on_entry: Place,
    on_page: Place,
    in_search: Place,
    in_ledger: Place,
    required_of_entries: bool = False,
    in_digest: bool = True,
    description: str = "",
) -> dict[str, Any]:
    """Return the metadata of a dataclass field that declares a key of the front matter.

    Args:
        type: the type of its value.
        title: returns the name of the key in the reader's language; in English in lower case.
        on_entry: the place on the page of an entry.
        on_page: the place on a standing page.
        in_search: the place in the search index.
        in_ledger: the place in the ledger.
        required_of_entries: True if entries must have the key; standing pages need not.
        in_digest: False for the review flags, which are not part of the approved content.
        description: the description in the JSON schema, shown by text editors.

    Raises:
        TypeError: a value of this type cannot be listed.
    """
    key = FrontMatterKey(
        type, title, description, in_digest, on_entry, on_page, in_search, in_ledger, required_of_entries
    )
    places = (on_entry, on_page, in_search, in_ledger)
    if Place.LISTED in places and (type.record or type.json_schema.get("type") not in ("string", "array")):
        raise TypeError("only texts, dates and lists of texts can be listed")
    return {"declaration": key}


def declaration(field: Field[Any]) -> ValueKey:
    """Return the declaration of a field; raises KeyError if it has none."""
    found: ValueKey = field.metadata["declaration"]
    return found


def written_name(field: Field[Any]) -> str:
    """Return the key of a field as it is written in files."""
    name: str = field.metadata.get("key", field.name)
    return name


def front_matter_key(field: Field[Any]) -> FrontMatterKey:
    """Return the declaration of a key of the front matter itself."""
    found = declaration(field)
    assert isinstance(found, FrontMatterKey)
    return found


def text_value(limit: int | None = None) -> ValueType:
    """Return the type of a text on one line.

    Args:
        limit: the maximum number of characters; None for no limit.
    """
    described = {"type": "string", "minLength": 1, **({"maxLength": limit} if limit else {})}
    return ValueType(schema.text(limit, takes_numbers=True), described, ComparisonMode.WORDS)


def choice_value(*values: str) -> ValueType:
    """Return the type of a choice between words."""
    return ValueType(schema.choice(*values), {"enum": list(values)})


def list_value(item: ValueType) -> ValueType:
    """Return the type of a list.

    Args:
        item: the type of each item.
    """
    described = {"type": "array", "items": dict(item.json_schema)}
    return ValueType(schema.list_of(item.parse), described, ComparisonMode.LINES)


BOOLEAN = ValueType(schema.boolean, {"type": "boolean"})
DAY = ValueType(schema.day, {"type": "string", "pattern": f"^{_DAY_PATTERN}$"})
TIME = ValueType(schema.time, {"type": "string", "pattern": f"^{_DAY_PATTERN}{_TIME_PATTERN}$"})
DAY_OR_TIME = ValueType(schema.day_or_time, {"type": "string", "pattern": f"^{_DAY_PATTERN}({_TIME_PATTERN})?$"})


def record_value(record: type, check: Callable[[ProblemCollector, str, Node, Any], Any] | None = None) -> ValueType:
    """Return the type of a mapping with declared keys.

    Args:
        record: the dataclass of the values; all its fields are declared.
        check: checks a value that was read; returns it, or None after reporting a problem.
    """
    names = {written_name(field): field.name for field in fields(record)}

    def build(**values: Any) -> Any:
        return record(**{names[key]: value for key, value in values.items()})

    read = schema.object_of(parsers(record), build)

    def parse(report: ProblemCollector, key: str, node: Node) -> Any:
        value = read(report, key, node)
        return check(report, key, node, value) if check and value is not None else value

    return ValueType(parse, object_schema(record), record=record)


def parsers(record: type, of_entries: bool = False) -> dict[str, schema.Field]:
    """Return the parser of each key of a record, by the key as it is written in files.

    Args:
        record: `FrontMatter`, or the type of a value in it.
        of_entries: True to require the keys that only entries must have.
    """
    return {
        written_name(field): schema.Field(
            declaration(field).type.parse, _is_required(field, of_entries), declaration(field).title
        )
        for field in fields(record)
    }


def _is_required(field: Field[Any], of_entries: bool) -> bool:
    declared = declaration(field)
    is_for_entries = isinstance(declared, FrontMatterKey) and declared.required_of_entries
    return field.default is MISSING or (of_entries and is_for_entries)


def object_schema(record: type, of_entries: bool = False) -> dict[str, Any]:
    """Return the JSON schema of a record.

    Args:
        record: `FrontMatter`, or the type of a value in it.
        of_entries: True to require the keys that only entries must have.
    """
    properties = {}
    for field in fields(record):
        declared = declaration(field)
        description = {"description": declared.description} if declared.description else {}
        properties[written_name(field)] = {**declared.type.json_schema, **description}
    required = [written_name(field) for field in fields(record) if _is_required(field, of_entries)]
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


@cache
def dotted_keys(record: type) -> Mapping[str, ValueKey]:
    """Return every key of a record by its dotted name, such as `document.number`, except keys within lists.

    Args:
        record: `FrontMatter`, or the type of a value in it.
    """
    found: dict[str, ValueKey] = {}
    for field in fields(record):
        name, declared = written_name(field), declaration(field)
        found[name] = declared
        if declared.type.record:
            found.update({f"{name}.{part}": key for part, key in dotted_keys(declared.type.record).items()})
    return found


def listed(meta: Any, place: Callable[[FrontMatterKey], Place]) -> Iterator[tuple[str, FrontMatterKey, str]]:
    """Yield the keys that a place lists, each with its declaration and its value as text.

    Args:
        meta: the front matter.
        place: returns the place of a key, such as `lambda key: key.on_entry`.
    """
    for field in fields(meta):
        declared = front_matter_key(field)
        value = getattr(meta, field.name)
        if place(declared) is Place.LISTED and value != field.default:
            yield written_name(field), declared, _as_text(value)


def _as_text(value: str | date | tuple[str, ...]) -> str:
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str) else ", ".join(value)


def heading(key: ValueKey) -> str:
    """Return the title of a key with a capital letter, for labels and column headings."""
    title = key.title()
    return title[:1].upper() + title[1:]
