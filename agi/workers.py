"""The core's blocking work in threads, so that no call waits for another one's database or hash.

Two groups of threads: quick look-ups never queue behind PIN checks. How long someone waits is
bounded: work that has begun and hangs (a database locked or gone) is given up after `PATIENCE`
seconds, and work that waits for its turn may wait longer as long as the others move on.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

import gevent
from gevent.event import Event
from gevent.lock import Semaphore
from gevent.threadpool import ThreadPool

from agi.jobs import Job

T = TypeVar("T")

PATIENCE = 2.5  # seconds; the caller hears an apology within three (R45)
QUEUE_PATIENCE = 20.0  # seconds of "one moment please" when very many come at once


class Workers:
    """All the threads of one server."""

    def __init__(self, quick: int = 8, heavy: int = 4) -> None:
        self._quick = _Group(quick)
        self._heavy = _Group(heavy)

    def quick(self, work: Callable[[], T]) -> Job[T]:
        """Begin a look-up of a few milliseconds."""
        return ThreadJob(work, self._quick)

    def heavy(self, work: Callable[[], T]) -> Job[T]:
        """Begin work that may hash a PIN."""
        return ThreadJob(work, self._heavy)


class _Group:
    """Threads, a place for each, and how many of them hang."""

    def __init__(self, size: int) -> None:
        self.threads = ThreadPool(size)
        self.places = Semaphore(size)
        self.running: set[ThreadJob[Any]] = set()

    def hangs(self) -> bool:
        oldest = min((job.began for job in self.running), default=None)
        return oldest is not None and time.monotonic() - oldest > PATIENCE


class ThreadJob(Generic[T]):
    """Work in a thread of its group, see Job."""

    def __init__(self, work: Callable[[], T], group: _Group) -> None:
        self._work = work
        self._group = group
        self._done = Event()
        self._given_up = False
        self._error: BaseException | None = None
        self._value: T  # once it is done
        self._asked = time.monotonic()
        self.began = 0.0
        gevent.spawn(self._run)

    def _run(self) -> None:
        with self._group.places:
            if self._given_up:
                return
            self.began = time.monotonic()
            self._group.running.add(self)
            try:
                # _outcome never raises: gevent would print a traceback, and those of a database
                # can hold a person's data.
                self._value, self._error = self._group.threads.spawn(_outcome, self._work).get()
            finally:
                self._group.running.discard(self)
        self._done.set()

    def wait(self, seconds: float | None) -> bool:
        done: bool = self._done.wait(seconds)
        return done

    def overdue(self) -> bool:
        now = time.monotonic()
        if self.began:
            return now - self.began > PATIENCE
        waited = now - self._asked
        return waited > QUEUE_PATIENCE or (waited > PATIENCE and self._group.hangs())

    def give_up(self) -> None:
        self._given_up = True

    def result(self) -> T:
        if self._error is not None:
            raise self._error
        return self._value


def _outcome(work: Callable[[], T]) -> tuple[T | None, BaseException | None]:
    try:
        return work(), None
    except Exception as error:  # handed to the call that asked, see Job.result
        return None, error
