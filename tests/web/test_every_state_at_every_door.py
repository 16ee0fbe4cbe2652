"""Every state of a card, from the first report to the new card, and in each of them everything that leads nowhere:
tried at every door, and refused as the model says (R4, R25, R32, R33, R35–R37)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import product

from tests.support.web.at_every_door import AtEveryDoor
from tests.support.web.life_of_a_card import ACTIVE, DEFAULT_PIN, OFFICES, PIN_TASKS, STEPS


def test_r37_in_every_state_whatever_leads_nowhere_is_refused_at_every_door(machine: type[AtEveryDoor]):
    """From the first report to the new card, with everything tried on the way."""
    anybody = machine()
    anybody.somebody_has_a_card(DEFAULT_PIN)
    for step in ("", "write-up", "apply", "issue", "correct", "hand-over"):
        if step:
            anybody.asks_for_a_step("branch", step)
        tries_everything_else(anybody)
        if not step:
            anybody.reports_by_phone("own", "1")
            tries_everything_else(anybody)
    assert anybody.life.card.state == ACTIVE and len(anybody.life.cards) == 2


def tries_everything_else(anybody: AtEveryDoor) -> None:
    for attempt in whatever_does_not_move_the_card(anybody):
        attempt()
        anybody.open_visits_agree()
        anybody.town.clock.passes(seconds=1)
    anybody.all_doors_say_what_the_model_says()


def whatever_does_not_move_the_card(anybody: AtEveryDoor) -> Iterator[Callable[[], None]]:
    for office, step in product(OFFICES, STEPS):
        if anybody.life.leads(step, office) is None:
            yield partial(anybody.asks_for_a_step, office, step)
    yield partial(anybody.puts_card_in, "own", True)
    yield partial(anybody.changes_pin_by_phone, "own", True)
    signs_in, puts_card_in = partial(anybody.signs_in, "own"), partial(anybody.puts_card_in, "own", False)
    for change in (
        partial(anybody.changes_pin_by_phone, "own", False),
        partial(anybody.changes_pin_on_the_web, "own"),
        *(in_use(anybody) if anybody.life.card.state == ACTIVE else out_of_use(anybody)),
        *(partial(anybody.keys_a_pin_at_a_window, office, task, "own") for office, task in product(OFFICES, PIN_TASKS)),
    ):
        yield from (signs_in, puts_card_in, change)
    yield from (signs_in, puts_card_in)  # whatever is done next finds them there


def in_use(anybody: AtEveryDoor) -> Iterator[Callable[[], None]]:
    """R4: two wrong PINs at each of three doors lock it."""
    guesses = [AtEveryDoor.asks_by_phone, AtEveryDoor.signs_in, AtEveryDoor.puts_card_in] * 2
    yield partial(anybody.changes_pin_at_the_kiosk, "own")
    yield from (partial(anybody.somebody_guesses, guesses), anybody.has_a_locked_pin_reset)


def out_of_use(anybody: AtEveryDoor) -> Iterator[Callable[[], None]]:
    """R32: a second report changes nothing."""
    yield from (partial(anybody.reports_by_phone, "own", "1"), anybody.reports_on_the_web)
