"""PIN change (R20–R25)."""

from __future__ import annotations

from agi.call import Call
from agi.flows.identification import ask_id_number
from agi.refusals import PIN_CARD_PROMPTS, WEAK_PIN_PROMPTS
from core.cards.pin_change import PinChangePermit
from core.errors import CardNotUsable, IdentificationFailed, MalformedNumber, NewPinMismatch, WeakPin
from core.numbers import CARD_SUFFIX_LENGTH, parse_card_suffix
from core.service import Service


def pin_change(call: Call, service: Service) -> None:
    """R20: card number, original PIN, perhaps the ID number, then the new PIN twice."""
    try:
        permit = call.retry(lambda: _original_pin(call, service), again={IdentificationFailed: "pin-card-failed"})
        with call.if_given_up("pin-unchanged"):
            call.retry(
                lambda: _new_pin(call, service, permit),
                again={
                    WeakPin: lambda weak: WEAK_PIN_PROMPTS[weak.reason],  # R23
                    NewPinMismatch: "pin-mismatch",  # R24
                },
            )
    except CardNotUsable as refusal:  # R25
        call.play(PIN_CARD_PROMPTS[refusal.state])
    except IdentificationFailed:  # the PIN was changed by another way meanwhile
        call.play("pin-unchanged")
    else:
        call.play("pin-changed")


def _original_pin(call: Call, service: Service) -> PinChangePermit:
    suffix = call.ask(
        "card-enter-last-8",
        keys=CARD_SUFFIX_LENGTH,
        star_is_x=True,
        parse=parse_card_suffix,
        malformed=MalformedNumber,
        malformed_prompt="card-malformed",
    )
    pin = call.ask("pin-enter-original", keys=6)
    permit = call.during("checking", lambda: _permit_without_id_number(service, suffix, pin))
    if permit is None:
        id_number = ask_id_number(call)
        permit = call.during("checking", lambda: service.check_original_pin(suffix, pin, id_number))
    return permit


def _permit_without_id_number(service: Service, suffix: str, pin: str) -> PinChangePermit | None:
    """R20, R21: None when the ID number has to be asked for first."""
    if service.needs_id_number(suffix, pin):
        return None
    return service.check_original_pin(suffix, pin, None)


def _new_pin(call: Call, service: Service, permit: PinChangePermit) -> None:
    new_pin = call.ask("pin-enter-new", keys=6)
    call.work(lambda: service.check_new_pin(permit, new_pin), heavy=True)
    again = call.ask("pin-enter-new-again", keys=6)
    call.during("checking", lambda: service.change_pin(permit, new_pin, again))
