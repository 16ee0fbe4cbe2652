"""Every page of the site as somebody can come to see it, who looks at it, and what they ask of it. test_sights.py holds
the list against the table of routes, so that a new page is looked at too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

from tests.support.browser.person import DESKTOP, PHONE, SMALLEST, Person, holder
from tests.support.browser.questions import WIDER_TEXT, Questions
from tests.support.browser.wire import Wire


class Reader(Person):
    """Somebody who looks at one page after the other on a phone, with glasses of their own."""

    def __init__(self, browser: Browser, port: int, size: str) -> None:
        super().__init__(browser, port, screen=PHONE, large_print=size == "large")
        self.size = size
        self.wire = Wire(self.page)


@dataclass(frozen=True)
class Sight:
    """What it is called, the route that shows it, and how somebody gets there: signed in as `who`, at `path`, then
    by `steps`."""

    name: str
    route: str
    path: str
    who: str = ""
    steps: Callable[[Any], None] = lambda person: None

    def shows_itself_to(self, person: Person) -> None:
        """To somebody who is signed in as `who` already."""
        person.opens(self.path)
        self.steps(person)


def _sends(button: str, **fields: str) -> Callable[[Person], None]:
    def steps(person: Person) -> None:
        person.fills(**fields)
        person.sends(button)

    return steps


def _asks(number: str, label: str = "个人社保号") -> Callable[[Person], None]:
    return _sends("查询", **{label: number})


def _gets_the_pin_wrong(person: Person) -> None:
    _sends("登录", 身份证号码=holder(WANG).id_number, 密码="000000")(person)


def _is_locked(person: Person) -> None:
    known = holder("黄磊")
    _sends("登录", 身份证号码=known.id_number, 密码=known.pin)(person)


def _reports_a_loss(person: Person) -> None:
    if person.page.url.endswith("/confirm"):
        person.sends("确认挂失")
    else:  # the card was reported in the other print size
        person.opens("/account/loss/done")
    person.sees_heading("挂失成功")


_DECEASED = "工亡人员的个人社保号"
WANG, DEFAULT, LOST, GAP, NOTHING = "王建国", "张伟", "周杰", "朱琳", "郭梅"

SIGHTS = (
    Sight("home", "GET /", "/"),
    Sight("home-signed-in", "GET /", "/", WANG),
    Sight("guide", "GET /guide", "/guide"),
    Sight("guide-phone", "GET /guide/phone", "/guide/phone"),
    Sight("guide-query", "GET /guide/query", "/guide/query"),
    Sight("guide-pin", "GET /guide/pin", "/guide/pin"),
    Sight("guide-loss", "GET /guide/loss", "/guide/loss"),
    Sight("guide-questions", "GET /guide/questions", "/guide/questions#forgotten"),
    Sight("offices", "GET /offices", "/offices"),
    Sight("offices-of-a-district", "GET /offices", "/offices?district=渝中区&operation=release_loss"),
    Sight("drugs", "GET /catalogue/drugs", "/catalogue/drugs"),
    Sight("drugs-found", "GET /catalogue/drugs", "/catalogue/drugs?q=amxl&category=甲"),
    Sight("drugs-none", "GET /catalogue/drugs", "/catalogue/drugs?q=没有这种药"),
    Sight("treatments", "GET /catalogue/treatments", "/catalogue/treatments?page=2"),
    Sight("work-injury", "GET /numbers/work-injury", "/numbers/work-injury"),
    Sight("work-injury-found", "POST /numbers/work-injury", "/numbers/work-injury", steps=_asks("10000015")),
    Sight("work-injury-wrong", "POST /numbers/work-injury", "/numbers/work-injury", steps=_asks("十")),
    Sight("work-death", "GET /numbers/work-death", "/numbers/work-death"),
    Sight("work-death-found", "POST /numbers/work-death", "/numbers/work-death", steps=_asks("10000013", _DECEASED)),
    Sight("unit", "GET /numbers/unit", "/numbers/unit"),
    Sight("unit-found", "POST /numbers/unit", "/numbers/unit", steps=_asks("50010002", "单位社保号")),
    Sight("unit-none", "POST /numbers/unit", "/numbers/unit", steps=_asks("50010004", "单位社保号")),
    Sight("sign-in", "GET /sign-in", "/sign-in"),
    Sight("sign-in-empty", "POST /sign-in", "/sign-in", steps=_sends("登录")),
    Sight("sign-in-wrong", "POST /sign-in", "/sign-in", steps=_gets_the_pin_wrong),
    Sight("sign-in-locked", "POST /sign-in", "/sign-in", steps=_is_locked),
    Sight("signed-out", "GET /signed-out", "/signed-out?why=asked"),
    Sight("signed-out-idle", "GET /signed-out", "/signed-out?why=idle"),
    Sight("signed-out-ended", "GET /signed-out", "/signed-out?why=ended"),
    Sight("advice", "GET /account/advice", "/account/advice", DEFAULT),
    Sight("account", "GET /account", "/account", WANG),
    Sight("account-lost", "GET /account", "/account", LOST),
    Sight("account-default-pin", "GET /account", "/account", DEFAULT),
    Sight("pension", "GET /account/{insurance}", "/account/pension", WANG),
    Sight("pension-paid", "GET /account/{insurance}", "/account/pension", "李秀英"),
    Sight("medical", "GET /account/{insurance}", "/account/medical", WANG),
    Sight("unemployment-gap", "GET /account/{insurance}", "/account/unemployment", GAP),
    Sight("work-injury-own", "GET /account/{insurance}", "/account/work-injury", "胡军"),
    Sight("maternity", "GET /account/{insurance}", "/account/maternity", "罗玉兰"),
    Sight("pension-none", "GET /account/{insurance}", "/account/pension", NOTHING),
    Sight("record", "GET /account/record", "/account/record", WANG),
    Sight("record-none", "GET /account/record", "/account/record", NOTHING),
    Sight("history", "GET /account/history", "/account/history", WANG),
    Sight("pin", "GET /account/pin", "/account/pin", WANG),
    Sight("pin-default", "GET /account/pin", "/account/pin", DEFAULT),
    Sight("pin-lost", "GET /account/pin", "/account/pin", LOST),
    Sight("pin-empty", "POST /account/pin", "/account/pin", DEFAULT, _sends("确认修改", 原密码="123456")),
    Sight("pin-changed", "GET /account/pin/done", "/account/pin/done", WANG),
    Sight("loss", "GET /account/loss", "/account/loss", WANG),
    Sight("loss-reported", "GET /account/loss", "/account/loss", LOST),
    Sight("loss-confirm", "GET /account/loss/confirm", "/account/loss/confirm", WANG),
    Sight("loss-done", "GET /account/loss/done", "/account/loss/confirm", "何平", _reports_a_loss),
    Sight("no-such-page", "", "/no-such-page"),
)  # fmt: skip

# A shadow or a picture behind words is where axe gives up.
PLAIN_GROUND = ".table-box, select { background: #fff !important; }"
WITHOUT_AXE = "<text", "<tspan"  # looking.js looks at words in pictures
LARGER_TEXT = ":root { font-size: 212.5% !important; }"  # twice the usual size
SCREENS = {
    SMALLEST: {"": "", "wider text": WIDER_TEXT},  # as 1280 pixels are at 400 %
    (640, 450): {"": ""},  # and at 200 %
    DESKTOP: {"": "", "wider text": WIDER_TEXT, "text of twice the size": LARGER_TEXT},
}


def faults_of(sight: Sight, look: Reader) -> list[str]:
    """Everything that is asked of a page of the site, and a picture of it to look at."""
    questions = Questions(look)
    sight.shows_itself_to(look)
    look.keeps_picture(f"{sight.name}-{look.size}-phone")
    wrong, unsure = look.lets_axe_look(PLAIN_GROUND)
    questions.ask("axe", wrong)
    questions.ask("axe is unsure", [html for html in unsure if not html.startswith(WITHOUT_AXE)])
    questions.ask("order", look.finds("oddHeadings"))
    questions.ask("loose fields", look.finds("looseFields"))
    language = look.page.locator("html").get_attribute("lang")
    questions.ask("language", [] if language == "zh-CN" else [language])
    weight = look.wire.weight_of_page()
    questions.ask("weight", [] if 10_000 < weight < 60 * 1024 else [f"{weight} bytes"])
    for screen, styles in SCREENS.items():
        look.turns_to(screen)
        for name, style in styles.items():
            questions.ask(f"cut off {name}", look.cut_off(style))
    for screen in (SMALLEST, DESKTOP):
        look.turns_to(screen)
        look.presses_tab()
        for fault in ("faintEdges", "faintPictures", "faintRings", "smallTargets"):
            questions.ask(fault, look.finds(fault))
    look.keeps_picture(f"{sight.name}-{look.size}-desktop")
    look.turns_to(PHONE)
    questions.ask("Tab", look.walks_by_tab())
    return questions.answered()
