"""A browser becomes a kiosk: the key made at the counter is entered in it once."""

from __future__ import annotations

from aiohttp import web

from core import kiosks
from core.errors import KioskKeyRefused
from web import visits
from web.kiosk.page import KIOSK, KioskPage
from web.security import is_private


async def ask(page: KioskPage) -> web.StreamResponse:
    """The form; a kiosk that was revoked is told so."""
    if not is_private(page.request):
        return page.show("enrolment/unsafe.html", status=403)
    if page.kiosk:
        return page.go("/kiosk")
    key = KIOSK.read(page.request)
    return _form(page, revoked=key is not None and await page.run(kiosks.is_revoked, page.office, key))


async def enter(page: KioskPage) -> web.StreamResponse:
    """R5: wrong keys are counted by network address. Whatever was open in this browser is over."""
    if page.kiosk or not is_private(page.request):
        return page.go("/kiosk/enrol")
    key = (await page.read_form())["key"]
    try:
        await page.run(kiosks.enter_key, page.office, page.desk.actor, key)
    except KioskKeyRefused as refused:
        return _form(page, 422, revoked=refused.revoked, wrong=not refused.revoked)
    entered = await visits.end(page, "/kiosk")
    KIOSK.give(page.request, entered, kiosks.plain_key(key))
    return entered


def _form(page: KioskPage, status: int = 200, *, revoked: bool = False, wrong: bool = False) -> web.Response:
    return page.show("enrolment/form.html", status=status, revoked=revoked, wrong=wrong)
