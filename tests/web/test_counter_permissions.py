"""Section 2 at the counter, cell by cell: what each kind of office is offered, and what it is refused, also by address.

The cells are those of core.permissions; a new row or a new kind of office without an entry here fails."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from core.context import CoreContext
from core.permissions import ALLOWED, may
from core.values import Door, Operation
from tests.support.core.audit import outcomes
from tests.support.core.bureau import card_number
from tests.support.core.people import Held, card_state, put_holder, put_new_card
from tests.support.core.staffing import put_employee
from tests.support.web.clerk import WRITTEN, Clerk, form_token
from tests.support.web.counter_cells import CELLS, COUNTERS, Cell
from tests.support.web.reading import find, heading, ways
from tests.support.web.visitor import Answer, Site
from web import words

# Met in one page of the case, which tests/web/test_counter_pin.py holds against the same table.
ELSEWHERE = {Operation.CHANGE_PIN, Operation.RESET_PIN}

every_cell = pytest.mark.parametrize(
    ("operation", "cell", "door"),
    [(operation, cell, door) for operation, cells in CELLS.items() for cell in cells for door in COUNTERS],
    ids=lambda each: getattr(each, "address", None) or each.value.replace(" ", "-"),
)


@pytest.fixture
def context(shared_context: CoreContext) -> CoreContext:
    return shared_context


@pytest.fixture
def at_window(shared_context: CoreContext, shared_site: Site) -> Callable[[Door], Clerk]:
    """at_window(Door.BRANCH) is a clerk who has signed in at an office of this kind."""

    def sits_down(door: Door) -> Clerk:
        clerk = Clerk(shared_site.port, shared_context, put_employee(shared_context, door))
        assert clerk.signs_in().path == "/counter"
        return clerk

    return sits_down


@pytest.fixture
def serving(
    shared_context: CoreContext, at_window: Callable[[Door], Clerk]
) -> Callable[[Cell, Door], tuple[Clerk, Held]]:
    """serving(cell, door): a clerk with somebody whose card is in the state that the cell is about."""

    def sit(cell: Cell, door: Door) -> tuple[Clerk, Held]:
        clerk, held = at_window(door), put_holder(shared_context, state=cell.state)
        if cell.new_card:
            put_new_card(shared_context, held, card_number(held.card_id, "C"))
        assert clerk.finds(held, "enquiry").status == 200
        return clerk, held

    return sit


def at(clerk: Clerk, address: str) -> str:
    return address if address.startswith("/counter") else clerk.here + address


def test_every_row_of_the_table_is_met_here():
    assert set(CELLS) | ELSEWHERE == set(Operation) and set(COUNTERS) == set(Door) - {Door.PHONE, Door.WEB, Door.KIOSK}


@every_cell
def test_an_office_is_offered_what_it_may_do_and_nothing_else(serving, operation, cell, door):
    clerk, _ = serving(cell, door)
    page = clerk.opens(at(clerk, cell.on))
    links = {word.split("（")[0]: address for word, address in ways(page).items()} | navigation(page)
    assert (links.get(cell.link) == at(clerk, cell.address)) is may(door, operation)
    assert (at(clerk, cell.address) in page.html) is may(door, operation)


@every_cell
def test_an_address_opens_only_what_the_office_may_do_and_names_who_can_help(serving, operation, cell, door):
    clerk, _ = serving(cell, door)
    answer = clerk.opens(at(clerk, cell.address))
    if may(door, operation):
        assert answer.status == 200
        return
    assert answer.status == 403 and heading(answer) == f"本窗口不能办理“{words.OPERATIONS[operation]}”"
    assert answer.has(*(words.DOORS[helps] for helps in ALLOWED[operation]))


@pytest.mark.parametrize(
    ("operation", "cell", "door"),
    [
        (operation, cell, door)
        for operation, cells in CELLS.items()
        for cell in cells
        for door in COUNTERS
        if cell.step and not may(door, operation)
    ],
    ids=lambda each: getattr(each, "address", None) or each.value.replace(" ", "-"),
)
def test_a_form_that_an_office_was_never_given_changes_nothing_and_is_on_record(
    serving,
    context,
    operation,
    cell,
    door,
):
    """The clerk makes the request by hand, with the mark of a form that this office's own pages could have given."""
    clerk, held = serving(cell, door)
    address = at(clerk, cell.address)
    token = form_token(clerk, context, address)
    answer = clerk.sends(address, form_token=token, card=str(held.card_id), **WRITTEN)
    assert answer.status == 403 and answer.has(*(words.DOORS[helps] for helps in ALLOWED[operation]))
    assert card_state(context, held) is cell.state
    assert outcomes(context, held)[-1] == (operation.value, f"not_on_this_door operation={operation.value}")


@pytest.mark.parametrize("door", COUNTERS)
def test_the_first_page_says_what_is_done_here_and_where_the_rest_is(at_window, door):
    clerk = at_window(door)
    aside = clerk.page.html.partition("<aside>")[2].partition("</aside>")[0]
    here, _, elsewhere = aside.partition("请到别处办理")
    for operation in Operation:
        name = f"<li>{words.OPERATIONS[operation]}"
        assert (f"{name}</li>" in here) is may(door, operation)
        assert (f"{name}：" in elsewhere) is not may(door, operation)


@pytest.mark.parametrize("door", COUNTERS)
def test_nobody_is_asked_what_they_came_for_if_it_is_not_done_here(at_window, door):
    reasons = {
        "enquiry": Operation.ENQUIRE_SELF,
        "loss": Operation.WRITE_UP_LOSS,
        "release": Operation.RELEASE_LOSS,
        "replacement": Operation.REPLACE_CARD,
    }
    clerk = at_window(door)
    for reason, operation in reasons.items():
        assert (f'name="reason" value="{reason}"' in clerk.page.html) is may(door, operation)


def navigation(page: Answer) -> dict[str, str]:
    """The links in the head of the page."""
    return {link.text: str(link["href"]) for link in find(page, "header a")}
