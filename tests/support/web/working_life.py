"""What a person's working life leaves on record."""

from __future__ import annotations

from decimal import Decimal

from core.records.schema import Contribution
from tests.support.core.people import Held


def contributions(
    held: Held,
    insurance: str,
    *months: str,
    personal: str = "400.00",
    employer: str = "800.00",
    unit: str = "",
    paid: bool = True,
) -> list[Contribution]:
    """A row for each of these months."""
    return [
        Contribution(
            person_id=held.person_id,
            insurance=insurance,
            month=month,
            unit_number=unit,
            base=Decimal("5000.00"),
            personal_amount=Decimal(personal),
            employer_amount=Decimal(employer),
            paid=paid,
        )
        for month in months
    ]
