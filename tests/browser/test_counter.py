"""The clerks' windows in Chromium, without a mouse (R34–R37), with a card reader, and when nobody is there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from core.actor import Actor
from core.context import CoreContext
from core.numbers import card_check_character
from core.service import Service
from tests.support.browser.at_counter import AtCounter
from tests.support.browser.at_kiosk import Hall
from tests.support.browser.person import holder

NEW_CARD = "C0000001" + card_check_character("C0000001")
UNKNOWN = "Z9999999" + card_check_character("Z9999999")  # of a card that nobody has
IN_DISTRICT = "王建国"
WAITING = "徐强"  # for a new card
SOUGHT = "身份证号码、社保卡号或挂失编号"


@pytest.fixture
def clerk(works: Callable[..., AtCounter]) -> AtCounter:
    """At the branch, signed in by the keyboard."""
    return works("demo-branch")


def reports_by_phone(context: CoreContext, name: str) -> str:
    known, service = holder(name), Service(context, Actor.phone("02300000001", "call"))
    return service.report_loss(service.identify(known.id_number, known.pin)).reference


def test_a_telephone_report_is_written_up_and_the_card_replaced_by_the_keyboard_alone(clerk: AtCounter, hall: Hall):
    reference = reports_by_phone(hall.core, IN_DISTRICT)
    clerk.types("Alt+q")
    clerk.sees_heading("待补办书面挂失")
    clerk.is_on(f"{reference[:4]} {reference[4:]}")
    clerk.types("Enter")
    clerk.sees_heading("查找本人")
    clerk.is_on("居民身份证")
    clerk.types("1")
    clerk.is_on("挂失")  # the reason is filled in already
    clerk.types("Enter")
    clerk.reads("王**", "居民身份证已核对")
    clerk.is_on("办理挂失")
    clerk.types("Enter")
    clerk.is_on("补办书面挂失")
    clerk.types("Enter")
    clerk.is_on("挂失登记表，本人已签名")
    clerk.types("Enter")  # not ticked yet
    clerk.reads("请核对身份证件和本人签名的挂失登记表，并逐项勾选。没有办理。")
    clerk.field("挂失登记表，本人已签名").focus()
    clerk.types("Space", "Enter")
    clerk.reads("补办书面挂失：已经办理")
    clerk.is_on("申请补领新卡")
    clerk.types("Enter")
    clerk.is_on("确认申请补领新卡")
    clerk.types("Enter")
    for step in ("登记新卡", "发新卡"):
        clerk.is_on(step)
        clerk.types("Enter")
        clerk.is_on("新卡的卡号")
        clerk.types(NEW_CARD, "Enter")
        clerk.reads(f"{step}：已经办理")
    clerk.reads("发新卡：已经办理", "密码是默认密码 123456")
    clerk.is_on("结束业务")
    clerk.types("Enter")
    clerk.reads("上一位的业务已经结束。")
    clerk.types("Alt+u")
    clerk.reads("您已经退出。")


def test_a_found_card_is_released_by_the_keyboard_with_the_card_in_the_reader(clerk: AtCounter, hall: Hall):
    reports_by_phone(hall.core, IN_DISTRICT)
    clerk.serves(IN_DISTRICT, "4")
    clerk.is_on("办理解除挂失")
    clerk.types("Enter")
    clerk.is_on("解除挂失")
    clerk.types("Enter")
    clerk.is_on("先出示社保卡")
    clerk.types("Enter")
    clerk.sees_heading("出示社保卡")
    clerk.is_on("社保卡号")
    clerk.asks_tray("插入 王建国：正常")
    expect(clerk.field("社保卡号")).to_have_value("A20479365")
    clerk.types("Enter")
    clerk.reads("出示的社保卡与记录相符。", "卡已出示")
    clerk.is_on("办理解除挂失")
    clerk.types("Enter")
    clerk.is_on("解除挂失")
    clerk.types("Enter")
    clerk.reads("社保卡已经出示，与记录相符。")
    clerk.is_on("户籍证明")  # the ID card was recorded when the case was opened
    clerk.types("Enter")
    clerk.reads("解除挂失：已经办理")
    clerk.is_on("结束业务")


def test_r36_a_new_card_is_read_when_it_is_made_and_once_more_when_it_is_handed_over(clerk: AtCounter):
    clerk.serves(WAITING, "5")
    clerk.types("Enter")
    clerk.is_on("登记新卡")
    clerk.types("Enter")
    clerk.is_on("新卡的卡号")
    clerk.asks_tray("插入 没有登记的卡")
    clerk.reads("已读到卡号。")
    clerk.types("Enter")
    clerk.reads("登记新卡：已经办理", "等待本人领取")
    clerk.is_on("发新卡")
    clerk.types("Enter")
    clerk.is_on("新卡的卡号")
    clerk.asks_tray("插入 李秀英：正常")
    expect(clerk.field("新卡的卡号")).to_have_value("520558550")
    clerk.types("Enter")
    clerk.reads("这不是为本人登记的新卡，请核对手里的卡。")
    clerk.asks_tray("插入 没有登记的卡")
    expect(clerk.field("新卡的卡号")).to_have_value(UNKNOWN)
    clerk.field("新卡的卡号").focus()
    clerk.types("Enter")
    clerk.reads("发新卡：已经办理", "社保卡正常")


def test_the_reader_types_the_number_and_takes_the_keyboard_from_nobody(clerk: AtCounter):
    clerk.reads("读卡器已连接，请插卡。")
    clerk.is_on("居民身份证")
    clerk.asks_tray("插入 李秀英：正常")
    clerk.reads("已读到卡号。")
    expect(clerk.field(SOUGHT)).to_have_value("520558550")
    clerk.is_on("居民身份证")
    clerk.asks_tray("插入 读不出的卡")
    clerk.reads("这张卡读不出来，请填写卡号。")
    clerk.asks_tray("取出卡")
    clerk.reads("读卡器已连接，请插卡。")


def test_a_reader_that_is_unplugged_is_not_said_to_be_there_when_it_tells_that_it_holds_no_card(clerk: AtCounter):
    clerk.asks_tray("插入 李秀英：正常")
    clerk.reads("已读到卡号。")
    clerk.asks_tray("拔掉读卡器")
    clerk.page.wait_for_timeout(300)  # it says both
    clerk.reads("读卡器没有连接，请填写卡号。")
    clerk.asks_tray("取出卡")
    clerk.asks_tray("接上读卡器")
    clerk.reads("读卡器已连接，请插卡。")


def test_without_the_reader_s_program_the_number_is_typed(clerk: AtCounter):
    clerk.context.route_web_socket(re.compile(".*"), lambda socket: socket.close())
    clerk.opens("/counter")
    clerk.reads("读卡器没有连接，请填写卡号。")
    clerk.serves(IN_DISTRICT)


def test_the_card_of_the_person_before_does_not_overwrite_the_next_one(clerk: AtCounter, hall: Hall):
    """It was left in the reader. What the queue filled in stays, and what is typed takes the place of its number."""
    reference = reports_by_phone(hall.core, IN_DISTRICT)
    clerk.asks_tray("插入 李秀英：正常")
    clerk.reads("已读到卡号。")
    clerk.opens(f"/counter?loss={reference}")
    clerk.reads("读卡器里有一张卡，没有填入。要用它，请重新插卡。")
    expect(clerk.field(SOUGHT)).to_have_value(reference)
    clerk.asks_tray("插入 李秀英：正常")
    clerk.reads("已读到卡号。")
    expect(clerk.field(SOUGHT)).to_have_value("520558550")
    clerk.serves(IN_DISTRICT)
    clerk.reads("王**")


def test_a_card_of_somebody_else_in_the_reader_is_told(clerk: AtCounter):
    clerk.serves(IN_DISTRICT)
    clerk.opens(f"{clerk.here}/card")
    for card, number in (("李秀英：正常", "520558550"), ("没有登记的卡", UNKNOWN)):
        clerk.asks_tray(f"插入 {card}")
        expect(clerk.field("社保卡号")).to_have_value(number)
        clerk.field("社保卡号").focus()
        clerk.types("Enter")
        clerk.reads("这个号码不是本人现在的社保卡")


def test_without_javascript_everything_can_be_done(works: Callable[..., AtCounter]):
    clerk = works("demo-branch", javascript=False)
    clerk.page.get_by_label("居民身份证").check()
    clerk.page.get_by_label("挂失", exact=True).check()
    clerk.fills(**{SOUGHT: holder(IN_DISTRICT).id_number})
    clerk.presses("查找")
    clerk.follows("办理挂失")
    clerk.follows("书面挂失")
    clerk.field("挂失登记表，本人已签名").check()
    clerk.presses("确认书面挂失")
    clerk.reads("书面挂失：已经办理")


def test_nobody_at_the_desk_signs_out_by_itself_and_back_shows_nothing(clerk: AtCounter):
    clerk.serves(IN_DISTRICT)
    clerk.page.clock.install()
    clerk.opens(clerk.here)
    clerk.page.clock.run_for("14:30")
    expect(clerk.page.get_by_role("alertdialog")).to_be_visible()
    clerk.page.clock.run_for("00:40")
    clerk.reads("您有一段时间没有操作，已经自动退出。")
    clerk.page.go_back()
    expect(clerk.page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    expect(clerk.page.locator("body")).not_to_contain_text("王**")


def test_signing_out_and_going_back_shows_nothing(clerk: AtCounter):
    clerk.serves(IN_DISTRICT)
    clerk.types("Alt+u")
    clerk.reads("您已经退出。")
    clerk.page.go_back()
    expect(clerk.page.locator("body")).not_to_contain_text("王**")
