"""The offices with a counter: where, and what is done there (section 2 of the rules)."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from core.permissions import may
from core.values import OFFICE_KINDS, Operation
from web.forms import Form
from web.paging import address, part_of
from web.site.page import SitePage

PAGE_LENGTH = 20
OPERATIONS = {operation.name.lower(): operation for operation in Operation}
DONE_AT = {door: tuple(operation for operation in Operation if may(door, operation)) for door in OFFICE_KINDS.values()}


async def search(page: SitePage) -> web.StreamResponse:
    """By district and by what they do. A choice that there is not is no choice."""
    operation = OPERATIONS.get(page.query.get("operation", ""))
    found = await page.run(page.service.offices, "", operation)
    district = page.query.get("district", "")
    if district not in found.districts:
        district = ""
    elif district:
        found = await page.run(page.service.offices, district, operation)
    chosen = {"district": district, "operation": operation.name.lower() if operation else ""}
    return page.show(
        "offices/page.html",
        form=Form(chosen),
        found=found,
        part=part_of(found.offices, PAGE_LENGTH, page.query),
        url=partial(address, page.request.path, chosen),
        district=district,
        operation=operation,
        operations=OPERATIONS,
        done_at=DONE_AT,
    )
