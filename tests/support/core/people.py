"""People for the tests of the core and of the site: who uses a door, and who holds a card."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count

from stdnum.cn import ric

from core.actor import Actor
from core.cards import replacement
from core.context import CoreContext
from core.numbers import card_check_character
from core.records.schema import Base, Card, Person
from core.values import COUNTERS, CardState, Door, Role

NOBODY = "500101199003079975"  # nobody has this ID number
NEW_PIN = "480259"  # a PIN that is not refused as too easy
_people = count(1)


@dataclass(frozen=True)
class Held:
    """Somebody who holds a card, as a test knows them."""

    person_id: int
    card_id: int
    id_number: str
    card_number: str
    personal_number: str
    pin: str

    @property
    def suffix(self) -> str:
        return self.card_number[1:]


def somebody_at(door: Door, source: str = "source", who: str = "who", office: str = "") -> Actor:
    """Whoever uses this door: a citizen, or a clerk at a counter."""
    return Actor(door, source, who, office, Role.CLERK if door in COUNTERS else Role.CITIZEN)


def put_holder(
    context: CoreContext,
    pin: str = "739164",
    state: CardState = CardState.ACTIVE,
    born: str = "19800101",
    card_number: str = "",
) -> Held:
    """Somebody new in the database. Order code 999: nobody has such a number."""
    serial = next(_people)
    head = f"{500000 + serial % 1000:06d}{born}999"
    id_number = head + ric.calc_check_digit(head + "0")
    body = f"A{serial:07d}"
    card_number = card_number or body + card_check_character(body)
    with context.transaction() as session:
        person = Person(
            id_number=id_number,
            personal_number=f"7{serial:07d}",
            name="测试",
            district="渝中区",
            employment="employed",
            phone="",
        )
        session.add(person)
        session.flush()
        card = Card(
            card_number=card_number,
            suffix=card_number[1:],
            person_id=person.id,
            issued_on=date(2020, 1, 1),
            state=state,
            pin_hash=None if pin == "123456" else context.vault.hash(pin),
        )
        session.add(card)
        session.flush()
        return Held(person.id, card.id, id_number, card_number, person.personal_number, pin)


def put_new_card(context: CoreContext, held: Held, number: str) -> None:
    """A branch has made the card that this person applied for (R36)."""
    branch = somebody_at(Door.BRANCH, "counter:branch", "clerk-1", "a branch")
    replacement.issue_replacement(context, branch, held.person_id, held.card_id, number)


def card_state(context: CoreContext, held: Held) -> CardState:
    """Where the card stands now."""
    with context.transaction() as session:
        return session.get_one(Card, held.card_id).state


def put(context: CoreContext, *rows: Base) -> None:
    """Rows that are on record from now on."""
    with context.transaction() as session:
        session.add_all(rows)
        session.flush()
