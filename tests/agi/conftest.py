"""The real server on a real database, and a caller to dial it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import gevent
import pytest
from sqlalchemy.orm import Session

from agi.server import HotlineServer
from core.context import CoreContext, open_context
from core.keys import load_keys
from core.records.database import migrate, open_database
from core.settings import Settings
from core.vault import PinVault
from tests.support.agi.caller import Caller
from tests.support.agi.people import settle

FAST = dict(hash_memory_kib=8, hash_time_cost=1, secret="a secret for tests, long enough to be one")


def settings_for(database: Path, **changes) -> Settings:
    return Settings(state_dir=database.parent, database_url=f"sqlite:///{database}", agi_port=0, **(FAST | changes))


@pytest.fixture(scope="session")
def town(tmp_path_factory) -> Path:
    """A database with everybody in it, to be copied."""
    path = tmp_path_factory.mktemp("town") / "town.db"
    settings = settings_for(path)
    engine = open_database(settings)
    migrate(engine)
    vault = PinVault(settings, load_keys(settings).pin)
    with Session(engine) as session:
        settle(session, lambda _, pin: vault.hash(pin))
        session.commit()
    engine.dispose()
    return path


class CurrentContext:
    """The office of the test that runs now, for a server that outlives it."""

    context: CoreContext

    def __getattr__(self, name):
        return getattr(self.context, name)


class ServerThread:
    """The server with a hub of its own, beside the test."""

    def __init__(self, settings: Settings) -> None:
        self.current = CurrentContext()
        self._settings = settings
        self._end = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._ready.wait(10)

    def _run(self) -> None:
        self.server = HotlineServer(self.current, self._settings)
        self.server.start()
        self.address = self.server.address
        self._ready.set()
        while not self._end.is_set():
            gevent.sleep(0.02)
        self.server.stop()

    def stop(self) -> None:
        self._end.set()
        self._thread.join(20)


@pytest.fixture(scope="session")
def server_thread(town: Path) -> Iterator[ServerThread]:
    thread = ServerThread(settings_for(town, drain_seconds=0))
    yield thread
    thread.stop()


@pytest.fixture
def context(town: Path, tmp_path: Path) -> CoreContext:
    """A town of the test's own."""
    path = tmp_path / "hotline.db"
    shutil.copy(town, path)
    return open_context(settings_for(path))


@pytest.fixture
def new_caller(context: CoreContext, server_thread: ServerThread) -> Callable[[], Caller]:
    server_thread.current.context = context
    return lambda: Caller(*server_thread.address)


@pytest.fixture
def caller(new_caller: Callable[[], Caller]) -> Caller:
    return new_caller()
