"""What was contributed and what is paid."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base


class Contribution(Base):
    """One month's contribution to one insurance through one unit. A month may have several rows (R14)."""

    __tablename__ = "contributions"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
    insurance: Mapped[str] = mapped_column(String(16), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    unit_number: Mapped[str] = mapped_column(String(20), primary_key=True, default="")
    base: Mapped[Decimal]
    personal_amount: Mapped[Decimal]
    employer_amount: Mapped[Decimal]
    paid: Mapped[bool]


class MedicalAccount(Base):
    """The balance of a person's medical account."""

    __tablename__ = "medical_accounts"
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, autoincrement=False)
    balance: Mapped[Decimal]


class Benefit(Base):
    """What was paid under one personal number in one month."""

    __tablename__ = "benefits"
    personal_number: Mapped[str] = mapped_column(String(20), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    amount: Mapped[Decimal]
    dependants: Mapped[int]


class UnitMedical(Base):
    """A unit's medical contributions of one month."""

    __tablename__ = "unit_medical"
    unit_number: Mapped[str] = mapped_column(ForeignKey("units.unit_number"), primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    people: Mapped[int]
    due: Mapped[Decimal]
    paid: Mapped[Decimal]
