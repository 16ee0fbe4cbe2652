"""Changing the PIN when signed in (R22–R25)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from core.actor import Actor
from core.cards.pin_change import reset_pin
from core.identity import visits
from core.numbers import card_check_character
from core.service import Service
from core.values import CardState, Door, WeakPinReason
from core.vault import DEFAULT_PIN
from tests.support.core.audit import outcomes
from tests.support.core.clock import Clock
from tests.support.core.people import Held, somebody_at
from tests.support.web.reading import complaints, heading, ways
from tests.support.web.visitor import Answer, Visitor
from web import words

NEW, WRONG = "480259", "581203"
WRONG_ORIGINAL = {"original": "原密码不正确，请重新填写。如果填了身份证号码，也请核对。"}
CHANGED = ("change the PIN", "done")


@pytest.fixture
def signed_in(signed_in: Visitor) -> Visitor:
    """Somebody in front of the form."""
    signed_in.opens("/account/pin")
    return signed_in


def changes(visitor: Visitor, original: str, new: str = NEW, again: str | None = None, **more: str) -> Answer:
    """Open the form, fill it in and send it."""
    visitor.opens("/account/pin")
    return visitor.sends("/account/pin", original=original, new=new, again=new if again is None else again, **more)


def both_at_once(visitor: Visitor, **fields: str) -> list[Answer]:
    """A double click: the form that is open, sent twice before there is an answer."""
    fields["form_token"] = visitor.page.field("form_token")
    fingers = [Visitor(visitor.port), Visitor(visitor.port)]
    for finger in fingers:
        finger.cookies = dict(visitor.cookies)
    with ThreadPoolExecutor(2) as hands:
        return list(hands.map(lambda finger: finger.sends("/account/pin", **fields), fingers))


def can_sign_in(visitor: Visitor, held: Held, pin: str) -> bool:
    return visitor.signs_in(held, pin).path == "/account"


def test_r22_original_new_and_new_again_change_the_pin_on_every_channel(signed_in: Visitor, held, caller):
    assert 'name="id_number"' not in signed_in.page.html, "asked for with the default PIN alone"
    changes(signed_in, held.pin)
    assert signed_in.page.path == "/account/pin/done"
    assert signed_in.page.has("密码已修改", "电话、网站、自助终端和窗口都用新密码", "请不要把密码告诉别人")
    assert caller.identify(held.id_number, NEW).person_id == held.person_id
    signed_in.sends("/sign-out")
    assert not can_sign_in(signed_in, held, held.pin)
    assert can_sign_in(signed_in, held, NEW)


def test_full_width_digits_and_spaces_around_are_understood(signed_in: Visitor, held):
    changes(signed_in, "７３９１６４", "４８０２５９", f" {NEW}\u3000")
    assert heading(signed_in.page) == "密码已修改"
    assert can_sign_in(signed_in, held, NEW)


INCOMPLETE = (
    ({}, {"original": "请填写原密码。", "new": "请填写新密码。"}),
    ({"original": "73916"}, {"original": "原密码是 6 位数字，请重新填写。", "new": "请填写新密码。"}),
    ({"original": WRONG, "new": NEW}, {"again": "请再次填写新密码。"}),
    ({"original": WRONG, "new": "48O259", "again": "48O259"}, {"new": "新密码应为 6 位数字。"}),
    ({"original": WRONG, "new": WRONG, "again": WRONG}, {"new": "新密码不能和原密码相同。"}),
    (
        {"original": WRONG, "new": NEW, "again": "480258"},
        {"again": "两次输入的新密码不一致，请重新填写。原密码没有改变。"},
    ),
    (
        {"original": DEFAULT_PIN, "new": NEW, "again": NEW},
        {"id_number": "原密码是默认密码时，还要填写身份证号码。"},
    ),
    (
        {"original": WRONG, "id_number": "50010319850210997", "new": NEW, "again": NEW},
        {"id_number": "身份证号码应为 18 位，请核对后重新填写。"},
    ),
)


def test_an_incomplete_form_is_told_whole_and_costs_no_attempt(signed_in: Visitor, held, context):
    for fields, told in INCOMPLETE:
        signed_in.sends("/account/pin", **fields)
        assert complaints(signed_in.page) == told
        assert {signed_in.page.field(name) for name in ("original", "new", "again")} == {""}
    assert "original PIN" not in dict(outcomes(context, held))
    assert heading(changes(signed_in, held.pin)) == "密码已修改"


def test_r22_the_default_pin_needs_the_id_number_as_well(visitor: Visitor, holder):
    held, other = holder(pin=DEFAULT_PIN), holder()
    visitor.signs_in(held)
    assert visitor.opens("/account/pin").has("原密码是默认密码 123456 时，要再填写一次")
    changes(visitor, DEFAULT_PIN)
    assert complaints(visitor.page) == {"id_number": "原密码是默认密码时，还要填写身份证号码。"}
    changes(visitor, DEFAULT_PIN, id_number=other.id_number)
    assert complaints(visitor.page) == WRONG_ORIGINAL
    spaced = f"{held.id_number[:6]} {held.id_number[6:]}".lower()
    changes(visitor, DEFAULT_PIN, id_number=spaced)
    assert heading(visitor.page) == "密码已修改"
    assert can_sign_in(visitor, held, NEW)


def test_r3_nobody_is_told_whether_the_pin_is_the_default(signed_in: Visitor, held):
    changes(signed_in, DEFAULT_PIN)
    assert complaints(signed_in.page) == {"id_number": "原密码是默认密码时，还要填写身份证号码。"}
    changes(signed_in, DEFAULT_PIN, id_number=held.id_number)
    assert complaints(signed_in.page) == WRONG_ORIGINAL


WEAK = (
    ("48025", "新密码应为 6 位数字。"),
    ("123456", "新密码不能是默认密码。"),
    ("739164", "新密码不能和原密码相同。"),
    ("111111", "新密码不能由一个、两个或三个数字重复组成。"),
    ("121212", "新密码不能由一个、两个或三个数字重复组成。"),
    ("123123", "新密码不能由一个、两个或三个数字重复组成。"),
    ("345678", "新密码不能是连续递增或递减的数字。"),
    ("987654", "新密码不能是连续递增或递减的数字。"),
    ("570615", "新密码不能是您的出生日期。"),
    ("150657", "新密码不能是您的出生日期。"),
    ("195706", "新密码不能是您的出生日期。"),
    ("706159", "新密码不能是您的身份证号码或社保卡号中连着的六位数字。"),
    ("508291", "新密码不能是您的身份证号码或社保卡号中连着的六位数字。"),
    ("112233", "这个密码太常见，容易被别人猜到，请换一个。"),
)


def test_r23_a_weak_new_pin_is_refused_with_its_reason(visitor: Visitor, holder):
    held = holder(pin="739164", born="19570615", card_number="A5082914" + card_check_character("A5082914"))
    visitor.signs_in(held)
    for new, told in WEAK:
        changes(visitor, held.pin, new)
        assert complaints(visitor.page) == {"new": told}, new
    assert can_sign_in(visitor, held, held.pin), "the original stands"


def test_r23_every_reason_has_words_and_is_tried():
    assert set(words.WEAK_PIN) == set(WeakPinReason)
    assert set(words.WEAK_PIN.values()) == {told for _, told in WEAK}


def test_r24_two_entries_that_differ_are_told_and_the_original_stands(signed_in: Visitor, held):
    changes(signed_in, held.pin, NEW, "480258")
    assert complaints(signed_in.page) == {"again": "两次输入的新密码不一致，请重新填写。原密码没有改变。"}
    assert can_sign_in(signed_in, held, held.pin)


def test_r4_a_wrong_original_counts_and_the_sixth_locks(signed_in: Visitor, held, visitors):
    for _ in range(5):
        assert complaints(changes(signed_in, WRONG)) == WRONG_ORIGINAL
    for original in (WRONG, held.pin):
        page = changes(signed_in, original)
        assert page.status == 403 and heading(page) == "密码已锁定"
        assert page.has("本人带社保卡和有效身份证件", "重置密码")
        assert ways(page)["查找可以重置密码的网点"] == "/offices?operation=reset_pin"
    assert heading(visitors().signs_in(held)) == "密码已锁定"
    assert heading(signed_in.opens("/account")) == "我的账户", "this visit showed its PIN before"


def test_r4_a_right_original_begins_the_count_again(signed_in: Visitor, held):
    for _ in range(5):
        changes(signed_in, WRONG)
    changes(signed_in, held.pin, "800101")
    assert complaints(signed_in.page) == {"new": "新密码不能是您的出生日期。"}
    for _ in range(5):
        assert complaints(changes(signed_in, WRONG)) == WRONG_ORIGINAL


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (CardState.LOSS_REPORTED, ("已经挂失，不能修改密码", "本人到区县医疗保险分中心解除挂失")),
        (CardState.LOSS_WRITTEN, ("已经书面挂失，不能修改密码", "解除挂失或者申请补卡")),
        (CardState.REPLACEMENT_APPLIED, ("正在补领新卡", "领到新卡以后，可以修改新卡的密码")),
    ],
)
def test_r25_a_card_out_of_use_keeps_its_pin_and_the_page_says_what_to_do(visitor: Visitor, holder, state, told):
    visitor.signs_in(holder(state=state))
    page = visitor.opens("/account/pin")
    assert page.status == 409 and page.has("社保卡现在不能使用", *told)
    assert ways(page) == {"查看挂失记录": "/account/loss", "回到首页": "/"}


def test_r25_a_card_reported_in_another_tab_keeps_its_pin(signed_in: Visitor, held):
    token = signed_in.page.field("form_token")
    signed_in.opens("/account/loss/confirm")
    signed_in.sends("/account/loss")
    signed_in.sends("/account/pin", form_token=token, original=held.pin, new=NEW, again=NEW)
    assert signed_in.page.status == 409 and signed_in.page.has("您的社保卡已经挂失，不能修改密码")
    assert can_sign_in(signed_in, held, held.pin)


def test_r25_other_visits_end_and_this_one_stays(signed_in: Visitor, visitors, held, context, clock: Clock):
    library, kiosk = visitors(), Service(context, somebody_at(Door.KIOSK, "kiosk:1", "kiosk"))
    library.signs_in(held)
    token = visits.begin(context, Door.KIOSK, kiosk.identify(held.id_number, held.pin), context.now())
    clock.passes(seconds=1)
    changes(signed_in, held.pin)
    assert signed_in.page.has("您在别处的登录都已退出")
    assert heading(signed_in.opens("/account")) == "我的账户"
    page = library.opens("/account")
    assert heading(page) == "登录已经结束" and page.has("可能是密码已经修改")
    assert visits.resume(context, Door.KIOSK, token) is None


def test_r25_a_refused_change_ends_no_visit(signed_in: Visitor, visitors, held, clock: Clock):
    library = visitors()
    library.signs_in(held)
    clock.passes(seconds=1)
    for original, new in ((WRONG, NEW), (held.pin, "112233")):
        assert complaints(changes(signed_in, original, new))
    assert heading(library.opens("/account")) == "我的账户"


def on_the_phone(context, held: Held) -> None:
    service = Service(context, Actor.phone("02300000001", "call-1"))
    service.change_pin(service.check_original_pin(held.suffix, held.pin), "604815", "604815")


def at_a_branch(context, held: Held) -> None:
    clerk = somebody_at(Door.BRANCH, "counter:1", "clerk-1", "渝中区医疗保险分中心")
    reset_pin(context, clerk, held.card_id, "604815", "604815", card_seen=True, document_seen="passport")


@pytest.mark.parametrize("changed", [on_the_phone, at_a_branch])
def test_r25_a_form_that_was_open_while_the_pin_changed_elsewhere_does_nothing(
    signed_in: Visitor, held, context, clock: Clock, changed
):
    clock.passes(seconds=1)
    changed(context, held)
    signed_in.sends("/account/pin", original=held.pin, new=NEW, again=NEW)
    assert heading(signed_in.page) == "登录已经结束"
    assert can_sign_in(signed_in, held, "604815")


def test_the_same_form_sent_again_changes_once_and_says_the_same(signed_in: Visitor, held, context):
    token = signed_in.page.field("form_token")
    for _ in range(3):
        signed_in.sends("/account/pin", form_token=token, original=held.pin, new=NEW, again=NEW)
        assert heading(signed_in.page) == "密码已修改"
    assert outcomes(context, held).count(CHANGED) == 1


def test_a_double_click_changes_once_and_says_the_same(signed_in: Visitor, held, context):
    answers = both_at_once(signed_in, original=held.pin, new=NEW, again=NEW)
    assert [heading(answer) for answer in answers] == ["密码已修改"] * 2
    assert outcomes(context, held).count(CHANGED) == 1


def test_r4_a_double_click_with_a_wrong_original_is_one_attempt(signed_in: Visitor, held, context):
    answers = both_at_once(signed_in, original=WRONG, new=NEW, again=NEW)
    assert [complaints(answer) for answer in answers] == [WRONG_ORIGINAL] * 2
    assert outcomes(context, held).count(("original PIN", "identification_failed")) == 1


def test_r4_a_double_click_that_locks_is_told_so_twice(signed_in: Visitor, held):
    for _ in range(5):
        changes(signed_in, WRONG)
    signed_in.opens("/account/pin")
    answers = both_at_once(signed_in, original=WRONG, new=NEW, again=NEW)
    assert [heading(answer) for answer in answers] == ["密码已锁定"] * 2


def test_a_form_that_is_not_of_this_page_changes_nothing(signed_in: Visitor, held):
    for token in ("", "made-up", "a.b", "…", "x" * 10_000):
        signed_in.sends("/account/pin", form_token=token, original=held.pin, new=NEW, again=NEW)
        assert signed_in.page.status == 400
        assert signed_in.page.has("页面已经过期", "没有办理", "请重新打开页面")
    assert can_sign_in(signed_in, held, held.pin)


def test_a_form_of_another_page_or_another_person_changes_nothing(signed_in: Visitor, visitors, holder, held):
    other = visitors()
    other.signs_in(holder())
    tokens = [other.opens("/account/pin").field("form_token")]
    tokens.append(signed_in.opens("/account/loss/confirm").field("form_token"))
    for token in tokens:
        signed_in.sends("/account/pin", form_token=token, original=held.pin, new=NEW, again=NEW)
        assert heading(signed_in.page) == "页面已经过期"
    assert can_sign_in(signed_in, held, held.pin)
