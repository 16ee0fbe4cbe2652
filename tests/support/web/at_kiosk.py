"""Somebody at a kiosk: forms with the card number, as a browser sends them that knows no JavaScript."""

from __future__ import annotations

from core.actor import Actor
from core.context import CoreContext
from core.records.schema import CounterOffice
from core.staffed import kiosks
from core.values import Door, Role
from tests.support.core.people import Held
from tests.support.web.visitor import Answer, Visitor

ADMINISTRATOR = Actor.staff(Door.SERVICE_CENTRE, "测试中心", "test", Role.ADMINISTRATOR)
HALL = "测试服务大厅"
WRONG_PIN = "000111"


def make_kiosk(context: CoreContext, name: str = "测试终端") -> str:
    """Enrol a kiosk at the counter; its key."""
    with context.transaction() as session:
        if session.get(CounterOffice, HALL) is None:
            session.add(CounterOffice(name=HALL, kind="branch", district="渝中区", address="测试路1号", phone=""))
    return kiosks.enrol(context, ADMINISTRATOR, name, HALL)


def revoke(context: CoreContext, name: str = "测试终端") -> None:
    """Take a kiosk out of use."""
    for kiosk in kiosks.everyone(context, ADMINISTRATOR):
        if kiosk.name == name:
            kiosks.revoke(context, ADMINISTRATOR, kiosk.kiosk_id)


class AtKiosk(Visitor):
    """A visitor whose browser is, or becomes, a kiosk."""

    def enters_key(self, key: str) -> Answer:
        self.opens("/kiosk/enrol")
        return self.sends("/kiosk/enrol", key=key)

    def signs_in(self, held: Held, pin: str = "") -> Answer:
        """Whoever was there has left; the card is put in, the PIN entered."""
        self.opens("/kiosk/left")
        self.opens("/kiosk/card")
        return self.sends("/kiosk/card", card_number=held.card_number, pin=pin or held.pin)

    def changes_pin(self, held: Held, to: str, **fields: str) -> Answer:
        self.opens("/kiosk/pin")
        return self.sends("/kiosk/pin", **{"original": held.pin, "new": to, "again": to} | fields)
