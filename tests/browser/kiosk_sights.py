"""Every page of the kiosk as somebody can come to see it. tests/browser/test_kiosk_sights.py holds the list against the
table of routes, so that a new page is looked at too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.at_kiosk import AtKiosk
from tests.browser.person import holder
from tests.browser.sights import Sight


@dataclass(frozen=True)
class KioskSight(Sight):
    """One that stands at a kiosk, enrolled or not."""

    enrolled: bool = True

    def shows_itself_to(self, person: AtKiosk) -> None:
        """Whoever stood there before has left, unless it is their page too."""
        if not self.enrolled:
            person.page.goto(self.path)
        else:
            if not self.who or self.who != person.signed_in_as:
                person.starts_over()
            if self.who:
                person.signs_in(self.who)
            person.opens(self.path)
        self.steps(person)


def _puts_in(card: str, *keys: str) -> Callable[[AtKiosk], None]:
    def steps(person: AtKiosk) -> None:
        person.puts_in(card)
        person.touches(*keys)
        if "确认" in keys:
            person.page.wait_for_load_state()
            person.hears_the_reader("in")

    return steps


def _tries_a_weak_pin(person: AtKiosk) -> None:
    known = holder(person.signed_in_as)
    person.touches(*known.pin)
    if person.page.locator("#id_number").count():
        person.touches(*known.id_number)
        person.field("新密码").click()
    person.touches(*"111111", *"111111", "确认")
    person.reads("重复组成")


def _is_asked(person: AtKiosk) -> None:
    person.page.evaluate("document.getElementById('idle-warning').showModal()")


def _opens_the_tray(person: AtKiosk) -> None:
    person.page.locator(".tray summary").click()


def _leaves(person: AtKiosk) -> None:
    person.presses("退出取卡")
    person.sees_heading("谢谢使用，您已退出")


WANG, DEFAULT, RETIRED, NOTHING = "王建国", "张伟", "李秀英", "郭梅"
INSURANCE = "GET /kiosk/enquiries/{insurance}"

KIOSK_SIGHTS = (
    KioskSight("enrol", "GET /kiosk/enrol", "/kiosk/enrol", enrolled=False),
    KioskSight("enrol-wrong", "POST /kiosk/enrol", "/kiosk/enrol", "", lambda one: one.touches("A", "确认"), False),
    KioskSight("home", "GET /kiosk", "/kiosk"),
    KioskSight("card", "GET /kiosk/card", "/kiosk/card"),
    KioskSight("card-in", "GET /kiosk/card", "/kiosk/card", steps=_puts_in(WANG, *"7391")),
    KioskSight("card-unreadable", "GET /kiosk/card", "/kiosk/card", steps=_puts_in("读不出的卡")),
    KioskSight("card-away", "GET /kiosk/card", "/kiosk/card", steps=lambda one: one.asks_tray("拔掉读卡器")),
    KioskSight("pin-wrong", "POST /kiosk/card", "/kiosk/card", steps=_puts_in(WANG, *"000111", "确认")),
    KioskSight("card-lost", "POST /kiosk/card", "/kiosk/card", steps=_puts_in("周杰", *"836051", "确认")),
    KioskSight("pin-locked", "POST /kiosk/card", "/kiosk/card", steps=_puts_in("黄磊", *"650392", "确认")),
    KioskSight("left-idle", "GET /kiosk/left", "/kiosk/left?why=idle"),
    KioskSight("left-reader", "GET /kiosk/left", "/kiosk/left?why=reader"),
    KioskSight("left-ended", "GET /kiosk/left", "/kiosk/left?why=ended"),
    KioskSight("drugs", "GET /kiosk/catalogue/drugs", "/kiosk/catalogue/drugs?q=amxl"),
    KioskSight("drugs-none", "GET /kiosk/catalogue/drugs", "/kiosk/catalogue/drugs?q=zzzz"),
    KioskSight("treatments", "GET /kiosk/catalogue/treatments", "/kiosk/catalogue/treatments?page=2"),
    KioskSight("no-such-page", "", "/kiosk/no-such-page"),
    KioskSight("advice", "GET /kiosk/advice", "/kiosk/advice", DEFAULT),
    KioskSight("pin-default", "GET /kiosk/pin", "/kiosk/pin", DEFAULT),
    KioskSight("pin-default-weak", "POST /kiosk/pin", "/kiosk/pin", DEFAULT, _tries_a_weak_pin),
    KioskSight("menu", "GET /kiosk/menu", "/kiosk/menu", WANG),
    KioskSight("menu-tray", "GET /kiosk/menu", "/kiosk/menu", WANG, _opens_the_tray),
    KioskSight("idle", "GET /kiosk/menu", "/kiosk/menu", WANG, _is_asked),
    KioskSight("own-card", "GET /kiosk/enquiries/card", "/kiosk/enquiries/card", WANG),
    KioskSight("public", "GET /kiosk/enquiries/public", "/kiosk/enquiries/public", WANG),
    KioskSight("medical", INSURANCE, "/kiosk/enquiries/medical", WANG),
    KioskSight("pension-year", INSURANCE, "/kiosk/enquiries/pension?year=2025", WANG),
    KioskSight("pin", "GET /kiosk/pin", "/kiosk/pin", WANG),
    KioskSight("pin-weak", "POST /kiosk/pin", "/kiosk/pin", WANG, _tries_a_weak_pin),
    KioskSight("pin-done", "GET /kiosk/pin/done", "/kiosk/pin/done", WANG),
    KioskSight("left", "GET /kiosk/left", "/kiosk/menu", WANG, _leaves),
    KioskSight("pension", INSURANCE, "/kiosk/enquiries/pension", RETIRED),
    KioskSight("health", "GET /kiosk/enquiries/health", "/kiosk/enquiries/health", RETIRED),
    KioskSight("medical-none", INSURANCE, "/kiosk/enquiries/medical", NOTHING),
    KioskSight("health-none", "GET /kiosk/enquiries/health", "/kiosk/enquiries/health", NOTHING),
    KioskSight("employment", "GET /kiosk/enquiries/employment", "/kiosk/enquiries/employment", "朱琳"),
    KioskSight("work-injury", INSURANCE, "/kiosk/enquiries/work-injury", "胡军"),
    KioskSight("allowances", "GET /kiosk/enquiries/allowances", "/kiosk/enquiries/allowances", "郑安邦"),
)  # fmt: skip
