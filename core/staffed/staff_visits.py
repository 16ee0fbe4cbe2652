"""Staff who are signed in, kept in the database like the visits of cardholders (core.identity.visits): any process can
serve one, and dismissing somebody ends theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.context import CoreContext
from core.identity.tokens import digest, new_session_id, new_token
from core.records.schema import Staff, StaffSession
from core.staffed.staff import MEMBERS, StaffMember, member_of


@dataclass(frozen=True)
class StaffVisit:
    """Who is signed in, and until when at the latest. `session_id` names the desk; it opens nothing."""

    member: StaffMember
    session_id: str
    ends_at: datetime

    @property
    def actor(self) -> Actor:
        """Whoever is signed in, as the audit knows them."""
        return self.member.actor


def begin(context: CoreContext, member: StaffMember) -> str:
    """Sign somebody in and return the token for their browser. Where they were signed in before, that ends: nobody
    serves at two desks."""
    token, now = new_token(), context.now()
    with context.transaction() as session:
        session.execute(delete(StaffSession).where(StaffSession.staff_id == member.staff_id))
        session.execute(
            insert(StaffSession).values(
                token_digest=digest(token),
                session_id=new_session_id(),
                staff_id=member.staff_id,
                began_at=now,
                seen_at=now,
            )
        )
    return token


def resume(context: CoreContext, token: str) -> StaffVisit | None:
    """Who this token belongs to, kept alive by being used; None when nobody, or when it is over."""
    now, settings = context.now(), context.settings
    longest = timedelta(seconds=settings.staff_limit_seconds)
    with context.transaction() as session:
        visit = session.execute(
            update(StaffSession)
            .where(
                StaffSession.token_digest == digest(token),
                StaffSession.seen_at > now - timedelta(seconds=settings.staff_idle_seconds),
                StaffSession.began_at > now - longest,
            )
            .values(seen_at=now)
            .returning(StaffSession.staff_id, StaffSession.session_id, StaffSession.began_at)
        ).first()
        member = _working(session, visit.staff_id) if visit else None
    return StaffVisit(member, visit.session_id, visit.began_at + longest) if visit and member else None


def at_desk(context: CoreContext, session_id: str) -> StaffMember | None:
    """Who serves at this desk now, for its PIN pad; None when nobody is signed in there any more."""
    now, settings = context.now(), context.settings
    with context.transaction() as session:
        staff_id = session.scalar(
            select(StaffSession.staff_id).where(
                StaffSession.session_id == session_id,
                StaffSession.seen_at > now - timedelta(seconds=settings.staff_idle_seconds),
                StaffSession.began_at > now - timedelta(seconds=settings.staff_limit_seconds),
            )
        )
        return _working(session, staff_id) if staff_id else None


def end(context: CoreContext, token: str) -> None:
    """Sign out."""
    with context.transaction() as session:
        session.execute(delete(StaffSession).where(StaffSession.token_digest == digest(token)))


def forget_ended(context: CoreContext) -> None:
    """Remove what nobody has used for so long that it is over."""
    idle_since = context.now() - timedelta(seconds=context.settings.staff_idle_seconds)
    with context.transaction() as session:
        session.execute(delete(StaffSession).where(StaffSession.seen_at <= idle_since))


def _working(session: Session, staff_id: int) -> StaffMember | None:
    row = session.execute(MEMBERS.where(Staff.id == staff_id, Staff.left_at.is_(None))).first()
    return member_of(row) if row else None
