"""A small invented town: people that between them meet every turn of every flow."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session
from stdnum.cn import ric

from core.identity.identification import card_subject
from core.numbers import card_check_character
from core.records.schema import Benefit, Card, Contribution, MedicalAccount, Person, PinAttempts, Unit, UnitMedical
from core.values import CardState

DEFAULT_PIN = "123456"
OWN_PIN = "583921"
NEW_PIN = "740218"
OTHER_PIN = "902716"
WRONG_PIN = "111222"
UNIT, UNIT_PAID_UP, NOBODY = "50010001", "50010002", "99999999"


@dataclass(frozen=True)
class Citizen:
    """What a caller would key in about themselves."""

    id_number: str
    card_number: str
    personal_number: str
    pin: str = DEFAULT_PIN
    state: CardState = CardState.ACTIVE

    @property
    def id_keys(self) -> str:
        return self.id_number.replace("X", "*")

    @property
    def suffix_keys(self) -> str:
        return self.card_number[1:].replace("X", "*")


def id_number(serial: int, last: str | None = None) -> str:
    """The first valid ID number from this serial on, ending as asked."""
    while True:
        body = f"50010119{70 + serial % 20}0307{serial % 900 + 100}"
        number = body + ric.calc_check_digit(body + "0")
        if (last is None and number[-1] != "X") or last == number[-1]:
            return number
        serial += 20


def card_number(serial: int, last: str | None = None, first: str = "A") -> str:
    """The first valid card number from this serial on, ending as asked."""
    while True:
        body = f"{first}{serial:07d}"
        number = body + card_check_character(body)
        if (last is None and number[-1] != "X") or last == number[-1]:
            return number
        serial += 1


def twins() -> tuple[str, str]:
    """Two card numbers with the same last eight characters."""
    for serial in range(4_000_000, 5_000_000):
        numbers = {first: card_number(serial, first=first) for first in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
        for first, number in numbers.items():
            for other_first, other in numbers.items():
                if first < other_first and number[1:] == other[1:]:
                    return number, other
    raise AssertionError


_TWIN, _OTHER_TWIN = twins()
ANNA = Citizen(id_number(1), card_number(1_000_001), "60000001")  # everything on record, default PIN
BERT = Citizen(id_number(2, "X"), card_number(1_000_101, "X"), "60000002", OWN_PIN)  # X everywhere, own PIN
CLEO = Citizen(id_number(3), card_number(1_000_201), "60000003", OWN_PIN)  # nothing on record
TWIN = Citizen(id_number(4), _TWIN, "60000004", OWN_PIN)
OTHER_TWIN = Citizen(id_number(5), _OTHER_TWIN, "60000005", OTHER_PIN)
STATES = {
    state: Citizen(id_number(10 + at), card_number(1_100_000 + 10 * at), f"6000001{at}", OWN_PIN, state)
    for at, state in enumerate(CardState)
    if state is not CardState.ACTIVE
}
LOCKED = Citizen(id_number(6), card_number(1_000_301), "60000006", OWN_PIN)  # six wrong PINs
EVERYONE = (ANNA, BERT, CLEO, TWIN, OTHER_TWIN, LOCKED, *STATES.values())


def settle(session: Session, hash_pin) -> None:
    """Fill an empty database. `hash_pin` makes what a card keeps of a PIN."""
    session.add_all([Unit(unit_number=UNIT, name="一"), Unit(unit_number=UNIT_PAID_UP, name="二")])
    session.flush()
    for citizen in EVERYONE:
        person = Person(
            id_number=citizen.id_number,
            personal_number=citizen.personal_number,
            name="某人",
            district="渝中区",
            unit_number=UNIT,
            employment="employed",
            phone="",
        )
        session.add(person)
        session.flush()
        card = Card(
            card_number=citizen.card_number,
            suffix=citizen.card_number[1:],
            person_id=person.id,
            issued_on=date(2020, 1, 1),
            state=citizen.state,
            pin_hash=None,
        )
        session.add(card)
        session.flush()
        if citizen.pin != DEFAULT_PIN:
            card.pin_hash = hash_pin(card, citizen.pin)
        if citizen is ANNA:
            _records(session, person)
        if citizen is LOCKED:
            session.add(PinAttempts(subject=card_subject(card.id), wrong_in_a_row=6))
    _units(session)


def _records(session: Session, person: Person) -> None:
    session.add(MedicalAccount(person_id=person.id, balance=Decimal("1234.56")))
    for month in ("2026-07", "2026-09", "2026-10"):
        session.add(
            Contribution(
                person_id=person.id,
                insurance="unemployment",
                month=month,
                unit_number=UNIT,
                base=Decimal("5000.00"),
                personal_amount=Decimal("25.00"),
                employer_amount=Decimal("25.00"),
                paid=True,
            )
        )
    for kind, amount, dependants in (
        ("retirement", "3105.00", 0),
        ("work_injury", "1005.00", 0),
        ("work_death", "2000.05", 2),
    ):
        session.add(
            Benefit(
                personal_number=person.personal_number,
                kind=kind,
                month="2026-10",
                amount=Decimal(amount),
                dependants=dependants,
            )
        )


def _units(session: Session) -> None:
    for number, due, paid in ((UNIT, "5000.00", "4000.00"), (UNIT_PAID_UP, "5000.00", "5000.00")):
        session.add(UnitMedical(unit_number=number, month="2026-10", people=110, due=Decimal(due), paid=Decimal(paid)))
