"""Offices, who works there, whom they serve, and their machines."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base, RowId


class CounterOffice(Base):
    """A place with a counter: agency, branch or service_centre."""

    __tablename__ = "offices"
    name: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    district: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]


class Staff(Base):
    """A clerk or an administrator of an office. The key of their one-time codes is made from `code_salt` and the
    secret that is not in the database."""

    __tablename__ = "staff"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    login: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(String(16))
    office: Mapped[str] = mapped_column(ForeignKey("offices.name"))
    password_hash: Mapped[str]
    password_is_initial: Mapped[bool]
    code_salt: Mapped[str] = mapped_column(String(32))
    # The newest one-time code that was taken, as its place in time: none is taken twice.
    last_code: Mapped[int] = mapped_column(BigInteger, default=0)
    hired_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class StaffSession(Base):
    """A clerk or an administrator who is signed in."""

    __tablename__ = "staff_sessions"
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    session_id: Mapped[str] = mapped_column(String(16), unique=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"), index=True)
    began_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class CounterCase(Base):
    """One person at a clerk's window: which document the clerk saw, and what for (R2)."""

    __tablename__ = "counter_cases"
    case_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    session_id: Mapped[str] = mapped_column(String(16), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    document: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(String(16))
    opened_at: Mapped[datetime]
    # The card was in the reader, or its number was read from it.
    card_shown_at: Mapped[datetime | None]
    # From here on the clerk sees the record whole.
    revealed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class PinPad(Base):
    """A second screen at a window, on which the person keys a PIN that the clerk can't read. It shows a code; the
    desk where the clerk enters the code is the one it works for."""

    __tablename__ = "pin_pads"
    token_digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    code: Mapped[str | None] = mapped_column(String(8), unique=True)
    code_until: Mapped[datetime]
    session_id: Mapped[str | None] = mapped_column(String(16), unique=True)
    # What the person is asked for now, and how the last time ended.
    task: Mapped[str | None] = mapped_column(String(16))
    case_id: Mapped[str | None] = mapped_column(String(16))
    answer: Mapped[str | None] = mapped_column(String(64))
    answer_detail: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Kiosk(Base):
    """A touch screen in a hall that may open kiosk visits, by the key in its browser."""

    __tablename__ = "kiosks"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str]
    office: Mapped[str] = mapped_column(ForeignKey("offices.name"))
    key_digest: Mapped[str] = mapped_column(String(64), unique=True)
    enrolled_at: Mapped[datetime]
    enrolled_by: Mapped[str] = mapped_column(String(64))
    revoked_at: Mapped[datetime | None]
