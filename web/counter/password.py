"""Staff choose their own password: the first one must be changed, and any may be."""

from __future__ import annotations

from aiohttp import web

from core.errors import StaffRefused, WeakPassword
from core.staffed import staff
from core.values import WeakPasswordReason
from web.counter.page import CounterPage
from web.counter.words import WEAK_PASSWORD
from web.forms import Form

_ASKED = {"password": "请填写现在的密码。", "new": "请填写新密码。", "again": "请再次填写新密码。"}


async def show_form(page: CounterPage) -> web.StreamResponse:
    """The form."""
    return page.show("password.html", form=Form())


async def choose(page: CounterPage) -> web.StreamResponse:
    """The old password, and the new one twice."""
    form = await page.read_form()
    for name, sentence in _ASKED.items():
        if not form[name]:
            form.refuse(name, sentence)
    if form.ok:
        answer = await page.once(form, lambda: _carry_out(page, form))
        if answer == "done":
            return page.go("/counter?password=chosen")
        if answer == "refused":
            form.refuse("password", "现在的密码不正确，请重新填写。")
        else:
            form.refuse("new", WEAK_PASSWORD[WeakPasswordReason(answer)])
    return page.show("password.html", form=form)


async def _carry_out(page: CounterPage, form: Form) -> str:
    try:
        await page.run(staff.choose_password, page.core, page.member, form["password"], form["new"], form["again"])
    except StaffRefused:
        return "refused"
    except WeakPassword as refusal:
        return refusal.reason.value
    return "done"
