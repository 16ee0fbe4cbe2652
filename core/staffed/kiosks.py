"""The kiosks in the halls: each has a key in its browser, made at enrolment, listed, and revocable."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import audited, record
from core.context import CoreContext
from core.errors import HotlineError, KioskKeyRefused, NotFound
from core.identity import attempts
from core.identity.tokens import digest
from core.permissions import require
from core.records.schema import CounterOffice, Kiosk
from core.values import OtherOperation, Outcome, Sought


@dataclass(frozen=True)
class EnrolledKiosk:
    """One kiosk, without its key, which nobody can show again."""

    kiosk_id: int
    name: str
    office: str
    enrolled_at: datetime
    enrolled_by: str
    revoked_at: datetime | None

    def actor(self, session_id: str = "") -> Actor:
        """Whoever stands before it."""
        return Actor.kiosk(self.kiosk_id, self.office, session_id)


def enrol(context: CoreContext, actor: Actor, name: str, office_name: str, key: str = "") -> str:
    """A new kiosk of an office, with a new key or this one; returns the key, to be entered once at the kiosk.

    Raises NotFound (the office).
    """
    key, now = key or secrets.token_hex(16), context.now()
    with (
        context.transaction() as session,
        audited(
            session, actor, OtherOperation.MANAGE_KIOSKS, None, now, Outcome.ENROLLED, kiosk=name, office=office_name
        ),
    ):
        if session.get(CounterOffice, office_name) is None:
            raise NotFound(Sought.OFFICE)
        session.execute(
            insert(Kiosk).values(
                name=name, office=office_name, key_digest=digest(key), enrolled_at=now, enrolled_by=actor.who
            )
        )
    return key


def enter_key(context: CoreContext, actor: Actor, key: str) -> EnrolledKiosk:
    """The kiosk whose key somebody enters, once, in its browser.

    Raises KioskKeyRefused, which says whether the key was revoked (who holds a key may know that it was one), and
    SourceRefused after too many wrong ones (R5).
    """
    now = context.now()
    with context.transaction() as session:
        try:
            require(actor, OtherOperation.ENTER_KIOSK_KEY)
            attempts.check_source(session, actor, now, context.settings)
            kiosk = _with_key(session, key)
            if kiosk is None:
                attempts.count_source(session, actor, now, context.settings)
            if kiosk is None or kiosk.revoked_at:
                raise KioskKeyRefused(revoked=kiosk is not None)
        except HotlineError as refusal:
            record(session, actor, OtherOperation.ENTER_KIOSK_KEY, None, refusal, now)
            raise
        record(session, kiosk.actor(), OtherOperation.ENTER_KIOSK_KEY, None, Outcome.DONE, now)
        return kiosk


def recognise(context: CoreContext, key: str) -> EnrolledKiosk | None:
    """The kiosk with this key; None for a key that was never made or is revoked."""
    with context.transaction() as session:
        kiosk = _with_key(session, key)
    return kiosk if kiosk and not kiosk.revoked_at else None


def is_revoked(context: CoreContext, key: str) -> bool:
    """Whether this was a kiosk's key, and is one no more."""
    with context.transaction() as session:
        kiosk = _with_key(session, key)
    return kiosk is not None and kiosk.revoked_at is not None


def everyone(context: CoreContext, actor: Actor) -> list[EnrolledKiosk]:
    """Every kiosk, those in use first. Raises NotYourRole."""
    require(actor, OtherOperation.MANAGE_KIOSKS)
    with context.transaction() as session:
        rows = session.execute(_KIOSKS.order_by(Kiosk.revoked_at.is_not(None), Kiosk.office, Kiosk.name))
        return [EnrolledKiosk(*row) for row in rows]


def revoke(context: CoreContext, actor: Actor, kiosk_id: int) -> None:
    """From now on this kiosk opens nothing, and what is open on it is over. Raises NotFound."""
    now = context.now()
    with (
        context.transaction() as session,
        audited(session, actor, OtherOperation.MANAGE_KIOSKS, None, now, Outcome.REVOKED) as detail,
    ):
        name = session.scalar(
            update(Kiosk)
            .where(Kiosk.id == kiosk_id, Kiosk.revoked_at.is_(None))
            .values(revoked_at=now)
            .returning(Kiosk.name)
        )
        if name is None:
            raise NotFound(Sought.KIOSK)
        detail["kiosk"] = name


def written_key(key: str) -> str:
    """In groups, to be read out and typed in."""
    return "-".join(key[place : place + 4] for place in range(0, len(key), 4))


def plain_key(key: str) -> str:
    """As it was made, however it was typed in: capitals, full width, with spaces, dashes or neither."""
    return re.sub(r"[^0-9a-z]", "", unicodedata.normalize("NFKC", key).lower())


def _with_key(session: Session, key: str) -> EnrolledKiosk | None:
    row = session.execute(_KIOSKS.where(Kiosk.key_digest == digest(plain_key(key)))).first()
    return EnrolledKiosk(*row) if row else None


_KIOSKS = select(Kiosk.id, Kiosk.name, Kiosk.office, Kiosk.enrolled_at, Kiosk.enrolled_by, Kiosk.revoked_at)
