"""How a call ends, whatever went wrong in it (R42, R45)."""

import pytest
from sqlalchemy import update

from core.records.schema import Benefit
from tests.support.agi.people import ANNA


@pytest.mark.parametrize(("operator", "last"), [("closed", "goodbye"), ("open", "operator-connecting")])
def test_r45_an_answer_that_broke_half_way_is_not_begun_before_the_apology(caller, context, operator, last):
    """The amount can be said and the month can't: nobody hears half of an answer, which would sound like a whole."""
    with context.transaction() as session:
        session.execute(update(Benefit).where(Benefit.kind == "retirement").values(month="2026-13"))
    caller.operator_status = operator
    caller.dials("12333").presses("31", ANNA.id_keys, "#123456#").is_back_at("account-menu")
    caller.presses("3")
    assert caller.heard == ["system-busy", last]
    assert caller.outcome == {"closed": "goodbye", "open": "operator"}[operator]
