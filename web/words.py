"""The Chinese words for what the core answers and refuses, for every page.

A page's own sentences stand in its template; here is what several pages say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from core.enquiries.insurance import MonthStatus
from core.errors import CardNotUsable, HotlineError, MalformedNumber, NotOnThisDoor, SourceRefused
from core.values import (
    BenefitKind,
    CardState,
    CatalogueCategory,
    Document,
    Door,
    Employment,
    Insurance,
    Operation,
    Reason,
    WeakPinReason,
)

NAVIGATION = (
    ("/", "首页"),
    ("/guide", "办事指南"),
    ("/catalogue/drugs", "药品和诊疗目录"),
    ("/offices", "办理网点"),
    ("/numbers/work-injury", "按编号查询"),
)

LARGE_PRINT_NAVIGATION = ("/", "/guide", "/offices")  # fewer ways at once; the others lead on from these

GUIDE = (
    ("/guide", "办理渠道"),
    ("/guide/loss", "挂失"),
    ("/guide/pin", "修改密码"),
    ("/guide/query", "查询"),
    ("/guide/phone", "电话菜单"),
    ("/guide/questions", "常见问题"),
)

DOORS = {
    Door.PHONE: "12333 电话",
    Door.WEB: "网站",
    Door.KIOSK: "自助服务终端",
    Door.AGENCY: "社保经办机构",
    Door.BRANCH: "区县医疗保险分中心",
    Door.SERVICE_CENTRE: "重庆市社会保障卡服务中心",
}

CHANNELS = {"phone": "12333 电话", "web": "网站", "kiosk": "自助服务终端", "counter": "窗口"}
REPORTED_BY = {**CHANNELS, "import": "原有资料"}  # of a card that was lost before it came to us

OPERATIONS = {
    Operation.ENQUIRE_SELF: "查询本人信息",
    Operation.ENQUIRE_BY_NUMBER: "按编号查询待遇和缴费",
    Operation.CATALOGUE: "查询药品和诊疗项目目录",
    Operation.CHANGE_PIN: "修改密码",
    Operation.RESET_PIN: "重置忘记或锁定的密码",
    Operation.REPORT_LOSS: "挂失",
    Operation.WRITE_UP_LOSS: "补办书面挂失",
    Operation.RELEASE_LOSS: "解除挂失",
    Operation.REPLACE_CARD: "申请补卡、领取新卡",
}

CONDITIONS = {  # core.permissions.CONDITIONS
    (Operation.ENQUIRE_SELF, Door.KIOSK): "插入社保卡",
    (Operation.ENQUIRE_SELF, Door.AGENCY): "本人到窗口",
    (Operation.CHANGE_PIN, Door.AGENCY): "在有读卡器的窗口，凭身份证件和原密码，本人输入",
    (Operation.CHANGE_PIN, Door.SERVICE_CENTRE): "在有读卡器的窗口，凭身份证件和原密码，本人输入",
    (Operation.REPORT_LOSS, Door.BRANCH): "书面挂失",
    (Operation.REPORT_LOSS, Door.SERVICE_CENTRE): "书面挂失",
    (Operation.CATALOGUE, Door.PHONE): "请到网站查询",
    (Operation.REPORT_LOSS, Door.KIOSK): "终端要插卡才能使用",
}

CARD_STATES = {
    CardState.ACTIVE: "正常",
    CardState.LOSS_REPORTED: "已挂失（尚未书面挂失）",
    CardState.LOSS_WRITTEN: "已书面挂失",
    CardState.REPLACEMENT_APPLIED: "补领中",
    CardState.REPLACED: "已补换",
    CardState.CANCELLED: "已注销",
}

NEW_CARD_WAITS = "，新卡待领取"  # said after the state

CARD_STATE_ADVICE = {
    CardState.ACTIVE: "",
    CardState.LOSS_REPORTED: "卡已停用。请尽快到区县医疗保险分中心办理书面挂失；找到了卡，可以在那里解除挂失。",
    CardState.LOSS_WRITTEN: "卡已停用。可以在区县医疗保险分中心申请补领新卡；找到了卡，可以在那里解除挂失。",
    CardState.REPLACEMENT_APPLIED: "新卡正在办理，旧卡不能再恢复使用。领取新卡请到申请的区县医疗保险分中心。",
    CardState.REPLACED: "这张卡已经补换，不能再使用。请重新登录，使用您的新卡。",
    CardState.CANCELLED: "这张卡已经注销。如有疑问，请拨打 12333。",
}

NEW_CARD_READY = "新卡已经制好。请本人带有效身份证件，到申请的区县医疗保险分中心领取。旧卡不能再恢复使用。"

LOSS_OUTCOMES = {
    None: "办理中",
    "released": "已解除挂失",
    "replaced": "已补领新卡",
    "cancelled": "卡已注销",
    "lapsed": "到期失效，卡已恢复使用",
}

DOCUMENTS = {
    Document.RESIDENT_ID_CARD: "居民身份证",
    Document.HOUSEHOLD_CERTIFICATE: "户籍证明",
    Document.PASSPORT: "护照",
    Document.SOCIAL_SECURITY_CARD: "社会保障卡",
    Document.REGISTRATION_FORM: "挂失登记表",
}

REASONS = {
    Reason.ENQUIRY: "查询",
    Reason.PIN: "密码",
    Reason.LOSS: "挂失",
    Reason.RELEASE: "解除挂失",
    Reason.REPLACEMENT: "补领新卡",
}

INSURANCES = {
    Insurance.PENSION: "养老保险",
    Insurance.MEDICAL: "医疗保险",
    Insurance.UNEMPLOYMENT: "失业保险",
    Insurance.WORK_INJURY: "工伤保险",
    Insurance.MATERNITY: "生育保险",
}

MONTH_STATUSES = {MonthStatus.PAID: "已缴费", MonthStatus.UNPAID: "未缴费", MonthStatus.GAP: "中断（没有记录）"}

EMPLOYMENT = {
    Employment.EMPLOYED: "在职",
    Employment.UNEMPLOYED: "失业",
    Employment.RETIRED: "退休",
    Employment.FLEXIBLE: "灵活就业",
    Employment.STUDENT: "学生",
}

CATEGORIES = {category.value: f"{category.value}类" for category in CatalogueCategory}

BENEFITS = {
    BenefitKind.RETIREMENT: "退休待遇",
    BenefitKind.WORK_INJURY: "工伤待遇",
    BenefitKind.WORK_DEATH: "工亡供养亲属待遇",
    BenefitKind.UNEMPLOYMENT: "失业待遇",
    BenefitKind.MATERNITY: "生育待遇",
    BenefitKind.MINIMUM_LIVING: "最低生活保障",
    BenefitKind.SPECIAL_CARE: "优抚待遇",
}

MALFORMED = {
    ("id", "length"): "身份证号码应为 18 位，请核对后重新填写。",
    ("id", "characters"): "身份证号码的前 17 位是数字，最后一位是数字或字母 X，请核对后重新填写。",
    ("id", "birth_date"): "身份证号码中的出生日期不对，请核对后重新填写。",
    ("id", "check"): "身份证号码不正确，请逐位核对后重新填写。",
    ("id", "fifteen_digits"): "这是 15 位的旧身份证号码，请填写现在的 18 位身份证号码。",
    ("card", "length"): "社保卡号应为 9 位，请核对后重新填写。",
    ("card", "characters"): "社保卡号的第一位是字母或数字，接着是 7 位数字，最后一位是数字或字母 X，请核对后重新填写。",
    ("card", "check"): "社保卡号不正确，请逐位核对后重新填写。",
    ("card", "taken"): "已经有一张社保卡用这个号码，请核对新卡。",
    ("personal", "length"): "个人社保号的位数不对，请核对后重新填写。",
    ("personal", "characters"): "个人社保号只有数字，请核对后重新填写。",
    ("unit", "length"): "单位社保号的位数不对，请核对后重新填写。",
    ("unit", "characters"): "单位社保号只有数字，请核对后重新填写。",
}

WEAK_PIN = {  # R23: the refusal says which rule
    WeakPinReason.FORM: "新密码应为 6 位数字。",
    WeakPinReason.DEFAULT: "新密码不能是默认密码。",
    WeakPinReason.SAME_AS_ORIGINAL: "新密码不能和原密码相同。",
    WeakPinReason.REPEATED: "新密码不能由一个、两个或三个数字重复组成。",
    WeakPinReason.RUN: "新密码不能是连续递增或递减的数字。",
    WeakPinReason.OWN_NUMBER: "新密码不能是您的身份证号码或社保卡号中连着的六位数字。",
    WeakPinReason.BIRTH_DATE: "新密码不能是您的出生日期。",
    WeakPinReason.COMMON: "这个密码太常见，容易被别人猜到，请换一个。",
}

CARD_NOT_USABLE = {  # R25, R33
    CardState.LOSS_REPORTED: "您的社保卡已经挂失，不能修改密码。找到了卡，请本人到区县医疗保险分中心解除挂失。",
    CardState.LOSS_WRITTEN: "您的社保卡已经书面挂失，不能修改密码。请到区县医疗保险分中心解除挂失或者申请补卡。",
    CardState.REPLACEMENT_APPLIED: "您正在补领新卡，旧卡不能再使用。领到新卡以后，可以修改新卡的密码。",
    CardState.REPLACED: "这张社保卡已经补换，不能再使用。请使用您的新卡。",
    CardState.CANCELLED: "这张社保卡已经注销。如有疑问，请拨打 12333。",
}


WHERE_WRONG = {Door.WEB: "您所用的网络", Door.KIOSK: "这台终端"}  # R5: what is counted together


_BRING = "请本人带社保卡和居民身份证（或户籍证明），到区县医疗保险分中心解除挂失"
CARD_REFUSED_AT_KIOSK = CARD_NOT_USABLE | {  # R33: it is in the reader, so it was found, or was never lost
    CardState.LOSS_REPORTED: f"这张社保卡已经挂失，不能使用。卡找到了，{_BRING}。",
    CardState.LOSS_WRITTEN: f"这张社保卡已经书面挂失，不能使用。卡找到了，{_BRING}；也可以在那里申请补领新卡。",
    CardState.REPLACEMENT_APPLIED: "您正在补领新卡，这张旧卡不能再使用。领到新卡以后，请使用新卡。",
}


@dataclass(frozen=True)
class Refusal:
    """How a page says that something is refused: the heading, what to do, the HTTP status, and where a button leads,
    with its words."""

    title: str
    text: str
    status: int
    way: tuple[str, str] | None = None


def malformed(error: MalformedNumber) -> str:
    """One sentence for a number whose form is wrong (R1)."""
    return MALFORMED.get((error.kind, error.reason), "号码不正确，请核对后重新填写。")


def refusal(error: HotlineError, door: Door, clock: Callable[..., str] = str) -> Refusal:
    """What the rules refuse at a door, in words, where a page has no words of its own. `clock` writes a moment."""
    return REFUSALS[error.code](error, door, clock)


def _pin_locked(_error: HotlineError, door: Door, _clock: Callable[..., str]) -> Refusal:
    lost = "如果卡丢了要挂失，请拨打 12333 按 0 转人工，或到上述窗口办理。"
    return Refusal(
        "密码已锁定",
        "密码连续输错次数太多，已经锁定。请本人带社保卡和有效身份证件，到区县医疗保险分中心"
        f"或重庆市社会保障卡服务中心重置密码。{lost if door is not Door.KIOSK else ''}",
        403,
        ("/offices?operation=reset_pin", "查找可以重置密码的网点"),
    )


def _source_refused(error: SourceRefused, door: Door, clock: Callable[..., str]) -> Refusal:
    return Refusal(
        "请稍后再试",
        f"{WHERE_WRONG.get(door, DOORS[door])}上输错的次数太多。为了安全，请在 {clock(error.until)} 以后再试。"
        "急需挂失的，请拨打 12333。",
        429,
    )


def _not_on_this_door(error: NotOnThisDoor, door: Door, _clock: Callable[..., str]) -> Refusal:
    helps = "、".join(DOORS[door] for door in error.doors)
    return Refusal(f"{DOORS[door]}不能办理这项业务", f"可以办理的渠道：{helps}。", 403)


def _card_not_usable(error: CardNotUsable, door: Door, _clock: Callable[..., str]) -> Refusal:
    if door is Door.KIOSK:
        return Refusal("这张社保卡不能使用", CARD_REFUSED_AT_KIOSK[error.state], 409)
    return Refusal("社保卡现在不能使用", CARD_NOT_USABLE[error.state], 409, ("/account/loss", "查看挂失记录"))


def _always(refusal: Refusal) -> Callable[..., Refusal]:
    return lambda _error, _door, _clock: refusal


# Every code has its words: a test looks. What only staff can meet is told to nobody else but in general.
REFUSALS: dict[str, Callable[..., Refusal]] = {
    "malformed_number": lambda error, _door, _clock: Refusal("号码不正确", malformed(error), 422),
    "not_on_this_door": _not_on_this_door,
    "identification_failed": _always(Refusal("身份证号码或密码不正确", "请核对后重新填写。", 422)),
    "pin_changed_meanwhile": _always(Refusal("身份证号码或密码不正确", "请核对后重新填写。", 422)),
    "pin_locked": _pin_locked,
    "source_refused": _source_refused,
    "pin_change_required": _always(Refusal("请先修改默认密码", "修改以后，就可以继续办理。", 403)),
    "new_pin_mismatch": _always(Refusal("两次输入的新密码不一致", "原密码没有改变，请重新输入。", 422)),
    "weak_pin": lambda error, _door, _clock: Refusal("新密码不能使用", WEAK_PIN[error.reason], 422),
    "card_not_usable": _card_not_usable,
    "state_conflict": lambda error, _door, _clock: Refusal(
        "社保卡的状态已经变了", f"现在的状态：{CARD_STATES[error.state]}。", 409
    ),
    **dict.fromkeys(
        (
            "documents_missing",
            "not_the_new_card",
            "another_card",
            "staff_refused",
            "weak_password",
            "not_your_role",
            "not_oneself",
            "login_taken",
            "not_found",
            "kiosk_key_refused",
            "pad_not_ready",
        ),
        _always(Refusal("现在不能办理", "请稍后再试，或拨打 12333。", 409)),
    ),
}


def state_named(value: str) -> str:
    """A card's state, by its value."""
    return CARD_STATES[CardState(value)]


def grouped(number: str) -> str:
    """A reference number as it is easiest to read out and to copy: 1234 5678."""
    return " ".join(number[place : place + 4] for place in range(0, len(number), 4))


def yuan(amount: Decimal) -> str:
    """1,234.56; the unit stands beside it."""
    return f"{amount:,.2f}"


def percent(share: Decimal) -> str:
    """10%, from 0.10; 12.5%, from 0.125."""
    return f"{(share * 100).normalize():f}%"


def month(text: str) -> str:
    """2026年10月, from 2026-10."""
    return f"{text[:4]}年{int(text[5:7])}月"


def digits(text: str) -> str:
    """A PIN as somebody typed it: full-width digits are digits, and spaces around it are nothing."""
    return unicodedata.normalize("NFKC", text).strip()


def is_pin(text: str) -> bool:
    """Whether this has a PIN's form."""
    return re.fullmatch(r"[0-9]{6}", text) is not None
