"""Finds out when a photo was taken: from its Exif data, or from the name that phones and WeChat give it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import Enum
from pathlib import PurePath
from typing import Any, Final

from PIL import Image

_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_TAKEN, _SCANNED = (36867, 36881, 37521), (36868, 36882, 37522)
"""Tags of the Exif directory (Exif 2.32, 4.6.5 D): time, offset and fraction of a second, as taken and as digitized."""
_GPS_TIME, _GPS_DAY = 7, 29
"""Tags of the GPS directory (Exif 2.32, 4.6.6); its time is UTC."""
_WRITTEN: Final = re.compile(r"\s*([0-9]{4})[:/-]([0-9]{2})[:/-]([0-9]{2})[ T]+([0-9]{2}):([0-9]{2}):([0-9]{2})")
_OFFSET: Final = re.compile(r"\s*([+-])([0-9]{2}):?([0-9]{2})")
_YEARS = range(1990, 2100)
"""Cameras whose clock was never set write 1970 or 1980."""
_MILLISECONDS: Final = re.compile(r"(?<![0-9])(1[0-9]{12})(?![0-9])")
"""A time in milliseconds since 1970, as WeChat for Android writes it: `mmexport1700000000000.jpg`."""
_NAMED_TIME: Final = re.compile(
    r"(?<![0-9])(20[0-9]{2})([-_.]?)([01][0-9])\2([0-3][0-9])[-_. T]{0,3}(?:at )?"
    r"([0-2][0-9])[-_.:]?([0-5][0-9])[-_.:]?([0-5][0-9])([0-9]{3})?(?![0-9])"
)
"""`IMG_20261126_093012.jpg`, `微信图片_20261126093012.jpg`, `Screenshot_2026-11-26-09-30-12.png`."""
_NAMED_DAY: Final = re.compile(r"(?<![0-9])(20[0-9]{2})([-_.]?)([01][0-9])\2([0-3][0-9])(?![0-9])")
"""`IMG-20261126-WA0007.jpg`."""
_UTC_NAME = "PXL_"
"""Phones of Google name their photos by UTC."""
_DEFAULT_OFFSET = timedelta(hours=8)
"""Of China, for photos without an offset beside photos without one."""
_NUMBERS: Final = re.compile(r"([0-9]+)")
_MAX_DIGITS = 18


class TimeSource(Enum):
    """The origin of the time of a photo."""

    EXIF = "exif"
    GPS = "gps"
    NAME = "name"
    """The name of the file: often when the photo was stored or sent."""


@dataclass(frozen=True)
class TakenTime:
    """The time at which a photo was taken."""

    moment: datetime
    """Naive if its offset is not known."""
    source: TimeSource

    @property
    def day(self) -> date:
        """The day on the clock of the phone."""
        return self.moment.date()


def taken_time(exif: Image.Exif, name: str) -> TakenTime | None:
    """Return the time at which a photo was taken; None if nothing tells it.

    Args:
        exif: its Exif data.
        name: the name of the file.
    """
    inside = _directory(exif, _EXIF_IFD)
    for time, offset, fraction in (_TAKEN, _SCANNED):
        if moment := _exif_moment(inside.get(time), inside.get(offset), inside.get(fraction)):
            return TakenTime(moment, TimeSource.EXIF)
    if moment := _gps_moment(_directory(exif, _GPS_IFD)):
        return TakenTime(moment, TimeSource.GPS)
    return TakenTime(moment, TimeSource.NAME) if (moment := named_moment(name)) else None


def _directory(exif: Image.Exif, tag: int) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(tag)
    except Exception:
        # Pillow answers damaged data with errors of any kind.
        return {}


def _exif_moment(time: object, offset: object, fraction: object) -> datetime | None:
    match = _WRITTEN.match(time) if isinstance(time, str) else None
    moment = _moment(*map(int, match.groups())) if match else None
    if moment is None:
        return None
    digits = re.match("[0-9]{1,6}", fraction.strip()) if isinstance(fraction, str) else None
    moment = moment.replace(microsecond=int(digits[0].ljust(6, "0")) if digits else 0)
    parts = _OFFSET.match(offset) if isinstance(offset, str) else None
    if parts is None or (minutes := int(parts[2]) * 60 + int(parts[3])) >= 24 * 60:
        return moment
    return moment.replace(tzinfo=timezone(timedelta(minutes=minutes if parts[1] == "+" else -minutes)))


def _gps_moment(gps: Mapping[int, Any]) -> datetime | None:
    try:
        day = [int(part) for part in re.split("[:/-]", str(gps[_GPS_DAY]).strip("\0 "))]
        clock = [int(part) for part in gps[_GPS_TIME]]
    except (KeyError, TypeError, ValueError, ZeroDivisionError, OverflowError):
        return None
    moment = _moment(*day, *clock) if len(day) == 3 and len(clock) == 3 else None
    return moment.replace(tzinfo=timezone.utc) if moment else None


def named_moment(name: str) -> datetime | None:
    """Return the time in the name of a file, naive if its offset is not known; None if there is none.

    Args:
        name: the name, such as `IMG_20261126_093012.jpg` or `mmexport1700000000000.jpg`.
    """
    if match := _MILLISECONDS.search(name):
        return datetime.fromtimestamp(int(match[1]) / 1000, timezone.utc)
    if match := _NAMED_TIME.search(name):
        year, _mark, *others, fraction = match.groups()
        if moment := _moment(int(year), *map(int, others)):
            moment = moment.replace(microsecond=int(fraction or 0) * 1000)
            return moment.replace(tzinfo=timezone.utc) if name.startswith(_UTC_NAME) else moment
    match = _NAMED_DAY.search(name)
    return _moment(int(match[1]), int(match[3]), int(match[4])) if match else None


def _moment(*parts: int) -> datetime | None:
    try:
        moment = datetime(*parts)  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None


def usual_offset(times: Iterable[TakenTime | None]) -> timedelta:
    """Return the offset from UTC that most photos name, for those that name none.

    Args:
        times: the times of all photos.
    """
    offsets = [time.moment.utcoffset() for time in times if time and time.source is TimeSource.EXIF]
    known = Counter(offset for offset in offsets if offset is not None)
    return known.most_common(1)[0][0] if known else _DEFAULT_OFFSET


def comparable(moment: datetime, offset: timedelta) -> datetime:
    """Return a time with an offset.

    Args:
        moment: the time.
        offset: its offset from UTC if it names none.
    """
    return moment if moment.tzinfo else moment.replace(tzinfo=timezone(offset))


def natural_key(name: str) -> tuple[tuple[tuple[int, str], ...], str]:
    """Return a key that sorts names as people count: `photo 2`, `photo 2 (2)`, `photo 10`.

    Args:
        name: the name of a file.
    """
    path = PurePath(name.casefold())
    parts = _NUMBERS.split(path.stem)
    numbered = ((int(part[:_MAX_DIGITS]) if number % 2 else 0, part) for number, part in enumerate(parts))
    return tuple(numbered), path.suffix
