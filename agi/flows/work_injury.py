"""Work-injury benefit by personal number (R15)."""

from __future__ import annotations

from agi.call import Call
from core.errors import MalformedNumber
from core.numbers import LONGEST_NUMBER, parse_personal_number
from core.service import Service
from sounds import numbers


def work_injury(call: Call, service: Service) -> None:
    """R15: personal number, then the monthly amount and the month last paid."""
    personal_number = call.ask(
        "personal-number-enter", up_to=LONGEST_NUMBER, parse=parse_personal_number, malformed=MalformedNumber
    )
    benefit = call.work(lambda: service.work_injury_benefit(personal_number))
    if benefit is None:
        call.play("work-injury-none")
    else:
        call.play("work-injury-is", *numbers.amount(benefit.amount))
        call.play("benefit-last-paid", *numbers.year_month(benefit.month))
