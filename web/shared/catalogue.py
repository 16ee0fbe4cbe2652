"""The catalogue of drugs and treatment items (R18), for everybody, without signing in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from aiohttp import web

from core.enquiries.catalogue import LONGEST_SEARCH, PAGE_LENGTH, CataloguePage, CatalogueQuery, typed
from core.service import Service
from web import words
from web.forms import Form
from web.page import Page
from web.paging import address, page_number, part


@dataclass(frozen=True)
class Shelf:
    """One half of the catalogue: where it stands, what it is called, and how the core is asked."""

    path: str
    title: str
    example: str
    has_forms: bool
    search: Callable[[Service, CatalogueQuery], CataloguePage]


DRUGS = Shelf("/catalogue/drugs", "药品目录", "阿莫西林，或者拼音首字母 amxl", True, Service.search_drugs)
TREATMENTS = Shelf("/catalogue/treatments", "诊疗项目", "头颅CT，或者拼音首字母 tlct", False, Service.search_treatments)
SHELVES = (DRUGS, TREATMENTS)


async def drugs(page: Page) -> web.StreamResponse:
    """R18: the drug catalogue."""
    return await _search(page, DRUGS)


async def treatments(page: Page) -> web.StreamResponse:
    """R18: the treatment items."""
    return await _search(page, TREATMENTS)


async def _search(page: Page, shelf: Shelf) -> web.StreamResponse:
    wanted = _wanted(page)
    chosen = {"q": wanted.text, "category": wanted.category}
    found = await page.run(shelf.search, page.service, wanted)
    return page.show(
        "catalogue/page.html",
        form=Form(chosen),
        shelf=shelf,
        shelves=SHELVES,
        wanted=wanted,
        found=found,
        part=part(found.items, wanted.page, found.total, PAGE_LENGTH),
        categories=words.CATEGORIES,
        longest=LONGEST_SEARCH,
        url=partial(address, page.root + shelf.path, chosen),
    )


def _wanted(page: Page) -> CatalogueQuery:
    """What was asked for; a category that there is not is left out."""
    category = page.query.get("category", "")
    return CatalogueQuery(
        text=typed(page.query.get("q", "")),
        category=category if category in words.CATEGORIES else "",
        page=page_number(page.query),
    )
