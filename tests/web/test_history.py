"""Who asked about somebody or changed something, as the person reads it (R47)."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.audit.record import record
from core.errors import HotlineError, error_kinds
from core.records.schema import AuditEvent
from core.service import Service
from core.values import Operation, Outcome, WeakPinReason
from core.vault import DEFAULT_PIN
from tests.support.core.clock import Clock
from tests.support.core.people import Held
from tests.support.core.staffing import OFFICES
from tests.support.web import full_history
from tests.support.web.reading import find, heading, table, ways
from tests.support.web.visitor import Visitor

WRONG = "581203"
# What happens to staff, kiosks and pads is in the record, and about nobody who could read it.
_NOT_ABOUT_A_PERSON = {
    "staff_refused",
    "weak_password",
    "not_your_role",
    "not_oneself",
    "login_taken",
    "not_found",
    "kiosk_key_refused",
    "pad_not_ready",
}
FROM_A_LIFE = {kind.code for kind in error_kinds()} - _NOT_ABOUT_A_PERSON


def lines(visitor: Visitor) -> list[dict[str, str]]:
    """Everything that somebody reads of their history, page by page."""
    page, found = visitor.opens("/account/history"), []
    while True:
        found += table(page, "查询和办理的历史")
        if "下一页" not in ways(page):
            return found
        page = visitor.opens(ways(page)["下一页"])


def happened(visitor: Visitor) -> list[tuple[str, str, str]]:
    """Where, what, and how it ended, the newest first."""
    return [(row["渠道"], row["操作"], row["结果"]) for row in lines(visitor)]


def test_r47_time_channel_operation_and_outcome_with_failed_attempts(
    visitor: Visitor, held: Held, caller, clock: Clock
):
    with pytest.raises(HotlineError):
        caller.identify(held.id_number, WRONG)
    clock.passes(minutes=1)
    caller.medical_balance(caller.identify(held.id_number, held.pin))
    clock.passes(minutes=1)
    with pytest.raises(HotlineError):
        caller.check_original_pin(held.suffix, WRONG)
    clock.passes(minutes=1)
    visitor.signs_in(held, WRONG)
    visitor.signs_in(held)
    identified = "用身份证号码和密码验证身份"
    assert [tuple(row.values()) for row in lines(visitor)] == [
        ("2026年3月2日 17:03", "网站", "查询本人信息", "成功"),
        ("2026年3月2日 17:03", "网站", identified, "验证通过"),
        ("2026年3月2日 17:03", "网站", identified, "没有成功：号码或密码不正确"),
        ("2026年3月2日 17:02", "12333 电话", "修改密码：验证原密码", "没有成功：号码或密码不正确"),
        ("2026年3月2日 17:01", "12333 电话", "查询本人信息", "成功"),
        ("2026年3月2日 17:01", "12333 电话", identified, "验证通过"),
        ("2026年3月2日 17:00", "12333 电话", identified, "没有成功：号码或密码不正确"),
    ]


def test_r47_what_reads_alike_in_the_same_minute_is_told_once(signed_in: Visitor, held: Held, clock: Clock):
    clock.passes(minutes=1)
    for path in ("pension", "medical", "unemployment"):
        signed_in.opens(f"/account/{path}")
    clock.passes(minutes=1)
    signed_in.opens("/account/pension")
    asked = [row for row in lines(signed_in) if row["操作"] == "查询本人信息"]
    assert [(row["时间"], row["结果"]) for row in asked[:2]] == [
        ("2026年3月2日 17:02", "成功"),
        ("2026年3月2日 17:01", "成功，共 3 次"),
    ]


def test_what_failed_stands_out_in_words_and_not_by_colour_alone(visitor: Visitor, held: Held):
    visitor.signs_in(held, WRONG)
    visitor.signs_in(held)
    marked = [each.text for each in find(visitor.opens("/account/history"), "span.refused")]
    assert marked == ["没有成功：号码或密码不正确"]


def test_r47_offices_are_named(signed_in: Visitor, held: Held, context, at_work):
    for door, name in OFFICES.items():
        case = full_history.cases.open_case(
            context, at_work(door), held.id_number, full_history.Document.PASSPORT, full_history.Reason.ENQUIRY
        )
        assert case.person.person_id == held.person_id
        where, what, how = happened(signed_in)[0]
        assert where == f"窗口（{name}）" and what == "窗口核对证件，查找本人"
        assert how == "来办理查询，核对了护照"
    kiosk = Service(context, Actor.kiosk(7, "渝中区服务大厅"))
    kiosk.identify_card(held.card_number, held.pin)
    assert happened(signed_in)[0][0] == "自助服务终端（渝中区服务大厅）"


def test_r47_for_184_days(visitor: Visitor, held: Held, caller, clock: Clock):
    caller.identify(held.id_number, held.pin)
    clock.passes(days=1)
    caller.medical_balance(caller.identify(held.id_number, held.pin))
    clock.passes(days=183)
    visitor.signs_in(held)
    assert visitor.opens("/account/history").has("最近 184 天里", "没有成功的也在内")
    assert [row["时间"] for row in lines(visitor)][-1] == "2026年3月2日 17:00"
    clock.passes(seconds=1)
    visitor.signs_in(held)
    assert [row["时间"] for row in lines(visitor)][-1] == "2026年3月3日 17:00"


def test_nobody_reads_what_happened_to_somebody_else(signed_in: Visitor, holder, caller):
    other = holder()
    caller.medical_balance(caller.identify(other.id_number, other.pin))
    with pytest.raises(HotlineError):
        caller.identify("500103198502109970", WRONG)
    assert "12333 电话" not in [row["渠道"] for row in lines(signed_in)]


def test_an_enquiry_by_somebody_elses_personal_number_is_told_to_its_owner(signed_in: Visitor, held: Held, visitors):
    visitors().sends("/numbers/work-injury", number=held.personal_number)
    assert happened(signed_in)[0] == ("网站", "按编号查询待遇和缴费", "成功")


def test_a_long_history_comes_a_page_at_a_time(signed_in: Visitor, held: Held, context, caller, clock: Clock):
    with context.transaction() as session:
        for number in range(120):
            clock.passes(seconds=2)
            operation = (Operation.ENQUIRE_SELF, Operation.CHANGE_PIN)[number % 2]  # alike are told together
            record(session, caller.actor, operation, held.person_id, Outcome.DONE, context.now())
    page = signed_in.opens("/account/history")
    assert len(table(page, "查询和办理的历史")) == 50 and page.has("第 1 页，共 3 页")
    assert "上一页" not in ways(page)
    second = signed_in.opens(ways(page)["下一页"])
    assert second.has("第 2 页，共 3 页") and {"上一页", "下一页"} <= set(ways(second))
    assert [row["渠道"] for row in lines(signed_in)].count("12333 电话") == 120
    assert signed_in.opens("/account/history?page=9").status == 404


def test_the_page_says_what_to_do_about_what_one_did_not_do(signed_in: Visitor):
    page = signed_in.opens("/account/history")
    assert heading(page) == "查询和办理的历史"
    assert page.has("不是您本人的操作，请马上修改密码，并拨打 12333")
    assert {"修改密码": "/account/pin", "12333": "tel:12333"}.items() <= ways(page).items()


def test_every_outcome_that_the_core_records_of_a_person_has_words(
    visitor: Visitor, holder, context, with_settings, bureau, at_work, clock: Clock
):
    life = full_history.begins(context, bureau, holder(), at_work)
    full_history.asks_and_changes_the_pin(life)
    full_history.uses_a_kiosk(life)
    full_history.comes_to_a_window(life, holder())
    full_history.loses_the_card_and_finds_it(life)
    full_history.forgets_the_pin(life, [holder() for _ in range(4)])
    full_history.loses_it_for_good(life, with_settings(loss_report_term_days=1), clock)
    full_history.has_the_default_pin(life, with_settings(require_pin_change=True))

    visitor.signs_in(life.held, DEFAULT_PIN)
    rows = lines(visitor)
    for row in rows:
        assert row["操作"] != "其他操作" and row["结果"] != "已记录", row
        assert not re.search("[a-z]", "".join(row.values())), row
    recorded = outcomes_of(context, life.held)
    assert {row["渠道"] for row in rows} == {
        "12333 电话", "网站", "自助服务终端（渝中区服务大厅）", "窗口（渝中区医疗保险分中心）",
        "窗口（渝中区社会保险经办机构）", "系统管理员", "系统自动处理",
    }  # fmt: skip
    assert {code for code, _ in recorded} >= FROM_A_LIFE, "or the life above is not eventful enough"
    assert {reason.value for reason in WeakPinReason} <= {detail.get("reason") for _, detail in recorded}


def outcomes_of(context, held: Held) -> list[tuple[str, dict]]:
    with context.transaction() as session:
        rows = session.scalars(select(AuditEvent).where(AuditEvent.person_id == held.person_id))
        return [(row.code, row.detail) for row in rows]
