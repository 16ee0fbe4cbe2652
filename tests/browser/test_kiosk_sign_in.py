"""The card, the pad and the PIN, by touch and with real keys (R2–R7, R33)."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.support.browser.at_kiosk import AtKiosk
from tests.support.browser.person import holder


def test_a_kiosk_is_enrolled_by_touch(hall, stands_at):
    clerk = stands_at(hall, enrolled=False)
    clerk.page.goto("/kiosk")
    clerk.sees_heading("启用这台终端")
    clerk.touches(*hall.key.replace("-", "").upper(), "确认")
    clerk.sees_heading("您好，请选择")


def test_with_real_keys_and_no_touch(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    citizen.puts_in("李秀英")
    citizen.types("58204", "Enter")  # not whole: nothing is sent
    citizen.types("99", "Backspace", "7", "Enter")
    citizen.sees_heading("请选择要查询的内容")


def test_real_keys_work_wherever_the_focus_is_and_after_touching(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    citizen.puts_in("李秀英")
    citizen.touches("5", "8")
    citizen.page.evaluate("document.activeElement.blur()")
    citizen.types("2047", "Enter")
    citizen.sees_heading("请选择要查询的内容")


def test_the_pad_deletes_resets_and_takes_six_digits_at_most(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    citizen.puts_in("王建国")
    pin = citizen.page.locator("#pin")
    citizen.touches(*"12345678")
    expect(pin).to_have_value("123456")
    citizen.touches("删除", "删除")
    expect(pin).to_have_value("1234")
    expect(citizen.page.locator(".box")).to_have_attribute("data-entered", "4")
    citizen.shows("[data-pad-says]", "请输入 6 位密码：已输入 4 位")
    citizen.touches("重置")
    expect(pin).to_have_value("")


def test_an_incomplete_pin_is_not_sent(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    citizen.puts_in("王建国")
    citizen.touches("1", "2", "确认")
    citizen.shows("[data-pad-says]", "请输入 6 位密码：还没有输完")
    assert citizen.posts("/kiosk/card") == 0


def test_a_shuffled_pad_types_what_stands_on_its_keys(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    citizen.puts_in("王建国")
    digits = citizen.page.locator(".pad button:not(.word)")
    citizen.touches("打乱数字")
    shuffled = digits.all_inner_texts()
    assert sorted(shuffled) == sorted("1234567890") and shuffled != list("1234567890")
    citizen.touches(*holder("王建国").pin, "恢复顺序")
    assert digits.all_inner_texts() == list("1234567890")
    citizen.touches("确认")
    citizen.sees_heading("请选择要查询的内容")


def test_a_wrong_pin_says_so_and_asks_again_and_a_reload_sends_nothing(citizen: AtKiosk):
    citizen.opens("/kiosk/card")
    citizen.puts_in("王建国")
    citizen.touches(*"000111", "确认")
    citizen.reads("密码不正确，请重新输入。")
    citizen.hears_the_reader("in")
    citizen.page.reload()
    citizen.hears_the_reader("in")
    assert citizen.posts("/kiosk/card") == 1
    citizen.touches(*holder("王建国").pin, "确认")
    citizen.sees_heading("请选择要查询的内容")


@pytest.mark.parametrize(
    ("card", "pin", "heading"),
    [
        ("周杰", "836051", "这张社保卡不能使用"),
        ("吴霞", "140763", "这张社保卡不能使用"),
        ("徐强", "527938", "这张社保卡不能使用"),
        ("马超", "123456", "这张社保卡不能使用"),
        ("黄磊", "650392", "密码已锁定"),
    ],
)
def test_r33_a_card_that_is_refused_leads_home_when_it_is_taken(citizen: AtKiosk, card, pin, heading):
    citizen.opens("/kiosk/card")
    citizen.puts_in(card)
    citizen.touches(*pin, "确认")
    citizen.sees_heading(heading)
    citizen.reads("请取走您的社保卡")
    citizen.hears_the_reader("in")
    citizen.takes_card()
    citizen.sees_heading("您好，请选择")
