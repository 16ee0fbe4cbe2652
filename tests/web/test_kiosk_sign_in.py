"""The card in the reader and its PIN (R2–R7, R33), without JavaScript: the card's number comes in a form."""

from __future__ import annotations

import pytest

from core.errors import HotlineError, NotOnThisDoor
from core.permissions import ALLOWED
from core.values import CardState, Door, Operation
from tests.support.core.audit import outcomes
from tests.support.web.at_kiosk import WRONG_PIN, AtKiosk, make_kiosk
from tests.support.web.reading import find, heading
from web import words


def test_the_source_s_steps_in_the_source_s_words(at_kiosk: AtKiosk, holder):
    held = holder()
    at_kiosk.opens("/kiosk")
    assert at_kiosk.page.has("重庆市劳动保障信息查询系统", "社会保障卡")
    at_kiosk.opens("/kiosk/card")
    assert at_kiosk.page.has("请插入社保卡，照片面向下", "指示灯变为绿色")
    assert {*"0123456789", "删除", "重置", "确认"} <= {key.text for key in find(at_kiosk.page, "button")}
    at_kiosk.sends("/kiosk/card", card_number=held.card_number, pin=held.pin)
    assert at_kiosk.page.path == "/kiosk/menu"
    ways = [name.text for name in find(at_kiosk.page, "main strong")]
    assert ways == [
        "卡基本信息查询", "公共数据查询", "就业与失业查询", "社保保险查询", "医疗保险查询", "低保和优抚查询",
        "生命与健康数据查询", "卡密码修改",
    ]  # fmt: skip


def test_a_wrong_pin_says_so_and_asks_again(at_kiosk: AtKiosk, holder, context):
    held = holder()
    at_kiosk.signs_in(held, WRONG_PIN)
    assert at_kiosk.page.status == 422 and at_kiosk.page.has("密码不正确，请重新输入")
    assert WRONG_PIN not in at_kiosk.page.html and held.card_number not in at_kiosk.page.html
    at_kiosk.sends("/kiosk/card", card_number=held.card_number, pin=held.pin)
    assert at_kiosk.page.path == "/kiosk/menu"
    assert outcomes(context, held) == [
        ("identify by card", "identification_failed"),
        ("identify by card", "identified"),
    ]


def test_r3_a_card_that_nobody_has_gets_the_words_of_a_wrong_pin(at_kiosk: AtKiosk, holder):
    held = holder()
    at_kiosk.signs_in(held, WRONG_PIN)
    wrong = at_kiosk.page.text
    at_kiosk.opens("/kiosk/card")
    at_kiosk.sends("/kiosk/card", card_number="A20479365", pin=held.pin)
    assert (at_kiosk.page.status, at_kiosk.page.text) == (422, wrong)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "12345a", "      "])
def test_an_incomplete_pin_costs_no_attempt(at_kiosk: AtKiosk, holder, context, pin):
    held = holder()
    at_kiosk.opens("/kiosk/card")
    at_kiosk.sends("/kiosk/card", card_number=held.card_number, pin=pin)
    assert at_kiosk.page.status == 422 and at_kiosk.page.has("密码是 6 位数字")
    assert outcomes(context, held) == []


@pytest.mark.parametrize("number", ["", "A2047936", "A20479366", "卡", "500103198502109970", "A" * 5000])
def test_what_is_no_card_s_number_is_a_card_that_can_t_be_read(at_kiosk: AtKiosk, number):
    at_kiosk.opens("/kiosk/card")
    at_kiosk.sends("/kiosk/card", card_number=number, pin=WRONG_PIN)
    assert at_kiosk.page.status == 422 and at_kiosk.page.has("卡号读不出来", "再插一次")


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (CardState.LOSS_REPORTED, ("这张社保卡已经挂失，不能使用", "到区县医疗保险分中心解除挂失")),
        (CardState.LOSS_WRITTEN, ("已经书面挂失", "解除挂失", "申请补领新卡")),
        (CardState.REPLACEMENT_APPLIED, ("正在补领新卡", "旧卡不能再使用")),
        (CardState.REPLACED, ("已经补换", "请使用您的新卡")),
        (CardState.CANCELLED, ("已经注销", "12333")),
    ],
)
def test_r33_a_card_out_of_use_is_refused_with_what_to_do(at_kiosk: AtKiosk, holder, state, told):
    held = holder(state=state)
    at_kiosk.signs_in(held)
    assert at_kiosk.page.status == 409 and heading(at_kiosk.page) == "这张社保卡不能使用"
    assert at_kiosk.page.has(*told, "请取走您的社保卡")
    assert at_kiosk.opens("/kiosk/menu").path == "/kiosk"


def test_r33_whoever_does_not_know_the_pin_learns_nothing_of_the_card(at_kiosk: AtKiosk, holder):
    at_kiosk.signs_in(holder(), WRONG_PIN)
    ordinary = at_kiosk.page.text
    at_kiosk.signs_in(holder(state=CardState.LOSS_REPORTED), WRONG_PIN)
    assert at_kiosk.page.text == ordinary


def test_r4_the_sixth_wrong_pin_locks_and_then_the_right_one_is_refused_too(at_kiosk: AtKiosk, holder):
    held = holder()
    for _ in range(5):
        assert at_kiosk.signs_in(held, WRONG_PIN).status == 422
    for pin in (WRONG_PIN, held.pin):
        at_kiosk.signs_in(held, pin)
        assert at_kiosk.page.status == 403 and heading(at_kiosk.page) == "密码已锁定"
        assert at_kiosk.page.has("区县医疗保险分中心", "重庆市社会保障卡服务中心", "请取走您的社保卡")
        assert not at_kiosk.page.has("如果卡丢了")
    assert at_kiosk.opens("/kiosk/menu").path == "/kiosk"


def test_r4_wrong_pins_count_with_those_of_other_channels(at_kiosk: AtKiosk, visitors, caller, holder):
    held, site = holder(), visitors()
    for _ in range(2):
        at_kiosk.signs_in(held, WRONG_PIN)
        site.signs_in(held, WRONG_PIN)
        with pytest.raises(HotlineError):
            caller.identify(held.id_number, WRONG_PIN)
    for person in (at_kiosk, site):
        assert person.signs_in(held).status == 403


def test_r4_a_form_that_is_sent_twice_counts_once(at_kiosk: AtKiosk, holder, context):
    held = holder()
    at_kiosk.opens("/kiosk/card")
    form = {"card_number": held.card_number, "pin": WRONG_PIN, "form_token": at_kiosk.page.field("form_token")}
    for _ in range(8):
        at_kiosk.sends("/kiosk/card", **form)
        assert at_kiosk.page.status == 422 and at_kiosk.page.has("密码不正确")
    assert len(outcomes(context, held)) == 1
    assert at_kiosk.signs_in(held).path == "/kiosk/menu"


def test_a_form_of_somebody_who_has_left_lets_nobody_in_again(at_kiosk: AtKiosk, holder):
    held = holder()
    at_kiosk.opens("/kiosk/card")
    form = {"card_number": held.card_number, "pin": held.pin, "form_token": at_kiosk.page.field("form_token")}
    assert at_kiosk.sends("/kiosk/card", **form).path == "/kiosk/menu"
    at_kiosk.sends("/kiosk/leave")
    assert at_kiosk.sends("/kiosk/card", **form).path == "/kiosk"


def test_a_form_without_its_token_is_not_judged(at_kiosk: AtKiosk, holder, context):
    held = holder()
    at_kiosk.sends("/kiosk/card", token=False, card_number=held.card_number, pin=held.pin)
    assert at_kiosk.page.status == 400 and outcomes(context, held) == []


def test_r5_a_kiosk_with_too_many_wrong_pins_is_refused_and_no_other_is(
    at_kiosk: AtKiosk, site, context, holder, clock
):
    for _ in range(context.settings.source_wrong_limit + 1):
        assert at_kiosk.signs_in(holder(), WRONG_PIN).status == 422
    held, other = holder(), AtKiosk(site.port)
    at_kiosk.signs_in(held)
    assert at_kiosk.page.status == 429 and at_kiosk.page.has("请稍后再试", "这台终端上输错的次数太多")
    other.enters_key(make_kiosk(context, "另一台"))
    assert other.signs_in(held).path == "/kiosk/menu"
    clock.passes(hours=1)
    assert at_kiosk.signs_in(held).path == "/kiosk/menu"


def test_r7_the_default_pin_leads_to_the_advice_every_time(at_kiosk: AtKiosk, holder):
    held = holder(pin="123456")
    for _ in range(2):
        at_kiosk.signs_in(held)
        assert (at_kiosk.page.path, heading(at_kiosk.page)) == ("/kiosk/advice", "您的密码还是默认密码")
        assert at_kiosk.page.has("建议您现在就修改密码", "以后再改")
    assert at_kiosk.opens("/kiosk/enquiries/card").has("还是默认密码，请修改")


def test_r7_whose_pin_is_their_own_gets_no_advice(at_kiosk: AtKiosk, holder):
    at_kiosk.signs_in(holder())
    assert at_kiosk.opens("/kiosk/advice").path == "/kiosk/menu"


def test_r7_where_the_settings_say_so_the_default_pin_opens_nothing_but_its_change(site_with, context, holder):
    kiosk, held = AtKiosk(site_with(require_pin_change=True)().port), holder(pin="123456")
    kiosk.enters_key(make_kiosk(context))
    kiosk.signs_in(held)
    assert kiosk.page.has("修改密码以后，才能查询") and not kiosk.page.has("以后再改")
    for name in ("card", "public", "employment", "pension", "medical", "allowances", "health"):
        assert kiosk.opens(f"/kiosk/enquiries/{name}").path == "/kiosk/pin"


def test_r6_no_number_and_no_pin_is_in_any_address(at_kiosk: AtKiosk, holder):
    held = holder()
    at_kiosk.opens("/kiosk/card")
    assert '<form method="post"' in at_kiosk.page.html
    answer = at_kiosk.asks("GET", f"/kiosk/card?card_number={held.card_number}&pin={held.pin}")
    assert answer.status == 200 and held.card_number not in answer.html and held.pin not in answer.html


def test_what_is_refused_speaks_of_this_door(at_kiosk: AtKiosk):
    at_kiosk.opens("/kiosk/no-such-page")
    assert at_kiosk.page.status == 404
    assert 'href="/kiosk"' in at_kiosk.page.html and 'href="/"' not in at_kiosk.page.html
    refusal = words.refusal(NotOnThisDoor(Operation.REPORT_LOSS, ALLOWED[Operation.REPORT_LOSS]), Door.KIOSK)
    assert refusal.title == "自助服务终端不能办理这项业务" and "12333 电话" in refusal.text
