"""Every page of the kiosk as somebody can come to see it, and what is asked of it. test_kiosk_sights.py holds the list
against the table of routes, so that a new page is looked at too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.support.browser.at_kiosk import ACROSS, UPRIGHT, AtKiosk
from tests.support.browser.person import holder
from tests.support.browser.questions import Questions
from tests.support.browser.screens import Sight


@dataclass(frozen=True)
class KioskSight(Sight):
    """One that stands at a kiosk, enrolled or not."""

    enrolled: bool = True

    def shows_itself_to(self, person: AtKiosk) -> None:
        """Whoever stood there before has left, unless it is their page too."""
        if not self.enrolled:
            person.page.goto(self.path)
        else:
            if person.is_used and (not self.who or self.who != person.signed_in_as):
                person.starts_over()
            if self.who:
                person.signs_in(self.who)
            person.opens(self.path)
        self.steps(person)


def _keys_no_key(person: AtKiosk) -> None:
    person.touches("A")
    with person.page.expect_navigation():
        person.touches("确认")


def _puts_in(card: str, *keys: str) -> Callable[[AtKiosk], None]:
    def steps(person: AtKiosk) -> None:
        person.puts_in(card)
        person.touches(*keys)

    return steps


def _tries(card: str, pin: str) -> Callable[[AtKiosk], None]:
    def steps(person: AtKiosk) -> None:
        _puts_in(card, *pin)(person)
        person.confirms()

    return steps


def _tries_a_weak_pin(person: AtKiosk) -> None:
    known = holder(person.signed_in_as)
    person.touches(*known.pin)
    if person.page.locator("#id_number").count():
        person.touches(*known.id_number)
        person.field("新密码").click()
    person.touches(*"111111", *"111111")
    person.confirms()


def _is_asked(person: AtKiosk) -> None:
    person.page.evaluate("document.getElementById('idle-warning').showModal()")


def _opens_the_tray(person: AtKiosk) -> None:
    person.page.locator(".tray summary").click()


def _leaves(person: AtKiosk) -> None:
    person.sends("退出取卡")
    person.sees_heading("谢谢使用，您已退出")


WANG, DEFAULT, RETIRED, NOTHING = "王建国", "张伟", "李秀英", "郭梅"
INSURANCE = "GET /kiosk/enquiries/{insurance}"

KIOSK_SIGHTS = (
    KioskSight("enrol", "GET /kiosk/enrol", "/kiosk/enrol", enrolled=False),
    KioskSight("enrol-wrong", "POST /kiosk/enrol", "/kiosk/enrol", "", _keys_no_key, False),
    KioskSight("home", "GET /kiosk", "/kiosk"),
    KioskSight("card", "GET /kiosk/card", "/kiosk/card"),
    KioskSight("card-in", "GET /kiosk/card", "/kiosk/card", steps=_puts_in(WANG, *"7391")),
    KioskSight("card-unreadable", "GET /kiosk/card", "/kiosk/card", steps=_puts_in("读不出的卡")),
    KioskSight("card-away", "GET /kiosk/card", "/kiosk/card", steps=lambda one: one.asks_tray("拔掉读卡器")),
    KioskSight("pin-wrong", "POST /kiosk/card", "/kiosk/card", steps=_tries(WANG, "000111")),
    KioskSight("card-lost", "POST /kiosk/card", "/kiosk/card", steps=_tries("周杰", "836051")),
    KioskSight("pin-locked", "POST /kiosk/card", "/kiosk/card", steps=_tries("黄磊", "650392")),
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

FAULTS = {
    "cutOff": (),
    "faintEdges": (),
    "faintRings": (),
    "oddHeadings": (),
    "looseFields": (),
    "narrowTargets": (64,),
    "smallType": (24,),  # pixels, of which such a screen has about four in a millimetre
}
# A shade behind words is where axe gives up; a pad that waits for a card is dim because it can't be used; and what was
# entered of a PIN is drawn as dots over the field.
PLAIN_GROUND = """.top, .start:not(.second) { background: #07325a !important; }
.entry[inert] { opacity: 1 !important; }
.drawn input { color: #14212e !important; } .drawn span { display: none !important; }"""


def faults_of(sight: KioskSight, look: AtKiosk) -> list[str]:
    """Everything that is asked of a page of the kiosk, upright and across, and a picture of it to look at."""
    questions = Questions(look)
    sight.shows_itself_to(look)
    look.has_page()
    for name, screen in (("upright", UPRIGHT), ("across", ACROSS)):
        look.turns_to(screen)
        look.keeps_screen(f"{sight.name}-{name}")
        wrong, unsure = look.lets_axe_look(PLAIN_GROUND, "color-contrast-enhanced")
        questions.ask("axe", wrong)
        questions.ask("axe is unsure", unsure)
        questions.ask("scrolled", _scrolled(look))
        questions.ask("out of reach", _out_of_reach(look))
        look.presses_tab()
        for fault, least in FAULTS.items():
            questions.ask(fault, look.finds(fault, *least))
    look.turns_to(UPRIGHT)
    questions.ask("Tab", look.walks_by_tab())
    return questions.answered()


def _scrolled(look: AtKiosk) -> list[str]:
    """Nothing is scrolled but a catalogue."""
    hidden = look.page.evaluate("document.documentElement.scrollHeight - innerHeight")
    return [f"{hidden} pixels"] if hidden > 0 and not look.page.locator(".items").count() else []


def _out_of_reach(look: AtKiosk) -> list[str]:
    """Every key and every field stands above the bar at the bottom of the screen."""
    bar = look.page.locator(".bottom").bounding_box()
    assert bar
    faults = []
    for part in look.page.locator(".box input, .pad button").all():
        box = part.bounding_box()
        if not box or box["y"] < 0 or box["y"] + box["height"] > bar["y"]:
            faults.append(f"{part} at {box}")
    return faults
