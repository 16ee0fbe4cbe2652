"""3-2 to 3-5: benefits and contributions by number, and the catalogue (R15–R19)."""

from decimal import Decimal

import pytest

from sounds import numbers
from tests.support.agi.people import ANNA, NOBODY, UNIT, UNIT_PAID_UP


@pytest.fixture
def enquiries(caller):
    return caller.dials("12333").presses("3").is_back_at("enquiry-menu")


def test_r15_work_injury(enquiries):
    enquiries.presses("2").is_back_at("personal-number-enter")
    enquiries.presses(ANNA.personal_number, "#")
    enquiries.hears("work-injury-is", *numbers.amount(Decimal("1005.00")))
    enquiries.hears("benefit-last-paid", *numbers.year_month("2026-10")).is_back_at("enquiry-menu")


def test_r16_work_death(enquiries):
    enquiries.presses("3").is_back_at("work-death-number-enter")
    enquiries.presses(ANNA.personal_number, "#")
    enquiries.hears("work-death-dependants-are", *numbers.people(2))
    enquiries.hears("work-death-amount-is", *numbers.amount(Decimal("2000.05")))
    enquiries.hears("benefit-last-paid", *numbers.year_month("2026-10")).is_back_at("enquiry-menu")


def test_r17_a_unit_in_arrears(enquiries):
    enquiries.presses("4").is_back_at("unit-number-enter")
    enquiries.presses(UNIT, "#")
    enquiries.hears("unit-month-is", *numbers.year_month("2026-10"), "unit-people-are", *numbers.people(110))
    enquiries.hears("unit-due-is", *numbers.amount(Decimal("5000.00")))
    enquiries.hears("unit-paid-is", *numbers.amount(Decimal("4000.00")), "unit-in-arrears")
    enquiries.is_back_at("enquiry-menu")


def test_r17_a_unit_that_has_paid(enquiries):
    enquiries.presses("4", UNIT_PAID_UP, "#").hears("unit-not-in-arrears").does_not_hear("unit-in-arrears")


def test_r18_the_catalogue_is_on_the_web(enquiries):
    enquiries.presses("5").hears("catalogue-on-the-web", "enquiry-menu").is_back_at("enquiry-menu")


@pytest.mark.parametrize(("key", "answer"), [("2", "work-injury-none"), ("3", "work-death-none"), ("4", "unit-none")])
def test_r19_nothing_on_record_is_told_as_that(enquiries, key, answer):
    enquiries.presses(key).presses(NOBODY, "#").hears(answer).is_back_at("enquiry-menu")


@pytest.mark.parametrize("key", ["2", "3", "4"])
@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("", "no-input"),
        ("#", "entry-empty"),
        ("1234", "entry-no-hash"),
        ("12D4#", "entry-wrong-key"),
        ("1" * 21 + "#", "entry-too-long"),
    ],
)
def test_r42_what_is_wrong_is_told_apart(enquiries, key, keys, answer):
    enquiries.presses(key).presses(keys).hears(answer)
    enquiries.presses("12*", NOBODY, "#").is_back_at("enquiry-menu")


def test_r43_an_answer_can_be_heard_again(enquiries):
    enquiries.presses("4", UNIT, "#")
    answer = list(enquiries.heard)
    assert enquiries.presses("#").heard == answer[answer.index("unit-month-is") :]
