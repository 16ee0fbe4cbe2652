"""Everybody who has to do with one card: its holder at a telephone, in a browser, before a kiosk; clerks of all three
kinds of office, with a PIN pad. They do things as people do; what they are told is for a test to judge."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import count

from sqlalchemy import select

from core.context import CoreContext, open_context
from core.numbers import card_check_character
from core.records.schema import Card, PinAttempts
from core.settings import Settings
from core.values import Door
from tests.support.agi.caller import Caller, keys
from tests.support.agi.servers import ServerThread
from tests.support.core.clock import Clock
from tests.support.core.people import put_holder
from tests.support.core.staffing import Employee, put_employee
from tests.support.web.at_kiosk import AtKiosk, make_kiosk
from tests.support.web.clerk import WRITTEN, Clerk, code_on, form_token
from tests.support.web.visitor import Answer, Site, Visitor

_new_cards = count(1)


@dataclass(frozen=True)
class Town:
    """One database, the site and the hotline over it, two kiosks, and a clerk in each kind of office."""

    context: CoreContext
    clock: Clock
    site: Site
    hotline: ServerThread
    kiosks: tuple[AtKiosk, AtKiosk]
    employees: dict[str, Employee]


@contextmanager
def town_with(settings: Settings, hotline: ServerThread) -> Iterator[Town]:
    """A town in which nobody is refused for how often somebody tried from there (R5)."""
    clock = Clock()
    hotline.current.context = context = open_context(replace(settings, source_wrong_limit=1_000_000), clock)
    with closing(Site(context)) as site:
        kiosks = AtKiosk(site.port), AtKiosk(site.port)
        for each in kiosks:
            each.enters_key(make_kiosk(context))
        counters = (Door.AGENCY, Door.BRANCH, Door.SERVICE_CENTRE)
        yield Town(
            context, clock, site, hotline, kiosks, {door.value: put_employee(context, door) for door in counters}
        )
    context.engine.dispose()


class Everybody:
    """`held` holds a card; on another day than whoever held one before."""

    def __init__(self, town: Town, pin: str) -> None:
        self.town = town
        town.clock.passes(days=1)
        self.held = put_holder(town.context, pin)
        self.web = Visitor(town.site.port)
        self.kiosk, self.other_kiosk = town.kiosks
        self.kiosk.opens("/kiosk/left")
        self.clerks = {office: self._sits_down(employee) for office, employee in town.employees.items()}

    def _sits_down(self, employee: Employee) -> Clerk:
        clerk = Clerk(self.town.site.port, self.town.context, employee)
        clerk.signs_in()
        clerk.finds(self.held, "enquiry")
        return clerk

    def calls(self, *pressed: str) -> Caller:
        """They dial, and press."""
        return Caller(*self.town.hotline.address).dials("12333").presses(*pressed)

    def identifies(self, where: str, pin: str) -> Caller:
        """R10, R30: by ID number and PIN, behind these keys."""
        return self.calls(where, keys(self.held.id_number), pin, "#")

    def shows_original(self, card_number: str, pin: str, *, is_default: bool) -> Caller:
        """R20: the default PIN wants the ID number too."""
        return self.calls("51", keys(card_number[1:]), pin, "#", keys(self.held.id_number) if is_default else "")

    def changes_pin_on(self, person: Visitor, old: str, new: str, *, is_default: bool) -> Answer:
        """R22: with the form that is open."""
        id_number = self.held.id_number if is_default else ""
        return person.sends(person.page.path, original=old, new=new, again=new, id_number=id_number)

    def puts_in(self, kiosk: AtKiosk, card_number: str, pin: str) -> Answer:
        """A card, at a kiosk that whoever was there before has left."""
        return kiosk.signs_in(replace(self.held, card_number=card_number), pin)

    def comes_to(self, office: str, card_number: str) -> Clerk:
        """The clerk there finds them by their document, and sees the card."""
        clerk = self.clerks[office]
        clerk.finds(self.held, "enquiry")
        clerk.shows_card(card_number)
        return clerk

    def takes_step(self, clerk: Clerk, step: str, new_card: str) -> Answer:
        """With the form that the page offers, and all documents seen."""
        form = clerk.looks_at(f"/loss/{step}")
        edition = form.field("edition") if 'name="edition"' in form.html else ""
        return clerk.sends_step(step, card_number=new_card, edition=edition, **WRITTEN)

    def sends_by_hand(self, clerk: Clerk, step: str, card_number: str, new_card: str) -> Answer:
        """The same from a form that is not offered now, as of a page that another step has overtaken."""
        address, (card_id, *_) = f"{clerk.here}/loss/{step}", self.on_record()[card_number]
        marked = {"form_token": form_token(clerk, self.town.context, address), "card": str(card_id), "edition": "1"}
        return clerk.sends(address, card_number=new_card, **marked, **WRITTEN)

    def pairs_pad(self, clerk: Clerk) -> Visitor:
        """A PIN pad that works for this desk."""
        pad = Visitor(self.town.site.port)
        pad.opens("/counter/pad")
        clerk.sends(f"{clerk.here}/pin/pair", code=code_on(pad))
        return pad

    def on_record(self) -> dict[str, tuple[int, str, int, str | None]]:
        """What the database has of each card, by its number: its id, state, wrong PINs in a row, and the PIN's hash."""
        with self.town.context.transaction() as session:
            cards = session.scalars(select(Card).where(Card.person_id == self.held.person_id)).all()
            wrong = dict(session.execute(select(PinAttempts.subject, PinAttempts.wrong_in_a_row)).all())
        return {
            card.card_number: (card.id, card.state.value, wrong.get(f"card:{card.id}", 0), card.pin_hash)
            for card in cards
        }


def new_number() -> str:
    """The number of a card that was just made."""
    body = f"N{next(_new_cards):07d}"
    return body + card_check_character(body)
