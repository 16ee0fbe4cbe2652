"""Changing the PIN (R20–R25) and resetting a forgotten or locked one (R26)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import audited, record
from core.context import CoreContext
from core.errors import (
    CardNotUsable,
    DocumentsMissing,
    HotlineError,
    NewPinMismatch,
    NotFound,
    PinChangedMeanwhile,
    WeakPin,
)
from core.identity import attempts
from core.identity.identification import PinOwner, card_subject, pin_owners, verify_pin
from core.identity.pins import check_strength
from core.identity.visits import end_other_sessions
from core.numbers import mask_id_number, parse_card_suffix, parse_id_number
from core.permissions import require
from core.records.database import rows_changed
from core.records.schema import Card, Person
from core.values import ENDED_STATES, CardState, Needed, Operation, OtherOperation, Sought, WeakPinReason
from core.vault import DEFAULT_PIN
from core.workload import Workload, takes

_NEVER_RIGHT = ""


@dataclass(frozen=True)
class PinChangePermit:
    """Somebody has shown the original PIN of this card, and may choose a new one."""

    card_id: int
    person_id: int
    card_number: str = field(repr=False)
    id_number: str = field(repr=False)
    pin_hash: str | None = field(repr=False)


def needs_id_number(context: CoreContext, card_suffix: str, pin: str) -> bool:
    """Whether the ID number must be asked for too: the PIN keyed in is the default (R20), or the eight
    characters belong to several cards (R21). What is on record about the PIN plays no part (R3)."""
    with context.transaction() as session:
        cards = session.scalars(select(func.count()).where(Card.suffix == parse_card_suffix(card_suffix))).one()
    return pin == DEFAULT_PIN or cards > 1


@takes(Workload.HASH)
def check_original_pin(
    context: CoreContext, actor: Actor, card_suffix: str, pin: str, id_number: str | None = None
) -> PinChangePermit:
    """Compare the original PIN with that of the card (R20), which the ID number picks if one was asked for (R21).

    Raises MalformedNumber, IdentificationFailed, PinLocked, SourceRefused, or CardNotUsable (R25).
    """
    suffix = parse_card_suffix(card_suffix)
    number = parse_id_number(id_number) if id_number else None
    owner = verify_pin(
        context,
        actor,
        OtherOperation.CHECK_ORIGINAL_PIN,
        Operation.CHANGE_PIN,
        f"{suffix} {number or ''}",
        pin,
        lambda session: _card_meant(session, suffix, number, pin),
    )
    return permit_for(context, actor, owner)


@takes(Workload.HASH)
def check_original_pin_of(
    context: CoreContext, actor: Actor, card_id: int, pin: str, id_number: str | None = None
) -> PinChangePermit:
    """The same for the card of somebody who is signed in (R22). The default PIN is only right together with the ID
    number, and a wrong ID number is the same as a wrong PIN: one attempt on this card.

    Raises MalformedNumber, IdentificationFailed, PinLocked, SourceRefused, or CardNotUsable (R25).
    """
    number = parse_id_number(id_number) if id_number else None

    def the_card(session: Session) -> PinOwner:
        return PinOwner(*session.execute(pin_owners().where(Card.id == card_id)).one())

    with context.transaction() as session:
        own_number = the_card(session).id_number
    enough = number == own_number if number else pin != DEFAULT_PIN
    tried = pin if enough else _NEVER_RIGHT
    owner = verify_pin(
        context, actor, OtherOperation.CHECK_ORIGINAL_PIN, Operation.CHANGE_PIN, own_number, tried, the_card
    )
    return permit_for(context, actor, owner)


def permit_for(context: CoreContext, actor: Actor, owner: PinOwner) -> PinChangePermit:
    """The permit for a card whose PIN was just shown, or CardNotUsable (R25)."""
    if owner.card_state is not CardState.ACTIVE:
        with _on_record(context, actor, owner.person_id):
            raise CardNotUsable(owner.card_state)
    return PinChangePermit(owner.card_id, owner.person_id, owner.card_number, owner.id_number, owner.pin_hash)


@takes(Workload.HASH)
def check_new_pin(context: CoreContext, actor: Actor, permit: PinChangePermit, new_pin: str) -> None:
    """Raise WeakPin, with the part of R23 that the new PIN breaks, before it is asked for a second time."""
    with _on_record(context, actor, permit.person_id):
        _check_new_pin(context, permit, new_pin)


@takes(Workload.HASH)
def change_pin(context: CoreContext, actor: Actor, permit: PinChangePermit, new_pin: str, again: str) -> None:
    """Give the card its new PIN, and end the person's other sessions (R25).

    Raises NewPinMismatch (R24), WeakPin (R23), CardNotUsable (R25), or IdentificationFailed when the PIN was
    changed by another way since the original was shown. The original stands then.
    """
    refusal, new_hash = None, ""
    try:
        if new_pin != again:
            raise NewPinMismatch
        _check_new_pin(context, permit, new_pin)
        new_hash = context.vault.hash(new_pin)
    except (NewPinMismatch, WeakPin) as refused:
        refusal = refused

    now = context.now()
    with (
        context.transaction() as session,
        audited(session, actor, Operation.CHANGE_PIN, permit.person_id, now),
    ):
        if refusal:
            raise refusal
        changed = session.execute(
            update(Card)
            .where(
                Card.id == permit.card_id,
                Card.state == CardState.ACTIVE,
                Card.pin_hash.is_not_distinct_from(permit.pin_hash),
            )
            .values(pin_hash=new_hash)
        )
        if not rows_changed(changed):
            state = session.scalars(select(Card.state).where(Card.id == permit.card_id)).one()
            if state is not CardState.ACTIVE:
                raise CardNotUsable(state)
            raise PinChangedMeanwhile
        end_other_sessions(session, actor, permit.person_id, now)


@takes(Workload.HASH)
def reset_pin(
    context: CoreContext, actor: Actor, card_id: int, new_pin: str, again: str, *, card_seen: bool, document_seen: str
) -> None:
    """A new PIN at a branch or the service centre, keyed by the person, without the original; the lock and
    the count are cleared (R26). `document_seen` is the kind of ID document.

    Raises DocumentsMissing, NewPinMismatch, WeakPin or CardNotUsable.
    """
    with context.transaction() as session:
        owner = PinOwner(*session.execute(pin_owners().where(Card.id == card_id)).one())
    new_hash = context.vault.hash(new_pin)
    now = context.now()
    with (
        context.transaction() as session,
        audited(session, actor, Operation.RESET_PIN, owner.person_id, now),
    ):
        if not (card_seen and document_seen):
            raise DocumentsMissing(Needed.CARD_AND_IDENTITY)
        if new_pin != again:
            raise NewPinMismatch
        check_strength(new_pin, owner.id_number, owner.card_number)
        changed = session.execute(
            update(Card).where(Card.id == card_id, Card.state == CardState.ACTIVE).values(pin_hash=new_hash)
        )
        if not rows_changed(changed):
            raise CardNotUsable(session.scalars(select(Card.state).where(Card.id == card_id)).one())
        attempts.clear(session, card_subject(card_id))
        end_other_sessions(session, actor, owner.person_id, now)


@dataclass(frozen=True)
class Unlocked:
    """Whose PIN can be used again, and how many wrong ones in a row were forgotten."""

    masked_id_number: str
    wrong_in_a_row: int


def unlock_pin(context: CoreContext, actor: Actor, id_number: str) -> Unlocked:
    """Clear the count of wrong PINs; the PIN stays what it is. For the shell of the machine: everybody else resets a
    forgotten PIN (R26).

    Raises NotYourRole, MalformedNumber, or NotFound for somebody without a card in use.
    """
    number = parse_id_number(id_number)
    with context.transaction() as session:
        card = session.execute(
            select(Card.id, Card.person_id)
            .join(Person, Person.id == Card.person_id)
            .where(Person.id_number == number, Card.state.not_in(ENDED_STATES))
        ).first()
        person_id = card.person_id if card else None
        with audited(session, actor, OtherOperation.UNLOCK_PIN, person_id, context.now()):
            if card is None:
                raise NotFound(Sought.CARD)
            wrong_in_a_row = attempts.wrong_in_a_row(session, card_subject(card.id))
            attempts.clear(session, card_subject(card.id))
    return Unlocked(mask_id_number(number), wrong_in_a_row)


@contextmanager
def _on_record(context: CoreContext, actor: Actor, person_id: int) -> Iterator[None]:
    """Leave the row of a refusal that comes before the change itself has begun (R8, §2)."""
    try:
        require(actor, Operation.CHANGE_PIN)
        yield
    except HotlineError as refusal:
        with context.transaction() as session:
            record(session, actor, Operation.CHANGE_PIN, person_id, refusal, context.now())
        raise


def _check_new_pin(context: CoreContext, permit: PinChangePermit, new_pin: str) -> None:
    check_strength(new_pin, permit.id_number, permit.card_number)
    if context.vault.is_right(permit.pin_hash, new_pin):
        raise WeakPin(WeakPinReason.SAME_AS_ORIGINAL)


def _card_meant(session: Session, suffix: str, id_number: str | None, pin: str) -> PinOwner | None:
    cards = pin_owners().where(Card.suffix == suffix)
    if id_number:
        cards = cards.where(Person.id_number == id_number)
    found = [PinOwner(*row) for row in session.execute(cards)]
    if id_number is None and (pin == DEFAULT_PIN or len(found) > 1):
        return None
    # One person's old and new card may end alike: the one in use is meant.
    found.sort(key=lambda owner: owner.card_state.ended)
    return found[0] if found else None
