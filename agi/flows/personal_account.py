"""Enquiries about oneself (R10, R19)."""

from __future__ import annotations

from agi.call import Call
from agi.flows.identification import identify
from agi.flows.operator import reach_operator
from agi.menu import Menu, walk
from core.identity.identification import Cardholder
from core.service import Service
from sounds import numbers


def personal_account(call: Call, service: Service) -> None:
    """R10: identify, then answer one question after another."""
    person = identify(call, service)
    walk(ACCOUNT_MENU, call, service, person)


def medical_balance(call: Call, service: Service, person: Cardholder) -> None:
    """R10: the balance of the medical account."""
    balance = call.work(lambda: service.medical_balance(person))
    if balance is None:
        call.play("medical-balance-none")
    else:
        call.play("medical-balance-is", *numbers.amount(balance))


def unemployment_months(call: Call, service: Service, person: Cardholder) -> None:
    """R10, R14: unemployment contributions, months in a row."""
    months = call.work(lambda: service.unemployment_months(person))
    if months is None:
        call.play("unemployment-months-none")
    elif months == 0:
        call.play("unemployment-months-zero")
    else:
        call.play("unemployment-months-are", *numbers.months(months))


def retirement_benefit(call: Call, service: Service, person: Cardholder) -> None:
    """R10: the monthly retirement benefit."""
    benefit = call.work(lambda: service.retirement_benefit(person))
    if benefit is None:
        call.play("retirement-benefit-none")
    else:
        call.play("retirement-benefit-is", *numbers.amount(benefit.amount))
        call.play("benefit-last-paid", *numbers.year_month(benefit.month))


ACCOUNT_MENU = Menu(
    "account-menu",
    {
        "1": medical_balance,
        "2": unemployment_months,
        "3": retirement_benefit,
        "0": reach_operator,
    },
)
