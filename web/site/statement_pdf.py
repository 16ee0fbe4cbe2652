"""The record of contributions as a PDF, to keep or to hand in (R11)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.enquiries.insurance import InsuranceRecord
from core.enquiries.statement import Statement
from core.workload import Workload, takes
from web import words
from web.pdf import Pdf

COLUMNS = ("月份", "状态", "缴费基数", "个人缴费", "单位缴费", "缴费单位")
WIDTHS = (24, 30, 24, 24, 24, 54)  # millimetres
ALIGNED = ("L", "L", "R", "R", "R", "L")
LINE_HEIGHT = 5.5


class _Record(Pdf):
    """The paper with its table of months."""

    def write_headings(self) -> None:
        with self.local_context(fill_color=(238, 244, 250)):
            self.rect(self.l_margin, self.get_y(), sum(WIDTHS), LINE_HEIGHT, style="F")
        # fpdf forgets to set a page's own font when the first words after a change are in the other one.
        self.cell(0, 0, " ", new_x="LMARGIN")
        self.write_row(COLUMNS)

    def _lines_of(self, cell: str) -> int:
        lines = self.multi_cell(WIDTHS[-1], LINE_HEIGHT, cell, dry_run=True, output="LINES")
        assert isinstance(lines, list)  # what fpdf gives depends on what `output` asks for
        return len(lines)

    def write_row(self, cells: tuple[str, ...]) -> None:
        """A row of the table, below the headings again on a new page. fpdf's own table() measures every cell several
        times and takes four times as long; here only the last one can need more than one line."""
        *others, last = cells
        fits = self.get_string_width(last) < WIDTHS[-1] - 2 * self.c_margin
        height = LINE_HEIGHT * (1 if fits else self._lines_of(last))
        if self.will_page_break(height):
            self.add_page()
            self.write_headings()
        for width, align, text in zip(WIDTHS, ALIGNED, others, strict=False):
            self.cell(width, height, text, border=1, align=align)
        write_last = self.cell if fits else self.multi_cell
        write_last(WIDTHS[-1], LINE_HEIGHT, last, border=1, align="L", new_x="LMARGIN", new_y="NEXT")


@takes(Workload.DOCUMENT)
def write_pdf(statement: Statement, moment: Callable[[datetime], str]) -> bytes:
    """The whole record, every month of it."""
    data = statement.data
    paper = _Record("参保缴费记录", f"记录编号 {words.grouped(statement.reference)}")
    for line in (
        f"记录编号：{words.grouped(statement.reference)}        出具时间：{moment(statement.made_at)}",
        f"姓名：{data.masked_name}        身份证号码：{data.masked_id_number}",
        f"个人社保号：{data.masked_personal_number}        所属区县：{data.district}",
    ):
        paper.write_line(line, 11)
    if not statement.records:
        paper.ln(4)
        paper.write_line("没有参保缴费记录。", 11)
    for record in statement.records:
        _write_record(paper, record)
    return bytes(paper.output())


def _write_record(paper: _Record, record: InsuranceRecord) -> None:
    paper.ln(4)
    paper.write_line(words.INSURANCES[record.insurance], 14)
    since = words.month(record.since)
    paper.write_line(f"{since}起，累计缴费 {record.months_paid} 个月。金额单位：元。", 10)
    paper.ln(1)
    paper.set_font("latin", size=9)
    paper.write_headings()
    for month in record.months:
        paper.write_row(
            (
                words.month(month.month),
                words.MONTH_STATUSES[month.status],
                "" if month.base is None else words.yuan(month.base),
                words.yuan(month.personal),
                words.yuan(month.employer),
                "、".join(month.units),
            )
        )
