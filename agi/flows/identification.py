"""Who is calling: the piece that enquiries about oneself and a loss report share."""

from __future__ import annotations

from agi.call import Call
from core.errors import IdentificationFailed, MalformedNumber
from core.identity.identification import Cardholder
from core.numbers import ID_NUMBER_LENGTH, parse_id_number
from core.service import Service


def identify(call: Call, service: Service) -> Cardholder:
    """R2, R3, R10: ID number, then PIN; a failed PIN goes back to the ID number.

    R7: a caller whose PIN is still the default is told to change it.
    """
    person = call.retry(lambda: _identify_once(call, service), again={IdentificationFailed: "identification-failed"})
    if person.pin_is_default:
        call.play("pin-is-default")
    return person


def _identify_once(call: Call, service: Service) -> Cardholder:
    id_number = ask_id_number(call)
    pin = call.ask("pin-enter", keys=6)
    return call.during("checking", lambda: service.identify(id_number, pin))


def ask_id_number(call: Call) -> str:
    """R1: a wrong form is told at once and costs no PIN attempt."""
    return call.ask(
        "id-enter",
        keys=ID_NUMBER_LENGTH,
        star_is_x=True,
        parse=parse_id_number,
        malformed=MalformedNumber,
        malformed_prompt="id-malformed",
        length_prompts={15: "id-fifteen-digits"},
    )
