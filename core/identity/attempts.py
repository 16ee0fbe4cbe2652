"""Wrong PINs in a row (R4) and wrong attempts from one source (R5), counted by the database itself.

Reading a count, deciding, and writing it back loses attempts that arrive together; every count here
moves in one statement with a condition.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import TypedReturnsRows

from core.actor import Actor
from core.context import CoreContext
from core.errors import SourceRefused
from core.records.database import upsert, upsert_on
from core.records.schema import PinAttempts, SourceAttempts
from core.settings import Settings

# Each call runs these, so they are made once, and on the tables: the ORM has nothing to add.
_PINS, _SOURCES = PinAttempts.__table__.c, SourceAttempts.__table__.c
_CLEAR = delete(PinAttempts.__table__).where(_PINS.subject == bindparam("cleared"))
_SEEN = select(_SOURCES.window_started_at, _SOURCES.wrong).where(_SOURCES.source == bindparam("seen"))


@cache
def _reservation(dialect_name: str) -> TypedReturnsRows[tuple[int]]:
    return (
        upsert_on(dialect_name, PinAttempts.__table__)
        .on_conflict_do_update(
            index_elements=[_PINS.subject],
            set_={"wrong_in_a_row": _PINS.wrong_in_a_row + 1},
            where=_PINS.wrong_in_a_row < bindparam("threshold"),
        )
        .returning(_PINS.wrong_in_a_row)
    )


def reserve(session: Session, subject: str, threshold: int) -> int | None:
    """Count an attempt before its PIN is compared, and return its place in the row; None means locked (R4).

    Counting first is what keeps it at `threshold` comparisons, however many arrive at once.
    """
    statement = _reservation(session.get_bind().dialect.name)
    return session.scalar(statement, {"subject": subject, "wrong_in_a_row": 1, "threshold": threshold})


def clear(session: Session, subject: str) -> None:
    """Begin the row again: after a right PIN, or a reset at an office (R4, R26)."""
    session.execute(_CLEAR, {"cleared": subject})


def wrong_in_a_row(session: Session, subject: str) -> int:
    """How many wrong PINs stand against a card now."""
    return session.scalar(select(PinAttempts.wrong_in_a_row).where(PinAttempts.subject == subject)) or 0


def check_source(session: Session, actor: Actor, now: datetime, settings: Settings) -> None:
    """Raise SourceRefused while this source has had more wrong attempts than R5 allows."""
    if not actor.throttled:
        return
    seen = session.execute(_SEEN, {"seen": actor.source}).first()
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


def forget_over(context: CoreContext) -> None:
    """Remove the sources whose hour is over (R5). Wrong PINs in a row stay, those of numbers that nobody has too: a
    lock that went away by itself would tell that nobody has the number (R3)."""
    window = timedelta(seconds=context.settings.source_window_seconds)
    with context.transaction() as session:
        session.execute(delete(SourceAttempts).where(SourceAttempts.window_started_at <= context.now() - window))
