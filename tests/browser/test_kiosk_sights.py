"""Every page of the kiosk is looked at once, upright and across, and asked everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser.at_kiosk import AtKiosk, open_hall
from tests.support.browser.kiosk_screens import KIOSK_SIGHTS, KioskSight, faults_of
from tests.support.browser.sites import TODAY
from web.kiosk.routes import KIOSK

NO_PAGES = {"POST /kiosk/leave", "POST /kiosk/keep"}


@pytest.fixture(scope="module")
def stands_there(
    browser: Browser, demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[bool], AtKiosk]]:
    """stands_there(enrolled) is somebody at such a kiosk, who has time."""
    folder = tmp_path_factory.mktemp("hall")
    with open_hall(demo_database, folder, lambda: TODAY) as hall:
        people = {enrolled: AtKiosk(browser, hall, enrolled=enrolled) for enrolled in (True, False)}
        for person in people.values():
            person.page.clock.set_fixed_time(TODAY)  # no page goes home by itself
        yield people.__getitem__
        for person in people.values():
            person.leaves()


def test_no_page_is_forgotten():
    routes = {f"{route.method} {route.path}" for route in KIOSK}
    assert {sight.route for sight in KIOSK_SIGHTS if sight.route} == routes - NO_PAGES
    assert len({sight.name for sight in KIOSK_SIGHTS}) == len(KIOSK_SIGHTS)


@pytest.mark.parametrize("sight", KIOSK_SIGHTS, ids=lambda sight: sight.name)
def test_a_page_has_no_fault(stands_there: Callable[[bool], AtKiosk], sight: KioskSight):
    faults = faults_of(sight, stands_there(sight.enrolled))
    assert not faults, "\n".join(faults)
