"""Further Chinese words that people write in place of keys of front matter and mkdocs.yml, beside their titles."""

from __future__ import annotations

from collections.abc import Collection

from gongshi.common.lazy_pattern import lazy_pattern

_KEYS = {
    # Front matter
    "title": "标题 题目 题名 名称 栏目名称",
    "date": "日期 时间 发布日期 发布时间 发文日期",
    "status": "状态 审核状态",
    "approved_by": "审批人 审核人 批准人 签发人",
    "author": "作者 撰稿人 拟稿人 起草人 经办人 编辑",
    "source": "来源 出处 稿件来源 信息来源",
    "summary": "摘要 提要 概要 简介",
    "tags": "标签 关键词 关键字",
    "pinned": "置顶",
    "publish_at": "定时发布 定时发布时间 发布时间 公开时间 上线时间",
    "expires_at": "失效 失效日期 失效时间 有效期 有效期至 到期 过期时间",
    "public_notice": "公示 公示期",
    "from": "从 自 起 起始 开始 开始日期 起始日期",
    "to": "至 到 止 截止 结束 结束日期 截止日期",
    "document": "公文 文件 文件信息 公文信息",
    "number": "文号 发文字号 字号 编号",
    "index": "索引号 索引",
    "issued": "成文日期 印发日期 发文日期",
    "issuer": "发文机关 发文单位 印发机关 成文单位",
    "topic": "主题 主题分类 分类",
    "validity": "有效性 时效 效力 公文有效性",
    "event": "活动 活动信息",
    "start": "开始 开始时间 开始日期 起 时间",
    "end": "结束 结束时间 结束日期 止",
    "place": "地点 地址 场地 活动地点",
    "organizer": "主办 主办方 主办单位 组织者 承办单位",
    "contact": "联系人 联系方式 联系电话 电话",
    "attachments": "附件 附件列表",
    "file": "文件 文件名 附件",
    "change_note": "更新说明 修改说明 变更说明",
    "moved_from": "原地址 原路径",
    "lang": "语言 语种",
    "see": "参见 另见 详见",
    "note": "备注 退回意见 意见",
    "reason": "原因 理由 撤回原因",
    # extra.gongshi of mkdocs.yml
    "unit": "单位 单位信息",
    "name": "名称 单位名称 姓名 名字",
    "short_name": "简称 单位简称",
    "domain": "域名 网址",
    "address": "地址 单位地址",
    "phone": "电话 联系电话",
    "email": "邮箱 邮件 电子邮箱",
    "hours": "办公时间 开放时间 工作时间",
    "logo": "标志 徽标",
    "colour": "颜色 主色",
    "icp": "备案号",
    "timezone": "时区",
    "columns": "栏目",
    "kind": "类型 类别 种类",
    "description": "说明 描述 简介",
    "keywords": "关键词 关键字",
    "fresh_days": "更新天数 更新周期",
    "chain": "审核链 审核流程 流程",
    "people": "人员 人员名单",
    "roles": "角色 职务 岗位",
    "role": "角色 职务 岗位",
    "since": "自 起 开始 任职日期 开始日期 起始日期",
    "until": "至 止 结束 离任日期 结束日期",
    "key": "密钥 公钥",
    "review": "审核 审批",
    "assurance": "保证方式",
    "signed": "签名",
    "stages": "阶段 环节 审核环节",
    "withdraw_role": "撤回角色",
    "urgent": "紧急 紧急发布",
    "on_expiry": "失效后 到期后",
}
_WORDS = {key: frozenset(words.split()) for key, words in _KEYS.items()}
_SPACES = lazy_pattern(r"\s+")


def keys_for(word: str, known: Collection[str]) -> list[str]:
    """Return the keys that a Chinese word may stand for, in the order in which they are known.

    Args:
        word: the word that was written as a key.
        known: the keys of the mapping in which it stands.
    """
    plain = _SPACES.sub("", word)
    return [key for key in known if plain in _WORDS.get(key, ())]


def is_key(word: str) -> bool:
    """Return True if a word is a key of front matter or mkdocs.yml, at whatever place."""
    return word in _KEYS
