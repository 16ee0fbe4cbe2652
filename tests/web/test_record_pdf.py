"""R11: the record as a PDF holds every month, readable on every page of it."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import product

import pytest
from sqlalchemy import insert

from core.context import CoreContext
from core.enquiries.insurance import months_between
from core.records.schema import Contribution, Unit
from core.values import Insurance
from tests.support.web import pdf
from tests.support.web.visitor import Visitor
from web import words
from web.site.statement_pdf import COLUMNS

SHORT, LONG = "重庆测试有限公司", "重庆市渝中区测试街道测试社区卫生服务中心（原测试镇卫生院）有限责任公司"
MONTHS = list(months_between("2010-01", "2021-06"))
GAP, UNPAID = "2012-03", "2015-07"


@pytest.fixture
def pages(context: CoreContext, visitor: Visitor, holder) -> list[str]:
    """The words of each page of somebody's record, who worked for two units, missed a month and did not pay another."""
    held = holder()
    amounts = {"base": Decimal(5000), "personal_amount": Decimal("400.50"), "employer_amount": Decimal(800)}
    rows = [
        {
            "person_id": held.person_id,
            "insurance": insurance.value,
            "month": month,
            "unit_number": "1" if month < "2016" else "2",
            "paid": month != UNPAID,
            **amounts,
        }
        for insurance, month in product((Insurance.PENSION, Insurance.MATERNITY), MONTHS)
        if month != GAP
    ]
    with context.transaction() as session:
        session.execute(insert(Unit), [{"unit_number": "1", "name": SHORT}, {"unit_number": "2", "name": LONG}])
        session.execute(insert(Contribution), rows)
    visitor.signs_in(held)
    return pdf.pages(visitor.opens("/account/record.pdf").body)


def test_r11_every_month_stands_in_the_pdf_with_all_that_belongs_to_it(pages: list[str]):
    text = "\n".join(pages)
    for month in MONTHS:
        if month == GAP:
            row = ["中断（没有记录）", "0.00", "0.00"]
        else:
            row = (
                ["未缴费", "5,000.00", "0.00", "0.00"]
                if month == UNPAID
                else ["已缴费", "5,000.00", "400.50", "800.00"]
            )
            row.append(SHORT if month < "2016" else LONG)
        cells = re.findall(rf"^{words.month(month)}\n((?:.*\n){{7}})", text, re.MULTILINE)
        assert len(cells) == 2, f"{month}, once for each insurance"
        for found in cells:
            assert found.replace("\n", "").startswith("".join(row))


def test_r11_every_page_of_the_pdf_has_the_headings_and_the_reference(pages: list[str]):
    assert len(pages) > 5
    (reference,) = re.findall("记录编号：([0-9 ]+?)  ", pages[0])
    for number, page in enumerate(pages, 1):
        assert "\n".join(COLUMNS) in page
        assert f"记录编号 {reference}    第 {number} 页，共 {len(pages)} 页" in page
