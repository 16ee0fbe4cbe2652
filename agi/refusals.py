"""The words for what the rules refuse, where a flow has no special ones."""

from __future__ import annotations

from core.values import CardState, WeakPinReason

REFUSAL_PROMPTS: dict[str, str] = {
    "pin_locked": "pin-locked",  # R4
    "source_refused": "source-refused",  # R5
    "pin_change_required": "pin-change-required",  # R7
}

# What the flows answer where it is asked, and what no caller can meet: a test looks that every code is in one table.
ANSWERED_BY_FLOWS = {
    "malformed_number",
    "identification_failed",
    "pin_changed_meanwhile",
    "new_pin_mismatch",
    "weak_pin",
    "card_not_usable",
}
NOT_ON_THE_PHONE = {
    "not_on_this_door",
    "documents_missing",
    "not_the_new_card",
    "another_card",
    "state_conflict",
    "staff_refused",
    "weak_password",
    "not_your_role",
    "not_oneself",
    "login_taken",
    "not_found",
    "kiosk_key_refused",
    "pad_not_ready",
}

WEAK_PIN_PROMPTS = {  # R23: the refusal says which rule
    WeakPinReason.FORM: "pin-weak-form",
    WeakPinReason.DEFAULT: "pin-weak-default",
    WeakPinReason.SAME_AS_ORIGINAL: "pin-weak-same-as-original",
    WeakPinReason.REPEATED: "pin-weak-repeated",
    WeakPinReason.RUN: "pin-weak-run",
    WeakPinReason.OWN_NUMBER: "pin-weak-own-number",
    WeakPinReason.BIRTH_DATE: "pin-weak-birth-date",
    WeakPinReason.COMMON: "pin-weak-common",
}

PIN_CARD_PROMPTS = {  # R25
    CardState.LOSS_REPORTED: "card-reported",
    CardState.LOSS_WRITTEN: "card-reported",
    CardState.REPLACEMENT_APPLIED: "card-replacement-applied",
    CardState.REPLACED: "card-replaced",
    CardState.CANCELLED: "card-cancelled",
}
