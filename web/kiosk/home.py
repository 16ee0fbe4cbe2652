"""The first page of the touch screen, and the last one of every visit."""

from __future__ import annotations

from aiohttp import web

from web import visits
from web.kiosk.page import KIOSK, KioskPage

REASONS = ("asked", "idle", "card", "reader", "ended")


async def show(page: KioskPage) -> web.StreamResponse:
    """What can be done here. The kiosk's key is given again, so that it lasts as long as it is used."""
    if page.visit:
        return page.go("/kiosk/menu")
    response = page.show("home.html")
    KIOSK.give(page.request, response, KIOSK.read(page.request) or "")
    return response


async def leave(page: KioskPage) -> web.StreamResponse:
    """The person has done what they came for."""
    return await visits.end(page, "/kiosk/left?why=asked")


async def signed_out(page: KioskPage) -> web.StreamResponse:
    """Why the visit is over; whoever comes here leaves, whatever was open."""
    why = page.query.get("why", "")
    why = why if why in REASONS else "asked"
    if page.visit_cookie.read(page.request):
        return await visits.end(page, f"/kiosk/left?why={why}")
    return page.show("left.html", why=why)


async def keep(page: KioskPage) -> web.StreamResponse:
    """The person is still there, and so is their card (R2). Another card ends the visit: only here are whole numbers
    compared, since a page shows no more of one than its end (R6)."""
    form = await page.read_form()
    if page.visit and form["card_number"] == page.visit.card_number:
        return web.Response(status=204)
    return await visits.end(page, "/kiosk/left?why=card")
