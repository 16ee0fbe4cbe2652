"""Every page of the counter and of its second screen is looked at once, and asked everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser.at_kiosk import open_hall
from tests.support.browser.counter_screens import CASE, PAD, SIGHTS, Looker, faults_of
from tests.support.browser.person import DESKTOP
from tests.support.browser.screens import Sight
from tests.support.browser.sites import TODAY
from web.counter.routes import COUNTER

NO_PAGES = {  # files, words for a script, and what only leads on to a page
    f"GET {CASE}/loss-form.pdf", "POST /counter/audit.csv", f"GET {CASE}/pin-state", "GET /counter/pad/state",
    "POST /counter/keep", "POST /counter/sign-out", f"POST {CASE}/reveal", f"POST {CASE}/close",
    f"POST {CASE}/pin/take-back", f"POST {CASE}/pin/let-go", "POST /counter/staff/{staff}/dismiss",
    "POST /counter/kiosks/{kiosk}/revoke",
}  # fmt: skip


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


def test_no_page_is_forgotten():
    routes = {f"{route.method} {route.path}" for route in COUNTER}
    assert {sight.route for sight in SIGHTS if sight.route} == routes - NO_PAGES
    assert len({sight.name for sight in SIGHTS}) == len(SIGHTS)


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight.name)
def test_a_page_has_no_fault(lookers: Callable[[str], Looker], sight: Sight):
    faults = faults_of(sight, lookers(sight.who))
    assert not faults, "\n".join(faults)
