"""What the words mean that the audit kept until migration 0007, as codes with details. Frozen: rows from then on have
codes, and nothing else reads words."""

from __future__ import annotations

import re
from typing import Any

_FIXED: dict[str, tuple[str, dict[str, Any]]] = {
    "done": ("done", {}),
    "identified": ("identified", {}),
    "applied for": ("replacement_applied_for", {}),
    "new card issued": ("new_card_issued", {}),
    "number of the new card corrected": ("new_card_corrected", {}),
    "new card handed over": ("new_card_handed_over", {}),
    "refused": ("staff_refused", {}),
    "login, password or code is wrong": ("staff_refused", {}),
    "too simple": ("weak_password", {"reason": "too_simple"}),
    "same as before": ("weak_password", {"reason": "same_as_before"}),
    "the two entries differ": ("new_pin_mismatch", {}),
    "number or PIN is wrong": ("identification_failed", {}),
    "the PIN was changed meanwhile": ("pin_changed_meanwhile", {}),
    "PIN locked": ("pin_locked", {}),
    "source refused": ("source_refused", {}),
    "the default PIN must be changed first": ("pin_change_required", {}),
    "card and ID document must be seen": ("documents_missing", {"needed": "card_and_identity"}),
    "card and ID card or household certificate needed": (
        "documents_missing",
        {"needed": "card_and_release_document"},
    ),
    "ID document and registration form needed": ("documents_missing", {"needed": "identity_and_form"}),
    "ID document needed": ("documents_missing", {"needed": "identity"}),
    "a counter reports in writing": ("documents_missing", {"needed": "written_report"}),
    "not the card that was issued": ("not_the_new_card", {}),
    "another card": ("another_card", {}),
    "not found": ("not_found", {"what": "person"}),
    "no card": ("not_found", {"what": "card"}),
    "wrong key": ("kiosk_key_refused", {"revoked": False}),
    "revoked key": ("kiosk_key_refused", {"revoked": True}),
}
_LEADS_TO_A_CONFLICT = (
    "write up a reported loss",
    "release a loss",
    "apply for a replacement, issue the new card",
    "print the loss registration form",
)


def decode(operation: str, words: str) -> tuple[str, dict[str, Any]]:
    """The code and the details of a row of this operation with these words."""
    if operation == "choose a password" and words == "the two entries differ":
        return "weak_password", {"reason": "mismatch"}
    if words in _FIXED:
        code, detail = _FIXED[words]
        return code, dict(detail)
    if found := re.fullmatch(r"card is (\w+)", words):
        ended = "card_ended" if operation == "import" else "card_not_usable"
        return "state_conflict" if operation in _LEADS_TO_A_CONFLICT else ended, {"state": found[1]}
    for pattern, code, *names in _PATTERNS:
        if found := re.fullmatch(pattern, words):
            values = dict(zip(names, found.groups(), strict=True))
            return code, {name: int(text) if name in ("rows", "bad") else text for name, text in values.items()}
    if found := re.fullmatch(r"by ([a-z ]+)", words):
        return "done", {"filters": found[1].split()}
    if found := re.fullmatch(r"(\S+): no such office", words):
        return "not_found", {"what": "office", "login": found[1]}
    return "recorded", {}


_PATTERNS = (
    (r"weak PIN: (\w+)", "weak_pin", "reason"),
    (r"(\S+): hired", "hired", "login"),
    (r"(\S+): credentials renewed", "credentials_renewed", "login"),
    (r"(\S+): dismissed", "dismissed", "login"),
    (r"(\S+): login taken", "login_taken", "login"),
    (r"(.+): enrolled", "enrolled", "kiosk"),
    (r"(.+): revoked", "revoked", "kiosk"),
    (r"(\S+\.csv): (\d+) rows, (\d+) bad", "file_imported", "file", "rows", "bad"),
    (r"(\S+\.csv): refused, (\d+) bad", "file_refused", "file", "bad"),
    (r"record (\d{10})", "done", "reference"),
    (r"malformed (\w+) number: (\w+)", "malformed_number", "kind", "reason"),
    (r"(.+) is not done here", "not_on_this_door", "operation"),
    (r"not done by a (\w+)", "not_your_role", "role"),
    (r"(enquiry|PIN|loss|release|replacement) on ([a-zA-Z ]+)", "done", "reason", "document"),
)
