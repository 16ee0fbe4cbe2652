"""卡密码修改 at the kiosk, on the pad (R22, R23)."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.support.browser.at_kiosk import NEW_PIN, AtKiosk
from tests.support.browser.person import holder


def test_r22_the_pin_is_changed_by_touch(citizen: AtKiosk):
    citizen.signs_in("王建国")
    citizen.follows("卡密码修改")
    citizen.touches(*holder("王建国").pin, *NEW_PIN, *NEW_PIN, "确认")
    citizen.sees_heading("密码修改成功")
    citizen.page.get_by_role("link", name="继续查询").click()
    citizen.sees_heading("请选择要查询的内容")


def test_r22_the_default_pin_needs_the_id_number_on_the_pad(citizen: AtKiosk):
    citizen.signs_in("张伟")
    citizen.sees_heading("您的密码还是默认密码")
    citizen.page.get_by_role("link", name="现在修改密码").click()
    known = holder("张伟")
    citizen.touches(*known.pin, *known.id_number)
    citizen.page.get_by_label("新密码", exact=True).click()
    citizen.touches(*NEW_PIN, *NEW_PIN, "确认")
    citizen.sees_heading("密码修改成功")


def test_an_id_number_with_x_is_entered_on_the_pad(citizen: AtKiosk):
    citizen.signs_in("张伟")
    citizen.opens("/kiosk/pin")
    field = citizen.page.locator("#id_number")
    field.click()
    citizen.touches("1", "X")
    expect(field).to_have_value("1X")
    citizen.page.keyboard.type("x2")
    expect(field).to_have_value("1XX2")


def test_a_field_that_is_wrong_is_said_and_gets_the_focus(citizen: AtKiosk):
    citizen.signs_in("王建国")
    citizen.opens("/kiosk/pin")
    citizen.touches(*holder("王建国").pin, *"111111", *"111111", "确认")
    citizen.reads("新密码不能由一个、两个或三个数字重复组成。")
    expect(citizen.page.locator("#new")).to_be_focused()
    expect(citizen.page.locator("#new")).to_have_attribute("aria-invalid", "true")


def test_a_form_is_sent_once_however_often_it_is_pressed(citizen: AtKiosk):
    citizen.signs_in("王建国")
    citizen.opens("/kiosk/pin")
    citizen.touches(*holder("王建国").pin, *NEW_PIN, *NEW_PIN)
    citizen.key("确认").dblclick()
    citizen.sees_heading("密码修改成功")
    assert citizen.posts("/kiosk/pin") == 1


def test_r6_no_address_ever_holds_a_number_or_a_pin(citizen: AtKiosk):
    citizen.signs_in("王建国")
    citizen.opens("/kiosk/pin")
    citizen.touches(*holder("王建国").pin, *NEW_PIN, *NEW_PIN, "确认")
    citizen.sees_heading("密码修改成功")
    known = holder("王建国")
    for _, address in citizen.asked:
        assert not any(secret in address for secret in (known.pin, known.id_number, NEW_PIN, "A20479365"))
    assert citizen.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
