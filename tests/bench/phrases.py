"""How a township writes: sentences with gaps that `texts` fills."""

from __future__ import annotations

NOTICE_TITLES = (
    "关于做好{year}年{matter}工作的通知",
    "{village}{matter}情况公示",
    "关于{village}{matter}的公告",
    "{office}关于{action}{matter}的通知",
    "青禾镇人民政府关于印发{matter}实施方案的通知",
    "关于{village}至{village}路段临时封闭施工的公告",
    "{company}承建{village}{matter}项目中标结果公告",
    "关于{matter}拟发放对象{person}等{few}人的公示",
    "关于{weather}天气期间{matter}有关安排的紧急通知",
    "{year}年第{few}批{matter}名单公示",
)
ACTIVITY_TITLES = (
    "{village}举办{matter}现场活动",
    "{office}到{village}{action}{matter}",
    "“{given}”志愿服务队走进{village}",
    "{village}第{few}届{thing}节开幕",
    "{office}在{place}举行{matter}专题讲座",
    "{person}、{person}等{few}名志愿者为{village}送去{thing}",
    "青禾镇{year}年{matter}主题活动走进{place}",
)
SENTENCES = (
    "根据{law}和{doc}文件要求，现就{matter}有关事项通知如下。",
    "{month}月{date}日，{office}会同{office}对{village}、{village}的{matter}情况进行了{action}，{result}。",
    "此次{matter}共涉及{village}等{few}个村（社区）{many}户{many}人，计划投入资金{money}。",
    "请{village}村民于{month}月{date}日{hour}前携带{material}、{material}到{place}办理，逾期不再受理。",
    "项目由{company}承建，合同金额{money}，工期{few}个月，质保期两年。",
    "经{village}村民代表会议讨论通过，同意由{person}、{person}、{person}负责{matter}的日常管理。",
    "{village}党支部书记{person}说：“我们准备了{thing}{few}套、{thing}{many}件，保证{weather}天气里不断供。”",
    "截至{month}月底，全镇{action}{matter}{many}件，办结率{percent}，其中{village}提前完成任务。",
    "符合条件的家庭请向{office}提交{material}，由{role}{person}初审，{office}复核后报县级主管部门审批。",
    "受{weather}影响，{village}至{village}的班车{month}月{date}日{hour}起停运，恢复时间另行通知。",
    "对{village}{person}户、{village}{person}户反映的{matter}问题，已责成{office}于{few}日内答复。",
    "活动现场发放{thing}{many}份，接受咨询{many}人次，{person}等居民当场办理了{matter}手续。",
    "补助标准为每亩{number}元，最高不超过{money}，通过一卡通直接打入农户账户。",
    "联系人：{person}，电话：{phone}；监督电话：{phone}。",
    "公示期为{month}月{date}日起{few}个工作日，如有异议，请以书面形式向{office}反映，单位反映的须加盖公章，个人反映的须签署真实姓名。",
    "{office}要求各村把{matter}同{matter}结合起来，做到底数清、责任明、措施实。",
    "{company}须在{month}月{date}日前完成{thing}、{thing}的安装调试，经{role}{person}签字后方可支付尾款。",
    "村民{person}今年{age}岁，家住{village}{few}组，过去靠种{thing}为生，如今在{company}务工，年收入约{money}。",
    "{place}将于{hour}开放，参加{matter}的居民请从东侧通道有序入场，不要携带易燃易爆物品。",
    "镇里成立由{role}{person}任组长的工作专班，{office}、{office}各抽调{few}人，每周五上报进展。",
    "凡弄虚作假、骗取{matter}资金的，一经查实，依照{law}追回已发金额，并列入失信记录。",
    "今年以来，{village}种植{thing}{many}亩，产值{money}，带动{few}户农户增收，{result}。",
    "各单位要严格执行{doc}，对照问题清单逐项{action}，{result}。",
    "施工期间，{village}{given}路实行半幅通行，过往车辆请绕行{village}，服从{person}、{person}两位协管员指挥。",
    "{office}工作人员{person}讲解了{thing}的使用方法，并带领大家实地演练，{result}。",
    "本次检查共发现隐患{few}处，其中{thing}老化{few}处、{thing}缺失{few}处，已下达整改通知书。",
    "报名者须年满{age}周岁，具有初中以上文化程度，熟悉{village}情况，有{matter}工作经历者优先。",
    "上年结转{money}，本年收入{money}，支出{money}，结余{money}，明细见附表，请村民监督。",
)
HEADINGS = (
    "工作目标",
    "办理条件",
    "时间安排",
    "补助标准",
    "报名办法",
    "职责分工",
    "注意事项",
    "监督检查",
    "资金来源",
    "活动掠影",
)
COLUMNS = (
    ("序号", "村（社区）", "户主", "人数", "金额（元）"),
    ("序号", "项目名称", "承建单位", "合同金额"),
    ("日期", "地点", "内容", "负责人"),
    ("物资", "数量", "存放地点", "保管人", "电话"),
)
CELLS = {
    "序号": "{few}", "村（社区）": "{village}", "户主": "{person}", "人数": "{few}", "金额（元）": "{number}", "项目名称": "{matter}",
    "承建单位": "{company}", "合同金额": "{money}", "日期": "{month}月{date}日", "地点": "{place}", "内容": "{matter}",
    "负责人": "{person}", "物资": "{thing}", "数量": "{many}", "存放地点": "{village}{place}", "保管人": "{person}", "电话": "{phone}",
}  # fmt: skip
