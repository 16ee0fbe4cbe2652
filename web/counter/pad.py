"""The PIN pad itself: a screen that stands before the person, at which nobody signs in."""

from __future__ import annotations

from aiohttp import web

from core.errors import (
    CardNotUsable,
    HotlineError,
    IdentificationFailed,
    NewPinMismatch,
    PadNotReady,
    PinLocked,
    WeakPin,
)
from core.staffed import pin_pads
from core.staffed.pin_pads import PadView, PinTask
from web import words
from web.counter.page import PIN_PAD, CounterPage
from web.forms import Form
from web.security import is_private


async def show(page: CounterPage) -> web.StreamResponse:
    """The code to pair it by; then what the person is asked for."""
    if not is_private(page.request):
        return page.show("sign_in/unsafe.html", status=403)
    token = PIN_PAD.read(page.request)
    view = await page.run(pin_pads.look, page.core, token) if token else None
    if token and view:
        return _show(page, view, Form())
    token = await page.run(pin_pads.open_pad, page.core)
    opened = page.go("/counter/pad")
    PIN_PAD.give(page.request, opened, token)
    return opened


async def key_in(page: CounterPage) -> web.StreamResponse:
    """R22, R24, R26: the PINs go to the core, and the answer to the desk."""
    token = PIN_PAD.read(page.request)
    view = await page.run(pin_pads.look, page.core, token) if token else None
    if token is None or view is None or view.task is None:
        return page.go("/counter/pad")
    form = await page.read_form()
    _check(form, view.task)
    if not form.ok:
        return _show(page, view, form)
    original, new, again = (words.digits(form[name]) for name in ("original", "new", "again"))
    try:
        await page.run(pin_pads.key_in, page.core, token, form["form_token"], original, new, again)
    except PadNotReady:  # sent twice, or something else is asked for by now
        return page.go("/counter/pad")
    except (IdentificationFailed, NewPinMismatch, WeakPin, PinLocked, CardNotUsable) as refusal:
        form.refuse(*_in_words(page, refusal))
        return _show(page, view, form)
    return page.go("/counter/pad")


async def state(page: CounterPage) -> web.StreamResponse:
    """A word that changes when the page would."""
    token = PIN_PAD.read(page.request)
    view = await page.run(pin_pads.look, page.core, token) if token else None
    return web.Response(text=_word(view) if view else "none")


def _show(page: CounterPage, view: PadView, form: Form) -> web.Response:
    return page.show("pad/page.html", form=form, view=view, word=_word(view))


def _word(view: PadView) -> str:
    parts = (view.code, view.clerk and view.clerk.login, view.asked, view.masked_name)
    # A refusal is told on the page that was answered; the desk's copy of it must not make the pad ask for itself anew.
    return " ".join(part or "" for part in (*parts, view.answer if view.answer == "done" else ""))


def _check(form: Form, task: PinTask) -> None:
    asked = {"original": "原密码", "new": "新密码", "again": "新密码"}
    if task is PinTask.RESET:
        del asked["original"]
    for name, called in asked.items():
        if not words.is_pin(words.digits(form[name])):
            form.refuse(name, f"{called}是 6 位数字，请重新输入。")


def _in_words(page: CounterPage, refusal: HotlineError) -> tuple[str, str]:
    """The field that it is about, and a sentence."""
    match refusal:
        case IdentificationFailed():
            return "original", "原密码不正确，请重新输入。"
        case NewPinMismatch():
            return "again", "两次输入的新密码不一致，请重新输入。"
        case WeakPin():
            return "new", words.WEAK_PIN[refusal.reason]
    told = words.refusal(refusal, page.service.actor.door, page.moment)
    return "new", f"{told.title}。请听工作人员说明。"
