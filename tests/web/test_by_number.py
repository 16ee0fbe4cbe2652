"""Enquiries by personal and unit number, for anybody who knows the number (R15–R17, R19)."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from sqlalchemy import select

from core.records.schema import AuditEvent, Benefit, Unit, UnitMedical
from tests.support.core.people import put
from tests.support.web.reading import complaints, facts, heading, ways
from tests.support.web.visitor import Answer, Visitor

INJURY, DEATH, UNIT = "/numbers/work-injury", "/numbers/work-death", "/numbers/unit"


def benefit(number: str, kind: str, month: str, amount: str, dependants: int = 0) -> Benefit:
    return Benefit(personal_number=number, kind=kind, month=month, amount=Decimal(amount), dependants=dependants)


def unit_month(month: str, people: int, due: str, paid: str, unit: str = "6001") -> UnitMedical:
    return UnitMedical(unit_number=unit, month=month, people=people, due=Decimal(due), paid=Decimal(paid))


def asks(visitor: Visitor, path: str, number: str) -> Answer:
    visitor.opens(path)
    return visitor.sends(path, number=number)


def test_r15_a_work_injury_benefit_as_last_paid(visitor: Visitor, context):
    put(context, benefit("31", "work_injury", "2026-01", "1800.00"), benefit("31", "work_injury", "2026-02", "1850.5"))
    page = asks(visitor, INJURY, "31")
    assert page.status == 200 and page.has("工伤人员待遇查询", "查询结果")
    assert facts(page) == {"待遇种类": "工伤待遇", "每月金额": "1,850.50 元", "最近发放月份": "2026年2月"}
    assert page.field("number") == "31"


def test_r16_what_a_deceased_workers_dependants_were_last_paid(visitor: Visitor, context):
    put(context, benefit("32", "work_death", "2026-02", "2400.00", dependants=2))
    assert facts(asks(visitor, DEATH, "32")) == {
        "待遇种类": "工亡供养亲属待遇",
        "领取待遇的供养亲属": "2 人",
        "每月金额": "2,400.00 元",
        "最近发放月份": "2026年2月",
    }


def test_r15_r16_no_name_and_no_id_number_is_told(visitor: Visitor, context, holder):
    held = holder()
    for path, kind in ((INJURY, "work_injury"), (DEATH, "work_death")):
        put(context, benefit(held.personal_number, kind, "2026-02", "1850.50", dependants=1))
        page = asks(visitor, path, held.personal_number)
        assert page.has("1,850.50 元") and not page.has("测试")
        assert held.id_number not in page.html and held.id_number[-4:] not in page.text


@pytest.mark.parametrize(("paid", "told"), [("5000.00", "没有欠费"), ("4999.99", "有欠费")])
def test_r17_a_units_latest_month_and_whether_it_is_in_arrears(visitor: Visitor, context, paid, told):
    put(context, Unit(unit_number="6001", name="重庆测试有限公司"))
    put(context, unit_month("2026-01", 9, "4500.00", "4500.00"), unit_month("2026-02", 10, "5000.00", paid))
    assert facts(asks(visitor, UNIT, "6001")) == {
        "最近月份": "2026年2月",
        "参保人数": "10 人",
        "应缴金额": "5,000.00 元",
        "已缴金额": f"{Decimal(paid):,} 元",
        "是否欠费": told,
    }


def test_r17_an_earlier_month_that_is_owed_is_arrears_too_and_is_told_so(visitor: Visitor, context):
    put(context, Unit(unit_number="6001", name="重庆测试有限公司"))
    put(context, unit_month("2026-01", 9, "4500.00", "0.00"), unit_month("2026-02", 10, "5000.00", "5000.00"))
    page = asks(visitor, UNIT, "6001")
    assert facts(page)["是否欠费"] == "有欠费（以前的月份没有缴清）", "or the figures above contradict it"


NOTHING = (
    (INJURY, "没有查到这个号码的工伤待遇记录。"),
    (DEATH, "没有查到这个号码的工亡待遇记录。"),
    (UNIT, "没有查到这个单位的医疗保险缴费记录。"),
)


def test_r19_nothing_on_record_is_told_exactly_so(visitor: Visitor, context):
    put(context, benefit("33", "retirement", "2026-02", "3000.00"), Unit(unit_number="33", name="重庆测试有限公司"))
    for (path, told), number in product(NOTHING, ("33", "404")):
        page = asks(visitor, path, number)
        assert page.status == 200 and page.has(told, "请核对号码", "拨打 12333 按 0 转人工")
        assert facts(page) == {}


def test_numbers_are_understood_however_they_are_typed(visitor: Visitor, context):
    put(context, benefit("10000015", "work_injury", "2026-02", "1850.50"))
    for typed in (" 10000015 ", "１００００015", "1000 0015", "10000015\u3000"):
        assert facts(asks(visitor, INJURY, typed))["每月金额"] == "1,850.50 元"


def test_a_wrong_form_is_told_at_once(visitor: Visitor):
    for path, label, kind in (
        (INJURY, "个人社保号", "个人社保号"),
        (DEATH, "工亡人员的个人社保号", "个人社保号"),
        (UNIT, "单位社保号", "单位社保号"),
    ):
        for number, told in (
            ("", f"请填写{label}。"),
            ("  ", f"请填写{label}。"),
            ("1" * 21, f"{kind}的位数不对，请核对后重新填写。"),
            ("9" * 10_000, f"{kind}的位数不对，请核对后重新填写。"),
            ("12-34", f"{kind}只有数字，请核对后重新填写。"),
            ("一二三", f"{kind}只有数字，请核对后重新填写。"),
            ("1' OR '1'='1", f"{kind}只有数字，请核对后重新填写。"),
        ):
            page = asks(visitor, path, number)
            assert complaints(page) == {"number": told}
            assert len(page.field("number")) <= 40 and not page.has("查询结果")


def test_each_enquiry_leads_to_the_others(visitor: Visitor):
    for path in (INJURY, DEATH, UNIT):
        page = visitor.opens(path)
        assert {INJURY, DEATH, UNIT} <= set(ways(page).values())
        assert f'<a href="{path}" aria-current="page">' in page.html
        assert heading(page).endswith("查询") and facts(page) == {}


def test_a_number_stands_in_no_address(visitor: Visitor):
    for path in (INJURY, DEATH, UNIT):
        form = visitor.opens(path).html.partition("<main")[2]
        assert f'<form method="post" action="{path}"' in form
        assert not visitor.opens(f"{path}?number=31").has("查询结果")


def test_r8_the_record_names_whom_a_personal_number_belongs_to(visitor: Visitor, context, holder):
    held = holder()
    asks(visitor, INJURY, held.personal_number)
    asks(visitor, UNIT, "6001")
    with context.transaction() as session:
        rows = session.scalars(select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [(row.operation, row.person_id, row.channel, row.outcome) for row in rows] == [
        ("benefits and contributions by number", held.person_id, "web", "done"),
        ("benefits and contributions by number", None, "web", "done"),
    ]
