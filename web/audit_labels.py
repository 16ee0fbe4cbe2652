"""The audit in a citizen's words (R47). Every operation and every code that the core can record has its words here; a
test looks."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

from core.audit.record import AuditEntry
from core.errors import Detail
from core.records.schema import AuditEvent
from core.values import (
    CardState,
    Document,
    Needed,
    OtherOperation,
    Outcome,
    PadProblem,
    Reason,
    Sought,
    WeakPasswordReason,
    WeakPinReason,
)
from web import words

OPERATIONS = {operation.value: text for operation, text in words.OPERATIONS.items()} | {
    OtherOperation.IDENTIFY.value: "用身份证号码和密码验证身份",
    OtherOperation.IDENTIFY_CARD.value: "插卡并用密码验证身份",
    OtherOperation.FIND_PERSON.value: "窗口核对证件，查找本人",
    OtherOperation.SHOW_CARD.value: "窗口核对社保卡",
    OtherOperation.REVEAL.value: "窗口查看完整的姓名和号码",
    OtherOperation.PRINT_FORM.value: "打印挂失登记表",
    OtherOperation.CHECK_ORIGINAL_PIN.value: "修改密码：验证原密码",
    OtherOperation.UNLOCK_PIN.value: "工作人员解除密码锁定",
    OtherOperation.STAFF_SIGN_IN.value: "人员登录",
    OtherOperation.CHOOSE_PASSWORD.value: "改登录密码",
    OtherOperation.MANAGE_STAFF.value: "管理人员",
    OtherOperation.MANAGE_KIOSKS.value: "管理自助终端",
    OtherOperation.ENTER_KIOSK_KEY.value: "用密钥启用自助终端",
    OtherOperation.MANAGE_OFFICES.value: "管理网点",
    OtherOperation.READ_AUDIT.value: "管理员查看审计记录",
    OtherOperation.EXPORT_AUDIT.value: "管理员导出审计记录",
    OtherOperation.IMPORT.value: "数据更新",
    OtherOperation.DEMO.value: "演示数据",
    OtherOperation.LAPSE_LOSS.value: "挂失到期未补办书面挂失，卡恢复使用",
}

_DONE = "成功"


def _done(detail: Detail) -> str:
    if "reference" in detail:
        return f"成功，参保缴费记录编号 {words.grouped(detail['reference'])}"
    if "document" in detail:
        reason, document = words.REASONS[Reason(detail["reason"])], words.DOCUMENTS[Document(detail["document"])]
        return f"来办理{reason}，核对了{document}"
    return _DONE


DONE: dict[str, str | Callable[[Detail], str]] = {
    Outcome.DONE: _done,
    Outcome.IDENTIFIED: "验证通过",
    Outcome.REPLACEMENT_APPLIED_FOR: "已申请补领新卡",
    Outcome.NEW_CARD_ISSUED: "新卡已制好，等待本人领取",
    Outcome.NEW_CARD_CORRECTED: "已更正新卡的卡号",
    Outcome.NEW_CARD_HANDED_OVER: "已领取新卡，旧卡作废",
    Outcome.HIRED: lambda detail: f"已增加人员 {detail['login']}",
    Outcome.CREDENTIALS_RENEWED: lambda detail: f"已重发 {detail['login']} 的密码和动态口令",
    Outcome.DISMISSED: lambda detail: f"{detail['login']} 已离岗",
    Outcome.ENROLLED: lambda detail: f"已登记：{detail['kiosk']}",
    Outcome.REVOKED: lambda detail: f"已停用：{detail['kiosk']}",
    Outcome.FILE_IMPORTED: lambda detail: f"{detail['file']}：导入 {detail['rows']} 行，{detail['bad']} 行有误",
    Outcome.CARD_ENDED: lambda detail: _card_is(detail),
    Outcome.RECORDED: "已记录",
}

_NEEDED = {
    Needed.IDENTITY: "没有出示身份证件",
    Needed.CARD_AND_IDENTITY: "没有出示社保卡和身份证件",
    Needed.CARD_AND_RELEASE_DOCUMENT: "没有出示社保卡和居民身份证或户籍证明",
    Needed.IDENTITY_AND_FORM: "没有出示身份证件或填写挂失登记表",
    Needed.WRITTEN_REPORT: "窗口要办理书面挂失",
}
_WEAK_PASSWORD = {
    WeakPasswordReason.MISMATCH: "两次输入的新密码不一致",
    WeakPasswordReason.TOO_SIMPLE: "新密码太简单",
    WeakPasswordReason.SAME_AS_BEFORE: "新密码和现在的相同",
}
_NOT_FOUND = {
    Sought.PERSON: "没有这个号码的记录",
    Sought.CARD: "没有社保卡记录",
    Sought.CASE: "没有这项业务",
    Sought.OFFICE: "网点没有登记",
    Sought.STAFF: "没有这个人员",
    Sought.KIOSK: "没有这台终端",
}
_PAD = {
    PadProblem.NO_SUCH_CODE: "没有显示这个配对码的密码键盘",
    PadProblem.NOT_PAIRED: "没有配对密码键盘",
    PadProblem.NOT_ASKED: "没有请本人输入",
    PadProblem.CLERK_GONE: "工作人员已经退出",
    PadProblem.PERSON_GONE: "业务已经结束",
}


def _card_is(detail: Detail) -> str:
    return f"卡的状态是“{words.CARD_STATES[CardState(detail['state'])]}”"


def _not_found(detail: Detail) -> str:
    if "login" in detail and detail["what"] == Sought.OFFICE.value:
        return f"{detail['login']} 的网点没有登记"
    return _NOT_FOUND[Sought(detail["what"])]


# What follows “没有成功：”.
REFUSED: dict[str, str | Callable[[Detail], str]] = {
    "malformed_number": "号码不正确",
    "not_on_this_door": "这个渠道不办理",
    "identification_failed": "号码或密码不正确",
    "pin_changed_meanwhile": "密码已在别处修改",
    "pin_locked": "密码已锁定",
    "source_refused": "输错次数太多，暂时不受理",
    "pin_change_required": "要先修改默认密码",
    "new_pin_mismatch": "两次输入的新密码不一致",
    "weak_pin": lambda detail: words.WEAK_PIN[WeakPinReason(detail["reason"])].rstrip("。"),
    "card_not_usable": _card_is,
    "documents_missing": lambda detail: _NEEDED[Needed(detail["needed"])],
    "not_the_new_card": "拿出的不是为本人制的新卡",
    "another_card": "出示的不是本人现在的社保卡",
    "state_conflict": _card_is,
    "staff_refused": "密码或口令不正确",
    "weak_password": lambda detail: _WEAK_PASSWORD[WeakPasswordReason(detail["reason"])],
    "not_your_role": "不是这个岗位的工作",
    "not_oneself": "不能把自己设为离岗",
    "login_taken": lambda detail: f"登录名 {detail['login']} 已经有人使用",
    "not_found": _not_found,
    "kiosk_key_refused": lambda detail: "密钥已停用" if detail["revoked"] else "没有这个密钥",
    "pad_not_ready": lambda detail: _PAD[PadProblem(detail["problem"])],
    Outcome.FILE_REFUSED: lambda detail: f"{detail['file']} 没有导入，{detail['bad']} 行有误",
}

BY_ITSELF = {"shell": "系统管理员", "term": "系统自动处理"}  # sources that are no channel


@dataclass(frozen=True)
class Line:
    """One entry as a page shows it, or several that look alike there."""

    at: datetime
    where: str
    operation: str
    outcome: str
    refused: bool
    times: int = 1


def line(entry: AuditEntry | AuditEvent) -> Line:
    """In words."""
    return Line(
        entry.at,
        _where(entry),
        OPERATIONS.get(entry.operation, "其他操作"),
        outcome(entry.code, entry.detail),
        entry.code in REFUSED,
    )


def collapse_repeats(entries: Iterable[AuditEntry]) -> list[Line]:
    """What followed one another in the same minute and reads alike is told once, with how often: whoever looks through
    five pages asked five times."""
    lines = (line(entry) for entry in entries)
    alike = groupby(lines, lambda line: replace(line, at=line.at.replace(second=0, microsecond=0)))
    return [replace(line, times=sum(1 for _ in each)) for line, each in alike]


def outcome(code: str, detail: Detail) -> str:
    """How something ended."""
    if code in REFUSED:
        return f"没有成功：{_in_words(REFUSED[code], detail)}"
    # A process of an older version, at work beside this one, records no code.
    return _in_words(DONE.get(code, DONE[Outcome.RECORDED]), detail)


def _in_words(words_or_more: str | Callable[[Detail], str], detail: Detail) -> str:
    return words_or_more if isinstance(words_or_more, str) else words_or_more(detail)


def _where(entry: AuditEntry | AuditEvent) -> str:
    if entry.source in BY_ITSELF:
        return BY_ITSELF[entry.source]
    channel = words.CHANNELS.get(entry.channel, entry.channel)
    return f"{channel}（{entry.office}）" if entry.office else channel
