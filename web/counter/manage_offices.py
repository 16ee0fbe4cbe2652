"""Administrators: the offices. What kind one is decides what its clerks may do (section 2 of the rules)."""

from __future__ import annotations

from functools import partial

from aiohttp import web

from core.enquiries import offices
from core.enquiries.offices import OfficeFound
from core.values import OFFICE_KINDS
from web import words
from web.counter.page import CounterPage
from web.forms import Form
from web.paging import address, part_of

_FIELDS = {"name": "名称", "district": "区县", "address": "地址", "phone": "电话"}
_LONGEST = 100
PAGE_LENGTH = 50


async def show(page: CounterPage) -> web.StreamResponse:
    """Every office, and the form for a new one or, after a press, for one that there is."""
    known = (await page.run(offices.find, page.core)).offices
    chosen = next((each for each in known if each.name == page.query.get("name")), None)
    return await _show(page, known, _form_of(chosen) if chosen else Form())


async def put(page: CounterPage) -> web.StreamResponse:
    """A new office, or the new data of one that there is. Sending it twice changes nothing more."""
    form = await page.read_form()
    told = {name: form.text(name) for name in _FIELDS}
    for name, called in _FIELDS.items():
        if not 1 <= len(told[name]) <= _LONGEST:
            form.refuse(name, f"请填写{called}，最多 {_LONGEST} 个字。")
    if form["kind"] not in OFFICE_KINDS:
        form.refuse("kind", "请选择种类。")
    if not form.ok:
        return await _show(page, (await page.run(offices.find, page.core)).offices, form)
    await page.run(offices.put, page.core, page.actor, told.pop("name"), OFFICE_KINDS[form["kind"]], *told.values())
    return page.go("/counter/offices")


async def _show(page: CounterPage, known: tuple[OfficeFound, ...], form: Form) -> web.StreamResponse:
    return page.show(
        "manage/offices.html",
        part=part_of(known, PAGE_LENGTH, page.query),
        url=partial(address, "/counter/offices", {}),
        kinds=[(kind, words.DOORS[door]) for kind, door in OFFICE_KINDS.items()],
        form=form,
    )


def _form_of(known: OfficeFound) -> Form:
    kind = next(kind for kind, door in OFFICE_KINDS.items() if door is known.door)
    return Form({field: getattr(known, field) for field in _FIELDS} | {"kind": kind})
