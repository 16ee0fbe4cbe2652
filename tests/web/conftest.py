"""A real site over a real database, SQLite and PostgreSQL in turn, and visitors with browsers."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

import pytest

from core.context import CoreContext, open_context
from core.settings import Settings
from core.values import Door
from tests.support.agi.caller import Caller
from tests.support.agi.servers import ServerThread
from tests.support.core.databases import CHEAP, fresh_settings
from tests.support.core.people import Held
from tests.support.core.staffing import Employee
from tests.support.web import hashing
from tests.support.web.at_every_door import AtEveryDoor
from tests.support.web.at_kiosk import AtKiosk, make_kiosk
from tests.support.web.clerk import Clerk
from tests.support.web.everybody import Town, town_with
from tests.support.web.patience import patience
from tests.support.web.visitor import Site, Visitor


@pytest.fixture(scope="package", autouse=True)
def unhurried() -> Iterator[None]:
    with patience():
        yield


@pytest.fixture(scope="package", autouse=True)
def hashed_unmarked() -> Iterator[list[str]]:
    """Nothing is hashed where look-ups wait: every operation that hashes is marked (core.workload)."""
    with pytest.MonkeyPatch.context() as patch:
        refused = hashing.watch(patch)
        yield refused
    assert not refused, "an operation that hashes is not marked"


@pytest.fixture
def site(context: CoreContext) -> Iterator[Site]:
    opened = Site(context)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def hotline() -> Iterator[ServerThread]:
    """The real FastAGI server, for whichever core is made its current one."""
    server = ServerThread(Settings(agi_port=0, drain_seconds=0, **CHEAP))
    yield server
    server.stop()


@pytest.fixture
def telephone(context: CoreContext, hotline: ServerThread) -> Callable[[], Caller]:
    """telephone() is a call to the hotline of the same core."""
    hotline.current.context = context
    return lambda: Caller(*hotline.address).dials("12333")


@pytest.fixture
def visitor(site: Site) -> Visitor:
    """Somebody at the site."""
    return Visitor(site.port)


@pytest.fixture
def visitors(site: Site) -> Callable[[], Visitor]:
    """visitors() is one more person, with a browser of their own."""
    return lambda: Visitor(site.port)


@pytest.fixture
def held(holder: Callable[..., Held]) -> Held:
    return holder()


@pytest.fixture
def signed_in(visitor: Visitor, held: Held) -> Visitor:
    """Whoever `held` is, at the site with their PIN."""
    visitor.signs_in(held)
    return visitor


@pytest.fixture
def at_window(site: Site, context: CoreContext, hired: Callable[..., Employee]) -> Callable[..., Clerk]:
    """at_window(Door.BRANCH) is a clerk who has signed in at an office of this kind."""

    def sits_down(door: Door = Door.BRANCH, **known: object) -> Clerk:
        seated = Clerk(site.port, context, hired(door, **known))
        seated.signs_in()
        return seated

    return sits_down


@pytest.fixture
def site_with(with_settings: Callable[..., CoreContext]) -> Iterator[Callable[..., Callable[..., Visitor]]]:
    """site_with(require_pin_change=True) is the same site under other settings: it gives that one's
    visitors."""
    with ExitStack() as open_sites:

        def open_site(**changes: object) -> Callable[..., Visitor]:
            site = open_sites.enter_context(closing(Site(with_settings(**changes))))
            return partial(Visitor, site.port)

        yield open_site


@pytest.fixture(scope="module")
def shared_context(empty_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[CoreContext]:
    """One core for all tests of a file, where the database does not matter."""
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(empty_sqlite, folder / "hotline.db")
    opened = open_context(Settings(state_dir=folder, web_trusted_proxies=("127.0.0.0/8",), **CHEAP))
    yield opened
    opened.engine.dispose()


@pytest.fixture(scope="module")
def shared_site(shared_context: CoreContext) -> Iterator[Site]:
    """Its site, to which whoever connects is a proxy."""
    opened = Site(shared_context)
    yield opened
    opened.close()


@pytest.fixture
def at_kiosk(site: Site, context: CoreContext) -> AtKiosk:
    """Somebody at a kiosk that is enrolled."""
    person = AtKiosk(site.port)
    person.enters_key(make_kiosk(context))
    return person


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request, hotline: ServerThread, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with town_with(fresh_settings(request, tmp_path_factory.mktemp("town")), hotline) as opened:
        yield opened


@pytest.fixture
def machine(town: Town) -> type[AtEveryDoor]:
    return type("AtEveryDoorOfThisTown", (AtEveryDoor,), {"town": town})
