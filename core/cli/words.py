"""What a refusal is in English, for whoever is at the shell."""

from __future__ import annotations

from collections.abc import Callable

from core.errors import Detail, HotlineError
from core.values import Needed, NumberKind, PadProblem, Sought, WeakPasswordReason

_NOT_FOUND = {
    Sought.PERSON: "nobody has this number",
    Sought.CARD: "nobody with this ID number holds a card in use",
    Sought.CASE: "there is no such case at this desk",
    Sought.OFFICE: "there is no such office",
    Sought.STAFF: "nobody who works here is meant",
    Sought.KIOSK: "there is no such kiosk",
}
_NUMBERS = {
    NumberKind.ID: "ID number",
    NumberKind.CARD: "card number",
    NumberKind.CARD_SUFFIX: "end of a card number",
    NumberKind.PERSONAL: "personal number",
    NumberKind.UNIT: "unit number",
    NumberKind.SOUGHT: "number to look for",
}
_NEEDED = {
    Needed.IDENTITY: "an ID document",
    Needed.CARD_AND_IDENTITY: "the card and an ID document",
    Needed.CARD_AND_RELEASE_DOCUMENT: "the card, and the ID card or a household certificate",
    Needed.IDENTITY_AND_FORM: "an ID document and the registration form",
    Needed.WRITTEN_REPORT: "a written report",
}
_WEAK_PASSWORD = {
    WeakPasswordReason.MISMATCH: "the two entries differ",
    WeakPasswordReason.TOO_SIMPLE: "it is too simple",
    WeakPasswordReason.SAME_AS_BEFORE: "it is the same as before",
}
_PAD = {
    PadProblem.NO_SUCH_CODE: "no PIN pad shows this code",
    PadProblem.NOT_PAIRED: "no PIN pad works for this desk",
    PadProblem.NOT_ASKED: "this is not asked for",
    PadProblem.CLERK_GONE: "the clerk has gone",
    PadProblem.PERSON_GONE: "the person has gone",
}

REFUSALS: dict[str, str | Callable[[Detail], str]] = {
    "malformed_number": lambda detail: f"this is not a valid {_NUMBERS[NumberKind(detail['kind'])]}",
    "not_on_this_door": lambda detail: f"{detail['operation']}: this is not done here",
    "identification_failed": "the number or the PIN is wrong",
    "pin_changed_meanwhile": "the PIN was changed meanwhile",
    "pin_locked": "the PIN is locked",
    "source_refused": "too much was wrong from here",
    "pin_change_required": "the default PIN must be changed first",
    "new_pin_mismatch": "the two entries of the new PIN differ",
    "weak_pin": lambda detail: f"the new PIN is weak ({detail['reason']})",
    "card_not_usable": lambda detail: f"the card is {detail['state']}",
    "documents_missing": lambda detail: f"needed: {_NEEDED[Needed(detail['needed'])]}",
    "not_the_new_card": "this is not the card that was issued",
    "another_card": "this is another card",
    "state_conflict": lambda detail: f"the card is {detail['state']} by now",
    "staff_refused": "login, password or code is wrong",
    "weak_password": lambda detail: (
        f"the password can't be taken: {_WEAK_PASSWORD[WeakPasswordReason(detail['reason'])]}"
    ),
    "not_your_role": lambda detail: f"this is not done by a {detail['role']}",
    "not_oneself": "nobody dismisses themselves",
    "login_taken": "the login is taken",
    "not_found": lambda detail: _NOT_FOUND[Sought(detail["what"])],
    "kiosk_key_refused": lambda detail: "the key was revoked" if detail["revoked"] else "no kiosk has this key",
    "pad_not_ready": lambda detail: _PAD[PadProblem(detail["problem"])],
}


def refusal(error: HotlineError) -> str:
    """What was refused, without a capital and a full stop: it may stand within a sentence."""
    words = REFUSALS[error.code]
    return words if isinstance(words, str) else words(error.detail)
