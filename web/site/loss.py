"""Reporting a lost card when signed in (R30–R33), and finding the report again (R31)."""

from __future__ import annotations

from aiohttp import web

from core.cards.reports import OwnReport
from core.errors import CardNotUsable
from core.values import CardState
from web.site.page import SitePage

AFTERWARDS = {"reported": "/account/loss/done", "again": "/account/loss/done?again=1", "not usable": "/account/loss"}


async def show(page: SitePage) -> web.StreamResponse:
    """The card's state, and every report with its reference (R31)."""
    state, reports = await page.run(page.service.loss_reports, page.person)
    return page.show("loss/state.html", state=state, reports=reports, opened=_opened(reports))


async def confirm(page: SitePage) -> web.StreamResponse:
    """R30: what a report does, before anything is done."""
    if page.person.card_state is not CardState.ACTIVE:
        return page.go("/account/loss")
    return page.show("loss/confirm.html")


async def report(page: SitePage) -> web.StreamResponse:
    """R30, R32: only the confirmed form of the page before reports anything."""
    form = await page.read_form()

    async def carry_out() -> str:
        try:
            reported = await page.run(page.service.report_loss, page.person)
        except CardNotUsable:
            return "not usable"
        return "again" if reported.already_reported else "reported"

    return page.go(AFTERWARDS[await page.once(form, carry_out)])


async def done(page: SitePage) -> web.StreamResponse:
    """R31: the reference, and what must follow."""
    state, reports = await page.run(page.service.loss_reports, page.person)
    opened = _opened(reports)
    if opened is None:
        return page.go("/account/loss")
    return page.show("loss/done.html", state=state, opened=opened, again=bool(page.query.get("again")))


def _opened(reports: tuple[OwnReport, ...]) -> OwnReport | None:
    return next((report for report in reports if report.closed_at is None), None)
