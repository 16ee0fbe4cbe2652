"""A clerk's window: one person, one case.

A case begins when the clerk has recorded which document was seen and what for (R2), and belongs to the desk where it
was opened. Everything that is done for the person names the case, so that two tabs can't mix up two people.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.orm import Session

from core.audit.record import audited
from core.cards.loss import WaitingReport, waiting_reports
from core.cards.replacement import WaitingCard, waiting_card
from core.cards.reports import OwnReport, loss_reports
from core.context import CoreContext
from core.enquiries.person_data import PersonalData, WholeData, personal_data, whole_data
from core.errors import AnotherCard, MalformedNumber, NotFound, StateConflict
from core.identity.identification import Cardholder
from core.identity.tokens import new_session_id
from core.numbers import mask_card_number, mask_id_number, mask_name, parse_card_number, parse_id_number, plain_number
from core.permissions import require
from core.records.schema import Card, CounterCase, CounterOffice, LossReport, Person
from core.staffed.staff import StaffMember
from core.staffed.staff_visits import StaffVisit
from core.values import (
    ENDED_STATES,
    IDENTITY_DOCUMENTS,
    CardState,
    Document,
    NumberFault,
    NumberKind,
    Operation,
    OtherOperation,
    Reason,
    Sought,
)


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


def open_case(context: CoreContext, visit: StaffVisit, sought: str, document: Document, reason: Reason) -> Case:
    """Find a person by ID number, card number, or the reference of a loss, and begin their case.

    Raises NotYourRole, NotOnThisDoor, MalformedNumber, or NotFound, also for somebody who never had a card.
    """
    if document not in IDENTITY_DOCUMENTS:
        raise ValueError("a person is identified by an ID document")
    meant, now, actor = _meant(sought), context.now(), visit.actor
    case_id = new_session_id()
    recorded = {"reason": reason.value, "document": document.value}
    with context.transaction() as session:
        person_id = session.scalar(meant)
        with audited(session, actor, OtherOperation.FIND_PERSON, person_id, now, **recorded):
            require(actor, Operation.ENQUIRE_SELF)
            if person_id is None:
                raise NotFound(Sought.PERSON)
            if session.execute(_current_card(person_id)).first() is None:
                raise NotFound(Sought.CARD)
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
        return _case(session, visit, case_id)


def the_case(context: CoreContext, visit: StaffVisit, case_id: str, *, operation: Operation | None = None) -> Case:
    """A case of this desk that is still open; with `operation`, for a form that leads to it. Raises NotFound, or
    NotOnThisDoor for what this office does not do."""
    if operation:
        require(visit.actor, operation)
    with context.transaction() as session:
        return _case(session, visit, case_id)


def show_card(context: CoreContext, visit: StaffVisit, case_id: str, card_number: str) -> Case:
    """The person's card is in the reader, or was read from: its number is that of the case's card.

    Raises MalformedNumber, NotFound, or AnotherCard.
    """
    number, now = parse_card_number(card_number), context.now()
    with context.transaction() as session:
        case = _case(session, visit, case_id)
        own = session.scalar(select(Card.card_number).where(Card.id == case.person.card_id))
        with audited(session, visit.actor, OtherOperation.SHOW_CARD, case.person.person_id, now):
            if own != number:
                raise AnotherCard
            session.execute(update(CounterCase).where(CounterCase.case_id == case_id).values(card_shown_at=now))
        return _case(session, visit, case_id)


def reveal(context: CoreContext, visit: StaffVisit, case_id: str) -> Case:
    """From here on the clerk sees names and numbers whole; the person can read that they did (R47)."""
    now = context.now()
    with context.transaction() as session:
        case = _case(session, visit, case_id)
        with audited(session, visit.actor, OtherOperation.REVEAL, case.person.person_id, now):
            session.execute(update(CounterCase).where(CounterCase.case_id == case_id).values(revealed_at=now))
        return _case(session, visit, case_id)


def unmasked(context: CoreContext, visit: StaffVisit, case: Case) -> WholeData | None:
    """Names and numbers of a case that was revealed; None for one that was not."""
    require(visit.actor, OtherOperation.REVEAL)
    if not case.revealed:
        return None
    with context.transaction() as session:
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


def registration_form(context: CoreContext, visit: StaffVisit, case_id: str) -> RegistrationForm:
    """What is printed for the person to sign; the person can read that it was (R47).

    Raises NotOnThisDoor, or StateConflict for a card whose loss can't be reported in writing any more.
    """
    now, actor = context.now(), visit.actor
    with context.transaction() as session:
        case = _case(session, visit, case_id)
        person = case.person
        with audited(session, actor, OtherOperation.PRINT_FORM, person.person_id, now):
            require(actor, Operation.WRITE_UP_LOSS)
            if person.card_state.ended:
                raise StateConflict(person.card_state)
        reports = loss_reports(session, person.person_id, context.settings.loss_report_term_days)
        return RegistrationForm(
            whole_data(session, person.card_id),
            personal_data(session, person.card_id),
            next((report for report in reports if report.closed_at is None), None),
            case.document,
            visit.member,
            now,
        )


def require_card(context: CoreContext, visit: StaffVisit, case: Case, operation: Operation, card_id: str) -> None:
    """A form is about the card that the clerk saw when it was opened: raise StateConflict if the person has another
    one by now (R37)."""
    if card_id == str(case.person.card_id):
        return
    with (
        context.transaction() as session,
        audited(session, visit.actor, operation, case.person.person_id, context.now()),
    ):
        raise StateConflict(case.person.card_state)


def waiting_losses(context: CoreContext, visit: StaffVisit) -> tuple[str, list[WaitingReport]]:
    """The office's district, and every loss that waits to be written up (R34): those of the district first, the
    oldest first within it and without. Raises NotOnThisDoor."""
    require(visit.actor, Operation.WRITE_UP_LOSS)
    with context.read_only() as session:
        district = session.get_one(CounterOffice, visit.member.office).district
        reports = waiting_reports(session)
    return district, sorted(reports, key=lambda report: report.district != district)


def close_case(context: CoreContext, visit: StaffVisit, case_id: str) -> None:
    """The person has gone. Safe to do twice."""
    with context.transaction() as session:
        session.execute(
            update(CounterCase)
            .where(
                CounterCase.case_id == case_id,
                CounterCase.session_id == visit.session_id,
                CounterCase.closed_at.is_(None),
            )
            .values(closed_at=context.now())
        )


def forget_old(context: CoreContext) -> None:
    """Remove the cases of desks where nobody can be signed in any more: what was done in them is in the audit."""
    longest = timedelta(seconds=context.settings.staff_limit_seconds)
    with context.transaction() as session:
        session.execute(delete(CounterCase).where(CounterCase.opened_at <= context.now() - longest))


def _meant(sought: str) -> Select[tuple[int]]:
    """Who is sought: 18 characters are an ID number, 9 a card number, 8 digits the reference of a loss."""
    number = plain_number(sought)
    if len(number) == 9:
        return select(Card.person_id).where(Card.card_number == parse_card_number(number))
    if re.fullmatch("[0-9]{8}", number):
        reports = select(Card.person_id).join(LossReport, LossReport.card_id == Card.id)
        return reports.where(LossReport.reference == number)
    if not number:
        raise MalformedNumber(NumberKind.SOUGHT, NumberFault.LENGTH)
    return select(Person.id).where(Person.id_number == parse_id_number(number))


def _current_card(person_id: int) -> Select[tuple[int, CardState, bool, str]]:
    """The card in use; without one, the last that there was."""
    ended = Card.state.in_(ENDED_STATES)
    cards = select(Card.id, Card.state, Card.pin_hash.is_(None), Card.card_number).where(Card.person_id == person_id)
    return cards.order_by(ended, Card.id.desc()).limit(1)


def _case(session: Session, visit: StaffVisit, case_id: str) -> Case:
    require(visit.actor, OtherOperation.FIND_PERSON)
    if not re.fullmatch("[0-9a-f]{16}", case_id):  # no database is asked for what no case is called
        raise NotFound(Sought.CASE)
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
        raise NotFound(Sought.CASE)
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
