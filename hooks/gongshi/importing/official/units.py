"""Names of units (发文机关): by which words they are known, and how they are written in documents."""

from __future__ import annotations

from gongshi.common.lazy_pattern import lazy_pattern
from gongshi.domain.yaml.one_line_text import with_plain_spaces

_ENDINGS = (
    "政府|办公室|办公厅|办事处|委员会|党委|党组|纪委|工委|团委|县委|市委|镇委|乡委|区委|省委|委办|政协|人大|主席团|代表大会|常委会|监委"
    "|局|厅|部|署|处|科|股|院|所|站|队|中心|馆|校|小学|中学|高中|初中|大学|学院|幼儿园|园|医院|法院|检察院|公司|集团|银行|信用社|协会|学会"
    "|联合会|商会|总会|工会|妇联|残联|科联|文联|侨联|工商联|共青团|少先队|村委会|居委会|社区|村|街道|镇|乡|县|市|指挥部|小组|工作组|专班|组委会|筹委会|筹备组"
    "|理事会|监事会|业委会|家委会|支部|党总支|基金会|管委会|合作社|物业|大厅|窗口|办|班|年级|图书室|编辑部|教研室|教务处"
)
_UNIT = lazy_pattern(rf"[\u3400-\u9fff\w“”‘’（）()·、《》 -]{{0,58}}(?:{_ENDINGS})(?:[(（][^()（）]{{1,12}}[)）])?")
_ENGLISH = lazy_pattern(
    r"[A-Z][\w.,&'’ -]{2,80}(?:Government|Office|Committee|Bureau|Department|Council|School|Library|Hospital|Centre"
    r"|Center|University|College|Association|Commission|Agency|Authority|Station|Team|Board|Ltd\.?)(?: of [\w ]{2,40})?"
)
_SEAL = lazy_pattern(r" *[(（\[【] *(?:盖章|公章|印章|印|章|代章|签章|盖公章|单位盖章|加盖公章) *[)）\]】]\Z")
_NOT_A_NAME = lazy_pattern(
    r"[。；;:：，,！!？?…]|^(?:附件|抄送|抄报|主送|关于|特此|现将|请|各|凡|如|由|在|对|第|共|感谢|此致|敬礼|一、)"
)
_SPELLED = lazy_pattern(r"(?:[\u3400-\u9fff（）]\s+)+[\u3400-\u9fff（）]")
_WIDE_GAP = lazy_pattern(r"[ \t\u00a0\u3000]{2,}|\u3000")


def is_unit(text: str) -> bool:
    """Tell whether a line is the name of a unit, or of several side by side.

    Args:
        text: the line with half-width marks and without blanks around it.
    """
    name = _SEAL.sub("", text)
    if len(name) > 60 or len(name) < 2:
        return False
    if _ENGLISH.fullmatch(name):
        return True
    return not _NOT_A_NAME.search(name) and _UNIT.fullmatch(without_gaps(name)) is not None


def unit_names(text: str) -> list[str]:
    """Return the names of the units on a line of a signature or red head, without the note on the seal.

    Args:
        text: the line; names side by side are divided by several blanks.
    """
    name = _SEAL.sub("", text.strip())
    if _SPELLED.fullmatch(name):
        return [without_gaps(name)]
    return [with_plain_spaces(each) for each in _WIDE_GAP.split(name) if each.strip()]


def without_gaps(text: str) -> str:
    """Remove the blanks that stand between all characters of a word to widen it, such as in 通　知.

    Args:
        text: a line without blanks around it.
    """
    return "".join(text.split()) if _SPELLED.fullmatch(text) else text
