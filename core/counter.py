"""A clerk's window: one person, one case.

A case begins when the clerk has recorded which document was seen and what for (R2), and belongs to the desk where it
was opened. Everything that is done for the person names the case, so that two tabs can't mix up two people.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from core import audit
from core.errors import HotlineError, MalformedNumber, NotFound, StateConflict
from core.identification import Cardholder
from core.loss import IDENTITY, Document
from core.numbers import (
    mask_card_number,
    mask_id_number,
    mask_name,
    parse_card_number,
    parse_id_number,
    plain_number,
)
from core.office import Office
from core.permissions import Operation, require
from core.person_data import OwnReport, PersonalData, WholeData, loss_reports, personal_data, whole_data
from core.replacement import WaitingCard, waiting_card
from core.schema import Card, CardState, CounterCase, LossReport, Person
from core.staff import Role, StaffMember
from core.staff_sessions import StaffVisit

FIND = "find a person at the counter"
SHOW_CARD = "card shown at the counter"
REVEAL = "see the record whole"
PRINT_FORM = "print the loss registration form"
_NO_CASE = "no such case at this desk"


class Reason(Enum):
    """What somebody has come for."""

    ENQUIRY = "enquiry"
    PIN = "PIN"
    LOSS = "loss"
    RELEASE = "release"
    REPLACEMENT = "replacement"


@dataclass(frozen=True)
class Case:
    """The person at the window, on their current card, or on the last one if none is in use. `new_card` was made to
    replace it, and waits to be handed over (R36)."""

    case_id: str
    masked_name: str
    person: Cardholder
    document: Document
    reason: Reason
    opened_at: datetime
    card_shown: bool
    revealed: bool
    new_card: WaitingCard | None


def open_case(office: Office, visit: StaffVisit, sought: str, document: Document, reason: Reason) -> Case:
    """Find a person by ID number, card number, or the reference of a loss, and begin their case.

    Raises NotYourRole, NotOnThisDoor, MalformedNumber, or NotFound, also for somebody who never had a card.
    """
    visit.member.require(Role.CLERK)
    if document not in IDENTITY:
        raise ValueError("a person is identified by an ID document")
    meant, now, actor = _meant(sought), office.now(), visit.member.actor
    case_id = secrets.token_hex(8)
    with office.transaction() as session:
        person_id = session.scalar(meant)
        try:
            require(actor.door, Operation.ENQUIRE_SELF)
            if person_id is None:
                raise NotFound("not found")
            if session.execute(_current_card(person_id)).first() is None:
                raise NotFound("no card")
        except HotlineError as refusal:
            audit.record(session, actor, FIND, person_id, str(refusal), now)
            raise
        session.execute(
            insert(CounterCase).values(
                case_id=case_id,
                session_id=visit.session_id,
                person_id=person_id,
                document=document.value,
                reason=reason.value,
                opened_at=now,
            )
        )
        audit.record(session, actor, FIND, person_id, f"{reason.value} on {document.value}", now)
        return _case(session, visit, case_id)


def the_case(office: Office, visit: StaffVisit, case_id: str) -> Case:
    """A case of this desk that is still open. Raises NotFound."""
    with office.transaction() as session:
        return _case(session, visit, case_id)


def show_card(office: Office, visit: StaffVisit, case_id: str, card_number: str) -> Case:
    """The person's card is in the reader, or was read from: its number is that of the case's card.

    Raises MalformedNumber, or NotFound for another card.
    """
    number, now = parse_card_number(card_number), office.now()
    with office.transaction() as session:
        case = _case(session, visit, case_id)
        own = session.scalar(select(Card.card_number).where(Card.id == case.person.card_id))
        outcome = "done" if own == number else "another card"
        audit.record(session, visit.member.actor, SHOW_CARD, case.person.person_id, outcome, now)
        if own != number:
            raise NotFound("another card")
        session.execute(update(CounterCase).where(CounterCase.case_id == case_id).values(card_shown_at=now))
        return _case(session, visit, case_id)


def reveal(office: Office, visit: StaffVisit, case_id: str) -> Case:
    """From here on the clerk sees names and numbers whole; the person can read that they did (R47)."""
    now = office.now()
    with office.transaction() as session:
        case = _case(session, visit, case_id)
        session.execute(update(CounterCase).where(CounterCase.case_id == case_id).values(revealed_at=now))
        audit.record(session, visit.member.actor, REVEAL, case.person.person_id, "done", now)
        return _case(session, visit, case_id)


def unmasked(office: Office, case: Case) -> WholeData | None:
    """Names and numbers of a case that was revealed; None for one that was not."""
    if not case.revealed:
        return None
    with office.transaction() as session:
        return whole_data(session, case.person.card_id)


@dataclass(frozen=True)
class RegistrationForm:
    """The loss registration form (挂失登记表), as the record fills it in (R34). `report` is the open one, if there is
    one."""

    person: WholeData
    data: PersonalData
    report: OwnReport | None
    document: Document
    clerk: StaffMember
    made_at: datetime


def registration_form(office: Office, visit: StaffVisit, case_id: str) -> RegistrationForm:
    """What is printed for the person to sign; the person can read that it was (R47).

    Raises NotOnThisDoor, or StateConflict for a card whose loss can't be reported in writing any more.
    """
    now, actor = office.now(), visit.member.actor
    with office.transaction() as session:
        case = _case(session, visit, case_id)
        person = case.person
        try:
            require(actor.door, Operation.WRITE_UP_LOSS)
            if person.card_state.ended:
                raise StateConflict(person.card_state)
        except HotlineError as refusal:
            audit.record(session, actor, PRINT_FORM, person.person_id, str(refusal), now)
            raise
        audit.record(session, actor, PRINT_FORM, person.person_id, "done", now)
        reports = loss_reports(session, person.person_id, office.settings.loss_report_term_days)
        return RegistrationForm(
            whole_data(session, person.card_id),
            personal_data(session, person.card_id),
            next((report for report in reports if report.closed_at is None), None),
            case.document,
            visit.member,
            now,
        )


def require_card(office: Office, visit: StaffVisit, case: Case, operation: Operation, card_id: str) -> None:
    """A form is about the card that the clerk saw when it was opened: raise StateConflict if the person has another
    one by now (R37)."""
    if card_id == str(case.person.card_id):
        return
    with (
        office.transaction() as session,
        audit.audited(session, visit.member.actor, operation, case.person.person_id, office.now()),
    ):
        raise StateConflict(case.person.card_state)


def close_case(office: Office, visit: StaffVisit, case_id: str) -> None:
    """The person has gone. Safe to do twice."""
    with office.transaction() as session:
        session.execute(
            update(CounterCase)
            .where(
                CounterCase.case_id == case_id,
                CounterCase.session_id == visit.session_id,
                CounterCase.closed_at.is_(None),
            )
            .values(closed_at=office.now())
        )


def forget_old(office: Office) -> None:
    """Remove the cases of desks where nobody can be signed in any more: what was done in them is in the audit."""
    longest = timedelta(seconds=office.settings.staff_limit_seconds)
    with office.transaction() as session:
        session.execute(delete(CounterCase).where(CounterCase.opened_at <= office.now() - longest))


def _meant(sought: str) -> Select:
    """Who is sought: 18 characters are an ID number, 9 a card number, 8 digits the reference of a loss."""
    number = plain_number(sought)
    if len(number) == 9:
        return select(Card.person_id).where(Card.card_number == parse_card_number(number))
    if re.fullmatch("[0-9]{8}", number):
        reports = select(Card.person_id).join(LossReport, LossReport.card_id == Card.id)
        return reports.where(LossReport.reference == number)
    if not number:
        raise MalformedNumber("sought", "length")
    return select(Person.id).where(Person.id_number == parse_id_number(number))


def _current_card(person_id: int) -> Select:
    """The card in use; without one, the last that there was."""
    ended = Card.state.in_([CardState.REPLACED, CardState.CANCELLED])
    cards = select(Card.id, Card.state, Card.pin_hash.is_(None), Card.card_number).where(Card.person_id == person_id)
    return cards.order_by(ended, Card.id.desc()).limit(1)


def _case(session: Session, visit: StaffVisit, case_id: str) -> Case:
    if not re.fullmatch("[0-9a-f]{16}", case_id):  # no database is asked for what no case is called
        raise NotFound(_NO_CASE)
    row = session.execute(
        select(CounterCase, Person.id_number, Person.personal_number, Person.name)
        .join(Person, Person.id == CounterCase.person_id)
        .where(
            CounterCase.case_id == case_id,
            CounterCase.session_id == visit.session_id,
            CounterCase.closed_at.is_(None),
        )
    ).first()
    if row is None:
        raise NotFound(_NO_CASE)
    case, id_number, personal_number, name = row
    card_id, state, pin_is_default, card_number = session.execute(_current_card(case.person_id)).one()
    person = Cardholder(
        case.person_id,
        personal_number,
        mask_id_number(id_number),
        mask_card_number(card_number),
        card_id,
        state,
        bool(pin_is_default),
    )
    return Case(
        case_id,
        mask_name(name),
        person,
        Document(case.document),
        Reason(case.reason),
        case.opened_at,
        case.card_shown_at is not None,
        case.revealed_at is not None,
        waiting_card(session, card_id) if state is CardState.REPLACEMENT_APPLIED else None,
    )
