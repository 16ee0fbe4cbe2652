"""What happened (R8), and who may see it (R47). A row is written in the transaction of its operation; core.audit.chain
seals it afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.errors import Detail, HotlineError
from core.permissions import require
from core.records.schema import AuditEvent
from core.values import Operation, OtherOperation, Outcome

_EVENTS = AuditEvent.__table__
# Every operation runs this. On the table, made once: the ORM would take three times as long for nothing.
_RECORD = insert(_EVENTS).inline()


def record(
    session: Session,
    actor: Actor,
    operation: Operation | OtherOperation,
    person_id: int | None,
    outcome: Outcome | HotlineError,
    now: datetime,
    **detail: Any,
) -> None:
    """Leave the row of one operation (R8): its code is that of the outcome or of the refusal, which brings details of
    its own."""
    if isinstance(outcome, HotlineError):
        code, detail = outcome.code, detail | outcome.detail
    else:
        code = outcome.value
    row = {
        "at": now,
        "channel": actor.door.channel,
        "source": actor.source,
        "who": actor.who,
        "office": actor.office,
        "operation": operation.value,
        "person_id": person_id,
        "outcome": code,
        "code": code,
        "detail": detail,
    }
    session.execute(_RECORD, row)


@contextmanager
def audited(
    session: Session,
    actor: Actor,
    operation: Operation | OtherOperation,
    person_id: int | None,
    now: datetime,
    outcome: Outcome = Outcome.DONE,
    /,
    **detail: Any,
) -> Iterator[Detail]:
    """Run one operation if this actor may do it, and leave its row, whether it was done or refused (R8, §2).
    `outcome` is the code of one that was done; `detail` belongs to the row in either case, and the block may add to
    what it is given of it."""
    try:
        require(actor, operation)
        yield detail
    except HotlineError as refusal:
        record(session, actor, operation, person_id, refusal, now, **detail)
        raise
    record(session, actor, operation, person_id, outcome, now, **detail)


@dataclass(frozen=True)
class AuditEntry:
    """One row about somebody, as it is shown to them (R47), and with `who` to a clerk who serves them."""

    at: datetime
    channel: str
    source: str
    office: str
    operation: str
    code: str
    detail: Detail
    who: str


def history(session: Session, person_id: int, now: datetime, days: int = 184) -> list[AuditEntry]:
    """Who asked about this person or changed something, newest first, failed attempts included (R47)."""
    seen = (_EVENTS.c[name] for name in ("at", "channel", "source", "office", "operation", "code", "detail", "who"))
    rows = select(*seen).where(_EVENTS.c.person_id == person_id, _EVENTS.c.at >= now - timedelta(days=days))
    return [AuditEntry(*row) for row in session.execute(rows.order_by(_EVENTS.c.at.desc(), _EVENTS.c.id.desc()))]
