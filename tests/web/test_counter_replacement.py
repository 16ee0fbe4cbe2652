"""A new card at the window: applied for, made, handed over (R36, R37)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.values import CardState, Document
from tests.support.core.audit import outcomes
from tests.support.core.bureau import card_number
from tests.support.core.people import Held, card_state, put_new_card
from tests.support.web.clerk import ID_CARD, steps
from tests.support.web.reading import complaints, is_checked, ways

NEW_CARD, ANOTHER = card_number(1, "C"), card_number(2, "C")
CERTIFICATE = {Document.HOUSEHOLD_CERTIFICATE.value: "seen"}
TAKEN = "已经有一张社保卡用这个号码，请核对新卡。"


@pytest.fixture
def waits(holder, context) -> Callable[..., Held]:
    """waits(number): somebody whose new card was made and lies at the branch."""

    def made(number: str = NEW_CARD) -> Held:
        held = holder(state=CardState.REPLACEMENT_APPLIED)
        put_new_card(context, held, number)
        return held

    return made


def test_r36_a_new_card_is_applied_for_made_and_handed_over(at_window, holder, context, caller):
    clerk, held = at_window(), holder(state=CardState.LOSS_WRITTEN)
    clerk.finds(held, "replacement")
    assert set(ways(clerk.looks_at("/loss"))) >= {"解除挂失", "申请补领新卡"}
    clerk.takes_step("apply")
    assert clerk.page.has("申请补领新卡：已经办理", "办理后：补领中") and "解除挂失" not in ways(clerk.page)
    assert "登记新卡" in ways(clerk.page) and not {"发新卡", "更正新卡卡号"} & set(ways(clerk.page))

    clerk.takes_step("issue", card_number=NEW_CARD.lower())
    assert clerk.page.has("登记新卡：已经办理", "办理前：补领中", "办理后：补领中，新卡待领取")
    told = f"新卡 *****{NEW_CARD[-4:]} 已制好，2026年3月2日 17:00 由 {clerk.employee.login} 登记，等待本人领取"
    assert clerk.page.has(told)
    assert [way for way in ways(clerk.page) if "新卡" in way] == ["发新卡", "更正新卡卡号"]
    assert card_state(context, held) is CardState.REPLACEMENT_APPLIED
    clerk.sends(f"{clerk.here}/close")

    clerk.finds(held, "replacement", "household certificate")
    page = clerk.looks_at("/loss/hand-over")
    assert page.has("办理前：补领中，新卡待领取", "办理后：已补换", f"登记的新卡：*****{NEW_CARD[-4:]}")
    assert is_checked(page, name="household certificate")  # as recorded when the case was opened
    clerk.sends_step("hand-over", card_number=NEW_CARD, **CERTIFICATE)
    assert clerk.page.has("发新卡：已经办理", "办理前：补领中，新卡待领取", "办理后：已补换", "密码是默认密码 123456")
    assert clerk.page.has("社保卡正常") and card_state(context, held) is CardState.REPLACED
    assert caller.identify(held.id_number, "123456").pin_is_default
    assert steps(clerk) == [
        ("申请补卡、领取新卡", told, clerk.employee.login)
        for told in ("已领取新卡，旧卡作废", "新卡已制好，等待本人领取", "已申请补领新卡")
    ]


def test_r36_the_number_of_a_new_card_is_checked_when_it_is_recorded(at_window, holder, context):
    clerk, held, other = at_window(), holder(state=CardState.REPLACEMENT_APPLIED), holder()
    clerk.finds(held, "replacement")
    for number, sentence in {
        "": "请读新卡，或者填写新卡的卡号。",
        "A1": "社保卡号应为 9 位，请核对后重新填写。",
        held.card_number: TAKEN,
        other.card_number: TAKEN,
    }.items():
        assert complaints(clerk.takes_step("issue", card_number=number)) == {"card_number": sentence}
    assert "登记新卡" in ways(clerk.looks_at("/loss")) and card_state(context, held) is CardState.REPLACEMENT_APPLIED
    assert steps(clerk)[0] == ("申请补卡、领取新卡", "没有成功：号码不正确", clerk.employee.login)


def test_r36_nobody_goes_home_with_another_card_or_without_a_document(at_window, waits, holder, context):
    clerk, held = at_window(), waits()
    other = waits(ANOTHER)
    clerk.finds(held, "replacement")
    told = "要先核对本人的身份证件，并勾选。没有办理。"
    assert complaints(clerk.takes_step("hand-over", card_number=NEW_CARD)) == {"documents": told}
    wrong = "这不是为本人登记的新卡，请核对手里的卡。登记错了的，先更正新卡卡号。没有办理。"
    for number, sentence in {
        "": "请读新卡，或者填写新卡的卡号。",
        ANOTHER: wrong,
        held.card_number: wrong,
        ANOTHER[:-1]: "社保卡号应为 9 位，请核对后重新填写。",
    }.items():
        answer = clerk.sends_step("hand-over", card_number=number, **ID_CARD)
        assert complaints(answer) == {"card_number": sentence}
    assert {card_state(context, each) for each in (held, other)} == {CardState.REPLACEMENT_APPLIED}
    assert [outcome for _, outcome, _ in steps(clerk)][:4] == [
        "没有成功：号码不正确",
        "没有成功：拿出的不是为本人制的新卡",
        "没有成功：拿出的不是为本人制的新卡",
        "没有成功：号码不正确",
    ]


def test_r36_a_misprint_is_corrected_before_the_card_is_handed_over(at_window, waits, context):
    clerk, held = at_window(), waits(ANOTHER)
    clerk.finds(held, "replacement")
    assert clerk.looks_at("/loss/correct").has(f"登记的新卡：*****{ANOTHER[-4:]}")
    assert complaints(clerk.sends_step("correct", edition="1", card_number=held.card_number)) == {"card_number": TAKEN}
    clerk.sends_step("correct", edition=clerk.page.field("edition"), card_number=NEW_CARD)
    assert clerk.page.has("更正新卡卡号：已经办理", f"新卡 *****{NEW_CARD[-4:]} 已制好")
    assert complaints(clerk.takes_step("hand-over", card_number=ANOTHER, **ID_CARD))
    assert clerk.sends_step("hand-over", card_number=NEW_CARD, **ID_CARD).has("发新卡：已经办理")
    assert ("申请补卡、领取新卡", "已更正新卡的卡号", clerk.employee.login) in steps(clerk)


def test_r37_of_two_clerks_who_correct_a_number_the_later_one_reads_what_happened(at_window, waits, context):
    held, clerks = waits(ANOTHER), [at_window(), at_window()]
    for clerk in clerks:
        clerk.finds(held, "replacement")
        clerk.looks_at("/loss/correct")
    for clerk, number in zip(clerks, (NEW_CARD, card_number(3, "C")), strict=True):
        clerk.sends_step("correct", edition=clerk.page.field("edition"), card_number=number)
    first, late = clerks
    assert first.page.has("更正新卡卡号：已经办理") and late.page.status == 409
    assert late.page.has("没有办理：更正新卡卡号", "状态刚刚变了：补领中，新卡待领取", first.employee.login)
    assert late.looks_at("/loss").has(f"*****{NEW_CARD[-4:]}")


@pytest.mark.parametrize("edition", ["", "0", "-1", "x", "²", "9" * 5000])
def test_r37_a_correction_of_no_number_that_ever_was_changes_nothing(at_window, waits, edition):
    clerk, held = at_window(), waits(ANOTHER)
    clerk.finds(held, "replacement")
    assert clerk.takes_step("correct", edition=edition, card_number=NEW_CARD).status == 409
    assert clerk.looks_at("/loss").has(f"*****{ANOTHER[-4:]}")


def test_r37_of_two_clerks_who_hand_over_one_succeeds_and_the_other_reads_what_happened(at_window, waits, context):
    held, clerks = waits(), [at_window(), at_window()]
    for clerk in clerks:
        clerk.finds(held, "replacement")
        clerk.looks_at("/loss/hand-over")
    first, late = clerks
    for clerk in clerks:
        clerk.sends_step("hand-over", card_number=NEW_CARD, **ID_CARD)
    assert first.page.has("发新卡：已经办理") and late.page.status == 409
    assert late.page.has("没有办理：发新卡", "已领取新卡，旧卡作废", first.employee.login)


@pytest.mark.parametrize(
    ("step", "title", "outcome"),
    [("issue", "登记新卡", "new_card_issued"), ("hand-over", "发新卡", "new_card_handed_over")],
)
def test_a_new_card_is_issued_and_handed_over_once_however_often_the_form_is_sent(
    at_window, holder, waits, context, step, title, outcome
):
    clerk = at_window()
    held = waits() if step == "hand-over" else holder(state=CardState.REPLACEMENT_APPLIED)
    clerk.finds(held, "replacement")
    clerk.looks_at(f"/loss/{step}")
    fields = {name: clerk.page.field(name) for name in ("form_token", "card")} | ID_CARD | {"card_number": NEW_CARD}
    for _ in range(3):
        assert clerk.sends(f"{clerk.here}/loss/{step}", token=False, **fields).has(f"{title}：已经办理")
    assert [told for _, told in outcomes(context, held)].count(outcome) == 1
