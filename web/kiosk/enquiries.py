"""The seven kinds of enquiry (R12), each with the source's own name. Those of one insurance, the medical one too, are
the website's: web.shared.insurance."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import web

from core.values import ALLOWANCES, Insurance
from web.kiosk.page import KioskPage
from web.shared.insurance import year_of


@dataclass(frozen=True)
class Way:
    """One button of the menu."""

    path: str
    name: str
    about: str
    icon: str


WAYS = (
    Way("/kiosk/enquiries/card", "卡基本信息查询", "卡的状态、发卡日期", "card"),
    Way("/kiosk/enquiries/public", "公共数据查询", "姓名、证件、区县、单位", "person"),
    Way("/kiosk/enquiries/employment", "就业与失业查询", "就业状态、失业保险", "work"),
    Way("/kiosk/enquiries/pension", "社保保险查询", "养老、工伤、生育保险", "shield"),
    Way("/kiosk/enquiries/medical", "医疗保险查询", "账户余额、每月缴费", "medical"),
    Way("/kiosk/enquiries/allowances", "低保和优抚查询", "最低生活保障、优抚待遇", "hand"),
    Way("/kiosk/enquiries/health", "生命与健康数据查询", "血型、过敏、病史", "heart"),
)


async def menu(page: KioskPage) -> web.StreamResponse:
    """Everything that can be asked, and the change of the PIN."""
    return page.show("menu.html", ways=WAYS)


async def card(page: KioskPage) -> web.StreamResponse:
    """The card that is in the reader."""
    return page.show("enquiries/card.html", data=await page.run(page.service.basic_data, page.person))


async def public(page: KioskPage) -> web.StreamResponse:
    """Who the holder is, as the bureau has it."""
    return page.show("enquiries/public.html", data=await page.run(page.service.basic_data, page.person))


async def employment(page: KioskPage) -> web.StreamResponse:
    """How the holder is employed, and their unemployment insurance."""
    data, found = await page.run(page.service.employment, page.person)
    told = year_of(found, Insurance.UNEMPLOYMENT, page.query.get("year", ""))
    return page.show("enquiries/employment.html", data=data, **told)


async def allowances(page: KioskPage) -> web.StreamResponse:
    """Minimum living allowance and special care."""
    paid = await page.run(page.service.benefits_paid, page.person, ALLOWANCES)
    return page.show("enquiries/allowances.html", kinds=ALLOWANCES, paid=paid)


async def health(page: KioskPage) -> web.StreamResponse:
    """What helps in an emergency."""
    return page.show("enquiries/health.html", health=await page.run(page.service.health, page.person))
