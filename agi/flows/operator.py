"""The operator (R43)."""

from __future__ import annotations

from typing import Any

from agi.call import Call, Ended
from agi.line import Operator, Outcome

AWAY_PROMPTS = {
    Operator.CLOSED: "operator-closed",
    Operator.UNSTAFFED: "operator-unstaffed",
}


def reach_operator(call: Call, *_: Any) -> None:
    """R43: the queue when someone is there; else the caller hears why not and is back at the menu."""
    status = call.operator_status()
    if status is Operator.OPEN:
        raise Ended(Outcome.OPERATOR)
    call.play(AWAY_PROMPTS[status])
