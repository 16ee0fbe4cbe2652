"""What the record says of the person themselves: basic data (R11) and health (R12)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.orm import Session

from core.enquiries.insurance import month_before
from core.numbers import mask_card_number, mask_id_number, mask_name, mask_personal_number, mask_phone
from core.records.schema import Card, Contribution, Health, Person, Unit
from core.values import CardState, Insurance


@dataclass(frozen=True)
class PersonalData:
    """Who somebody is, masked as on a screen that others may see (R6)."""

    masked_name: str
    masked_id_number: str
    masked_card_number: str
    masked_personal_number: str
    masked_phone: str
    district: str
    unit_name: str | None
    employment: str
    card_state: CardState
    issued_on: date


@dataclass(frozen=True)
class BasicData(PersonalData):
    """The same with the latest paid month of each insurance (R11)."""

    latest_paid: dict[Insurance, str | None]  # only insurances on record (R19)
    paying: frozenset[Insurance]


@dataclass(frozen=True)
class WholeData:
    """What the masks hide, for a clerk who asked to see it (and is on record for that)."""

    name: str = field(repr=False)
    id_number: str = field(repr=False)
    card_number: str = field(repr=False)
    personal_number: str = field(repr=False)
    phone: str = field(repr=False)


@dataclass(frozen=True)
class HealthData:
    """What somebody asked to have on the card for an emergency (R12). Empty means that nothing was said."""

    blood_type: str
    allergies: str
    conditions: str


_PERSON: BindParameter[int] = bindparam("person")
_CARD: BindParameter[int] = bindparam("card")
_BASICS = (
    select(Person, Card, Unit.name)
    .join(Card, Card.person_id == Person.id)
    .outerjoin(Unit, Unit.unit_number == Person.unit_number)
    .where(Card.id == _CARD)
)
_LATEST = (
    select(Contribution.insurance, func.max(Contribution.month).filter(Contribution.paid))
    .where(Contribution.person_id == _PERSON)
    .group_by(Contribution.insurance)
)


def personal_data(session: Session, card_id: int) -> PersonalData:
    """One statement."""
    person, card, unit_name = session.execute(_BASICS, {"card": card_id}).one()
    return PersonalData(
        masked_name=mask_name(person.name),
        masked_id_number=mask_id_number(person.id_number),
        masked_card_number=mask_card_number(card.card_number),
        masked_personal_number=mask_personal_number(person.personal_number),
        masked_phone=mask_phone(person.phone),
        district=person.district,
        unit_name=unit_name,
        employment=person.employment,
        card_state=card.state,
        issued_on=card.issued_on,
    )


def basic_data(session: Session, person_id: int, card_id: int, this_month: str) -> BasicData:
    """R11: two statements."""
    personal = personal_data(session, card_id)
    latest = {Insurance(name): month for name, month in session.execute(_LATEST, {"person": person_id})}
    return BasicData(
        **vars(personal),
        latest_paid=latest,
        paying=frozenset(
            insurance for insurance, month in latest.items() if month and month >= month_before(this_month)
        ),
    )


def whole_data(session: Session, card_id: int) -> WholeData:
    """One statement."""
    person, card, _ = session.execute(_BASICS, {"card": card_id}).one()
    return WholeData(person.name, person.id_number, card.card_number, person.personal_number, person.phone)


def health(session: Session, person_id: int) -> HealthData | None:
    """R12: None without a record (R19)."""
    row = session.get(Health, person_id)
    return HealthData(row.blood_type, row.allergies, row.conditions) if row else None
