"""The chain that shows tampering with the audit (R8).

A row is written in the transaction of its operation and waits for nobody: see core.audit.record. Sealing comes after:
it gives every row that has none yet a link in one chain, each link a keyed digest of the row and of the link before.
Whoever changes, removes or slips in a row without the key breaks the chain.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.context import CoreContext
from core.permissions import require_role
from core.records import database
from core.records.migrations.old_outcomes import decode
from core.records.schema import AuditEvent, AuditSeal, detail_text
from core.values import Role

# No operation takes so long. A row that claims to be older than this when a sealing passed it by was slipped in.
OVERLOOKED_AT_MOST = timedelta(minutes=15)
_BATCH = 1_000
# PostgreSQL may commit a row after rows with higher numbers. A row further behind than this waits for `thorough`.
_OVERTAKEN_BY = 5_000
# What a link's digest covers. Links of format 1 are from before a row had a code and details; theirs are what the
# migration read out of the row's words, and are checked by reading them again.
_FORMAT = 2


def seal_audit(context: CoreContext, *, thorough: bool = False) -> int:
    """Seal what was recorded since the last time, and return how many rows (R8). Call it every few seconds;
    `thorough`, which looks at every row there is, is for the shell."""
    sealed = 0
    round_began = context.now()
    while True:
        with context.transaction() as session:
            links = seal(session, context.keys.audit, round_began, thorough=thorough)
        sealed += links
        if not links:
            return sealed


def check_audit(context: CoreContext, actor: Actor, expected_head: str = "") -> Check:
    """Seal what waits, then walk the whole chain and say what does not fit (R8); `expected_head` was noted earlier, and
    must still be in it. Raises NotYourRole."""
    require_role(actor, Role.SYSTEM_ADMINISTRATOR)
    seal_audit(context, thorough=True)
    with database.snapshot(context.engine) as session:
        found = check(session, context.keys.audit)
        known = session.scalar(select(AuditSeal.position).where(AuditSeal.digest == expected_head))
    return replace(found, expected_at=known)


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
        position, digest = position + 1, _digest(key, digest, position + 1, event, now, _FORMAT)
        link = {"position": position, "event_id": event.id, "sealed_at": now, "digest": digest, "format": _FORMAT}
        links.append(link)
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
    expected_at: int | None = None  # the link with the head that was expected


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
        elif _digest(key, before, link.position, event, link.sealed_at, link.format) != link.digest or (
            link.format == 1 and decode(event.operation, event.outcome) != (event.code, event.detail)
        ):
            problems.append(f"event {event.id} or its link was changed (link {link.position})")
        elif last_round and last_round - event.at > OVERLOOKED_AT_MOST:
            problems.append(f"event {event.id} was slipped in: it says {event.at}, and was not there at {last_round}")
        before = link.digest
    return Check(position, before, tuple(problems))


def _digest(key: bytes, before: str, position: int, event: AuditEvent, sealed_at: datetime, format_version: int) -> str:
    parts = [
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
    ]
    if format_version > 1:
        parts += [format_version, event.code, detail_text(event.detail)]
    return hmac.digest(key, json.dumps(parts).encode(), hashlib.sha256).hex()
