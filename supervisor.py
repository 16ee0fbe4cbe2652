"""Programs that belong together: started in their order, watched, started again when they die, and ended.

`make run` supervises the whole hotline so (run.py), the telephone's container Asterisk and its guard (dialplan).
"""

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

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
    process: subprocess.Popen[bytes] | None = None
    starts: list[float] = field(default_factory=list)
    next_check: float = 0.0
    failed_checks: int = 0

    def start(self) -> None:
        """Starts the program in a session of its own, bound to die with us, however we die."""
        output = None if self.output is None else self.output.open("ab")
        self.process = subprocess.Popen(
            self.command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
            preexec_fn=die_with_parent,
            pass_fds=self.inherits,
            cwd=HERE if self.user is None else "/",
            user=self.user,
            group=self.user,
            extra_groups=None if self.user is None else [],
        )
        if output:
            output.close()
        self.starts.append(time.monotonic())
        self.next_check = time.monotonic() + self.check_every_seconds
        self.failed_checks = 0

    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """How it ended; None before it has."""
        return None if self.process is None else self.process.returncode

    def ask_to_end(self) -> None:
        if self.process is not None and self.runs():
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


def die_with_parent() -> None:
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
                    raise CannotRun(f"{part.name} ended at its start (exit code {part.exit_code}).")
                if time.monotonic() > deadline:
                    raise CannotRun(f"{part.name} did not answer within {START_LIMIT_SECONDS} s.")
                time.sleep(0.05)
        return True

    def watch(self) -> None:
        """Returns when a signal comes; starts again what died or no longer answers."""
        while not self.signals:
            for part in self.parts:
                if not part.runs():
                    self._start_again(part, f"ended (exit code {part.exit_code})")
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


def supervise(parts: list[Part], ready: str) -> None:
    """Everything from the first start to the end of the last part; says `ready` when all of them answer."""
    supervisor = Supervisor(parts)
    signal.signal(signal.SIGINT, supervisor.on_signal)
    signal.signal(signal.SIGTERM, supervisor.on_signal)
    try:
        if supervisor.start():
            say(ready)
            supervisor.watch()
        say("ending: running calls may finish; Ctrl-C again does not wait for them.")
    finally:
        supervisor.end()
    say("ended.")


def say(sentence: str) -> None:
    """One line for the person at the terminal, at once."""
    print(sentence, flush=True)
