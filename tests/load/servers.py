"""The real server and the bare one, each a process of its own, and what the kernel says of them."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.load import people
from tests.support.ports import free_port

ROOT = Path(__file__).parents[2]
TICKS = os.sysconf("SC_CLK_TCK")
START_LIMIT_SECONDS = 30
END_LIMIT_SECONDS = 15


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    name: str
    process: subprocess.Popen
    address: tuple[str, int]
    log: Path | None = None

    def cpu_seconds(self) -> float:
        """What all its threads have used so far, in the kernel too."""
        return cpu_seconds(self.process.pid)

    def resident_kib(self) -> int:
        """RSS."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))

    def errors(self) -> list[str]:
        """What the hotline has logged as an error."""
        if self.log is None:
            return []
        return [line for line in self.log.read_text().splitlines() if " ERROR " in line or "Traceback" in line]


def cpu_seconds(pid: int) -> float:
    """User and system time of a process."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def children_cpu_seconds(pid: int) -> float:
    """User and system time of a process and its children, those that have ended too."""
    total = 0.0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(") ")[2].split()
        except OSError:
            continue  # it has just ended
        if stat.parent.name == str(pid):
            total += sum(map(int, fields[11:15])) / TICKS
        elif fields[1] == str(pid):
            total += sum(map(int, fields[11:13])) / TICKS
    return total


def hotline(name: str, folder: Path, database_url: str, **environment: str) -> AbstractContextManager[Running]:
    """`python -m agi` with its state in this folder. Everyone has the hash that the database says."""
    return _part("agi", "HOTLINE_AGI_PORT", name, folder, database_url, {"HOTLINE_DRAIN_SECONDS": "0"} | environment)


def website(name: str, folder: Path, database_url: str) -> AbstractContextManager[Running]:
    """`python -m web` with its state in this folder."""
    return _part("web", "HOTLINE_WEB_PORT", name, folder, database_url, {})


@contextmanager
def _part(
    module: str, port_variable: str, name: str, folder: Path, database_url: str, environment: dict[str, str]
) -> Iterator[Running]:
    folder.mkdir(parents=True, exist_ok=True)
    port, log = free_port(), folder / "log"
    own = {
        "HOTLINE_STATE_DIR": str(folder),
        "HOTLINE_DATABASE_URL": database_url,
        "HOTLINE_SECRET": people.SECRET,
        port_variable: str(port),
    }
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", module], cwd=ROOT, stderr=output, env=inherited | own | environment
        )
    with _ended(process):
        _wait_for(process, port, log)
        yield Running(name, process, ("127.0.0.1", port), log)


def bare(questions: int) -> AbstractContextManager[Running]:
    """The server of plain pyst2, which asks so many questions, two commands each."""
    return _bare("tests.load.bare", str(questions))


def bare_page() -> AbstractContextManager[Running]:
    """The server of plain aiohttp and Jinja2."""
    return _bare("tests.load.bare_page")


@contextmanager
def _bare(module: str, *arguments: str) -> Iterator[Running]:
    port = free_port()
    command = [sys.executable, "-m", module, str(port), *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    with _ended(process):
        _wait_for(process, port, None)
        yield Running("bare", process, ("127.0.0.1", port))


@contextmanager
def _ended(process: subprocess.Popen) -> Iterator[None]:
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(END_LIMIT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_for(process: subprocess.Popen, port: int, log: Path | None) -> None:
    deadline = time.monotonic() + START_LIMIT_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"A server does not start. {log.read_text()[-500:] if log else ''}")
