"""A lost card at the window, from the written report to the new card (R34–R37).

Every step is a page that shows the state before and after, and a form that records the documents.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from core.actor import Actor
from core.cards import loss, replacement
from core.context import CoreContext
from core.errors import DocumentsMissing, MalformedNumber, NotTheNewCard, StateConflict
from core.staffed import cases
from core.staffed.cases import Case
from core.values import IDENTITY_DOCUMENTS, CardState, Document, Operation, Reason
from web import words
from web.counter.case import address_of, clerk_of, show_case, step, the_case
from web.counter.page import CounterPage
from web.forms import Form


@dataclass(frozen=True)
class Task:
    """What a clerk does about the case's card. `documents` are the ID documents that the rule takes, and `form_wanted`
    whether the registration form must be there. `waiting`: only while a new card does, or only while none does;
    `waits`: one does afterwards."""

    operation: Operation
    title: str
    starts: tuple[CardState, ...]
    end: CardState
    advice: str
    carry_out: Callable[[CoreContext, Actor, Case, set[Document], Form], object]
    documents: tuple[Document, ...] = ()
    form_wanted: bool = False
    card_wanted: bool = False
    missing: str = ""
    reads_new_card: bool = False
    waiting: bool | None = None
    waits: bool = False
    overtaken: tuple[CardState, ...] = ()  # where the card may have come meanwhile, and the step is done all the same


def _report(context: CoreContext, actor: Actor, case: Case, documents: set[Document], _form: Form) -> None:
    person = case.person
    loss.report_loss_in_writing(context, actor, person.person_id, person.card_id, documents)


def _write_up(context: CoreContext, actor: Actor, case: Case, documents: set[Document], _form: Form) -> None:
    loss.write_up_loss(context, actor, case.person.person_id, case.person.card_id, documents)


def _release(context: CoreContext, actor: Actor, case: Case, documents: set[Document], _form: Form) -> None:
    seen = documents | ({Document.SOCIAL_SECURITY_CARD} if case.card_shown else set())
    loss.release_loss(context, actor, case.person.person_id, case.person.card_id, seen)


def _apply(context: CoreContext, actor: Actor, case: Case, _documents: set[Document], _form: Form) -> None:
    replacement.apply_for_replacement(context, actor, case.person.person_id, case.person.card_id)


def _issue(context: CoreContext, actor: Actor, case: Case, _documents: set[Document], form: Form) -> None:
    person, number = case.person, form.text("card_number")
    replacement.issue_replacement(context, actor, person.person_id, person.card_id, number)


def _correct(context: CoreContext, actor: Actor, case: Case, _documents: set[Document], form: Form) -> None:
    person, number, seen = case.person, form.text("card_number"), form["edition"]
    edition = int(seen) if re.fullmatch("[1-9][0-9]{0,8}", seen) else 0
    replacement.issue_replacement(context, actor, person.person_id, person.card_id, number, instead_of=edition)


def _hand_over(context: CoreContext, actor: Actor, case: Case, documents: set[Document], form: Form) -> None:
    person, number = case.person, form.text("card_number")
    replacement.hand_over_replacement(context, actor, person.person_id, person.card_id, number, documents)


_NOT_THE_NEW_CARD = "这不是为本人登记的新卡，请核对手里的卡。登记错了的，先更正新卡卡号。没有办理。"
_IDENTITY = tuple(document for document in Document if document in IDENTITY_DOCUMENTS)
_in_writing = partial(
    Task,
    documents=_IDENTITY,
    form_wanted=True,
    missing="请核对身份证件和本人签名的挂失登记表，并逐项勾选。没有办理。",
)
TASKS = {
    "report": _in_writing(
        Operation.REPORT_LOSS,
        "书面挂失",
        (CardState.ACTIVE,),
        CardState.LOSS_WRITTEN,
        "办理以后，这张卡在所有渠道立即停用，并且已经书面挂失，可以申请补领。",
        _report,
        overtaken=(CardState.LOSS_REPORTED,),
    ),
    "write-up": _in_writing(
        Operation.WRITE_UP_LOSS,
        "补办书面挂失",
        (CardState.LOSS_REPORTED,),
        CardState.LOSS_WRITTEN,
        "电话或网站已经挂失。补办书面挂失以后，可以申请补领。",
        _write_up,
    ),
    "apply": Task(
        Operation.REPLACE_CARD,
        "申请补领新卡",
        (CardState.LOSS_WRITTEN,),
        CardState.REPLACEMENT_APPLIED,
        "申请以后，不能再解除挂失，旧卡不能再恢复使用。",
        _apply,
    ),
    "hand-over": Task(
        Operation.REPLACE_CARD,
        "发新卡",
        (CardState.REPLACEMENT_APPLIED,),
        CardState.REPLACED,
        "核对身份证件，再读一次手里的新卡（或者填写卡面上的卡号），确认以后当面交给本人。新卡的密码是默认密码 "
        "123456，请提醒本人修改；旧卡号从此不能再用。",
        _hand_over,
        _IDENTITY,
        missing="要先核对本人的身份证件，并勾选。没有办理。",
        reads_new_card=True,
        waiting=True,
    ),
    "issue": Task(
        Operation.REPLACE_CARD,
        "登记新卡",
        (CardState.REPLACEMENT_APPLIED,),
        CardState.REPLACEMENT_APPLIED,
        "新卡制好以后，读新卡或者填写卡号。登记的新卡还不能使用，请妥善保管，等本人来领取。",
        _issue,
        reads_new_card=True,
        waiting=False,
        waits=True,
    ),
    "correct": Task(
        Operation.REPLACE_CARD,
        "更正新卡卡号",
        (CardState.REPLACEMENT_APPLIED,),
        CardState.REPLACEMENT_APPLIED,
        "登记的卡号不对，或者新卡重新制了的，读实际要发的新卡或者填写卡号。原来登记的卡号不再有效。",
        _correct,
        reads_new_card=True,
        waiting=True,
        waits=True,
    ),
    "release": Task(
        Operation.RELEASE_LOSS,
        "解除挂失",
        (CardState.LOSS_REPORTED, CardState.LOSS_WRITTEN),
        CardState.ACTIVE,
        "办理以后，卡恢复使用，密码不变。本人要出示找到的社保卡，和居民身份证或户籍证明。",
        _release,
        (Document.RESIDENT_ID_CARD, Document.HOUSEHOLD_CERTIFICATE),
        card_wanted=True,
        missing="要先出示社保卡（读卡或填写卡号核对），并勾选居民身份证或户籍证明。没有办理。",
    ),
}


async def show(page: CounterPage) -> web.StreamResponse:
    """Where the card stands, what this office can do now, and who did what when (R37)."""
    case = await the_case(page)
    record = await page.run(page.service.loss_record, case.person)
    done, was = TASKS.get(page.query.get("done", "")), page.query.get("was", "")
    come_for = Operation.RELEASE_LOSS if case.reason is Reason.RELEASE else None
    tasks = sorted(TASKS.items(), key=lambda each: each[1].operation is not come_for)
    return await show_case(
        page,
        case,
        "loss/state.html",
        record=record,
        steps=[step(event) for event in record.steps],
        clerk_of=clerk_of,
        tasks={name: task for name, task in tasks if _starts(case, task) and page.may(task.operation)},
        elsewhere=[task for task in TASKS.values() if _starts(case, task) and not page.may(task.operation)],
        done=done if done and was in [start.value for start in (*done.starts, *done.overtaken)] else None,
        was=was,
    )


async def show_form(page: CounterPage) -> web.StreamResponse:
    """What the step does, and what the clerk has to see first."""
    name, task = _task(page)
    case = await the_case(page, task.operation)
    if not _starts(case, task):
        return page.go(f"{address_of(case)}/loss")
    return await _show(page, case, name, task, Form({case.document.value: "seen"}))


async def carry_out(page: CounterPage) -> web.StreamResponse:
    """The step itself. Of two clerks at once one succeeds, and the other reads what happened (R37)."""
    (name, task), case, form = _task(page), await the_case(page), await page.read_form()

    async def work() -> str:
        await page.run(cases.require_card, page.core, page.staff, case, task.operation, form["card"])
        seen = {document for document in Document if form[document.value] == "seen"}
        await page.run(task.carry_out, page.core, page.service.actor, case, seen, form)
        return case.person.card_state.value

    try:
        was = await page.once(form, work)
        return page.go(f"{address_of(case)}/loss?done={name}&was={was}")
    except DocumentsMissing:
        form.refuse("documents", task.missing)
    except MalformedNumber as error:
        told = words.malformed(error) if form.text("card_number") else "请读新卡，或者填写新卡的卡号。"
        form.refuse("card_number", told)
    except NotTheNewCard:
        form.refuse("card_number", _NOT_THE_NEW_CARD)
    except StateConflict as conflict:
        return await _conflict(page, task, conflict)
    return await _show(page, case, name, task, form)


async def _conflict(page: CounterPage, task: Task, conflict: StateConflict) -> web.StreamResponse:
    case = await the_case(page)
    record = await page.run(page.service.loss_record, case.person)
    done = [event for event in record.steps if not step(event)[0].refused]
    return await show_case(
        page,
        case,
        "loss/conflict.html",
        409,
        task=task,
        state=conflict.state,
        steps=[step(event) for event in done[:3]],
    )


async def _show(page: CounterPage, case: Case, name: str, task: Task, form: Form) -> web.StreamResponse:
    return await show_case(page, case, "loss/task.html", form=form, name=name, task=task)


def _starts(case: Case, task: Task) -> bool:
    waiting = case.new_card is not None
    return case.person.card_state in task.starts and task.waiting in (None, waiting)


def _task(page: CounterPage) -> tuple[str, Task]:
    name = page.request.match_info["task"]
    if name not in TASKS:
        raise web.HTTPNotFound
    return name, TASKS[name]
