"""The first page: what people come for, a lost card before everything else."""

from __future__ import annotations

from aiohttp import web

from web.site import phone_menu
from web.site.page import SitePage


async def show(page: SitePage) -> web.StreamResponse:
    """Four or five large ways to go on."""
    return page.show("home.html", loss_keys=phone_menu.TO_LOSS_REPORT)
