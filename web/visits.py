"""Where a visit of a cardholder begins and ends, on the website and at a kiosk."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from core.identity import visits
from core.identity.identification import Cardholder
from web.page import Page


async def begin(page: Page, person: Cardholder, asked_at: datetime, path: str) -> web.StreamResponse:
    """Let somebody in, and go to a page. `asked_at` is a moment before the PIN was judged (R25)."""
    if before := page.visit_cookie.read(page.request):
        await page.run(visits.end, page.core, before)
    token = await page.run(visits.begin, page.core, page.service.actor.door, person, asked_at)
    welcome = page.go(path)
    page.visit_cookie.give(page.request, welcome, token)
    return welcome


async def end(page: Page, path: str) -> web.StreamResponse:
    """End the visit, if there is one, and go to a page; the browser forgets what it kept."""
    if token := page.visit_cookie.read(page.request):
        await page.run(visits.end, page.core, token)
    over = page.go(path)
    page.visit_cookie.take_back(page.request, over)
    over.headers["Clear-Site-Data"] = '"cache"'
    return over
