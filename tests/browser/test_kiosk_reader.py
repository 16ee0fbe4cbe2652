"""The card reader: what it tells is said and shown, and whoever takes the card out ends everything."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from core.numbers import card_check_character
from tests.support.browser.at_kiosk import NEW_PIN, AtKiosk, open_hall
from tests.support.browser.person import holder
from web.kiosk.routes import KIOSK
from web.reader.simulated import demo_tray
from web.reader.state import TrayCard

OWN_PAGES = [route.path.format(insurance="pension") for route in KIOSK if route.signed_in and route.method == "GET"]


def test_what_the_reader_does_is_said_and_shown(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    told = citizen.page.get_by_role("status").filter(has_text=re.compile("卡"))
    entry = citizen.page.locator(".entry")
    for button, state, words in (
        ("读不出的卡", "unreadable", "这张卡读不出来"),
        ("取出卡", "empty", "请插入社保卡，照片面向下。"),
        ("拔掉读卡器", "away", "读卡器没有连接"),
        ("接上读卡器", "empty", "请插入社保卡，照片面向下。"),
    ):
        citizen.asks_tray(button)
        citizen.hears_the_reader(state)
        expect(told.first).to_contain_text(words)
        expect(entry).to_have_attribute("inert", "")
    citizen.puts_in("王建国")
    expect(told.first).to_contain_text("卡已插好，指示灯是绿色。")
    expect(entry).not_to_have_attribute("inert", "")


def test_a_kiosk_without_its_reader_s_program_says_so(citizen: AtKiosk, hall):
    citizen.context.route_web_socket(re.compile(".*"), lambda socket: socket.close())
    citizen.opens("/kiosk/card")
    citizen.hears_the_reader("away")
    citizen.reads("读卡器没有连接。请告诉大厅工作人员，或者换一台终端。")


def test_a_real_reader_shows_no_tray(stands_at, demo_database, tmp_path, clock):
    with open_hall(demo_database, tmp_path, clock, tray=()) as hall:
        citizen = stands_at(hall)
        citizen.opens("/kiosk/card")
        citizen.hears_the_reader("empty")
        expect(citizen.page.locator(".tray")).to_be_hidden()


def test_taking_the_card_out_ends_everything_on_every_page_at_once(citizen: AtKiosk):
    for path in (*OWN_PAGES, "/kiosk/catalogue/drugs", "/kiosk/no-such-page"):
        citizen.signs_in("张伟")
        citizen.opens(path)
        citizen.hears_the_reader("in")
        citizen.takes_card()
        citizen.is_out("您好，请选择" if path == "/kiosk/no-such-page" else "卡已取出，您已退出")
        citizen.hears_the_reader("empty")
        citizen.opens("/kiosk/menu")
        citizen.sees_heading("您好，请选择")


def test_a_card_that_is_pulled_while_the_pin_is_entered_leaves_nothing_of_it(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    citizen.puts_in("王建国")
    citizen.touches(*"7391")
    citizen.takes_card()
    citizen.hears_the_reader("empty")
    expect(citizen.page.locator("#pin")).to_have_value("")
    expect(citizen.page.locator("input[name=card_number]")).to_have_value("")


def test_a_card_that_is_pulled_while_the_new_pin_is_entered_changes_nothing(citizen: AtKiosk):
    citizen.signs_in("王建国")
    citizen.opens("/kiosk/pin")
    citizen.touches(*holder("王建国").pin, *NEW_PIN, *NEW_PIN[:5])
    citizen.takes_card()
    citizen.is_out("卡已取出，您已退出")
    citizen.signs_in("王建国")
    citizen.sees_heading("请选择要查询的内容")


def test_another_card_that_comes_between_two_pages_does_not_see_the_second(citizen: AtKiosk, stands_at, hall):
    citizen.signs_in("王建国")
    other = stands_at(hall)
    other.opens("/kiosk")
    citizen.page.goto("about:blank")
    other.puts_in("李秀英")
    citizen.opens("/kiosk/enquiries/card")
    citizen.is_out("卡已取出，您已退出")


def ending_alike(card_number: str) -> str:
    """Another number with the same last four characters, which are all that a page shows of one (R6)."""
    others = (f"Z{place:04}{card_number[5:8]}" for place in range(10_000))
    return next(other for other in others if card_check_character(other) == card_number[8]) + card_number[8]


def test_not_even_if_its_number_ends_alike(stands_at, demo_database, tmp_path, clock):
    own = next(card for card in demo_tray() if card.label.startswith("王建国"))
    other = TrayCard("alike", "末尾相同的卡", ending_alike(own.card))
    with open_hall(demo_database, tmp_path, clock, tray=(own, other)) as hall:
        citizen, beside = stands_at(hall), stands_at(hall)
        beside.opens("/kiosk")
        citizen.signs_in("王建国")
        citizen.page.goto("about:blank")
        beside.puts_in("末尾相同的卡")
        citizen.opens("/kiosk/enquiries/card")
        citizen.is_out("卡已取出，您已退出")
        citizen.page.goto("about:blank")  # the last page goes home by itself when the card is taken
        beside.puts_in("王建国")
        citizen.opens("/kiosk/enquiries/card")
        citizen.sees_heading("您好，请选择")


def test_whoever_is_quicker_than_the_answer_goes_on(citizen: AtKiosk):
    citizen.signs_in("王建国")
    citizen.page.route("**/kiosk/keep", lambda route: None)  # as if the answer took long
    for way in ("卡基本信息查询", "公共数据查询"):
        citizen.opens("/kiosk/menu")
        citizen.hears_the_reader("in")
        citizen.follows(way)
        citizen.sees_heading(way)


def test_a_reader_that_is_unplugged_ends_the_visit_with_a_clear_answer(citizen: AtKiosk):
    citizen.signs_in("王建国")
    citizen.opens("/kiosk/pin")
    citizen.touches(*holder("王建国").pin, *NEW_PIN)
    citizen.asks_tray("拔掉读卡器")
    citizen.is_out("读卡器断开了，已退出")
    citizen.reads("如果没有看到结果，就没有办理", "告诉大厅工作人员")
    citizen.asks_tray("接上读卡器")
    citizen.hears_the_reader("in")
    citizen.opens("/kiosk/menu")
    citizen.sees_heading("您好，请选择")
