"""Staff choose their own password: the first one must be changed, and any may be."""

from __future__ import annotations

from aiohttp import web

from core import staff
from core.errors import StaffRefused, WeakPassword
from core.values import WeakPasswordReason
from web.counter.page import CounterPage
from web.counter.words import WEAK_PASSWORD
from web.page import Form


async def ask(page: CounterPage) -> web.StreamResponse:
    """The form."""
    return _form(page, {})


async def choose(page: CounterPage) -> web.StreamResponse:
    """The old password, and the new one twice."""
    form = await page.read_form()
    if errors := _incomplete(form):
        return _form(page, errors, 422)
    answer = await page.once(form, lambda: _carry_out(page, form))
    if answer == "done":
        return page.go("/counter?password=chosen")
    if answer == "refused":
        return _form(page, {"password": "现在的密码不正确，请重新填写。"}, 422)
    return _form(page, {"new": WEAK_PASSWORD[WeakPasswordReason(answer)]}, 422)


async def _carry_out(page: CounterPage, form: Form) -> str:
    try:
        await page.run(staff.choose_password, page.office, page.member, form["password"], form["new"], form["again"])
    except StaffRefused:
        return "refused"
    except WeakPassword as refusal:
        return refusal.reason.value
    return "done"


def _incomplete(form: Form) -> dict[str, str]:
    asked = {"password": "请填写现在的密码。", "new": "请填写新密码。", "again": "请再次填写新密码。"}
    return {name: sentence for name, sentence in asked.items() if not form[name]}


def _form(page: CounterPage, errors: dict[str, str], status: int = 200) -> web.StreamResponse:
    return page.show("password.html", status=status, errors=errors)
