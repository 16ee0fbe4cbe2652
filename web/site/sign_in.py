"""Signing in with ID number and PIN (R1–R7), and out."""

from __future__ import annotations

from contextlib import suppress

from aiohttp import web

from core.errors import IdentificationFailed, MalformedNumber
from core.numbers import mask_id_number, parse_id_number
from web import visits, words
from web.forms import Form
from web.security import is_private
from web.site.encrypted_field import decrypt, encrypt
from web.site.page import SitePage

# Where somebody may want to go on after signing in: pages of our own, and nothing that a link from outside could add.
DESTINATIONS = (
    "/account",
    "/account/pension",
    "/account/medical",
    "/account/unemployment",
    "/account/work-injury",
    "/account/maternity",
    "/account/record",
    "/account/history",
    "/account/pin",
    "/account/loss",
)


async def show_form(page: SitePage) -> web.StreamResponse:
    """The form."""
    if not is_private(page.request):
        return page.show("sign_in/unsafe.html", status=403)
    return _show(page, Form(), _destination(page.query.get("next", "")))


async def submit(page: SitePage) -> web.StreamResponse:
    """R1: a wrong form is told at once and costs nothing; R3: one answer for unknown and wrong."""
    if not is_private(page.request):
        return page.show("sign_in/unsafe.html", status=403)
    form = await page.read_form()
    id_number = form.text("id_number") or decrypt(page.core, form["sealed_id_number"])
    pin, destination = words.digits(form["pin"]), _destination(form["next"])
    _check(form, id_number, pin)
    if form.ok:
        try:
            asked_at = page.core.now()
            person = await page.run(page.service.identify, id_number, pin)
            first = f"/account/advice?next={destination}" if person.pin_is_default else destination
            return await visits.begin(page, person, asked_at, first)
        except IdentificationFailed:
            form.refuse("pin", "身份证号码或密码不正确，请核对后重新填写。")
    return _show(page, form, destination, id_number)


async def advise(page: SitePage) -> web.StreamResponse:
    """R7: told after every identification. A page of its own: what signing in answers must be a redirect, or the Back
    button and a reload sign the same person in again."""
    destination = _destination(page.query.get("next", ""))
    if not page.person.pin_is_default:  # changed since: somebody came back here
        return page.go(destination)
    return page.show("sign_in/default_pin.html", next=destination)


async def leave(page: SitePage) -> web.StreamResponse:
    """Sign out. Without a visit there is nothing to do, and the answer is the same."""
    return await visits.end(page, "/signed-out?why=asked")


async def signed_out(page: SitePage) -> web.StreamResponse:
    """What somebody sees when their visit is over, and why it is."""
    why = page.query.get("why", "")
    if page.visit:
        # The clock of the browser says that nobody is there: then nothing may stay open.
        return await visits.end(page, "/signed-out?why=idle") if why == "idle" else page.go("/account")
    response = page.show("sign_in/left.html", why=why)
    page.visit_cookie.take_back(page.request, response)
    return response


async def keep_alive(page: SitePage) -> web.StreamResponse:
    """Somebody goes on using a page that asked whether they are still there."""
    return web.Response(status=204)


def _show(page: SitePage, form: Form, destination: str, id_number: str = "") -> web.Response:
    """A number that is right in form need not be typed again after a wrong PIN, and stands masked on the page (R6). One
    that is wrong is there to be corrected."""
    sealed = masked = ""
    with suppress(MalformedNumber):
        number = parse_id_number(id_number)
        sealed, masked = encrypt(page.core, number), mask_id_number(number)
    return page.show("sign_in/form.html", form=form, next=destination, sealed=sealed, masked=masked)


def _check(form: Form, id_number: str, pin: str) -> None:
    try:
        parse_id_number(id_number)
    except MalformedNumber as error:
        form.refuse("id_number", words.malformed(error) if id_number else "请填写身份证号码。")
    if not words.is_pin(pin):
        form.refuse("pin", "密码是 6 位数字，请重新填写。" if pin else "请填写密码。")


def _destination(wanted: str) -> str:
    return wanted if wanted in DESTINATIONS else DESTINATIONS[0]
