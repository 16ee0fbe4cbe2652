"""Who is calling (R1–R7), and the one way in which a PIN is compared."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import record
from core.context import CoreContext
from core.errors import CardNotUsable, HotlineError, IdentificationFailed, PinLocked
from core.identity import attempts
from core.numbers import mask_card_number, mask_id_number, parse_card_number, parse_id_number
from core.permissions import require
from core.records.schema import Card, Person
from core.values import ENDED_STATES, CardState, Operation, OtherOperation, Outcome
from core.workload import Workload, takes


@dataclass(frozen=True)
class Cardholder:
    """A person who has shown, in this call or visit, that they are who they say (R2)."""

    person_id: int
    personal_number: str = field(repr=False)
    masked_id_number: str
    masked_card_number: str
    card_id: int
    card_state: CardState
    pin_is_default: bool


@dataclass(frozen=True)
class PinOwner:
    """The card that a PIN will be compared with, as the database knew it when the attempt began."""

    card_id: int
    person_id: int
    card_state: CardState
    card_number: str = field(repr=False)
    id_number: str = field(repr=False)
    personal_number: str = field(repr=False)
    pin_hash: str | None = field(repr=False)


@takes(Workload.HASH)
def identify(context: CoreContext, actor: Actor, id_number: str, pin: str) -> Cardholder:
    """The person with this ID number and PIN (R2), on their current card.

    Raises MalformedNumber, IdentificationFailed, PinLocked or SourceRefused.
    """
    number = parse_id_number(id_number)
    owner = verify_pin(
        context,
        actor,
        OtherOperation.IDENTIFY,
        Operation.ENQUIRE_SELF,
        number,
        pin,
        lambda session: _current_card(session, number),
    )
    return _cardholder(owner)


@takes(Workload.HASH)
def identify_card(context: CoreContext, actor: Actor, card_number: str, pin: str) -> Cardholder:
    """The person whose card is in the reader, with its PIN (R2). Only whoever knows the PIN learns that a card is out
    of use (R33).

    Raises MalformedNumber, IdentificationFailed, PinLocked, SourceRefused or CardNotUsable.
    """
    number = parse_card_number(card_number)

    def the_card(session: Session) -> PinOwner | None:
        row = session.execute(pin_owners().where(Card.card_number == number)).first()
        return PinOwner(*row) if row else None

    def in_use(owner: PinOwner) -> None:
        if owner.card_state is not CardState.ACTIVE:
            raise CardNotUsable(owner.card_state)

    owner = verify_pin(
        context, actor, OtherOperation.IDENTIFY_CARD, Operation.ENQUIRE_SELF, number, pin, the_card, in_use
    )
    return _cardholder(owner)


def _cardholder(owner: PinOwner) -> Cardholder:
    return Cardholder(
        person_id=owner.person_id,
        personal_number=owner.personal_number,
        masked_id_number=mask_id_number(owner.id_number),
        masked_card_number=mask_card_number(owner.card_number),
        card_id=owner.card_id,
        card_state=owner.card_state,
        pin_is_default=owner.pin_hash is None,
    )


@takes(Workload.HASH)
def verify_pin(
    context: CoreContext,
    actor: Actor,
    step: OtherOperation,
    purpose: Operation,
    claimed: str,
    pin: str,
    find: Callable[[Session], PinOwner | None],
    admit: Callable[[PinOwner], None] = lambda owner: None,
) -> PinOwner:
    """The card that `find` gives, if `pin` is its PIN (R3–R5). `step` is what the audit calls this, `purpose`
    what it is for, `claimed` the number that was keyed in; `admit` may still raise a HotlineError for whoever knows
    the PIN.

    A number that nobody has takes the same steps, the same time and the same lock as one that somebody has.
    The attempt is counted before the PIN is compared, and no transaction is open while the hash is computed.
    """
    now = context.now()
    with context.transaction() as session:
        owner = find(session)
        person_id = owner.person_id if owner else None
        subject = card_subject(owner.card_id) if owner else _unknown_subject(context, claimed)
        try:
            require(actor, step, purpose)
            attempts.check_source(session, actor, now, context.settings)
            attempt_number = attempts.reserve(session, subject, context.settings.pin_lock_threshold)
            if attempt_number is None:
                raise PinLocked
        except HotlineError as refusal:
            record(session, actor, step, person_id, refusal, now)
            raise

    right = context.vault.is_right(owner.pin_hash, pin) if owner else context.vault.compare_with_nobody(pin)

    with context.transaction() as session:
        if owner and right:
            attempts.clear(session, subject)
            try:
                admit(owner)
            except HotlineError as refusal:
                record(session, actor, step, person_id, refusal, now)
                raise
            record(session, actor, step, person_id, Outcome.IDENTIFIED, now)
            return owner
        attempts.count_source(session, actor, now, context.settings)
        locked = attempt_number >= context.settings.pin_lock_threshold
        failure = PinLocked() if locked else IdentificationFailed()
        record(session, actor, step, person_id, failure, now)
        raise failure


def card_subject(card_id: int) -> str:
    """What the wrong PINs of a card are counted under."""
    return f"card:{card_id}"


def pin_owners() -> Select[tuple[int, int, CardState, str, str, str, str | None]]:
    """The query that PinOwner is made from; add where it should look."""
    return select(
        Card.id,
        Card.person_id,
        Card.state,
        Card.card_number,
        Person.id_number,
        Person.personal_number,
        Card.pin_hash,
    ).join(Person, Person.id == Card.person_id)


_CURRENT_CARD = pin_owners().where(Person.id_number == bindparam("claimed"), Card.state.not_in(ENDED_STATES))


def _current_card(session: Session, id_number: str) -> PinOwner | None:
    row = session.execute(_CURRENT_CARD, {"claimed": id_number}).first()
    return PinOwner(*row) if row else None


def _unknown_subject(context: CoreContext, claimed: str) -> str:
    # A keyed digest: the table must not fill with numbers that people keyed in (R6).
    return "none:" + hmac.digest(context.keys.number, claimed.encode(), hashlib.sha256).hex()[:48]
