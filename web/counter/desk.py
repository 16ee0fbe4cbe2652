"""The clerk's desk: find the person at the window, after their document was seen (R2)."""

from __future__ import annotations

from enum import Enum
from typing import TypeVar

from aiohttp import web

from core.errors import MalformedNumber, NotFound
from core.staffed import cases
from core.values import IDENTITY_DOCUMENTS, Document, Operation, Reason, Role
from web import words
from web.counter.page import CounterPage
from web.counter.words import find_problem
from web.forms import Form

E = TypeVar("E", bound=Enum)
_REASON_FOR = {  # what somebody may come for, and what an office must do for that
    Reason.ENQUIRY: (Operation.ENQUIRE_SELF,),
    Reason.PIN: (Operation.CHANGE_PIN, Operation.RESET_PIN),
    Reason.LOSS: (Operation.REPORT_LOSS, Operation.WRITE_UP_LOSS),
    Reason.RELEASE: (Operation.RELEASE_LOSS,),
    Reason.REPLACEMENT: (Operation.REPLACE_CARD,),
}


async def start(page: CounterPage) -> web.StreamResponse:
    """The first page of whoever is signed in."""
    if page.member.role is Role.ADMINISTRATOR:
        return page.show("administration.html")
    reference = page.query.get("loss", "")
    known = {"sought": reference, "reason": Reason.LOSS.value if reference else ""}
    return await _desk(page, Form(known))


async def find(page: CounterPage) -> web.StreamResponse:
    """R2: which document was seen, what for, and who it is; from there on there is a case."""
    form = await page.read_form()
    document, reason = _chosen(form, "document", Document), _chosen(form, "reason", Reason)
    if document not in IDENTITY_DOCUMENTS:
        form.refuse("document", "请选择核对过的证件。")
    if reason is None:
        form.refuse("reason", "请选择来办理什么。")
    if not form.text("sought"):
        form.refuse("sought", "请填写身份证号码、社保卡号或挂失编号。")
    if form.ok and document and reason:
        try:
            case = await page.run(cases.open_case, page.core, page.staff, form.text("sought"), document, reason)
            return page.go(f"/counter/case/{case.case_id}")
        except NotFound as error:
            form.refuse("sought", find_problem(error))
        except MalformedNumber as error:
            form.refuse("sought", find_problem(error) or words.malformed(error))
    return await _desk(page, form)


async def _desk(page: CounterPage, form: Form) -> web.StreamResponse:
    serves_losses = page.may(Operation.WRITE_UP_LOSS)
    queue = await page.run(cases.waiting_losses, page.core, page.staff) if serves_losses else None
    return page.show(
        "desk.html",
        form=form,
        documents=IDENTITY_DOCUMENTS,
        reasons=[reason for reason, operations in _REASON_FOR.items() if page.may(*operations)],
        queue=queue,
        elsewhere=[operation for operation in Operation if not page.may(operation)],
    )


def _chosen(form: Form, name: str, kind: type[E]) -> E | None:
    return next((each for each in kind if each.value == form[name]), None)
