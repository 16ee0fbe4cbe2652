"""Many callers at once, and what came of them."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import gevent
from gevent.event import Event
from gevent.pool import Pool

from tests.load.asterisk import CallFailed, Line, Times
from tests.load.callers import Pace, Person, hasty, human, personal_account
from tests.load.servers import Running

LIMIT_SECONDS = 240  # for any crowd: a server that hangs must not hang the benchmark


@dataclass
class Crowd:
    """Calls to one server."""

    server: Running
    people: Iterator[Person]
    times: list[Times] = field(default_factory=list)
    done: int = 0  # calls that went through the whole flow
    failures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    cpu_seconds: float = 0.0

    def calls(self, how_many: int, at_once: int) -> None:
        """Let so many callers through the whole flow, as fast as the server goes."""
        pool = Pool(at_once)
        began, cpu = time.perf_counter(), self.server.cpu_seconds()
        with gevent.Timeout(LIMIT_SECONDS, False):
            for _ in range(how_many):
                pool.spawn(self._call, hasty)
            pool.join()
        pool.kill()
        self.seconds += time.perf_counter() - began
        self.cpu_seconds += self.server.cpu_seconds() - cpu

    def paced(self, at_once: int, ramp_seconds: float, seconds: float, hurry: float) -> None:
        """Keep so many people on the phone, each pressing keys at a person's pace; forget how they came in."""
        chance = random.Random(12333)
        pace = human(chance, hurry)

        def one_after_another(delay: float) -> None:
            gevent.sleep(delay)
            while True:
                self._call(pace)

        callers = [gevent.spawn(one_after_another, chance.uniform(0, ramp_seconds)) for _ in range(at_once)]
        gevent.sleep(ramp_seconds)
        settled, cpu = time.perf_counter(), self.server.cpu_seconds()
        gevent.sleep(seconds)
        self.seconds, self.cpu_seconds = time.perf_counter() - settled, self.server.cpu_seconds() - cpu
        gevent.killall(callers)
        for times in self.times:
            times.turns = [turn for turn in times.turns if turn[1] >= settled]

    def in_the_same_instant(self, how_many: int) -> None:
        """Dial all at once, and go through the flow as fast as the server goes."""
        calls = [gevent.spawn(self._call, hasty) for _ in range(how_many)]
        gevent.joinall(calls, LIMIT_SECONDS)
        gevent.killall(calls)

    def commands_a_call(self) -> float:
        return sum(times.commands for times in self.times) / max(1, len(self.times))

    def _call(self, pace: Pace, stay=None) -> None:
        line = None
        try:
            line = Line(self.server.address)
            self.times.append(line.times)
            personal_account(line, next(self.people), pace, stay)
            self.done += 1
        except (CallFailed, OSError) as failure:
            self.failures[str(failure)] += 1
            gevent.sleep(0.1)
        finally:
            if line is not None:
                line.close()


@dataclass
class Parked(Crowd):
    """Callers who have identified and stay in the account menu until they are let go."""

    standing: int = 0
    _go: Event = field(default_factory=Event)

    def stand(self, how_many: int, at_once: int) -> None:
        """Let so many more come in; returns when all of them stand there, or failed."""
        coming = Pool(at_once)
        with gevent.Timeout(LIMIT_SECONDS, False):
            for _ in range(how_many):
                arrived = Event()
                coming.spawn(arrived.wait)
                gevent.spawn(self._come, arrived)
            coming.join()
        coming.kill()

    def leave(self) -> None:
        """All hang up."""
        self._go.set()
        gevent.sleep(0.1)

    def _come(self, arrived: Event) -> None:
        def stay() -> None:
            self.standing += 1
            arrived.set()
            self._go.wait()

        self._call(hasty, stay)
        arrived.set()
