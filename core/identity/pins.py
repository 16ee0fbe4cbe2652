"""What a new PIN may be (R23)."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from core.errors import WeakPin
from core.values import WeakPinReason
from core.vault import DEFAULT_PIN

_COMMON = frozenset((Path(__file__).parent / "common_pins.txt").read_text(encoding="ascii").split())


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
_WEAKNESSES: dict[WeakPinReason, Callable[[str, str, str], bool]] = {
    WeakPinReason.FORM: lambda pin, *_: not re.fullmatch(r"[0-9]{6}", pin),
    WeakPinReason.DEFAULT: lambda pin, *_: pin == DEFAULT_PIN,
    WeakPinReason.REPEATED: _is_repeated,
    WeakPinReason.RUN: _is_run,
    WeakPinReason.BIRTH_DATE: _is_birth_date,
    WeakPinReason.OWN_NUMBER: _is_own_number,
    WeakPinReason.COMMON: lambda pin, *_: pin in _COMMON,
}
