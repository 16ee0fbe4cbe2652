"""The website and the phone as `make run` starts them: processes of their own."""

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

from tests.support.core.databases import SECRET
from tests.support.ports import free_port

ROOT = Path(__file__).parents[3]


@dataclass(frozen=True)
class Server:
    """One that runs."""

    process: subprocess.Popen
    port: int
    log: Path

    def connects(self, timeout: float = 30) -> socket.socket:
        """A client's connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def said(self) -> str:
        return self.log.read_text()

    def holds(self, connection: socket.socket) -> bool:
        """Whether it still has its end of a client's connection. One that it has let go of belongs to no file."""
        ours, theirs = f":{self.port:04X}", f":{connection.getsockname()[1]:04X}"
        ends = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return any(end[1].endswith(ours) and end[2].endswith(theirs) and end[9] != "0" for end in ends)

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))


def website(folder: Path, limits: str = "", **settings: object) -> AbstractContextManager[Server]:
    """`python -m web` with its state in this folder. `limits` is Python that makes its patience shorter."""
    hurried = ["-c", f"from web import __main__, page, server\n{limits}\n__main__.main([])"]
    return _running(hurried if limits else ["-m", "web"], "web_port", folder, settings)


def hotline(folder: Path, **settings: object) -> AbstractContextManager[Server]:
    """`python -m agi` with its state in this folder."""
    return _running(["-m", "agi"], "agi_port", folder, {"drain_seconds": 0} | settings)


@contextmanager
def _running(start: list[str], port_setting: str, folder: Path, settings: dict[str, object]) -> Iterator[Server]:
    port, log = free_port(), folder / f"{port_setting}.log"
    own = {"state_dir": folder, "secret": SECRET, port_setting: port, "hash_memory_kib": 8, "hash_time_cost": 1}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")}
    environment |= {f"HOTLINE_{name.upper()}": str(value) for name, value in (own | settings).items()}
    with log.open("w") as output:
        process = subprocess.Popen([sys.executable, *start], cwd=ROOT, env=environment, stdout=output, stderr=output)
    server = Server(process, port, log)
    try:
        _wait_for(server)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise


def _wait_for(server: Server) -> None:
    deadline = time.monotonic() + 60
    while "listening on" not in server.said():
        assert server.process.poll() is None, f"the server ended:\n{server.said()}"
        assert time.monotonic() < deadline, "the server does not start"
        time.sleep(0.05)
