"""A clerk at a window, who works by the addresses and forms of the counter's pages."""

from __future__ import annotations

import hmac

from core.context import CoreContext
from core.staffed import staff_visits
from core.values import Document
from tests.support.core.people import Held
from tests.support.core.staffing import Employee
from tests.support.web.reading import table
from tests.support.web.visitor import Answer, Visitor

ID_CARD = {Document.RESIDENT_ID_CARD.value: "seen"}
WRITTEN = ID_CARD | {Document.REGISTRATION_FORM.value: "seen"}


class Clerk(Visitor):
    """`here` is where the case of the person at the window begins."""

    here: str

    def __init__(self, port: int, context: CoreContext, employee: Employee, **headers: str) -> None:
        super().__init__(port, **headers)
        self.context, self.employee = context, employee

    def signs_in(self, password: str = "", code: str = "") -> Answer:
        self.opens("/counter/sign-in")
        return self.sends(
            "/counter/sign-in",
            login=self.employee.login,
            password=password or self.employee.password,
            code=code or self.employee.code(self.context),
        )

    def finds(self, sought: Held | str, reason: str = "loss", document: str = "resident ID card") -> Answer:
        """Records document and reason, and looks the person up."""
        number = sought.id_number if isinstance(sought, Held) else sought
        self.opens("/counter")
        answer = self.sends("/counter/find", document=document, reason=reason, sought=number)
        if answer.path.startswith("/counter/case/"):
            self.here = answer.path
        return answer

    def looks_at(self, part: str = "") -> Answer:
        """A page of the case."""
        return self.opens(self.here + part)

    def takes_step(self, step: str, **fields: str) -> Answer:
        """Opens the form of a step of a loss and sends it."""
        self.looks_at(f"/loss/{step}")
        return self.sends_step(step, **fields)

    def sends_step(self, step: str, **fields: str) -> Answer:
        """Sends the form that is open."""
        return self.sends(f"{self.here}/loss/{step}", card=self.page.field("card"), **fields)

    def shows_card(self, number: str) -> Answer:
        return self.sends(f"{self.here}/card", card_number=number)


def steps(clerk: Clerk) -> list[tuple[str, str, str]]:
    """Who did what, as the page of the card tells, the latest first."""
    rows = table(clerk.looks_at("/loss"), "社保卡的办理经过")
    return [(row["操作"], row["结果"], row["经办人"]) for row in rows]


def form_token(clerk: Clerk, context: CoreContext, address: str) -> str:
    """The mark of a form that this desk's own pages could have given for the address."""
    visit = staff_visits.resume(context, clerk.cookies["staff"])
    assert visit, "nobody is signed in"
    nonce = "0" * 24
    mark = hmac.digest(context.keys.form, f"{visit.session_id} {address} {nonce}".encode(), "sha256")
    return f"{nonce}.{mark.hex()[:32]}"


def code_on(pad: Visitor) -> str:
    """The code with which a clerk pairs the pad; empty if it is paired."""
    return pad.page.html.partition('class="pairing-code">')[2].partition("<")[0].replace(" ", "")
