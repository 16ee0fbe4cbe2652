"""Losses reported by phone and web that wait to be written up (R34), those of the office's own district first."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from core import loss
from core.loss import WaitingReport
from core.office import Office
from core.permissions import Operation, require
from core.schema import CounterOffice
from web.counter.page import CounterPage
from web.paging import address, part_of

PAGE_LENGTH = 50


async def show(page: CounterPage) -> web.StreamResponse:
    """Each leads to the desk, with its reference filled in."""
    require(page.member.door, Operation.WRITE_UP_LOSS)
    own_district, reports = await waiting(page)
    return page.show(
        "queue.html",
        own_district=own_district,
        part=part_of(reports, PAGE_LENGTH, page.query.get("page", "")),
        url=partial(address, "/counter/queue"),
    )


async def waiting(page: CounterPage) -> tuple[str, list[WaitingReport]]:
    """The office's district, and every waiting report, the oldest first within and without it."""

    def look(office: Office) -> tuple[str, list[WaitingReport]]:
        with office.glancing() as session:
            district = session.get_one(CounterOffice, page.member.office).district
            reports = loss.waiting_reports(session)
        return district, sorted(reports, key=lambda report: report.district != district)

    return await page.run(look, page.office)
