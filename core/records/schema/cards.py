"""Cards, wrong attempts on them, and what became of lost ones."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base, RowId
from core.values import CardState


class Card(Base):
    """A social security card. `pin_hash` is empty while the PIN is the default."""

    __tablename__ = "cards"
    __table_args__ = (
        Index(
            "ix_cards_current",
            "person_id",
            unique=True,
            sqlite_where=text("state NOT IN ('replaced', 'cancelled')"),
            postgresql_where=text("state NOT IN ('replaced', 'cancelled')"),
        ),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    card_number: Mapped[str] = mapped_column(String(9), unique=True)
    suffix: Mapped[str] = mapped_column(String(8), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    issued_on: Mapped[date]
    state: Mapped[CardState]
    pin_hash: Mapped[str | None]
    replaced_by: Mapped[int | None] = mapped_column(ForeignKey("cards.id"))


class NewCard(Base):
    """A card that was made to replace another and still waits for its holder (R36). It is none of `cards`: until it
    is handed over, its number opens nothing. `edition` counts the numbers that were recorded for it."""

    __tablename__ = "new_cards"
    replaces: Mapped[int] = mapped_column(ForeignKey("cards.id"), primary_key=True, autoincrement=False)
    card_number: Mapped[str] = mapped_column(String(9), unique=True)
    edition: Mapped[int]
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(64))


class PinAttempts(Base):
    """Wrong PINs in a row (R4), for a card or for a number that nobody has, so that both behave alike (R3)."""

    __tablename__ = "pin_attempts"
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    wrong_in_a_row: Mapped[int]


class SourceAttempts(Base):
    """Wrong attempts from one source in the hour that began at `window_started_at` (R5)."""

    __tablename__ = "source_attempts"
    source: Mapped[str] = mapped_column(String(128), primary_key=True)
    window_started_at: Mapped[datetime]
    wrong: Mapped[int]


class LossReport(Base):
    """One loss of one card, from the report to its end (R30–R36)."""

    __tablename__ = "loss_reports"
    __table_args__ = (
        Index(
            "ix_loss_reports_open",
            "card_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    reference: Mapped[str] = mapped_column(String(8), unique=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"), index=True)
    reported_at: Mapped[datetime]
    reported_by: Mapped[str] = mapped_column(String(16))
    written_at: Mapped[datetime | None]
    written_document: Mapped[str | None] = mapped_column(String(32))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(16))
