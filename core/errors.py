"""What can go wrong by the rules. Each error has a `code`, which stays the same for ever, and details as data; the
words are the door's business.

HotlineError
├── MalformedNumber       R1   the form is wrong; told at once, costs nothing
├── NotOnThisDoor         §2   another door can help
├── IdentificationFailed  R3   unknown number or wrong PIN: nobody is told which
│   └── PinChangedMeanwhile    the PIN was changed by another way since it was shown
├── PinLocked             R4   a branch or the service centre unlocks it
├── SourceRefused         R5   too many wrong attempts from here
├── PinChangeRequired     R7   the default PIN opens nothing but its own change
├── NewPinRefused
│   ├── NewPinMismatch    R24  the two entries differ
│   └── WeakPin           R23  carries which rule
├── CardNotUsable         R25  carries the card's state
├── DocumentsMissing      R26, R34–R36  the clerk has not recorded what is needed
├── NotTheNewCard         R36  the card to be handed over is not the one that was issued
├── AnotherCard                the card that was shown is not the person's card of today
├── StateConflict         R37  the card is in another state by now; carries it
├── StaffRefused               login, password or one-time code is wrong: nobody is told which
├── WeakPassword               a password that staff may not have; carries why
├── NotYourRole                clerks serve, administrators manage
├── NotOneself                 nobody dismisses themselves
├── LoginTaken                 somebody has this login already
├── NotFound                   what a clerk looks for is not on record; carries what
├── KioskKeyRefused            no kiosk has this key, or it was revoked
└── PadNotReady                no PIN pad with this code, or it works for another desk by now; carries why

A HotlineError is an answer: what led to it is committed, its audit row included. Any other exception
is a fault, and its transaction is rolled back.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

from core.values import (
    CardState,
    Door,
    Needed,
    NumberFault,
    NumberKind,
    Operation,
    PadProblem,
    Role,
    Sought,
    WeakPasswordReason,
    WeakPinReason,
)

Detail = dict[str, Any]
"""What an audit row says beside its code: a small JSON object, never with a PIN or a whole number in it (R6)."""


class HotlineError(Exception):
    """A rule was broken. `code` and `detail` are what the audit keeps of it."""

    code: ClassVar[str]

    def __init__(self, **detail: str | bool) -> None:
        super().__init__(" ".join([self.code, *(f"{name}={value}" for name, value in detail.items())]))
        self.detail: Detail = detail


class MalformedNumber(HotlineError):
    """The number can't be anybody's: which number, and what is wrong with it."""

    code = "malformed_number"

    def __init__(self, kind: NumberKind, reason: NumberFault) -> None:
        super().__init__(kind=kind.value, reason=reason.value)
        self.kind, self.reason = kind, reason


class NotOnThisDoor(HotlineError):
    """`doors` are those that can help."""

    code = "not_on_this_door"

    def __init__(self, operation: Operation, doors: tuple[Door, ...]) -> None:
        super().__init__(operation=operation.value)
        self.operation, self.doors = operation, doors


class IdentificationFailed(HotlineError):
    """The same for a number that nobody has and for a wrong PIN (R3)."""

    code = "identification_failed"


class PinChangedMeanwhile(IdentificationFailed):
    """The original PIN was right when it was shown, and is not the card's PIN any more."""

    code = "pin_changed_meanwhile"


class PinLocked(HotlineError):
    """Too many wrong PINs in a row (R4)."""

    code = "pin_locked"


class SourceRefused(HotlineError):
    """Too many wrong attempts from this source, until `until` (R5)."""

    code = "source_refused"

    def __init__(self, until: datetime) -> None:
        super().__init__()
        self.until = until


class PinChangeRequired(HotlineError):
    """The PIN is still the default and the settings allow nothing but its change (R7)."""

    code = "pin_change_required"


class NewPinRefused(HotlineError):
    """The new PIN can't be taken; the original stands."""


class NewPinMismatch(NewPinRefused):
    """The two entries of the new PIN differ (R24)."""

    code = "new_pin_mismatch"


class WeakPin(NewPinRefused):
    """The new PIN breaks R23; `reason` says how."""

    code = "weak_pin"

    def __init__(self, reason: WeakPinReason) -> None:
        super().__init__(reason=reason.value)
        self.reason = reason


class CardNotUsable(HotlineError):
    """The card is reported lost, replaced or cancelled (R25, R33)."""

    code = "card_not_usable"

    def __init__(self, state: CardState) -> None:
        super().__init__(state=state.value)
        self.state = state


class DocumentsMissing(HotlineError):
    """The documents that the rule names were not recorded."""

    code = "documents_missing"

    def __init__(self, needed: Needed) -> None:
        super().__init__(needed=needed.value)
        self.needed = needed


class NotTheNewCard(HotlineError):
    """The card in the clerk's hand is not the one that was issued for this person (R36)."""

    code = "not_the_new_card"


class AnotherCard(HotlineError):
    """The card that was shown is somebody else's, or an old one of the person's."""

    code = "another_card"


class StateConflict(HotlineError):
    """The card is no longer (or never was) in a state that this step starts from (R37)."""

    code = "state_conflict"

    def __init__(self, state: CardState) -> None:
        super().__init__(state=state.value)
        self.state = state


class StaffRefused(HotlineError):
    """The same for a login that nobody has, a wrong password, a wrong code and one that was used before."""

    code = "staff_refused"


class WeakPassword(HotlineError):
    """A member of staff chose a password that is too short, too simple, or the one before."""

    code = "weak_password"

    def __init__(self, reason: WeakPasswordReason) -> None:
        super().__init__(reason=reason.value)
        self.reason = reason


class NotYourRole(HotlineError):
    """A clerk asked for what an administrator does, or the other way round."""

    code = "not_your_role"

    def __init__(self, role: Role) -> None:
        super().__init__(role=role.value)
        self.role = role


class NotOneself(HotlineError):
    """Whoever is the last could lock everybody out."""

    code = "not_oneself"


class LoginTaken(HotlineError):
    """Somebody has this login, or had it: the audit must not take one person for another."""

    code = "login_taken"

    def __init__(self, login: str) -> None:
        super().__init__(login=login)
        self.login = login


class NotFound(HotlineError):
    """Nobody, no card, no case, no office… is what was looked for."""

    code = "not_found"

    def __init__(self, what: Sought) -> None:
        super().__init__(what=what.value)
        self.what = what


class KioskKeyRefused(HotlineError):
    """What was entered opens no kiosk; `revoked` if it did once."""

    code = "kiosk_key_refused"

    def __init__(self, *, revoked: bool) -> None:
        super().__init__(revoked=revoked)
        self.revoked = revoked


class PadNotReady(HotlineError):
    """No PIN pad shows this code, or none is paired with this desk, or its task is over."""

    code = "pad_not_ready"

    def __init__(self, problem: PadProblem) -> None:
        super().__init__(problem=problem.value)
        self.problem = problem


def error_kinds(root: type[HotlineError] = HotlineError) -> Iterator[type[HotlineError]]:
    """Every error that has a code, for tables that must be complete."""
    for kind in root.__subclasses__():
        if "code" in vars(kind):
            yield kind
        yield from error_kinds(kind)
