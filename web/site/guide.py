"""What can be done where, and how: from the rules' own table, the phone's own menus and the office's description."""

from __future__ import annotations

from aiohttp import web

from agi.flows.personal_account import ACCOUNT_MENU
from core.permissions import may
from core.values import Door, Operation
from web import words
from web.site import phone_menu
from web.site.page import SitePage


async def show(page: SitePage) -> web.StreamResponse:
    """Section 2 of the rules: which operation on which channel."""
    return page.show("guide/channels.html", operations=_operations())


async def phone(page: SitePage) -> web.StreamResponse:
    """R40: the phone's menus as they are."""
    return page.show("guide/phone.html", menu=phone_menu.draw(), operator_hours=phone_menu.operator_hours())


async def query(page: SitePage) -> web.StreamResponse:
    """R10–R13: asking about oneself, on each channel."""
    account = phone_menu.draw(ACCOUNT_MENU)
    return page.show("guide/query.html", keys_pressed=phone_menu.TO_PERSONAL_ACCOUNT, account=account)


async def pin(page: SitePage) -> web.StreamResponse:
    """R20–R26: changing the PIN, on each channel."""
    return page.show("guide/pin.html", keys_pressed=phone_menu.TO_PIN_CHANGE)


async def loss(page: SitePage) -> web.StreamResponse:
    """R30–R36: what to do when a card is lost, and when it is found again."""
    return page.show("guide/loss.html", keys_pressed=phone_menu.TO_LOSS_REPORT)


async def questions(page: SitePage) -> web.StreamResponse:
    """What people ask again and again."""
    return page.show("guide/questions.html", operator_hours=phone_menu.operator_hours())


def _operations() -> list[tuple[str, list[tuple[str, bool, str]]]]:
    """The words of an operation; for each channel whether it may, and on what condition or why not."""
    return [
        (
            words.OPERATIONS[operation],
            [(words.DOORS[door], may(door, operation), words.CONDITIONS.get((operation, door), "")) for door in Door],
        )
        for operation in Operation
    ]
