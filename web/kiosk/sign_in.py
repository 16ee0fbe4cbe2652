"""The card in the reader and its PIN (R2–R7, R33)."""

from __future__ import annotations

from aiohttp import web

from core.errors import IdentificationFailed, MalformedNumber
from web import visits, words
from web.forms import Form
from web.kiosk.page import KioskPage

REFUSED = {
    "wrong": "密码不正确，请重新输入。",
    "unreadable": "卡号读不出来。请取出卡，擦干净芯片，再插一次。",
}


async def show_form(page: KioskPage) -> web.StreamResponse:
    """Insert the card; when the reader's light is green, enter the PIN."""
    return page.go("/kiosk/menu") if page.visit else _show(page, Form())


async def submit(page: KioskPage) -> web.StreamResponse:
    """R3: a wrong PIN says so and asks again; a form that comes twice counts once (R4). A visit's token is no answer
    to give twice: only the first gets it."""
    form, welcome = await page.read_form(), None

    async def identify() -> str:
        nonlocal welcome
        asked_at = page.core.now()
        try:
            person = await page.run(page.service.identify_card, form["card_number"], words.digits(form["pin"]))
        except IdentificationFailed:
            return "wrong"
        except MalformedNumber:
            return "unreadable"
        first = "/kiosk/advice" if person.pin_is_default else "/kiosk/menu"
        welcome = await visits.begin(page, person, asked_at, first)
        return "identified"

    if not words.is_pin(words.digits(form["pin"])):
        form.refuse("pin", "密码是 6 位数字，请重新输入。")
        return _show(page, form)
    answer = await page.once(form, identify)
    if answer in REFUSED:
        form.refuse("pin", REFUSED[answer])
        return _show(page, form)
    return welcome or page.go("/kiosk/menu")


async def advise(page: KioskPage) -> web.StreamResponse:
    """R7: told after every identification."""
    return page.show("advice.html") if page.person.pin_is_default else page.go("/kiosk/menu")


def _show(page: KioskPage, form: Form) -> web.Response:
    return page.show("card.html", form=form)
