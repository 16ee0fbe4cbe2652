"""Every page of the counter as somebody who works there can come to see it, and the second screen's; and what is asked
of it. The list is held against the table of routes by test_counter_sights.py."""

from __future__ import annotations

import re
from collections.abc import Callable

from core.numbers import card_check_character
from core.staffed import cases, pin_pads
from core.staffed.pin_pads import PinTask
from core.values import Document, Door, Reason
from tests.support.browser.at_counter import AtCounter
from tests.support.browser.person import DESKTOP, SMALLEST, holder
from tests.support.browser.questions import WIDER_TEXT, Questions
from tests.support.browser.screens import Sight
from tests.support.core.staffing import put_employee, signed_in, visit_of

AGENCY, BRANCH, CENTRE, ADMINISTRATOR, PAD = "demo-agency", "demo-branch", "demo-centre", "demo-admin", "pad"
CASE = "/counter/case/{case}"
WANG, HIS_CARD = "王建国", "A20479365"
NEW_CARD = "C0000001" + card_check_character("C0000001")


class Looker(AtCounter):
    """Looks at one page after the other. A name in an address, such as {王建国}, is their case at this desk."""

    def __init__(self, *args: object, **habits: object) -> None:
        super().__init__(*args, **habits)
        self.cases: dict[str, str] = {}

    def opens(self, path: str) -> None:
        if found := re.search("{(.+)}", path):
            path = path.replace(found[0], self._case_of(found[1]))
        super().opens(path)

    def walks_by_tab(self) -> list[str]:
        """A date is one stop here, whose parts are the browser's."""
        self.page.evaluate("for (const each of document.querySelectorAll('[type=date]')) each.type = 'text'")
        return super().walks_by_tab()

    def _case_of(self, name: str) -> str:
        if name not in self.cases:
            super().opens("/counter")
            self.serves(name)
            self.cases[name] = self.here.rpartition("/")[2]
        return self.cases[name]


def _sends(button: str, **fields: str) -> Callable[[Looker], None]:
    def steps(looker: Looker) -> None:
        looker.fills(**fields)
        looker.sends(button)

    return steps


def _asks(number: str, label: str = "个人社保号") -> Callable[[Looker], None]:
    return _sends("查询", **{label: number})


def _turns_to_the_centre_s_clerk(role: str) -> Callable[[Looker], None]:
    """The button or the link of that row of the staff's table."""

    def steps(looker: Looker) -> None:
        row = looker.page.get_by_role("row", name="demo-centre")
        with looker.page.expect_navigation():
            row.get_by_role(role).click()

    return steps


def _turns_to_the_demo_s_kiosk(looker: Looker) -> None:
    with looker.page.expect_navigation():
        looker.page.get_by_role("row", name="服务大厅演示终端").get_by_role("link").click()


def _enrols_a_kiosk(looker: Looker) -> None:
    looker.page.get_by_label("网点").select_option(index=1)
    _sends("登记", 放在哪里="二楼大厅")(looker)


def _reports_in_writing(looker: Looker) -> None:
    if looker.page.url.endswith("/report"):
        looker.field("挂失登记表，本人已签名").check()
        _sends("确认书面挂失")(looker)
    else:  # that was done when this page was looked at before
        looker.opens("/counter/case/{刘芳}/loss?done=report&was=active")


def _applies_for_a_card_that_is_another_by_now(looker: Looker) -> None:
    _reports_in_writing(looker)
    looker.opens("/counter/case/{刘芳}/loss/apply")
    looker.page.evaluate("document.querySelector('[name=card]').value = '1'")
    _sends("确认申请补领新卡")(looker)


def _waits_for(then: str = "", **number: str) -> Callable[[Looker], None]:
    """The new card was made; then its holder comes for it."""

    def steps(looker: Looker) -> None:
        if looker.page.url.endswith("/issue"):
            _sends("确认登记新卡", 新卡的卡号=NEW_CARD)(looker)
        if then:
            looker.opens("/counter/case/{徐强}/loss/" + then)
        if number:
            _sends("确认发新卡", **number)(looker)

    return steps


def _sends_a_stale_form(looker: Looker) -> None:
    looker.page.evaluate("document.querySelector('[name=form_token]').value = 'of.yesterday'")
    _sends("确认书面挂失")(looker)


def _shows_the_card(looker: Looker) -> None:
    looker.opens("/counter/case/{王建国}/card")
    _sends("核对", 社保卡号=HIS_CARD)(looker)
    looker.opens("/counter/case/{王建国}/pin")


def _pairs(looker: Looker) -> None:
    _shows_the_card(looker)
    if looker.page.get_by_role("button", name="取消，不再等待").count():
        _sends("取消，不再等待")(looker)
    if looker.page.get_by_label("配对码").count():
        view = pin_pads.look(looker.core, pin_pads.open_pad(looker.core))
        _sends("配对", 配对码=view.code)(looker)


def _asks_for_a_change(looker: Looker) -> None:
    _pairs(looker)
    _sends("请本人修改密码")(looker)


def _asks_a_pad_that_is_let_go(looker: Looker) -> None:
    _pairs(looker)
    address = looker.page.url + "/let-go"
    looker.page.evaluate("address => fetch(address, { method: 'POST' })", address)
    _sends("请本人修改密码")(looker)


def _is_asked(task: PinTask | None) -> Callable[[Looker], None]:
    """The pad, by the desk of some other clerk."""

    def steps(pad: Looker) -> None:
        pad.context.clear_cookies()
        pad.opens("/counter/pad")
        context, door = pad.core, Door.BRANCH if task is PinTask.RESET else Door.AGENCY
        visit = visit_of(context, signed_in(context, put_employee(context, door)))
        pin_pads.pair(context, visit, pad.page.locator(".pairing-code").inner_text().replace(" ", ""))
        if task:
            number = holder(WANG).id_number
            case = cases.open_case(context, visit, number, Document.RESIDENT_ID_CARD, Reason.PIN)
            cases.show_card(context, visit, case.case_id, HIS_CARD)
            pin_pads.ask(context, visit, cases.the_case(context, visit, case.case_id), task)
        pad.opens("/counter/pad")

    return steps


def _keys(*pins: str) -> Callable[[Looker], None]:
    def steps(pad: Looker) -> None:
        _is_asked(PinTask.RESET)(pad)
        pad.types("".join(pins))
        with pad.page.expect_navigation():
            pad.types("Enter")

    return steps


SIGHTS = (
    Sight("sign-in", "GET /counter/sign-in", "/counter/sign-in"),
    Sight("sign-in-idle", "GET /counter/sign-in", "/counter/sign-in?why=idle"),
    Sight("sign-in-empty", "POST /counter/sign-in", "/counter/sign-in", steps=_sends("登录")),
    Sight("sign-in-wrong", "POST /counter/sign-in", "/counter/sign-in", "",
          _sends("登录", 登录名="nobody", 密码="x", 动态口令="123456")),
    Sight("desk-agency", "GET /counter", "/counter", AGENCY),
    Sight("desk", "GET /counter", "/counter", BRANCH),
    Sight("desk-centre", "GET /counter", "/counter", CENTRE),
    Sight("administration", "GET /counter", "/counter", ADMINISTRATOR),
    Sight("desk-wrong", "POST /counter/find", "/counter", BRANCH, _sends("查找")),
    Sight("password", "GET /counter/password", "/counter/password", BRANCH),
    Sight("password-wrong", "POST /counter/password", "/counter/password", BRANCH, _sends("确认")),
    Sight("queue", "GET /counter/queue", "/counter/queue", BRANCH),
    Sight("work-injury", "GET /counter/numbers/work-injury", "/counter/numbers/work-injury", AGENCY),
    Sight("work-injury-found", "POST /counter/numbers/work-injury", "/counter/numbers/work-injury", AGENCY,
          _asks("10000015")),
    Sight("work-death", "GET /counter/numbers/work-death", "/counter/numbers/work-death", AGENCY),
    Sight("work-death-found", "POST /counter/numbers/work-death", "/counter/numbers/work-death", AGENCY,
          _asks("10000013", "工亡人员的个人社保号")),
    Sight("unit", "GET /counter/numbers/unit", "/counter/numbers/unit", AGENCY),
    Sight("unit-found", "POST /counter/numbers/unit", "/counter/numbers/unit", AGENCY,
          _asks("50010002", "单位社保号")),
    Sight("drugs", "GET /counter/catalogue/drugs", "/counter/catalogue/drugs?q=amxl", AGENCY),
    Sight("treatments", "GET /counter/catalogue/treatments", "/counter/catalogue/treatments?page=2", AGENCY),
    Sight("case", f"GET {CASE}", "/counter/case/{李秀英}", BRANCH),
    Sight("insurance", f"GET {CASE}/insurance/{{insurance}}", "/counter/case/{李秀英}/insurance/pension", BRANCH),
    Sight("gap", f"GET {CASE}/insurance/{{insurance}}", "/counter/case/{朱琳}/insurance/unemployment", BRANCH),
    Sight("other", f"GET {CASE}/other", "/counter/case/{郑安邦}/other", BRANCH),
    Sight("history", f"GET {CASE}/history", "/counter/case/{李秀英}/history", BRANCH),
    Sight("card", f"GET {CASE}/card", "/counter/case/{李秀英}/card", BRANCH),
    Sight("card-wrong", f"POST {CASE}/card", "/counter/case/{李秀英}/card", BRANCH, _sends("核对")),
    Sight("loss", f"GET {CASE}/loss", "/counter/case/{李秀英}/loss", BRANCH),
    Sight("loss-agency", f"GET {CASE}/loss", "/counter/case/{李秀英}/loss", AGENCY),
    Sight("loss-reported", f"GET {CASE}/loss", "/counter/case/{周杰}/loss", BRANCH),
    Sight("loss-written", f"GET {CASE}/loss", "/counter/case/{吴霞}/loss", BRANCH),
    Sight("loss-applied", f"GET {CASE}/loss", "/counter/case/{徐强}/loss", BRANCH),
    Sight("loss-replaced", f"GET {CASE}/loss", "/counter/case/{孙丽}/loss", BRANCH),
    Sight("loss-cancelled", f"GET {CASE}/loss", "/counter/case/{马超}/loss", BRANCH),
    Sight("report", f"GET {CASE}/loss/{{task}}", "/counter/case/{李秀英}/loss/report", BRANCH),
    Sight("write-up", f"GET {CASE}/loss/{{task}}", "/counter/case/{周杰}/loss/write-up", BRANCH),
    Sight("release", f"GET {CASE}/loss/{{task}}", "/counter/case/{周杰}/loss/release", BRANCH),
    Sight("apply", f"GET {CASE}/loss/{{task}}", "/counter/case/{吴霞}/loss/apply", BRANCH),
    Sight("issue", f"GET {CASE}/loss/{{task}}", "/counter/case/{徐强}/loss/issue", BRANCH),
    Sight("issue-done", f"GET {CASE}/loss", "/counter/case/{徐强}/loss/issue", BRANCH, _waits_for()),
    Sight("correct", f"GET {CASE}/loss/{{task}}", "/counter/case/{徐强}/loss/issue", BRANCH, _waits_for("correct")),
    Sight("hand-over", f"GET {CASE}/loss/{{task}}", "/counter/case/{徐强}/loss/issue", BRANCH,
          _waits_for("hand-over")),
    Sight("hand-over-wrong", f"POST {CASE}/loss/{{task}}", "/counter/case/{徐强}/loss/issue", BRANCH,
          _waits_for("hand-over", 新卡的卡号=HIS_CARD)),
    Sight("report-wrong", f"POST {CASE}/loss/{{task}}", "/counter/case/{李秀英}/loss/report", BRANCH,
          _sends("确认书面挂失")),
    Sight("report-done", f"GET {CASE}/loss", "/counter/case/{刘芳}/loss/report", BRANCH, _reports_in_writing),
    Sight("conflict", f"POST {CASE}/loss/{{task}}", "/counter/case/{刘芳}/loss/report", BRANCH,
          _applies_for_a_card_that_is_another_by_now),
    Sight("form", f"GET {CASE}/loss-form", "/counter/case/{李秀英}/loss-form", CENTRE),
    Sight("pin", f"GET {CASE}/pin", "/counter/case/{王建国}/pin", AGENCY),
    Sight("pin-wrong-code", f"POST {CASE}/pin/pair", "/counter/case/{王建国}/pin", AGENCY, _sends("配对", 配对码="1")),
    Sight("pin-paired", f"GET {CASE}/pin", "/counter/case/{王建国}/pin", AGENCY, _pairs),
    Sight("pin-waits", f"GET {CASE}/pin", "/counter/case/{王建国}/pin", AGENCY, _asks_for_a_change),
    Sight("pin-let-go", f"POST {CASE}/pin", "/counter/case/{王建国}/pin", AGENCY, _asks_a_pad_that_is_let_go),
    Sight("pad", "GET /counter/pad", "/counter/pad", PAD),
    Sight("pad-paired", "GET /counter/pad", "/counter/pad", PAD, _is_asked(None)),
    Sight("pad-change", "GET /counter/pad", "/counter/pad", PAD, _is_asked(PinTask.CHANGE)),
    Sight("pad-wrong", "POST /counter/pad", "/counter/pad", PAD, _keys("840271", "840272")),
    Sight("pad-done", "GET /counter/pad", "/counter/pad", PAD, _keys("840271", "840271")),
    Sight("staff", "GET /counter/staff", "/counter/staff", ADMINISTRATOR),
    Sight("staff-wrong", "POST /counter/staff", "/counter/staff", ADMINISTRATOR, _sends("增加")),
    Sight("staff-renewed", "POST /counter/staff/{staff}/renew", "/counter/staff", ADMINISTRATOR,
          _turns_to_the_centre_s_clerk("button")),
    Sight("dismiss", "GET /counter/staff/{staff}/dismiss", "/counter/staff", ADMINISTRATOR,
          _turns_to_the_centre_s_clerk("link")),
    Sight("offices", "GET /counter/offices", "/counter/offices", ADMINISTRATOR),
    Sight("office", "GET /counter/offices", "/counter/offices?name=渝中区医疗保险分中心", ADMINISTRATOR),
    Sight("offices-wrong", "POST /counter/offices", "/counter/offices", ADMINISTRATOR, _sends("保存")),
    Sight("kiosks", "GET /counter/kiosks", "/counter/kiosks", ADMINISTRATOR),
    Sight("kiosks-wrong", "POST /counter/kiosks", "/counter/kiosks", ADMINISTRATOR, _sends("登记")),
    Sight("revoke", "GET /counter/kiosks/{kiosk}/revoke", "/counter/kiosks", ADMINISTRATOR,
          _turns_to_the_demo_s_kiosk),
    Sight("kiosk-key", "POST /counter/kiosks", "/counter/kiosks", ADMINISTRATOR, _enrols_a_kiosk),
    Sight("audit", "GET /counter/audit", "/counter/audit", ADMINISTRATOR),
    Sight("audit-wrong", "POST /counter/audit", "/counter/audit", ADMINISTRATOR,
          _sends("查找", **{"身份证号码（查关于谁的记录）": "1"})),
    Sight("not-here", "", "/counter/case/{李秀英}/loss/release", AGENCY),
    Sight("stale", "", "/counter/case/{李秀英}/loss/report", BRANCH, _sends_a_stale_form),
    Sight("no-case", "", "/counter/case/0123456789abcdef", BRANCH),
    Sight("not-your-role", "", "/counter/queue", ADMINISTRATOR),
    Sight("no-such-page", "", "/counter/no-such-page"),
)  # fmt: skip

# A shade behind words is where axe gives up; and what was entered of a PIN is drawn as dots over the field.
PLAIN_GROUND = """.table-box, select { background: #fff !important; } .top { background: #07325a !important; }
.drawn input { color: #14212e !important; } .drawn span { display: none !important; }"""
# What axe is never sure of: pictures, for which there is looking.js, an arrow, and the browser's own parts of a date.
UNSURE = r"<t(ext|span)|<span aria-hidden=.true.>→|<input [^>]*type=.date."
FAULTS = ("faintEdges", "faintPictures", "faintRings", "smallTargets", "oddBoxes")
LARGER_TEXT = ":root { font-size: 150% !important; }"
SCREENS = {
    DESKTOP: {"": "", "larger text": LARGER_TEXT},
    SMALLEST: {"": "", "wider text": WIDER_TEXT},  # as 1280 pixels are at 400 %
    (640, 450): {"": ""},  # and at 200 %
}


def faults_of(sight: Sight, look: Looker) -> list[str]:
    """Everything that is asked of a page of the counter, and a picture of it to look at."""
    questions = Questions(look)
    sight.shows_itself_to(look)
    look.keeps_picture(f"counter-{sight.name}")  # as it came, with the focus where it is
    wrong, unsure = look.lets_axe_look(PLAIN_GROUND)
    questions.ask("axe", wrong)
    questions.ask("axe is unsure", [html for html in unsure if not re.match(UNSURE, html)])
    questions.ask("order", look.finds("oddHeadings"))
    questions.ask("loose fields", look.finds("looseFields"))
    for screen, styles in SCREENS.items():
        look.turns_to(screen)
        for name, style in styles.items():
            questions.ask(f"cut off {name}", look.cut_off(style))
    for screen in (DESKTOP, SMALLEST):
        look.turns_to(screen)
        look.presses_tab()
        for fault in FAULTS:
            questions.ask(fault, look.finds(fault))
    look.turns_to((640, 900))  # one thing below the other
    questions.ask("Tab", look.walks_by_tab())
    look.turns_to(DESKTOP)
    return questions.answered()
