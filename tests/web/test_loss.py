"""Reporting a lost card when signed in, and finding the report again (R30–R33)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from core.cards import loss, replacement
from core.errors import CardNotUsable, HotlineError
from core.numbers import card_check_character
from core.records.schema import LossReport
from core.values import CardState, Document, Door
from core.vault import DEFAULT_PIN
from tests.support.core.audit import outcomes
from tests.support.core.clock import Clock
from tests.support.core.people import card_state, somebody_at
from tests.support.web.reading import facts, find, heading, table, ways, words
from tests.support.web.visitor import Answer, Visitor

FORM = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM}
FOUND = {Document.SOCIAL_SECURITY_CARD, Document.RESIDENT_ID_CARD}
BRANCH = somebody_at(Door.BRANCH, "counter:1", "clerk-1", "渝中区医疗保险分中心")
REPORTED = ("report a loss", "done")


def reports(visitor: Visitor) -> Answer:
    """Confirm the loss on its page."""
    visitor.opens("/account/loss/confirm")
    return visitor.sends("/account/loss")


def reference(page: Answer) -> str:
    """The number to keep."""
    (shown,) = find(page, "strong.reference")
    return words(shown)


def test_r30_a_loss_is_confirmed_on_a_page_of_its_own(signed_in: Visitor, held, context):
    assert signed_in.opens("/account/loss").has("您的社保卡现在：正常", "卡丢了请马上挂失", "您没有挂失记录")
    page = signed_in.opens(ways(signed_in.page)["我要挂失"])
    assert heading(page) == "确认挂失社保卡"
    assert page.has("这张卡在所有渠道立即停用", "密码也不能修改", "办理书面挂失", "电话和网站不能解除")
    assert card_state(context, held) is CardState.ACTIVE, "a question is no answer"
    signed_in.sends("/account/loss")
    assert heading(signed_in.page) == "挂失成功" and signed_in.page.has("您的卡已经停用")
    assert card_state(context, held) is CardState.LOSS_REPORTED
    assert outcomes(context, held).count(REPORTED) == 1


def test_r31_the_answer_says_what_must_follow_and_where(signed_in: Visitor):
    page = reports(signed_in)
    assert page.has("接下来请您", "尽快带有效身份证件", "医疗保险分中心办理书面挂失", "挂失登记表")
    assert page.has("带社保卡和居民身份证（或户籍证明）", "解除挂失。电话和网站不能解除")
    found = [link["href"] for link in find(page, 'a[href^="/offices?operation="]')]
    assert found == ["/offices?operation=write_up_loss", "/offices?operation=release_loss"]
    assert page.has("2026年3月2日 17:00")


def test_r31_the_reference_is_found_again_on_the_site_and_by_every_counter(signed_in: Visitor, held, context):
    told = reference(reports(signed_in))
    assert re.fullmatch("[0-9]{4} [0-9]{4}", told)
    signed_in.sends("/sign-out")
    signed_in.signs_in(held)
    (row,) = table(signed_in.opens("/account/loss"), "挂失记录")
    assert row == {
        "挂失编号": told,
        "社保卡号": f"*****{held.card_number[-4:]}",
        "挂失时间": "2026年3月2日 17:00",
        "渠道": "网站",
        "书面挂失时间": "—",
        "结果": "办理中",
    }
    with context.transaction() as session:
        assert loss.find_report(session, told.replace(" ", "")).card_id == held.card_id


def test_r31_a_report_by_phone_is_found_on_the_site(visitor: Visitor, held, caller):
    told = caller.report_loss(caller.identify(held.id_number, held.pin)).reference
    visitor.signs_in(held)
    (row,) = table(visitor.opens("/account/loss"), "挂失记录")
    assert (row["挂失编号"], row["渠道"]) == (f"{told[:4]} {told[4:]}", "12333 电话")
    assert visitor.page.has("您的社保卡现在：已挂失（尚未书面挂失）", "请尽快到区县医疗保险分中心办理书面挂失")


def test_r30_anything_but_the_confirmed_form_reports_nothing(signed_in: Visitor, held, context):
    page = signed_in.opens("/account/loss/confirm")
    assert heading(signed_in.opens(ways(page)["不挂失，返回"])) == "我的账户"
    assert signed_in.opens("/account/loss/done").path == "/account/loss", "there is nothing that was done"
    of_another_page = signed_in.opens("/account/pin").field("form_token")
    for token in ("", "made-up", of_another_page):
        signed_in.sends("/account/loss", form_token=token)
        assert signed_in.page.status == 400 and signed_in.page.has("页面已经过期", "没有办理")
    assert card_state(context, held) is CardState.ACTIVE
    assert "report a loss" not in dict(outcomes(context, held))


def test_r32_a_second_report_changes_nothing_and_says_so(signed_in: Visitor, held, context, caller, clock: Clock):
    token = signed_in.opens("/account/loss/confirm").field("form_token")
    told = reference(reports(signed_in))
    clock.passes(minutes=5)
    signed_in.sends("/account/loss", form_token=token)
    assert heading(signed_in.page) == "社保卡先前已经挂失" and signed_in.page.has("这次没有改变")
    assert signed_in.page.has("您的社保卡现在：已挂失（尚未书面挂失）", "挂失时间：2026年3月2日 17:00")
    assert reference(signed_in.page) == told
    assert len(table(signed_in.opens("/account/loss"), "挂失记录")) == 1


@pytest.mark.parametrize("state", [CardState.LOSS_REPORTED, CardState.LOSS_WRITTEN, CardState.REPLACEMENT_APPLIED])
def test_r32_a_card_that_is_out_of_use_is_not_asked_about_again(visitor: Visitor, holder, state):
    visitor.signs_in(holder(state=state))
    page = visitor.opens("/account/loss/confirm")
    assert page.path == "/account/loss" and "我要挂失" not in ways(page)


def test_the_same_form_sent_again_reports_once_and_says_the_same(signed_in: Visitor, held, context):
    token = signed_in.opens("/account/loss/confirm").field("form_token")
    for _ in range(3):
        signed_in.sends("/account/loss", form_token=token)
        assert heading(signed_in.page) == "挂失成功"
    assert outcomes(context, held).count(REPORTED) == 1


def test_a_double_click_reports_once_and_says_the_same(signed_in: Visitor, visitors, held, context):
    token = signed_in.opens("/account/loss/confirm").field("form_token")
    fingers = [visitors(), visitors()]
    for finger in fingers:
        finger.cookies = dict(signed_in.cookies)
    with ThreadPoolExecutor(2) as hands:
        pages = list(hands.map(lambda finger: finger.sends("/account/loss", form_token=token), fingers))
    assert [heading(page) for page in pages] == ["挂失成功"] * 2
    assert outcomes(context, held).count(REPORTED) == 1


def test_r33_the_card_is_out_of_use_at_once_and_enquiries_stay_possible(signed_in: Visitor, held, caller):
    reports(signed_in)
    with pytest.raises(CardNotUsable):
        caller.check_original_pin(held.suffix, held.pin)
    assert signed_in.opens("/account/pin").status == 409
    assert signed_in.opens("/account").has("您的社保卡：已挂失", "卡已停用")
    assert facts(signed_in.page)["社保卡状态"] == "已挂失（尚未书面挂失）"
    signed_in.sends("/sign-out")
    assert signed_in.signs_in(held).path == "/account"
    assert heading(signed_in.opens("/account/medical")) == "医疗保险"


def test_r25_a_report_ends_other_visits_and_this_one_stays(signed_in: Visitor, visitors, held, clock: Clock):
    library = visitors()
    library.signs_in(held)
    clock.passes(seconds=1)
    assert heading(reports(signed_in)) == "挂失成功"
    assert heading(signed_in.opens("/account")) == "我的账户"
    assert heading(library.opens("/account")) == "登录已经结束"


def test_r30_a_locked_pin_does_not_stop_somebody_who_showed_it_before(signed_in: Visitor, held, caller):
    for _ in range(6):
        with pytest.raises(HotlineError):
            caller.identify(held.id_number, "581203")
    assert heading(reports(signed_in)) == "挂失成功"


def test_r7_the_default_pin_does_not_stop_a_report(site_with, holder):
    visitor = site_with(require_pin_change=True)()
    visitor.signs_in(holder(pin=DEFAULT_PIN))
    assert heading(reports(visitor)) == "挂失成功"


def test_r34_after_the_written_report_nobody_is_sent_to_write_it_again(signed_in: Visitor, held, context):
    reports(signed_in)
    loss.write_up_loss(context, BRANCH, held.person_id, held.card_id, FORM)
    page = signed_in.opens("/account/loss")
    assert page.has("您的社保卡现在：已书面挂失", "申请补领", "解除挂失") and not page.has("办理书面挂失")
    assert table(page, "挂失记录")[0]["书面挂失时间"] == "2026年3月2日 17:00"
    assert not signed_in.opens("/account/loss/done").has("办理书面挂失")


def test_r35_a_released_card_is_in_use_again_and_can_be_reported_anew(signed_in: Visitor, held, context, clock: Clock):
    first = reference(reports(signed_in))
    loss.release_loss(context, BRANCH, held.person_id, held.card_id, FOUND)
    assert signed_in.opens("/account/loss").has("您的社保卡现在：正常")
    clock.passes(minutes=5)
    second = reference(reports(signed_in))
    rows = table(signed_in.opens("/account/loss"), "挂失记录")
    assert [(row["挂失编号"], row["结果"]) for row in rows] == [(second, "办理中"), (first, "已解除挂失")]


def test_r36_a_replaced_card_is_told_apart_and_the_new_one_is_not_touched(signed_in: Visitor, held, context):
    token = signed_in.opens("/account/loss/confirm").field("form_token")
    reports(signed_in)
    loss.write_up_loss(context, BRANCH, held.person_id, held.card_id, FORM)
    replacement.apply_for_replacement(context, BRANCH, held.person_id, held.card_id)
    page = signed_in.opens("/account/loss")
    assert page.has("您的社保卡现在：补领中", "新卡正在办理，旧卡不能再恢复使用") and not page.has("接下来请您")
    signed_in.sends("/account/loss", form_token=token)
    assert heading(signed_in.page) == "社保卡先前已经挂失" and not signed_in.page.has("接下来请您")

    number = "C0000001" + card_check_character("C0000001")
    replacement.issue_replacement(context, BRANCH, held.person_id, held.card_id, number)
    page = signed_in.opens("/account/loss")
    assert page.has("您的社保卡现在：补领中", "新卡已经制好。请本人带有效身份证件，到申请的区县医疗保险分中心领取")
    replacement.hand_over_replacement(context, BRANCH, held.person_id, held.card_id, number, FORM)
    page = signed_in.opens("/account/loss")
    assert page.has("您的社保卡现在：已补换", "请重新登录，使用您的新卡")
    assert [row["结果"] for row in table(page, "挂失记录")] == ["已补领新卡"]
    for path in ("/account/loss/confirm", "/account/loss/done"):
        assert signed_in.opens(path).path == "/account/loss"
    fresh = Visitor(signed_in.port)
    fresh.signs_in(held, DEFAULT_PIN)
    assert fresh.opens("/account/loss").has("您的社保卡现在：正常")
    with context.transaction() as session:
        assert len(session.scalars(select(LossReport)).all()) == 1


def test_r31_a_term_is_told_where_one_is_set(site_with, with_settings, holder, clock: Clock):
    held = holder()
    visitor = site_with(loss_report_term_days=10)()
    visitor.signs_in(held)
    assert reports(visitor).has("请在 2026年3月12日 17:00 以前办好，过期挂失失效，卡会恢复使用")
    assert visitor.opens("/account/loss").has("请在 2026年3月12日 17:00 以前办好")
    clock.passes(days=10)
    assert loss.lapse_reports(with_settings(loss_report_term_days=10)) == 1
    visitor.signs_in(held)
    page = visitor.opens("/account/loss")
    assert page.has("您的社保卡现在：正常") and not page.has("以前办好")
    assert table(page, "挂失记录")[0]["结果"] == "到期失效，卡已恢复使用"


def test_r31_without_a_term_none_is_told(signed_in: Visitor):
    assert not reports(signed_in).has("过期")


def test_r31_a_written_report_has_no_term(site_with, with_settings, holder):
    held = holder()
    loss.report_loss_in_writing(with_settings(), BRANCH, held.person_id, held.card_id, FORM)
    visitor = site_with(loss_report_term_days=10)()
    visitor.signs_in(held)
    assert not visitor.opens("/account/loss").has("过期")
