"""The loss registration form (挂失登记表), printed from the record for the person to sign (R34)."""

from __future__ import annotations

from aiohttp import web

from core.staffed import cases
from web.counter import registration_pdf
from web.counter.case import show_case, the_case
from web.counter.page import CounterPage


async def show(page: CounterPage) -> web.StreamResponse:
    """On a page, to print."""
    case = await the_case(page)
    printed = await page.run(cases.registration_form, page.core, page.staff, case.case_id)
    return await show_case(
        page,
        case,
        "loss/form.html",
        printed=printed,
        title=registration_pdf.TITLE,
        lines=registration_pdf.lines_of(printed, page.moment),
        declaration=registration_pdf.DECLARATION,
        signatures=registration_pdf.signatures_of(printed),
    )


async def pdf(page: CounterPage) -> web.StreamResponse:
    """As a file, to print or to keep."""
    printed = await page.run(cases.registration_form, page.core, page.staff, page.request.match_info["case"])

    body = await page.run(registration_pdf.write_pdf, printed, page.moment)
    # The name says nothing about whose it is.
    disposition = 'inline; filename="loss-registration-form.pdf"'
    return web.Response(body=body, content_type="application/pdf", headers={"Content-Disposition": disposition})
