"""The people and the units that they work for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base, RowId


class Unit(Base):
    """An employer."""

    __tablename__ = "units"
    unit_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str]


class Person(Base):
    """A cardholder."""

    __tablename__ = "people"
    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    id_number: Mapped[str] = mapped_column(String(18), unique=True)
    personal_number: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str]
    district: Mapped[str]
    unit_number: Mapped[str | None] = mapped_column(ForeignKey("units.unit_number"))
    employment: Mapped[str] = mapped_column(String(16))
    phone: Mapped[str]
    # Web and kiosk sessions that began before this moment are over (R25).
    sessions_ended_at: Mapped[datetime | None]


class Health(Base):
    """What a person asked to have on the card for an emergency (R12)."""

    __tablename__ = "health"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    blood_type: Mapped[str]
    allergies: Mapped[str]
    conditions: Mapped[str]
