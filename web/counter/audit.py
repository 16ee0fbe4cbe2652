"""Administrators read the audit (R8): filtered, a page at a time or as a file. Every look is on record too."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import partial

from aiohttp import web

from core.audit import reading
from core.audit.reading import PAGE_LENGTH, AuditPage, AuditQuery
from core.enquiries import offices
from core.errors import MalformedNumber
from core.records.schema import AuditEvent
from web import audit_labels, words
from web.counter.page import CounterPage
from web.forms import Form
from web.paging import address, page_number, part
from web.spreadsheet import write_rows

_HEADINGS = ("编号", "时间", "渠道", "来源", "操作人", "网点", "操作", "结果")
_KEPT_IN_ADDRESS = ("since", "until", "channel", "office", "who", "operation")


async def show(page: CounterPage) -> web.StreamResponse:
    """The form, and the newest rows of what was chosen."""
    asked = {name: page.query.get(name, "") for name in _KEPT_IN_ADDRESS}
    form = Form({name: text if text.isprintable() else "" for name, text in asked.items()})
    return await _show(page, form, page_number(page.query))


async def about(page: CounterPage) -> web.StreamResponse:
    """The same for one person, whose ID number is sent in a form and stands in no address (R6)."""
    return await _show(page, await page.read_form(), 1)


async def export(page: CounterPage) -> web.StreamResponse:
    """What was chosen, as a file for a spreadsheet."""
    form = await page.read_form()
    try:
        found = await page.run(reading.export, page.core, page.actor, _query(page, form))
    except MalformedNumber as error:
        form.refuse("id_number", words.malformed(error))
        return await _show(page, form, 1)
    made_at = page.core.now().astimezone(page.core.settings.zone)
    return web.Response(
        body=write_rows([_HEADINGS, *(_row(page, event) for event in found.events)]),
        content_type="text/csv",
        headers={"Content-Disposition": f'attachment; filename="audit-{made_at:%Y%m%d-%H%M}.csv"'},
    )


async def _show(page: CounterPage, form: Form, number: int) -> web.StreamResponse:
    found = AuditPage([], 0)
    if form.ok:
        try:
            found = await page.run(reading.read, page.core, page.actor, _query(page, form), number)
        except MalformedNumber as error:
            form.refuse("id_number", words.malformed(error))
    return page.show(
        "manage/audit.html",
        form=form,
        part=part([_row(page, event) for event in found.events], number, found.total, PAGE_LENGTH),
        headings=_HEADINGS,
        found=found,
        url=partial(address, "/counter/audit", {name: form[name] for name in _KEPT_IN_ADDRESS}),
        offices=await page.run(offices.names, page.core),
        operations=[
            (name, audit_labels.OPERATIONS.get(name, name))
            for name in await page.run(reading.operations, page.core, page.actor)
        ],
    )


def _query(page: CounterPage, form: Form) -> AuditQuery:
    until = _midnight(page, form["until"])
    return AuditQuery(
        since=_midnight(page, form["since"]),
        until=until + timedelta(days=1) if until else None,
        channel=form["channel"],
        office=form["office"],
        who=f"staff:{form.text('who')}" if form.text("who") else "",
        operation=form["operation"],
        id_number=form.text("id_number"),
    )


def _midnight(page: CounterPage, day: str) -> datetime | None:
    """The beginning of a day where the office is; None for what is no day."""
    try:
        return datetime.combine(date.fromisoformat(day), time(), page.core.settings.zone)
    except ValueError:
        return None


def _row(page: CounterPage, event: AuditEvent) -> tuple[str, ...]:
    line = audit_labels.line(event)
    channel = words.CHANNELS.get(event.channel, event.channel)
    operation = audit_labels.OPERATIONS.get(event.operation, event.operation)
    return (
        str(event.id),
        page.moment(event.at),
        channel,
        event.source,
        event.who,
        event.office,
        operation,
        line.outcome,
    )
