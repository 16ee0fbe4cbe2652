"""Drugs and treatment items (R18)."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base


class Drug(Base):
    """A row of the drug catalogue (R18)."""

    __tablename__ = "drugs"
    __table_args__ = (Index(None, "name", "code"),)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    # Made when the row comes in: see core.enquiries.catalogue.found_by.
    found_by: Mapped[str] = mapped_column(default="", server_default="")
    category: Mapped[str] = mapped_column(String(8))
    form: Mapped[str]
    unit: Mapped[str]
    price_limit: Mapped[Decimal | None]
    patient_share: Mapped[Decimal]


class Treatment(Base):
    """A treatment item (R18)."""

    __tablename__ = "treatments"
    __table_args__ = (Index(None, "name", "code"),)
    code: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str]
    # Made when the row comes in: see core.enquiries.catalogue.found_by.
    found_by: Mapped[str] = mapped_column(default="", server_default="")
    category: Mapped[str] = mapped_column(String(8))
    unit: Mapped[str]
    price_limit: Mapped[Decimal | None]
    patient_share: Mapped[Decimal]
