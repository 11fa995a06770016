"""Read `extra.gongshi` in mkdocs.yml strictly, and check it as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gongshi.common import dates
from gongshi.common.errors import InvalidInput, Problem
from gongshi.domain.config import attachment_types, people, unit_keys
from gongshi.domain.config.policy import (
    ID,
    RESERVED,
    Column,
    Correction,
    DatedChain,
    Person,
    Policy,
    Stage,
    Unit,
    Urgent,
)
from gongshi.domain.yaml import parser
from gongshi.domain.yaml.parser import Mapping, Node, Scalar, Sequence
from gongshi.domain.yaml.schema import (
    Field,
    ProblemCollector,
    boolean,
    choice,
    count,
    list_of,
    mapping_of,
    object_of,
    parse_mapping,
    text,
)
from gongshi.i18n import gettext as _

_ALWAYS = date(1900, 1, 1)
_MAX_CORRECTION = 200
"""The highest limit of characters that a unit can set for minor corrections."""
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_HOST = re.compile(rf"(?:https?://)?{_LABEL}(?:\.{_LABEL})*\.?(?::[0-9]{{1,4}}|:[1-5][0-9]{{4}}|:6[0-4][0-9]{{3}})?/?")
_EXTENSION = re.compile(r"[a-z0-9]{1,12}")


@dataclass(frozen=True)
class Configuration:
    """The settings that Gongshi reads from mkdocs.yml."""

    file: Path
    docs: Path
    policy: Policy
    site: Path
    """The folder that `mkdocs build` writes to by default."""
    site_url: str | None = None
    settings: Node | None = field(default=None, compare=False, repr=False)
    """All of mkdocs.yml, with the line of each value."""

    @property
    def root(self) -> Path:
        """The repository: the folder of mkdocs.yml."""
        return self.file.parent

    def problem(self, key: str, message: str, advice: bool = False) -> Problem:
        """Return a problem of one setting, with its line.

        Args:
            key: the dotted path in mkdocs.yml, such as `extra.gongshi.review.chain`.
            message: the mistake and its remedy.
            advice: True if it is allowed.
        """
        root = self.settings
        known = isinstance(root, Mapping) and root.get(key.split(".")[0]) is not None
        return Problem(self.file.name, message, _line(root, key) if root and known else None, key, advice)


def find_configuration(folder: Path) -> Path | None:
    """Return the mkdocs.yml in a folder or in the nearest folder above; None if there is none.

    Args:
        folder: the folder in which the search begins.
    """
    return next((file for parent in (folder, *folder.parents) if (file := parent / "mkdocs.yml").is_file()), None)


def load_configuration(file: Path) -> Configuration:
    """Read and check the configuration.

    Args:
        file: path of mkdocs.yml.

    Raises:
        InvalidInput: the file cannot be read or any key is wrong; all problems at once.
    """
    root = _read(file)
    report = ProblemCollector(file.name)
    section = _section(root, report)
    policy = _policy(report, section, _language(root)) if section else None
    if report.problems or policy is None:
        raise InvalidInput(report.problems)
    folder = file.parent
    docs, site = (folder / _plain(root, key, default) for key, default in (("docs_dir", "docs"), ("site_dir", "site")))
    return Configuration(file, docs, policy, site, _plain(root, "site_url", "") or None, root)


def _read(file: Path) -> Node | None:
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInput([Problem(file.name, _("cannot be read: {reason}").format(reason=error.strerror))]) from None
    except UnicodeDecodeError:
        raise InvalidInput([Problem(file.name, _("is not UTF-8 text; save it as UTF-8"))]) from None
    return parser.parse(content, file.name, lenient=True)


def _section(root: Node | None, report: ProblemCollector) -> Node | None:
    extra = root.get("extra") if isinstance(root, Mapping) else None
    section = extra.get("gongshi") if isinstance(extra, Mapping) else None
    if section is None or (isinstance(section, Scalar) and section.kind == "null"):
        report.add(None, "extra.gongshi", _("is missing; describe the unit, its columns, people and review there"))
        return None
    return section


def _plain(root: Node | None, key: str, default: str) -> str:
    node = root.get(key) if isinstance(root, Mapping) else None
    return node.text if isinstance(node, Scalar) and node.kind == "str" else default


def _language(root: Node | None) -> str:
    theme = root.get("theme") if isinstance(root, Mapping) else None
    return "en" if _plain(theme, "language", "zh").split("-")[0] == "en" else "zh"


def _policy(report: ProblemCollector, section: Node, language: str) -> Policy | None:
    values = parse_mapping(report, "", section, _SPEC)
    review = values.get("review", {})
    values["columns"] = {id: Column(id=id, **rest) for id, rest in values.get("columns", {}).items()}
    values["people"] = {id: Person(id=id, **rest) for id, rest in values.get("people", {}).items()}
    review["stages"] = {id: Stage(id=id, **rest) for id, rest in review.get("stages", {}).items()}
    if not report.problems:
        _cross_check(report, section, values, review)
    report.problems += [doubt for doubt in report.doubts if not doubt.advice]
    prefix = "extra.gongshi."
    report.problems = [
        Problem(p.path, p.message, p.line, (prefix + (p.key or "")).rstrip("."))
        if not (p.key or "").startswith(prefix[:-1])
        else p
        for p in report.problems
    ]
    if report.problems:
        return None
    return Policy(
        unit=values["unit"],
        zone=values.get("timezone") or ZoneInfo("Asia/Shanghai"),
        columns=values["columns"],
        people=values["people"],
        stages=review["stages"],
        chain=review["chain"],
        withdraw_role=review["withdraw_role"],
        assurance=review.get("assurance", "seal"),
        on_expiry=values.get("on_expiry", "mark"),
        urgent=review.get("urgent"),
        correction=review.get("correction"),
        signed=review.get("signed", False),
        attachments=values.get("attachments", ()),
        identity=review.get("identity") or values["unit"].domain or values["unit"].name,
        language=language,
        takedown_limit=values.get("takedown_limit", Policy.takedown_limit),
        joins_lines=values.get("text", {}).get("lines") == "join",
        indents_paragraphs=values.get("text", {}).get("indent") == "two",
        text_seconds=values.get("limits", {}).get("text_seconds", Policy.text_seconds),
    )


def _cross_check(report: ProblemCollector, section: Node, values: dict[str, Any], review: dict[str, Any]) -> None:
    def add(key: str, message: str) -> None:
        report.add(_line(section, key), key, message)

    for group in ("columns", "people", "review.stages"):
        for id in review["stages"] if group == "review.stages" else values[group]:
            if not ID.fullmatch(id):
                add(
                    f"{group}.{id}",
                    _("this name must begin with a to z or 0 to 9, and may have only these, - and _, 40 at most"),
                )
    for id in values["columns"]:
        if id.casefold() in RESERVED:
            add(f"columns.{id}", _("this name is reserved for the site's own pages; choose another"))
    for key, chain in _chains(values, review):
        for stage in sorted({stage for _since, stages in chain for stage in stages} - set(review["stages"])):
            add(
                key,
                _("names the stage `{stage}`, which is not in review.stages; correct the name or add the stage").format(
                    stage=stage
                ),
            )
    for key, message in people.find_people_problems(values["people"]):
        add(key, message)
    if review.get("assurance") == "git":
        add("review", _("this release of Gongshi supports only `assurance: seal` and `assurance: flag`"))
    if review.get("assurance") == "flag" and review.get("signed"):
        add("review.signed", _("only dossiers can be signed: write `assurance: seal`, or leave this key out"))


def _chains(values: dict[str, Any], review: dict[str, Any]) -> Iterator[tuple[str, DatedChain]]:
    yield "review.chain", review["chain"]
    if "correction" in review:
        yield "review.correction.chain", review["correction"].chain
    for id, column in values["columns"].items():
        if column.chain:
            yield f"columns.{id}.chain", column.chain


def _line(node: Node, key: str) -> int:
    line = node.line
    for name in key.split("."):
        if not isinstance(node, Mapping):
            break
        for scalar, value in node.items:
            if scalar.text == name:
                line, node = scalar.line, value
                break
    return line


def _timezone(report: ProblemCollector, key: str, node: Node) -> ZoneInfo | None:
    name = text()(report, key, node)
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        report.add(node.line, key, _("is not a known time zone; write a name such as Asia/Shanghai"))
        return None


def _hours(report: ProblemCollector, key: str, node: Node) -> int | None:
    if isinstance(node, Scalar) and (match := re.fullmatch(r"([1-9][0-9]{0,3})([hd])", node.text)):
        return int(match[1]) * (24 if match[2] == "d" else 1)
    report.add(node.line, key, _("must be hours or days such as 24h or 3d"))
    return None


def _domain(report: ProblemCollector, key: str, node: Node) -> str | None:
    """Read a host name, by which the site's own links are recognised."""
    found: str | None = text()(report, key, node)
    if found is not None and not _HOST.fullmatch(found):
        report.add(node.line, key, _("must be a host name such as www.qinghe.gov.cn"))
        return None
    return found


def _percentage(report: ProblemCollector, key: str, node: Node) -> int | None:
    if isinstance(node, Scalar) and (match := re.fullmatch(r"(0|[1-9][0-9]?|100)%", node.text)):
        return int(match[1])
    report.add(node.line, key, _("write a percentage with its sign, from 0% to 100%, such as 33%"))
    return None


def _characters(report: ProblemCollector, key: str, node: Node) -> int | None:
    """Read the limit of characters of minor corrections."""
    if (
        isinstance(node, Scalar)
        and node.text.isascii()
        and node.text.isdigit()
        and 1 <= int(node.text[:9]) <= _MAX_CORRECTION
    ):
        return int(node.text)
    report.add(node.line, key, _("must be a whole number from 1 to {limit}").format(limit=_MAX_CORRECTION))
    return None


def _keywords(report: ProblemCollector, key: str, node: Node) -> str | None:
    if isinstance(node, Sequence):
        # A full-width comma within a keyword does no harm, so the list is not read with `list_of`.
        parsed_items = [text()(report, f"{key}[{number}]", item) for number, item in enumerate(node.items, 1)]
        return ",".join(item for item in parsed_items if item)
    parsed: str | None = text()(report, key, node)
    return parsed


def _extension(report: ProblemCollector, key: str, node: Node) -> str | None:
    """Read a file name extension, with or without its dot, as a further kind of attachment."""
    name = text()(report, key, node)
    if name is None:
        return None
    ending: str = name.removeprefix(".").lower()
    if not _EXTENSION.fullmatch(ending):
        report.add(node.line, key, _("must be a file name extension, such as dwg"))
    elif not attachment_types.can_be_added(ending):
        message = _(
            "cannot be an attachment: files of this kind run when they are opened, are read by servers as something "
            "else, or places and owners cannot be removed from them; remove it"
        )
        report.add(node.line, key, message)
    else:
        return ending
    return None


def _stages(report: ProblemCollector, key: str, node: Node) -> tuple[str, ...] | None:
    stages: tuple[str, ...] | None = list_of(text())(report, key, node)
    if stages is None:
        return None
    if not stages:
        report.add(node.line, key, _("is empty; name at least one stage"))
    if len(set(stages)) < len(stages):
        report.add(node.line, key, _("names a stage twice"))
    return stages


def _chain(report: ProblemCollector, key: str, node: Node) -> DatedChain | None:
    if not isinstance(node, Mapping):
        stages = _stages(report, key, node)
        return ((_ALWAYS, stages),) if stages else None
    dated: list[tuple[date, tuple[str, ...]]] = []
    for name, value in node.items:
        since, stages = dates.parse_date(name.text), _stages(report, f"{key}.{name.text}", value)
        if since is None:
            message = _("is the first day on which this chain is in force, and {fault}")
            report.add(name.line, f"{key}.{name.text}", message.format(fault=dates.day_fault(name.text)))
        elif any(day == since for day, _stages_ in dated):
            report.add(name.line, f"{key}.{name.text}", _("names a day twice; keep one"))
        elif stages:
            dated.append((since, stages))
    if not dated:
        report.add(node.line, key, _("is empty; name at least one stage"))
    return tuple(sorted(dated))


_UNIT = {
    **{name: Field(text(), required=name == "name") for name in Unit.__dataclass_fields__ if name != "links"},
    **unit_keys.FIELDS,
    "domain": Field(_domain),
}
_COLUMN = {
    "title": Field(text(), required=True),
    "kind": Field(choice("announcement", "activity"), required=True),
    "description": Field(text()),
    "keywords": Field(_keywords),
    "fresh_days": Field(count),
    "chain": Field(_chain),
}
_STAGE = {"title": Field(text(), required=True), "role": Field(text(), required=True)}
_URGENT = {"role": Field(text(), required=True), "review_within": Field(_hours, required=True)}
_CORRECTION = {"chain": Field(_chain, required=True), "characters": Field(_characters, required=True)}
_REVIEW = {
    "assurance": Field(choice("flag", "seal", "git")),
    "signed": Field(boolean),
    "identity": Field(text()),
    "stages": Field(mapping_of(object_of(_STAGE, dict)), required=True),
    "chain": Field(_chain, required=True),
    "withdraw_role": Field(text(), required=True),
    "urgent": Field(object_of(_URGENT, lambda role, review_within: Urgent(role, review_within))),
    "correction": Field(object_of(_CORRECTION, Correction)),
}
_TEXT = {"lines": Field(choice("keep", "join")), "indent": Field(choice("none", "two"))}
_LIMITS = {"text_seconds": Field(count)}
_SPEC = {
    "unit": Field(object_of(_UNIT, unit_keys.unit), required=True),
    "timezone": Field(_timezone),
    "columns": Field(mapping_of(object_of(_COLUMN, dict)), required=True),
    "people": Field(mapping_of(object_of(people.PERSON, dict)), required=True),
    "review": Field(object_of(_REVIEW, dict), required=True),
    "on_expiry": Field(choice("mark", "notice")),
    "attachments": Field(list_of(_extension)),
    "takedown_limit": Field(_percentage),
    "limits": Field(object_of(_LIMITS, dict)),
    "text": Field(object_of(_TEXT, dict)),
}


def line_of(file: Path, key: str) -> int | None:
    """Return the line of a key, for a problem that only a build finds; None if the file cannot be read any more.

    Args:
        file: path of mkdocs.yml.
        key: below `extra.gongshi`, as a dotted path.
    """
    try:
        section = _section(_read(file), ProblemCollector(file.name))
    except InvalidInput:
        return None
    return _line(section, key) if section else None


def site_language(file: Path) -> str:
    """Return the site's language, even if the rest of the configuration is wrong.

    Args:
        file: path of mkdocs.yml.
    """
    try:
        return _language(_read(file))
    except InvalidInput:
        return "zh"
