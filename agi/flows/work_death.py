"""Work-death benefit by the deceased's personal number (R16)."""

from __future__ import annotations

from agi.call import Call
from core.errors import MalformedNumber
from core.numbers import LONGEST_NUMBER, parse_personal_number
from core.service import Service
from sounds import numbers


def work_death(call: Call, service: Service) -> None:
    """R16: personal number, then dependants paid, monthly amount and the month last paid."""
    personal_number = call.ask(
        "work-death-number-enter", up_to=LONGEST_NUMBER, parse=parse_personal_number, malformed=MalformedNumber
    )
    benefit = call.work(lambda: service.work_death_benefit(personal_number))
    if benefit is None:
        call.play("work-death-none")
    else:
        call.play("work-death-dependants-are", *numbers.people(benefit.dependants))
        call.play("work-death-amount-is", *numbers.amount(benefit.amount))
        call.play("benefit-last-paid", *numbers.year_month(benefit.month))
