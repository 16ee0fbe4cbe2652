"""The PIN, from the clerk's side (section 2, R22–R26): the desk asks, the person keys it at the PIN pad, and the desk
is told how it ended."""

from __future__ import annotations

from aiohttp import web

from core.errors import DocumentsMissing, PadNotReady
from core.staffed import pin_pads
from core.staffed.pin_pads import DeskPad, PinTask
from web import audit_labels, words
from web.counter.case import address_of, show_case, the_case
from web.counter.page import CounterPage
from web.forms import Form

_NO_PAD = "没有显示这个配对码的密码键盘。请核对键盘上的 6 位数字；配对码 10 分钟更换一次。"


async def show(page: CounterPage) -> web.StreamResponse:
    """What this office may do for the PIN, and where that stands."""
    return await _show(page, Form())


async def pair(page: CounterPage) -> web.StreamResponse:
    """The pad that shows this code works for this desk from here on."""
    case, form = await the_case(page), await page.read_form()
    try:
        await page.run(pin_pads.pair, page.core, page.staff, words.digits(form["code"]))
    except PadNotReady:
        form.refuse("code", _NO_PAD)
        return await _show(page, form)
    return page.go(f"{address_of(case)}/pin")


async def ask(page: CounterPage) -> web.StreamResponse:
    """Let the person key the PIN. Refused by the core where the office may not, or the card was not shown."""
    case, form = await the_case(page), await page.read_form()
    task = next((task for task in PinTask if task.value == form["task"]), None)
    if task is None:
        raise web.HTTPBadRequest
    try:
        await page.run(pin_pads.ask, page.core, page.staff, case, task)
    except PadNotReady:
        form.refuse("code", "还没有配对密码键盘。请先配对。")
        return await _show(page, form, 409)
    except DocumentsMissing:
        return page.go(f"{address_of(case)}/card")
    return page.go(f"{address_of(case)}/pin")


async def take_back(page: CounterPage) -> web.StreamResponse:
    """The person does not want to, or can't."""
    case = await the_case(page)
    await page.run(pin_pads.take_back, page.core, page.staff)
    return page.go(f"{address_of(case)}/pin")


async def let_go(page: CounterPage) -> web.StreamResponse:
    """Another pad, or none."""
    case = await the_case(page)
    await page.run(pin_pads.let_go, page.core, page.staff)
    return page.go(f"{address_of(case)}/pin")


async def state(page: CounterPage) -> web.StreamResponse:
    """A word that changes when the page would: the page asks for it again and again."""
    return web.Response(
        text=_word(await page.run(pin_pads.of_desk, page.core, page.staff, page.request.match_info["case"]))
    )


async def _show(page: CounterPage, form: Form, status: int | None = None) -> web.Response:
    case = await the_case(page)
    pad = await page.run(pin_pads.of_desk, page.core, page.staff, case.case_id)
    return await show_case(
        page,
        case,
        "case/pin.html",
        status,
        form=form,
        pad=pad,
        tasks=[task for task in PinTask if page.may(task.operation)],
        answer=audit_labels.outcome(pad.answer, pad.answer_detail) if pad and pad.answer else "",
        word=_word(pad),
    )


def _word(pad: DeskPad | None) -> str:
    if pad is None:
        return "none"
    told = [pad.answer or "", *map(str, pad.answer_detail.values())]
    return " ".join([str(pad.answers), pad.task.value if pad.task else "", *told])
