"""The loss registration form (挂失登记表) as a PDF (R34)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from core.staffed.cases import RegistrationForm
from core.workload import Workload, takes
from web import words
from web.pdf import Pdf

TITLE = "社会保障卡挂失登记表"
REASONS = "□ 遗失    □ 被盗    □ 其他：＿＿＿＿＿＿＿＿＿＿"
DECLARATION = (  # a line each: where fpdf breaks one, the next may begin with a comma
    "本人申请挂失上述社会保障卡，所填内容属实。本人知道：",
    "一、挂失后，卡在所有渠道立即停用。",
    "二、申请补领以前找到卡的，本人带卡和居民身份证（或户籍证明）到区县医疗保险分中心解除挂失。",
    "三、申请补领以后，旧卡不能再使用。",
)
_HEIGHT = 10  # millimetres


def lines_of(form: RegistrationForm, moment: Callable[[datetime], str]) -> list[tuple[str, str]]:
    """What the record fills in, and what is left for the person to fill in; the same on the page and on paper."""
    report = form.report
    reported = f"{moment(report.reported_at)}，{words.REPORTED_BY[report.reported_by]}" if report else "在窗口书面挂失"
    return [
        ("姓名", form.person.name),
        ("身份证号码", form.person.id_number),
        ("社会保障卡号", form.person.card_number),
        ("个人社保号", form.person.personal_number),
        ("所属区县", form.data.district),
        ("工作单位", form.data.unit_name or "没有记录"),
        ("联系电话", form.person.phone or "＿＿＿＿＿＿＿＿＿＿＿＿"),
        ("挂失时间和渠道", reported),
        ("挂失编号", words.grouped(report.reference) if report else "办理以后产生"),
        ("核对的证件", words.DOCUMENTS[form.document]),
        ("挂失原因", REASONS),
    ]


def signatures_of(form: RegistrationForm) -> tuple[str, ...]:
    """Where the person and the clerk sign."""
    return (
        "申请人签名：＿＿＿＿＿＿＿＿＿＿＿＿        日期：＿＿＿＿年＿＿月＿＿日",
        f"经办人：{form.clerk.name}        签名：＿＿＿＿＿＿＿＿＿＿        日期：＿＿＿＿年＿＿月＿＿日",
        f"经办机构（盖章）：{form.clerk.office}",
    )


@takes(Workload.DOCUMENT)
def write_pdf(form: RegistrationForm, moment: Callable[[datetime], str]) -> bytes:
    """One page, with room for the signatures."""
    paper = Pdf(TITLE, f"{form.clerk.office}    打印时间：{moment(form.made_at)}")
    paper.set_font("latin", size=11)
    with paper.table(col_widths=(45, 135), first_row_as_headings=False, line_height=_HEIGHT, padding=(0, 2)) as table:
        for named in lines_of(form, moment):
            table.row(named)
    paper.ln(4)
    for line in DECLARATION:
        paper.write_line(line, 10.5)
    paper.ln(8)
    for line in signatures_of(form):
        paper.write_line(line, 11)
        paper.ln(5)
    return bytes(paper.output())
