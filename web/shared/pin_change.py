"""Changing the PIN when signed in (R22–R25)."""

from __future__ import annotations

from aiohttp import web

from core.errors import CardNotUsable, IdentificationFailed, MalformedNumber, WeakPin
from core.identity.pins import check_strength
from core.numbers import parse_id_number
from core.values import CardState, WeakPinReason
from core.vault import DEFAULT_PIN
from web import words
from web.forms import Form
from web.page import Page


async def show_form(page: Page) -> web.StreamResponse:
    """The form; or, for a card that is out of use, what to do (R25)."""
    if page.person.card_state is not CardState.ACTIVE:
        raise CardNotUsable(page.person.card_state)
    return _show(page, Form())


async def change(page: Page) -> web.StreamResponse:
    """R22: original, new and new again; what can be told without judging the original PIN is told first."""
    form = await page.read_form()
    _check(form)
    if form.ok:
        answer = await page.once(form, lambda: _carry_out(page, form))
        if answer == "done":
            return page.go(f"{page.pin_change_path}/done")
        _refuse(form, answer)
    return _show(page, form)


async def done(page: Page) -> web.StreamResponse:
    """R25: the new PIN holds on every channel."""
    return page.show("pin_change/done.html")


async def _carry_out(page: Page, form: Form) -> str:
    """A short answer that can be given again to the same form."""
    try:
        permit = await page.run(
            page.service.check_original_pin_of,
            page.person,
            words.digits(form["original"]),
            form.text("id_number") or None,
        )
        new = words.digits(form["new"])
        await page.run(page.service.change_pin, permit, new, words.digits(form["again"]))
    except IdentificationFailed:
        return "wrong"
    except WeakPin as weak:
        return f"weak {weak.reason.value}"
    return "done"


def _refuse(form: Form, answer: str) -> None:
    """The answer in words, at the field that it is about."""
    if answer == "wrong":
        form.refuse("original", "原密码不正确，请重新填写。如果填了身份证号码，也请核对。")
    else:
        form.refuse("new", words.WEAK_PIN[WeakPinReason(answer.removeprefix("weak "))])


def _check(form: Form) -> None:
    """What is wrong with the form itself; it costs no attempt."""
    original, new, again = (words.digits(form[name]) for name in ("original", "new", "again"))
    if not words.is_pin(original):
        form.refuse("original", "原密码是 6 位数字，请重新填写。" if original else "请填写原密码。")
    if form.text("id_number") or original == DEFAULT_PIN:
        try:
            parse_id_number(form.text("id_number"))
        except MalformedNumber as error:
            asked = "原密码是默认密码时，还要填写身份证号码。"
            form.refuse("id_number", words.malformed(error) if form.text("id_number") else asked)
    if weak := _weak(original, new):
        form.refuse("new", words.WEAK_PIN[weak] if new else "请填写新密码。")
    elif new != again:  # R24
        form.refuse("again", "两次输入的新密码不一致，请重新填写。原密码没有改变。" if again else "请再次填写新密码。")


def _weak(original: str, new: str) -> WeakPinReason | None:
    """The part of R23 that can be told from what was entered alone."""
    try:
        check_strength(new)
    except WeakPin as weak:
        return weak.reason
    return WeakPinReason.SAME_AS_ORIGINAL if new == original else None


def _show(page: Page, form: Form) -> web.Response:
    ask_id_number = page.person.pin_is_default or "id_number" in form.errors
    return page.show("pin_change/form.html", form=form, ask_id_number=ask_id_number)
