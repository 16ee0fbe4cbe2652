"""What the record says of the person themselves (R6, R11, R12, R19, R31)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.cards import loss, replacement, reports
from core.enquiries.person_data import HealthData
from core.numbers import card_check_character
from core.records.schema import Contribution, Health, Person, Unit
from core.values import CardState, Document, Door, Insurance

WRITTEN = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM}
NEW_CARD = "D0000001" + card_check_character("D0000001")


@pytest.fixture
def held(holder):
    return holder(born="19800213")


@pytest.fixture
def person(caller, held):
    return caller.identify(held.id_number, held.pin)


def test_r11_r6_basic_data_is_masked_and_names_the_unit(context, caller, person, held):
    assert caller.basic_data(person).unit_name is None
    with context.transaction() as session:
        session.add(Unit(unit_number="6001", name="甲厂"))
        session.flush()
        row = session.get_one(Person, held.person_id)
        row.unit_number, row.phone = "6001", "023-63000001"
    data = caller.basic_data(person)
    assert (data.masked_name, data.district, data.unit_name, data.employment) == ("测*", "渝中区", "甲厂", "employed")
    assert (data.card_state, data.issued_on) == (CardState.ACTIVE, date(2020, 1, 1))
    shown = (data.masked_id_number, data.masked_card_number, data.masked_personal_number, data.masked_phone)
    whole = (held.id_number, held.card_number, held.personal_number, "023-63000001")
    for masked, number in zip(shown, whole, strict=True):
        assert "*" in masked and masked != number and masked[-1] == number[-1]
    for number in whole:
        assert number not in repr(data)


def test_r11_the_latest_paid_month_of_each_insurance_and_who_is_paying(context, caller, person):
    """It is March 2026."""
    on_record = [
        (Insurance.PENSION, "2026-01", True),
        (Insurance.PENSION, "2026-02", True),
        (Insurance.PENSION, "2026-03", False),
        (Insurance.MEDICAL, "2026-03", True),
        (Insurance.MATERNITY, "2026-01", True),
        (Insurance.WORK_INJURY, "2026-03", False),
    ]
    with context.transaction() as session:
        for insurance, month, paid in on_record:
            money = dict.fromkeys(("base", "personal_amount", "employer_amount"), Decimal(1))
            session.add(
                Contribution(
                    person_id=person.person_id,
                    insurance=insurance.value,
                    month=month,
                    unit_number="",
                    paid=paid,
                    **money,
                )
            )
    data = caller.basic_data(person)
    assert data.latest_paid == {
        Insurance.PENSION: "2026-02",
        Insurance.MEDICAL: "2026-03",
        Insurance.MATERNITY: "2026-01",
        Insurance.WORK_INJURY: None,
    }
    assert data.paying == {Insurance.PENSION, Insurance.MEDICAL}


def test_r12_r19_health_is_what_was_said_or_nothing(context, caller, person):
    assert caller.health(person) is None
    with context.transaction() as session:
        session.add(Health(person_id=person.person_id, blood_type="O", allergies="青霉素", conditions="哮喘"))
    assert caller.health(person) == HealthData("O", "青霉素", "哮喘")


def test_r31_every_report_of_ones_cards_the_newest_first_with_what_became_of_it(
    context, caller, held, person, clerk, clock, with_settings
):
    branch, began = clerk(Door.BRANCH), clock.moment
    first = caller.report_loss(person).reference
    (report,) = person_data_of(context, held, term_days=5)
    assert (report.reference, report.reported_at, report.reported_by) == (first, began, "phone")
    assert (report.written_at, report.closed_at, report.outcome, report.new_card_since) == (None, None, None, None)
    assert report.lapses_at == began + timedelta(days=5)
    assert report.masked_card_number != held.card_number and report.masked_card_number[-4:] == held.card_number[-4:]
    assert person_data_of(context, held, term_days=None)[0].lapses_at is None

    clock.passes(days=1)
    found = {Document.SOCIAL_SECURITY_CARD, Document.RESIDENT_ID_CARD}
    loss.release_loss(context, branch, held.person_id, held.card_id, found)
    clock.passes(days=1)
    loss.report_loss_in_writing(context, branch, held.person_id, held.card_id, WRITTEN)
    replacement.apply_for_replacement(context, branch, held.person_id, held.card_id)
    clock.passes(days=1)
    replacement.issue_replacement(context, branch, held.person_id, held.card_id, NEW_CARD)
    second, released = person_data_of(context, held, term_days=5)
    assert (released.reference, released.closed_at, released.outcome) == (first, began + timedelta(days=1), "released")
    assert (released.lapses_at, released.new_card_since) == (None, None), "the new card is for the loss that is open"
    assert second.written_at == second.reported_at == began + timedelta(days=2)
    assert (second.reported_by, second.new_card_since) == ("counter", began + timedelta(days=3))
    assert (second.lapses_at, second.closed_at) == (None, None)

    record = caller.loss_record(person)
    assert [report.reference for report in record.reports] == [second.reference, first]
    assert [step.operation for step in record.steps] == [
        "apply for a replacement, issue the new card",
        "apply for a replacement, issue the new card",
        "report a loss",
        "release a loss",
        "report a loss",
    ]


def person_data_of(context, held, term_days):
    with context.transaction() as session:
        return reports.loss_reports(session, held.person_id, term_days)
