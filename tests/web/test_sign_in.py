"""Signing in with ID number and PIN (R1–R7)."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest

from core.errors import IdentificationFailed
from core.numbers import mask_id_number
from core.values import CardState
from tests.support.core.clock import Clock
from tests.support.core.people import Held
from tests.support.web.reading import complaints, heading, ways
from tests.support.web.visitor import Answer, Visitor

WRONG = "581203"
FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
ONE_ANSWER = {"pin": "身份证号码或密码不正确，请核对后重新填写。"}


def whose_number_ends_in_x(holder: Callable[[], Held]) -> Held:
    """Somebody among the next people who come."""
    return next(held for held in iter(holder, None) if held.id_number.endswith("X"))


def tries(visitor: Visitor, id_number: str, pin: str, **more: str) -> Answer:
    visitor.opens("/sign-in")
    return visitor.sends("/sign-in", id_number=id_number, pin=pin, **more)


def without_number(page: Answer, id_number: str) -> str:
    """The page, but for what depends on the number that was typed."""
    return re.sub('(?<=name="sealed_id_number" value=")[^"]+', "…", page.html.replace(mask_id_number(id_number), "…"))


def test_r1_the_id_number_is_understood_however_it_is_typed(visitor: Visitor, holder):
    held = whose_number_ends_in_x(holder)
    number = held.id_number
    for typed in (
        number.lower(),
        number.translate(FULL_WIDTH),
        f" {number[:6]} {number[6:14]}  {number[14:]} ",
        "\u3000".join(number).replace("X", "ｘ"),
        f"{number[:6]}\u00a0{number[6:]}\t",
    ):
        tries(visitor, typed, held.pin)
        assert heading(visitor.page) == "我的账户" and visitor.page.path == "/account", typed
        visitor.sends("/sign-out")


def test_a_pin_in_full_width_digits_is_understood(visitor: Visitor, holder):
    held = holder()
    tries(visitor, held.id_number, f" {held.pin.translate(FULL_WIDTH)}\u3000")
    assert heading(visitor.page) == "我的账户"


WRONG_NUMBERS = (
    ("", "请填写身份证号码。"),
    ("50010319850210997", "身份证号码应为 18 位，请核对后重新填写。"),
    ("500103850210997", "这是 15 位的旧身份证号码，请填写现在的 18 位身份证号码。"),
    ("50010319850210997A", "身份证号码的前 17 位是数字，最后一位是数字或字母 X，请核对后重新填写。"),
    ("500103198513109970", "身份证号码中的出生日期不对，请核对后重新填写。"),
    ("500103198502109971", "身份证号码不正确，请逐位核对后重新填写。"),
    ("<b>5' OR 1=1 --", "身份证号码应为 18 位，请核对后重新填写。"),
    (
        "五〇〇一〇三一九八五〇二一〇九九七〇",
        "身份证号码的前 17 位是数字，最后一位是数字或字母 X，请核对后重新填写。",
    ),
)


def test_r1_a_wrong_form_is_told_at_once(visitor: Visitor):
    for id_number, told in WRONG_NUMBERS:
        tries(visitor, id_number, WRONG)
        assert complaints(visitor.page) == {"id_number": told}
        assert visitor.page.field("id_number") == id_number, "what was typed stays, to be corrected"


WRONG_PINS = (
    ("", "请填写密码。"),
    ("12345", "密码是 6 位数字，请重新填写。"),
    ("1234567", "密码是 6 位数字，请重新填写。"),
    ("12345a", "密码是 6 位数字，请重新填写。"),
    ("一二三四五六", "密码是 6 位数字，请重新填写。"),
)


def test_a_pin_that_can_be_none_is_told_at_once_and_not_shown_again(visitor: Visitor, holder):
    held = holder()
    for pin, told in WRONG_PINS:
        tries(visitor, held.id_number, pin)
        assert complaints(visitor.page) == {"pin": told}
        assert visitor.page.field("pin") == ""


def test_both_fields_are_complained_about_together(visitor: Visitor):
    tries(visitor, "", "")
    assert complaints(visitor.page) == {"id_number": "请填写身份证号码。", "pin": "请填写密码。"}


def test_r1_wrong_forms_cost_no_attempt_of_the_card_or_of_the_source(visitor: Visitor, holder):
    held = holder()
    for _ in range(25):
        tries(visitor, held.id_number, "73916")
        tries(visitor, held.id_number[:-1], held.pin)
    assert heading(tries(visitor, held.id_number, held.pin)) == "我的账户"


def test_r6_after_a_wrong_pin_the_number_stands_masked_and_need_not_be_typed_again(visitor: Visitor, holder):
    held = holder()
    for pin in (WRONG, "12345"):
        page = tries(visitor, held.id_number, pin)
        assert page.has(mask_id_number(held.id_number)) and held.id_number not in page.html
        visitor.sends("/sign-in", sealed_id_number=page.field("sealed_id_number"), pin=held.pin)
        assert heading(visitor.page) == "我的账户"
        visitor.sends("/sign-out")


def test_a_number_that_was_kept_too_long_or_was_made_up_is_asked_for_again(visitor: Visitor, holder, clock: Clock):
    held = holder()
    kept = tries(visitor, held.id_number, WRONG).field("sealed_id_number")
    clock.passes(minutes=11)
    for sealed in (kept, kept[::-1], held.id_number, "é", "", "x" * 5000):
        page = visitor.sends("/sign-in", sealed_id_number=sealed, pin=held.pin)
        assert complaints(page) == {"id_number": "请填写身份证号码。"}


def test_r3_nobody_is_told_whether_a_number_is_known(visitor: Visitor, holder):
    known, cancelled = holder(), holder(state=CardState.CANCELLED)
    unknown = "500103198502109970"
    answers = []
    for id_number in (known.id_number, cancelled.id_number, unknown):
        page = tries(visitor, id_number, WRONG)
        assert complaints(page) == ONE_ANSWER
        assert page.field("pin") == ""
        answers.append((without_number(page, id_number), sorted(set(page.headers) - {"Date", "Content-Length"})))
    assert answers[0] == answers[1] == answers[2]


def test_r3_an_unknown_number_locks_like_a_known_one(visitor: Visitor, holder):
    pages = []
    for id_number in (holder().id_number, "500103198502109970"):
        seen = [tries(visitor, id_number, WRONG) for _ in range(7)]
        pages.append([(page.status, without_number(page, id_number)) for page in seen])
    assert pages[0] == pages[1]
    assert [status for status, _ in pages[0]] == [422] * 5 + [403] * 2


def test_r4_six_wrong_pins_lock_and_the_page_says_where_to_go(visitor: Visitor, holder):
    held = holder()
    for _ in range(5):
        assert complaints(tries(visitor, held.id_number, WRONG)) == ONE_ANSWER
    for pin in (WRONG, held.pin):
        page = tries(visitor, held.id_number, pin)
        assert page.status == 403
        assert page.has("密码已锁定", "本人带社保卡和有效身份证件", "区县医疗保险分中心或重庆市社会保障卡服务中心重置")
        assert page.has("卡丢了要挂失", "拨打 12333 按 0 转人工"), "losing a card must not be unreportable (R30)"
        assert ways(page)["查找可以重置密码的网点"] == "/offices?operation=reset_pin"
        assert "session" not in visitor.cookies
    assert heading(visitor.opens("/account")) == "登录"


def test_r4_attempts_on_the_phone_count_too(visitor: Visitor, holder, caller):
    held = holder()
    for _ in range(5):
        with pytest.raises(IdentificationFailed):
            caller.identify(held.id_number, WRONG)
    assert heading(tries(visitor, held.id_number, WRONG)) == "密码已锁定"


def test_r4_a_right_pin_begins_the_count_again(visitor: Visitor, holder):
    held = holder()
    for _ in range(3):
        for _ in range(5):
            assert complaints(tries(visitor, held.id_number, WRONG)) == ONE_ANSWER
        assert heading(tries(visitor, held.id_number, held.pin)) == "我的账户"


def test_r4_the_page_names_the_limit_that_is_set(site_with):
    visitor = site_with(pin_lock_threshold=4)()
    assert visitor.opens("/sign-in").has("连续输错 4 次会锁定")


def test_r5_a_network_with_too_many_wrong_attempts_is_refused_for_the_rest_of_the_hour(site_with, holder, clock: Clock):
    visitors = site_with(web_trusted_proxies=("127.0.0.1/32",))
    held, elsewhere, here = holder(), {"X-Forwarded-For": "198.51.100.7"}, {"X-Forwarded-For": "192.0.2.7"}
    visitor = visitors()
    for _ in range(21):
        visitor.sends("/sign-in", id_number=holder().id_number, pin=WRONG, headers=here)
        assert complaints(visitor.page) == ONE_ANSWER
    clock.passes(minutes=50)
    refused = []
    for id_number, pin in ((held.id_number, held.pin), (held.id_number, WRONG), ("500103198502109970", WRONG)):
        page = visitor.sends("/sign-in", id_number=id_number, pin=pin, headers=here)
        assert page.status == 429 and page.has("请稍后再试", "2026年3月2日 18:00 以后再试")
        assert page.has("急需挂失的，请拨打 12333")
        refused.append(page.html)
    assert len(set(refused)) == 1, "whether a number exists is not told"
    assert (
        heading(visitors().sends("/sign-in", id_number=held.id_number, pin=held.pin, headers=elsewhere)) == "我的账户"
    )
    clock.passes(minutes=10, seconds=1)
    visitor.sends("/sign-in", id_number=held.id_number, pin=held.pin, headers=here)
    assert heading(visitor.page) == "我的账户"


def test_r7_the_default_pin_leads_to_the_advice_to_change_it_every_time(visitor: Visitor, holder):
    held = holder(pin="123456")
    for _ in range(2):
        page = tries(visitor, held.id_number, "123456", next="/account/pension")
        assert heading(page) == "您已登录"
        assert page.has("您的密码还是默认密码", "建议您现在就修改密码")
        assert ways(page) == {"现在修改密码": "/account/pin", "以后再改": "/account/pension"}
    assert visitor.opens("/account").has("您的密码还是默认密码", "请修改密码")


def test_r7_the_advice_is_over_when_the_pin_is_changed(visitor: Visitor, holder):
    held = holder(pin="123456")
    visitor.signs_in(held)
    visitor.opens("/account/pin")
    visitor.sends("/account/pin", original="123456", id_number=held.id_number, new="739164", again="739164")
    visitor.opens("/account/advice?next=/account/pension")
    assert visitor.page.path == "/account/pension", "the Back button leads to no advice that is out of date"


def test_r7_nothing_but_the_change_may_be_allowed(site_with, holder):
    held = holder(pin="123456")
    visitor = site_with(require_pin_change=True)()
    page = visitor.signs_in(held)
    assert page.has("修改密码以后，才能查询", "挂失不受影响")
    assert ways(page) == {"现在修改密码": "/account/pin", "挂失": "/account/loss"}
    for path in ("/account", "/account/medical", "/account/record", "/account/record.csv", "/account/record.pdf"):
        page = visitor.opens(path)
        assert page.path == "/account/pin" and page.has("您的密码还是默认密码", "修改密码以后，才能查询")
    assert heading(visitor.opens("/account/loss")) == "社保卡挂失"
    assert heading(visitor.opens("/account/history")) == "查询和办理的历史"
    visitor.opens("/account/pin")
    visitor.sends("/account/pin", original="123456", id_number=held.id_number, new="739164", again="739164")
    assert heading(visitor.page) == "密码已修改"
    assert heading(visitor.opens("/account/medical")) == "医疗保险"


def test_whoever_was_asked_to_sign_in_goes_on_where_they_wanted(visitor: Visitor, holder):
    held = holder()
    for path in ("/account/pension", "/account/record", "/account/history", "/account/loss"):
        visitor.opens(path)
        assert heading(visitor.page) == "登录"
        visitor.sends("/sign-in", id_number=held.id_number, pin=WRONG, next=visitor.page.field("next"))
        visitor.sends("/sign-in", id_number=held.id_number, pin=held.pin, next=visitor.page.field("next"))
        assert visitor.page.path == path and visitor.page.status == 200
        visitor.sends("/sign-out")


ELSEWHERE = (
    "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "javascript:alert(1)", "/sign-out",
    "/account\r\nSet-Cookie: a=b", "/account/", "/account/../x", "/account?x=//y", " /account/loss", "x" * 5000,
)  # fmt: skip


def test_what_a_link_asks_for_after_signing_in_is_only_ever_a_page_of_ours(visitor: Visitor, holder):
    held = holder()
    for elsewhere in ELSEWHERE:
        visitor.opens(f"/sign-in?next={quote(elsewhere)}")
        assert visitor.page.field("next") == "/account"
        tries(visitor, held.id_number, held.pin, next=elsewhere)
        assert visitor.page.path == "/account"


def test_an_odd_address_of_ones_own_asks_to_sign_in_too(visitor: Visitor):
    for odd in ("\r\nSet-Cookie:a=b", "养老", "//x", "<b>"):
        assert heading(visitor.opens(f"/account/{quote(odd, safe='')}")) == "登录"
        assert visitor.page.field("next") == "/account"
        assert visitor.cookies == {}


def test_nobody_signs_in_where_the_pin_could_be_read_on_the_way(visitor: Visitor, holder):
    held = holder()
    elsewhere = {"Host": "hotline.example", "Sec-Fetch-Site": "same-origin"}
    for answer in (
        visitor.asks("GET", "/sign-in", headers=elsewhere),
        visitor.sends("/sign-in", id_number=held.id_number, pin=held.pin, headers=elsewhere),
    ):
        assert answer.status == 403
        assert answer.has("请用加密的地址登录", "把网址开头的 http 改成 https") and 'name="pin"' not in answer.html
    assert visitor.cookies == {}
