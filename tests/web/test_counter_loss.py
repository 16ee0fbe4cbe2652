"""A lost card at the window: written report, writing up, release (R34, R35, R37)."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode

import pytest

from core.actor import Actor
from core.service import Service
from core.values import CardState, Document, Door
from tests.support.core.audit import outcomes
from tests.support.core.bureau import card_number
from tests.support.core.people import card_state
from tests.support.web.clerk import ID_CARD, WRITTEN, Clerk, steps
from tests.support.web.pdf import pages
from tests.support.web.reading import complaints, find, heading, is_checked, table, ways

NEW_CARD = card_number(1, "C")
CERTIFICATE = {Document.HOUSEHOLD_CERTIFICATE.value: "seen"}
MISSING = "请核对身份证件和本人签名的挂失登记表，并逐项勾选。没有办理。"


@pytest.fixture
def lost(holder, caller):
    """Somebody who reported the loss by phone."""
    held = holder()
    caller.report_loss(caller.identify(held.id_number, held.pin))
    return held


@pytest.mark.parametrize("door", [Door.BRANCH, Door.SERVICE_CENTRE])
def test_r34_a_loss_is_reported_in_writing_with_document_and_form(at_window, holder, context, door):
    clerk, held = at_window(door), holder()
    clerk.finds(held)
    assert next(iter(ways(clerk.looks_at("/loss")))) == "书面挂失"
    page = clerk.looks_at("/loss/report")
    assert page.has("办理前：正常", "办理后：已书面挂失")
    assert is_checked(page, name="resident ID card")  # as recorded when the case was opened
    for seen in ({}, ID_CARD, {Document.REGISTRATION_FORM.value: "seen"}):
        assert complaints(clerk.sends_step("report", **seen)) == {"documents": MISSING}
        assert card_state(context, held) is CardState.ACTIVE
    clerk.sends_step("report", **WRITTEN)
    assert clerk.page.has("书面挂失：已经办理", "办理前：正常", "办理后：已书面挂失")
    assert card_state(context, held) is CardState.LOSS_WRITTEN
    assert steps(clerk)[0] == ("挂失", "成功", clerk.employee.login)


@pytest.mark.parametrize("door", [Door.BRANCH, Door.SERVICE_CENTRE])
def test_r34_a_report_by_phone_is_written_up(at_window, lost, context, door):
    clerk = at_window(door)
    clerk.finds(lost)
    assert clerk.looks_at("/loss").has("12333 电话", "已挂失（尚未书面挂失）")
    assert complaints(clerk.takes_step("write-up", **ID_CARD)) == {"documents": MISSING}
    assert clerk.sends_step("write-up", **WRITTEN).has("办理前：已挂失（尚未书面挂失）", "办理后：已书面挂失")
    assert card_state(context, lost) is CardState.LOSS_WRITTEN
    told = steps(clerk)
    assert told[0] == ("补办书面挂失", "成功", clerk.employee.login) and told[-1][0::2] == ("挂失", "—")


def test_r34_the_form_is_printed_from_the_record_and_the_person_can_read_that(at_window, lost, visitor):
    clerk = at_window()
    clerk.finds(lost)
    page = clerk.looks_at("/loss-form")
    assert heading(page) == "社会保障卡挂失登记表"
    assert page.has(lost.id_number, lost.card_number, "测试", "12333 电话", "申请人签名", "经办人：测试员")
    pdf = clerk.looks_at("/loss-form.pdf")
    assert pdf.headers.get_content_type() == "application/pdf" and pdf.headers["Cache-Control"] == "no-store"
    (printed,) = pages(pdf.body)
    assert not re.search("^[，。；：、）]", printed, re.MULTILINE)  # no line begins with one
    written = re.sub(r"\s", "", printed)
    for each in (lost.id_number, lost.card_number, "挂失登记表", "申请人签名", clerk.employee.office):
        assert each in written
    assert lost.id_number not in pdf.headers["Content-Disposition"]
    visitor.signs_in(lost)
    rows = table(visitor.opens("/account/history"), "查询和办理的历史")
    (told,) = [row["结果"] for row in rows if row["操作"] == "打印挂失登记表"]
    assert told == "成功，共 2 次"


def test_r35_a_loss_is_released_with_the_card_and_the_document(at_window, lost, context, caller):
    clerk = at_window()
    clerk.finds(lost, "release")
    told = "要先出示社保卡（读卡或填写卡号核对），并勾选居民身份证或户籍证明。没有办理。"
    assert complaints(clerk.takes_step("release", **ID_CARD)) == {"documents": told}
    assert card_state(context, lost) is CardState.LOSS_REPORTED
    assert "先出示社保卡" in ways(clerk.page)
    clerk.shows_card(lost.card_number)
    assert complaints(clerk.takes_step("release")) == {"documents": told}
    assert clerk.page.has("社保卡已经出示，与记录相符。")
    clerk.sends_step("release", **CERTIFICATE)
    assert clerk.page.has("办理前：已挂失（尚未书面挂失）", "办理后：正常")
    assert card_state(context, lost) is CardState.ACTIVE
    assert caller.identify(lost.id_number, lost.pin)  # the PIN stays
    assert [outcome for _, outcome, _ in steps(clerk)][:3] == [
        "成功",
        "没有成功：没有出示社保卡和居民身份证或户籍证明",
        "没有成功：没有出示社保卡和居民身份证或户籍证明",
    ]


def test_r35_a_passport_releases_nothing(at_window, lost, context):
    clerk = at_window()
    clerk.finds(lost, "release", "passport")
    clerk.shows_card(lost.card_number)
    boxes = [box["name"] for box in find(clerk.looks_at("/loss/release"), 'input[type="checkbox"]')]
    assert boxes and "passport" not in boxes
    clerk.sends_step("release", passport="seen")
    assert complaints(clerk.page) and card_state(context, lost) is CardState.LOSS_REPORTED


def test_r36_there_is_no_new_card_before_the_loss_is_written_up(at_window, lost, context):
    clerk = at_window()
    clerk.finds(lost)
    assert "申请补领新卡" not in ways(clerk.looks_at("/loss"))
    assert clerk.looks_at("/loss/apply").path == f"{clerk.here}/loss"  # led back to what can be done
    for step in ("apply", "issue", "correct", "hand-over"):
        clerk.looks_at("/loss/write-up")
        body = {"form_token": "0" * 24, "card": str(lost.card_id), "card_number": NEW_CARD}
        assert clerk.sends(f"{clerk.here}/loss/{step}", **body).status == 400
    assert card_state(context, lost) is CardState.LOSS_REPORTED


def test_r34_a_report_by_phone_that_came_while_the_form_was_open_is_written_up_with_it(
    at_window, holder, context, caller
):
    clerk, held = at_window(), holder()
    clerk.finds(held)
    clerk.looks_at("/loss/report")
    caller.report_loss(caller.identify(held.id_number, held.pin))
    clerk.sends_step("report", **WRITTEN)
    assert clerk.page.has("书面挂失：已经办理", "办理前：已挂失（尚未书面挂失）", "办理后：已书面挂失")
    assert card_state(context, held) is CardState.LOSS_WRITTEN


def test_r37_a_step_that_a_page_of_another_tab_overtook_is_told(at_window, lost, context):
    clerk = at_window()
    clerk.finds(lost)
    clerk.looks_at("/loss/write-up")
    fields = {"form_token": clerk.page.field("form_token"), "card": clerk.page.field("card")} | WRITTEN
    clerk.takes_step("write-up", **WRITTEN)
    clerk.takes_step("apply")
    again = clerk.sends(f"{clerk.here}/loss/write-up", token=False, **fields)
    assert again.status == 409 and heading(again) == "没有办理：补办书面挂失"
    assert again.has("这张卡的状态刚刚变了：补领中", "申请补卡、领取新卡", "已申请补领新卡", clerk.employee.login)


def test_r37_of_two_clerks_at_once_one_succeeds_and_the_other_reads_what_happened(at_window, holder, context):
    held, clerks = holder(state=CardState.LOSS_WRITTEN), [at_window(), at_window()]
    requests = []
    for clerk in clerks:
        clerk.finds(held, "replacement")
        clerk.looks_at("/loss/apply")
        body = {"form_token": clerk.page.field("form_token"), "card": clerk.page.field("card")}
        requests.append((clerk, urlencode(body).encode()))

    def send(request: tuple[Clerk, bytes]) -> int:
        clerk, body = request
        return clerk.asks("POST", f"{clerk.here}/loss/apply", body, clerk.posted).status

    with ThreadPoolExecutor(2) as crowd:
        answers = list(crowd.map(send, requests))
    assert sorted(answers) == [303, 409] and card_state(context, held) is CardState.REPLACEMENT_APPLIED
    late, first = (clerks[answers.index(status)] for status in (409, 303))
    assert late.page.has("没有办理：申请补领新卡", "状态刚刚变了：补领中", first.employee.login)
    assert [outcome for _, outcome in outcomes(context, held) if "applied" in outcome].count(
        "replacement_applied_for"
    ) == 1


def test_r37_a_form_about_the_old_card_does_nothing_to_the_new_one(at_window, holder, context, caller):
    """One clerk has the form open while another replaces the card: the report must not fall on the new card."""
    held, slow, quick = holder(), at_window(), at_window()
    slow.finds(held)
    slow.looks_at("/loss/report")
    quick.finds(held)
    quick.takes_step("report", **WRITTEN)
    quick.takes_step("apply")
    quick.takes_step("issue", card_number=NEW_CARD)
    quick.takes_step("hand-over", card_number=NEW_CARD, **ID_CARD)
    answer = slow.sends_step("report", **WRITTEN)
    assert answer.status == 409 and answer.has("没有办理：书面挂失", "已领取新卡", quick.employee.login)
    assert caller.identify(held.id_number, "123456").card_state is CardState.ACTIVE


def test_a_form_that_is_sent_twice_is_carried_out_once_and_answered_alike(at_window, holder, context):
    clerk, held = at_window(), holder()
    clerk.finds(held)
    clerk.looks_at("/loss/report")
    fields = {"form_token": clerk.page.field("form_token"), "card": clerk.page.field("card")} | WRITTEN
    first = clerk.sends(f"{clerk.here}/loss/report", token=False, **fields)
    second = clerk.sends(f"{clerk.here}/loss/report", token=False, **fields)
    assert (
        (first.status, first.path) == (second.status, second.path) == (200, f"{clerk.here}/loss?done=report&was=active")
    )
    assert [outcome for operation, outcome in outcomes(context, held) if operation == "report a loss"] == ["done"]


def test_a_form_of_another_case_is_stale(at_window, holder, context):
    clerk, held, other = at_window(), holder(), holder()
    clerk.finds(held)
    clerk.looks_at("/loss/report")
    token = clerk.page.field("form_token")
    clerk.finds(other)
    answer = clerk.sends(f"{clerk.here}/loss/report", form_token=token, card=str(other.card_id), **WRITTEN)
    assert answer.status == 400 and answer.has("页面已经过期")
    assert card_state(context, other) is CardState.ACTIVE


def test_what_an_address_claims_was_done_is_not_believed(at_window, holder):
    clerk = at_window()
    clerk.finds(holder())
    for claim in ("done=hand-over&was=active", "done=release&was=nonsense", "done=x", "was=active"):
        assert not clerk.looks_at(f"/loss?{claim}").has("已经办理")


def test_r31_by_when_a_report_must_be_written_up_is_said_where_there_is_a_term(site_with, holder, hired, with_settings):
    held = holder()
    context = with_settings(loss_report_term_days=5)
    port = site_with(loss_report_term_days=5)().port
    clerk = Clerk(port, context, hired())
    clerk.signs_in()
    caller = Service(context, Actor.phone("1", "c"))
    caller.report_loss(caller.identify(held.id_number, held.pin))
    clerk.finds(held)
    assert clerk.looks_at("/loss").has("2026年3月7日", "以前补办书面挂失")
