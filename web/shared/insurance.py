"""One insurance, on every page that shows it (R11, R14, R19)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from aiohttp import web

from core.enquiries.insurance import InsurancePage, InsuranceRecord, Month, MonthStatus
from core.identity.identification import Cardholder
from core.values import Insurance
from web import words
from web.forms import Form
from web.page import Page
from web.paging import number_in

PATHS = {insurance.value.replace("_", "-"): insurance for insurance in Insurance}


async def show(page: Page) -> web.StreamResponse:
    """R11, R14: one insurance, a year of it month by month, the totals of every year, and what it pays."""
    return page.show("account/insurance.html", **await insurance_of(page, page.person))


async def insurance_of(page: Page, person: Cardholder) -> dict[str, Any]:
    """What account/one_insurance.html shows of the insurance that the address names."""
    wanted = PATHS.get(page.request.match_info["insurance"])
    if wanted is None:
        raise web.HTTPNotFound
    found = await page.run(page.service.insurance_page, person, wanted)
    return {"paths": PATHS} | year_of(found, wanted, page.query.get("year", ""))


def year_of(found: InsurancePage, insurance: Insurance, wanted: str) -> dict[str, Any]:
    """What a page says of one insurance in the year that was chosen."""
    year = _year(found.record, wanted) if found.record else 0
    months = found.record.months_of(year) if found.record else ()
    return {
        "insurance": insurance,
        "found": found,
        "record": found.record,
        "year": year,
        "form": Form({"year": str(year)}),
        "months": months,
        "units": list(dict.fromkeys(unit for month in months for unit in month.units)),
        "bars": [(int(month.month[5:]), month.personal + month.employer, _kind(month)) for month in months],
        "picture": _picture(year, months),
    }


def _year(record: InsuranceRecord, wanted: str) -> int:
    """The year that was chosen; the newest on record if there is no such one."""
    years = [year.year for year in record.years]
    return number_in(wanted) if number_in(wanted) in years else years[0]


def _kind(month: Month) -> str:
    return "paid" if month.counts else "gap"


def _picture(year: int, months: tuple[Month, ...]) -> str:
    """What the picture shows, for those who hear it."""
    paid = sum(month.counts for month in months)
    total = sum((month.personal + month.employer for month in months), Decimal(0))
    missing = "、".join(words.month(month.month) for month in months if month.status is not MonthStatus.PAID)
    told = f"{year}年缴费 {paid} 个月，合计 {words.yuan(total)} 元。"
    return told + (f"没有缴费的月份：{missing}。" if missing else "没有缺缴的月份。")
