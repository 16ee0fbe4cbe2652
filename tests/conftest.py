"""What all tests share: a PostgreSQL server of their own, and the rule that nothing is skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import psycopg
import pytest

from core.actor import Actor
from core.context import CoreContext, open_context
from core.service import Service
from core.settings import Settings
from core.staffed.staff_visits import StaffVisit
from core.values import Door
from tests.support.core.bureau import Bureau
from tests.support.core.clock import Clock
from tests.support.core.databases import CHEAP, fresh_settings
from tests.support.core.people import Held, put_holder, somebody_at
from tests.support.core.staffing import Employee, put_employee, signed_in, visit_of
from tests.support.missing import cannot_run
from tests.support.postgresql import programs, running_server

# How fast this machine is today is nobody's fault.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

_could_not_run: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.skipped and not hasattr(report, "wasxfail"):
        _could_not_run.append(f"{report.nodeid}: {report.longrepr[2]}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _could_not_run and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter) -> None:
    if _could_not_run:
        terminalreporter.section("could not run")
        for line in _could_not_run:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL on loopback, with an empty data folder; gives the URL to which a database's name is added."""
    if programs() is None:
        cannot_run("PostgreSQL's server is not installed (Debian: postgresql)")
    # Not in pytest's own folder, which another run closes to the server's user.
    with TemporaryDirectory() as folder, running_server(Path(folder)) as url:
        yield url


# Somebody's database, and people to put into it: for the core and for the site.


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_context(Settings(state_dir=folder, **CHEAP)).engine.dispose()
    return folder / "hotline.db"


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database to copy."""
    name = "empty"
    with psycopg.connect(postgresql_server + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = postgresql_server + name
    open_context(Settings(state_dir=tmp_path_factory.mktemp(name), database_url=url, **CHEAP)).engine.dispose()
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return fresh_settings(request, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(settings: Settings, clock: Clock) -> Iterator[CoreContext]:
    opened = open_context(settings, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def with_settings(context: CoreContext) -> Callable[..., CoreContext]:
    """The same office under other settings."""
    return lambda **changes: replace(context, settings=replace(context.settings, **changes))


@pytest.fixture
def caller(context: CoreContext) -> Service:
    """A caller's desk."""
    return Service(context, Actor.phone("02300000001", "call-1"))


@pytest.fixture
def holder(context: CoreContext) -> Callable[..., Held]:
    """holder(pin=…, state=…) puts somebody into the database."""
    return partial(put_holder, context)


@pytest.fixture
def clerk(context: CoreContext) -> Callable[[Door], Actor]:
    """A clerk of an office of this kind."""
    return lambda door: somebody_at(door, f"counter:{door.value}", "clerk-1", f"a {door.value}")


@pytest.fixture
def bureau(context: CoreContext, tmp_path: Path) -> Bureau:
    """A bureau that hands in CSV files."""
    folder = tmp_path / "files"
    folder.mkdir()
    return Bureau(context, folder)


@pytest.fixture
def hired(context: CoreContext) -> Callable[..., Employee]:
    """hired(Door.BRANCH) works at a branch: see put_employee."""
    return partial(put_employee, context)


@pytest.fixture
def at_work(context: CoreContext, hired: Callable[..., Employee]) -> Callable[..., StaffVisit]:
    """at_work(Door.BRANCH) is a clerk who has signed in at a desk."""

    def sign_in(door: Door = Door.BRANCH, employee: Employee | None = None) -> StaffVisit:
        return visit_of(context, signed_in(context, employee or hired(door)))

    return sign_in
