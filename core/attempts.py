"""Wrong PINs in a row (R4) and wrong attempts from one source (R5), counted by the database itself.

Reading a count, deciding, and writing it back loses attempts that arrive together; every count here
moves in one statement with a condition.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.database import upsert
from core.errors import SourceRefused
from core.schema import PinAttempts, SourceAttempts
from core.settings import Settings


def reserve(session: Session, subject: str, threshold: int) -> int | None:
    """Count an attempt before its PIN is compared, and return its place in the row; None means locked (R4).

    Counting first is what keeps it at `threshold` comparisons, however many arrive at once.
    """
    attempt = upsert(session, PinAttempts).values(subject=subject, wrong_in_a_row=1)
    attempt = attempt.on_conflict_do_update(
        index_elements=[PinAttempts.subject],
        set_={"wrong_in_a_row": PinAttempts.wrong_in_a_row + 1},
        where=PinAttempts.wrong_in_a_row < threshold,
    )
    return session.scalar(attempt.returning(PinAttempts.wrong_in_a_row))


def clear(session: Session, subject: str) -> None:
    """Begin the row again: after a right PIN, or a reset at an office (R4, R26)."""
    session.execute(delete(PinAttempts).where(PinAttempts.subject == subject))


def wrong_in_a_row(session: Session, subject: str) -> int:
    """How many wrong PINs stand against a card now."""
    return session.scalar(select(PinAttempts.wrong_in_a_row).where(PinAttempts.subject == subject)) or 0


def check_source(session: Session, actor: Actor, now: datetime, settings: Settings) -> None:
    """Raise SourceRefused while this source has had more wrong attempts than R5 allows."""
    if not actor.throttled:
        return
    seen = session.execute(
        select(SourceAttempts.window_started_at, SourceAttempts.wrong).where(SourceAttempts.source == actor.source)
    ).first()
    if seen is None or seen.wrong <= settings.source_wrong_limit:
        return
    until = seen.window_started_at + timedelta(seconds=settings.source_window_seconds)
    if now < until:
        raise SourceRefused(until)


def count_source(session: Session, actor: Actor, now: datetime, settings: Settings) -> None:
    """Count a wrong attempt from this source, in a new hour if the last one is over (R5)."""
    if not actor.throttled:
        return
    over = SourceAttempts.window_started_at <= now - timedelta(seconds=settings.source_window_seconds)
    attempt = upsert(session, SourceAttempts).values(source=actor.source, window_started_at=now, wrong=1)
    session.execute(
        attempt.on_conflict_do_update(
            index_elements=[SourceAttempts.source],
            set_={
                "wrong": case((over, 1), else_=SourceAttempts.wrong + 1),
                "window_started_at": case((over, now), else_=SourceAttempts.window_started_at),
            },
        )
    )
