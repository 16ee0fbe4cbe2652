"""How a PIN or a password is kept: as a salted, memory-hard hash over a keyed digest (R6)."""

from __future__ import annotations

import hashlib
import hmac
import threading

from argon2 import PasswordHasher, Type
from argon2.exceptions import VerifyMismatchError

from core.settings import Settings

DEFAULT_PIN = "123456"


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
