"""For whoever watches the machine."""

from __future__ import annotations

from aiohttp import web

from core.context import CoreContext
from web.site.page import SitePage


async def show(page: SitePage) -> web.StreamResponse:
    """200 while the site and its database answer."""
    await page.run(CoreContext.try_database, page.core)
    return web.Response(text="ok\n")
