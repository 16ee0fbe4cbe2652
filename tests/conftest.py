"""What all tests share: a PostgreSQL server of their own, and the rule that nothing is skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import hypothesis
import pytest

from tests.support.postgresql import free_port as free_port
from tests.support.postgresql import programs, running_server

# How fast this machine is today is nobody's fault.
hypothesis.settings.register_profile("patient", deadline=None)
hypothesis.settings.load_profile("patient")

_could_not_run: list[str] = []


def cannot_run(reason: str) -> None:
    """Stop this test because the machine lacks something. It is named in the last lines of the run,
    and under CI=true the run fails."""
    pytest.skip(reason)


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
