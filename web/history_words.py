"""The audit in a citizen's words (R47). Whatever the core records of a person has its words here; a test looks."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from itertools import groupby

from core import audit_reading, kiosks, offices, staff
from core.audit import AuditEntry
from core.schema import AuditEvent
from core.values import CardState, Document, OtherOperation, Reason, WeakPinReason
from web import words

OPERATIONS = {operation.value: text for operation, text in words.OPERATIONS.items()} | {
    OtherOperation.IDENTIFY: "用身份证号码和密码验证身份",
    OtherOperation.IDENTIFY_CARD: "插卡并用密码验证身份",
    OtherOperation.FIND_PERSON: "窗口核对证件，查找本人",
    OtherOperation.SHOW_CARD: "窗口核对社保卡",
    OtherOperation.REVEAL: "窗口查看完整的姓名和号码",
    OtherOperation.PRINT_FORM: "打印挂失登记表",
    OtherOperation.CHECK_ORIGINAL_PIN: "修改密码：验证原密码",
    OtherOperation.UNLOCK_PIN: "工作人员解除密码锁定",
    staff.SIGN_IN: "人员登录",
    staff.CHOOSE_PASSWORD: "改登录密码",
    staff.MANAGE: "管理人员",
    kiosks.MANAGE: "管理自助终端",
    kiosks.ENTER_KEY: "用密钥启用自助终端",
    offices.MANAGE: "管理网点",
    audit_reading.READ: "管理员查看审计记录",
    audit_reading.EXPORT: "管理员导出审计记录",
    "import": "数据更新",
    "demo": "演示数据",
    OtherOperation.LAPSE_LOSS: "挂失到期未补办书面挂失，卡恢复使用",
}

DONE = {
    "done": "成功",
    "identified": "验证通过",
    "applied for": "已申请补领新卡",
    "new card issued": "新卡已制好，等待本人领取",
    "number of the new card corrected": "已更正新卡的卡号",
    "new card handed over": "已领取新卡，旧卡作废",
}

REFUSED = {
    "refused": "没有成功：密码或口令不正确",
    "too simple": "没有成功：新密码太简单",
    "same as before": "没有成功：新密码和现在的相同",
    "number or PIN is wrong": "没有成功：号码或密码不正确",
    "PIN locked": "没有成功：密码已锁定",
    "source refused": "没有成功：输错次数太多，暂时不受理",
    "the default PIN must be changed first": "没有成功：要先修改默认密码",
    "the two entries differ": "没有成功：两次输入的新密码不一致",
    "the PIN was changed meanwhile": "没有成功：密码已在别处修改",
    "card and ID document must be seen": "没有成功：没有出示社保卡和身份证件",
    "card and ID card or household certificate needed": "没有成功：没有出示社保卡和居民身份证或户籍证明",
    "ID document and registration form needed": "没有成功：没有出示身份证件或填写挂失登记表",
    "ID document needed": "没有成功：没有出示身份证件",
    "not the card that was issued": "没有成功：拿出的不是为本人制的新卡",
    "a counter reports in writing": "没有成功：窗口要办理书面挂失",
    "another card": "没有成功：出示的不是本人现在的社保卡",
    "not found": "没有成功：没有这个号码的记录",
    "no card": "没有成功：没有社保卡记录",
    "wrong key": "没有成功：没有这个密钥",
    "revoked key": "没有成功：密钥已停用",
    **{f"weak PIN: {reason.value}": f"没有成功：{words.WEAK_PIN[reason].rstrip('。')}" for reason in WeakPinReason},
}


def _any_of(kind: type[Enum]) -> str:
    return "|".join(re.escape(each.value) for each in kind)


BY_ITSELF = {"shell": "系统管理员", "term": "系统自动处理"}  # sources that are no channel

_PATTERNS = (
    (r"by [a-z ]+", lambda _: "成功"),
    (r"(\S+): hired", lambda found: f"已增加人员 {found[1]}"),
    (r"(\S+): credentials renewed", lambda found: f"已重发 {found[1]} 的密码和动态口令"),
    (r"(\S+): dismissed", lambda found: f"{found[1]} 已离岗"),
    (r"(.+): enrolled", lambda found: f"已登记：{found[1]}"),
    (r"(.+): revoked", lambda found: f"已停用：{found[1]}"),
    (r"(\S+): login taken", lambda found: f"没有成功：登录名 {found[1]} 已经有人使用"),
    (r"(\S+): no such office", lambda found: f"没有成功：{found[1]} 的网点没有登记"),
    (r"(\S+\.csv): (\d+) rows, (\d+) bad", lambda found: f"{found[1]}：导入 {found[2]} 行，{found[3]} 行有误"),
    (r"(\S+\.csv): refused, (\d+) bad", lambda found: f"没有成功：{found[1]} 没有导入，{found[2]} 行有误"),
    (r"card is (\w+)", lambda found: f"没有成功：卡的状态是“{words.CARD_STATES[CardState(found[1])]}”"),
    (r"record (\d{10})", lambda found: f"成功，参保缴费记录编号 {words.grouped(found[1])}"),
    (
        rf"({_any_of(Reason)}) on ({_any_of(Document)})",
        lambda found: f"来办理{words.REASONS[Reason(found[1])]}，核对了{words.DOCUMENTS[Document(found[2])]}",
    ),
    (r"malformed .*", lambda found: "没有成功：号码不正确"),
    (r".* is not done here", lambda found: "没有成功：这个渠道不办理"),
)


@dataclass(frozen=True)
class Line:
    """One happening as a page shows it, or several that look alike there."""

    at: datetime
    where: str
    operation: str
    outcome: str
    refused: bool
    times: int = 1


def line(event: AuditEntry | AuditEvent) -> Line:
    """In words. What nobody has words for is shown as what it is at least: done or not known."""
    outcome, refused = _outcome(event)
    return Line(event.at, _where(event), OPERATIONS.get(event.operation, "其他操作"), outcome, refused)


def told_together(events: Iterable[AuditEntry]) -> list[Line]:
    """What followed one another in the same minute and reads alike is told once, with how often: whoever looks through
    five pages asked five times."""
    lines = (line(event) for event in events)
    alike = groupby(lines, lambda line: replace(line, at=line.at.replace(second=0, microsecond=0)))
    return [replace(line, times=sum(1 for _ in each)) for line, each in alike]


def _where(event: AuditEntry | AuditEvent) -> str:
    if event.source in BY_ITSELF:
        return BY_ITSELF[event.source]
    channel = words.CHANNELS.get(event.channel, event.channel)
    return f"{channel}（{event.office}）" if event.office else channel


def _outcome(event: AuditEntry | AuditEvent) -> tuple[str, bool]:
    text = outcome(event.outcome)
    if event.operation == "import" and event.outcome.startswith("card is "):  # ended by the office's data
        text = text.removeprefix("没有成功：")
    return text, text.startswith("没有成功")


def outcome(word: str) -> str:
    """How something ended, from the core's word for it."""
    if known := DONE.get(word) or REFUSED.get(word):
        return known
    for pattern, told in _PATTERNS:
        if found := re.fullmatch(pattern, word):
            return told(found)
    return "已记录"
