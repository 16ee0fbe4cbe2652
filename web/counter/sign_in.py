"""Staff come in with login, password and one-time code, and go."""

from __future__ import annotations

from aiohttp import web

from core.errors import StaffRefused
from core.staffed import staff, staff_visits
from core.staffed.staff import StaffMember
from web import words
from web.counter.page import STAFF, CounterPage
from web.forms import Form
from web.proxy import visitor_address
from web.security import is_private

WRONG = "登录名、密码或动态口令不正确，请核对后重新填写。口令每 30 秒更换，每个只能用一次。"
WHYS = {
    "asked": "您已经退出。",
    "idle": "您有一段时间没有操作，已经自动退出。",
    "ended": "登录时间已经用完，请重新登录。",
}


async def show_form(page: CounterPage) -> web.StreamResponse:
    """The form; or, for somebody who is signed in, their first page."""
    if not is_private(page.request):
        return page.show("sign_in/unsafe.html", status=403)
    why = page.query.get("why", "")
    if page.staff_visit:
        # The clock of the browser says that nobody is there: then nothing may stay open.
        return await _leave(page, "idle") if why == "idle" else page.go("/counter")
    return _show(page, Form(), WHYS.get(why, ""))


async def submit(page: CounterPage) -> web.StreamResponse:
    """One answer, whatever was wrong."""
    if not is_private(page.request):
        return page.show("sign_in/unsafe.html", status=403)
    form = await page.read_form()
    login, password, code = form.text("login"), form["password"], words.digits(form["code"])
    for name, given, called in (("login", login, "登录名"), ("password", password, "密码"), ("code", code, "动态口令")):
        if not given:
            form.refuse(name, f"请填写{called}。")
    if form.ok:
        try:
            member = await page.run(staff.sign_in, page.core, visitor_address(page.request), login, password, code)
            return await _let_in(page, member)
        except StaffRefused:
            form.refuse("login", WRONG)
    return _show(page, form)


async def leave(page: CounterPage) -> web.StreamResponse:
    """Sign out; the cases of this desk are over with it."""
    return await _leave(page, "asked")


async def keep_alive(page: CounterPage) -> web.StreamResponse:
    """Somebody goes on using a page that asked whether they are still there."""
    return web.Response(status=204)


async def _let_in(page: CounterPage, member: StaffMember) -> web.StreamResponse:
    token = await page.run(staff_visits.begin, page.core, member)
    welcome = page.go("/counter/password" if member.password_is_initial else "/counter")
    STAFF.give(page.request, welcome, token)
    return welcome


async def _leave(page: CounterPage, why: str) -> web.StreamResponse:
    if token := STAFF.read(page.request):
        await page.run(staff_visits.end, page.core, token)
    response = page.go(f"/counter/sign-in?why={why}")
    STAFF.take_back(page.request, response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _show(page: CounterPage, form: Form, told: str = "") -> web.StreamResponse:
    return page.show("sign_in/form.html", form=form, told=told)
