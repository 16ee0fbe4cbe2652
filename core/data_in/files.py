"""The files of R50: what each column may hold, which columns are the key, and what a row leans on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.data_in import cards, cells, references
from core.enquiries.catalogue import found_by
from core.records.schema import (
    Base,
    Benefit,
    Card,
    Contribution,
    CounterOffice,
    Drug,
    Health,
    MedicalAccount,
    Person,
    Treatment,
    Unit,
    UnitMedical,
)
from core.values import OFFICE_KINDS, BenefitKind, CardState, CatalogueCategory, Employment, Insurance


@dataclass(frozen=True)
class CsvFile:
    """One file. `key` decides what is the same row; `unique` may not stand twice in a file either.

    `checks` compare rows with the database and return the good ones. `derived` are columns of the table that
    follow from those of the file.
    """

    name: str
    table: type[Base]
    columns: dict[str, cells.Reader]
    key: tuple[str, ...]
    unique: tuple[str, ...] = ()
    checks: tuple[references.Check, ...] = ()
    derived: dict[str, Callable[[dict[str, Any]], object]] = field(default_factory=dict)

    @property
    def table_key(self) -> tuple[str, ...]:
        """The key as the table has it: elsewhere than among the people, a person is known by their row's id."""
        if self.table is Person:
            return self.key
        return tuple("person_id" if column == "id_number" else column for column in self.key)


# A file leans only on those above it.
FILES = (
    CsvFile("units.csv", Unit, {"unit_number": cells.unit_number, "name": cells.text()}, ("unit_number",)),
    CsvFile(
        "people.csv",
        Person,
        {
            "id_number": cells.id_number,
            "personal_number": cells.personal_number,
            "name": cells.text(),
            "district": cells.text(),
            "unit_number": cells.unit_number_or_none,
            "employment": cells.word_of(Employment),
            "phone": cells.text(may_be_empty=True),
        },
        ("id_number",),
        unique=("personal_number",),
        checks=(references.units, references.personal_numbers),
    ),
    CsvFile(
        "cards.csv",
        Card,
        {
            "card_number": cells.card_number,
            "id_number": cells.id_number,
            "issued_on": cells.day,
            "state": cells.one_of(CardState),
            "pin": cells.pin,
        },
        ("card_number",),
        checks=(references.people, cards.hash_new_pins),
    ),
    CsvFile(
        "contributions.csv",
        Contribution,
        {
            "id_number": cells.id_number,
            "insurance": cells.word_of(Insurance),
            "month": cells.month,
            "base": cells.money,
            "personal_amount": cells.money,
            "employer_amount": cells.money,
            "paid": cells.yes_or_no,
            "unit_number": cells.unit_number_or_empty,
        },
        # R14: a month may have several rows, through several units.
        ("id_number", "insurance", "month", "unit_number"),
        checks=(references.people, references.units),
    ),
    CsvFile(
        "medical_accounts.csv",
        MedicalAccount,
        {"id_number": cells.id_number, "balance": cells.money},
        ("id_number",),
        checks=(references.people,),
    ),
    CsvFile(
        "benefits.csv",
        Benefit,
        {
            # Whoever is paid under it need not be among the people: a worker who died long ago never had a card.
            "personal_number": cells.personal_number,
            "kind": cells.word_of(BenefitKind),
            "month": cells.month,
            "amount": cells.money,
            "dependants": cells.count_or_zero,
        },
        ("personal_number", "kind", "month"),
    ),
    CsvFile(
        "unit_medical.csv",
        UnitMedical,
        {
            "unit_number": cells.unit_number,
            "month": cells.month,
            "people": cells.count,
            "due": cells.money,
            "paid": cells.money,
        },
        ("unit_number", "month"),
        checks=(references.units,),
    ),
    CsvFile(
        "drugs.csv",
        Drug,
        {
            "code": cells.text(32),
            "name": cells.text(),
            "category": cells.word_of(CatalogueCategory),
            "form": cells.text(),
            "unit": cells.text(),
            "price_limit": cells.money_or_nothing,
            "patient_share": cells.share,
        },
        ("code",),
        derived={"found_by": lambda values: found_by(values["name"], values["code"])},
    ),
    CsvFile(
        "treatments.csv",
        Treatment,
        {
            "code": cells.text(32),
            "name": cells.text(),
            "category": cells.word_of(CatalogueCategory),
            "unit": cells.text(),
            "price_limit": cells.money_or_nothing,
            "patient_share": cells.share,
        },
        ("code",),
        derived={"found_by": lambda values: found_by(values["name"], values["code"])},
    ),
    CsvFile(
        "offices.csv",
        CounterOffice,
        {
            "name": cells.text(),
            "kind": cells.word_of(OFFICE_KINDS),
            "district": cells.text(),
            "address": cells.text(),
            "phone": cells.text(may_be_empty=True),
        },
        ("name",),
    ),
    CsvFile(
        "health.csv",
        Health,
        {
            "id_number": cells.id_number,
            "blood_type": cells.text(20, may_be_empty=True),
            "allergies": cells.text(500, may_be_empty=True),
            "conditions": cells.text(500, may_be_empty=True),
        },
        ("id_number",),
        checks=(references.people,),
    ),
)
