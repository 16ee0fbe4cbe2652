"""What all tests share: a PostgreSQL server of their own, and the rule that nothing is skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.postgresql import free_port as free_port
from tests.postgresql import programs, running_server

_could_not_run = pytest.StashKey[list]()


def cannot_run(reason: str) -> None:
    """Stop this test because the machine lacks something. It is named in the last lines of the run,
    and under CI=true the run fails."""
    pytest.skip(reason)


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_could_not_run] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        item.config.stash[_could_not_run].append(f"{item.nodeid}: {report.longrepr[2]}")
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash[_could_not_run] and os.environ.get("CI") == "true":
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    skipped = config.stash[_could_not_run]
    if skipped:
        terminalreporter.section("could not run")
        for line in skipped:
            terminalreporter.line(line)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A real PostgreSQL on loopback, with an empty data folder; gives the URL to which a database's name is added."""
    if programs() is None:
        cannot_run("PostgreSQL's server is not installed (Debian: postgresql)")
    # Not in pytest's own folder, which another run closes to the server's user.
    with TemporaryDirectory() as folder, running_server(Path(folder)) as url:
        yield url
