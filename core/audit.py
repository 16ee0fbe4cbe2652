"""What happened (R8), who may see it (R47), and the chain that shows tampering.

A row is written in the transaction of its operation and waits for nobody. Sealing comes after: it gives
every row that has none yet a link in one chain, each link a keyed digest of the row and of the link
before. Whoever changes, removes or slips in a row without the key breaks the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import HotlineError
from core.permissions import Operation, require
from core.schema import AuditEvent, AuditSeal

# No operation takes so long. A row that claims to be older than this when a sealing passed it by was slipped in.
OVERLOOKED_AT_MOST = timedelta(minutes=15)
_BATCH = 1_000
# PostgreSQL may commit a row after rows with higher numbers. A row further behind than this waits for `thorough`.
_OVERTAKEN_BY = 5_000
_EVENTS = AuditEvent.__table__
# Every operation runs this. On the table, made once: the ORM would take three times as long for nothing.
_RECORD = insert(_EVENTS).inline()


def record(
    session: Session, actor: Actor, operation: Operation | str, person_id: int | None, outcome: str, now: datetime
) -> None:
    """Leave the row of one operation (R8). `outcome` is a short word, such as done or the refusal's name."""
    row = {
        "at": now,
        "channel": actor.door.channel,
        "source": actor.source,
        "who": actor.who,
        "office": actor.office,
        "operation": operation.value if isinstance(operation, Operation) else operation,
        "person_id": person_id,
        "outcome": outcome,
    }
    session.execute(_RECORD, row)


@contextmanager
def audited(
    session: Session, actor: Actor, operation: Operation, person_id: int | None, now: datetime, outcome: str = "done"
) -> Iterator[None]:
    """Run one operation if this door may do it, and leave its row, whether it was done or refused (R8, §2).
    `outcome` is what the row says of one that was done."""
    try:
        require(actor.door, operation)
        yield
    except HotlineError as refusal:
        record(session, actor, operation, person_id, str(refusal), now)
        raise
    record(session, actor, operation, person_id, outcome, now)


@dataclass(frozen=True)
class Happening:
    """One row about somebody, as it is shown to them (R47), and with `who` to a clerk who serves them."""

    at: datetime
    channel: str
    source: str
    office: str
    operation: str
    outcome: str
    who: str


def history(session: Session, person_id: int, now: datetime, days: int = 184) -> list[Happening]:
    """Who asked about this person or changed something, newest first, failed attempts included (R47)."""
    seen = (_EVENTS.c[name] for name in ("at", "channel", "source", "office", "operation", "outcome", "who"))
    rows = select(*seen).where(_EVENTS.c.person_id == person_id, _EVENTS.c.at >= now - timedelta(days=days))
    return [Happening(*row) for row in session.execute(rows.order_by(_EVENTS.c.at.desc(), _EVENTS.c.id.desc()))]


def seal(session: Session, key: bytes, now: datetime, *, thorough: bool = False) -> int:
    """Give the next unsealed rows their links, and return how many. Safe to run from several processes:
    two sealers would take the same position, and the second one's work is undone.

    Looks at the newest rows alone, so that it costs the same after years; `thorough` looks at all."""
    last = session.execute(
        select(AuditSeal.position, AuditSeal.digest).order_by(AuditSeal.position.desc()).limit(1)
    ).first()
    position, digest = last or (0, "")
    unsealed = (
        select(AuditEvent)
        .outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
        .where(AuditSeal.position.is_(None))
        .order_by(AuditEvent.id)
        .limit(_BATCH)
    )
    if not thorough:
        newest = session.scalar(select(func.max(AuditSeal.event_id))) or 0
        unsealed = unsealed.where(AuditEvent.id > newest - _OVERTAKEN_BY)
    links = []
    for event in session.scalars(unsealed):
        position, digest = position + 1, _digest(key, digest, position + 1, event, now)
        links.append({"position": position, "event_id": event.id, "sealed_at": now, "digest": digest})
    if not links:
        return 0
    try:
        session.execute(insert(AuditSeal), links)
        session.commit()
    except IntegrityError:
        session.rollback()
        return 0
    return len(links)


@dataclass(frozen=True)
class Check:
    """What checking the chain found: how many links, the last one's digest, and what is wrong in words.

    Rows cut off at the end together with their links leave an intact, shorter chain: note `head` down
    somewhere else and compare.
    """

    links: int
    head: str
    problems: tuple[str, ...]


def check(session: Session, key: bytes) -> Check:
    """Walk the whole chain and say what does not fit (R8)."""
    problems: list[str] = []
    before, position = "", 0
    # When sealing stood still, rows wait, and that is no tampering: only an earlier round can have overlooked one.
    this_round = last_round = None
    rows = session.execute(
        select(AuditSeal, AuditEvent)
        .outerjoin(AuditEvent, AuditEvent.id == AuditSeal.event_id)
        .order_by(AuditSeal.position)
        .execution_options(yield_per=_BATCH)
    )
    for link, event in rows:
        position += 1
        if link.position != position:
            problems.append(f"links {position} to {link.position - 1} are missing")
            position = link.position
        if link.sealed_at != this_round:
            last_round, this_round = this_round, link.sealed_at
        if event is None:
            problems.append(f"event {link.event_id} was removed (link {link.position})")
        elif _digest(key, before, link.position, event, link.sealed_at) != link.digest:
            problems.append(f"event {event.id} or its link was changed (link {link.position})")
        elif last_round and last_round - event.at > OVERLOOKED_AT_MOST:
            problems.append(f"event {event.id} was slipped in: it says {event.at}, and was not there at {last_round}")
        before = link.digest
    return Check(position, before, tuple(problems))


def _digest(key: bytes, before: str, position: int, event: AuditEvent, sealed_at: datetime) -> str:
    parts = (
        before,
        position,
        event.id,
        event.at.astimezone(UTC).isoformat(),
        event.channel,
        event.source,
        event.who,
        event.office,
        event.operation,
        event.person_id,
        event.outcome,
        sealed_at.astimezone(UTC).isoformat(),
    )
    return hmac.digest(key, json.dumps(parts).encode(), hashlib.sha256).hex()
