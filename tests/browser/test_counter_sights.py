"""Every page of the counter and of its second screen: what axe finds, what axe does not see, and a picture of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.at_kiosk import open_hall
from tests.browser.conftest import TODAY
from tests.browser.counter_sights import CASE, PAD, SIGHTS, Looker
from tests.browser.person import DESKTOP, SMALLEST
from web.counter.routes import COUNTER

NO_PAGES = {  # files, words for a script, and what only leads on to a page
    f"GET {CASE}/loss-form.pdf", "POST /counter/audit.csv", f"GET {CASE}/pin-state", "GET /counter/pad/state",
    "POST /counter/keep", "POST /counter/sign-out", f"POST {CASE}/reveal", f"POST {CASE}/close",
    f"POST {CASE}/pin/take-back", f"POST {CASE}/pin/let-go", "POST /counter/staff/{staff}/dismiss",
    "POST /counter/kiosks/{kiosk}/revoke",
}  # fmt: skip
# A shade behind words is where axe gives up; and what was entered of a PIN is drawn as dots over the field.
PLAIN_GROUND = """.table-box, select { background: #fff !important; } .top { background: #07325a !important; }
.drawn input { color: #14212e !important; } .drawn span { display: none !important; }"""
FAULTS = ("faintEdges", "faintPictures", "faintRings", "smallTargets", "oddBoxes")
# What axe is never sure of: pictures, for which there is looking.js, an arrow, and the browser's own parts of a date.
UNSURE = r"<t(ext|span)|<span aria-hidden=.true.>→|<input [^>]*type=.date."
WIDER_TEXT = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }"
LARGER_TEXT = ":root { font-size: 150% !important; }"


@pytest.fixture(scope="module")
def lookers(
    browser: Browser, demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Looker]]:
    """lookers("demo-branch") is one of the demo's staff, signed in once for all pages; or nobody; or the pad."""
    with open_hall(demo_database, tmp_path_factory.mktemp("counter"), lambda: TODAY) as hall:
        seated: dict[str, Looker] = {}

        def sits_there(who: str) -> Looker:
            if who not in seated:
                seated[who] = Looker(browser, hall, screen=DESKTOP)
                if who not in ("", PAD):
                    seated[who].signs_in(who)
            return seated[who]

        yield sits_there
        for looker in seated.values():
            looker.leaves()


@pytest.fixture(scope="module", params=SIGHTS, ids=lambda sight: sight.name)
def look(request: pytest.FixtureRequest, lookers: Callable[[str], Looker]) -> Iterator[Looker]:
    """Somebody at a page; tests leave it as they find it."""
    sight = request.param
    looker = lookers(sight.who)
    sight.shows_itself_to(looker)
    looker.looks_at = sight.name
    yield looker
    troubles, looker.troubles = looker.troubles, []
    assert troubles == []


def test_no_page_is_forgotten():
    routes = {f"{route.method} {route.path}" for route in COUNTER}
    assert {sight.route for sight in SIGHTS if sight.route} == routes - NO_PAGES
    assert len({sight.name for sight in SIGHTS}) == len(SIGHTS)


def test_axe_finds_nothing_and_it_is_told_in_order(look: Looker):
    look.keeps_picture(f"counter-{look.looks_at}")  # as it came, with the focus where it is
    wrong, unsure = look.lets_axe_look(PLAIN_GROUND)
    assert (wrong, [html for html in unsure if not re.match(UNSURE, html)]) == ([], [])
    assert look.finds("oddHeadings") == look.finds("looseFields") == []


@pytest.mark.parametrize("screen", [DESKTOP, SMALLEST], ids=["desktop", "small"])
def test_edges_rings_and_pictures_stand_out_and_targets_are_large(look: Looker, screen):
    look.turns_to(screen)
    look.page.keyboard.press("Tab")
    faults = {fault: look.finds(fault) for fault in FAULTS}
    look.turns_to(DESKTOP)
    assert not any(faults.values()), faults


@pytest.mark.parametrize(
    ("screen", "style"),
    [(SMALLEST, ""), ((640, 450), ""), (DESKTOP, ""), (SMALLEST, WIDER_TEXT), (DESKTOP, LARGER_TEXT)],
    ids=["400%", "200%", "desktop", "400%-wider", "larger"],
)
def test_nothing_is_cut_off_or_leads_to_the_side(look: Looker, screen, style):
    faults = look.cut_off(screen, style)
    look.turns_to(DESKTOP)
    assert faults == []


def test_tab_goes_through_everything_in_order_and_out_again(look: Looker):
    look.turns_to((640, 900))  # one thing below the other
    look.walks_by_tab()
    look.turns_to(DESKTOP)
