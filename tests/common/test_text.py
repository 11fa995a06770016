"""Sizes of files, as pages, forms and comparisons show them, and suggestions for mistyped names."""

import pytest

from gongshi.common.text import closest, format_exact_size, format_size


def test_sizes_are_rounded() -> None:
    """To a tenth of the unit; what is small is in bytes on forms and in KB on pages."""
    assert [format_size(size) for size in (0, 1023, 1024, 1536, 3 << 20)] == [
        "0 B", "1023 B", "1.0 KB", "1.5 KB", "3.0 MB",
    ]  # fmt: skip
    assert [format_size(size, in_bytes=False) for size in (1, 512, 1 << 20)] == ["0.1 KB", "0.5 KB", "1.0 MB"]


def test_exact_sizes_name_every_byte() -> None:
    """Two files of nearly one size are told apart in a comparison."""
    assert [format_exact_size(size) for size in (1, 2048, 3 << 20)] == [
        "1 byte", "2.0 KiB (2048 bytes)", "3.0 MiB (3145728 bytes)",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("通知", "通知公告"),
        ("通知公示", "通知公告"),
        ("ANNOUNCEMENT", "announcements"),
        ("anouncements", "announcements"),
        ("ａctivities ", "activities"),
        ("通", None),
        ("news", None),
        ("", None),
    ],
)
def test_what_a_mistyped_name_may_mean(written: str, meant: str | None) -> None:
    """A part of a name, other cases and widths, or a few wrong letters; and nothing where nothing is near."""
    assert closest(written, ["announcements", "通知公告", "activities", "活动动态"]) == meant
