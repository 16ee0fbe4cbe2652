"""The record of contributions to take away: on a page, as a spreadsheet, as a PDF (R11)."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from urllib.parse import unquote

import pytest
from sqlalchemy import update

from core.records.schema import Person, Unit
from tests.support.core.audit import outcomes
from tests.support.core.people import Held, put
from tests.support.web import pdf
from tests.support.web.reading import facts, heading, table, ways
from tests.support.web.visitor import Answer, Visitor
from tests.support.web.working_life import contributions

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1+1", "＠SUM(A1)")


@pytest.fixture
def working_life(context, held: Held) -> None:
    put(context, Unit(unit_number="6001", name="重庆测试有限公司"))
    put(
        context,
        *contributions(held, "pension", "2025-12", "2026-02", unit="6001", personal="1400.00"),
        *contributions(held, "medical", "2026-02", unit="6001", personal="100.50", employer="300.00"),
        *contributions(held, "medical", "2026-03", unit="6001", paid=False),
    )


def sheet(page: Answer) -> list[list[str]]:
    """What a spreadsheet shows."""
    assert page.status == 200 and page.headers["Content-Type"].startswith("text/csv")
    assert page.body.startswith(b"\xef\xbb\xbf"), "or Excel takes it for another encoding"
    return list(csv.reader(page.body.decode("utf-8-sig").splitlines(keepends=True), strict=True))


def reference_in_history(visitor: Visitor) -> str:
    """The number of the record that was taken last."""
    newest = next(
        row["结果"] for row in table(visitor.opens("/account/history"), "查询和办理的历史") if "记录编号" in row["结果"]
    )
    return re.fullmatch("成功，参保缴费记录编号 ([0-9]{4} [0-9]{4} [0-9]{2})", newest)[1]


def test_the_page_says_whose_record_it_is_masked_and_when_it_was_made(signed_in: Visitor, held, working_life):
    page = signed_in.opens("/account/record")
    told = facts(page)
    assert re.fullmatch("[0-9]{4} [0-9]{4} [0-9]{2}", told.pop("记录编号"))
    assert told == {
        "出具时间": "2026年3月2日 17:00",
        "姓名": "测*",
        "身份证号码": f"{held.id_number[:3]}***********{held.id_number[-4:]}",
        "个人社保号": f"****{held.personal_number[-4:]}",
        "所属区县": "渝中区",
    }


def test_the_page_has_the_totals_of_every_insurance_on_record(signed_in: Visitor, working_life):
    page = signed_in.opens("/account/record")
    assert page.has("2025年12月起，累计缴费 2 个月，正在缴费", "2026年2月起，累计缴费 1 个月，正在缴费")
    assert [list(row.values()) for row in table(page, "养老保险历年缴费合计")] == [
        ["2026年", "1", "1,400.00", "800.00", "2,200.00"],
        ["2025年", "1", "1,400.00", "800.00", "2,200.00"],
    ]
    assert [list(row.values()) for row in table(page, "医疗保险历年缴费合计")] == [
        ["2026年", "1", "100.50", "300.00", "400.50"]
    ]
    assert not page.has("失业保险历年"), "an insurance that is not on record is none"
    assert {"/account/record.pdf", "/account/record.csv"} <= set(ways(page).values())


def test_each_record_has_a_reference_of_its_own_that_is_found_again(signed_in: Visitor, held, context, working_life):
    on_page = facts(signed_in.opens("/account/record"))["记录编号"]
    assert reference_in_history(signed_in) == on_page
    in_sheet = sheet(signed_in.opens("/account/record.csv"))[0][1]
    assert reference_in_history(signed_in) == in_sheet
    in_pdf = re.search("记录编号：([0-9 ]+?)  ", pdf.pages(signed_in.opens("/account/record.pdf").body)[0])[1]
    assert reference_in_history(signed_in) == in_pdf
    references = {on_page, in_sheet, in_pdf}
    assert len(references) == 3
    kept = {outcome for _, outcome in outcomes(context, held) if outcome.startswith("done reference")}
    assert kept == {f"done reference={reference.replace(' ', '')}" for reference in references}


def test_the_spreadsheet_holds_every_month(signed_in: Visitor, held, working_life):
    rows = sheet(signed_in.opens("/account/record.csv"))
    assert rows[1:4] == [
        ["出具时间", "2026年3月2日 17:00"],
        ["姓名", "测*", "身份证号码", f"{held.id_number[:3]}***********{held.id_number[-4:]}"],
        [],
    ]
    assert rows[4] == ["险种", "月份", "状态", "缴费基数（元）", "个人缴费（元）", "单位缴费（元）", "缴费单位"]
    assert rows[5:] == [
        ["养老保险", "2025-12", "已缴费", "5000.00", "1400.00", "800.00", "重庆测试有限公司"],
        ["养老保险", "2026-01", "中断（没有记录）", "", "0", "0", ""],
        ["养老保险", "2026-02", "已缴费", "5000.00", "1400.00", "800.00", "重庆测试有限公司"],
        ["医疗保险", "2026-02", "已缴费", "5000.00", "100.50", "300.00", "重庆测试有限公司"],
        ["医疗保险", "2026-03", "未缴费", "5000.00", "0", "0", "重庆测试有限公司"],
    ]
    assert sum(Decimal(row[4]) for row in rows[5:]) == Decimal("2900.50")


def test_nothing_in_the_spreadsheet_is_a_formula(signed_in: Visitor, held, context):
    for number, name in enumerate(FORMULAS):
        put(context, Unit(unit_number=f"600{number}", name=name))
        put(context, *contributions(held, "pension", f"2025-0{number + 1}", unit=f"600{number}"))
    with context.transaction() as session:
        session.execute(update(Person).where(Person.id == held.person_id).values(name="=1+1"))
    rows = sheet(signed_in.opens("/account/record.csv"))
    assert rows[2][1] == "'=***"
    assert [row[-1] for row in rows[5:]] == [f"'{name}" for name in FORMULAS]
    for cell in (cell for row in rows for cell in row if cell):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))


def test_a_name_with_commas_and_quotes_stays_in_its_cell(signed_in: Visitor, held, context):
    name = '重庆"测试",\n有限公司'
    put(context, Unit(unit_number="6001", name=name), *contributions(held, "pension", "2026-02", unit="6001"))
    assert sheet(signed_in.opens("/account/record.csv"))[5][-1] == name


def test_the_pdf_says_the_same_as_the_page(signed_in: Visitor, held, working_life):
    page = signed_in.opens("/account/record.pdf")
    assert page.status == 200 and page.headers["Content-Type"] == "application/pdf"
    (text,) = pdf.pages(page.body)
    for words in (
        "参保缴费记录",
        "出具时间：2026年3月2日 17:00",
        f"姓名：测*        身份证号码：{held.id_number[:3]}***********{held.id_number[-4:]}",
        f"个人社保号：****{held.personal_number[-4:]}        所属区县：渝中区",
        "2025年12月起，累计缴费 2 个月",
        "1,400.00",
        "中断（没有记录）",
        "未缴费",
        "重庆测试有限公司",
    ):
        assert words in text
    assert not any(number in text for number in (held.id_number, held.card_number, held.personal_number))


@pytest.mark.parametrize("ending", ["csv", "pdf"])
def test_a_file_is_named_after_its_reference_and_nobody_keeps_a_copy_on_the_way(signed_in: Visitor, held, ending):
    page = signed_in.opens(f"/account/record.{ending}")
    plain, chinese = re.fullmatch(
        "attachment; filename=\"(.*?)\"; filename\\*=UTF-8''(.*)", page.headers["Content-Disposition"]
    ).groups()
    reference = reference_in_history(signed_in).replace(" ", "")
    assert plain == f"record-{reference}.{ending}"
    assert unquote(chinese) == f"参保缴费记录-{reference}.{ending}"
    assert page.headers["Cache-Control"] == "no-store"


def test_r19_whoever_has_nothing_on_record_is_told_so(signed_in: Visitor):
    page = signed_in.opens("/account/record")
    assert heading(page) == "参保缴费记录" and page.has("您没有参保缴费记录。") and "<table" not in page.html
    assert sheet(signed_in.opens("/account/record.csv"))[4:] == [["没有参保缴费记录。"]]
    assert "没有参保缴费记录。" in pdf.pages(signed_in.opens("/account/record.pdf").body)[0]


def test_without_javascript_nothing_is_offered_that_needs_it(signed_in: Visitor):
    (button,) = re.findall("<button[^>]* data-print[^>]*>", signed_in.opens("/account/record").html)
    assert " hidden" in button


def test_a_record_is_nobody_elses(visitor: Visitor, visitors, holder, context, held, working_life):
    visitor.signs_in(holder())
    for path in ("/account/record", "/account/record.csv"):
        assert "重庆测试有限公司" not in visitor.opens(path).html
        stranger = visitors()
        assert heading(stranger.opens(path)) == "登录"
