"""The record table that government pages show above a document (索引号, 发文字号, 成文日期, 发布机构).

Source: 政府信息公开目录系统实施指引（试行）, the items of a catalogue; pages name them in many ways.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from lxml.etree import _Element

from gongshi.importing.readers.web_page.page_source.parsing import remove
from gongshi.importing.readers.web_page.page_source.visible_text import lines_of

_LABELS: Final = {
    **dict.fromkeys(("索引号", "信息索引", "索引编号", "索引码", "信息索引号"), "index"),
    **dict.fromkeys(("发文字号", "文号", "文件编号", "发文文号", "发布文号", "文件字号", "公文文号"), "number"),
    **dict.fromkeys(("成文日期", "生成日期", "发文日期", "成文时间", "生成时间", "签发日期", "制发日期"), "issued"),
    **dict.fromkeys(
        (
            "发布机构",
            "发文机关",
            "发文机构",
            "发文单位",
            "制发机关",
            "公开机构",
            "发布单位",
            "制定机关",
            "公开主体",
            "发布机关",
        ),
        "issuer",
    ),
    **dict.fromkeys(("发布日期", "发布时间", "公开日期", "公开时间", "发文时间"), "published"),
    **dict.fromkeys(("标题", "名称", "信息名称", "文件名称", "公文名称", "文件标题"), "title"),
    **dict.fromkeys(("来源", "信息来源"), "source"),
    **dict.fromkeys(
        """
        主题分类 主题词 主题 分类 体裁分类 组配分类 服务对象 服务对象分类 有效性 是否有效 时效性
        信息有效性 公开方式 公开范围 公开时限 公开形式 公开属性 公开责任部门 责任部门 效力状态 内容概述
        概述 摘要 关键词 有效期 生效日期 废止日期 失效日期 实施日期 公开程序 载体类型 信息类别 信息分类
        文种 公文种类 类别 访问量 浏览次数 体裁 题材分类 题裁分类 栏目分类 文件状态 施行日期 公开目录
        信息格式 语种 记录形式 产生日期 统一登记号 统一编号 规范性文件编号
        """.split(),  # noqa: SIM905
        "",
    ),
}
"""Labels without blanks, and the field that they are; empty for those that entries do not have."""
_NAMED: Final = frozenset(("index", "number", "issued", "issuer"))
_BLANKS: Final = re.compile(r"[\s\u3000]+")
_LABELLED: Final = re.compile(r"([^:：]{2,12})[:：](.*)", re.DOTALL)
_MOST_CHARACTERS: Final = 1500
_MOST_LINES: Final = 60
_FEWEST_LABELS: Final = 3
_COVERED_SHARE: Final = 0.8
_CANDIDATES: Final = frozenset("table ul ol dl div section tbody".split())  # noqa: SIM905


@dataclass(frozen=True)
class RecordTable:
    """A record table of a page."""

    values: dict[str, str]
    """By the names of `DocumentFields`."""
    words: str
    """All its words."""


def take_record_table(body: _Element) -> RecordTable | None:
    """Remove the first record table from a page and return it; None for a page without one.

    Args:
        body: the page's body without invisible content; changed in place.
    """
    for element in _beginnings(body):
        best: tuple[_Element, RecordTable] | None = None
        for above in (element, *element.iterancestors()):
            if above is body or above.getparent() is None:
                break
            if sum(map(len, above.itertext())) > 4 * _MOST_CHARACTERS:
                break
            if above.tag in _CANDIDATES and (found := _read(above)):
                best = (above, found)
        if best:
            remove(best[0])
            return best[1]
    return None


def _beginnings(body: _Element) -> Iterator[_Element]:
    """Yield up to ten elements that contain the label of an index or document number."""
    count = 0
    for element in body.iter():
        text = _BLANKS.sub("", (element.text or "")[:40])
        label = text.partition("：")[0].partition(":")[0].strip("【】[]")
        if label and _LABELS.get(label) in ("index", "number", "issuer"):
            yield element
            count += 1
            if count == 10:
                return


def _read(element: _Element) -> RecordTable | None:
    lines = lines_of((element,))
    if len(lines) > _MOST_LINES or sum(map(len, lines)) > _MOST_CHARACTERS:
        return None
    values: dict[str, str] = {}
    labels, used, waiting = 0, 0, ""
    for line in lines:
        label, value = _label_and_value(line)
        if label:
            labels, used, waiting = labels + 1, used + 1, "" if value else label
        elif waiting:
            label, value, waiting, used = waiting, line, "", used + 1
        if label and value and (name := _LABELS[label]):
            values.setdefault(name, value)
    if labels < _FEWEST_LABELS or used < _COVERED_SHARE * len(lines) or not _NAMED & values.keys():
        return None
    return RecordTable(values, " ".join(lines))


def _label_and_value(line: str) -> tuple[str, str]:
    """Return the label with which a line begins, and the value behind it; empty for neither."""
    plain = _BLANKS.sub("", line).strip("【】[]")
    if plain.rstrip(":：") in _LABELS:
        return plain.rstrip(":："), ""
    found = _LABELLED.match(line)
    label = _BLANKS.sub("", found[1]).strip("【】[]") if found else ""
    return (label, found[2].strip()) if found and label in _LABELS else ("", "")
