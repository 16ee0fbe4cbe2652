"""3-1: enquiries about oneself (R1–R7, R10, R19)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import update

from core.records.schema import Contribution
from sounds import numbers
from tests.support.agi.people import ANNA, BERT, CLEO, OWN_PIN, WRONG_PIN, id_number


@pytest.fixture
def at_id_number(caller):
    caller.dials("12333").hears("welcome", "main-menu")
    caller.presses("3").is_back_at("enquiry-menu")
    return caller.presses("1").is_back_at("id-enter")


@pytest.fixture
def identified(at_id_number):
    at_id_number.presses(ANNA.id_keys, "#").is_back_at("pin-enter")
    return at_id_number.presses("123456#").is_back_at("account-menu")


def test_r10_balance_months_and_pension(identified):
    identified.hears("checking", "pin-is-default", "account-menu")
    identified.presses("1").hears("medical-balance-is", *numbers.amount(Decimal("1234.56")), "account-menu")
    identified.presses("2").hears("unemployment-months-are", *numbers.months(2), "account-menu")
    identified.presses("3")
    identified.hears("retirement-benefit-is", *numbers.amount(Decimal("3105.00")))
    identified.hears("benefit-last-paid", *numbers.year_month("2026-10"), "account-menu")


def test_r43_an_answer_can_be_heard_again(identified):
    identified.presses("1")
    answer = list(identified.heard)
    identified.presses("#")
    assert identified.heard == answer


def test_r41_star_goes_up_menu_by_menu(identified):
    identified.presses("*").is_back_at("enquiry-menu")
    identified.presses("*").is_back_at("main-menu")
    identified.presses("*").is_back_at("main-menu")


def test_r19_nothing_on_record_is_told_as_that(at_id_number):
    at_id_number.presses(CLEO.id_keys, "#").presses(OWN_PIN, "#").is_back_at("account-menu")
    at_id_number.does_not_hear("pin-is-default")
    at_id_number.presses("1").hears("medical-balance-none", "account-menu")
    at_id_number.presses("2").hears("unemployment-months-none", "account-menu")
    at_id_number.presses("3").hears("retirement-benefit-none", "account-menu")


def test_r14_months_on_record_that_nobody_paid_are_none_in_a_row(at_id_number, context):
    """Not the same as nothing on record (R19)."""
    with context.transaction() as session:
        session.execute(update(Contribution).values(paid=False))
    at_id_number.presses(ANNA.id_keys, "#").presses("123456#").is_back_at("account-menu")
    at_id_number.presses("2").hears("unemployment-months-zero", "account-menu")
    at_id_number.does_not_hear("unemployment-months-are")
    at_id_number.does_not_hear("unemployment-months-none")


def test_r1_star_is_x(at_id_number):
    at_id_number.presses(BERT.id_keys, "#").is_back_at("pin-enter")
    at_id_number.presses(OWN_PIN).is_back_at("account-menu")


def test_r42_everything_can_be_pressed_ahead(caller):
    caller.dials("12333").presses("31", ANNA.id_keys, "#123456#")
    caller.is_back_at("account-menu")


def test_keys_pressed_during_the_check_are_kept(at_id_number):
    at_id_number.presses(ANNA.id_keys, "#", "123456#", "1").hears("medical-balance-is")


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("", "no-input"),
        ("#", "entry-empty"),
        ("5001#", "entry-incomplete"),
        ("5001", "entry-incomplete"),
        ("500101710307101#", "id-fifteen-digits"),
        ("9" * 18 + "#", "id-malformed"),
        ("5001011971*3071014#", "id-malformed"),
        ("5001A1197103071014#", "entry-wrong-key"),
        ("9" * 19 + "#", "entry-too-long"),
        ("9" * 40, "entry-too-long"),
    ],
)
def test_r1_a_wrong_form_is_told_at_once_and_asked_again(at_id_number, keys, answer):
    at_id_number.presses(keys).hears(answer, "id-enter").is_back_at("id-enter")
    at_id_number.presses(ANNA.id_keys, "#").is_back_at("pin-enter")


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("", "no-input"),
        ("#", "entry-empty"),
        ("123#", "entry-incomplete"),
        ("12345A#", "entry-wrong-key"),
        ("1234567#", "entry-too-long"),
        ("1" * 40, "entry-too-long"),
    ],
)
def test_r42_only_a_complete_entry_is_a_pin_attempt(at_id_number, keys, answer):
    at_id_number.presses(ANNA.id_keys, "#")
    at_id_number.presses(keys).hears(answer, "pin-enter").does_not_hear("checking")
    at_id_number.presses("123456#").is_back_at("account-menu")


def test_r10_a_failed_pin_goes_back_to_the_id_number(at_id_number):
    at_id_number.presses(ANNA.id_keys, "#").presses(WRONG_PIN, "#")
    at_id_number.hears("identification-failed", "id-enter").is_back_at("id-enter")
    at_id_number.presses(ANNA.id_keys, "#").presses("123456#").is_back_at("account-menu")


def test_r3_an_unknown_number_gets_the_same_words(at_id_number):
    at_id_number.presses(UNKNOWN, "#").presses("123456#")
    assert at_id_number.heard == ["checking", "identification-failed", "id-enter"]


UNKNOWN = id_number(700)  # nobody has it


def test_three_failed_identifications_end_the_call(at_id_number):
    for _ in range(3):
        at_id_number.presses(ANNA.id_keys, "#").presses(WRONG_PIN, "#")
    assert at_id_number.hears("identification-failed", "too-many-failures", "goodbye").outcome == "goodbye"


def test_r42_three_failures_at_one_question_reach_the_operator_when_one_is_there(caller):
    caller.operator_status = "open"
    caller.dials("12333").presses("31").is_silent().presses("#").presses("12#")
    assert caller.hears("too-many-failures", "operator-connecting").outcome == "operator"


def test_r4_six_wrong_pins_over_several_calls_lock_the_pin(new_caller):
    for _ in range(2):
        caller = new_caller()
        caller.dials("12333").presses("31")
        for _ in range(2):
            caller.presses(ANNA.id_keys, "#", WRONG_PIN, "#").hears("identification-failed")
        caller.hangs_up()
    caller = new_caller()
    caller.dials("12333").presses("31")
    caller.presses(ANNA.id_keys, "#", WRONG_PIN, "#").hears("identification-failed")
    caller.presses(ANNA.id_keys, "#", WRONG_PIN, "#").hears("pin-locked").is_back_at("enquiry-menu")
    caller = new_caller()
    caller.dials("12333").presses("31", ANNA.id_keys, "#", "123456#")
    caller.hears("checking", "pin-locked", "enquiry-menu").is_back_at("enquiry-menu")


def test_r7_a_setting_allows_nothing_but_the_change_of_a_default_pin(caller, server_thread, context):
    server_thread.current.context = replace(context, settings=replace(context.settings, require_pin_change=True))
    caller.dials("12333").presses("31", ANNA.id_keys, "#", "123456#").hears("pin-is-default")
    caller.presses("1").hears("pin-change-required").is_back_at("account-menu")


def test_r5_a_source_with_too_many_wrong_numbers_is_refused(new_caller):
    for round_ in range(11):
        caller = new_caller()
        caller.dials("12333").presses("31")
        for serial in (round_, 100 + round_):
            caller.presses(id_number(500 + serial), "#", WRONG_PIN, "#")
    caller = new_caller()
    caller.dials("12333").presses("31", ANNA.id_keys, "#", "123456#").hears("source-refused")
    caller.is_back_at("enquiry-menu")


@pytest.mark.parametrize("keys", [(), ("3",), ("31",), ("31", ANNA.id_keys, "#"), ("31", ANNA.id_keys, "#123456#")])
def test_r45_a_hang_up_at_each_question_leaves_the_next_caller_alone(new_caller, keys):
    caller = new_caller()
    caller.dials("12333")
    if keys:
        caller.presses(*keys)
    caller.hangs_up()
    new_caller().dials("12333").presses("31", ANNA.id_keys, "#123456#").is_back_at("account-menu")
