"""Administrators: who works at the counters, and how they sign in."""

from __future__ import annotations

import re
from collections.abc import Callable

import segno
from aiohttp import web

from core.enquiries import offices
from core.errors import LoginTaken
from core.staffed import staff
from core.staffed.staff import LOGIN_FORM, Credentials
from core.values import Role
from web.counter import shown_once
from web.counter.page import CounterPage
from web.counter.words import ROLES
from web.forms import Form

_LONGEST_NAME = 40


async def show(page: CounterPage) -> web.StreamResponse:
    """Everybody, those who work here first; and the form for somebody new."""
    return await _show(page, Form())


async def hire(page: CounterPage) -> web.StreamResponse:
    """A new member of staff; their first password and QR code are shown on the answer, and nowhere else, ever."""
    form = await page.read_form()
    login, name, office_name = form.text("login").lower(), form.text("name"), form.text("office")
    role = next((role for role in Role if role.value == form["role"]), Role.CLERK)
    if not re.fullmatch(LOGIN_FORM, login):
        form.refuse("login", "登录名是 2 到 32 个小写字母、数字、点或短横线，第一个是字母。")
    if not 1 <= len(name) <= _LONGEST_NAME:
        form.refuse("name", f"请填写姓名，最多 {_LONGEST_NAME} 个字。")
    if office_name not in await page.run(offices.names, page.core):
        form.refuse("office", "请选择网点。")
    if not form.ok:
        return await _show(page, form)
    try:
        return await _credentials(page, form, staff.hire, login, name, role, office_name)
    except LoginTaken:
        form.refuse("login", "这个登录名已经有人用过，请换一个。")
        return await _show(page, form)


async def renew(page: CounterPage) -> web.StreamResponse:
    """For somebody who lost their password or telephone."""
    return await _credentials(page, await page.read_form(), staff.renew_credentials, _staff_id(page))


async def ask_to_dismiss(page: CounterPage) -> web.StreamResponse:
    """What it means, before it is done."""
    members = {
        member.staff_id: member
        for member, _, left_at in await page.run(staff.everybody, page.core, page.actor)
        if not left_at
    }
    member = members.get(_staff_id(page))
    if member is None:
        raise web.HTTPNotFound
    return page.show("manage/dismiss.html", member=member)


async def dismiss(page: CounterPage) -> web.StreamResponse:
    """They sign in no more."""
    await page.run(staff.dismiss, page.core, page.actor, _staff_id(page))
    return page.go("/counter/staff")


async def _show(page: CounterPage, form: Form) -> web.StreamResponse:
    return page.show(
        "manage/staff.html",
        everybody=await page.run(staff.everybody, page.core, page.actor),
        offices=await page.run(offices.names, page.core),
        form=form,
        roles=ROLES,
    )


async def _credentials(
    page: CounterPage, form: Form, give: Callable[..., Credentials], *args: object
) -> web.StreamResponse:
    shown = await shown_once.make(page, form, lambda: page.run(give, page.core, page.actor, *args))
    if shown is None:
        return page.go("/counter/staff")
    picture = segno.make(shown.otpauth, error="m").svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return page.show("manage/credentials.html", shown=shown, picture=picture)


def _staff_id(page: CounterPage) -> int:
    return page.number_in_path("staff")
