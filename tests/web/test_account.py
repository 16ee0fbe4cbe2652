"""One's own account: who one is, and every insurance month by month (R11, R14, R19)."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.records.schema import Benefit, MedicalAccount, Person, Unit
from tests.support.core.people import Held, put
from tests.support.web.reading import facts, heading, options, table, ways, words
from tests.support.web.visitor import Answer, Visitor
from tests.support.web.working_life import contributions

INSURANCES = {
    "pension": "养老保险",
    "medical": "医疗保险",
    "unemployment": "失业保险",
    "work-injury": "工伤保险",
    "maternity": "生育保险",
}
BENEFITS = {
    "pension": ("退休待遇", "retirement"),
    "unemployment": ("失业待遇", "unemployment"),
    "work-injury": ("工伤待遇", "work_injury"),
    "maternity": ("生育待遇", "maternity"),
}


@pytest.fixture
def working_life(context, held: Held) -> None:
    """Two years of pension contributions, with everything that can happen to a month."""
    put(context, Unit(unit_number="6001", name="重庆测试有限公司"), Unit(unit_number="6002", name="重庆另一家公司"))
    put(
        context,
        *contributions(held, "pension", "2024-11", "2024-12", "2025-01", "2025-02", unit="6001"),
        # March and April are missing
        *contributions(held, "pension", "2025-05", unit="6001", paid=False),
        *contributions(held, "pension", "2025-06", "2025-07", "2025-08", unit="6001"),
        *contributions(held, "pension", "2025-06", unit="6002", personal="100.00", employer="200.05"),
        *contributions(held, "pension", "2025-07", unit="6002", personal="100.00", employer="200.05", paid=False),
    )


def month_number(cell: str) -> int:
    """Which month a row is about, whether it says the year or not."""
    return int(re.search("([0-9]+)月", cell)[1])


def yuan(cell: str) -> Decimal:
    return Decimal(cell.replace(",", ""))


def picture(page: Answer) -> dict[str, object]:
    """What somebody sees and what somebody hears of the picture: its title, its description, its bars, its scale."""
    (drawing,) = re.findall('<svg viewBox="0 0 720.*?</svg>', page.html, re.DOTALL)
    names = re.search('role="img" aria-labelledby="(.*?)"', drawing)[1].split()
    title, told = (words(re.search(f'<(?:title|desc) id="{name}">(.*?)<', drawing)[1]) for name in names)
    bars = re.findall(
        '<rect class="(gap|bar)"[^>]* height="([0-9.]+)"/>(.*?)<text class="label"[^>]*>(.*?)</text>',
        drawing,
        re.DOTALL,
    )
    return {
        "title": title,
        "told": told,
        "bars": [(month_number(words(label)), kind, float(height), words(mark)) for kind, height, mark, label in bars],
        "most": words(re.search('<text class="most"[^>]*>(.*?)</text>', drawing)[1]),
    }


def test_r11_the_first_page_says_who_one_is_masked(signed_in: Visitor, held, context):
    put(context, Unit(unit_number="6001", name="重庆测试有限公司"))
    with context.transaction() as session:
        known = {"name": "欧阳测试", "phone": "13800001234", "unit_number": "6001"}
        session.execute(update(Person).where(Person.id == held.person_id).values(**known))
    page = signed_in.opens("/account")
    assert facts(page) == {
        "姓名": "欧***",
        "身份证号码": f"{held.id_number[:3]}***********{held.id_number[-4:]}",
        "社保卡号": f"*****{held.card_number[-4:]}",
        "社保卡状态": "正常",
        "发卡日期": "2020年1月1日",
        "个人社保号": f"****{held.personal_number[-4:]}",
        "所属区县": "渝中区",
        "就业状态": "在职",
        "工作单位": "重庆测试有限公司",
        "联系电话": "138****1234",
    }


def test_r6_no_page_of_ones_own_holds_a_whole_number(signed_in: Visitor, held, context, working_life):
    with context.transaction() as session:
        session.execute(update(Person).where(Person.id == held.person_id).values(phone="13800001234"))
    for path in ("", "/pension", "/medical", "/record", "/record.csv", "/history", "/pin", "/loss", "/loss/confirm"):
        page = signed_in.opens(f"/account{path}")
        assert page.status == 200 and page.path == f"/account{path}"
        for number in (held.id_number, held.card_number, held.suffix, held.personal_number, "13800001234"):
            assert number not in page.html, path


def test_r11_the_first_page_says_how_each_insurance_stands(signed_in: Visitor, held, context):
    put(
        context,
        *contributions(held, "pension", "2026-02"),
        *contributions(held, "medical", "2026-03"),
        *contributions(held, "unemployment", "2025-12", "2026-01"),
        *contributions(held, "work_injury", "2026-02", paid=False),
    )
    found = ways(signed_in.opens("/account"))
    told = {address: text for text, address in found.items() if text.startswith(tuple(INSURANCES.values()))}
    assert told == {
        "/account/pension": "养老保险 正在缴费，最近缴到 2026年2月",
        "/account/medical": "医疗保险 正在缴费，最近缴到 2026年3月",
        "/account/unemployment": "失业保险 已停止缴费，最近缴到 2026年1月",
        "/account/work-injury": "工伤保险 有记录，没有已缴费的月份",
        "/account/maternity": "生育保险 没有参保缴费记录",
    }


def test_from_the_first_page_everything_of_ones_own_is_one_step_away(signed_in: Visitor):
    there = set(ways(signed_in.opens("/account")).values())
    assert {f"/account/{name}" for name in (*INSURANCES, "pin", "loss", "record", "history")} <= there


def test_r19_whoever_has_no_record_is_told_exactly_that(signed_in: Visitor):
    for name, insurance in INSURANCES.items():
        page = signed_in.opens(f"/account/{name}")
        assert page.status == 200 and heading(page) == insurance
        assert page.has(f"您没有{insurance}缴费记录", "拨打 12333 或到社保经办机构窗口咨询")
        told = f"您没有{BENEFITS[name][0]}记录。" if name in BENEFITS else "您没有医疗保险个人账户记录"
        assert page.has(told)
        assert "<table" not in page.html and "<figure" not in page.html and facts(page) == {}
        assert not page.has("0.00")


def test_r11_each_insurance_shows_its_own_record_and_no_other(signed_in: Visitor, held, context, holder):
    other = holder()
    amounts = {name: f"{number}00.00" for number, name in enumerate(INSURANCES, 1)}
    for name, amount in amounts.items():
        insurance = name.replace("-", "_")
        put(context, *contributions(held, insurance, "2026-02", personal=amount, employer="0.00"))
        put(context, *contributions(other, insurance, "2026-01", "2026-02", personal="999.00"))
    put(context, MedicalAccount(person_id=held.person_id, balance=Decimal("1234.56")))
    put(context, MedicalAccount(person_id=other.person_id, balance=Decimal("9.99")))
    for name, insurance in INSURANCES.items():
        page = signed_in.opens(f"/account/{name}")
        assert heading(page) == insurance and f'<a href="/account/{name}" aria-current="page">' in page.html
        (month,) = table(page, "2026年每月缴费")
        assert (month["个人缴费"], month["状态"]) == (amounts[name], "已缴费")
        assert not page.has("999.00") and not page.has("9.99")
        assert facts(page).get("个人账户余额") == ("1,234.56 元" if name == "medical" else None)


def test_r11_benefits_as_last_paid(signed_in: Visitor, held, context, holder):
    months = [f"2025-{month:02d}" for month in range(1, 13)] + ["2026-01", "2026-02"]
    for name, (told, kind) in BENEFITS.items():
        for number in (held.personal_number, holder().personal_number):
            amount = Decimal("3100.05") if number == held.personal_number else Decimal("7.77")
            paid = {"personal_number": number, "kind": kind, "amount": amount, "dependants": 0}
            put(context, *(Benefit(month=month, **paid) for month in months))
        page = signed_in.opens(f"/account/{name}")
        rows = table(page, f"最近发放的{told}")
        assert [row["月份"] for row in rows][:2] == ["2026年2月", "2026年1月"] and len(rows) == 12
        assert {row["金额"] for row in rows} == {"3,100.05"}


def test_r14_the_figures_that_follow_from_the_record(signed_in: Visitor, working_life):
    assert facts(signed_in.opens("/account/pension")) == {
        "参保状态": "已停止缴费",
        "首次记录": "2024年11月",
        "最近缴费": "2025年8月",
        "累计缴费": "7 个月",
        "连续缴费": "3 个月",
    }


def test_r11_a_year_month_by_month_with_its_gaps_and_what_is_not_paid(signed_in: Visitor, working_life):
    rows = table(signed_in.opens("/account/pension"), "2025年每月缴费")
    told = [
        (month_number(row["月份"]), row["状态"], row["缴费基数"], row["个人缴费"], row["单位缴费"], row["缴费单位"])
        for row in rows
    ]
    paid, one = ("已缴费", "5,000.00", "400.00", "800.00"), "重庆测试有限公司"
    assert told == [
        (1, *paid, one),
        (2, *paid, one),
        (3, "中断（没有记录）", "—", "0.00", "0.00", "—"),
        (4, "中断（没有记录）", "—", "0.00", "0.00", "—"),
        (5, "未缴费", "5,000.00", "0.00", "0.00", one),
        (6, "已缴费", "5,000.00", "500.00", "1,000.05", "重庆测试有限公司、重庆另一家公司"),
        (7, *paid, one),
        (8, *paid, one),
    ]


def test_r14_totals_by_year_and_a_month_with_two_rows_counts_once(signed_in: Visitor, working_life):
    assert [list(row.values()) for row in table(signed_in.opens("/account/pension"), "历年缴费合计")] == [
        ["2025年", "5", "2,100.00", "4,200.05", "6,300.05"],
        ["2024年", "2", "800.00", "1,600.00", "2,400.00"],
    ]


def test_r11_the_year_is_chosen(signed_in: Visitor, working_life):
    page = signed_in.opens("/account/pension")
    assert options(page, "year") == {"2025": "2025年", "2024": "2024年"}
    assert '<option value="2025" selected>' in page.html, "the newest first"
    page = signed_in.opens("/account/pension?year=2024")
    assert [month_number(row["月份"]) for row in table(page, "2024年每月缴费")] == [11, 12]
    assert '<option value="2024" selected>' in page.html and page.has("2024年缴费情况")
    assert len(table(page, "历年缴费合计")) == 2


def test_a_year_that_there_is_not_is_the_newest(signed_in: Visitor, working_life):
    for year in ("2023", "2026", "0", "-1", "", "abc", "%F0%9F%92%8A", "20250", "9" * 5000):
        page = signed_in.opens(f"/account/pension?year={year}")
        assert page.status == 200 and page.has("2025年缴费情况"), year


def test_an_insurance_that_there_is_not_is_no_page(signed_in: Visitor):
    for name in ("work_injury", "Pension", "life", "%3Cb%3E"):
        page = signed_in.opens(f"/account/{name}")
        assert page.status == 404 and page.has("没有这个页面", "我的账户"), "one is still signed in"


@pytest.mark.parametrize("year", [2024, 2025])
def test_r11_the_picture_says_the_same_as_the_table(signed_in: Visitor, working_life, year):
    page = signed_in.opens(f"/account/pension?year={year}")
    rows, shown = table(page, f"{year}年每月缴费"), picture(page)
    assert shown["title"] == f"{year}年养老保险每月缴费合计"
    sums = {month_number(row["月份"]): yuan(row["个人缴费"]) + yuan(row["单位缴费"]) for row in rows}
    most = max(sums.values())
    assert shown["most"] == f"最高 {most:,.2f} 元"
    assert [month for month, *_ in shown["bars"]] == list(sums)
    tallest = max(height for _, kind, height, _ in shown["bars"] if kind == "bar")
    for row, (month, kind, height, mark) in zip(rows, shown["bars"], strict=True):
        assert (kind, mark) == (("bar", "") if row["状态"] == "已缴费" else ("gap", "缺"))
        if kind == "bar":
            assert height == pytest.approx(tallest * float(sums[month] / most), abs=0.11)

    paid = [row for row in rows if row["状态"] == "已缴费"]
    assert f"{year}年缴费 {len(paid)} 个月，合计 {sum(sums.values()):,.2f} 元。" in shown["told"]
    missing = [f"{year}年{month_number(row['月份'])}月" for row in rows if row["状态"] != "已缴费"]
    rest = f"没有缴费的月份：{'、'.join(missing)}。" if missing else "没有缺缴的月份。"
    assert shown["told"].endswith(rest)


def test_a_year_of_which_nothing_is_paid_is_drawn_as_that(signed_in: Visitor, held, context):
    put(context, *contributions(held, "pension", "2025-01", "2025-02", paid=False))
    page = signed_in.opens("/account/pension")
    shown = picture(page)
    assert [(kind, mark) for _, kind, _, mark in shown["bars"]] == [("gap", "缺"), ("gap", "缺")]
    assert shown["most"] == "最高 0.00 元" and "缴费 0 个月，合计 0.00 元" in shown["told"]
    assert facts(page)["最近缴费"] == "没有已缴费的月份" and facts(page)["连续缴费"] == "0 个月"


def test_a_month_that_was_paid_with_nothing_is_a_paid_month(signed_in: Visitor, held, context):
    put(context, *contributions(held, "maternity", "2025-01", personal="0.00", employer="0.00"))
    shown = picture(signed_in.opens("/account/maternity"))
    assert shown["bars"] == [(1, "bar", 0.0, "")] and shown["told"].endswith("没有缺缴的月份。")


def test_great_amounts_are_written_to_the_fen(signed_in: Visitor, held, context):
    put(context, *contributions(held, "pension", "2025-01", personal="90071992547409.93", employer="0.00"))
    page = signed_in.opens("/account/pension")
    assert picture(page)["most"] == "最高 90,071,992,547,409.93 元"
    assert table(page, "2025年每月缴费")[0]["个人缴费"] == "90,071,992,547,409.93"
