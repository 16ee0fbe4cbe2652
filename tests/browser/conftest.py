"""A real Chromium at a real site with the demo people: one browser for all of these tests, a fresh site for each."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from core import demo
from core.actor import Actor
from core.context import open_context
from core.settings import Settings
from tests.support.browser.at_counter import AtCounter
from tests.support.browser.at_kiosk import AtKiosk, Hall, open_hall
from tests.support.browser.person import Person
from tests.support.browser.screens import Reader
from tests.support.browser.sites import TODAY, open_site
from tests.support.core.clock import Clock
from tests.support.core.databases import CHEAP
from tests.support.missing import cannot_run
from tests.support.web.patience import patience
from tests.support.web.visitor import Site

# Features of Chromium that are off: what Playwright turns off and matters here (the last list that Chromium is given
# counts), and what a window keeps ready beside its page, at twice the page's cost: the list under the address bar, a
# process for the next page.
OFF = """PaintHolding HttpsUpgrades DestroyProfileOnBrowserClose
WebUIOmniboxPopup WebUIOmniboxAimPopup SpareRendererForSitePerProcess"""
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    f"--disable-component-update --disable-sync --disable-features={','.join(OFF.split())}"
).split()


@pytest.fixture(scope="package", autouse=True)
def unhurried() -> Iterator[None]:
    with patience():
        yield


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Ends with the last of these tests: while it runs, nothing else in this process can have a loop of its own."""
    program = shutil.which("chromium")
    if program is None:
        cannot_run("Chromium is not installed (Debian: chromium)")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo people, to be copied."""
    folder = tmp_path_factory.mktemp("demo")
    context = open_context(Settings(state_dir=folder, **CHEAP), lambda: TODAY)
    problems: list[object] = []
    demo.load(context, Actor.shell("test"), problems.append)
    assert not problems
    context.engine.dispose()
    return folder / "hotline.db"


@pytest.fixture
def clock() -> Clock:
    """The site's clock."""
    standing = Clock()
    standing.moment = TODAY
    return standing


@pytest.fixture
def site(demo_database: Path, tmp_path: Path, clock: Clock) -> Iterator[Site]:
    with open_site(demo_database, tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def meets() -> Iterator[Callable[[Person], Person]]:
    """meets(person) is that person, who leaves with the end of the test. Whatever goes wrong behind their pages, or
    leads to another host, fails it."""
    people: list[Person] = []

    def meet(person: Person) -> Person:
        people.append(person)
        return person

    yield meet
    for person in people:
        person.leaves()
    assert [trouble for person in people for trouble in person.troubles] == []


@pytest.fixture
def someone(browser: Browser, site: Site, meets: Callable[[Person], Person]) -> Callable[..., Person]:
    """someone(screen=…, javascript=…) sits down at a browser of their own."""
    return lambda **habits: meets(Person(browser, site.port, **habits))


@pytest.fixture
def person(someone: Callable[..., Person]) -> Person:
    """Somebody at a large screen."""
    return someone()


@pytest.fixture
def hall(demo_database: Path, tmp_path: Path, clock: Clock) -> Iterator[Hall]:
    with open_hall(demo_database, tmp_path, clock) as opened:
        yield opened


@pytest.fixture
def works(browser: Browser, hall: Hall, meets: Callable[[Person], Person]) -> Callable[..., AtCounter]:
    """works("demo-branch", …) is one of the demo's staff, who has signed in."""

    def sits_down(login: str, **habits: object) -> AtCounter:
        seated = meets(AtCounter(browser, hall, **habits))
        seated.signs_in(login)
        return seated

    return sits_down


@pytest.fixture
def stands_at(browser: Browser, meets: Callable[[Person], Person]) -> Callable[..., AtKiosk]:
    """stands_at(hall, …) is somebody at a kiosk of that hall."""
    return lambda hall, **habits: meets(AtKiosk(browser, hall, **habits))


@pytest.fixture
def citizen(hall: Hall, stands_at: Callable[..., AtKiosk]) -> AtKiosk:
    """Somebody at a kiosk that was enrolled; they leave before the hall is closed."""
    return stands_at(hall)


@pytest.fixture(scope="module")
def readers(
    browser: Browser, demo_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], Reader]]:
    """readers(who, size) is one of the demo people, or nobody, signed in once for all pages."""
    with open_site(demo_database, tmp_path_factory.mktemp("site")) as site:
        seated: dict[tuple[str, str], Reader] = {}

        def sits_there(who: str, size: str) -> Reader:
            if (who, size) not in seated:
                seated[who, size] = Reader(browser, site.port, size)
                if who:
                    seated[who, size].signs_in(who)
            return seated[who, size]

        yield sits_there
        for reader in seated.values():
            reader.leaves()
