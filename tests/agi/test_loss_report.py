"""5-2: loss report (R30–R33)."""

import time

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.records.database import open_database
from core.records.schema import Card, LossReport
from core.values import CardState
from sounds import numbers
from tests.support.agi.people import ANNA, BERT, OWN_PIN, STATES, WRONG_PIN


@pytest.fixture
def database(context):
    engine = open_database(context.settings)
    yield engine
    engine.dispose()


def state_of(database, citizen) -> CardState:
    with Session(database) as session:
        return session.scalar(select(Card.state).where(Card.card_number == citizen.card_number))


def reports(database) -> int:
    with Session(database) as session:
        return session.scalar(select(func.count()).select_from(LossReport))


@pytest.fixture
def at_confirmation(caller):
    caller.dials("12333").presses("5").is_back_at("card-menu")
    caller.presses("2").is_back_at("id-enter")
    caller.presses(BERT.id_keys, "#").is_back_at("pin-enter")
    return caller.presses(OWN_PIN, "#").is_back_at("loss-confirm")


def test_r30_confirmed_is_reported(at_confirmation, database):
    at_confirmation.presses("1").hears("loss-reported", "loss-what-next", "loss-reference-is")
    at_confirmation.is_back_at("loss-reference-repeat")
    assert state_of(database, BERT) is CardState.LOSS_REPORTED
    with Session(database) as session:
        reference = session.scalar(select(LossReport.reference))
    at_confirmation.hears("loss-reference-is", *numbers.digits(reference))


def test_r31_the_reference_can_be_repeated(at_confirmation):
    at_confirmation.presses("1")
    first = at_confirmation.heard[at_confirmation.heard.index("loss-reported") :]
    assert at_confirmation.presses("#").heard == first
    at_confirmation.presses("*").is_back_at("card-menu")


@pytest.mark.parametrize("key", ["2", "0", "#", "*", "", "A"])
def test_r30_anything_else_reports_nothing_and_says_so(at_confirmation, database, key):
    at_confirmation.presses(key).hears("loss-not-confirmed").is_back_at("card-menu")
    assert state_of(database, BERT) is CardState.ACTIVE
    assert reports(database) == 0


def test_r30_hanging_up_reports_nothing(at_confirmation, database):
    at_confirmation.hangs_up()
    assert state_of(database, BERT) is CardState.ACTIVE


def test_r42_a_key_pressed_ahead_never_confirms(caller, database):
    caller.dials("12333").presses("52", BERT.id_keys, "#", OWN_PIN, "#", "1111")
    caller.is_back_at("loss-confirm")
    assert state_of(database, BERT) is CardState.ACTIVE
    caller.is_silent().hears("loss-not-confirmed")


def test_r32_a_second_report_changes_nothing_and_says_so(at_confirmation, database):
    at_confirmation.presses("1")
    reference = at_confirmation.heard[at_confirmation.heard.index("loss-reference-is") :]
    at_confirmation.presses("*2", BERT.id_keys, "#", OWN_PIN, "#").is_back_at("loss-confirm")
    at_confirmation.presses("1").hears("loss-already-reported", *reference).does_not_hear("loss-reported")
    assert reports(database) == 1


def test_r33_enquiries_stay_possible(at_confirmation, new_caller):
    at_confirmation.presses("1")
    new_caller().dials("12333").presses("31", BERT.id_keys, "#", OWN_PIN, "#").is_back_at("account-menu")


def test_r7_a_default_pin_is_told_before_the_confirmation(caller, database):
    caller.dials("12333").presses("52", ANNA.id_keys, "#123456#").hears("pin-is-default", "loss-confirm")
    caller.presses("1").hears("loss-reported")
    assert state_of(database, ANNA) is CardState.LOSS_REPORTED


def test_r30_a_locked_pin_is_told_of_the_branch_and_offered_the_operator(new_caller):
    for _ in range(3):
        caller = new_caller()
        caller.dials("12333").presses("31")
        for _ in range(2):
            caller.presses(BERT.id_keys, "#", WRONG_PIN, "#")
        caller.hangs_up()
    caller = new_caller()
    caller.operator_status = "open"
    caller.dials("12333").presses("52", BERT.id_keys, "#", OWN_PIN, "#")
    caller.hears("loss-pin-locked", "operator-offer").is_back_at("operator-offer")
    assert caller.presses("0").hears("operator-connecting").outcome == "operator"


@pytest.mark.parametrize("state", [CardState.LOSS_REPORTED, CardState.LOSS_WRITTEN, CardState.REPLACEMENT_APPLIED])
def test_r32_every_reported_state_is_told(caller, database, state):
    citizen = STATES[state]
    caller.dials("12333").presses("52", citizen.id_keys, "#", OWN_PIN, "#").is_back_at("loss-confirm")
    caller.presses("1").hears("loss-already-reported")
    assert state_of(database, citizen) is state


def test_r30_a_card_that_was_cancelled_meanwhile_is_told(at_confirmation, database):
    with database.begin() as connection:
        connection.execute(update(Card).values(state=CardState.CANCELLED))
    at_confirmation.presses("1").hears("loss-no-card").is_back_at("card-menu")
    assert reports(database) == 0


def test_r45_hanging_up_while_the_report_is_made_leaves_nothing_half_done(at_confirmation, database):
    at_confirmation.presses_and_hangs_up("1")
    for _ in range(50):
        if reports(database):
            break
        time.sleep(0.02)
    reported = state_of(database, BERT) is CardState.LOSS_REPORTED
    assert reports(database) == int(reported)


def test_r10_a_failed_pin_goes_back_to_the_id_number(caller):
    caller.dials("12333").presses("52", BERT.id_keys, "#", WRONG_PIN, "#").hears("identification-failed")
    caller.is_back_at("id-enter")
