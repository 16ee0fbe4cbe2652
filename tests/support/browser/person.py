"""Somebody at a screen, who reads what is there and works by the labels."""

from __future__ import annotations

import csv
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Locator, Request, expect

from core.demo import DATA
from web.page import PRINT_SIZE_COOKIE

SCREENSHOTS = Path(__file__).parents[3] / "screenshots"
LOOKING = Path(__file__).parent / "looking.js"
AXE = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE_TELLS = ["violations", "incomplete"]  # of what passes it would keep every element
AXE_RUN = """options => axe.run(options).then(({ violations, incomplete }) => [
    violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.html}`)),
    incomplete.flatMap((rule) => rule.nodes.map((node) => node.html)),
])"""
MORNING = datetime(2026, 11, 23, tzinfo=UTC)
PATIENCE_SECONDS = 30  # how busy this machine is today is nobody's fault
expect.set_options(timeout=PATIENCE_SECONDS * 1000)
PHONE, SMALLEST, DESKTOP = (360, 740), (320, 640), (1280, 900)


@dataclass(frozen=True)
class Holder:
    """One of the demo people, and what they know by heart."""

    id_number: str
    pin: str


@cache
def holder(name: str) -> Holder:
    """By the name in core/demo/README.md."""
    id_number = next(row["id_number"] for row in _rows("people.csv") if row["name"] == name)
    pins = [row["pin"] for row in _rows("cards.csv") if row["id_number"] == id_number]
    return Holder(id_number, pins[-1] or "123456")


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


class Person:
    """Opens, fills in, presses, reads. `troubles` are what no page may cause: a request to another host, an error on
    the browser's console."""

    def __init__(
        self,
        browser: Browser,
        port: int,
        *,
        screen: tuple[int, int] = DESKTOP,
        javascript: bool = True,
        large_print: bool = False,
    ) -> None:
        self.address = f"http://127.0.0.1:{port}"
        self.troubles: list[str] = []
        self.context = browser.new_context(
            base_url=self.address,
            viewport={"width": screen[0], "height": screen[1]},
            java_script_enabled=javascript,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        self.context.set_default_timeout(PATIENCE_SECONDS * 1000)
        if large_print:
            self.context.add_cookies([{"name": PRINT_SIZE_COOKIE, "value": "large", "url": self.address}])
        self.context.add_init_script(path=LOOKING)
        self.context.on("request", self._ask_only_here)
        self.context.on("console", self._no_errors)
        self.context.on("weberror", lambda error: self.troubles.append(str(error.error)))
        self.page = self.context.new_page()

    def leaves(self) -> None:
        self.context.close()

    def opens(self, path: str) -> None:
        self.page.goto(path)

    def has_page(self) -> None:
        """A page that is read already may still lack its scripts, which a hand or a key needs."""
        self.page.wait_for_load_state()

    def stops_clock(self) -> None:
        """The browser's clock stands still until the test moves it. Before the first page that is to notice."""
        self.page.clock.install(time=MORNING)
        self.page.clock.pause_at(MORNING + timedelta(hours=1))

    def fills(self, **fields: str) -> None:
        """fills(身份证号码="…"): each field by its label."""
        for label, text in fields.items():
            self.field(label).fill(text)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(label, exact=True)

    def presses(self, button: str) -> None:
        self.has_page()
        self.page.get_by_role("button", name=button, exact=True).click()

    def sends(self, button: str) -> None:
        """Presses it, and waits for the page that it leads to."""
        with self.page.expect_navigation():
            self.presses(button)

    def types(self, *keys: str) -> None:
        """Keys one after the other, as soon as the page is seen; whatever is no name of a key is typed."""
        self.has_page()
        self._finds_in_time("isDrawn", bool)  # until then Chromium may let keys fall
        for each in keys:
            if re.fullmatch(r"((Alt|Shift)\+)?[A-Z][A-Za-z]*|Alt\+[a-z]", each):
                self.page.keyboard.press(each)
            else:
                self.page.keyboard.type(each)

    def follows(self, link: str) -> None:
        self.has_page()
        self.page.get_by_role("main").get_by_role("link", name=link).first.click()

    def signs_in(self, name: str) -> None:
        """As one of the demo people."""
        known = holder(name)
        self.opens("/sign-in")
        self.fills(身份证号码=known.id_number, 密码=known.pin)
        self.presses("登录")

    def reads(self, *words: str) -> None:
        """Finds all of these on the page."""
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def sees_heading(self, words: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def is_at(self, path: str) -> None:
        expect(self.page).to_have_url(re.compile(re.escape(self.address + path) + "$"))

    def finds(self, what: str, *arguments: int) -> Any:
        """What looking.js finds."""
        return self.page.evaluate(f"looking.{what}({', '.join(map(str, arguments))})")

    def wears(self, style: str) -> None:
        """A style sheet of one's own. "" takes it off."""
        self.page.evaluate(
            "css => { const own = new CSSStyleSheet(); own.replaceSync(css); document.adoptedStyleSheets = [own]; }",
            style,
        )

    def cut_off(self, style: str) -> list[str]:
        """What is cut off, or leads to the side, in this style sheet."""
        self.wears(style)
        found: list[str] = self.finds("cutOff")
        self.wears("")
        return found

    def turns_to(self, screen: tuple[int, int]) -> None:
        """Another size of the window, once the page has come to know of it."""
        self.page.set_viewport_size({"width": screen[0], "height": screen[1]})
        self.finds("hasTurnedTo", *screen)

    def lets_axe_look(self, ground: str, *stricter: str) -> tuple[list[str], list[str]]:
        """What axe calls wrong, and the elements that it is unsure of. `ground` is a style sheet without what makes
        it give up, such as a shade behind words; `stricter` are rules beyond WCAG 2.2 AA."""
        self.wears(ground)
        self.page.evaluate(AXE_SCRIPT)
        rules = {rule: {"enabled": True} for rule in stricter}
        wrong, unsure = self.page.evaluate(AXE_RUN, {"runOnly": AXE, "rules": rules, "resultTypes": AXE_TELLS})
        self.wears("")
        return wrong, unsure

    def walks_by_tab(self) -> list[str]:
        """Through everything on the page, seen all the way, from the top down, and out again: what is wrong on the
        way."""
        self._finds_in_time("isDrawn", bool)
        start = self.finds("goToStart")
        faults = []
        before = 0.0
        for place in range(start["stops"]):
            now = self.presses_tab(start["keys"] + place)
            if now["place"] != place or not now["seen"]:
                return [*faults, f"{now} at stop {place}"]
            # Things side by side may stand a little higher; the first two are above the site's name.
            if now["top"] <= before - 60 and place >= 2:
                faults.append(f"{now} is above what came before it")
            before = now["top"]
        self.page.keyboard.press("Tab")
        if self._finds_in_time("keyboard", lambda now: now["place"] <= 0)["place"] > 0:
            faults.append("the keyboard can't leave")
        return faults

    def presses_tab(self, had: int | None = None) -> Any:
        """Where the keyboard is then, once the page has had the key: on a busy machine that may be later than the
        browser says. `had` is how many it had before."""
        before = self.finds("keyboard")["keys"] if had is None else had
        self.page.keyboard.press("Tab")
        return self._finds_in_time("keyboard", lambda now: now["keys"] > before)

    def _finds_in_time(self, what: str, will_do: Callable[[Any], bool]) -> Any:
        """What looking.js finds, as soon as it will do; or in the end."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not will_do(found := self.finds(what)) and time.monotonic() < ends:
            self.page.wait_for_timeout(10)
        return found

    def keeps_picture(self, name: str) -> None:
        """The whole page, into screenshots/."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)

    def _ask_only_here(self, request: Request) -> None:
        if urlsplit(request.url).scheme != "data" and not request.url.startswith(self.address + "/"):
            self.troubles.append(f"a request to {request.url}")

    def _no_errors(self, message: ConsoleMessage) -> None:
        answered = re.search("Failed to load resource: the server responded with a status of 4", message.text)
        # The browser also notes that a page itself came with a status like 404 or 422, which is as it should be.
        if message.type in ("error", "warning") and not (answered and "/static/" not in message.location["url"]):
            self.troubles.append(message.text)
