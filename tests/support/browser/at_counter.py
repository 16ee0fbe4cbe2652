"""Somebody who works at a counter, by the keyboard and with a simulated card reader; and the second screen of their
window, at which the person keys PINs."""

from __future__ import annotations

import re
from functools import reduce

from playwright.sync_api import Browser, Locator, expect

from core import demo
from tests.support.browser.at_kiosk import Hall
from tests.support.browser.person import Person, holder

ROLES = ("radio", "checkbox", "textbox", "button", "link")


class AtCounter(Person):
    """`here` is where the case of the person at the window begins."""

    here = ""

    def __init__(self, browser: Browser, hall: Hall, **habits: object) -> None:
        super().__init__(browser, hall.port, **habits)
        self.core = hall.core

    def signs_in(self, name: str) -> None:
        """As one of the demo's staff."""
        known = next(each for each in demo.staff_credentials(self.core).staff if each.login == name)
        self.opens("/counter")
        self.is_on("登录名")
        self.types(name, "Tab", known.password, "Tab", known.code, "Enter")
        expect(self.page).to_have_url(re.compile("/counter$"))

    def is_on(self, words: str) -> None:
        """Where the keyboard is: on what is called so."""
        called = [self.page.get_by_role(role, name=words, exact=True) for role in ROLES]
        expect(self.page.locator(":focus").and_(reduce(Locator.or_, called))).to_be_visible()

    def serves(self, name: str, reason: str = "1", document: str = "1") -> None:
        """One of the demo people comes to the window: the desk's three answers, by three presses."""
        self.is_on("居民身份证")
        self.types(document, reason, holder(name).id_number, "Enter")
        expect(self.page).to_have_url(re.compile("/counter/case/[0-9a-f]{16}$"))
        self.here = self.page.url.removeprefix(self.address)

    def asks_tray(self, wish: str) -> None:
        """What happens to the simulated reader: 插入 王建国：正常, 取出卡, 拔掉读卡器."""
        self.page.get_by_label("演示读卡器").select_option(label=wish)


class AtPad(Person):
    """Before the second screen, at which nobody signs in."""

    @property
    def code(self) -> str:
        """What it is paired by."""
        return self.page.locator(".pairing-code").inner_text().replace(" ", "")

    def touches(self, *keys: str) -> None:
        for each in keys:
            self.presses(each)
