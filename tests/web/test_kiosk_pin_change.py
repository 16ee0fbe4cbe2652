"""卡密码修改 at a kiosk (R22–R25): old, new, confirm."""

from __future__ import annotations

import pytest

from tests.support.core.audit import outcomes
from tests.support.web.at_kiosk import WRONG_PIN, AtKiosk, make_kiosk
from tests.support.web.reading import find, heading
from tests.support.web.visitor import Answer

NEW = "840271"


@pytest.fixture
def held(holder):
    return holder()


@pytest.fixture
def signed_in(at_kiosk: AtKiosk, held) -> AtKiosk:
    assert at_kiosk.signs_in(held).path == "/kiosk/menu"
    return at_kiosk


def complaints(page: Answer) -> set[str]:
    """The fields that something is wrong with."""
    return {str(each["id"]).removesuffix("-error") for each in find(page, "p.field-error")}


def test_r22_old_new_confirm_in_the_source_s_words(signed_in: AtKiosk, held):
    signed_in.opens("/kiosk/pin")
    assert signed_in.page.has("卡密码修改", "旧密码", "新密码", "确认新密码", "确认", "删除", "重置")
    assert not signed_in.page.has("要核对")
    signed_in.changes_pin(held, NEW)
    assert signed_in.page.path == "/kiosk/pin/done" and heading(signed_in.page) == "密码修改成功"
    assert signed_in.opens("/kiosk/menu").path == "/kiosk/menu", "the visit in which it was changed goes on"
    assert signed_in.signs_in(held).status == 422
    assert signed_in.signs_in(held, NEW).path == "/kiosk/menu"


def test_r22_the_default_pin_needs_the_id_number_too(at_kiosk: AtKiosk, holder):
    held = holder(pin="123456")
    at_kiosk.signs_in(held)
    at_kiosk.opens("/kiosk/pin")
    assert at_kiosk.page.has("身份证号码", "旧密码是默认密码，要核对") and 'data-key="X"' in at_kiosk.page.html
    at_kiosk.changes_pin(held, NEW)
    assert complaints(at_kiosk.page) == {"id_number"}
    at_kiosk.changes_pin(held, NEW, id_number=holder().id_number)
    assert complaints(at_kiosk.page) == {"original"}
    at_kiosk.changes_pin(held, NEW, id_number=held.id_number)
    assert at_kiosk.page.path == "/kiosk/pin/done"
    at_kiosk.signs_in(held, NEW)
    assert at_kiosk.page.path == "/kiosk/menu", "no more advice"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"original": ""}, {"original"}),
        ({"original": "12345"}, {"original"}),
        ({"new": "", "again": ""}, {"new"}),
        ({"new": "111111", "again": "111111"}, {"new"}),
        ({"new": "345678", "again": "345678"}, {"new"}),
        ({"again": "840272"}, {"again"}),
        ({"original": "", "new": "", "again": ""}, {"original", "new"}),
    ],
)
def test_what_can_be_told_from_the_form_alone_costs_no_attempt(signed_in: AtKiosk, held, context, fields, wrong):
    before = outcomes(context, held)
    signed_in.changes_pin(held, NEW, **fields)
    assert signed_in.page.status == 422 and complaints(signed_in.page) == wrong
    assert outcomes(context, held) == before
    assert held.pin not in signed_in.page.html and NEW not in signed_in.page.html


def test_r23_the_holder_s_own_numbers_are_refused_with_the_rule(signed_in: AtKiosk, held):
    own = held.id_number[:6]
    signed_in.changes_pin(held, own)
    assert signed_in.page.status == 422 and signed_in.page.has("不能是您的身份证号码或社保卡号中连着的六位数字")
    assert signed_in.signs_in(held).path == "/kiosk/menu"


def test_r4_a_wrong_original_counts_and_locks_with_the_others(signed_in: AtKiosk, held):
    for _ in range(5):
        signed_in.changes_pin(held, NEW, original=WRONG_PIN)
        assert complaints(signed_in.page) == {"original"}
    signed_in.changes_pin(held, NEW, original=WRONG_PIN)
    assert signed_in.page.status == 403 and heading(signed_in.page) == "密码已锁定"
    assert signed_in.signs_in(held).status == 403


def test_r25_a_change_ends_the_visits_elsewhere(signed_in: AtKiosk, held, site, context, visitors, clock):
    web, other = visitors(), AtKiosk(site.port)
    web.signs_in(held)
    other.enters_key(make_kiosk(context, "另一台"))
    other.signs_in(held)
    clock.passes(seconds=1)
    signed_in.changes_pin(held, NEW)
    assert web.opens("/account").path == "/signed-out?why=ended"
    assert other.opens("/kiosk/menu").path == "/kiosk/left?why=ended"
    assert signed_in.opens("/kiosk/menu").path == "/kiosk/menu"


def test_a_change_that_is_sent_twice_is_carried_out_once_and_answered_alike(signed_in: AtKiosk, held, context):
    signed_in.opens("/kiosk/pin")
    token = signed_in.page.field("form_token")
    for _ in range(3):
        signed_in.sends("/kiosk/pin", original=held.pin, new=NEW, again=NEW, form_token=token)
        assert signed_in.page.path == "/kiosk/pin/done"
    assert [outcome for operation, outcome in outcomes(context, held) if operation == "change the PIN"] == ["done"]


def test_a_form_of_the_person_before_changes_nothing(signed_in: AtKiosk, held, holder):
    signed_in.opens("/kiosk/pin")
    token = signed_in.page.field("form_token")
    other = holder()
    signed_in.signs_in(other)
    signed_in.sends("/kiosk/pin", original=other.pin, new=NEW, again=NEW, form_token=token)
    assert signed_in.page.status == 400
    assert signed_in.signs_in(other).path == "/kiosk/menu"


def test_r25_a_card_that_is_reported_meanwhile_keeps_its_pin(signed_in: AtKiosk, held, caller):
    signed_in.opens("/kiosk/pin")
    caller.report_loss(caller.identify(held.id_number, held.pin))
    signed_in.sends("/kiosk/pin", original=held.pin, new=NEW, again=NEW)
    assert signed_in.page.path == "/kiosk/left?why=ended"
    assert caller.identify(held.id_number, held.pin)
