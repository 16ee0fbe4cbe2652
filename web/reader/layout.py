"""Where on a card its number stands. README.md describes the demonstration applet, and how another is plugged in."""

from __future__ import annotations

import pkgutil
from collections.abc import Callable
from typing import Protocol

from core.errors import MalformedNumber
from core.numbers import parse_card_number
from core.settings import SettingsError

Send = Callable[[bytes], tuple[bytes, int]]  # a command APDU; returns the answer's data and its status word

SUCCESS = 0x9000


class CardUnreadable(Exception):
    """The card answers, but not as a card of this layout."""


class CardLayout(Protocol):
    """How to get a card number out of a card. Everything that PC/SC needs around it is done elsewhere."""

    def read_number(self, send: Send) -> str:
        """The card number in its plain form. Raises CardUnreadable."""


class DemonstrationApplet:
    """The number stands in the first record of a file of an applet made for this project."""

    AID = bytes.fromhex("F0 31 32 33 33 33 01")
    SELECT = bytes([0x00, 0xA4, 0x04, 0x0C, len(AID)]) + AID
    READ_RECORD = bytes.fromhex("00 B2 01 0C 09")

    def read_number(self, send: Send) -> str:
        """Select the applet, read the record, and check what it holds."""
        _expect_success(send(self.SELECT))
        try:
            return parse_card_number(_expect_success(send(self.READ_RECORD)).decode("ascii"))
        except (UnicodeDecodeError, MalformedNumber):
            raise CardUnreadable("the record holds no card number") from None  # nor may a log show what it holds


def load_layout(name: str) -> CardLayout:
    """The layout that a setting names as `module:Class`, or SettingsError."""
    try:
        layout: CardLayout = pkgutil.resolve_name(name)()
        return layout
    except (ValueError, ImportError, AttributeError, TypeError) as error:
        raise SettingsError(
            f"HOTLINE_CARD_LAYOUT can't be {name!r} ({error}): write module:Class, as web/reader/README.md says."
        ) from error


def _expect_success(answer: tuple[bytes, int]) -> bytes:
    data, status = answer
    if status != SUCCESS:
        raise CardUnreadable(f"status {status:04X}")
    return data
