"""Somebody to whom everything happens that the core records of a person (R8), by every door."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product

import pytest

from core.actor import Actor
from core.cards import loss, pin_change, replacement
from core.context import CoreContext
from core.errors import HotlineError
from core.identity.identification import Cardholder
from core.service import Service
from core.staffed import cases, pin_pads
from core.staffed.pin_pads import PinTask
from core.staffed.staff_visits import StaffVisit
from core.values import IDENTITY_DOCUMENTS, Document, Door, Reason
from core.vault import DEFAULT_PIN
from tests.support.core.bureau import Bureau, card_number
from tests.support.core.clock import Clock
from tests.support.core.people import Held

FIRST, SECOND, THIRD, WRONG = "739164", "480259", "604815", "581203"
WEAK = ("1", DEFAULT_PIN, FIRST, "111111", "345678", "800101", "980010", "112233")  # of somebody born on 1 January 1980
FORM = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM}
FOUND = {Document.SOCIAL_SECURITY_CARD, Document.RESIDENT_ID_CARD}


def refused(work: Callable, *args: object, **more: object) -> None:
    with pytest.raises(HotlineError):
        work(*args, **more)


@dataclass
class Life:
    """One person, and the doors that they know."""

    context: CoreContext
    held: Held
    person: Cardholder
    phone: Service
    kiosk: Service
    branch: StaffVisit
    agency: StaffVisit

    @property
    def card(self) -> tuple[CoreContext, Actor, int, int]:
        """What a clerk of the branch does something with."""
        return self.context, self.branch.member.actor, self.held.person_id, self.held.card_id


def begins(context: CoreContext, bureau: Bureau, old: Held, at_work: Callable[[Door], StaffVisit]) -> Life:
    """The bureau's list ends an old card and brings a new one."""
    number = card_number(1, "B")
    bureau.writes(
        "cards.csv",
        f"{old.card_number},{old.id_number},2020-01-01,cancelled,",
        f"{number},{old.id_number},2026-01-01,active,{FIRST}",
    )
    assert bureau.imports() == []
    phone = Service(context, Actor.phone("02300000001", "call-1"))
    person = phone.identify(old.id_number, FIRST)
    held = replace(old, card_number=number, card_id=person.card_id)
    kiosk = Service(context, Actor.kiosk(1, "渝中区服务大厅"))
    return Life(context, held, person, phone, kiosk, at_work(Door.BRANCH), at_work(Door.AGENCY))


def asks_and_changes_the_pin(life: Life) -> None:
    phone, held = life.phone, life.held
    phone.medical_balance(life.person)
    phone.work_injury_benefit(held.personal_number)
    Service(life.context, Actor.web("192.0.2.1")).statement(life.person)
    refused(phone.identify, held.id_number, WRONG)
    refused(phone.check_original_pin, held.suffix, WRONG)
    permit = phone.check_original_pin(held.suffix, FIRST)
    for pin in WEAK:
        refused(phone.check_new_pin, permit, pin)
    refused(phone.change_pin, permit, SECOND, "480258")
    phone.change_pin(permit, SECOND, SECOND)
    refused(phone.change_pin, permit, THIRD, THIRD)


def uses_a_kiosk(life: Life) -> None:
    refused(life.kiosk.identify_card, life.held.card_number, WRONG)
    refused(life.kiosk.report_loss, life.kiosk.identify_card(life.held.card_number, SECOND))


def comes_to_a_window(life: Life, another: Held) -> None:
    context, held = life.context, life.held
    for reason, document in product(Reason, Document):
        if document in IDENTITY_DOCUMENTS:
            case = cases.open_case(context, life.branch, held.id_number, document, reason)
    refused(pin_pads.ask, context, life.branch, case, PinTask.RESET)
    refused(cases.show_card, context, life.branch, case.case_id, another.card_number)
    cases.show_card(context, life.branch, case.case_id, held.card_number)
    cases.reveal(context, life.branch, case.case_id)
    cases.registration_form(context, life.branch, case.case_id)


def loses_the_card_and_finds_it(life: Life) -> None:
    context, held = life.context, life.held
    refused(loss.report_loss, *life.card)
    refused(loss.release_loss, *life.card, FOUND)
    for _ in range(2):
        life.phone.report_loss(life.person)
    refused(life.kiosk.identify_card, held.card_number, SECOND)
    refused(life.phone.check_original_pin, held.suffix, SECOND)
    refused(loss.write_up_loss, *life.card, set())
    loss.write_up_loss(*life.card, FORM)
    refused(loss.release_loss, context, life.agency.member.actor, held.person_id, held.card_id, FOUND)
    refused(loss.release_loss, *life.card, set())
    loss.release_loss(*life.card, FOUND)


def forgets_the_pin(life: Life, strangers: list[Held]) -> None:
    context, held = life.context, life.held
    for _ in range(6):
        refused(life.phone.identify, held.id_number, WRONG)
    crowd = Service(context, Actor.phone("02300000002", "call-2"))
    for stranger in strangers:
        for _ in range(6):
            refused(crowd.identify, stranger.id_number, WRONG)
    refused(crowd.identify, held.id_number, SECOND)

    clerk = (context, life.branch.member.actor, held.card_id)
    seen = {"card_seen": True, "document_seen": "passport"}
    refused(pin_change.reset_pin, *clerk, THIRD, THIRD, card_seen=False, document_seen="")
    refused(pin_change.reset_pin, *clerk, THIRD, SECOND, **seen)
    pin_change.reset_pin(*clerk, THIRD, THIRD, **seen)


def loses_it_for_good(life: Life, with_a_term: CoreContext, clock: Clock) -> None:
    life.phone.report_loss(life.person)
    clock.passes(days=2)
    assert loss.lapse_reports(with_a_term) == 1
    loss.report_loss_in_writing(*life.card, FORM)
    replacement.apply_for_replacement(*life.card)
    made, misprint = card_number(2, "B"), card_number(3, "B")
    refused(replacement.issue_replacement, *life.card, life.held.card_number)
    replacement.issue_replacement(*life.card, misprint)
    replacement.issue_replacement(*life.card, made, instead_of=1)
    refused(replacement.hand_over_replacement, *life.card, made, set())
    refused(replacement.hand_over_replacement, *life.card, misprint, FORM)
    replacement.hand_over_replacement(*life.card, made, FORM)


def has_the_default_pin(life: Life, strict: CoreContext) -> None:
    web = Service(strict, Actor.web("192.0.2.1"))
    refused(web.basic_data, web.identify(life.held.id_number, DEFAULT_PIN))
