"""Every page of the kiosk, upright and across: what axe finds, what it does not see, and a picture of it to look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.at_kiosk import ACROSS, UPRIGHT, AtKiosk, open_hall
from tests.browser.conftest import TODAY
from tests.browser.kiosk_sights import KIOSK_SIGHTS
from web.kiosk.routes import KIOSK

NO_PAGES = {"POST /kiosk/leave", "POST /kiosk/keep"}
FAULTS = {
    "cutOff": (),
    "faintEdges": (),
    "faintRings": (),
    "oddHeadings": (),
    "looseFields": (),
    "narrowTargets": (64,),
    "smallType": (24,),  # pixels, of which such a screen has about four in a millimetre
}
# A shade behind words is where axe gives up; a pad that waits for a card is dim because it can't be used; and what was
# entered of a PIN is drawn as dots over the field.
PLAIN_GROUND = """.top, .start:not(.second) { background: #07325a !important; }
.entry[inert] { opacity: 1 !important; }
.drawn input { color: #14212e !important; } .drawn span { display: none !important; }"""
EITHER_WAY = pytest.mark.parametrize("screen", [UPRIGHT, ACROSS], ids=["upright", "across"])


@pytest.fixture(scope="module")
def stands_there(
    browser: Browser, demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[bool], AtKiosk]]:
    """stands_there(enrolled) is somebody at such a kiosk, who has time."""
    folder = tmp_path_factory.mktemp("hall")
    with open_hall(demo_database, folder, lambda: TODAY, kiosk_idle_seconds=600) as hall:
        people = {enrolled: AtKiosk(browser, hall, enrolled=enrolled) for enrolled in (True, False)}
        yield people.__getitem__
        for person in people.values():
            person.leaves()


@pytest.fixture(scope="module", params=KIOSK_SIGHTS, ids=lambda sight: sight.name)
def look(request: pytest.FixtureRequest, stands_there: Callable[[bool], AtKiosk]) -> Iterator[AtKiosk]:
    """Somebody at a page; tests leave it as they find it."""
    person = stands_there(request.param.enrolled)
    request.param.shows_itself_to(person)
    yield person
    troubles, person.troubles = person.troubles, []
    assert troubles == []


def test_no_page_is_forgotten():
    routes = {f"{route.method} {route.path}" for route in KIOSK}
    assert {sight.route for sight in KIOSK_SIGHTS if sight.route} == routes - NO_PAGES
    assert len({sight.name for sight in KIOSK_SIGHTS}) == len(KIOSK_SIGHTS)


@EITHER_WAY
def test_axe_finds_nothing_and_the_contrast_is_that_of_level_aaa(look: AtKiosk, screen):
    look.turns_to(screen)
    assert look.lets_axe_look(PLAIN_GROUND, "color-contrast-enhanced") == ([], [])


@EITHER_WAY
def test_it_is_large_and_stands_out_and_leads_nowhere_to_the_side(look: AtKiosk, screen):
    look.turns_to(screen)
    look.page.keyboard.press("Tab")
    faults = {fault: look.finds(fault, *least) for fault, least in FAULTS.items()}
    assert not any(faults.values()), faults


@EITHER_WAY
def test_nothing_is_scrolled_but_a_catalogue_and_every_key_is_in_reach(look: AtKiosk, screen):
    look.turns_to(screen)
    if not look.page.locator(".items").count():
        assert look.page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
    bar = look.page.locator(".bottom").bounding_box()
    for part in look.page.locator(".box input, .pad button").all():
        box = part.bounding_box()
        assert 0 <= box["y"] and box["y"] + box["height"] <= bar["y"], part


def test_tab_goes_through_everything_in_order_and_out_again(look: AtKiosk):
    look.turns_to(UPRIGHT)
    look.walks_by_tab()


@EITHER_WAY
def test_a_picture_is_kept_to_look_at(look: AtKiosk, screen, request):
    look.turns_to(screen)
    look.keeps_screen(request.node.callspec.id)
