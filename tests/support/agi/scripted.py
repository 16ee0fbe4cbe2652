"""A line without a telephone, and threads without threads: for tests of what a call does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from agi.line import End, Heard, HungUp, Operator, Outcome

HANG_UP = "hang up"


class Asked(NamedTuple):
    """One command that waits for keys."""

    files: tuple[str, ...]
    max_keys: int
    fresh: bool


class ScriptedLine:
    """A caller who presses each of `presses` in turn; keys that a question does not take stay pressed.

    An empty string is silence. When the script is over the caller hangs up.
    """

    def __init__(self, *presses: str, operator: Operator = Operator.CLOSED) -> None:
        self._presses = list(presses)
        self._pressed = ""
        self._operator = operator
        self.asked: list[Asked] = []
        self.said: list[str] = []
        self.outcome: Outcome | None = None

    def ask(
        self, files: Sequence[str], max_keys: int, seconds: float, *, fresh: bool = False, tail: float = 0
    ) -> Heard:
        self.asked.append(Asked(tuple(files), max_keys, fresh))
        if fresh:
            self._pressed = ""
        self.said += files
        if not self._pressed and seconds > 2:  # not while work is bridged or the rest is drained
            self._next()
        keys = ""
        while len(keys) < max_keys:
            if not self._pressed:
                return Heard(keys, End.QUIET)
            key, self._pressed = self._pressed[0], self._pressed[1:]
            if key == "#":
                return Heard(keys, End.HASH)
            keys += key
        if tail and self._pressed:
            key, self._pressed = self._pressed[0], self._pressed[1:]
            return Heard(keys, End.HASH) if key == "#" else Heard(keys + key, End.OVER)
        return Heard(keys, End.FULL)

    def _next(self) -> None:
        if not self._presses or self._presses[0] == HANG_UP:
            raise HungUp
        self._pressed = self._presses.pop(0)

    def play(self, files: Sequence[str]) -> None:
        self.said += files

    def operator_status(self) -> Operator:
        return self._operator

    def finish(self, outcome: Outcome) -> None:
        assert self.outcome is None, "the outcome is the last act"
        self.outcome = outcome


class DoneJob:
    """Work that was done at once."""

    def __init__(self, work: Callable[[], Any]) -> None:
        self._value, self._error = None, None
        try:
            self._value = work()
        except Exception as error:  # raised again by result()
            self._error = error

    def wait(self, seconds: float) -> bool:
        return True

    def overdue(self) -> bool:
        return False

    def give_up(self) -> None:
        pass

    def result(self) -> Any:
        if self._error is not None:
            raise self._error
        return self._value


class InlineWorkers:
    """Does all work in the caller's own thread."""

    quick = heavy = staticmethod(DoneJob)
