"""A unit's medical contributions by unit number (R17)."""

from __future__ import annotations

from agi.call import Call
from core.errors import MalformedNumber
from core.numbers import LONGEST_NUMBER, parse_unit_number
from core.service import Service
from sounds import numbers


def unit_medical(call: Call, service: Service) -> None:
    """R17: unit number, then the latest month: people, due, paid, in arrears or not."""
    unit_number = call.ask(
        "unit-number-enter", up_to=LONGEST_NUMBER, parse=parse_unit_number, malformed=MalformedNumber
    )
    latest = call.work(lambda: service.unit_contributions(unit_number))
    if latest is None:
        call.play("unit-none")
    else:
        call.play("unit-month-is", *numbers.year_month(latest.month))
        call.play("unit-people-are", *numbers.people(latest.people))
        call.play("unit-due-is", *numbers.amount(latest.due))
        call.play("unit-paid-is", *numbers.amount(latest.paid))
        call.play("unit-in-arrears" if latest.in_arrears else "unit-not-in-arrears")
