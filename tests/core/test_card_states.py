"""The life of a card as a state machine (R25, R30–R37), against a small model written apart from the core."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from core import loss, pin_change
from core.actor import Actor
from core.desk import Desk
from core.errors import HotlineError
from core.loss import Document
from core.numbers import card_check_character
from core.office import open_office
from core.permissions import Door
from core.schema import Card, CardState, Person
from core.settings import Settings
from tests.core.conftest import CHEAP

ID_NUMBER = "500101198001019990"
ALL_DOCUMENTS = set(Document)
PINS = ("480259", "604172", "739164")

# The model: the step, the doors it is for, and from which state to which. Nothing else may happen.
ARROWS = {
    "report": ({"phone", "web"}, {"active": "loss_reported"}),
    "report in writing": ({"branch", "service centre"}, {"active": "loss_written", "loss_reported": "loss_written"}),
    "write up": ({"branch", "service centre"}, {"loss_reported": "loss_written"}),
    "release": ({"branch"}, {"loss_reported": "active", "loss_written": "active"}),
    "apply": ({"branch"}, {"loss_written": "replacement_applied"}),
    "issue": ({"branch"}, {"replacement_applied": "replaced"}),
}


class CardLife(RuleBasedStateMachine):
    """Any step at any door in any order; the model says what the database must hold afterwards."""

    empty: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.empty, self.folder / "hotline.db")
        self.office = open_office(Settings(state_dir=self.folder, **CHEAP))
        self.numbers = count(1)
        with self.office.transaction() as session:
            person = Person(
                id_number=ID_NUMBER, personal_number="1", name="测试", district="", employment="employed", phone=""
            )
            session.add(person)
            session.flush()
            self.person_id = person.id
            number = self.new_number()
            card = Card(
                card_number=number,
                suffix=number[1:],
                person_id=person.id,
                issued_on=date(2020, 1, 1),
                state=CardState.ACTIVE,
            )
            session.add(card)
            session.flush()
            self.cards = {card.id: ("active", number, "123456")}
        self.current = card.id

    def new_number(self) -> str:
        body = f"K{next(self.numbers):07d}"
        return body + card_check_character(body)

    @rule(step=st.sampled_from(sorted(ARROWS)), door=st.sampled_from(Door), old=st.booleans())
    def take(self, step: str, door: Door, old: bool) -> None:
        card_id = min(self.cards) if old else self.current
        state, number, pin = self.cards[card_id]
        doors, arrows = ARROWS[step]
        actor, given = Actor(door, "source", "who"), (self.person_id, card_id)
        new_number = self.new_number()
        steps = {
            "report": lambda: loss.report_loss(self.office, actor, *given),
            "report in writing": lambda: loss.report_loss_in_writing(self.office, actor, *given, ALL_DOCUMENTS),
            "write up": lambda: loss.write_up_loss(self.office, actor, *given, ALL_DOCUMENTS),
            "release": lambda: loss.release_loss(self.office, actor, *given, ALL_DOCUMENTS),
            "apply": lambda: loss.apply_for_replacement(self.office, actor, *given),
            "issue": lambda: loss.issue_replacement(self.office, actor, *given, new_number, date(2026, 1, 1)),
        }
        allowed = door.value in doors and state in arrows
        try:
            answer = steps[step]()
        except HotlineError:
            assert not allowed
            return
        # R32: a second report changes nothing and is no error.
        repeated = step == "report" and state in ("loss_reported", "loss_written", "replacement_applied")
        assert allowed or (repeated and door.value in doors)
        if allowed:
            self.cards[card_id] = (arrows[state], number, pin)
        if step == "issue":
            self.cards[answer] = ("active", new_number, "123456")
            self.current = answer

    @rule(old=st.booleans(), new_pin=st.sampled_from(PINS))
    def change_pin(self, old: bool, new_pin: str) -> None:
        card_id = min(self.cards) if old else self.current
        state, number, pin = self.cards[card_id]
        desk = Desk(self.office, Actor.phone("1", "c"))
        try:
            permit = desk.check_original_pin(number[1:], pin, ID_NUMBER)
            desk.change_pin(permit, new_pin, new_pin)
        except HotlineError:
            assert state != "active" or new_pin == pin
            return
        assert state == "active" and new_pin != pin
        self.cards[card_id] = (state, number, new_pin)

    @rule(new_pin=st.sampled_from(PINS), door=st.sampled_from(Door))
    def reset_pin(self, new_pin: str, door: Door) -> None:
        state, number, _ = self.cards[self.current]
        seen = {"card_seen": True, "document_seen": "passport"}
        actor = Actor(door, "source", "who")
        try:
            pin_change.reset_pin(self.office, actor, self.current, new_pin, new_pin, **seen)
        except HotlineError:
            assert state != "active" or door not in (Door.BRANCH, Door.SERVICE_CENTRE)
            return
        assert state == "active" and door in (Door.BRANCH, Door.SERVICE_CENTRE)
        self.cards[self.current] = (state, number, new_pin)

    @invariant()
    def the_database_agrees(self) -> None:
        if not hasattr(self, "office"):
            return
        with self.office.transaction() as session:
            states = {card.id: card.state.value for card in session.scalars(select(Card))}
        assert states == {card_id: state for card_id, (state, _, _) in self.cards.items()}
        holder = Desk(self.office, Actor.phone("1", "c")).identify(ID_NUMBER, self.cards[self.current][2])
        assert holder.card_id == self.current

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.office.engine.dispose()
            shutil.rmtree(self.folder)


@pytest.mark.filterwarnings("ignore")
def test_r37_a_card_changes_only_along_the_arrows(empty_sqlite):
    machine = type("CardLifeHere", (CardLife,), {"empty": empty_sqlite})
    quick = settings(
        max_examples=15,
        stateful_step_count=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    run_state_machine_as_test(machine, settings=quick)
