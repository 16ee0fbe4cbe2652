"""What clerks and administrators read: the Chinese words of the counter, where the site's own would say "you"."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import CardNotUsable, HotlineError, MalformedNumber, NotFound, StateConflict
from core.permissions import ALLOWED, may
from core.staffed.staff import SHORTEST_PASSWORD, StaffMember
from core.values import Operation, Reason, Role, Sought, WeakPasswordReason
from web.words import CARD_STATES, DOORS, OPERATIONS, Refusal

ROLES = {Role.CLERK: "窗口工作人员", Role.ADMINISTRATOR: "管理员"}

WEAK_PASSWORD = {
    WeakPasswordReason.MISMATCH: "两次输入的新密码不一致，请重新填写。",
    WeakPasswordReason.TOO_SIMPLE: f"新密码至少 {SHORTEST_PASSWORD} 个字符，不能太简单，也不能含有登录名。",
    WeakPasswordReason.SAME_AS_BEFORE: "新密码不能和现在的密码相同。",
}


def navigation(member: StaffMember) -> list[tuple[str, str, str]]:
    """Where somebody at a counter may go: the address, its name, its key."""
    if member.role is Role.ADMINISTRATOR:
        return [
            ("/counter/staff", "人员", "p"),
            ("/counter/offices", "网点", "o"),
            ("/counter/kiosks", "自助终端", "k"),
            ("/counter/audit", "审计", "a"),
        ]
    ways = (
        ("/counter", "查找本人", "n", Operation.ENQUIRE_SELF),
        ("/counter/queue", "待补办书面挂失", "q", Operation.WRITE_UP_LOSS),
        ("/counter/numbers/work-injury", "按编号查询", "b", Operation.ENQUIRE_BY_NUMBER),
        ("/counter/catalogue/drugs", "药品和诊疗目录", "m", Operation.CATALOGUE),
    )
    return [(address, name, key) for address, name, key, operation in ways if may(member.door, operation)]


def case_ways(here: str, member: StaffMember) -> list[tuple[str, str, str]]:
    """Where a case leads at this office: the address, its name, its key."""
    pin = may(member.door, Operation.CHANGE_PIN) or may(member.door, Operation.RESET_PIN)
    return [
        (here, "本人信息", "r"),
        (f"{here}/other", "低保、优抚和健康", "t"),
        (f"{here}/card", "出示社保卡", "k"),
        (f"{here}/loss", "社保卡和挂失", "l"),
        *([(f"{here}/pin", "密码", "p")] if pin else []),
        (f"{here}/history", "历史", "h"),
    ]


def way_on(here: str, reason: Reason) -> str:
    """Where what somebody has come for is done; empty where the record itself is the answer."""
    return {Reason.ENQUIRY: "", Reason.PIN: f"{here}/pin"}.get(reason, f"{here}/loss")


def helps(operation: Operation) -> str:
    """Where an operation is done, in words."""
    return "、".join(DOORS[door] for door in ALLOWED[operation])


def refusal(error: HotlineError, otherwise: Callable[[HotlineError], Refusal]) -> Refusal:
    """What the rules refuse, as a clerk reads it; `otherwise` gives the site's words for the rest."""
    told = REFUSALS.get(error.code)
    return told(error) if told else otherwise(error)


def _not_found(error: NotFound) -> Refusal:
    if error.what is Sought.CASE:
        return Refusal(
            "这项业务不在您的窗口办理",
            "业务已经结束，或者是别的窗口、上一次登录时开始的。请重新核对证件，再查找本人。",
            404,
        )
    return Refusal("没有找到", "没有这条记录，或者已经不在了。请回到上一页，重新选择。", 404)


def _state(error: StateConflict | CardNotUsable) -> Refusal:
    return Refusal("社保卡的状态不能这样办理", f"现在的状态：{CARD_STATES[error.state]}。", 409)


REFUSALS: dict[str, Callable[..., Refusal]] = {
    "not_on_this_door": lambda error: Refusal(
        f"本窗口不能办理“{OPERATIONS[error.operation]}”", f"可以办理的渠道：{helps(error.operation)}。", 403
    ),
    "not_your_role": lambda _: Refusal(
        "您不能使用这个页面", "窗口工作人员办理业务，管理员管理人员、网点、终端和审计。", 403
    ),
    "not_oneself": lambda _: Refusal("不能把自己设为离岗", "请让另一位管理员办理。", 400),
    "not_found": _not_found,
    "documents_missing": lambda _: Refusal("材料没有核对", "请先核对并记录所需的证件和材料，再办理。", 422),
    "not_the_new_card": lambda _: Refusal("这不是为本人登记的新卡", "请核对手里的卡。没有办理。", 422),
    "another_card": lambda _: Refusal("这不是本人现在的社保卡", "请核对号码。没有办理。", 422),
    "state_conflict": _state,
    "card_not_usable": _state,
    "source_refused": lambda _: Refusal("请稍后再试", "这台电脑或这个登录名输错的次数太多，一小时以内不能登录。", 429),
    "staff_refused": lambda _: Refusal("没有通过", "密码不正确。", 422),
    "weak_password": lambda error: Refusal("新密码不能使用", WEAK_PASSWORD[error.reason], 422),
    "login_taken": lambda _: Refusal("登录名已经有人使用", "请换一个登录名。", 422),
    "pad_not_ready": lambda _: Refusal("密码键盘没有准备好", "请重新配对密码键盘，再请本人输入。", 409),
}


def find_problem(error: MalformedNumber | NotFound) -> str:
    """Why nobody was found, at the field of the number."""
    if isinstance(error, NotFound):
        if error.what is Sought.CARD:
            return "这个人没有社保卡记录，不能在这里办理。请核对发卡情况。"
        return "没有找到这个号码。请核对后重新填写。"
    return {
        ("id", "length"): "身份证号码是 18 位，社保卡号是 9 位，挂失编号是 8 位。请核对后重新填写。",
    }.get((error.kind, error.reason), "")
