"""A caller whose telephone is a socket: dialogues with the real server."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from itertools import count

from agi.asterisk_simulator import Announcement, Exchange, Question

_calls = count(1)
BRIDGE_SECONDS = 1  # a question that waits less passes the time while work is done
LOOKING_SECONDS = 2  # a question that waits no longer only looks for keys that are already pressed


class Caller:
    """Dials, presses keys and says what is heard.

    What was heard is forgotten at each key that is pressed and each silence.
    """

    def __init__(self, host: str, port: int) -> None:
        self._address = (host, port)
        self._exchange: Exchange | None = None
        self._question: Question | None = None
        self.heard: list[str] = []
        self.call_id = ""
        self.operator_status = "closed"
        self.number = "02363000001"

    def dials(self, number: str) -> Caller:
        """Call the hotline and listen to the main menu."""
        assert number == "12333"
        self.heard = []
        self.call_id = f"1700000000.{next(_calls)}"
        self._exchange = Exchange(*self._address, operator_status=self.operator_status)
        self._exchange.dial(self.number, self.call_id)
        self._listen(deque())
        return self

    def presses(self, *keys: str) -> Caller:
        """Press keys, all at once; what one question leaves over the next one gets."""
        self.heard = []
        self._answer(deque("".join(keys)))
        return self

    def is_silent(self) -> Caller:
        """Let the question run out."""
        return self.presses("")

    def hears(self, *prompts: str) -> Caller:
        """These prompts were heard, in this order."""
        heard = iter(self.heard)
        assert all(prompt in heard for prompt in prompts), f"{prompts} not in {self.heard}"
        return self

    def does_not_hear(self, prompt: str) -> Caller:
        """This prompt was not heard."""
        assert prompt not in self.heard
        return self

    def is_back_at(self, prompt: str) -> Caller:
        """The hotline waits for an answer to this."""
        assert self._question is not None, f"the call is over, after {self.heard}"
        assert self._question.files[-1:] == [prompt], self._question.files
        return self

    def hangs_up(self) -> None:
        """Put the phone down."""
        self._exchange.hang_up()

    def presses_and_hangs_up(self, keys: str) -> None:
        """Press keys and put the phone down before the hotline can say a word."""
        pressed = deque(keys)
        self._exchange.answer(self._question, lambda _: pressed.popleft() if pressed else None)
        event = self._exchange.next_event()
        assert isinstance(event, Question) and event.seconds < BRIDGE_SECONDS
        self.hangs_up()

    @property
    def outcome(self) -> str | None:
        """What the hotline left the caller to; None while it goes on."""
        assert self._question is None, f"the hotline still asks {self._question.files}"
        return self._exchange.outcome

    def _answer(self, keys: deque[str]) -> None:
        assert self._question is not None, "the call is over"
        question, self._question = self._question, None
        self._exchange.answer(question, _hand(keys))
        self._listen(keys)

    def _listen(self, keys: deque[str]) -> None:
        while (event := self._exchange.next_event()) is not None:
            self.heard += event.files
            if isinstance(event, Announcement):
                self._exchange.heard(event)
                continue
            if event.fresh:
                keys.clear()
            if not keys and event.seconds > LOOKING_SECONDS:
                self._question = event
                return
            self._exchange.answer(event, _hand(keys))
        self._exchange.close()


def _hand(keys: deque[str]) -> Callable[[float], str | None]:
    """A hand that presses these keys at once. It waits only for work, as the silence there is real."""

    def next_key(seconds: float) -> str | None:
        if keys:
            return keys.popleft()
        if seconds < BRIDGE_SECONDS:
            time.sleep(seconds / 4)
        return None

    return next_key


def keys(number: str) -> str:
    """As they are pressed: * is X."""
    return number.replace("X", "*") + "#"
