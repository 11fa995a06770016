"""Time, place, organizer and contact of an event, where a text names them with a label: 时间：… 地点：…."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from lxml.etree import _Element

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.yaml.one_line_text import with_plain_spaces
from gongshi.i18n import gettext as _
from gongshi.importing.official.blocks import HEADINGS, TEXT_BLOCKS, cell_rows, plain, text_of
from gongshi.importing.official.events.event_times import EventTime, Unread, read_event_time
from gongshi.importing.official.recognition import Recognition

_OF_EVENT = (
    "活动|会议|举办|举行|召开|开会|培训|讲座|义诊|演出|比赛|竞赛|放映|展览|展出|典礼|开幕|上课|开课|宣讲|听证会?"
    "|家长会|运动会|招聘会"
)
_NUMBER = r"(?:[一二三四五六七八九十]{1,3} ?、|[(][一二三四五六七八九十\d]{1,3}[)]|\d{1,2} ?[.、)．]|[-•●◆★▲■□*] ?)? *"
_LABELS = {
    "time": rf"(?P<time>(?P<time_of>{_OF_EVENT})?的?(?:时 *间|日 *期)(?:及?安排)?"
    r"|Date(?: and time| & time)?|Time|When)",
    "place": rf"(?P<place>(?P<place_of>{_OF_EVENT})?的?(?:地 *点|地 *址|场 *所|场 *地)|Place|Venue|Location|Where)",
    "organizer": r"(?P<organizer>(?:主办|举办|组织)(?:单位|机构|方|部门)?|Organi[sz]er|Organi[sz]ed by|Host)",
    "contact": r"(?P<contact>(?:联系|咨询|报名)(?:人|电话|方式|热线)(?:及(?:联系)?(?:电话|方式))?|Contact|Enquiries)",
}
_LABEL = f"(?:{'|'.join(_LABELS.values())})"
_IN_LINE = lazy_pattern(rf"(?:(?:^|(?<=[ ;；,，。.])){_NUMBER}|【 ?){_LABEL} *(?:[:：]|】 ?[:：]?) *")
_ALONE = lazy_pattern(rf"{_NUMBER}[【]? ?{_LABEL}[】]? ?[:：]?")
_SECTION = lazy_pattern(r"[一二三四五六七八九十]{1,3} ?、|\d{1,2} ?[.、．]\D|.{2,16}:$")
"""The first line of a part of the text."""
_OTHER = lazy_pattern(
    "报名|受理|申请|申报|缴费|领取|公示|咨询|投诉|监督|资格|考试|笔试|面试|体检|登记|投标|开标|征集|查询|办公|办理"
)
"""The words in headings of parts whose times and places are not those of the event."""
_LONGEST_LINE = 400
_LONGEST_PLACE = 80
_YEAR = lazy_pattern(
    r"(?<!\d)(20\d\d) ?年|(?<!\d)(20\d\d)[-./]\d{1,2}[-./]\d|[A-Za-z],? (20\d\d)\b|[〔\[(](20\d\d)[〕\])]"
)
_FIRST_MONTH_DAY = lazy_pattern(r"(\d{1,2}) ?月 ?(\d{1,2}) ?[日号]")


class _Kind(Enum):
    TIME = "time"
    PLACE = "place"
    ORGANIZER = "organizer"
    CONTACT = "contact"


@dataclass(frozen=True)
class _Fact:
    """The text behind a label."""

    kind: _Kind
    value: str
    names_event: bool
    """True for a label such as 活动时间, False for 时间, which can be the time of something else."""
    is_day: bool = False
    """True for a label such as 日期, whose hours stand behind another one."""


def take_event(root: _Element, found: Recognition) -> None:
    """Take time and place of an event, if the text says them once and exactly.

    Args:
        root: the element that contains the blocks.
        found: gets the values, and has the title and the date of the document.
    """
    facts = list(dict.fromkeys(_find_facts(root)))
    times, places = _values(facts, _Kind.TIME), _values(facts, _Kind.PLACE)
    if not times or not (times[0].names_event or places):
        return
    if len(times) > 1:
        message = _("the text names several times; write that of the event in event.start and event.end")
        found.check(message, "\n".join(fact.value for fact in times[:5]))
        return
    _take_time(times[0], root, found)
    _take_place(places, found)
    if found.fields.event_start is not None:
        _take_people(facts, found)


def _find_facts(root: _Element) -> Iterator[_Fact]:
    pending: _Fact | None = None
    is_other = False
    """True in a part of the text about something else, such as the registration."""
    for block in root:
        if block.tag == "table":
            yield from _facts_of_table(block)
            pending = None
            continue
        if block.tag not in (*TEXT_BLOCKS, "ul", "ol"):
            continue
        for line in text_of(block).split("\n"):
            words = plain(line).strip()
            if not words or len(words) > _LONGEST_LINE:
                continue
            if pending:
                yield _Fact(pending.kind, _without_end(line), pending.names_event, pending.is_day)
                pending = None
                continue
            if block.tag in HEADINGS or _SECTION.match(words):
                is_other = bool(_OTHER.search(words)) and not _IN_LINE.search(words)
            if is_other and not any(each in words for each in ("活动", "会议", "举办")):
                continue
            if match := _ALONE.fullmatch(words):
                pending = _fact(match, "") if block.tag in TEXT_BLOCKS else None
                continue
            yield from _facts_of_line(line.strip())


def _facts_of_line(line: str) -> Iterator[_Fact]:
    labels = list(_IN_LINE.finditer(plain(line)))
    for number, match in enumerate(labels):
        end = labels[number + 1].start() if number + 1 < len(labels) else len(line)
        if value := _without_end(line[match.end() : end]):
            yield _fact(match, value)


def _facts_of_table(table: _Element) -> Iterator[_Fact]:
    for row in cell_rows(table):
        if len(row) % 2 or len(row) > 4:
            continue
        labels = [_ALONE.fullmatch(plain(cell).strip()) for cell in row]
        if any(labels[1::2]):
            continue
        for label, value in zip(labels[::2], row[1::2], strict=True):
            if label and value.strip():
                yield _fact(label, _without_end(" ".join(value.split("\n"))))


def _fact(match: re.Match[str], value: str) -> _Fact:
    kind = next(kind for kind in _Kind if match[kind.value])
    label = match[kind.value]
    names_event = kind in (_Kind.TIME, _Kind.PLACE) and bool(match[f"{kind.value}_of"])
    return _Fact(kind, value, names_event, kind is _Kind.TIME and (label.endswith("期") or label.lower() == "date"))


def _without_end(text: str) -> str:
    return with_plain_spaces(text.strip().rstrip("。；;，,、 \u3000"))


def _values(facts: Sequence[_Fact], kind: _Kind) -> list[_Fact]:
    """Return the facts of one kind: those that name the event, if there are such."""
    own = [fact for fact in facts if fact.kind is kind]
    named = [fact for fact in own if fact.names_event]
    chosen = named or own
    days, hours = [fact for fact in chosen if fact.is_day], [fact for fact in chosen if not fact.is_day]
    if len(days) == 1 and len(hours) == 1 and isinstance(read_event_time(hours[0].value, 2000), Unread):
        value = f"{days[0].value} {hours[0].value}"
        return [_Fact(kind, value, days[0].names_event or hours[0].names_event)]
    return chosen


def _take_time(fact: _Fact, root: _Element, found: Recognition) -> None:
    year = _clear_year(fact.value, root, found)
    read = read_event_time(fact.value, year)
    if isinstance(read, Unread):
        messages = {
            Unread.NOT_EXACT: _("the time of the event cannot be read exactly; write it in event.start and event.end"),
            Unread.NO_YEAR: _("the time of the event has no year; write it in event.start and event.end"),
            Unread.IMPOSSIBLE: _("there is no such time; correct it, and write it in event.start and event.end"),
        }
        found.check(messages[read], fact.value)
        return
    if found.take(event_start=read.start) and read.end is not None:
        found.take(event_end=read.end)
    _tell_doubts(read, fact.value, found)


def _tell_doubts(read: EventTime, words: str, found: Recognition) -> None:
    if read.wrong_weekday:
        found.check(_("date and day of the week do not agree; ask which of them is right"), words)
    if read.uses_year_of_document:
        message = _("the time of the event has no year; {year} was taken from the rest of the document")
        found.check(message.format(year=read.start.year), words)
    if read.has_daily_hours:
        found.check(_("the hours of each day stand in the text only; the event has its first and last day"), words)


def _clear_year(value: str, root: _Element, found: Recognition) -> int | None:
    """Return the year of a document that names one year only; None if the event may be in another one."""
    text = plain("\n".join([found.fields.title or "", text_of(root)]))
    years = {int(next(filter(None, match.groups()))) for match in _YEAR.finditer(text)}
    issued = found.fields.issued
    years |= {issued.year} if issued else set()
    if len(years) != 1:
        return None
    year = years.pop()
    match = _FIRST_MONTH_DAY.search(plain(value))
    if issued and match and (int(match[1]), int(match[2])) < (issued.month, issued.day):
        return None
    return year


def _take_place(places: Sequence[_Fact], found: Recognition) -> None:
    values = list(dict.fromkeys(fact.value for fact in places))
    if len(values) == 1 and 0 < len(values[0]) <= _LONGEST_PLACE:
        found.take(event_place=values[0])
    elif values:
        message = _("the place of the event is not clear; write it in event.place")
        found.check(message, "\n".join(values[:5]))


def _take_people(facts: Sequence[_Fact], found: Recognition) -> None:
    organizers = list(dict.fromkeys(fact.value for fact in facts if fact.kind is _Kind.ORGANIZER))
    if len(organizers) == 1:
        found.take(event_organizer=organizers[0])
    contacts = list(dict.fromkeys(fact.value for fact in facts if fact.kind is _Kind.CONTACT))
    if 1 <= len(contacts) <= 2:
        found.take(event_contact="，".join(contacts) if not contacts[0].isascii() else ", ".join(contacts))
