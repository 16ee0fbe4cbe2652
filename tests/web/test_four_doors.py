"""One lost card through all four doors: the phone, the kiosk, the counter, the web."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import replace

from core.numbers import card_check_character
from core.values import Door
from tests.support.agi.caller import Caller, keys
from tests.support.core.people import Held
from tests.support.web.at_kiosk import HALL, AtKiosk
from tests.support.web.clerk import ID_CARD, WRITTEN, Clerk
from tests.support.web.pdf import pages
from tests.support.web.reading import table
from tests.support.web.visitor import Visitor

NEW_CARD = "C0000001" + card_check_character("C0000001")
NEW_PIN = "740218"


def reports_by_phone(caller: Caller, held: Held) -> None:
    """R30, R31: confirmed, and a reference read out."""
    caller.presses("5", "2").is_back_at("id-enter").presses(keys(held.id_number)).is_back_at("pin-enter")
    caller.presses(held.pin + "#").is_back_at("loss-confirm")
    caller.presses("1").hears("loss-reported", "loss-what-next", "loss-reference-is")
    caller.hangs_up()


def writes_up(clerk: Clerk, held: Held) -> None:
    """R34: from the queue to the signed form."""
    (waiting,) = table(clerk.opens("/counter/queue"), "待补办书面挂失")
    assert (waiting["渠道"], waiting["身份证号码"][-4:]) == ("12333 电话", held.id_number[-4:])
    clerk.finds(waiting["挂失编号"])
    (form,) = pages(clerk.looks_at("/loss-form.pdf").body)
    assert held.id_number in form and held.card_number in form
    assert clerk.takes_step("write-up", **WRITTEN).has("补办书面挂失：已经办理")


def replaces(clerk: Clerk) -> None:
    """R36: applied for, made, and handed over on another day."""
    assert clerk.takes_step("apply").has("申请补领新卡：已经办理")
    assert clerk.takes_step("issue", card_number=NEW_CARD).has("登记新卡：已经办理")
    clerk.sends(f"{clerk.here}/close")


def hands_over(clerk: Clerk, held: Held) -> None:
    """R36: against a document, and with the card in the hand."""
    clerk.finds(held, "replacement")
    answer = clerk.takes_step("hand-over", card_number=NEW_CARD, **ID_CARD)
    assert answer.has("发新卡：已经办理", "密码是默认密码 123456")
    clerk.sends(f"{clerk.here}/close")


def changes_pin_by_phone(caller: Caller, held: Held) -> None:
    """R20, R24: the default PIN wants the ID number too."""
    caller.presses("5", "1").is_back_at("card-enter-last-8").presses(keys(NEW_CARD[1:]), "123456#")
    caller.is_back_at("id-enter").presses(keys(held.id_number)).is_back_at("pin-enter-new")
    caller.presses(NEW_PIN + "#", NEW_PIN + "#").hears("pin-changed")
    caller.hangs_up()


def test_a_lost_card_goes_through_all_four_doors(
    telephone: Callable[[], Caller],
    at_kiosk: AtKiosk,
    at_window: Callable[..., Clerk],
    visitor: Visitor,
    holder: Callable[..., Held],
):
    held, clerk = holder(), at_window(Door.BRANCH)
    assert at_kiosk.signs_in(held).path == "/kiosk/menu"

    reports_by_phone(telephone(), held)
    assert at_kiosk.opens("/kiosk/menu").path != "/kiosk/menu"  # R25: what was open is over
    assert at_kiosk.signs_in(held).has("这张社保卡已经挂失，不能使用")  # R33

    writes_up(clerk, held)
    replaces(clerk)
    new = replace(held, card_number=NEW_CARD, pin="123456")
    assert at_kiosk.signs_in(new).has("密码不正确，请重新输入。")  # R36: the card in the drawer opens nothing
    hands_over(clerk, held)

    assert at_kiosk.signs_in(held).status != 200  # R36: the old number never works again
    assert at_kiosk.page.has("已经补换", "请使用您的新卡")
    assert at_kiosk.signs_in(new).has("默认密码")

    changes_pin_by_phone(telephone(), held)
    assert not at_kiosk.signs_in(new).path.startswith("/kiosk/menu")
    assert at_kiosk.signs_in(replace(new, pin=NEW_PIN)).path == "/kiosk/menu"

    visitor.signs_in(held, NEW_PIN)
    assert table(visitor.opens("/account/loss"), "挂失记录")[0]["结果"] == "已补领新卡"
    reads_all_of_it(visitor, clerk.employee.office)


def reads_all_of_it(visitor: Visitor, branch: str) -> None:
    """R47: every step, by whichever door, in its order and in words."""
    visitor.opens("/account/history")
    rows = table(visitor.page, "查询和办理的历史")
    while earlier := re.search('href="([^"]*)" rel="next"', visitor.page.html):
        rows += table(visitor.opens(html.unescape(earlier[1])), "查询和办理的历史")
    told = iter([(row["渠道"], row["操作"], row["结果"]) for row in rows[::-1]])
    window, hall = f"窗口（{branch}）", f"自助服务终端（{HALL}）"
    by_card = "插卡并用密码验证身份"
    for step in (
        (hall, by_card, "验证通过"),
        ("12333 电话", "用身份证号码和密码验证身份", "验证通过"),
        ("12333 电话", "挂失", "成功"),
        (hall, by_card, "没有成功：卡的状态是“已挂失（尚未书面挂失）”"),
        (window, "窗口核对证件，查找本人", "来办理挂失，核对了居民身份证"),
        (window, "打印挂失登记表", "成功"),
        (window, "补办书面挂失", "成功"),
        (window, "申请补卡、领取新卡", "已申请补领新卡"),
        (window, "申请补卡、领取新卡", "新卡已制好，等待本人领取"),
        (window, "窗口核对证件，查找本人", "来办理补领新卡，核对了居民身份证"),
        (window, "申请补卡、领取新卡", "已领取新卡，旧卡作废"),
        (hall, by_card, "没有成功：卡的状态是“已补换”"),
        (hall, by_card, "验证通过"),
        ("12333 电话", "修改密码：验证原密码", "验证通过"),
        ("12333 电话", "修改密码", "成功"),
        (hall, by_card, "没有成功：号码或密码不正确"),
        (hall, by_card, "验证通过"),
        ("网站", "用身份证号码和密码验证身份", "验证通过"),
    ):
        assert step in told, step  # an iterator: each is looked for after the one before
    assert "其他操作" not in {row["操作"] for row in rows} and "已记录" not in {row["结果"] for row in rows}
