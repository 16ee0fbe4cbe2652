"""Visits of signed-in people, and forms that were sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base


class VisitorSession(Base):
    """A visit of a signed-in person, on the web or at a kiosk, so that every process can serve it and end it."""

    __tablename__ = "sessions"
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    # What the audit calls this visit; it opens nothing.
    session_id: Mapped[str] = mapped_column(String(16), unique=True)
    channel: Mapped[str] = mapped_column(String(16))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    card_id: Mapped[int] = mapped_column(ForeignKey("cards.id"))
    began_at: Mapped[datetime]
    # When all others of this person were ended last from within this one (R25).
    spared_at: Mapped[datetime | None]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class FormAnswer(Base):
    """What a form that changes something was answered, so that sending it twice does nothing twice."""

    __tablename__ = "form_answers"
    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str | None] = mapped_column(String(64))
