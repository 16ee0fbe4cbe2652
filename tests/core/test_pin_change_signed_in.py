"""The original PIN of somebody who is signed in (R22), and what counts as an attempt (R4)."""

from __future__ import annotations

import pytest

from core.actor import Actor
from core.cards import loss
from core.errors import CardNotUsable, IdentificationFailed, MalformedNumber, PinLocked
from core.identity import attempts
from core.identity.identification import card_subject
from core.service import Service
from core.vault import DEFAULT_PIN
from tests.support.core.audit import outcomes

NEW = "480259"


@pytest.fixture
def signed_in(context):
    """signed_in(held): their desk on the web, and themselves."""

    def sign_in(held) -> tuple[Service, object]:
        service = Service(context, Actor.web("192.0.2.7", "visit-1"))
        return service, service.identify(held.id_number, held.pin)

    return sign_in


def wrong_attempts(context, held) -> int:
    with context.transaction() as session:
        return attempts.wrong_in_a_row(session, card_subject(held.card_id))


def test_r22_the_original_pin_is_enough_for_somebody_signed_in(holder, signed_in):
    held = holder(pin="739164")
    desk, person = signed_in(held)
    desk.change_pin(desk.check_original_pin_of(person, "739164"), NEW, NEW)
    assert desk.identify(held.id_number, NEW).person_id == held.person_id


def test_r22_the_default_pin_opens_only_with_the_id_number(holder, signed_in):
    held, other = holder(pin=DEFAULT_PIN), holder()
    desk, person = signed_in(held)
    for id_number in (None, "", other.id_number):
        with pytest.raises(IdentificationFailed):
            desk.check_original_pin_of(person, DEFAULT_PIN, id_number)
    desk.change_pin(desk.check_original_pin_of(person, DEFAULT_PIN, held.id_number.lower()), NEW, NEW)
    assert not desk.identify(held.id_number, NEW).pin_is_default


def test_r22_an_id_number_that_is_given_must_be_the_persons_own(holder, signed_in):
    held, other = holder(), holder()
    desk, person = signed_in(held)
    with pytest.raises(IdentificationFailed):
        desk.check_original_pin_of(person, held.pin, other.id_number)
    assert desk.check_original_pin_of(person, held.pin, held.id_number).card_id == held.card_id


def test_r3_a_wrong_id_number_and_a_wrong_pin_are_one_answer_and_one_attempt_on_this_card(context, holder, signed_in):
    held, other = holder(), holder()
    desk, person = signed_in(held)
    attempts_made = [("000000", None), (held.pin, other.id_number), ("000000", held.id_number), (DEFAULT_PIN, None)]
    said = set()
    for count, (pin, id_number) in enumerate(attempts_made, start=1):
        with pytest.raises(IdentificationFailed) as refused:
            desk.check_original_pin_of(person, pin, id_number)
        said.add(str(refused.value))
        assert wrong_attempts(context, held) == count
    assert len(said) == 1 and wrong_attempts(context, other) == 0


def test_r4_the_sixth_wrong_original_pin_locks_the_card_on_every_channel(holder, signed_in, caller):
    held, other = holder(), holder()
    desk, person = signed_in(held)
    for _ in range(5):
        with pytest.raises(IdentificationFailed):
            desk.check_original_pin_of(person, held.pin, other.id_number)
    for pin in ("000000", held.pin):
        with pytest.raises(PinLocked):
            desk.check_original_pin_of(person, pin)
    with pytest.raises(PinLocked):
        caller.identify(held.id_number, held.pin)


def test_r1_a_malformed_id_number_costs_no_attempt(context, holder, signed_in):
    held = holder()
    desk, person = signed_in(held)
    with pytest.raises(MalformedNumber):
        desk.check_original_pin_of(person, held.pin, held.id_number[:-1])
    assert wrong_attempts(context, held) == 0


def test_r25_a_card_reported_lost_meanwhile_keeps_its_pin(context, holder, signed_in, caller):
    held = holder()
    desk, person = signed_in(held)
    loss.report_loss(context, caller.actor, held.person_id, held.card_id)
    with pytest.raises(CardNotUsable):
        desk.check_original_pin_of(person, held.pin)


def test_r47_a_failed_attempt_is_on_the_persons_own_record(context, holder, signed_in):
    held, other = holder(), holder()
    desk, person = signed_in(held)
    with pytest.raises(IdentificationFailed):
        desk.check_original_pin_of(person, held.pin, other.id_number)
    assert outcomes(context, held)[-1] == ("original PIN", "identification_failed")
    assert outcomes(context, other) == []
