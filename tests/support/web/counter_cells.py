"""Section 2 at the counter: how each operation is met there."""

from __future__ import annotations

from dataclasses import dataclass

from core.values import OFFICE_KINDS, CardState, Operation

COUNTERS = tuple(OFFICE_KINDS.values())


@dataclass(frozen=True)
class Cell:
    """How an operation is met at a counter: on a card in which state, under which link (on which page, in which
    words), at which address, and the form that carries it out, if that is a page's own. `new_card`: while one waits to
    be handed over."""

    on: str  # the page that offers it; within the case, unless it begins with /counter
    link: str
    address: str
    state: CardState = CardState.ACTIVE
    step: str = ""
    new_card: bool = False


CELLS = {
    Operation.ENQUIRE_SELF: (Cell("", "养老保险 没有参保缴费记录", "/insurance/pension"),),
    Operation.ENQUIRE_BY_NUMBER: (Cell("/counter", "按编号查询", "/counter/numbers/work-injury"),),
    Operation.CATALOGUE: (Cell("/counter", "药品和诊疗目录", "/counter/catalogue/drugs"),),
    Operation.REPORT_LOSS: (Cell("/loss", "书面挂失", "/loss/report", CardState.ACTIVE, "report"),),
    Operation.WRITE_UP_LOSS: (
        Cell("/loss", "补办书面挂失", "/loss/write-up", CardState.LOSS_REPORTED, "write-up"),
        Cell("/loss", "打印挂失登记表", "/loss-form", CardState.LOSS_REPORTED),
        Cell("/counter", "待补办书面挂失", "/counter/queue"),
    ),
    Operation.RELEASE_LOSS: (Cell("/loss", "解除挂失", "/loss/release", CardState.LOSS_WRITTEN, "release"),),
    Operation.REPLACE_CARD: (
        Cell("/loss", "申请补领新卡", "/loss/apply", CardState.LOSS_WRITTEN, "apply"),
        Cell("/loss", "登记新卡", "/loss/issue", CardState.REPLACEMENT_APPLIED, "issue"),
        Cell("/loss", "发新卡", "/loss/hand-over", CardState.REPLACEMENT_APPLIED, "hand-over", new_card=True),
        Cell("/loss", "更正新卡卡号", "/loss/correct", CardState.REPLACEMENT_APPLIED, "correct", new_card=True),
    ),
}
