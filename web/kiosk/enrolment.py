"""A browser becomes a kiosk: the key made at the counter is entered in it once."""

from __future__ import annotations

from aiohttp import web

from core.errors import KioskKeyRefused
from core.staffed import kiosks
from web import visits
from web.forms import Form
from web.kiosk.page import KIOSK, KioskPage
from web.security import is_private


async def show_form(page: KioskPage) -> web.StreamResponse:
    """The form; a kiosk that was revoked is told so."""
    if not is_private(page.request):
        return page.show("enrolment/unsafe.html", status=403)
    if page.kiosk:
        return page.go("/kiosk")
    key = KIOSK.read(page.request)
    return _show(page, Form(), revoked=key is not None and await page.run(kiosks.is_revoked, page.core, key))


async def enter(page: KioskPage) -> web.StreamResponse:
    """R5: wrong keys are counted by network address. Whatever was open in this browser is over."""
    if page.kiosk or not is_private(page.request):
        return page.go("/kiosk/enrol")
    form = await page.read_form()
    key = form["key"]
    try:
        await page.run(kiosks.enter_key, page.core, page.service.actor, key)
    except KioskKeyRefused as refused:
        if refused.revoked:
            return _show(page, form, 422, revoked=True)
        form.refuse("key", "没有这个密钥，请核对后重新输入。")
        return _show(page, form)
    entered = await visits.end(page, "/kiosk")
    KIOSK.give(page.request, entered, kiosks.plain_key(key))
    return entered


def _show(page: KioskPage, form: Form, status: int | None = None, *, revoked: bool = False) -> web.Response:
    return page.show("enrolment/form.html", status, form=form, revoked=revoked)
