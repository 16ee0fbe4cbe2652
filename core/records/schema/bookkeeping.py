"""What the database knows of itself, and when jobs ran."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from core.records.schema.base import Base


class Fact(Base):
    """What the database knows of itself: the fingerprint of the secret that its PINs were made with (R6)."""

    __tablename__ = "facts"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    value: Mapped[str]


class JobRun(Base):
    """When a job was begun last, by whichever process, and how that went: see core.jobs. `took_ms` is empty until it
    has ended; `fault` is the last one, however long ago."""

    __tablename__ = "jobs"
    name: Mapped[str] = mapped_column(String(32), primary_key=True)
    began_at: Mapped[datetime]
    took_ms: Mapped[int | None] = mapped_column(BigInteger)
    fault: Mapped[str | None]
    fault_at: Mapped[datetime | None]
