"""Large print (适老版), which stays chosen for a year, signed in or not."""

from __future__ import annotations

import re

from aiohttp import web

from web.page import PRINT_SIZE_COOKIE
from web.proxy import is_https
from web.site.page import SitePage

ONE_YEAR_SECONDS = 365 * 24 * 3600


async def choose(page: SitePage) -> web.StreamResponse:
    """Take the size and go back to the page where it was chosen."""
    form = await page.read_form()
    chosen = page.go(_own_address(form["back"]))
    chosen.set_cookie(
        PRINT_SIZE_COOKIE,
        "large" if form["large"] == "1" else "usual",
        max_age=ONE_YEAR_SECONDS,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=is_https(page.request),
    )
    return chosen


def _own_address(wanted: str) -> str:
    """An address of this site, never of another (//elsewhere, /\\elsewhere): the first page if in doubt."""
    return wanted if re.fullmatch(r"/(?!/)[!-\[\]-~]*", wanted) else "/"
