"""An administrator reads the audit (R8): filtered, a page at a time or as a file, and every look is on record too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import audited
from core.context import CoreContext
from core.numbers import parse_id_number
from core.permissions import require
from core.records.schema import AuditEvent, Person
from core.values import OtherOperation
from core.workload import Workload, takes

PAGE_LENGTH = 50
LONGEST_EXPORT = 50_000


@dataclass(frozen=True)
class AuditQuery:
    """Which rows are looked for; what is left empty fits all. `since` and `until` are moments, `until` not included;
    `id_number` is that of the person whom a row is about."""

    since: datetime | None = None
    until: datetime | None = None
    channel: str = ""
    office: str = ""
    who: str = ""
    operation: str = ""
    id_number: str = ""

    @property
    def filters(self) -> list[str]:
        """Which filters were used, for the row of the look. Whom it was about stands in the row itself."""
        return [name for name in ("since", "until", "channel", "office", "who", "operation") if getattr(self, name)]


@dataclass(frozen=True)
class AuditPage:
    """Some of the rows that fit, the newest first, and how many fit altogether."""

    events: list[AuditEvent]
    total: int


@takes(Workload.SEARCH)
def read(context: CoreContext, actor: Actor, query: AuditQuery, page: int = 1) -> AuditPage:
    """One page of what fits; pages count from 1. Raises NotYourRole, or MalformedNumber (R1)."""
    return _look(context, actor, OtherOperation.READ_AUDIT, query, PAGE_LENGTH, (page - 1) * PAGE_LENGTH)


@takes(Workload.DOCUMENT)
def export(context: CoreContext, actor: Actor, query: AuditQuery) -> AuditPage:
    """Everything that fits, up to LONGEST_EXPORT rows. Raises NotYourRole, or MalformedNumber (R1)."""
    return _look(context, actor, OtherOperation.EXPORT_AUDIT, query, LONGEST_EXPORT, 0)


def operations(context: CoreContext, actor: Actor) -> list[str]:
    """Every operation that was ever recorded, to choose from. Raises NotYourRole."""
    require(actor, OtherOperation.READ_AUDIT)
    with context.read_only() as session:
        return list(session.scalars(select(AuditEvent.operation).distinct().order_by(AuditEvent.operation)))


def _look(
    context: CoreContext, actor: Actor, operation: OtherOperation, query: AuditQuery, limit: int, offset: int
) -> AuditPage:
    id_number = parse_id_number(query.id_number) if query.id_number else ""
    filters = {"filters": query.filters} if query.filters else {}
    # Looking through years of it must hold up nobody's call; the row of the look is there before the answer is.
    with context.read_only() as session:
        person_id = session.scalar(select(Person.id).where(Person.id_number == id_number)) if id_number else None
        found = _search(session, query, person_id, limit, offset) if person_id or not id_number else AuditPage([], 0)
    with (
        context.transaction() as session,
        audited(session, actor, operation, person_id, context.now(), **filters),
    ):
        return found


def _search(session: Session, query: AuditQuery, person_id: int | None, limit: int, offset: int) -> AuditPage:
    fitting = []
    if query.since:
        fitting.append(AuditEvent.at >= query.since)
    if query.until:
        fitting.append(AuditEvent.at < query.until)
    if person_id:
        fitting.append(AuditEvent.person_id == person_id)
    asked = {name: getattr(query, name) for name in ("channel", "office", "who", "operation")}
    fitting += [getattr(AuditEvent, name) == wanted for name, wanted in asked.items() if wanted]
    total = session.scalar(select(func.count()).select_from(AuditEvent).where(*fitting)) or 0
    rows = select(AuditEvent).where(*fitting).order_by(AuditEvent.id.desc()).limit(limit).offset(offset)
    return AuditPage(list(session.scalars(rows)), total)
