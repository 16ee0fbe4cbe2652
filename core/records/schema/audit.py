"""What happened, and its seals (R8)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base, RowId


class AuditEvent(Base):
    """One operation, allowed or refused (R8). Triggers keep rows from being changed or removed."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_person_id_at", "person_id", "at"),)
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    at: Mapped[datetime]
    channel: Mapped[str] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(String(128))
    who: Mapped[str] = mapped_column(String(64))
    office: Mapped[str]
    operation: Mapped[str] = mapped_column(String(64))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    # The same as `code`; in rows from before there were codes, the words that were written then.
    outcome: Mapped[str] = mapped_column(String(64))
    # What became of it: a value of Outcome, or the code of a HotlineError.
    code: Mapped[str] = mapped_column(String(32), server_default="")
    detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")


class AuditSeal(Base):
    """A link of the chain: the digest of one event and of the link before it (R8)."""

    __tablename__ = "audit_seals"
    position: Mapped[int] = mapped_column(RowId, primary_key=True, autoincrement=False)
    event_id: Mapped[int] = mapped_column(RowId, unique=True)
    sealed_at: Mapped[datetime]
    digest: Mapped[str] = mapped_column(String(64))
    # What the digest covers: see core.audit.
    format: Mapped[int] = mapped_column(server_default="1")
