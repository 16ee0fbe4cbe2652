"""A new card for a lost one (R36), in three steps: it is applied for, it is made, it is handed over.

    loss_written → replacement_applied → replaced
                        |      ↑
                        └──────┘ the number of the new card is recorded

A card that was made lies in a drawer until its holder comes. It has the default PIN, so whoever knows the holder's ID
number could use it: until it is handed over it is no card, and no channel knows its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import audited
from core.cards.loss import close_report, move
from core.context import CoreContext
from core.errors import DocumentsMissing, MalformedNumber, NotTheNewCard, StateConflict
from core.numbers import mask_card_number, parse_card_number
from core.records.database import upsert
from core.records.schema import Card, CounterCase, NewCard
from core.values import IDENTITY_DOCUMENTS, CardState, Document, Needed, NumberFault, NumberKind, Operation, Outcome


@dataclass(frozen=True)
class WaitingCard:
    """A new card that waits for its holder. `edition` says which of the numbers recorded for it this is."""

    masked_card_number: str
    edition: int
    issued_at: datetime
    issued_by: str


def waiting_card(session: Session, card_id: int) -> WaitingCard | None:
    """The card that was made to replace this one, if one was."""
    made = session.execute(
        select(NewCard.card_number, NewCard.edition, NewCard.issued_at, NewCard.issued_by).where(
            NewCard.replaces == card_id
        )
    ).first()
    return WaitingCard(mask_card_number(made.card_number), *made[1:]) if made else None


def apply_for_replacement(context: CoreContext, actor: Actor, person_id: int, card_id: int) -> None:
    """Ask for a new card; from here the old one can't be released any more (R35, R36). Raises StateConflict."""
    now = context.now()
    with (
        context.transaction() as session,
        audited(session, actor, Operation.REPLACE_CARD, person_id, now, Outcome.REPLACEMENT_APPLIED_FOR),
    ):
        move(session, card_id, (CardState.LOSS_WRITTEN,), CardState.REPLACEMENT_APPLIED)


def issue_replacement(
    context: CoreContext, actor: Actor, person_id: int, card_id: int, new_card_number: str, instead_of: int = 0
) -> None:
    """Record the number of the card that was made (R36). It opens nothing until the card is handed over.

    `instead_of` is the edition that the clerk saw and found wrong; without it no number may be recorded yet. Raises
    StateConflict, also when another clerk recorded one meanwhile (R37), or MalformedNumber, also for a number that a
    card or another new card has already.
    """
    now = context.now()
    outcome = Outcome.NEW_CARD_CORRECTED if instead_of else Outcome.NEW_CARD_ISSUED
    with (
        context.transaction() as session,
        audited(session, actor, Operation.REPLACE_CARD, person_id, now, outcome),
        session.begin_nested(),  # a number that is taken leaves the one before
    ):
        number = parse_card_number(new_card_number)
        # The state stays; whoever issues or hands over the same card at once waits here for the row.
        move(session, card_id, (CardState.REPLACEMENT_APPLIED,), CardState.REPLACEMENT_APPLIED)
        before = session.scalar(delete(NewCard).where(NewCard.replaces == card_id).returning(NewCard.edition))
        if (before or 0) != instead_of:
            raise StateConflict(CardState.REPLACEMENT_APPLIED)
        recorded = session.scalar(
            upsert(session, NewCard)
            .values(
                replaces=card_id,
                card_number=number,
                edition=instead_of + 1,
                issued_at=now,
                issued_by=actor.who,
            )
            .on_conflict_do_nothing(index_elements=[NewCard.card_number])
            .returning(NewCard.edition)
        )
        if recorded is None or session.scalar(select(Card.id).where(Card.card_number == number)):
            raise MalformedNumber(NumberKind.CARD, NumberFault.TAKEN)


def hand_over_replacement(
    context: CoreContext, actor: Actor, person_id: int, card_id: int, new_card_number: str, documents: set[Document]
) -> int:
    """Give the person the card that was issued (R36): it is theirs from now on, with the default PIN, and the old
    number never works again. `new_card_number` is read from the card in the clerk's hand, so that nobody goes home
    with another's.

    Returns the new card's id. Raises DocumentsMissing, NotTheNewCard, StateConflict, or MalformedNumber, also for a
    number that somebody has got meanwhile.
    """
    now = context.now()
    with (
        context.transaction() as session,
        audited(session, actor, Operation.REPLACE_CARD, person_id, now, Outcome.NEW_CARD_HANDED_OVER),
        session.begin_nested(),  # a card that is refused leaves nothing half done
    ):
        if documents.isdisjoint(IDENTITY_DOCUMENTS):
            raise DocumentsMissing(Needed.IDENTITY)
        number = parse_card_number(new_card_number)
        move(session, card_id, (CardState.REPLACEMENT_APPLIED,), CardState.REPLACED)
        if take_new_card(session, card_id) != number:
            raise NotTheNewCard
        close_report(session, card_id, "replaced", now)
        new_card = _put_in_use(session, number, person_id, now.astimezone(context.settings.zone))
        session.execute(update(Card).where(Card.id == card_id).values(replaced_by=new_card))
        # Wherever a card of this person was shown, it was the old one.
        session.execute(update(CounterCase).where(CounterCase.person_id == person_id).values(card_shown_at=None))
        return new_card


def take_new_card(session: Session, card_id: int) -> str | None:
    """Whatever card was made to replace this one waits no more. Returns its number."""
    return session.scalar(delete(NewCard).where(NewCard.replaces == card_id).returning(NewCard.card_number))


def _put_in_use(session: Session, number: str, person_id: int, today: datetime) -> int:
    new_card = session.scalar(
        upsert(session, Card)
        .values(
            card_number=number,
            suffix=number[1:],
            person_id=person_id,
            issued_on=today.date(),
            state=CardState.ACTIVE,
        )
        .on_conflict_do_nothing(index_elements=[Card.card_number])
        .returning(Card.id)
    )
    if new_card is None:
        raise MalformedNumber(NumberKind.CARD, NumberFault.TAKEN)
    return new_card
