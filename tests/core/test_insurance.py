"""What each insurance has on record, month by month and year by year (R11, R12, R14, R19)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from core.enquiries.insurance import MonthStatus, month_before, months_between
from core.records.schema import Benefit, Contribution, MedicalAccount, Unit
from core.values import BenefitKind, Insurance

FIRST, SECOND = "6001", "6002"
NOTHING = Decimal(0)


@pytest.fixture
def person(caller, holder):
    held = holder()
    return caller.identify(held.id_number, held.pin)


@pytest.fixture
def put(context, person):
    """put("2026-02", 5000, "25.00", "26.00") is a month of pension contributions."""
    with context.transaction() as session:
        session.add_all([Unit(unit_number=FIRST, name="甲厂"), Unit(unit_number=SECOND, name="乙厂")])

    def add(month, base, personal, employer, unit=FIRST, paid=True, insurance=Insurance.PENSION) -> None:
        with context.transaction() as session:
            session.add(
                Contribution(
                    person_id=person.person_id,
                    insurance=insurance.value,
                    month=month,
                    unit_number=unit,
                    base=Decimal(base),
                    personal_amount=Decimal(personal),
                    employer_amount=Decimal(employer),
                    paid=paid,
                )
            )

    return add


def benefit(person, kind: str, month: str, amount: str = "10.00", dependants: int = 0) -> Benefit:
    number = person.personal_number
    return Benefit(personal_number=number, kind=kind, month=month, amount=Decimal(amount), dependants=dependants)


def test_r14_a_month_with_several_rows_is_one_month_and_its_paid_rows_are_added(caller, person, put):
    put("2026-01", 4000, "20.00", "30.00")
    put("2026-01", 5000, "25.50", "26.25", unit=SECOND)
    put("2026-01", 9000, "99.00", "99.00", unit="", paid=False)
    (month,) = caller.insurance_page(person, Insurance.PENSION).record.months
    assert (month.month, month.status, month.counts) == ("2026-01", MonthStatus.PAID, True)
    assert (month.base, month.personal, month.employer) == (Decimal(5000), Decimal("45.50"), Decimal("56.25"))
    assert month.units == ("甲厂", "乙厂")


def test_r14_a_month_of_which_nothing_was_paid_and_one_between_are_no_months_that_count(caller, person, put):
    put("2025-11", 4000, "20.00", "30.00")
    put("2025-12", 4000, "21.00", "31.00", paid=False)
    put("2026-02", 4000, "22.00", "32.00")
    record = caller.insurance_page(person, Insurance.PENSION).record
    assert [(month.month, month.status.value, month.counts) for month in record.months] == [
        ("2025-11", "paid", True),
        ("2025-12", "unpaid", False),
        ("2026-01", "gap", False),
        ("2026-02", "paid", True),
    ]
    unpaid, gap = record.months[1:3]
    assert (unpaid.base, unpaid.personal, unpaid.employer, unpaid.units) == (Decimal(4000), NOTHING, NOTHING, ("甲厂",))
    assert (gap.base, gap.personal, gap.employer, gap.units) == (None, NOTHING, NOTHING, ())
    assert (record.since, record.latest_paid, record.months_paid, record.months_in_a_row) == (
        "2025-11",
        "2026-02",
        2,
        1,
    )
    assert [(year.year, year.months_paid, year.personal, year.employer, year.total) for year in record.years] == [
        (2026, 1, Decimal(22), Decimal(32), Decimal(54)),
        (2025, 1, Decimal(20), Decimal(30), Decimal(50)),
    ]
    assert [month.month for month in record.months_of(2025)] == ["2025-11", "2025-12"]
    assert record.months_of(2024) == ()


@pytest.mark.parametrize(
    ("latest", "paying"), [("2026-03", True), ("2026-02", True), ("2026-01", False), ("2025-03", False)]
)
def test_r11_who_paid_this_month_or_last_is_paying(caller, person, put, latest, paying):
    """It is March 2026."""
    put(latest, 4000, "20.00", "30.00")
    assert caller.insurance_page(person, Insurance.PENSION).record.paying is paying


def test_r11_who_never_paid_what_is_on_record_is_not_paying_and_has_no_latest_month(caller, person, put):
    put("2026-03", 4000, "20.00", "30.00", paid=False)
    record = caller.insurance_page(person, Insurance.PENSION).record
    assert (record.paying, record.latest_paid, record.months_paid, record.months_in_a_row) == (False, None, 0, 0)


def test_r19_an_insurance_without_a_record_is_none_and_one_row_is_no_other_insurances(caller, person, put):
    put("2026-03", 4000, "20.00", "30.00")
    for insurance in set(Insurance) - {Insurance.PENSION}:
        page = caller.insurance_page(person, insurance)
        assert (page.record, page.balance, page.benefits) == (None, None, ())


def test_r11_medical_has_a_balance_and_the_others_what_was_paid_last(context, caller, person):
    kinds = ("retirement", "unemployment", "work_injury", "maternity")
    months = list(months_between("2025-02", "2026-02"))
    with context.transaction() as session:
        session.add(MedicalAccount(person_id=person.person_id, balance=Decimal("12.34")))
        session.add_all(benefit(person, kind, month, dependants=2) for kind in kinds for month in months)
    page = caller.insurance_page(person, Insurance.MEDICAL)
    assert (page.balance, page.benefits) == (Decimal("12.34"), ())
    own = {
        Insurance.PENSION: "retirement",
        Insurance.UNEMPLOYMENT: "unemployment",
        Insurance.WORK_INJURY: "work_injury",
        Insurance.MATERNITY: "maternity",
    }
    for insurance, kind in own.items():
        page = caller.insurance_page(person, insurance)
        assert page.balance is None
        assert [paid.month for paid in page.benefits] == months[:0:-1], "the newest twelve, the newest first"
        assert {(paid.kind, paid.amount, paid.dependants) for paid in page.benefits} == {(kind, Decimal("10.00"), 2)}


def test_r12_benefits_of_several_kinds_are_told_apart_and_one_without_a_record_is_left_out(context, caller, person):
    with context.transaction() as session:
        session.add_all([benefit(person, "retirement", "2026-01"), benefit(person, "work_injury", "2026-02", "20.00")])
    paid = caller.benefits_paid(person, (BenefitKind.WORK_INJURY, BenefitKind.MATERNITY, BenefitKind.RETIREMENT))
    assert {kind: [(each.month, each.amount) for each in rows] for kind, rows in paid.items()} == {
        "work_injury": [("2026-02", Decimal(20))],
        "retirement": [("2026-01", Decimal(10))],
    }


def test_r11_the_record_to_take_away_has_every_insurance_on_record_and_a_reference(context, caller, person, put):
    put("2026-02", 4000, "20.00", "30.00")
    put("2026-03", 4000, "20.00", "30.00", insurance=Insurance.MEDICAL)
    put("2025-07", 4000, "20.00", "30.00", insurance=Insurance.MATERNITY, unit="")
    statements = [caller.statement(person) for _ in range(2)]
    for statement in statements:
        assert [(each.insurance, each.since, each.paying) for each in statement.records] == [
            (Insurance.PENSION, "2026-02", True),
            (Insurance.MEDICAL, "2026-03", True),
            (Insurance.MATERNITY, "2025-07", False),
        ]
        assert len(statement.reference) == 10 and statement.reference.isdecimal()
        assert statement.made_at == context.now() and statement.data.district == "渝中区"
    assert statements[0].reference != statements[1].reference


def test_r12_employment_is_the_person_and_their_unemployment_insurance(caller, person, put):
    put("2026-02", 4000, "20.00", "30.00", insurance=Insurance.UNEMPLOYMENT)
    data, page = caller.employment(person)
    assert data.employment == "employed" and page.record.insurance is Insurance.UNEMPLOYMENT


def test_months_go_on_over_the_end_of_a_year():
    assert month_before("2026-01") == "2025-12" and month_before("2026-12") == "2026-11"
    assert list(months_between("2025-11", "2026-02")) == ["2025-11", "2025-12", "2026-01", "2026-02"]
    assert list(months_between("2026-02", "2026-02")) == ["2026-02"]
