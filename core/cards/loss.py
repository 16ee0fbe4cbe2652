"""A lost card, from the report to its release (R30–R35, R37); core.cards.replacement goes on from there.

A card moves only along these arrows, and the database decides who was first: every step is one
UPDATE that names the states it starts from.

    active → loss_reported → loss_written → replacement_applied → replaced
       ↑___________|_______________|   released at a branch, or lapsed
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, true, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import audited, record
from core.context import CoreContext
from core.errors import CardNotUsable, DocumentsMissing, StateConflict
from core.identity.visits import end_other_sessions
from core.numbers import mask_card_number, mask_id_number
from core.permissions import require, require_role
from core.records.database import rows_changed, upsert
from core.records.schema import Card, LossReport, Person
from core.values import (
    IDENTITY_DOCUMENTS,
    LOST_STATES,
    RELEASE_DOCUMENTS,
    CardState,
    Document,
    Door,
    Needed,
    Operation,
    OtherOperation,
    Outcome,
    Role,
)

# A report by word alone: R31 may give it a term.
_BY_WORD = (Door.PHONE.channel, Door.WEB.channel)


# What the audit calls the steps of a loss.
RECORDED_AS = (
    Operation.REPORT_LOSS.value,
    Operation.WRITE_UP_LOSS.value,
    Operation.RELEASE_LOSS.value,
    Operation.REPLACE_CARD.value,
    OtherOperation.LAPSE_LOSS.value,
)


@dataclass(frozen=True)
class LossReported:
    """The answer to a report: the reference to keep, and whether the card was reported before (R31, R32)."""

    reference: str
    already_reported: bool
    card_state: CardState


def report_loss(context: CoreContext, actor: Actor, person_id: int, card_id: int) -> LossReported:
    """Put the card out of use at once (R30, R33) and end the person's sessions (R25).

    A card that is already reported stays as it is, and the answer says so (R32). Raises CardNotUsable for
    a replaced or cancelled card, NotOnThisDoor, and DocumentsMissing at a counter, where a report is a
    written one (section 2).
    """
    now = context.now()
    with context.transaction() as session, audited(session, actor, Operation.REPORT_LOSS, person_id, now):
        if actor.door.channel == "counter":
            raise DocumentsMissing(Needed.WRITTEN_REPORT)
        return _report(session, actor, person_id, card_id, now)


def report_loss_in_writing(
    context: CoreContext, actor: Actor, person_id: int, card_id: int, documents: set[Document]
) -> LossReported:
    """A loss reported at a branch or the service centre, with its form: reported and written up in one (R34)."""
    now = context.now()
    with context.transaction() as session, audited(session, actor, Operation.REPORT_LOSS, person_id, now):
        require(actor, Operation.WRITE_UP_LOSS)
        identity = _written_documents(documents)
        report = _report(session, actor, person_id, card_id, now)
        _write_up(session, card_id, identity, now)
        return LossReported(report.reference, report.already_reported, CardState.LOSS_WRITTEN)


def write_up_loss(context: CoreContext, actor: Actor, person_id: int, card_id: int, documents: set[Document]) -> None:
    """Turn a telephone or web report into a written one (R34). Raises DocumentsMissing, StateConflict."""
    now = context.now()
    with context.transaction() as session, audited(session, actor, Operation.WRITE_UP_LOSS, person_id, now):
        _write_up(session, card_id, _written_documents(documents), now)


def release_loss(context: CoreContext, actor: Actor, person_id: int, card_id: int, documents: set[Document]) -> None:
    """The card was found: back to active, the PIN stays (R35). Raises DocumentsMissing, StateConflict."""
    now = context.now()
    with context.transaction() as session, audited(session, actor, Operation.RELEASE_LOSS, person_id, now):
        if Document.SOCIAL_SECURITY_CARD not in documents or documents.isdisjoint(RELEASE_DOCUMENTS):
            raise DocumentsMissing(Needed.CARD_AND_RELEASE_DOCUMENT)
        move(session, card_id, (CardState.LOSS_REPORTED, CardState.LOSS_WRITTEN), CardState.ACTIVE)
        close_report(session, card_id, "released", now)


@dataclass(frozen=True)
class WaitingReport:
    """A loss that was reported by phone or web and still has to be written up (R34)."""

    reference: str
    masked_card_number: str
    masked_id_number: str
    district: str
    reported_at: datetime
    reported_by: str


def waiting_reports(session: Session, district: str = "", limit: int | None = None) -> list[WaitingReport]:
    """What is still to be written up, the oldest first; of one district, or of all."""
    waiting = (
        select(LossReport, Card.card_number, Person.id_number, Person.district)
        .join(Card, Card.id == LossReport.card_id)
        .join(Person, Person.id == Card.person_id)
        .where(LossReport.closed_at.is_(None), LossReport.written_at.is_(None))
        .where(Person.district == district if district else true())
        .order_by(LossReport.reported_at, LossReport.id)
        .limit(limit)
    )
    return [
        WaitingReport(
            report.reference,
            mask_card_number(card_number),
            mask_id_number(id_number),
            of_district,
            report.reported_at,
            report.reported_by,
        )
        for report, card_number, id_number, of_district in session.execute(waiting)
    ]


def list_waiting(context: CoreContext, actor: Actor) -> list[WaitingReport]:
    """What is still to be written up, for the shell of the machine. Raises NotYourRole."""
    require_role(actor, Role.SYSTEM_ADMINISTRATOR)
    with context.read_only() as session:
        return waiting_reports(session)


def find_report(session: Session, reference: str) -> LossReport | None:
    """A report by its reference, on every channel (R31)."""
    return session.scalar(select(LossReport).where(LossReport.reference == reference))


def lapses_at(report: LossReport, term_days: int | None) -> datetime | None:
    """When this report lapses unless it is written up before; None where it has no term (R31)."""
    if term_days is None or report.closed_at or report.written_at or report.reported_by not in _BY_WORD:
        return None
    return report.reported_at + timedelta(days=term_days)


def lapse_reports(context: CoreContext) -> int:
    """Put back in use the cards whose report by phone or web was not written up in its term, and return how many.
    By default there is no term (R31)."""
    days = context.settings.loss_report_term_days
    if days is None:
        return 0
    now = context.now()
    with context.transaction() as session:
        late = session.execute(
            select(LossReport.card_id, Card.person_id)
            .join(Card, Card.id == LossReport.card_id)
            .where(
                LossReport.closed_at.is_(None),
                LossReport.written_at.is_(None),
                LossReport.reported_by.in_(_BY_WORD),
                LossReport.reported_at <= now - timedelta(days=days),
                Card.state == CardState.LOSS_REPORTED,
            )
        ).all()
        lapsed = 0
        for card_id, person_id in late:
            try:
                move(session, card_id, (CardState.LOSS_REPORTED,), CardState.ACTIVE)
            except StateConflict:
                # A branch wrote it up or released it in this very moment, and was first.
                continue
            close_report(session, card_id, "lapsed", now)
            record(session, Actor.system(), OtherOperation.LAPSE_LOSS, person_id, Outcome.DONE, now)
            lapsed += 1
    return lapsed


def _report(session: Session, actor: Actor, person_id: int, card_id: int, now: datetime) -> LossReported:
    reported = session.scalar(
        update(Card)
        .where(Card.id == card_id, Card.state == CardState.ACTIVE)
        .values(state=CardState.LOSS_REPORTED)
        .returning(Card.id)
    )
    if reported:
        end_other_sessions(session, actor, person_id, now)
        return LossReported(open_report(session, actor.door.channel, card_id, now), False, CardState.LOSS_REPORTED)
    state = session.scalars(select(Card.state).where(Card.id == card_id)).one()
    if state not in LOST_STATES:
        raise CardNotUsable(state)
    reference = session.scalar(
        select(LossReport.reference).where(LossReport.card_id == card_id, LossReport.closed_at.is_(None))
    )
    # A card that was imported as reported has no report of ours yet.
    return LossReported(reference or open_report(session, actor.door.channel, card_id, now), True, state)


def open_report(session: Session, reported_by: str, card_id: int, now: datetime) -> str:
    """Begin a loss of this card, and return its reference (R31). The card's state is the caller's affair."""
    while True:
        reference = f"{secrets.randbelow(10**8):08d}"
        opened = upsert(session, LossReport).values(
            reference=reference, card_id=card_id, reported_at=now, reported_by=reported_by
        )
        opened = opened.on_conflict_do_nothing(index_elements=[LossReport.reference])
        if session.execute(opened.returning(LossReport.id)).first():
            return reference


def _written_documents(documents: set[Document]) -> str:
    """The kind of ID document, if it and the form were seen (R34)."""
    identity = documents.intersection(IDENTITY_DOCUMENTS)
    if not identity or Document.REGISTRATION_FORM not in documents:
        raise DocumentsMissing(Needed.IDENTITY_AND_FORM)
    return min(document.value for document in identity)


def _write_up(session: Session, card_id: int, identity: str, now: datetime) -> None:
    move(session, card_id, (CardState.LOSS_REPORTED,), CardState.LOSS_WRITTEN)
    session.execute(
        update(LossReport)
        .where(LossReport.card_id == card_id, LossReport.closed_at.is_(None))
        .values(written_at=now, written_document=identity)
    )


def close_report(session: Session, card_id: int, outcome: str, now: datetime) -> None:
    """End the open loss of this card, if there is one."""
    session.execute(
        update(LossReport)
        .where(LossReport.card_id == card_id, LossReport.closed_at.is_(None))
        .values(closed_at=now, outcome=outcome)
    )


def move(session: Session, card_id: int, starts: tuple[CardState, ...], end: CardState) -> None:
    """One arrow, or StateConflict with the state that the card is in by now (R37)."""
    moved = session.execute(update(Card).where(Card.id == card_id, Card.state.in_(starts)).values(state=end))
    if not rows_changed(moved):
        raise StateConflict(session.scalars(select(Card.state).where(Card.id == card_id)).one())
