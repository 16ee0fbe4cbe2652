"""Somebody at a kiosk's touch screen, with a simulated reader beside it: touches, presses real keys, puts the card in
and takes it out."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from core import demo
from core.context import CoreContext, open_context
from core.settings import Settings
from tests.support.browser.person import SCREENSHOTS, Person, holder
from tests.support.core.databases import CHEAP
from tests.support.serving import Served, plainly
from tests.support.web.visitor import Site
from web.reader.server import make_app
from web.reader.simulated import SimulatedReader, demo_tray
from web.reader.state import TrayCard

UPRIGHT, ACROSS = (1080, 1920), (1920, 1080)
NEW_PIN = "840271"


@dataclass(frozen=True)
class Hall:
    """A site with the demo people, and a reader beside its kiosk."""

    core: CoreContext
    port: int
    key: str


@contextmanager
def open_hall(
    demo_database: Path,
    folder: Path,
    clock: Callable[[], datetime],
    tray: tuple[TrayCard, ...] | None = None,
    **settings: int,
) -> Iterator[Hall]:
    """In an empty folder. Without a `tray` the reader has the demo people's cards."""
    shutil.copy(demo_database, folder / "hotline.db")
    with ExitStack() as opened:
        origins: set[str] = set()
        reader = make_app(SimulatedReader(demo_tray() if tray is None else tray), origins)
        reader_port = opened.enter_context(closing(Served(plainly(reader)))).port
        context = open_context(Settings(state_dir=folder, reader_port=reader_port, **CHEAP, **settings), clock)
        opened.callback(context.engine.dispose)
        site = opened.enter_context(closing(Site(context)))
        origins.add(f"http://127.0.0.1:{site.port}")
        yield Hall(context, site.port, demo.staff_credentials(context).kiosk_key)


class AtKiosk(Person):
    """Stands before a kiosk. `asked` is what the browser has asked for: methods and addresses."""

    def __init__(
        self, browser: Browser, hall: Hall, *, screen: tuple[int, int] = UPRIGHT, enrolled: bool = True
    ) -> None:
        super().__init__(browser, hall.port, screen=screen)
        self.asked: list[tuple[str, str]] = []
        self.signed_in_as = ""
        self.is_used = True  # somebody else may have left a card in the reader
        self.page.on("request", lambda request: self.asked.append((request.method, request.url)))
        if enrolled:
            key = hall.key.replace("-", "")
            self.context.add_cookies([{"name": "kiosk", "value": key, "url": self.address, "httpOnly": True}])

    def posts(self, path: str) -> int:
        """How often a form was sent to this address."""
        return self.asked.count(("POST", self.address + path))

    def opens(self, path: str) -> None:
        # What the reader tells may lead on to another page before this one is whole.
        self.page.goto(path, wait_until="commit")
        self.hears_the_reader()

    def hears_the_reader(self, state: str = "") -> None:
        """Until the page knows how it stands with the card."""
        self.page.wait_for_selector(f"body[data-reader='{state}']" if state else "body[data-reader]")

    def asks_tray(self, button: str) -> None:
        """Works the simulated reader by what is on the screen."""
        self.is_used = True
        self.page.locator(".tray summary").click()
        self.page.locator(".tray").get_by_role("button", name=re.compile("^" + button)).first.click()

    def puts_in(self, card: str) -> None:
        """The card of one of the demo people, or another of the tray."""
        self.asks_tray(card)
        self.hears_the_reader("unreadable" if card == "读不出的卡" else "in")

    def takes_card(self) -> None:
        self.asks_tray("取出卡")

    def touches(self, *keys: str) -> None:
        """Keys of the pad, by what stands on them."""
        self.has_page()
        for key in keys:
            self.key(key).click()

    def confirms(self) -> None:
        """What was keyed is sent, and the page that answers hears the reader."""
        with self.page.expect_navigation():
            self.touches("确认")
        self.hears_the_reader()

    def key(self, name: str) -> Locator:
        return self.page.locator(".pad").get_by_role("button", name=name, exact=True)

    def signs_in(self, name: str) -> None:
        """From the home page on, as one of the demo people, by touch."""
        self.opens("/kiosk/card")
        if self.page.url.endswith("/kiosk/card"):
            self.puts_in(name)
            self.touches(*holder(name).pin)
            self.confirms()
        self.signed_in_as = name

    def starts_over(self) -> None:
        """Whoever was there has left; the reader is plugged in and empty."""
        self.opens("/kiosk/left")
        if self.page.locator("body[data-reader='in']").count():
            with self.page.expect_navigation():  # the page goes home by itself
                self.takes_card()
        else:
            self.takes_card()
        self.asks_tray("接上读卡器")
        self.hears_the_reader("empty")
        self.signed_in_as = ""
        self.is_used = False

    def is_out(self, heading: str) -> None:
        """The visit is over, and neither this page nor any before it shows anything of anybody."""
        self.sees_heading(heading)
        assert "*" not in self.page.locator("body").inner_text()

    def goes_back(self) -> str:
        """The Back button; what is then to be read."""
        self.page.go_back(wait_until="load")
        return self.page.locator("body").inner_text()

    def keeps_screen(self, name: str) -> None:
        """What is on the screen, as the person sees it."""
        SCREENSHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"kiosk-{name}.png")

    def shows(self, locator: str, words: str) -> None:
        expect(self.page.locator(locator)).to_have_text(words)
