"""Who the core takes somebody for: the source that R5 counts, and what the audit calls them (R8)."""

from __future__ import annotations

import pytest

from core.actor import Actor
from core.values import Door


@pytest.mark.parametrize(
    ("actor", "door", "source", "who", "office"),
    [
        (Actor.phone("+86 (23) 6300-0001", "1700000000.1"), Door.PHONE, "phone:+862363000001", "1700000000.1", ""),
        (Actor.phone("1" * 30, "c" * 70), Door.PHONE, "phone:" + "1" * 20, "c" * 64, ""),
        (Actor.phone(None, "call-1"), Door.PHONE, "phone:unknown", "call-1", ""),
        (Actor.web("192.0.2.1", "visit-1"), Door.WEB, "web:192.0.2.1", "visit-1", ""),
        (Actor.web("192.0.2.1"), Door.WEB, "web:192.0.2.1", "visitor", ""),
        (Actor.web("x" * 200), Door.WEB, "web:" + "x" * 124, "visitor", ""),
        (Actor.kiosk(7, "某服务大厅", "visit-1"), Door.KIOSK, "kiosk:7", "visit-1", "某服务大厅"),
        (Actor.kiosk(7, "某服务大厅"), Door.KIOSK, "kiosk:7", "visitor", "某服务大厅"),
        (Actor.kiosk_to_be("192.0.2.1"), Door.KIOSK, "kiosk at 192.0.2.1", "visitor", ""),
    ],
)
def test_r5_r8_every_way_in_has_a_source_and_a_name(actor, door, source, who, office):
    assert (actor.door, actor.source, actor.who, actor.office) == (door, source, who, office)
    assert actor.throttled


@pytest.mark.parametrize("door", [Door.AGENCY, Door.BRANCH, Door.SERVICE_CENTRE])
def test_r5_a_clerk_is_named_with_their_office_and_is_no_source_that_is_counted(door):
    clerk = Actor.staff(door, "某中心", "clerk-1")
    assert (clerk.door, clerk.source, clerk.who, clerk.office) == (door, "counter:某中心", "staff:clerk-1", "某中心")
    assert not clerk.throttled
