"""The words for what the rules refuse, where a flow has no special ones."""

from __future__ import annotations

from core.errors import PinChangeRequired, PinLocked, SourceRefused
from core.values import CardState, WeakPinReason

REFUSAL_PROMPTS: dict[type[Exception], str] = {
    PinLocked: "pin-locked",  # R4
    SourceRefused: "source-refused",  # R5
    PinChangeRequired: "pin-change-required",  # R7
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
