"""The manners of a call (R41–R43): what a flow may do with a caller.

A flow says things with `play`, asks with `ask`, `menu` and `confirm`, and hands blocking work to
`during` and `work`. Announcements wait for the next question and are said in one command with it, so
that any key interrupts them and counts, and none is lost in between.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeVar

from agi.jobs import Job, TooSlow
from agi.line import End, Heard, Line, Operator, Outcome

if TYPE_CHECKING:  # the menus can be read without the machinery that runs them
    from agi.workers import Workers

T = TypeVar("T")

UP = "*"  # in a menu: one menu up
CONFIRM_KEY = "1"
MOMENT_SECONDS = 1.0  # how long a number of known length waits for its # (R41)
UNNOTICED_SECONDS = 0.03  # keys pressed in so short a time are hardly any
PAUSE_SECONDS = 0.2  # after an announcement that only bridges work
WAIT_SECONDS = 0.3  # between two looks at work that takes longer
REPEAT_AFTER_SECONDS = 4.0  # of silence while work goes on
DRAIN_SECONDS = 2.0  # without a key, and whoever pressed too many has stopped
MOST_KEYS = 40
MOST_READS = 8  # of one entry that is cleared again and again
MOST_QUESTIONS = 400  # of one call, however the caller behaves


class GaveUp(Exception):
    """Three failures at one question (R42)."""


class CallTooLong(Exception):
    """A call without end, however the caller behaves."""


class Ended(Exception):
    """The call is over as it should be."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.value)
        self.outcome = outcome


class Stopping(Exception):
    """The server stops and can't wait for this call any longer."""


class Problem(Enum):
    """What was wrong with an entry, and the prompt that says so (R42)."""

    SILENCE = "no-input"
    EMPTY = "entry-empty"
    WRONG_KEY = "entry-wrong-key"
    INCOMPLETE = "entry-incomplete"
    TOO_LONG = "entry-too-long"
    NO_HASH = "entry-no-hash"


@dataclass(frozen=True, slots=True)
class CallLimits:
    """How patient the hotline is."""

    tries: int = 3
    key_seconds: float = 5.0
    call_seconds: float = 1800.0


class Call:
    """One caller on one line."""

    __slots__ = tuple("_line _workers _log _limits _stopping _queue _ahead _left _deadline".split())

    def __init__(
        self,
        line: Line,
        workers: Workers,
        log: logging.LoggerAdapter[logging.Logger] | logging.Logger,
        manners: CallLimits = CallLimits(),
        stopping: Callable[[], bool] = lambda: False,
    ) -> None:
        self._line = line
        self._workers = workers
        self._log = log
        self._limits = manners
        self._stopping = stopping
        self._queue: list[str] = []  # said with the next question
        self._ahead = ""  # keys pressed ahead, # among them
        self._left = MOST_QUESTIONS
        self._deadline = time.monotonic() + manners.call_seconds

    # Saying

    def play(self, *prompts: str) -> None:
        """Say this, with the next question; any key interrupts it and counts (R42)."""
        # Only the first is logged: what follows may be an amount or a reference number.
        self._log.info("says %s", prompts[0])
        self._queue.extend(prompts)

    def clear_queue(self) -> None:
        """Forget what was not said yet: something more urgent has to be."""
        self._queue = []

    def _take_queue(self) -> list[str]:
        queue, self._queue = self._queue, []
        return queue

    # Asking

    def menu(self, prompt: str, keys: Container[str]) -> str:
        """Ask for one of the keys, or UP; # says again everything that was said last (R41, R43)."""
        self._log.info("asks %s", prompt)
        said = [*self._take_queue(), prompt]
        files = said
        failures = 0
        while failures < self._limits.tries:
            heard = self._collect(files, 1)
            if heard.keys and (heard.keys in keys or heard.keys == UP):
                return heard.keys
            if heard.end is End.HASH:
                files = said
                continue
            failures += 1
            problem = "no-match" if heard.keys else "no-input"
            self._failed(problem)
            files = [problem, prompt]
        raise GaveUp

    def ask(
        self,
        prompt: str,
        *,
        keys: int = 0,
        up_to: int = 0,
        star_is_x: bool = False,
        parse: Callable[[str], str] = str,
        malformed: type[Exception] | tuple[type[Exception], ...] = (),
        malformed_prompt: str = "number-malformed",
        length_prompts: Mapping[int, str] | None = None,
    ) -> str:
        """Ask for a number: of `keys` places, or of up to `up_to` places and then #.

        `*` is X where the number can hold one, otherwise it clears the entry (R41). `parse` judges the
        complete entry; `malformed` is what it raises, answered with `malformed_prompt`.
        `length_prompts` gives words of their own to wrong lengths that people are likely to enter.
        """
        self._log.info("asks %s", prompt)
        self._queue.append(prompt)
        for _ in range(self._limits.tries):
            entry = self._entry(keys or up_to, exact=bool(keys), star_is_x=star_is_x)
            if isinstance(entry, Problem):
                answer = entry.value
            elif keys and len(entry) < keys:
                answer = (length_prompts or {}).get(len(entry), Problem.INCOMPLETE.value)
            else:
                try:
                    return parse(entry.replace("*", "X"))
                except malformed:
                    answer = malformed_prompt
            self._failed(answer)
            self._queue = [answer, prompt]
        self._queue = []
        raise GaveUp

    def confirm(self, prompt: str) -> bool:
        """True only for the confirmation key, pressed after the question began (R30, R42)."""
        if self._queue:
            self._line_ask(self._take_queue(), 1, PAUSE_SECONDS)
        self._log.info("asks %s", prompt)
        self._ahead = ""
        heard = self._line_ask([prompt], 1, self._limits.key_seconds, fresh=True)
        confirmed = heard.keys == CONFIRM_KEY
        self._log.info("confirmed" if confirmed else "not confirmed")
        return confirmed

    def retry(self, step: Callable[[], T], again: Mapping[type[Exception], str | Callable[[Any], str]]) -> T:
        """Take a step of several questions again when one of these errors says so, three times at most.
        What is said may be made from the error that it stands beside."""
        for _ in range(self._limits.tries):
            try:
                return step()
            except tuple(again) as error:
                words = next(words for kind, words in again.items() if isinstance(error, kind))
                prompt = words if isinstance(words, str) else words(error)
                self.play(prompt)
                self._ahead = ""
        raise GaveUp

    @contextmanager
    def if_given_up(self, prompt: str) -> Iterator[None]:
        """What to say, before the call ends, when the questions asked meanwhile fail three times."""
        try:
            yield
        except GaveUp:
            self.play(prompt)
            raise

    # Working

    def during(self, prompt: str, work: Callable[[], T]) -> T:
        """Do work of the core while a short announcement plays; keys pressed meanwhile are kept.

        An error of the core drops them: they were meant for what would have come next.
        """
        self._log.info("works behind %s", prompt)
        job = self._workers.heavy(work)
        self._bridge(job, [*self._take_queue(), prompt], prompt)
        return self._result(job)

    def work(self, work: Callable[[], T], *, heavy: bool = False) -> T:
        """Do work of the core that is over before anyone notices; `heavy` when it hashes a PIN."""
        job = self._workers.heavy(work) if heavy else self._workers.quick(work)
        if not job.wait(UNNOTICED_SECONDS):
            self._bridge(job, [], "checking")
        return self._result(job)

    def _bridge(self, job: Job[object], files: list[str], prompt: str) -> None:
        """Listen while the job is done, so that no key is lost, and say again that it takes time."""
        said_at = time.monotonic()
        seconds = PAUSE_SECONDS
        try:
            while True:
                heard = self._line_ask(files, MOST_KEYS, seconds)
                self._ahead += heard.keys + ("#" if heard.end is End.HASH else "")
                if job.wait(0):
                    return
                if job.overdue():
                    raise TooSlow
                files, seconds = [], WAIT_SECONDS
                if time.monotonic() - said_at > REPEAT_AFTER_SECONDS:
                    files, said_at = [prompt], time.monotonic()
        except BaseException:
            job.give_up()
            raise

    def _result(self, job: Job[T]) -> T:
        keys, self._ahead = self._ahead[:MOST_KEYS], ""
        result = job.result()
        self._ahead = keys
        return result

    # Ending

    def operator_status(self) -> Operator:
        """Can the operator be reached now (R43)?"""
        return self._line.operator_status()

    def end(self, outcome: Outcome, *last_words: str) -> None:
        """Say what is still to be said and the last words, then leave the caller to the outcome."""
        self._line.play([*self._take_queue(), *last_words])
        self._line.finish(outcome)

    def flow(self, name: str) -> None:
        """Note in the log which part of the service the caller has entered."""
        self._log.info("flow %s", name)

    # Keys

    def _failed(self, problem: str) -> None:
        self._log.info("answers %s", problem)
        self._ahead = ""

    def _entry(self, places: int, *, exact: bool, star_is_x: bool) -> str | Problem:
        """Read one entry, perhaps a short one; `*` still stands for X."""
        entry, files = "", self._take_queue()
        for _ in range(MOST_READS):
            heard = self._collect(files, places - len(entry), MOMENT_SECONDS)
            files = []
            if not heard.keys.isdecimal() and heard.keys.strip("0123456789*"):
                self._drain(heard.end)
                return Problem.WRONG_KEY
            _before, star, after = heard.keys.rpartition("*")
            cleared = bool(star) and not star_is_x
            entry = after if cleared else entry + heard.keys
            if heard.end is End.QUIET:
                if cleared and not entry:
                    files = ["entry-cleared"]
                    continue
                if not entry:
                    return Problem.SILENCE
                return entry if exact else Problem.NO_HASH  # only # tells that such a number is whole
            if heard.end is End.HASH:
                return entry or Problem.EMPTY
            if len(entry) > places:
                self._drain(heard.end)
                return Problem.TOO_LONG
            if len(entry) == places and heard.end is End.FULL:
                return entry
        return Problem.WRONG_KEY

    def _collect(self, files: list[str], places: int, tail: float = 0) -> Heard:
        """Take keys, those pressed ahead first. Without places it only looks for the # that may follow."""
        heard = self._from_ahead(places)
        if heard.end is not End.QUIET:
            if not (tail and heard.end is End.FULL):
                return heard
            more = self._from_ahead(1) if self._ahead else self._line_ask([], 1, tail)
            end = {End.HASH: End.HASH, End.QUIET: End.FULL}.get(more.end, End.OVER)
            return Heard(heard.keys + more.keys, end)
        if heard.keys:
            files = []  # the keys pressed ahead interrupt the announcement
        more = self._line_ask(files, places - len(heard.keys), self._limits.key_seconds, tail=tail)
        return Heard(heard.keys + more.keys, more.end)

    def _from_ahead(self, places: int) -> Heard:
        """What the keys pressed ahead give; QUIET when they run out."""
        before, _, rest = self._ahead.partition("#")
        if len(before) >= places:
            keys, self._ahead = self._ahead[:places], self._ahead[places:]
            return Heard(keys, End.FULL)
        if len(before) < len(self._ahead):
            self._ahead = rest
            return Heard(before, End.HASH)
        self._ahead = ""
        return Heard(before, End.QUIET)

    def _drain(self, end: End) -> None:
        """Throw the rest of a wrong entry away, so that it never becomes the next entry."""
        while end in (End.FULL, End.OVER):
            end = self._line_ask([], MOST_KEYS, DRAIN_SECONDS).end
        self._ahead = ""

    def _line_ask(
        self, files: list[str], max_keys: int, seconds: float, *, fresh: bool = False, tail: float = 0
    ) -> Heard:
        if self._stopping():
            raise Stopping
        self._left -= 1
        if self._left < 0 or time.monotonic() > self._deadline:
            raise CallTooLong
        return self._line.ask(files, max_keys, seconds, fresh=fresh, tail=tail)
