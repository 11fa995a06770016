"""Word documents made with python-docx, as a clerk types them."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from gongshi.importing.document import ReadOptions, RevisionChoice
from support.import_documents.own_document import own_document
from support.official_notice import official_notice


def saved(document: Any) -> bytes:
    """The bytes of a document."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def typed(*lines: str, change: Callable[[Any], None] | None = None) -> bytes:
    """A document of paragraphs, changed at its end."""
    document = docx.Document()
    for line in lines:
        document.add_paragraph(line)
    if change:
        change(document)
    return saved(document)


own_document(
    "取暖救助.docx",
    """
    各村（社区），镇直有关单位：
    为确保困难群众温暖过冬，现将2026年冬季取暖救助工作有关事项通知如下。
    ## 一、救助对象
    （一）特困供养人员。经村（社区）核实、镇民政办复核的分散供养特困人员。
    （二）低保家庭。享受最低生活保障且无集中供暖的家庭。
    ## 二、救助标准和名额
    每户500元，各村（社区）名额见下表。
    | 片区 | 村（社区） | 户数 | 金额（元） |
    | 东片 | 禾苗社区 | 12 | 6,000.00 |
    | 东片 | 柳塘村 | 8 | 4,000.00 |
    | 西片 | 石桥村 | 15 | 7,500.00 |
    | 合计 | 合计 | 35 | 17,500.00 |
    ## 三、工作要求
    1.准确核对。12月5日前完成核实，联系电话：0500-8820118。
    2.公开公示。名单公示不少于7天，公示内容不得含有完整身份证号。
    附件：1.困难群众取暖救助申请表
    2.救助名单汇总表
    → 青禾镇人民政府
    → 2026年11月26日
    → 〔公章〕
    （此件公开发布）
    抄送：县民政局，县财政局。
    青禾镇人民政府办公室 2026年11月26日印发
    """,
    title="青禾镇人民政府关于做好2026年冬季困难群众取暖救助工作的通知",
    number="青政发〔2026〕12号",
    issued=date(2026, 11, 26),
    issuer="青禾镇人民政府",
    told=("CANARYheader 内部资料", "青禾镇人民政府文件"),
)(official_notice)


@own_document(
    "停水.docx",
    """
    各位居民：
    因管网检修，11月28日8:00至17:00停水。
    咨询电话：138****1234。
    → 青禾镇便民服务中心
    → 2026年11月26日
    """,
    title="关于11月28日禾苗社区停水的通知",
    issued=date(2026, 11, 26),
    issuer="青禾镇便民服务中心",
)
def water_cut() -> bytes:
    """A notice with a telephone number in stars, and a signature at the left."""
    return typed(
        "关于11月28日禾苗社区停水的通知",
        "各位居民：",
        "因管网检修，11月28日8:00至17:00停水。",
        "咨询电话：138****1234。",
        "青禾镇便民服务中心",
        "2026年11月26日",
    )


@own_document(
    "隐藏.docx",
    """
    公开内容
    """,
    title="关于征集意见的通知",
    told=("隐藏内容机密", "内部资料 注意保管", "第1页 内部"),
)
def hidden_words() -> bytes:
    """Hidden text, a header and a footer."""

    def hide(document: Any) -> None:
        run = document.add_paragraph("公开内容").add_run("隐藏内容机密")
        run.font.hidden = True
        document.sections[0].header.paragraphs[0].text = "内部资料 注意保管"
        document.sections[0].footer.paragraphs[0].text = "第1页 内部"

    return typed("关于征集意见的通知", change=hide)


def _tracked(document: Any) -> None:
    by = f'{nsdecls("w")} w:author="张三" w:date="2026-01-01T00:00:00Z"'
    paragraph = document.add_paragraph("每户补助")._p
    paragraph.append(parse_xml(f'<w:ins {by} w:id="1"><w:r><w:t>500元</w:t></w:r></w:ins>'))
    paragraph.append(parse_xml(f'<w:del {by} w:id="2"><w:r><w:delText>300元</w:delText></w:r></w:del>'))


@own_document(
    "接受修订.docx",
    """
    每户补助500元
    """,
    title="关于补助标准的通知",
    told=("500元", "300元"),
    options=ReadOptions(RevisionChoice.ACCEPT),
)
def accepted_changes() -> bytes:
    """Tracked changes that are accepted."""
    return typed("关于补助标准的通知", change=_tracked)


@own_document(
    "拒绝修订.docx",
    """
    每户补助300元
    """,
    title="关于补助标准的通知",
    told=("500元", "300元"),
    options=ReadOptions(RevisionChoice.REJECT),
)
def rejected_changes() -> bytes:
    """Tracked changes that are refused."""
    return typed("关于补助标准的通知", change=_tracked)


@own_document(
    "批注.docx",
    """
    正文一句话。
    """,
    title="关于批注的通知",
    told=("这里要改",),
)
def commented() -> bytes:
    """A comment."""

    def comment(document: Any) -> None:
        document.add_comment(document.add_paragraph("正文一句话。").runs, text="这里要改", author="李四")

    return typed("关于批注的通知", change=comment)


@own_document(
    "公告.docx",
    """
    根据有关规定，现公告如下：
    一、事项
    二、时间
    特此公告。
    → 青禾镇人民政府
    → 二〇二六年十一月二十六日
    """,
    title="青禾镇人民政府公告",
    issued=date(2026, 11, 26),
    issuer="青禾镇人民政府",
)
def announcement() -> bytes:
    """A title with a blank in it, and a date in Chinese numerals."""
    return typed(
        "青禾镇人民政府",
        "公　告",
        "根据有关规定，现公告如下：",
        "一、事项",
        "二、时间",
        "特此公告。",
        "青禾镇人民政府",
        "二〇二六年十一月二十六日",
    )


@own_document(
    "游园会.docx",
    """
    各位居民：
    活动时间：2026年12月31日（星期四）上午9:00—11:30
    活动地点：青禾镇文化广场
    主办单位：青禾镇文化站
    欢迎参加。
    → 青禾镇文化站
    → 2026年12月20日
    """,
    title="元旦游园会活动通知",
    event_start=datetime(2026, 12, 31, 9, 0),
    event_end=datetime(2026, 12, 31, 11, 30),
    event_place="青禾镇文化广场",
    event_organizer="青禾镇文化站",
    options=ReadOptions(column_kind="activity"),
)
def event() -> bytes:
    """An activity with its time and place."""
    return typed(
        "元旦游园会活动通知",
        "各位居民：",
        "活动时间：2026年12月31日（星期四）上午9:00—11:30",
        "活动地点：青禾镇文化广场",
        "主办单位：青禾镇文化站",
        "欢迎参加。",
        "青禾镇文化站",
        "2026年12月20日",
    )


@own_document(
    "低保公示.docx",
    """
    经审核，现将名单公示如下，公示期2026年11月27日至12月3日。
    1. 王** 低保
    2. 李** 低保
    监督电话：0500-8820118
    """,
    title="关于拟确定低保对象的公示",
    notice_from=date(2026, 11, 27),
    notice_to=date(2026, 12, 3),
)
def public_notice() -> bytes:
    """A list typed by hand, with names in stars."""
    return typed(
        "关于拟确定低保对象的公示",
        "经审核，现将名单公示如下，公示期2026年11月27日至12月3日。",
        "1. 王** 低保",
        "2. 李** 低保",
        "监督电话：0500-8820118",
    )


@own_document(
    "winter hours.docx",
    """
    Dear residents,
    The office is open from 9:00 to 17:00 until 31 March 2027.
    → Qinghe Town Service Centre
    → 26 November 2026
    """,
    title="Notice on winter opening hours",
    issued=date(2026, 11, 26),
    issuer="Qinghe Town Service Centre",
)
def english_notice() -> bytes:
    """A notice in English."""
    return typed(
        "Notice on winter opening hours",
        "Dear residents,",
        "The office is open from 9:00 to 17:00 until 31 March 2027.",
        "Qinghe Town Service Centre",
        "26 November 2026",
    )
