"""What can go wrong by the rules. Each error carries what a door needs to say it; the words are the door's business.

HotlineError
├── MalformedNumber       R1   the form is wrong; told at once, costs nothing
├── NotOnThisDoor         §2   another door can help
├── IdentificationFailed  R3   unknown number or wrong PIN: nobody is told which
├── PinLocked             R4   a branch or the service centre unlocks it
├── SourceRefused         R5   too many wrong attempts from here
├── PinChangeRequired     R7   the default PIN opens nothing but its own change
├── NewPinRefused
│   ├── NewPinMismatch    R24  the two entries differ
│   └── WeakPin           R23  carries which rule
├── CardNotUsable         R25  carries the card's state
├── DocumentsMissing      R26, R34–R36  the clerk has not recorded what is needed
├── NotTheNewCard         R36  the card to be handed over is not the one that was issued
├── StateConflict         R37  the card is in another state by now; carries it
├── StaffRefused               login, password or one-time code is wrong: nobody is told which
├── WeakPassword               a password that staff may not have
├── NotYourRole                clerks serve, administrators manage
├── LoginTaken                 somebody has this login already
├── NotFound                   what a clerk looks for is not on record
├── KioskKeyRefused            no kiosk has this key, or it was revoked
└── PadNotReady                no PIN pad with this code, or it works for another desk by now

A HotlineError is an answer: what led to it is committed, its audit row included. Any other exception
is a fault, and its transaction is rolled back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from core.permissions import Door, Operation
    from core.pins import WeakPinReason
    from core.schema import CardState


class HotlineError(Exception):
    """A rule was broken. The message never holds a PIN or a whole number."""


class MalformedNumber(HotlineError):
    """`kind` is id, card, card_suffix, personal or unit; `reason` is length, characters, birth_date, check,
    fifteen_digits or taken."""

    def __init__(self, kind: str, reason: str):
        super().__init__(f"malformed {kind} number: {reason}")
        self.kind, self.reason = kind, reason


class NotOnThisDoor(HotlineError):
    """`doors` are those that can help."""

    def __init__(self, operation: Operation, doors: tuple[Door, ...]):
        super().__init__(f"{operation.value} is not done here")
        self.operation, self.doors = operation, doors


class IdentificationFailed(HotlineError):
    """The same for a number that nobody has and for a wrong PIN (R3)."""


class PinLocked(HotlineError):
    """Too many wrong PINs in a row (R4)."""


class SourceRefused(HotlineError):
    """Too many wrong attempts from this source, until `until` (R5)."""

    def __init__(self, until: datetime):
        super().__init__("source refused")
        self.until = until


class PinChangeRequired(HotlineError):
    """The PIN is still the default and the settings allow nothing but its change (R7)."""


class NewPinRefused(HotlineError):
    """The new PIN can't be taken; the original stands."""


class NewPinMismatch(NewPinRefused):
    """The two entries of the new PIN differ (R24)."""


class WeakPin(NewPinRefused):
    """The new PIN breaks R23; `reason` says how."""

    def __init__(self, reason: WeakPinReason):
        super().__init__(f"weak PIN: {reason.value}")
        self.reason = reason


class CardNotUsable(HotlineError):
    """The card is reported lost, replaced or cancelled (R25, R33)."""

    def __init__(self, state: CardState):
        super().__init__(f"card is {state.value}")
        self.state = state


class DocumentsMissing(HotlineError):
    """The documents that the rule names were not recorded."""


class NotTheNewCard(HotlineError):
    """The card in the clerk's hand is not the one that was issued for this person (R36)."""


class StateConflict(HotlineError):
    """The card is no longer (or never was) in a state that this step starts from (R37)."""

    def __init__(self, state: CardState):
        super().__init__(f"card is {state.value}")
        self.state = state


class StaffRefused(HotlineError):
    """The same for a login that nobody has, a wrong password, a wrong code and one that was used before."""


class WeakPassword(HotlineError):
    """A member of staff chose a password that is too short, too simple, or the one before."""


class NotYourRole(HotlineError):
    """A clerk asked for what an administrator does, or the other way round."""


class LoginTaken(HotlineError):
    """Somebody has this login, or had it: the audit must not take one person for another."""


class NotFound(HotlineError):
    """Nobody, no card or no report has this number."""


class KioskKeyRefused(HotlineError):
    """What was entered opens no kiosk; `revoked` if it did once."""

    def __init__(self, *, revoked: bool):
        super().__init__("revoked key" if revoked else "wrong key")
        self.revoked = revoked


class PadNotReady(HotlineError):
    """No PIN pad shows this code, or none is paired with this desk."""
