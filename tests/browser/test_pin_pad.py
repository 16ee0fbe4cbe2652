"""The window's second screen in Chromium: paired by a code, keyed by the person, read by no clerk (R22–R26)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from core.actor import Actor
from core.service import Service
from tests.support.browser.at_counter import AtCounter, AtPad
from tests.support.browser.at_kiosk import Hall
from tests.support.browser.person import Person, holder

NAME, CARD = "王建国", "插入 王建国：正常"
OLD_PIN, NEW_PIN = holder(NAME).pin, "840271"
FOR_ITS_PIN = "2"  # the second of what people come for
TO_PAIR, TO_CHANGE, CHANGED = "请工作人员在窗口填写配对码", "王**，请修改密码", "办好了"
WAITS = "请持卡人在密码键盘上修改密码。"


@pytest.fixture
def pads(browser: Browser, hall: Hall, meets: Callable[[Person], Person]) -> Callable[[], AtPad]:
    """pads() is one more second screen that was switched on."""

    def switch_on() -> AtPad:
        pad = meets(AtPad(browser, hall.port))
        pad.opens("/counter/pad")
        return pad

    return switch_on


@pytest.fixture
def pad(pads: Callable[[], AtPad]) -> AtPad:
    return pads()


@pytest.fixture
def clerk(works: Callable[..., AtCounter]) -> AtCounter:
    """At the agency, with somebody before them who has shown their card and comes for the PIN."""
    return has_before_them(works("demo-agency"))


def has_before_them(clerk: AtCounter) -> AtCounter:
    clerk.serves(NAME, FOR_ITS_PIN)
    clerk.types("Alt+k")
    clerk.asks_tray(CARD)
    clerk.reads("已读到卡号。")
    clerk.types("Enter")
    clerk.reads("出示的社保卡与记录相符。")
    clerk.is_on("办理密码")
    clerk.types("Enter")
    clerk.sees_heading("密码")
    return clerk


def pairs(clerk: AtCounter, pad: AtPad) -> None:
    clerk.is_on("配对码")
    clerk.types(pad.code, "Enter")
    clerk.reads("密码键盘已经配对")


def asks_for_a_change(clerk: AtCounter, pad: AtPad) -> None:
    pairs(clerk, pad)
    clerk.is_on("请本人修改密码")
    clerk.types("Enter")
    clerk.reads(WAITS)
    pad.sees_heading(TO_CHANGE)  # by itself


def reads_no_pin(clerk: AtCounter) -> None:
    assert not any(pin in clerk.page.content() for pin in (OLD_PIN, NEW_PIN))


def test_the_person_changes_their_pin_and_the_clerk_goes_on_without_a_touch_or_a_digit(
    clerk: AtCounter, pad: AtPad, hall: Hall
):
    pad.sees_heading(TO_PAIR)
    pairs(clerk, pad)
    pad.sees_heading("请稍候")
    pad.reads("渝中区社会保险经办机构，周明")
    clerk.is_on("请本人修改密码")
    clerk.types("Enter")
    pad.sees_heading(TO_CHANGE)
    pad.touches(*OLD_PIN, *NEW_PIN, *NEW_PIN)
    assert not re.search("[0-9]{2}", pad.page.locator("form").inner_text().replace("6 位", ""))  # dots
    reads_no_pin(clerk)
    pad.touches("确认")
    pad.sees_heading(CHANGED)
    clerk.reads("新密码已经生效")
    reads_no_pin(clerk)
    assert Service(hall.core, Actor.web("192.0.2.1")).identify(holder(NAME).id_number, NEW_PIN)
    clerk.is_on("结束业务")
    clerk.types("Enter")
    clerk.reads("上一位的业务已经结束。")
    pad.sees_heading("请稍候")


def test_with_the_keys_of_a_real_keypad(clerk: AtCounter, pad: AtPad):
    asks_for_a_change(clerk, pad)
    pad.types(OLD_PIN + NEW_PIN + NEW_PIN[:5], "Enter")  # not whole: nothing is sent
    pad.types("9", "Backspace", NEW_PIN[5], "Enter")
    pad.sees_heading(CHANGED)


@pytest.mark.parametrize(
    ("keyed", "told"),
    [
        (("000001", NEW_PIN, NEW_PIN), "原密码不正确，请重新输入。"),
        ((OLD_PIN, NEW_PIN, "840272"), "两次输入的新密码不一致，请重新输入。"),
        ((OLD_PIN, "850210", "850210"), "新密码不能是您的"),
    ],
)
def test_a_mistake_is_told_on_the_pad_and_mended_there(clerk: AtCounter, pad: AtPad, keyed, told):
    asks_for_a_change(clerk, pad)
    pad.touches(*"".join(keyed), "确认")
    pad.reads(told)
    clerk.reads("没有成功", "原密码没有改变。", WAITS)
    assert not any(pin in clerk.page.content() for pin in keyed)
    expect(pad.page.locator("input:focus")).to_have_attribute("aria-invalid", "true")
    pad.page.locator("#original").click()
    pad.touches(*OLD_PIN, *NEW_PIN, *NEW_PIN, "确认")
    pad.sees_heading(CHANGED)
    clerk.reads("新密码已经生效")


def test_a_code_that_no_pad_shows_is_told_and_keyed_again(clerk: AtCounter, pad: AtPad):
    wrong = f"{(int(pad.code) + 1) % 1_000_000:06d}"
    clerk.is_on("配对码")
    clerk.types(wrong, "Enter")
    clerk.reads("没有显示这个配对码的密码键盘。")
    pad.sees_heading(TO_PAIR)
    clerk.field("配对码").fill("")
    clerk.field("配对码").focus()
    pairs(clerk, pad)
    pad.sees_heading("请稍候")


def test_a_pad_that_was_paired_with_the_wrong_desk_is_given_back(clerk: AtCounter, pads: Callable[[], AtPad]):
    """The clerk keyed the code of the next window: nobody stands before that pad whose name it shows."""
    own, neighbour = pads(), pads()
    asks_for_a_change(clerk, neighbour)
    neighbour.reads("渝中区社会保险经办机构，周明", "不是您的名字？请告诉工作人员，不要输入。")
    own.sees_heading(TO_PAIR)
    clerk.presses("取消，不再等待")
    clerk.presses("换一个键盘")
    neighbour.sees_heading(TO_PAIR)
    asks_for_a_change(clerk, own)
    neighbour.sees_heading(TO_PAIR)


def test_what_one_person_keyed_is_never_sent_for_another_task(works: Callable[..., AtCounter], pad: AtPad):
    """After a mistake the pad's page is the answer to a form; going on by itself it must not send that form again."""
    clerk = has_before_them(works("demo-centre"))
    asks_for_a_change(clerk, pad)
    pad.touches(*"000001", *NEW_PIN, *NEW_PIN, "确认")
    pad.reads("原密码不正确，请重新输入。")
    sent: list[str] = []
    pad.page.on("request", lambda request: sent.append(request.method))
    clerk.reads("没有成功")
    clerk.presses("取消，不再等待")
    clerk.presses("请本人重置密码")
    pad.sees_heading("王**，请设置新的密码")
    assert "POST" not in sent
    pad.page.reload()
    pad.sees_heading("王**，请设置新的密码")
    assert "POST" not in sent


def test_the_next_person_s_page_does_not_tell_how_it_ended_for_the_one_before(clerk: AtCounter, pad: AtPad):
    asks_for_a_change(clerk, pad)
    pad.touches(*OLD_PIN, *NEW_PIN, *NEW_PIN, "确认")
    clerk.reads("新密码已经生效")
    clerk.types("Enter")
    clerk.serves("李秀英", FOR_ITS_PIN)
    clerk.types("Enter")
    clerk.sees_heading("密码")
    clerk.reads("密码键盘已经配对", "还没有出示社保卡")
    clerk.is_on("出示社保卡")
    expect(clerk.page.locator("body")).not_to_contain_text("新密码已经生效")


def test_the_pad_is_free_by_itself_when_the_clerk_goes(clerk: AtCounter, pad: AtPad):
    asks_for_a_change(clerk, pad)
    pad.touches(*OLD_PIN[:3])
    clerk.types("Alt+u")
    pad.sees_heading(TO_PAIR)
    assert pad.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]


def test_a_pad_that_is_switched_off_is_missed_at_the_desk(clerk: AtCounter, pad: AtPad, clock):
    asks_for_a_change(clerk, pad)
    with pad.page.expect_response("**/counter/pad/state"):  # nothing of it is on its way when the clock moves
        pass
    pad.page.goto("about:blank")
    clock.passes(seconds=30)
    clerk.reads("键盘没有响应，请检查它的屏幕。")
