"""Losses reported by phone and web that wait to be written up (R34), those of the office's own district first."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from core.staffed import cases
from web.counter.page import CounterPage
from web.paging import address, part_of

PAGE_LENGTH = 50


async def show(page: CounterPage) -> web.StreamResponse:
    """Each leads to the desk, with its reference filled in."""
    own_district, reports = await page.run(cases.waiting_losses, page.core, page.staff)
    return page.show(
        "queue.html",
        own_district=own_district,
        part=part_of(reports, PAGE_LENGTH, page.query),
        url=partial(address, "/counter/queue", {}),
    )
