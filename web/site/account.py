"""One's own account (R11)."""

from __future__ import annotations

from aiohttp import web

from web.shared.insurance import PATHS
from web.site.page import SitePage


async def overview(page: SitePage) -> web.StreamResponse:
    """R11: basic data, how each insurance stands, and what can be done."""
    data = await page.run(page.service.basic_data, page.person)
    return page.show("account/overview.html", data=data, paths=PATHS)
