"""Reports of a lost card, as their holder finds them again (R31)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import BindParameter, and_, bindparam, select
from sqlalchemy.orm import Session

from core.audit.record import AuditEntry
from core.cards.loss import lapses_at
from core.numbers import mask_card_number
from core.records.schema import Card, LossReport, NewCard

_PERSON: BindParameter[int] = bindparam("person")
_REPORTS = (
    select(LossReport, Card.card_number, NewCard.issued_at)
    .join(Card, Card.id == LossReport.card_id)
    .outerjoin(NewCard, and_(NewCard.replaces == LossReport.card_id, LossReport.closed_at.is_(None)))
    .where(Card.person_id == _PERSON)
    .order_by(LossReport.reported_at.desc(), LossReport.id.desc())
)


@dataclass(frozen=True)
class OwnReport:
    """One loss of one of somebody's cards, from the report to its end (R31). `new_card_since`: a new card waits to be
    fetched (R36)."""

    reference: str
    masked_card_number: str
    reported_at: datetime
    reported_by: str
    written_at: datetime | None
    lapses_at: datetime | None
    new_card_since: datetime | None
    closed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True)
class LossRecord:
    """Every loss of somebody's cards, the newest first, and what was done about them, the latest first."""

    reports: tuple[OwnReport, ...]
    steps: tuple[AuditEntry, ...]


def loss_reports(session: Session, person_id: int, term_days: int | None) -> tuple[OwnReport, ...]:
    """Every report of a lost card of this person, the newest first (R31)."""
    return tuple(
        OwnReport(
            report.reference,
            mask_card_number(card_number),
            report.reported_at,
            report.reported_by,
            report.written_at,
            lapses_at(report, term_days),
            new_card_since,
            report.closed_at,
            report.outcome,
        )
        for report, card_number, new_card_since in session.execute(_REPORTS, {"person": person_id})
    )
