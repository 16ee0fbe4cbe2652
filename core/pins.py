"""How a PIN is kept (R6), and what a new one may be (R23)."""

from __future__ import annotations

import hashlib
import hmac
import re
import threading
from pathlib import Path

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from core.errors import WeakPin
from core.settings import Settings
from core.values import WeakPinReason

DEFAULT_PIN = "123456"
_COMMON = frozenset((Path(__file__).parent / "common_pins.txt").read_text(encoding="ascii").split())


class PinVault:
    """Makes and compares PIN hashes: argon2id over a keyed digest whose key is not in the database (R6).

    A hash costs memory and tens of milliseconds, so at most `hash_jobs` are made at once.
    """

    def __init__(self, settings: Settings, key: bytes):
        self._key = key
        self._argon2 = PasswordHasher(
            time_cost=settings.hash_time_cost,
            memory_cost=settings.hash_memory_kib,
            parallelism=1,
            type=Type.ID,
        )
        self._places = threading.BoundedSemaphore(settings.hash_jobs)
        self._nobody = self.hash("nobody")

    def hash(self, pin: str) -> str:
        """A salted hash to keep."""
        with self._places:
            return self._argon2.hash(self._digest(pin))

    def is_right(self, pin_hash: str | None, pin: str) -> bool:
        """Whether `pin` is the card's PIN. A card without a hash has the default PIN, at the same cost."""
        if pin_hash is None:
            self._matches(self._nobody, pin)
            return hmac.compare_digest(pin.encode(), DEFAULT_PIN.encode())
        return self._matches(pin_hash, pin)

    def compare_with_nobody(self, pin: str) -> bool:
        """False, after the same work as for a card that exists (R3)."""
        self._matches(self._nobody, pin)
        return False

    def _matches(self, pin_hash: str, pin: str) -> bool:
        with self._places:
            try:
                return self._argon2.verify(pin_hash, self._digest(pin))
            except VerifyMismatchError:
                return False

    def _digest(self, pin: str) -> bytes:
        return hmac.digest(self._key, pin.encode(), hashlib.sha256)


def check_strength(pin: str, id_number: str = "", card_number: str = "") -> None:
    """Raise WeakPin for what R23 can refuse without knowing the original PIN; without the numbers, for what is weak
    whoever chooses it."""
    for reason, is_weak in _WEAKNESSES.items():
        if is_weak(pin, id_number, card_number):
            raise WeakPin(reason)


def _is_repeated(pin: str, *_numbers: str) -> bool:
    return any(pin[:length] * (6 // length) == pin for length in (1, 2, 3))


def _is_run(pin: str, *_numbers: str) -> bool:
    return pin in "0123456789" or pin in "9876543210"


def _is_birth_date(pin: str, id_number: str, _card_number: str) -> bool:
    year, month, day = id_number[6:10], id_number[10:12], id_number[12:14]
    short = year[2:]
    return pin in {
        short + month + day,
        short + day + month,
        day + month + short,
        month + day + short,
        year + month,
        month + year,
    }


def _is_own_number(pin: str, id_number: str, card_number: str) -> bool:
    return pin in id_number or pin in card_number


# In the order in which the caller is told.
_WEAKNESSES = {
    WeakPinReason.FORM: lambda pin, *_: not re.fullmatch(r"[0-9]{6}", pin),
    WeakPinReason.DEFAULT: lambda pin, *_: pin == DEFAULT_PIN,
    WeakPinReason.REPEATED: _is_repeated,
    WeakPinReason.RUN: _is_run,
    WeakPinReason.BIRTH_DATE: _is_birth_date,
    WeakPinReason.OWN_NUMBER: _is_own_number,
    WeakPinReason.COMMON: lambda pin, *_: pin in _COMMON,
}
