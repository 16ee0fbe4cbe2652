"""The real server on a real database, and a caller to dial it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from core.context import CoreContext, open_context
from core.keys import load_keys
from core.records.database import migrate, open_database
from core.vault import PinVault
from tests.support.agi.caller import Caller
from tests.support.agi.people import settle
from tests.support.agi.servers import ServerThread, settings_for


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
