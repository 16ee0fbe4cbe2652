"""Who is calling, and how often they may be wrong (R1, R2, R3, R4, R5, R6, R7)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from core.actor import Actor
from core.errors import (
    CardNotUsable,
    HotlineError,
    IdentificationFailed,
    MalformedNumber,
    PinChangeRequired,
    PinLocked,
    SourceRefused,
)
from core.service import Service
from core.values import CardState, Door
from tests.support.core.audit import outcomes
from tests.support.core.people import NOBODY, somebody_at


def answer(service: Service, id_number: str, pin: str) -> str:
    """What identification answers, as a word."""
    try:
        service.identify(id_number, pin)
    except HotlineError as refusal:
        return type(refusal).__name__
    return "welcome"


def wrong(service: Service, held, times: int) -> list[str]:
    return [answer(service, held.id_number, "000000") for _ in range(times)]


def test_r2_id_number_and_pin_identify_a_person(caller, holder):
    held = holder(pin="739164")
    person = caller.identify(held.id_number, "739164")
    assert (person.person_id, person.pin_is_default) == (held.person_id, False)
    assert held.id_number not in repr(person)


def test_r1_a_malformed_number_costs_no_attempt(caller, holder):
    held = holder()
    for _ in range(30):
        with pytest.raises(MalformedNumber):
            caller.identify(held.id_number[:-1], "000000")
    assert answer(caller, held.id_number, held.pin) == "welcome"


def test_r3_nobody_and_a_wrong_pin_get_the_same_answers_until_both_lock(caller, holder):
    held = holder()
    known = wrong(caller, held, 8)
    unknown = [answer(caller, NOBODY, "000000") for _ in range(8)]
    assert known == unknown == ["IdentificationFailed"] * 5 + ["PinLocked"] * 3


def test_r3_a_default_pin_that_is_wrong_for_the_card_is_wrong(caller, holder):
    assert answer(caller, holder(pin="739164").id_number, "123456") == "IdentificationFailed"


def test_r4_a_locked_pin_refuses_the_right_pin_too(caller, holder):
    held = holder()
    wrong(caller, held, 6)
    assert answer(caller, held.id_number, held.pin) == "PinLocked"


def test_r4_a_right_pin_sets_the_count_to_zero(caller, holder):
    held = holder()
    for _ in range(3):
        assert wrong(caller, held, 5) == ["IdentificationFailed"] * 5
        assert answer(caller, held.id_number, held.pin) == "welcome"


def test_r4_the_count_is_one_over_all_channels(context, holder):
    held = holder()
    doors = [Actor.phone("1", "a"), somebody_at(Door.WEB, "web:1", "b"), somebody_at(Door.KIOSK, "kiosk:1", "c")]
    for actor in doors:
        wrong(Service(context, actor), held, 2)
    assert answer(Service(context, doors[0]), held.id_number, held.pin) == "PinLocked"


def test_r33_one_attempt_with_a_lost_card_leaves_one_row(context, holder):
    """Nobody reads that they were let in, and in the same minute that they were not."""
    held, kiosk = holder(state=CardState.LOSS_REPORTED), Service(context, Actor.kiosk(7, "a hall"))
    with pytest.raises(CardNotUsable):
        kiosk.identify_card(held.card_number, held.pin)
    assert outcomes(context, held) == [("identify by card", str(CardNotUsable(CardState.LOSS_REPORTED)))]


def test_r4_of_many_attempts_at_once_no_more_than_six_are_compared(context, holder, monkeypatch):
    held, compared = holder(), []
    real = context.vault.is_right
    monkeypatch.setattr(context.vault, "is_right", lambda *given: compared.append(1) or real(*given))
    generous = replace(context, settings=replace(context.settings, source_wrong_limit=1000))
    desks = [Service(generous, Actor.phone(str(n % 7), f"call-{n}")) for n in range(48)]
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda desk: answer(desk, held.id_number, "000000"), desks))
    assert len(compared) == 6
    assert answers.count("IdentificationFailed") == 5
    assert answers.count("PinLocked") == 43


def test_r5_a_source_with_too_many_wrong_attempts_waits_for_the_hour(caller, holder, clock):
    victims = [holder() for _ in range(22)]
    answers = [answer(caller, victim.id_number, "111222") for victim in victims]  # one PIN over many people
    assert answers == ["IdentificationFailed"] * 21 + ["SourceRefused"]
    assert answer(caller, victims[0].id_number, victims[0].pin) == "SourceRefused"
    assert answer(caller, NOBODY, "000000") == "SourceRefused"
    clock.passes(minutes=59)
    assert answer(caller, victims[0].id_number, victims[0].pin) == "SourceRefused"
    clock.passes(minutes=2)
    assert answer(caller, victims[0].id_number, victims[0].pin) == "welcome"


def test_r5_another_source_is_not_refused_and_a_counter_never(context, holder, caller):
    held = holder()
    for _ in range(25):
        answer(caller, holder().id_number, "111222")
    assert answer(Service(context, Actor.phone("02300000002", "x")), held.id_number, held.pin) == "welcome"
    counter = Service(context, somebody_at(Door.BRANCH, "counter", "clerk", "branch"))
    assert [answer(counter, holder().id_number, "111222") for _ in range(25)] == ["IdentificationFailed"] * 25


def test_r5_callers_without_a_number_share_a_source():
    assert Actor.phone(None, "a").source == Actor.phone("anonymous", "b").source == Actor.phone("", "c").source


def test_r6_neither_pin_nor_number_is_kept_readable(context, caller, holder):
    held = holder(pin="739164")
    answer(caller, held.id_number, "918273")
    answer(caller, NOBODY, "918273")
    with context.transaction() as session:
        for table in ("cards", "pin_attempts", "source_attempts", "audit_events"):
            text = str(session.connection().exec_driver_sql(f"SELECT * FROM {table}").all())
            assert "739164" not in text and "918273" not in text
            if table != "cards":
                assert NOBODY not in text and held.id_number not in text and held.card_number not in text


def test_r7_the_default_pin_is_known_as_such_and_may_be_made_to_open_nothing(with_settings, holder, caller):
    held = holder(pin="123456")
    person = caller.identify(held.id_number, "123456")
    assert person.pin_is_default
    assert caller.medical_balance(person) is None
    strict = Service(with_settings(require_pin_change=True), caller.actor)
    with pytest.raises(PinChangeRequired):
        strict.medical_balance(person)
    assert strict.report_loss(person).reference


def test_r8_every_attempt_is_on_record(context, caller, holder):
    held = holder()
    wrong(caller, held, 1)
    caller.identify(held.id_number, held.pin)
    assert outcomes(context, held) == [("identify", "identification_failed"), ("identify", "identified")]


def test_r5_refusals_say_until_when(caller, holder, clock):
    for _ in range(21):
        answer(caller, holder().id_number, "111222")
    with pytest.raises(SourceRefused) as refused:
        caller.identify(NOBODY, "000000")
    clock.moment = refused.value.until
    with pytest.raises((IdentificationFailed, PinLocked)):
        caller.identify(NOBODY, "000000")
