"""What the audit says, in few words."""

from __future__ import annotations

from sqlalchemy import select

from core.audit.record import AuditEntry, history
from core.context import CoreContext
from core.records.schema import AuditEvent
from tests.support.core.people import Held


def told(event: AuditEvent | AuditEntry) -> str:
    """The code of a row and its details, as in `weak_pin reason=run`."""
    return " ".join([event.code, *(f"{name}={value}" for name, value in event.detail.items())])


def outcomes(context: CoreContext, held: Held) -> list[tuple[str, str]]:
    """What the audit says about a person, oldest first: operation and outcome."""
    with context.transaction() as session:
        return [(event.operation, told(event)) for event in reversed(history(session, held.person_id, context.now()))]


def audited(context: CoreContext, operation: str) -> list[str]:
    """The outcomes of an operation, whomever it was about, oldest first."""
    with context.transaction() as session:
        rows = select(AuditEvent).where(AuditEvent.operation == operation).order_by(AuditEvent.id)
        return [told(event) for event in session.scalars(rows)]
