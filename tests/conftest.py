"""What all tests share: a PostgreSQL server of their own, and the rule that nothing is skipped in silence."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from glob import glob
from pathlib import Path

import pytest

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


def free_port() -> int:
    """A TCP port on loopback that nobody holds right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def postgresql_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL on loopback, with an empty data folder; gives the URL to which a database's name is added."""
    programs = _postgresql_programs()
    if programs is None:
        cannot_run("PostgreSQL's server is not installed (Debian: postgresql)")
    folder = tmp_path_factory.mktemp("postgresql")
    # The server refuses to run as root.
    account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
    identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
        for parent in [folder, *folder.parents][:-2]:
            parent.chmod(parent.stat().st_mode | 0o011)
    data, port = folder / "data", free_port()
    quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": folder, **identity}
    subprocess.run([programs / "initdb", "-D", data, "-U", "hotline", "-A", "trust", "--no-sync"], **quiet)
    options = f"-p {port} -h 127.0.0.1 -k '' -c fsync=off -c max_connections=200"
    start = [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"]
    subprocess.run(start, **quiet)
    yield f"postgresql://hotline@127.0.0.1:{port}/"
    subprocess.run([programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **quiet)


def _postgresql_programs() -> Path | None:
    """The newest installed server's folder."""
    packaged = sorted(glob("/usr/lib/postgresql/*/bin/initdb"), key=lambda path: int(path.split("/")[4]))
    found = packaged[-1] if packaged else shutil.which("initdb")
    return Path(found).parent if found else None
