"""A real Asterisk and the guard, with a stand-in for the FastAGI server that does what the test says.

Its prompts are hisses, a different one for each name, so that the dialplan is tested without the recorded voice.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from dialplan import asterisk, guard, phones
from dialplan.fetch import Program
from tests.support.ports import free_port
from tests.support.telephony.listening import RATE

REPOSITORY = Path(__file__).parents[3]
HISS_SECONDS = 2.0


@dataclass(frozen=True)
class Settings:
    """What dialplan.asterisk needs of the settings."""

    state_dir: Path
    sip_port: int
    sip_host: str = "127.0.0.1"
    sip_public_host: str = "127.0.0.1"
    rtp_ports: tuple[int, int] = (10000, 19999)
    operator_hours: str = "*,*,*,*"
    timezone: str = "Asia/Shanghai"
    call_limit_seconds: int = 120


class AgiCall:
    """The server's end of one FastAGI call."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self.stream = connection.makefile("rb")
        self.environment = self._environment()
        self.finished = False

    def _environment(self) -> list[str]:
        lines: list[str] = []
        while line := self.stream.readline().decode(errors="replace").rstrip("\n"):
            lines.append(line)
        return lines

    def command(self, line: str) -> str:
        """Sends one command and returns Asterisk's answer to it; "" when the channel is gone.

        GOSUB is answered twice: at once with `100 result=0 Trying...`, and when it is done. (Not in the notes.)
        """
        self.connection.sendall(line.encode() + b"\n")
        while (answer := self.stream.readline().decode().strip()).startswith("100 "):
            continue
        return answer

    def ask(self, files: str, most: int, seconds: float = 3, fresh: int = 0, tail: float = 0) -> list[str]:
        """One question by hotline-ask: KEYS_STATUS, TAIL_STATUS, KEYS, TAIL_KEY."""
        self.command(f'GOSUB hotline-ask s 1 "{files},{most},{seconds},{fresh},{tail}"')
        answer = self.command('GET FULL VARIABLE "${KEYS_STATUS}|${TAIL_STATUS}|${KEYS}|${TAIL_KEY}"')
        found = re.search(r"\((.*)\)", answer)
        return found[1].split("|") if found else []

    def outcome(self, name: str) -> None:
        self.finished = True
        self.command(f"SET VARIABLE HOTLINE_OUTCOME {name}")


@dataclass
class StandIn:
    """A FastAGI server that runs `script` for each call; the environments and answers are kept for the test."""

    script: Callable[[AgiCall], object] = lambda call: call.outcome("goodbye")
    environments: list[list[str]] = field(default_factory=list)
    results: list[object] = field(default_factory=list)
    connections: list[socket.socket] = field(default_factory=list)

    def start(self, port: int = 0) -> int:
        self.listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, daemon=True).start()
        self.port = self.listener.getsockname()[1]
        return self.port

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return  # closed: the end of the test
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            call = AgiCall(connection)
            self.environments.append(call.environment)
            self.results.append(self.script(call))
            if not call.finished:
                call.outcome("goodbye")
        except (OSError, ValueError):
            self.results.append("broken off")  # the guard or the test cut the line
        finally:
            connection.close()

    def result(self, within: float = 10.0) -> object:
        """What the script returned for the last call."""
        deadline = time.monotonic() + within
        while not self.results:
            assert time.monotonic() < deadline, "the server's script did not end"
            time.sleep(0.05)
        return self.results[-1]

    def die(self) -> None:
        """As a killed process: every connection is reset, and nobody listens any more."""
        self.listener.shutdown(socket.SHUT_RDWR)  # or else the blocked accept() keeps it open
        self.listener.close()
        for connection in self.connections:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # that call was over already


@dataclass
class Switchboard:
    """A running Asterisk with its guard."""

    home: asterisk.Home
    settings: Settings
    passwords: dict[str, str]
    server: StandIn
    pid: int
    guard_pid: int

    def ask(self, question: str) -> str:
        return asterisk.ask(self.home, question)

    def login(self, username: str = "softphone") -> dict:
        return {
            "server": self.settings.sip_host,
            "port": self.settings.sip_port,
            "username": username,
            "password": self.passwords[username],
        }

    def calls(self) -> int:
        """How many channels there are."""
        return int(re.search(r"(\d+) active channel", self.ask("core show channels"))[1])


@contextmanager
def switchboard(
    program: Program, folder: Path, server_port: int | None = None, **changes: object
) -> Iterator[Switchboard]:
    """Starts Asterisk, guard and stand-in on free ports, and ends all of them."""
    folder.chmod(0o755)
    settings = Settings(state_dir=folder, sip_port=free_port(), **changes)
    server = StandIn()
    port = server.start() if server_port is None else server_port
    home = asterisk.choose_home(folder, program, print)
    passwords = phones.passwords(folder)
    with socket.create_server(("127.0.0.1", 0), backlog=100) as listener:
        asterisk.prepare(home, program, settings, passwords, listener.getsockname())
        hisses(home.sounds)
        asterisk.open_sounds(home)
        watch = _start(
            [sys.executable, "-m", "dialplan.guard", str(listener.fileno()), "127.0.0.1", str(port), str(home.control)],
            pass_fds=(listener.fileno(),),
            cwd=REPOSITORY,
        )
        user = {} if home.user is None else {"user": home.user, "group": home.user, "extra_groups": []}
        pbx = _start(asterisk.command(home, program), cwd="/", **user)
        try:
            wait_until(lambda: asterisk.sip_answers("127.0.0.1", settings.sip_port), 20, "Asterisk does not answer")
            wait_until(lambda: guard.answers(*listener.getsockname()), 10, "the guard does not answer")
            yield Switchboard(home, settings, passwords, server, pbx.pid, watch.pid)
        finally:
            for process in (pbx, watch):
                process.send_signal(signal.SIGCONT)
                process.terminate()
                process.wait(10)
            if server_port is None:
                server.die()


def _start(command: list[str], **options: object) -> subprocess.Popen:
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        **options,
    )


def wait_until(holds: Callable[[], object], seconds: float, otherwise: str) -> None:
    """Polls until the condition holds, or fails with a sentence."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.05)


def hisses(folder: Path) -> None:
    """One sound for every prompt of the manifest."""
    folder.mkdir(parents=True, exist_ok=True)
    manifest = (REPOSITORY / "sounds/manifest.toml").read_text(encoding="utf-8")
    for name in set(re.findall(r"^([a-z0-9-]+) = \"", manifest, re.MULTILINE)):
        noise = np.random.default_rng(zlib.crc32(name.encode())).integers(0, 256, int(HISS_SECONDS * RATE), np.uint8)
        # codes of middle loudness: a steady hiss that no key tone detector takes for a key
        (folder / f"{name}.ulaw").write_bytes(((noise & 0x9F) | 0x20).astype(np.uint8).tobytes())


def uid_of(pid: int) -> int:
    return int(re.search(r"^Uid:\s+(\d+)", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)[1])


def files_with(folder: Path, text: str) -> list[Path]:
    """Every file under a folder that holds this text."""
    return [
        Path(top) / name
        for top, _, names in os.walk(folder)
        for name in names
        if (Path(top) / name).is_file() and text.encode() in (Path(top) / name).read_bytes()
    ]


@contextmanager
def reachable_folder() -> Iterator[Path]:
    """A folder that Asterisk's user can reach: those of pytest are private, and it keeps them so."""
    with TemporaryDirectory(prefix="hotline-test-") as name:
        os.chmod(name, 0o755)
        yield Path(name)
