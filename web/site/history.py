"""What happened: who asked about somebody or changed something (R47)."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from web import audit_labels
from web.paging import address, number_in, part_of
from web.site.page import SitePage

PAGE_LENGTH = 50


async def show(page: SitePage) -> web.StreamResponse:
    """R47: the last 184 days, the newest first, failed attempts included."""
    happenings = await page.run(page.service.history, page.person)
    # Looking is a happening too: the pages go on through what there was when the first one was asked for.
    there_were = number_in(page.query.get("of", "")) or len(happenings)
    happenings = happenings[-there_were:]
    # In a thread: some people's half a year is tens of thousands of lines.
    lines = await page.run(audit_labels.collapse_repeats, happenings)
    return page.show(
        "history/page.html",
        part=part_of(lines, PAGE_LENGTH, page.query),
        url=partial(address, page.request.path, {"of": str(len(happenings))}),
    )
