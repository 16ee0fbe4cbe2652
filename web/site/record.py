"""The record of contributions to take away (R11): to print, for a spreadsheet, as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from aiohttp import web

from core.enquiries.statement import Statement
from web.site.page import SitePage
from web.site.statement_csv import write_csv
from web.site.statement_pdf import write_pdf


async def show(page: SitePage) -> web.StreamResponse:
    """The whole record on one page, to read and to print."""
    statement = await page.run(page.service.statement, page.person)
    return page.show("record/page.html", statement=statement)


async def csv(page: SitePage) -> web.StreamResponse:
    """For a spreadsheet."""
    return await _file(page, write_csv, "text/csv", "csv")


async def pdf(page: SitePage) -> web.StreamResponse:
    """To keep, or to hand in."""
    return await _file(page, write_pdf, "application/pdf", "pdf")


async def _file(
    page: SitePage, write: Callable[[Statement, Callable[[datetime], str]], bytes], content_type: str, ending: str
) -> web.StreamResponse:
    statement = await page.run(page.service.statement, page.person)
    reference, body = statement.reference, await page.run(write, statement, page.moment)
    # The name says which record it is, and nothing about whose.
    name = f"{quote('参保缴费记录')}-{reference}.{ending}"
    disposition = f"attachment; filename=\"record-{reference}.{ending}\"; filename*=UTF-8''{name}"
    return web.Response(body=body, content_type=content_type, headers={"Content-Disposition": disposition})
