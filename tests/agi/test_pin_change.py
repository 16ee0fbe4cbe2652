"""5-1: PIN change (R20–R25)."""

import pytest

from core.actor import Actor
from core.service import Service
from core.values import CardState
from tests.support.agi.people import (
    ANNA,
    BERT,
    NEW_PIN,
    OTHER_PIN,
    OTHER_TWIN,
    OWN_PIN,
    STATES,
    TWIN,
    WRONG_PIN,
)


@pytest.fixture
def at_card_number(caller):
    caller.dials("12333").presses("5").is_back_at("card-menu")
    return caller.presses("1").is_back_at("card-enter-last-8")


@pytest.fixture
def at_new_pin(at_card_number):
    return at_card_number.presses(BERT.suffix_keys, "#", OWN_PIN, "#").is_back_at("pin-enter-new")


@pytest.fixture
def signs_in(new_caller):
    """Whether a PIN opens someone's account."""

    def try_it(citizen, pin: str) -> bool:
        caller = new_caller()
        caller.dials("12333").presses("31", citizen.id_keys, "#", pin, "#")
        right = "account-menu" in caller.heard
        caller.hangs_up()
        return right

    return try_it


def test_r20_a_default_pin_needs_the_id_number(at_card_number, signs_in):
    at_card_number.presses(ANNA.suffix_keys, "#").is_back_at("pin-enter-original")
    at_card_number.presses("123456#").is_back_at("id-enter")
    at_card_number.presses(ANNA.id_keys, "#").is_back_at("pin-enter-new")
    at_card_number.presses(NEW_PIN, "#").is_back_at("pin-enter-new-again")
    at_card_number.presses(NEW_PIN, "#").is_back_at("card-menu")
    assert at_card_number.heard == ["checking", "pin-changed", "card-menu"]
    assert signs_in(ANNA, NEW_PIN)
    assert not signs_in(ANNA, "123456")


def test_r20_another_pin_does_not_and_star_is_x(at_new_pin, signs_in):
    at_new_pin.presses(NEW_PIN, "#").presses(NEW_PIN, "#").hears("pin-changed")
    assert signs_in(BERT, NEW_PIN)


def test_r21_the_id_number_picks_one_of_two_cards(at_card_number, signs_in):
    at_card_number.presses(OTHER_TWIN.suffix_keys, "#", OTHER_PIN, "#").is_back_at("id-enter")
    at_card_number.presses(OTHER_TWIN.id_keys, "#").is_back_at("pin-enter-new")
    at_card_number.presses(NEW_PIN, "#", NEW_PIN, "#").hears("pin-changed")
    assert signs_in(OTHER_TWIN, NEW_PIN)
    assert signs_in(TWIN, OWN_PIN)


def test_r20_a_wrong_original_pin_goes_back_to_the_card_number(at_card_number):
    at_card_number.presses(BERT.suffix_keys, "#", WRONG_PIN, "#").hears("pin-card-failed")
    at_card_number.is_back_at("card-enter-last-8")
    at_card_number.presses(BERT.suffix_keys, "#", OWN_PIN, "#").is_back_at("pin-enter-new")


def test_r3_an_unknown_card_gets_the_same_words(at_card_number):
    heard = []
    for suffix in ("00000000", BERT.suffix_keys):
        at_card_number.presses(suffix, "#").presses(WRONG_PIN, "#")
        heard.append(at_card_number.heard)
    assert heard == [["checking", "pin-card-failed", "card-enter-last-8"]] * 2


def test_r24_two_entries_that_differ_are_both_asked_again(at_new_pin, signs_in):
    at_new_pin.presses(NEW_PIN, "#", OTHER_PIN, "#").hears("pin-mismatch").is_back_at("pin-enter-new")
    assert signs_in(BERT, OWN_PIN)
    at_new_pin.presses(NEW_PIN, "#", NEW_PIN, "#").hears("pin-changed")
    assert signs_in(BERT, NEW_PIN)


@pytest.mark.parametrize(
    ("pin", "answer"),
    [
        ("123456", "pin-weak-default"),
        (OWN_PIN, "pin-weak-same-as-original"),
        ("121212", "pin-weak-repeated"),
        ("987654", "pin-weak-run"),
        (BERT.id_number[2:8], "pin-weak-own-number"),
        (BERT.id_number[8:14], "pin-weak-birth-date"),
        ("520131", None),
    ],
)
def test_r23_a_weak_pin_is_told_which_rule_before_it_is_asked_twice(at_new_pin, pin, answer):
    at_new_pin.presses(pin, "#")
    if answer:
        at_new_pin.hears(answer).is_back_at("pin-enter-new")


def test_r24_three_failures_leave_the_original_pin(at_new_pin, signs_in):
    at_new_pin.presses("123456#").presses("987654#").presses("111111#")
    assert at_new_pin.hears("pin-unchanged", "too-many-failures", "goodbye").outcome == "goodbye"
    assert signs_in(BERT, OWN_PIN)


@pytest.mark.parametrize("question", ["pin-enter-new", "pin-enter-new-again"])
def test_r42_silence_at_the_new_pin_changes_nothing(at_new_pin, signs_in, question):
    if question == "pin-enter-new-again":
        at_new_pin.presses(NEW_PIN, "#")
    at_new_pin.is_back_at(question).is_silent().hears("no-input").is_silent().is_silent()
    assert at_new_pin.hears("pin-unchanged").outcome == "goodbye"
    assert signs_in(BERT, OWN_PIN)


def test_r25_a_pin_that_was_changed_on_the_web_meanwhile_is_not_changed_again(at_new_pin, signs_in, context):
    at_new_pin.presses(NEW_PIN, "#").is_back_at("pin-enter-new-again")
    web = Service(context, Actor.web("192.0.2.1"))
    web.change_pin(web.check_original_pin(BERT.card_number[1:], OWN_PIN), OTHER_PIN, OTHER_PIN)
    at_new_pin.presses(NEW_PIN, "#").hears("pin-unchanged").does_not_hear("pin-changed")
    at_new_pin.is_back_at("card-menu")
    assert signs_in(BERT, OTHER_PIN) and not signs_in(BERT, NEW_PIN)


@pytest.mark.parametrize(
    ("state", "answer"),
    [
        (CardState.LOSS_REPORTED, "card-reported"),
        (CardState.LOSS_WRITTEN, "card-reported"),
        (CardState.REPLACEMENT_APPLIED, "card-replacement-applied"),
    ],
)
def test_r25_a_card_that_is_not_active_keeps_its_pin(at_card_number, state, answer):
    citizen = STATES[state]
    at_card_number.presses(citizen.suffix_keys, "#", OWN_PIN, "#").hears(answer).is_back_at("card-menu")


@pytest.mark.parametrize(
    "keys",
    [
        (),
        (BERT.suffix_keys, "#"),
        (BERT.suffix_keys, "#", OWN_PIN, "#"),
        (BERT.suffix_keys, "#", OWN_PIN, "#", NEW_PIN, "#"),
    ],
)
def test_r45_a_hang_up_at_each_question_changes_nothing(at_card_number, signs_in, keys):
    if keys:
        at_card_number.presses(*keys)
    at_card_number.hangs_up()
    assert signs_in(BERT, OWN_PIN)


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        ("", "no-input"),
        ("#", "entry-empty"),
        ("1234#", "entry-incomplete"),
        ("1*345678#", "card-malformed"),
        ("B2345678#", "entry-wrong-key"),
        ("123456789#", "entry-too-long"),
    ],
)
def test_r42_what_is_wrong_with_a_card_number_is_told_apart(at_card_number, keys, answer):
    at_card_number.presses(keys).hears(answer).is_back_at("card-enter-last-8")
