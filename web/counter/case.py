"""One person at the window: their record as the site shows it, their card, what was done for them (R13)."""

from __future__ import annotations

from functools import partial
from typing import Any

from aiohttp import web

from core.audit.record import AuditEntry
from core.errors import AnotherCard, MalformedNumber
from core.staffed import cases
from core.staffed.cases import Case
from core.values import ALLOWANCES, Operation
from web import audit_labels, words
from web.counter.page import CounterPage
from web.forms import Form
from web.paging import address, part_of
from web.shared.insurance import PATHS, insurance_of

HISTORY_LENGTH = 50
NOT_THIS_CARD = "这个号码不是本人现在的社保卡：可能是别人的卡，或者是已经补换的旧卡。请核对。"


async def overview(page: CounterPage) -> web.StreamResponse:
    """R11: basic data, and how each insurance stands."""
    case = await the_case(page)
    data = await page.run(page.service.basic_data, case.person)
    return await show_case(page, case, "case/overview.html", data=data)


async def insurance(page: CounterPage) -> web.StreamResponse:
    """R11, R14: one insurance, with its months and what it pays."""
    case = await the_case(page)
    values = await insurance_of(page, case.person)
    return await show_case(page, case, "case/insurance.html", **values)


async def other(page: CounterPage) -> web.StreamResponse:
    """R12: minimum living allowance, special care, and health data."""
    case = await the_case(page)
    benefits = await page.run(page.service.benefits_paid, case.person, ALLOWANCES)
    health = await page.run(page.service.health, case.person)
    return await show_case(page, case, "case/other.html", benefits=benefits, kinds=ALLOWANCES, health=health)


async def history(page: CounterPage) -> web.StreamResponse:
    """R47: who asked about this person or changed something."""
    case = await the_case(page)
    events = await page.run(page.service.history, case.person)
    part = part_of(events, HISTORY_LENGTH, page.query)
    return await show_case(
        page,
        case,
        "case/history.html",
        steps=[step(event) for event in part.items],
        part=part,
        url=partial(address, page.request.path, {}),
    )


async def ask_for_card(page: CounterPage) -> web.StreamResponse:
    """The card in the reader, or its number typed in."""
    return await show_case(page, await the_case(page), "case/card.html", form=Form())


async def show_card(page: CounterPage) -> web.StreamResponse:
    """Whether it is the card on record."""
    case, form = await the_case(page), await page.read_form()
    number = form.text("card_number")
    try:
        await page.run(cases.show_card, page.core, page.staff, case.case_id, number)
        return page.go(f"{address_of(case)}?card=shown")
    except MalformedNumber as error:
        form.refuse("card_number", words.malformed(error) if number else "请把社保卡插入读卡器，或者填写卡号。")
    except AnotherCard:
        form.refuse("card_number", NOT_THIS_CARD)
    return await show_case(page, case, "case/card.html", form=form)


async def reveal(page: CounterPage) -> web.StreamResponse:
    """From here on names and numbers stand whole; the person can read that (R47)."""
    case = await the_case(page)
    if not case.revealed:
        await page.run(cases.reveal, page.core, page.staff, case.case_id)
    return page.go(address_of(case))


async def close(page: CounterPage) -> web.StreamResponse:
    """The person has gone: on to the next."""
    await page.run(cases.close_case, page.core, page.staff, page.request.match_info["case"])
    return page.go("/counter?case=closed")


async def the_case(page: CounterPage, operation: Operation | None = None) -> Case:
    """The case that the address names, for a form that leads to an operation. Raises NotFound (of another desk, of
    yesterday, closed) or NotOnThisDoor."""
    return await page.run(cases.the_case, page.core, page.staff, page.request.match_info["case"], operation=operation)


async def show_case(
    page: CounterPage, case: Case, template: str, status: int | None = None, *, form: Form | None = None, **values: Any
) -> web.Response:
    """A page of a case: who it is stands above."""
    whole = await page.run(cases.unmasked, page.core, page.staff, case)
    shown = {"paths": PATHS, "case": case, "whole": whole, "here": address_of(case)}
    return page.show(template, status, form=form, **(shown | values))


def address_of(case: Case) -> str:
    """Where a case begins."""
    return f"/counter/case/{case.case_id}"


def step(event: AuditEntry) -> tuple[audit_labels.Line, str]:
    """What was done, and the login of the clerk who did it."""
    return audit_labels.line(event), clerk_of(event.who)


def clerk_of(who: str) -> str:
    """The login of a clerk, from what the audit calls them; nothing for anybody else."""
    return who.removeprefix("staff:") if who.startswith("staff:") else ""
