"""The audit is sealed while calls go on (R8)."""

from __future__ import annotations

import gevent

from agi import housekeeping
from agi.workers import Workers
from core import audit
from core.errors import HotlineError


def links(office) -> int:
    with office.transaction() as session:
        checked = audit.check(session, office.keys.audit)
    assert checked.problems == ()
    return checked.links


class RoundsOver(Exception):
    """Enough rounds for a test."""


def test_r8_a_call_is_sealed_soon_after(office, caller):
    before = links(office)
    caller.dials("12333")
    caller.presses("3", "2", "1", "#")
    caller.hears("work-injury-none")

    def one_round(_: float) -> None:
        raise RoundsOver

    try:
        housekeeping.keep_house(office, Workers(), one_round)
    except RoundsOver:
        assert links(office) > before


def test_r8_a_database_in_trouble_does_not_end_the_sealing(office, monkeypatch, caplog):
    tries = []

    def fails() -> int:
        tries.append(1)
        raise HotlineError("a database in trouble")

    monkeypatch.setattr(type(office), "seal_audit", lambda self: fails())
    monkeypatch.setattr(housekeeping, "SEAL_EVERY_SECONDS", 0.01)
    house = gevent.spawn(housekeeping.keep_house, office, Workers())
    gevent.sleep(0.3)
    house.kill()
    assert len(tries) > 2
    assert "housekeeping fails" in caplog.text and "in trouble" not in caplog.text
