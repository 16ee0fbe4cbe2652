"""Loss report by phone (R30–R33)."""

from __future__ import annotations

from agi.call import Call
from agi.flows.identification import identify
from agi.flows.operator import reach_operator
from agi.menu import Menu, walk
from core.errors import CardNotUsable, PinLocked
from core.service import Service
from sounds import numbers


def loss_report(call: Call, service: Service) -> None:
    """R30: identify, confirm, reported; R31: what must follow, and a reference to write down."""
    try:
        person = identify(call, service)
    except PinLocked:  # losing a card must not be unreportable
        call.play("loss-pin-locked")
        walk(OPERATOR_OFFER, call, service)
        return
    if not call.confirm("loss-confirm"):
        call.play("loss-not-confirmed")
        return
    try:
        report = call.during("checking", lambda: service.report_loss(person))
    except CardNotUsable:  # replaced or cancelled since the caller identified
        call.play("loss-no-card")
        return
    call.play("loss-already-reported" if report.already_reported else "loss-reported")  # R32
    call.play("loss-what-next")
    call.play("loss-reference-is", *numbers.digits(report.reference))
    walk(REFERENCE_MENU, call, service)


OPERATOR_OFFER = Menu("operator-offer", {"0": reach_operator})
REFERENCE_MENU = Menu("loss-reference-repeat", {"0": reach_operator})
