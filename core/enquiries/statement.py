"""The record of contributions (参保缴费记录) that somebody takes away (R11)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from core.enquiries.insurance import InsuranceRecord
from core.enquiries.person_data import PersonalData


@dataclass(frozen=True)
class Statement:
    """What was on record at one moment. The audit keeps the reference: an office can find who took it, and when."""

    reference: str
    made_at: datetime
    data: PersonalData
    records: tuple[InsuranceRecord, ...]


def new_reference() -> str:
    """Ten digits that nobody can guess."""
    return f"{secrets.randbelow(10**10):010d}"
