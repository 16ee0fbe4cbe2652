"""The life of a card at all doors together (R4, R20–R26, R30–R37): calls to the real FastAGI server, pages of the site,
the card in a kiosk, clerks of all three kinds of office, in any order. A model written apart from the core
(tests/support/web/life_of_a_card.py) knows what each must be told, and how the card stands afterwards."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import (
    run_state_machine_as_test,
)

from tests.support.web.at_every_door import AtEveryDoor


def test_r37_in_any_order_all_doors_say_what_the_model_says(machine: type[AtEveryDoor]):
    walk = settings(
        max_examples=5,
        stateful_step_count=40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        phases=(Phase.generate, Phase.shrink),
    )
    run_state_machine_as_test(machine, settings=walk)
