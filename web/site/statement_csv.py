"""The record of contributions for a spreadsheet (R11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from core.enquiries.statement import Statement
from core.workload import Workload, takes
from web import words
from web.spreadsheet import write_rows

HEADINGS = ("险种", "月份", "状态", "缴费基数（元）", "个人缴费（元）", "单位缴费（元）", "缴费单位")


@takes(Workload.DOCUMENT)
def write_csv(statement: Statement, moment: Callable[[datetime], str]) -> bytes:
    """Every month of it, under who it is about and which record it is."""
    return write_rows(_rows(statement, moment))


def _rows(statement: Statement, moment: Callable[[datetime], str]) -> Iterator[Sequence[object]]:
    data = statement.data
    # In groups, so that a spreadsheet does not take it for a quantity.
    yield "参保缴费记录编号", words.grouped(statement.reference)
    yield "出具时间", moment(statement.made_at)
    yield "姓名", data.masked_name, "身份证号码", data.masked_id_number
    yield ()
    yield HEADINGS if statement.records else ["没有参保缴费记录。"]
    for record in statement.records:
        for month in record.months:
            yield (
                words.INSURANCES[record.insurance],
                month.month,
                words.MONTH_STATUSES[month.status],
                "" if month.base is None else month.base,
                month.personal,
                month.employer,
                "、".join(month.units),
            )
