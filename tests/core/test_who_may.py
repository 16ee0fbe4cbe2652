"""Who may do what is decided in the core, once (section 2, R8, the roles): each public operation is called by each kind
of actor. An operation that is new fails here until somebody has said whose it is."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FunctionType

import pytest

import core
from core import demo
from core.actor import Actor
from core.audit import chain, reading
from core.cards import loss, pin_change, replacement
from core.context import CoreContext
from core.data_in import csv_import
from core.demo import staff as demo_staff
from core.enquiries import offices
from core.enquiries.catalogue import CatalogueQuery
from core.errors import HotlineError, NotOneself, NotOnThisDoor, NotYourRole
from core.identity import identification
from core.permissions import ALLOWED, ROLES, require
from core.service import Service
from core.staffed import cases, kiosks, pin_pads, staff
from core.staffed.pin_pads import PinTask
from core.staffed.staff_visits import StaffVisit
from core.values import (
    ALLOWANCES,
    COUNTERS,
    Document,
    Door,
    Insurance,
    Operation,
    OtherOperation,
    Reason,
    Role,
)
from tests.support.core.people import Held
from tests.support.core.staffing import ADMINISTRATOR, put_employee, signed_in, visit_of

Whose = Operation | OtherOperation | Role
# Anybody may come here: what they bring decides, or there is nothing to protect. Sessions and the actor are given.
NO_OPERATIONS = {
    "record", "audited", "require", "require_role", "check_source", "count_source", "end_other_sessions", "write",
    "verify_pin", "permit_for", "begin", "close_case",
}  # fmt: skip
SEEN = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM, Document.SOCIAL_SECURITY_CARD}


class World:
    """Somebody with a card, and whoever asks about them."""

    def __init__(self, context: CoreContext, held: Held, actor: Actor, folder: Path) -> None:
        self.context, self.held, self.actor, self.folder = context, held, actor, folder
        self.card = (held.person_id, held.card_id)

    @property
    def visit(self) -> StaffVisit:
        """A desk at which this actor sits, whoever they are."""
        door = self.actor.door if self.actor.door in COUNTERS else Door.BRANCH
        visit = visit_of(self.context, signed_in(self.context, put_employee(self.context, door)))
        member = replace(visit.member, role=self.actor.role, door=self.actor.door)
        return replace(visit, member=member)

    @property
    def service(self) -> Service:
        return Service(self.context, self.actor)

    @property
    def person(self) -> identification.Cardholder:
        phone = Service(self.context, Actor.phone("1", "setup"))
        return phone.identify(self.held.id_number, self.held.pin)

    @property
    def permit(self) -> pin_change.PinChangePermit:
        return Service(self.context, Actor.phone("1", "setup")).check_original_pin(self.held.suffix, self.held.pin)


def case_of(world: World, visit: StaffVisit) -> str:
    """A case that is open at this desk: begun by a clerk, whoever sits there now."""
    clerk = replace(visit, member=replace(visit.member, role=Role.CLERK, door=Door.BRANCH))
    opened = cases.open_case(world.context, clerk, world.held.id_number, Document.PASSPORT, Reason.ENQUIRY)
    return opened.case_id


def with_case(step: Callable[[World, StaffVisit, str], object]) -> Callable[[World], object]:
    def work(world: World) -> object:
        visit = world.visit
        return step(world, visit, case_of(world, visit))

    return work


def clerks_case(world: World, visit: StaffVisit, case_id: str) -> cases.Case:
    clerk = replace(visit, member=replace(visit.member, role=Role.CLERK, door=Door.BRANCH))
    return cases.the_case(world.context, clerk, case_id)


# Each public operation: whose it is, and how it is asked for.
CALLS: dict[Callable[..., object], tuple[Whose, Callable[[World], object]]] = {
    chain.check_audit: (Role.SYSTEM_ADMINISTRATOR, lambda w: chain.check_audit(w.context, w.actor)),
    reading.read: (OtherOperation.READ_AUDIT, lambda w: reading.read(w.context, w.actor, reading.AuditQuery())),
    reading.export: (OtherOperation.EXPORT_AUDIT, lambda w: reading.export(w.context, w.actor, reading.AuditQuery())),
    reading.operations: (OtherOperation.READ_AUDIT, lambda w: reading.operations(w.context, w.actor)),
    loss.report_loss: (Operation.REPORT_LOSS, lambda w: loss.report_loss(w.context, w.actor, *w.card)),
    loss.report_loss_in_writing: (
        Operation.WRITE_UP_LOSS,
        lambda w: loss.report_loss_in_writing(w.context, w.actor, *w.card, SEEN),
    ),
    loss.write_up_loss: (Operation.WRITE_UP_LOSS, lambda w: loss.write_up_loss(w.context, w.actor, *w.card, SEEN)),
    loss.release_loss: (Operation.RELEASE_LOSS, lambda w: loss.release_loss(w.context, w.actor, *w.card, SEEN)),
    loss.list_waiting: (Role.SYSTEM_ADMINISTRATOR, lambda w: loss.list_waiting(w.context, w.actor)),
    pin_change.check_original_pin: (
        Operation.CHANGE_PIN,
        lambda w: pin_change.check_original_pin(w.context, w.actor, w.held.suffix, w.held.pin),
    ),
    pin_change.check_original_pin_of: (
        Operation.CHANGE_PIN,
        lambda w: pin_change.check_original_pin_of(w.context, w.actor, w.held.card_id, w.held.pin),
    ),
    pin_change.check_new_pin: (
        Operation.CHANGE_PIN,
        lambda w: pin_change.check_new_pin(w.context, w.actor, w.permit, "604815"),
    ),
    pin_change.change_pin: (
        Operation.CHANGE_PIN,
        lambda w: pin_change.change_pin(w.context, w.actor, w.permit, "604815", "604815"),
    ),
    pin_change.reset_pin: (
        Operation.RESET_PIN,
        lambda w: pin_change.reset_pin(
            w.context, w.actor, w.held.card_id, "604815", "604815", card_seen=True, document_seen="passport"
        ),
    ),
    pin_change.unlock_pin: (
        OtherOperation.UNLOCK_PIN,
        lambda w: pin_change.unlock_pin(w.context, w.actor, w.held.id_number),
    ),
    replacement.apply_for_replacement: (
        Operation.REPLACE_CARD,
        lambda w: replacement.apply_for_replacement(w.context, w.actor, *w.card),
    ),
    replacement.issue_replacement: (
        Operation.REPLACE_CARD,
        lambda w: replacement.issue_replacement(w.context, w.actor, *w.card, w.held.card_number),
    ),
    replacement.hand_over_replacement: (
        Operation.REPLACE_CARD,
        lambda w: replacement.hand_over_replacement(w.context, w.actor, *w.card, w.held.card_number, SEEN),
    ),
    csv_import.import_folder: (
        OtherOperation.IMPORT,
        lambda w: csv_import.import_folder(w.context, w.actor, w.folder, print),
    ),
    demo.load: (OtherOperation.DEMO, lambda w: demo.load(w.context, w.actor, print)),
    demo_staff.put_staff: (OtherOperation.MANAGE_STAFF, lambda w: demo_staff.put_staff(w.context, w.actor)),
    offices.put: (
        OtherOperation.MANAGE_OFFICES,
        lambda w: offices.put(w.context, w.actor, "某分中心", Door.BRANCH, "渝中区", "某路1号", "023-00000001"),
    ),
    identification.identify: (
        Operation.ENQUIRE_SELF,
        lambda w: identification.identify(w.context, w.actor, w.held.id_number, w.held.pin),
    ),
    identification.identify_card: (
        Operation.ENQUIRE_SELF,
        lambda w: identification.identify_card(w.context, w.actor, w.held.card_number, w.held.pin),
    ),
    cases.open_case: (
        OtherOperation.FIND_PERSON,
        lambda w: cases.open_case(w.context, w.visit, w.held.id_number, Document.PASSPORT, Reason.ENQUIRY),
    ),
    cases.the_case: (
        OtherOperation.FIND_PERSON,
        with_case(lambda w, visit, case: cases.the_case(w.context, visit, case)),
    ),
    cases.show_card: (
        OtherOperation.SHOW_CARD,
        with_case(lambda w, visit, case: cases.show_card(w.context, visit, case, w.held.card_number)),
    ),
    cases.reveal: (OtherOperation.REVEAL, with_case(lambda w, visit, case: cases.reveal(w.context, visit, case))),
    cases.unmasked: (
        OtherOperation.REVEAL,
        with_case(lambda w, visit, case: cases.unmasked(w.context, visit, clerks_case(w, visit, case))),
    ),
    cases.registration_form: (
        Operation.WRITE_UP_LOSS,
        with_case(lambda w, visit, case: cases.registration_form(w.context, visit, case)),
    ),
    cases.require_card: (
        Operation.RELEASE_LOSS,
        with_case(
            lambda w, visit, case: cases.require_card(
                w.context, visit, clerks_case(w, visit, case), Operation.RELEASE_LOSS, "another"
            )
        ),
    ),
    cases.waiting_losses: (Operation.WRITE_UP_LOSS, lambda w: cases.waiting_losses(w.context, w.visit)),
    kiosks.enrol: (OtherOperation.MANAGE_KIOSKS, lambda w: kiosks.enrol(w.context, w.actor, "一号", "没有这个网点")),
    kiosks.enter_key: (OtherOperation.ENTER_KIOSK_KEY, lambda w: kiosks.enter_key(w.context, w.actor, "no key")),
    kiosks.everyone: (OtherOperation.MANAGE_KIOSKS, lambda w: kiosks.everyone(w.context, w.actor)),
    kiosks.revoke: (OtherOperation.MANAGE_KIOSKS, lambda w: kiosks.revoke(w.context, w.actor, 1)),
    pin_pads.pair: (Role.CLERK, lambda w: pin_pads.pair(w.context, w.visit, "000000")),
    pin_pads.let_go: (Role.CLERK, lambda w: pin_pads.let_go(w.context, w.visit)),
    pin_pads.of_desk: (Role.CLERK, lambda w: pin_pads.of_desk(w.context, w.visit, "no case")),
    pin_pads.take_back: (Role.CLERK, lambda w: pin_pads.take_back(w.context, w.visit)),
    pin_pads.ask: (
        Operation.RESET_PIN,
        with_case(lambda w, visit, case: pin_pads.ask(w.context, visit, clerks_case(w, visit, case), PinTask.RESET)),
    ),
    staff.hire: (
        OtherOperation.MANAGE_STAFF,
        lambda w: staff.hire(w.context, w.actor, "li.na", "李娜", Role.CLERK, "没有这个网点"),
    ),
    staff.renew_credentials: (OtherOperation.MANAGE_STAFF, lambda w: staff.renew_credentials(w.context, w.actor, 999)),
    staff.dismiss: (OtherOperation.MANAGE_STAFF, lambda w: staff.dismiss(w.context, w.actor, 999)),
    staff.everybody: (OtherOperation.MANAGE_STAFF, lambda w: staff.everybody(w.context, w.actor)),
    staff.choose_password: (
        OtherOperation.CHOOSE_PASSWORD,
        lambda w: staff.choose_password(w.context, w.visit.member, "wrong", "a new password", "a new password"),
    ),
    Service.medical_balance: (Operation.ENQUIRE_SELF, lambda w: w.service.medical_balance(w.person)),
    Service.unemployment_months: (Operation.ENQUIRE_SELF, lambda w: w.service.unemployment_months(w.person)),
    Service.retirement_benefit: (Operation.ENQUIRE_SELF, lambda w: w.service.retirement_benefit(w.person)),
    Service.basic_data: (Operation.ENQUIRE_SELF, lambda w: w.service.basic_data(w.person)),
    Service.insurance_page: (Operation.ENQUIRE_SELF, lambda w: w.service.insurance_page(w.person, Insurance.PENSION)),
    Service.employment: (Operation.ENQUIRE_SELF, lambda w: w.service.employment(w.person)),
    Service.benefits_paid: (Operation.ENQUIRE_SELF, lambda w: w.service.benefits_paid(w.person, ALLOWANCES)),
    Service.health: (Operation.ENQUIRE_SELF, lambda w: w.service.health(w.person)),
    Service.statement: (Operation.ENQUIRE_SELF, lambda w: w.service.statement(w.person)),
    Service.history: (Operation.ENQUIRE_SELF, lambda w: w.service.history(w.person)),
    Service.loss_reports: (Operation.ENQUIRE_SELF, lambda w: w.service.loss_reports(w.person)),
    Service.loss_record: (Operation.ENQUIRE_SELF, lambda w: w.service.loss_record(w.person)),
    Service.work_injury_benefit: (Operation.ENQUIRE_BY_NUMBER, lambda w: w.service.work_injury_benefit("1")),
    Service.work_death_benefit: (Operation.ENQUIRE_BY_NUMBER, lambda w: w.service.work_death_benefit("1")),
    Service.unit_contributions: (Operation.ENQUIRE_BY_NUMBER, lambda w: w.service.unit_contributions("1")),
    Service.search_drugs: (Operation.CATALOGUE, lambda w: w.service.search_drugs(CatalogueQuery("a"))),
    Service.search_treatments: (Operation.CATALOGUE, lambda w: w.service.search_treatments(CatalogueQuery("a"))),
}
# What the service hands on to an operation above, or tells everybody.
HANDED_ON = {
    "identify", "identify_card", "check_original_pin", "check_original_pin_of", "check_new_pin", "change_pin",
    "report_loss", "offices", "needs_id_number",
}  # fmt: skip
ACTORS = {
    "caller": Actor.phone("1", "call-1"),
    "visitor": Actor.web("192.0.2.1"),
    "kiosk": Actor.kiosk(1, "某服务大厅"),
    **{f"clerk of {door.value}": Actor.staff(door, "某网点", "clerk") for door in COUNTERS},
    **{f"administrator of {door.value}": Actor.staff(door, "某网点", "li.na", Role.ADMINISTRATOR) for door in COUNTERS},
    "shell": Actor.shell("root"),
    "system": Actor.system(),
}


def public_operations() -> Iterator[FunctionType]:
    for found in pkgutil.walk_packages(core.__path__, "core."):
        if "migrations" in found.name or found.name.endswith("__main__") or ".cli" in found.name:
            continue
        module = importlib.import_module(found.name)
        for name, function in vars(module).items():
            own = isinstance(function, FunctionType) and function.__module__ == found.name and name[0] != "_"
            if own and {"actor", "visit", "member"} & set(inspect.signature(function).parameters):
                yield function
    yield from (each for name, each in vars(Service).items() if isinstance(each, FunctionType) and name[0] != "_")


def test_no_operation_is_forgotten():
    found = {each for each in public_operations() if each.__name__ not in NO_OPERATIONS}
    assert {each.__qualname__ for each in found - set(CALLS)} <= {f"Service.{name}" for name in HANDED_ON}
    assert set(CALLS) <= found


def may(actor: Actor, whose: Whose) -> type[HotlineError] | None:
    """What the tables say of this actor: nothing if they may."""
    if isinstance(whose, Role):
        return None if actor.role is whose else NotYourRole
    if isinstance(whose, OtherOperation):
        return None if actor.role in ROLES[whose] else NotYourRole
    if actor.role not in (Role.CITIZEN, Role.CLERK):
        return NotYourRole
    return None if actor.door in ALLOWED[whose] else NotOnThisDoor


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
@pytest.mark.parametrize("operation", CALLS, ids=lambda each: each.__qualname__)
def test_section_2_and_the_roles_decide_in_the_operation(context, holder, tmp_path, operation):
    whose, call = CALLS[operation]
    for name, actor in ACTORS.items():
        refused: type[HotlineError] | None = None
        try:
            call(World(context, holder(), actor, tmp_path))
        except (NotYourRole, NotOnThisDoor) as refusal:
            refused = type(refusal)
        except HotlineError:
            pass  # they may ask, and something else is wrong
        # A citizen or a clerk who asks at a window is refused by their role before their door is looked at.
        expected = may(actor, whose)
        assert (refused is None) == (expected is None), (name, refused, expected)


def test_nobody_dismisses_themselves(context):
    employee = put_employee(context, role=Role.ADMINISTRATOR)
    with pytest.raises(NotOneself):
        staff.dismiss(context, signed_in(context, employee).actor, employee.staff_id)
    assert [left for *_, left in staff.everybody(context, ADMINISTRATOR)] == [None]


@pytest.mark.parametrize("name", ACTORS)
def test_require_says_the_same_of_everything(name):
    actor = ACTORS[name]
    for operation in (*Operation, *OtherOperation):
        if expected := may(actor, operation):
            with pytest.raises(expected):
                require(actor, operation)
        else:
            require(actor, operation)
