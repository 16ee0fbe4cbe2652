"""Every page of the site, in both print sizes: what axe finds, what axe does not see, and what it weighs.
test_sights_on_screens.py and test_sights_by_tab.py look on: together they take minutes, and each can have a worker."""

from __future__ import annotations

import pytest

from tests.browser.person import DESKTOP, PHONE, SMALLEST, Person
from tests.browser.sights import SIGHTS, Reader
from web.routes import SITE

NO_PAGES = {  # files, and what only leads on to a page
    "GET /account/record.csv", "GET /account/record.pdf", "GET /healthz",
    "POST /sign-out", "POST /session/keep", "POST /print-size", "POST /account/loss",
}  # fmt: skip
# A shadow or a picture behind words is where axe gives up.
PLAIN_GROUND = ".table-box, select { background: #fff !important; }"


def test_no_page_is_forgotten():
    routes = {f"{route.method} {route.path}" for route in SITE}
    assert {sight.route for sight in SIGHTS if sight.route} == routes - NO_PAGES
    assert len({sight.name for sight in SIGHTS}) == len(SIGHTS)


def test_axe_finds_nothing(look: Reader):
    wrong, unsure = look.lets_axe_look(PLAIN_GROUND)
    assert wrong == []
    assert [html for html in unsure if not html.startswith(("<text", "<tspan"))] == []  # those are for looking.js


def test_it_is_told_in_order(look: Reader):
    assert look.finds("oddHeadings") == []
    assert look.finds("looseFields") == []
    assert look.page.locator("html").get_attribute("lang") == "zh-CN"


@pytest.mark.parametrize("screen", [SMALLEST, DESKTOP], ids=["small", "desktop"])
def test_edges_rings_and_pictures_stand_out_and_targets_are_large(look: Reader, screen):
    look.turns_to(screen)
    look.page.keyboard.press("Tab")
    faults = {fault: look.finds(fault) for fault in ("faintEdges", "faintPictures", "faintRings", "smallTargets")}
    look.turns_to(PHONE)
    assert not any(faults.values()), faults


def test_the_whole_page_weighs_less_than_60_kilobytes(look: Reader):
    assert 10_000 < look.wire.weight_of_page() < 60 * 1024


def test_the_second_page_brings_only_itself(person: Person):
    person.opens("/")
    person.follows("查找办理网点")
    person.sees_heading("办理网点")
    brought = person.page.evaluate(
        "performance.getEntriesByType('resource').map((each) => [new URL(each.name).pathname, each.transferSize])"
    )
    assert len(brought) >= 3 and all(size == 0 for _, size in brought), brought
