"""Runs the whole hotline in the foreground until Ctrl-C: `make run`.

Prepares what the first start needs (database, demo people, secrets, sounds, Asterisk), starts the parts in their order,
says `ready` when all of them answer, starts again what dies, and ends everything that it started.
"""

import ctypes
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from core import demo
from core.office import open_office
from core.settings import Settings, SettingsError
from dialplan import asterisk, fetch, guard, phones
from sounds import library

HERE = Path(__file__).parent
START_LIMIT_SECONDS = 60
RESTARTS, RESTARTS_WITHIN_SECONDS = 3, 60  # a part that dies more often than that is broken: everything ends
FAILED_CHECKS = 3  # in a row, before a part that runs but does not answer is started again
END_LIMIT_SECONDS = 10
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


class CannotRun(Exception):
    """The hotline can't start or go on; the message is one sentence for the person at the terminal."""


@dataclass
class Part:
    """A program of the hotline: how it is started, and how one sees that it answers."""

    name: str
    command: list[str]
    answers: Callable[[], bool]
    check_every_seconds: float
    still_answers: Callable[[], bool] | None = None  # a lighter question for later; None: the same
    end_limit_seconds: float = END_LIMIT_SECONDS
    user: int | None = None
    inherits: tuple[int, ...] = ()
    output: Path | None = None  # None: the terminal
    process: subprocess.Popen | None = None
    starts: list[float] = field(default_factory=list)
    next_check: float = 0.0
    failed_checks: int = 0

    def start(self) -> None:
        """Starts the program in a session of its own, bound to die with us, however we die."""
        identity = {} if self.user is None else {"user": self.user, "group": self.user, "extra_groups": []}
        output = None if self.output is None else self.output.open("ab")
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=_die_with_parent,
            pass_fds=self.inherits,
            cwd=HERE if self.user is None else "/",
            **identity,
        )
        if output:
            output.close()
        self.starts.append(time.monotonic())
        self.next_check = time.monotonic() + self.check_every_seconds
        self.failed_checks = 0

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def ask_to_end(self) -> None:
        if self.runs():
            self.process.terminate()

    def kill(self) -> None:
        """Ends the program and whatever it started."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return  # it is gone already
        self.process.wait()


def _die_with_parent() -> None:
    """In the child, after it has become its user (a change of user forgets this wish)."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Supervisor:
    """Starts parts in their order, keeps them running, and ends them in the same order."""

    def __init__(self, parts: list[Part]) -> None:
        self.parts = parts
        self.signals = 0

    def on_signal(self, *_: object) -> None:
        self.signals += 1

    def start(self) -> bool:
        """Starts every part and waits until it answers; False when it was interrupted."""
        for part in self.parts:
            part.start()
            deadline = time.monotonic() + START_LIMIT_SECONDS
            while not part.answers():
                if self.signals:
                    return False
                if not part.runs():
                    raise CannotRun(f"{part.name} ended at its start (exit code {part.process.returncode}).")
                if time.monotonic() > deadline:
                    raise CannotRun(f"{part.name} did not answer within {START_LIMIT_SECONDS} s.")
                time.sleep(0.05)
        return True

    def watch(self) -> None:
        """Returns when a signal comes; starts again what died or no longer answers."""
        while not self.signals:
            for part in self.parts:
                if not part.runs():
                    self._start_again(part, f"ended (exit code {part.process.returncode})")
                elif not self._is_healthy(part):
                    part.kill()
                    self._start_again(part, "did not answer")
            time.sleep(0.2)

    def _is_healthy(self, part: Part) -> bool:
        if time.monotonic() < part.next_check:
            return True
        still_answers = part.still_answers or part.answers
        part.failed_checks = 0 if still_answers() else part.failed_checks + 1
        part.next_check = time.monotonic() + (1 if part.failed_checks else part.check_every_seconds)
        return part.failed_checks < FAILED_CHECKS

    def _start_again(self, part: Part, why: str) -> None:
        recent = [at for at in part.starts if at > time.monotonic() - RESTARTS_WITHIN_SECONDS]
        if len(recent) > RESTARTS:
            raise CannotRun(f"{part.name} {why} again and again, so the hotline ends.")
        say(f"{part.name} {why}; it is started again.")
        part.start()

    def end(self) -> None:
        """Asks the parts to end one after the other, so that calls can finish; a second signal waits for nothing."""
        for part in self.parts:
            part.ask_to_end()
            deadline = time.monotonic() + part.end_limit_seconds
            while part.runs() and time.monotonic() < deadline and self.signals < 2:
                time.sleep(0.05)
        for part in self.parts:
            part.kill()


def say(sentence: str) -> None:
    """One line for the person at the terminal, at once."""
    print(sentence, flush=True)


def make_state_folder(folder: Path) -> None:
    """What is made from here on is for its owner alone; others, such as Asterisk's user, may only pass through."""
    if not folder.exists():
        folder.mkdir(parents=True)
        folder.chmod(0o711)
    os.umask(0o077)


def prepare_state(settings: Settings) -> None:
    """R6: the secret; the newest schema; demo people where nobody is on record yet."""
    office = open_office(settings)
    empty = demo.is_empty(office)
    office.engine.dispose()
    if empty:
        say("first start: the demo people come in (core/demo/README.md).")
        command = [sys.executable, "-m", "core", "demo"]
        if subprocess.run(command, cwd=HERE, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL).returncode:
            raise CannotRun("The demo people could not be put into the database.")


def hold_state_folder(settings: Settings) -> object:
    """Keeps a second hotline out of the same state folder, for as long as the returned file is open."""
    lock = (settings.state_dir / "run.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise CannotRun(
            f"Another hotline is running from {settings.state_dir.absolute()}: end it, or set HOTLINE_STATE_DIR."
        ) from None
    return lock


def check_ports(settings: Settings) -> None:
    """A port that is taken is named with its setting before anything starts."""
    wanted = (
        ("HOTLINE_SIP", settings.sip_host, settings.sip_port, socket.SOCK_DGRAM),
        ("HOTLINE_AGI", settings.agi_host, settings.agi_port, socket.SOCK_STREAM),
    )
    for setting, host, port, kind in wanted:
        with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise CannotRun(
                    f"Port {port} on {host} can't be used ({error.strerror}): "
                    f"end the program that has it, or set {setting}_PORT (and {setting}_HOST)."
                ) from None


def server_part(settings: Settings) -> Part:
    """The FastAGI server."""
    host = _reachable(settings.agi_host)
    return Part(
        "The FastAGI server (python -m agi)",
        [sys.executable, "-m", "agi"],
        lambda: server_answers(host, settings.agi_port),
        check_every_seconds=30,
        end_limit_seconds=settings.drain_seconds + END_LIMIT_SECONDS,
    )


def server_answers(host: str, port: int) -> bool:
    """Whether the server itself says something: it hangs up on who is no Asterisk; a stopped one does not."""
    try:
        with socket.create_connection((host, port), 1) as probe:
            probe.settimeout(2)
            probe.sendall(b"are you there\n\n")
            return probe.recv(64) == b""
    except ConnectionResetError:
        return True  # hung up with our words unread
    except OSError:
        return False


def telephone_parts(settings: Settings, program: fetch.Program, listener: socket.socket) -> list[Part]:
    """The guard, and Asterisk with its rendered configuration and the merged sounds."""
    home = asterisk.choose_home(settings.state_dir, program, say)
    passwords = phones.passwords(settings.state_dir)
    address = listener.getsockname()[:2]
    asterisk.prepare(home, program, settings, passwords, address)
    library.merge(home.sounds, settings.sounds_dir)
    asterisk.open_sounds(home)
    phones.write_phone_files(settings.state_dir, settings.sip_host, settings.sip_port, passwords)
    server = [_reachable(settings.agi_host), str(settings.agi_port)]
    return [
        Part(
            "The guard (python -m dialplan.guard)",
            [sys.executable, "-m", "dialplan.guard", str(listener.fileno()), *server, str(home.control)],
            lambda: guard.answers(*address),
            check_every_seconds=1,
            inherits=(listener.fileno(),),
        ),
        Part(
            "Asterisk",
            asterisk.command(home, program),
            lambda: asterisk.is_up(home) and asterisk.sip_answers(settings.sip_host, settings.sip_port),
            check_every_seconds=15,
            still_answers=lambda: asterisk.is_up(home),
            user=home.user,
            output=home.path / "log/console.log",
        ),
    ]


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def find_telephone() -> fetch.Program | None:
    """Asterisk, or one sentence about why there is none; the rest runs without it."""
    try:
        return fetch.find_asterisk(os.environ, say)
    except fetch.NoAsterisk as reason:
        say(f"No telephone: {reason}")
        return None


def ready_line(settings: Settings, with_telephone: bool) -> str:
    """What to dial and where."""
    if not with_telephone:
        return "ready: without Asterisk; dial 12333 by `make phone` in another terminal."
    softphone = settings.state_dir / "softphone.json"
    return (
        f"ready: dial {phones.NUMBER} with a SIP phone at {settings.sip_host}:{settings.sip_port} (UDP), username "
        f"softphone, password in {softphone}; or `make phone` in another terminal. Ctrl-C ends everything."
    )


def run(settings: Settings) -> None:
    """Everything from the first look to the end of the last part."""
    make_state_folder(settings.state_dir)
    with closing(hold_state_folder(settings)):
        check_ports(settings)
        prepare_state(settings)
        program = find_telephone()
        with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
            parts = [server_part(settings)]
            if program:
                parts += telephone_parts(settings, program, listener)
            supervisor = Supervisor(parts)
            signal.signal(signal.SIGINT, supervisor.on_signal)
            signal.signal(signal.SIGTERM, supervisor.on_signal)
            try:
                if supervisor.start():
                    say(ready_line(settings, program is not None))
                    supervisor.watch()
                say("ending: running calls may finish; Ctrl-C again does not wait for them.")
            finally:
                supervisor.end()
        say("ended.")


def main() -> None:
    """`python run.py`: exit code 0 after Ctrl-C, 1 with one sentence otherwise."""
    try:
        run(Settings.from_env())
    except (CannotRun, SettingsError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("interrupted before the start was complete.")


if __name__ == "__main__":
    main()
