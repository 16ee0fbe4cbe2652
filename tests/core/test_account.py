"""What is on record (R10, R14, R15, R16, R17, R19)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.enquiries.account import months_in_a_row
from core.records.schema import Benefit, Contribution, MedicalAccount, Unit, UnitMedical
from tests.support.core.people import put


def contribution(held, month: str, paid: bool, unit: str = "") -> Contribution:
    money = {"base": Decimal(5000), "personal_amount": Decimal(25), "employer_amount": Decimal(25)}
    return Contribution(
        person_id=held.person_id, insurance="unemployment", month=month, paid=paid, unit_number=unit, **money
    )


def test_r19_nothing_on_record_is_none_and_not_zero(caller, holder):
    held = holder()
    person = caller.identify(held.id_number, held.pin)
    assert caller.medical_balance(person) is None
    assert caller.unemployment_months(person) is None
    assert caller.retirement_benefit(person) is None
    assert caller.work_injury_benefit(held.personal_number) is None
    assert caller.work_death_benefit("1") is None
    assert caller.unit_contributions("1") is None


def test_r10_the_three_answers_of_the_personal_account(context, caller, holder):
    held = holder()
    put(
        context,
        MedicalAccount(person_id=held.person_id, balance=Decimal("1234.56")),
        *(contribution(held, month, paid=True) for month in ("2025-12", "2026-01", "2026-02")),
        Benefit(
            personal_number=held.personal_number, kind="retirement", month="2026-01", amount=Decimal(1), dependants=0
        ),
        Benefit(
            personal_number=held.personal_number,
            kind="retirement",
            month="2026-02",
            amount=Decimal("3100.05"),
            dependants=0,
        ),
    )
    person = caller.identify(held.id_number, held.pin)
    assert caller.medical_balance(person) == Decimal("1234.56")
    assert caller.unemployment_months(person) == 3
    benefit = caller.retirement_benefit(person)
    assert (benefit.amount, benefit.month) == (Decimal("3100.05"), "2026-02")


def test_r14_a_month_counts_once_and_only_if_paid(context, caller, holder):
    held = holder()
    put(
        context,
        contribution(held, "2025-09", paid=True),
        contribution(held, "2025-10", paid=False),
        contribution(held, "2025-11", paid=False, unit="u1"),
        contribution(held, "2025-11", paid=True, unit="u2"),
        contribution(held, "2025-12", paid=True, unit="u1"),
        contribution(held, "2025-12", paid=True, unit="u2"),
        contribution(held, "2026-01", paid=False),
    )
    assert caller.unemployment_months(caller.identify(held.id_number, held.pin)) == 2


def test_r14_rows_of_which_none_was_paid_are_zero_months(context, caller, holder):
    held = holder()
    put(context, contribution(held, "2025-10", paid=False))
    assert caller.unemployment_months(caller.identify(held.id_number, held.pin)) == 0


@given(st.sets(st.integers(2000 * 12, 2003 * 12)))
def test_r14_months_in_a_row_by_an_independent_reading(months):
    expected = 0
    for month in range(max(months, default=0), 0, -1):
        if month not in months:
            break
        expected += 1
    names = [f"{m // 12 if m % 12 else m // 12 - 1:04d}-{m % 12 or 12:02d}" for m in months]
    assert months_in_a_row(names + names) == expected


@pytest.mark.parametrize(
    ("kind", "ask"), [("work_injury", "work_injury_benefit"), ("work_death", "work_death_benefit")]
)
def test_r15_r16_the_latest_month_by_personal_number(context, caller, kind, ask):
    for month, amount in (("2026-01", 900), ("2025-12", 800)):
        put(context, Benefit(personal_number="42", kind=kind, month=month, amount=Decimal(amount), dependants=2))
    found = getattr(caller, ask)("42")
    assert (found.amount, found.month, found.dependants) == (Decimal(900), "2026-01", 2)


@pytest.mark.parametrize(("paid", "in_arrears"), [("100.00", False), ("99.99", True)])
def test_r17_a_unit_is_in_arrears_if_any_month_is(context, caller, paid, in_arrears):
    put(context, Unit(unit_number="88", name="某单位"))
    for month, sum_paid in (("2025-12", paid), ("2026-01", "100.00")):
        put(
            context,
            UnitMedical(unit_number="88", month=month, people=1200, due=Decimal(100), paid=Decimal(sum_paid)),
        )
    found = caller.unit_contributions("88")
    assert (found.month, found.people, found.in_arrears) == ("2026-01", 1200, in_arrears)
