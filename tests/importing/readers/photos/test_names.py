"""Names of photos and folders tell the time, the title and the day of an activity."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from gongshi.importing.readers.photos.folder_name import parse_folder_name
from gongshi.importing.readers.photos.times import TimeSource, named_moment, natural_key, taken_time
from support.unit import REPOSITORY

CASES = REPOSITORY / "tests" / "cases" / "import"
NAMES = st.one_of(st.text(max_size=60), st.text("0123456789-_. 年月日至IMG（）", max_size=60))


def cases(name: str) -> list[Any]:
    """The golden cases of a file."""
    found: list[Any] = yaml.safe_load((CASES / name).read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("case", cases("photo_names.yml"), ids=lambda case: case["name"])
def test_the_name_of_a_photo_tells_its_time(case: dict[str, str | None]) -> None:
    written = case["time"]
    wanted = datetime.fromisoformat(written.removesuffix("Z")) if written else None
    if wanted and written and written.endswith("Z"):
        wanted = wanted.replace(tzinfo=timezone.utc)
    assert named_moment(case["name"] or "") == wanted


@pytest.mark.parametrize("case", cases("folder_names.yml"), ids=lambda case: case["name"])
def test_the_name_of_a_folder_tells_title_and_days(case: dict[str, Any]) -> None:
    found = parse_folder_name(case["name"])
    assert (found.title, found.start, found.end) == (case["title"], case.get("start"), case.get("end"))


@given(NAMES)
def test_no_name_stops_the_import(name: str) -> None:
    named_moment(name)
    natural_key(name)
    found = parse_folder_name(name)
    assert found.end is None or (found.start is not None and found.start <= found.end)
    assert found.title is None or (found.title.strip() and "\n" not in found.title)


def test_names_are_sorted_as_people_count() -> None:
    names = ["照片10.jpg", "照片2.jpg", "照片1.jpg", "照片2 (2).jpg"]
    assert sorted(names, key=natural_key) == ["照片1.jpg", "照片2.jpg", "照片2 (2).jpg", "照片10.jpg"]


def exif(**values: Any) -> Image.Exif:
    """Exif data; names of arguments are `taken`, `offset`, `fraction`, `changed`, `day` and `clock`."""
    tags = {"taken": 36867, "offset": 36881, "fraction": 37521}
    made = Image.Exif()
    if "changed" in values:
        made[306] = values.pop("changed")
    inside, gps = made.get_ifd(0x8769), made.get_ifd(0x8825)
    for name, value in values.items():
        if name in tags:
            inside[tags[name]] = value
        else:
            gps[{"clock": 7, "day": 29}[name]] = value
    return made


@pytest.mark.parametrize(
    ("data", "moment", "source"),
    [
        (exif(taken="2026:11:26 09:30:12"), "2026-11-26T09:30:12", TimeSource.EXIF),
        (exif(taken="2026:11:26 09:30:12\0"), "2026-11-26T09:30:12", TimeSource.EXIF),
        (exif(taken="2026:11:26 09:30:12", offset="+08:00"), "2026-11-26T09:30:12+08:00", TimeSource.EXIF),
        (exif(taken="2026:11:26 09:30:12", offset="-03:30", fraction="25"), "2026-11-26T09:30:12.250000-03:30", TimeSource.EXIF),
        (exif(taken="2026:11:26 09:30:12", offset="+99:99", fraction="x"), "2026-11-26T09:30:12", TimeSource.EXIF),
        (exif(day="2026:11:26", clock=(1.0, 30.0, 12.0)), "2026-11-26T01:30:12+00:00", TimeSource.GPS),
        (exif(taken="0000:00:00 00:00:00", day="2026:11:26", clock=(1.0, 30.0, 12.0)), "2026-11-26T01:30:12+00:00", TimeSource.GPS),
        (exif(taken="1970:01:01 00:00:00"), "2026-11-20T00:00:00", TimeSource.NAME),
        (exif(changed="2026:11:27 10:00:00"), "2026-11-20T00:00:00", TimeSource.NAME),
        (exif(taken=17, offset=3, day=5, clock="x"), "2026-11-20T00:00:00", TimeSource.NAME),
    ],
)  # fmt: skip
def test_exif_tells_the_time_before_gps_and_both_before_the_name(
    data: Image.Exif, moment: str, source: TimeSource
) -> None:
    found = taken_time(data, "IMG-20261120-WA0001.jpg")
    assert found and (found.moment.isoformat(), found.source) == (moment, source)


def test_a_photo_without_any_time_has_none() -> None:
    assert taken_time(exif(), "IMG_0001.jpg") is None


def test_the_day_is_that_of_the_phone() -> None:
    found = taken_time(exif(taken="2026:11:26 00:10:00", offset="+08:00"), "a.jpg")
    assert found and found.day == date(2026, 11, 26)
