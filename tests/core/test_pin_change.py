"""Changing the PIN and resetting it (R20, R21, R23, R24, R25, R26)."""

from __future__ import annotations

import pytest

from core.cards import loss, pin_change
from core.errors import (
    CardNotUsable,
    DocumentsMissing,
    HotlineError,
    IdentificationFailed,
    NewPinMismatch,
    NotOnThisDoor,
    WeakPin,
)
from core.records.schema import Person
from core.service import Service
from core.values import CardState, Door, WeakPinReason
from tests.support.core.audit import outcomes
from tests.support.core.people import NEW_PIN, somebody_at


def may_enter(service: Service, held, pin: str) -> bool:
    try:
        service.identify(held.id_number, pin)
    except IdentificationFailed:
        return False
    return True


def test_r20_card_and_original_pin_are_enough_when_the_pin_is_not_the_default(caller, holder):
    held = holder(pin="739164")
    assert not caller.needs_id_number(held.suffix, "739164")
    permit = caller.check_original_pin(held.suffix, "739164")
    caller.change_pin(permit, NEW_PIN, NEW_PIN)
    assert may_enter(caller, held, NEW_PIN) and not may_enter(caller, held, "739164")


def test_r20_the_default_pin_needs_the_id_number_too(caller, holder):
    held, other = holder(pin="123456"), holder(pin="123456")
    assert caller.needs_id_number(held.suffix, "123456")
    for id_number in (None, other.id_number):
        with pytest.raises(IdentificationFailed):
            caller.check_original_pin(held.suffix, "123456", id_number)
    caller.change_pin(caller.check_original_pin(held.suffix, "123456", held.id_number), NEW_PIN, NEW_PIN)
    assert may_enter(caller, held, NEW_PIN)


def test_r3_what_is_asked_does_not_tell_whether_a_card_exists_or_has_the_default_pin(caller, holder):
    held = holder(pin="739164")
    for suffix in (held.suffix, "99999999"):
        assert caller.needs_id_number(suffix, "123456")
        assert not caller.needs_id_number(suffix, "739164")
        with pytest.raises(IdentificationFailed):
            caller.check_original_pin(suffix, "000000")


def test_r21_two_cards_alike_the_id_number_picks_and_one_attempt_counts_against_one(caller, holder):
    first = holder(pin="739164", card_number="A5551234X")
    second = holder(pin="852036", card_number="B5551234X")
    assert caller.needs_id_number("5551234X", "739164")
    assert caller.check_original_pin("5551234X", "852036", second.id_number).card_id == second.card_id
    for _ in range(5):
        with pytest.raises(IdentificationFailed):
            caller.check_original_pin("5551234X", "739164", second.id_number)
    with pytest.raises(HotlineError):
        caller.check_original_pin("5551234X", "739164", second.id_number)
    with pytest.raises(IdentificationFailed):
        caller.check_original_pin("5551234X", "739164")
    assert caller.check_original_pin("5551234X", "739164", first.id_number).card_id == first.card_id


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("12345", WeakPinReason.FORM),
        ("12345*", WeakPinReason.FORM),
        ("１２３４５７", WeakPinReason.FORM),
        ("123456", WeakPinReason.DEFAULT),
        ("739164", WeakPinReason.SAME_AS_ORIGINAL),
        ("111111", WeakPinReason.REPEATED),
        ("121212", WeakPinReason.REPEATED),
        ("123123", WeakPinReason.REPEATED),
        ("345678", WeakPinReason.RUN),
        ("987654", WeakPinReason.RUN),
        ("800213", WeakPinReason.BIRTH_DATE),
        ("198002", WeakPinReason.BIRTH_DATE),
        ("130280", WeakPinReason.BIRTH_DATE),
        ("213999", WeakPinReason.OWN_NUMBER),
        ("551234", WeakPinReason.OWN_NUMBER),
        ("520131", WeakPinReason.COMMON),
        ("147258", WeakPinReason.COMMON),
    ],
)
def test_r23_a_weak_pin_is_refused_with_its_reason_and_the_original_stands(caller, holder, pin, reason):
    held = holder(pin="739164", born="19800213", card_number="A5551234X")
    permit = caller.check_original_pin(held.suffix, "739164")
    for attempt in (lambda: caller.check_new_pin(permit, pin), lambda: caller.change_pin(permit, pin, pin)):
        with pytest.raises(WeakPin) as refused:
            attempt()
        assert refused.value.reason is reason
    assert may_enter(caller, held, "739164")


def test_r8_a_new_pin_that_was_refused_is_on_record_before_it_is_entered_again_and_after(context, caller, holder):
    held = holder()
    permit = caller.check_original_pin(held.suffix, held.pin)
    with pytest.raises(WeakPin):
        caller.check_new_pin(permit, "111111")
    assert outcomes(context, held)[1:] == [("change the PIN", "weak_pin reason=repeated")]
    with pytest.raises(WeakPin):
        caller.change_pin(permit, held.pin, held.pin)
    with pytest.raises(NewPinMismatch):
        caller.change_pin(permit, NEW_PIN, "480258")
    caller.check_new_pin(permit, NEW_PIN)
    assert outcomes(context, held)[2:] == [
        ("change the PIN", "weak_pin reason=same_as_original"),
        ("change the PIN", "new_pin_mismatch"),
    ]
    caller.change_pin(permit, NEW_PIN, NEW_PIN)
    assert outcomes(context, held)[4:] == [("change the PIN", "done")]


def test_r24_two_entries_that_differ_change_nothing(caller, holder):
    held = holder()
    permit = caller.check_original_pin(held.suffix, held.pin)
    with pytest.raises(NewPinMismatch):
        caller.change_pin(permit, NEW_PIN, "480258")
    assert may_enter(caller, held, held.pin)


@pytest.mark.parametrize("state", [state for state in CardState if state is not CardState.ACTIVE])
def test_r25_a_card_out_of_use_keeps_its_pin(context, caller, holder, state):
    held = holder(state=state)
    with pytest.raises(CardNotUsable) as refused:
        caller.check_original_pin(held.suffix, held.pin)
    assert refused.value.state is state
    assert outcomes(context, held) == [
        ("original PIN", "identified"),
        ("change the PIN", f"card_not_usable state={state.value}"),
    ]


def test_r25_a_loss_between_the_original_and_the_new_pin_wins(context, caller, holder):
    held = holder()
    permit = caller.check_original_pin(held.suffix, held.pin)
    loss.report_loss(context, caller.actor, held.person_id, held.card_id)
    with pytest.raises(CardNotUsable):
        caller.change_pin(permit, NEW_PIN, NEW_PIN)
    assert may_enter(caller, held, held.pin)


def test_r25_of_two_changes_with_one_original_the_second_is_refused(caller, holder):
    held = holder()
    permits = [caller.check_original_pin(held.suffix, held.pin) for _ in range(2)]
    caller.change_pin(permits[0], NEW_PIN, NEW_PIN)
    with pytest.raises(IdentificationFailed):
        caller.change_pin(permits[1], "604172", "604172")
    assert may_enter(caller, held, NEW_PIN)


def test_r25_a_change_ends_the_persons_other_sessions(context, caller, holder, clock):
    held = holder()
    caller.change_pin(caller.check_original_pin(held.suffix, held.pin), NEW_PIN, NEW_PIN)
    with context.transaction() as session:
        assert session.get_one(Person, held.person_id).sessions_ended_at == clock.moment


def test_r26_a_reset_unlocks_and_needs_card_and_document(context, caller, holder, clerk):
    held, branch = holder(), clerk(Door.BRANCH)
    for _ in range(6):
        with pytest.raises(HotlineError):
            caller.identify(held.id_number, "000000")
    seen = {"card_seen": True, "document_seen": "resident ID card"}
    with pytest.raises(DocumentsMissing):
        pin_change.reset_pin(context, branch, held.card_id, NEW_PIN, NEW_PIN, card_seen=False, document_seen="")
    with pytest.raises(WeakPin):
        pin_change.reset_pin(context, branch, held.card_id, "111111", "111111", **seen)
    for door in (Door.AGENCY, Door.PHONE, Door.WEB, Door.KIOSK):
        with pytest.raises(NotOnThisDoor):
            pin_change.reset_pin(context, somebody_at(door, "s", "w"), held.card_id, NEW_PIN, NEW_PIN, **seen)
    pin_change.reset_pin(context, branch, held.card_id, NEW_PIN, NEW_PIN, **seen)
    assert may_enter(caller, held, NEW_PIN)
