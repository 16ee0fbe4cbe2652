"""What a call needs of a telephone line, whoever stands behind it: Asterisk or a script."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, Protocol


class HungUp(Exception):
    """The caller is gone: the normal end of many calls, never an error."""


class LineFailure(Exception):
    """The line did something that no caller can cause; the text holds no key and no caller data."""


class End(Enum):
    """What ended an entry of keys."""

    HASH = "hash"  # the caller pressed #
    FULL = "full"  # all the keys asked for came, and no more
    OVER = "over"  # all the keys came, and then another one
    QUIET = "quiet"  # the caller stopped pressing keys


class Heard(NamedTuple):
    """The keys of one question (0–9, *, A–D; never the # that ended them) and what ended them."""

    keys: str
    end: End


class Operator(Enum):
    """Whether someone can be reached with 0 (R43)."""

    OPEN = "open"
    CLOSED = "closed"  # outside the opening hours
    UNSTAFFED = "unstaffed"  # within the hours, but nobody is logged in


class Outcome(Enum):
    """What happens to the caller after the application is done."""

    OPERATOR = "operator"
    GOODBYE = "goodbye"


class Line(Protocol):
    """A caller's line. Every method may raise HungUp or LineFailure."""

    def ask(
        self, files: Sequence[str], max_keys: int, seconds: float, *, fresh: bool = False, tail: float = 0
    ) -> Heard:
        """Play the prompts, cut short by the first key, and take up to `max_keys` keys.

        `seconds` is the wait for the first and for each next key. `fresh` first drops keys that
        were pressed before (R42). `tail` is how long to wait for a # (or one key too many) once
        all keys are there (R41).
        """

    def play(self, files: Sequence[str]) -> None:
        """Play last words: nothing is listened for."""

    def operator_status(self) -> Operator:
        """Can the operator be reached now?"""

    def finish(self, outcome: Outcome) -> None:
        """The last act: say where the caller goes from here."""
