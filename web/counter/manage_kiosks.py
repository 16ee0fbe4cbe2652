"""Administrators: the touch screens in the halls, and their keys."""

from __future__ import annotations

from aiohttp import web

from core.enquiries import offices
from core.staffed import kiosks
from core.staffed.kiosks import written_key
from web.counter import shown_once
from web.counter.page import CounterPage
from web.forms import Form

_LONGEST_NAME = 40


async def show(page: CounterPage) -> web.StreamResponse:
    """Every kiosk, those in use first; and the form for a new one."""
    return await _show(page, Form())


async def enrol(page: CounterPage) -> web.StreamResponse:
    """A new kiosk; its key is shown on the answer, and nowhere else, ever."""
    form = await page.read_form()
    name, office_name = form.text("name"), form.text("office")
    if not 1 <= len(name) <= _LONGEST_NAME:
        form.refuse("name", f"请填写终端放在哪里，最多 {_LONGEST_NAME} 个字。")
    if office_name not in await page.run(offices.names, page.core):
        form.refuse("office", "请选择网点。")
    if not form.ok:
        return await _show(page, form)
    key = await shown_once.make(page, form, lambda: page.run(kiosks.enrol, page.core, page.actor, name, office_name))
    if key is None:
        return page.go("/counter/kiosks")
    return page.show("manage/kiosk_key.html", name=name, key=written_key(key))


async def ask_to_revoke(page: CounterPage) -> web.StreamResponse:
    """What it means, before it is done."""
    number = page.number_in_path("kiosk")
    in_use = [kiosk for kiosk in await page.run(kiosks.everyone, page.core, page.actor) if not kiosk.revoked_at]
    kiosk = next((kiosk for kiosk in in_use if kiosk.kiosk_id == number), None)
    if kiosk is None:
        raise web.HTTPNotFound
    return page.show("manage/revoke.html", kiosk=kiosk)


async def revoke(page: CounterPage) -> web.StreamResponse:
    """From now on it opens nothing, and what is open on it is over."""
    await page.run(kiosks.revoke, page.core, page.actor, page.number_in_path("kiosk"))
    return page.go("/counter/kiosks")


async def _show(page: CounterPage, form: Form) -> web.StreamResponse:
    return page.show(
        "manage/kiosks.html",
        kiosks=await page.run(kiosks.everyone, page.core, page.actor),
        offices=await page.run(offices.names, page.core),
        form=form,
    )
