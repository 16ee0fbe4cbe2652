"""What comparing a PIN costs: the same for everybody, also for nobody (R3, R6)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters

from core.actor import Actor
from core.errors import HotlineError
from core.numbers import card_check_character
from core.service import Service
from core.staffed import staff
from core.vault import PinVault
from tests.support.core.people import NOBODY

NOBODYS_CARD = "A0000000" + card_check_character("A0000000")
WRONG = "000000"


@pytest.fixture
def cost(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], object]], list[Parameters]]:
    """cost(step) is every hash that a step computes, with what each takes of time and memory: what decides how long
    somebody waits for an answer, on a machine that is busy too."""
    computed: list[Parameters] = []
    verify, make = PasswordHasher.verify, PasswordHasher.hash

    def counted_verify(argon2: PasswordHasher, pin_hash: str, secret: bytes) -> bool:
        computed.append(extract_parameters(pin_hash))
        return verify(argon2, pin_hash, secret)

    def counted_make(argon2: PasswordHasher, secret: bytes) -> str:
        made = make(argon2, secret)
        computed.append(extract_parameters(made))
        return made

    monkeypatch.setattr(PasswordHasher, "verify", counted_verify)
    monkeypatch.setattr(PasswordHasher, "hash", counted_make)

    def counted(step: Callable[[], object]) -> list[Parameters]:
        computed.clear()
        with suppress(HotlineError):
            step()
        return list(computed)

    return counted


@pytest.fixture
def one_hash(context) -> list[Parameters]:
    """One, as it is made for every PIN that is kept."""
    return [extract_parameters(context.vault.hash(WRONG))]


def test_r3_a_number_that_nobody_has_costs_the_same_hash_as_one_that_somebody_has(caller, holder, cost, one_hash):
    own, default = holder(pin="739164"), holder(pin="123456")
    for pin in (WRONG, "739164", "123456"):
        for number in (own.id_number, default.id_number, NOBODY):
            assert cost(lambda number=number, pin=pin: caller.identify(number, pin)) == one_hash


def test_r3_a_card_that_nobody_has_costs_the_same_hash_as_one_that_somebody_has(context, holder, cost, one_hash):
    own, default, kiosk = holder(pin="739164"), holder(pin="123456"), Service(context, Actor.kiosk(7, "a hall"))
    for pin in (WRONG, "739164", "123456"):
        for number in (own.card_number, default.card_number, NOBODYS_CARD):
            assert cost(lambda number=number, pin=pin: kiosk.identify_card(number, pin)) == one_hash


@pytest.mark.parametrize("pin", [WRONG, "739164", "123456"])
def test_r3_r20_an_original_pin_costs_one_hash_whosever_card_it_is(caller, holder, cost, one_hash, pin):
    own, default = holder(pin="739164"), holder(pin="123456")
    for suffix, number in ((own.suffix, own.id_number), (default.suffix, default.id_number), ("99999999", NOBODY)):
        for id_number in (None, number):
            assert cost(lambda s=suffix, n=id_number: caller.check_original_pin(s, pin, n)) == one_hash


def test_r3_a_login_that_nobody_has_costs_the_same_hash(context, hired, cost, one_hash):
    clerk = hired()
    for login in (clerk.login, "nobody", "\0"):
        assert cost(lambda login=login: staff.sign_in(context, "192.0.2.1", login, "a guess", "000000")) == one_hash


def test_r4_a_lock_costs_nothing_whether_somebody_has_the_number_or_not(caller, holder, cost, one_hash):
    for number in (holder().id_number, NOBODY):
        costs = [cost(lambda number=number: caller.identify(number, WRONG)) for _ in range(8)]
        assert costs == [one_hash] * 6 + [[]] * 2


def test_r3_nobody_has_no_pin_that_could_be_right(context):
    for pin in ("nobody", "123456", ""):
        assert context.vault.compare_with_nobody(pin) is False


def test_r6_only_the_keyed_hash_of_the_very_pin_is_right(context, settings):
    kept = context.vault.hash("739164")
    assert kept.startswith("$argon2id$") and context.vault.hash("739164") != kept, "each has a salt of its own"
    assert context.vault.is_right(kept, "739164") and not context.vault.is_right(kept, "739165")
    assert context.vault.is_right(None, "123456") and not context.vault.is_right(None, "739164")
    assert not PinVault(settings, b"another key, as long as the real").is_right(kept, "739164")
