"""Visits of signed-in people, on the web and at a kiosk, kept in the database: any process can serve one or end it.

The browser holds a random token, the database its digest. A visit ends when nobody uses it, at its longest length,
on signing out, and when the person's PIN is changed or reset or a loss reported after it began (R25): see
core.cards.pin_change.end_other_sessions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.context import CoreContext
from core.identity.identification import Cardholder
from core.identity.tokens import digest, new_session_id, new_token
from core.numbers import mask_card_number, mask_id_number
from core.records.schema import Card, Person, VisitorSession
from core.settings import Settings
from core.values import CardState, Door

KIOSK_WARNING_SECONDS = 15
# Every page of a signed-in person runs this one statement, and what the page needs of them comes back with it. It is
# on the tables: the ORM would take six times as long.
_VISITS, _PEOPLE, _CARDS = (table.__table__.c for table in (VisitorSession, Person, Card))
_OF_PERSON, _OF_CARD = _PEOPLE.id == _VISITS.person_id, _CARDS.id == _VISITS.card_id
_ENDED_AT = select(_PEOPLE.sessions_ended_at).where(_OF_PERSON).scalar_subquery()
_RESUME = (
    update(VisitorSession.__table__)
    .where(
        _VISITS.token_digest == bindparam("digest"),
        _VISITS.channel == bindparam("door"),
        _VISITS.seen_at > bindparam("used_since"),
        _VISITS.began_at > bindparam("begun_since"),
        or_(_ENDED_AT.is_(None), func.coalesce(_VISITS.spared_at, _VISITS.began_at) >= _ENDED_AT),
    )
    .values(seen_at=bindparam("seen"))
    .returning(
        _VISITS.session_id,
        _VISITS.person_id,
        _VISITS.card_id,
        _VISITS.began_at,
        select(_PEOPLE.personal_number).where(_OF_PERSON).scalar_subquery(),
        select(_PEOPLE.id_number).where(_OF_PERSON).scalar_subquery(),
        select(_CARDS.card_number).where(_OF_CARD).scalar_subquery(),
        select(_CARDS.state).where(_OF_CARD).scalar_subquery(),
        select(_CARDS.pin_hash.is_(None)).where(_OF_CARD).scalar_subquery(),
    )
)


@dataclass(frozen=True)
class Visit:
    """Who is signed in, with which card, and until when at the latest. `session_id` names the visit in
    the audit; it opens nothing."""

    person: Cardholder
    card_number: str = field(repr=False)
    session_id: str
    began_at: datetime
    ends_at: datetime


def begin(context: CoreContext, door: Door, person: Cardholder, asked_at: datetime) -> str:
    """Open a visit and return its token. `asked_at` is a moment before the PIN was judged: a change of PIN that
    came between ends the visit."""
    token = new_token()
    with context.transaction() as session:
        session.execute(
            insert(VisitorSession).values(
                token_digest=digest(token),
                session_id=new_session_id(),
                channel=door.channel,
                person_id=person.person_id,
                card_id=person.card_id,
                began_at=asked_at,
                seen_at=context.now(),
            )
        )
    return token


def resume(context: CoreContext, door: Door, token: str) -> Visit | None:
    """The visit that this token opened, kept alive by being used; None when there is none or it is over."""
    now, longest = context.now(), timedelta(seconds=context.settings.session_limit_seconds)
    with context.autocommit(durable=False) as session:
        row = session.execute(
            _RESUME,
            {
                "digest": digest(token),
                "door": door.channel,
                "used_since": now - timedelta(seconds=idle_seconds(context.settings, door)),
                "begun_since": now - longest,
                "seen": now,
            },
        ).first()
    if row is None:
        return None
    session_id, person_id, card_id, began_at, personal_number, id_number, card_number, card_state, is_default = row
    if door is Door.KIOSK and card_state is not CardState.ACTIVE:  # R33
        return None
    person = Cardholder(
        person_id,
        personal_number,
        mask_id_number(id_number),
        mask_card_number(card_number),
        card_id,
        card_state,
        bool(is_default),
    )
    return Visit(person, card_number, session_id, began_at, began_at + longest)


def idle_seconds(settings: Settings, door: Door) -> int:
    """How long a visit at this door lasts without use. A kiosk's page asks before the end and then needs a moment."""
    if door is Door.KIOSK:
        return settings.kiosk_idle_seconds + KIOSK_WARNING_SECONDS
    return settings.session_idle_seconds


def end(context: CoreContext, token: str) -> None:
    """Sign out."""
    with context.transaction() as session:
        session.execute(delete(VisitorSession).where(VisitorSession.token_digest == digest(token)))


def end_sessions(session: Session, person_id: int, now: datetime) -> None:
    """End every web and kiosk session of this person that began before now."""
    session.execute(update(Person).where(Person.id == person_id).values(sessions_ended_at=now))


def end_other_sessions(session: Session, actor: Actor, person_id: int, now: datetime) -> None:
    """The same, but for the one in which this is asked (R25)."""
    end_sessions(session, person_id, now)
    session.execute(
        update(VisitorSession)
        .where(VisitorSession.person_id == person_id, VisitorSession.session_id == actor.who)
        .values(spared_at=now)
    )


def forget_ended(context: CoreContext) -> None:
    """Remove what nobody has used for so long that it is over."""
    idle_since = context.now() - timedelta(seconds=context.settings.session_idle_seconds)
    with context.transaction() as session:
        session.execute(delete(VisitorSession).where(VisitorSession.seen_at <= idle_since))
