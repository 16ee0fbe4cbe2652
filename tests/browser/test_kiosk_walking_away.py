"""A visit ends when nobody is there or when it was ended elsewhere, and the Back button shows nothing of it (R25)."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core.actor import Actor
from core.service import Service
from tests.support.browser.at_kiosk import NEW_PIN, AtKiosk, Hall
from tests.support.browser.person import holder
from tests.support.core.clock import Clock


def test_the_back_button_shows_nothing_after_the_visit(citizen: AtKiosk):
    citizen.signs_in("王建国")
    for way in ("卡基本信息查询", "公共数据查询", "医疗保险查询"):
        citizen.follows(way)
        citizen.page.get_by_role("link", name="返回").click()
    citizen.follows("卡密码修改")
    citizen.touches(*"000111", *NEW_PIN, *NEW_PIN, "确认")
    citizen.reads("原密码不正确")
    citizen.hears_the_reader("in")
    citizen.takes_card()
    citizen.is_out("卡已取出，您已退出")
    for _ in range(8):
        read = citizen.goes_back()
        assert "王" not in read and "9365" not in read and "*" not in read
        assert re.search("您好，请选择|您已退出|社会保障卡", read)


def walks_away(citizen: AtKiosk, seconds: int) -> None:
    citizen.page.clock.fast_forward(seconds * 1000)


def test_whoever_walks_away_is_asked_and_then_signed_out(citizen: AtKiosk):
    citizen.stops_clock()
    citizen.signs_in("王建国")
    citizen.follows("卡基本信息查询")
    citizen.hears_the_reader("in")
    warning = citizen.page.get_by_role("alertdialog", name="您还在吗？")
    walks_away(citizen, 58)
    expect(warning).to_be_hidden()
    walks_away(citizen, 3)
    expect(warning).to_be_visible()
    expect(citizen.page.get_by_role("button", name="继续使用")).to_be_focused()
    expect(warning).to_contain_text("15 秒后自动退出")
    walks_away(citizen, 15)
    citizen.is_out("没有人操作，已自动退出")
    citizen.reads("请取走您的社保卡")
    for _ in range(3):
        assert "9365" not in citizen.goes_back()


def test_whoever_is_still_there_goes_on(citizen: AtKiosk):
    citizen.stops_clock()
    citizen.signs_in("王建国")
    for answer in ("继续使用", "Enter"):
        walks_away(citizen, 62)
        warning = citizen.page.get_by_role("alertdialog", name="您还在吗？")
        expect(warning).to_be_visible()
        if answer == "Enter":
            citizen.page.keyboard.press("Enter")
        else:
            citizen.presses(answer)
        expect(warning).to_be_hidden()
        walks_away(citizen, 58)
        expect(warning).to_be_hidden()
        citizen.page.mouse.click(5, 300)
    citizen.follows("卡基本信息查询")
    citizen.reads("*****9365")


def test_whoever_is_asked_can_leave_at_once(citizen: AtKiosk):
    citizen.stops_clock()
    citizen.signs_in("王建国")
    walks_away(citizen, 61)
    citizen.page.get_by_role("alertdialog").get_by_role("button", name="退出").click()
    citizen.is_out("谢谢使用，您已退出")


def test_touching_the_screen_keeps_the_visit_on_the_server_too(citizen: AtKiosk, clock: Clock):
    citizen.stops_clock()
    with citizen.page.expect_response("**/kiosk/keep"):  # the page's own, when it hears of the card
        citizen.signs_in("王建国")
        citizen.hears_the_reader("in")
    for _ in range(4):
        clock.passes(seconds=50)
        walks_away(citizen, 50)
        with citizen.page.expect_response("**/kiosk/keep") as kept:
            citizen.page.mouse.click(5, 300)
            walks_away(citizen, 1)
        assert kept.value.status == 204
    citizen.follows("卡基本信息查询")
    citizen.reads("*****9365")


def test_a_half_entered_pin_is_wiped_when_nobody_is_there(citizen: AtKiosk):
    citizen.stops_clock()
    citizen.opens("/kiosk/card")
    citizen.puts_in("王建国")
    citizen.touches(*"7391")
    walks_away(citizen, 61)
    walks_away(citizen, 15)
    citizen.is_out("没有人操作，已自动退出")
    citizen.reads("请取走您的社保卡")


def test_the_last_page_goes_home_by_itself_once_the_card_is_taken(citizen: AtKiosk):
    citizen.stops_clock()
    citizen.signs_in("王建国")
    citizen.presses("退出取卡")
    citizen.hears_the_reader("in")
    walks_away(citizen, 60)
    citizen.sees_heading("谢谢使用，您已退出")
    citizen.takes_card()
    citizen.sees_heading("您好，请选择")


def test_r25_a_visit_that_was_ended_elsewhere_says_so_at_the_next_touch(citizen: AtKiosk, hall: Hall, clock: Clock):
    citizen.signs_in("王建国")
    clock.passes(seconds=1)
    known, phone = holder("王建国"), Service(hall.core, Actor.phone("02300000001", "call-1"))
    phone.report_loss(phone.identify(known.id_number, known.pin))
    citizen.follows("卡基本信息查询")
    citizen.is_out("这次使用已经结束")
    citizen.reads("卡已经挂失")
