"""The life of a card as a state machine (R25, R30–R37), against a small model written apart from the core."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from core.actor import Actor
from core.cards import loss, pin_change, replacement
from core.context import open_context
from core.errors import HotlineError
from core.numbers import card_check_character
from core.records.schema import Card, Person
from core.service import Service
from core.settings import Settings
from core.values import CardState, Document, Door
from tests.support.core.databases import CHEAP
from tests.support.core.people import somebody_at

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
    "issue": ({"branch"}, {"replacement_applied": "replacement_applied"}),
    "hand over": ({"branch"}, {"replacement_applied": "replaced"}),
}
AT_THE_DRAWER = {"issue", "hand over"}  # what is done with the new card has conditions of its own (R36)


class CardLife(RuleBasedStateMachine):
    """Any step at any door in any order; the model says what the database must hold afterwards."""

    empty: Path

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copy(self.empty, self.folder / "hotline.db")
        self.context = open_context(Settings(state_dir=self.folder, **CHEAP))
        self.numbers = count(1)
        with self.context.transaction() as session:
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
        self.made: list[str] = []  # the numbers recorded for the new card that is waited for; the last one stands

    def new_number(self) -> str:
        body = f"K{next(self.numbers):07d}"
        return body + card_check_character(body)

    @rule(step=st.sampled_from(sorted(set(ARROWS) - AT_THE_DRAWER)), door=st.sampled_from(Door), old=st.booleans())
    def take(self, step: str, door: Door, old: bool) -> None:
        card_id = min(self.cards) if old else self.current
        given = (self.context, somebody_at(door, "source", "who"), self.person_id, card_id)
        steps = {
            "report": lambda: loss.report_loss(*given),
            "report in writing": lambda: loss.report_loss_in_writing(*given, ALL_DOCUMENTS),
            "write up": lambda: loss.write_up_loss(*given, ALL_DOCUMENTS),
            "release": lambda: loss.release_loss(*given, ALL_DOCUMENTS),
            "apply": lambda: replacement.apply_for_replacement(*given),
        }
        self.attempt(step, door, card_id, steps[step])

    @rule(door=st.sampled_from(Door), old=st.booleans(), seen=st.integers(0, 2))
    def issue(self, door: Door, old: bool, seen: int) -> None:
        """`seen`: how many numbers of the new card this clerk knows of (R37)."""
        card_id = min(self.cards) if old else self.current
        given = (self.context, somebody_at(door, "source", "who"), self.person_id, card_id)
        number = self.new_number()
        work = partial(replacement.issue_replacement, *given, number, seen)
        if self.attempt("issue", door, card_id, work, possible=seen == len(self.made)):
            self.made.append(number)

    @rule(door=st.sampled_from(Door), old=st.booleans(), in_hand=st.integers(0, 3), document=st.booleans())
    def hand_over(self, door: Door, old: bool, in_hand: int, document: bool) -> None:
        """`in_hand`: one of the cards that were ever made for this, or another."""
        card_id = min(self.cards) if old else self.current
        given = (self.context, somebody_at(door, "source", "who"), self.person_id, card_id)
        number = [*self.made[::-1], self.new_number()][min(in_hand, len(self.made))]
        work = partial(replacement.hand_over_replacement, *given, number, ALL_DOCUMENTS if document else set())
        if self.attempt("hand over", door, card_id, work, possible=document and number in self.made[-1:]):
            self.current = max(self.card_ids())
            self.cards[self.current] = ("active", number, "123456")
            self.made = []

    def attempt(
        self, step: str, door: Door, card_id: int, work: Callable[[], object], *, possible: bool = True
    ) -> bool:
        """Whether the step was done; it must be just where the model allows it."""
        state, number, pin = self.cards[card_id]
        doors, arrows = ARROWS[step]
        allowed = possible and door.value in doors and state in arrows
        try:
            work()
        except HotlineError:
            assert not allowed
            return False
        # R32: a second report changes nothing and is no error.
        repeated = step == "report" and state in ("loss_reported", "loss_written", "replacement_applied")
        assert allowed or (repeated and door.value in doors)
        if allowed:
            self.cards[card_id] = (arrows[state], number, pin)
        return allowed

    def card_ids(self) -> list[int]:
        with self.context.transaction() as session:
            return list(session.scalars(select(Card.id)))

    @rule(old=st.booleans(), new_pin=st.sampled_from(PINS))
    def change_pin(self, old: bool, new_pin: str) -> None:
        card_id = min(self.cards) if old else self.current
        state, number, pin = self.cards[card_id]
        service = Service(self.context, Actor.phone("1", "c"))
        try:
            permit = service.check_original_pin(number[1:], pin, ID_NUMBER)
            service.change_pin(permit, new_pin, new_pin)
        except HotlineError:
            assert state != "active" or new_pin == pin
            return
        assert state == "active" and new_pin != pin
        self.cards[card_id] = (state, number, new_pin)

    @rule(new_pin=st.sampled_from(PINS), door=st.sampled_from(Door))
    def reset_pin(self, new_pin: str, door: Door) -> None:
        state, number, _ = self.cards[self.current]
        seen = {"card_seen": True, "document_seen": "passport"}
        actor = somebody_at(door, "source", "who")
        try:
            pin_change.reset_pin(self.context, actor, self.current, new_pin, new_pin, **seen)
        except HotlineError:
            assert state != "active" or door not in (Door.BRANCH, Door.SERVICE_CENTRE)
            return
        assert state == "active" and door in (Door.BRANCH, Door.SERVICE_CENTRE)
        self.cards[self.current] = (state, number, new_pin)

    @invariant()
    def the_database_agrees(self) -> None:
        if not hasattr(self, "office"):
            return
        with self.context.transaction() as session:
            cards = {card.id: (card.state.value, card.card_number) for card in session.scalars(select(Card))}
        assert cards == {card_id: (state, number) for card_id, (state, number, _) in self.cards.items()}
        holder = Service(self.context, Actor.phone("1", "c")).identify(ID_NUMBER, self.cards[self.current][2])
        assert holder.card_id == self.current

    def teardown(self) -> None:
        if hasattr(self, "office"):
            self.context.engine.dispose()
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
