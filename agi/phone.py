"""A telephone in the terminal: `python -m agi phone`.

For someone without a softphone: it plays Asterisk's side to the running server, prints what a caller
would hear, and takes keys line by line.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections import deque

from agi.asterisk_simulator import Announcement, Exchange, Question
from sounds import library, numbers

HELP = "Keys: 0-9 * # (A-D), as many on a line as you like, then Enter. * stands for X. ! hangs up."
KEYS = "0123456789*#ABCD"
PATIENT_SECONDS = 30.0  # for someone who reads instead of hearing, wherever a caller gets seconds
PATIENT_FROM = 3.0


class HangUp(Exception):
    """The user put the phone down."""


class Keypad:
    """Keys from the terminal, kept until they are asked for."""

    def __init__(self) -> None:
        self._pressed: deque[str] = deque()
        self._partial = ""

    def next_key(self, seconds: float) -> str | None:
        """The next key, or None when so many seconds pass without one."""
        if seconds >= PATIENT_FROM:
            seconds = PATIENT_SECONDS
        deadline = time.monotonic() + seconds
        while not self._pressed:
            remaining = deadline - time.monotonic()
            if remaining <= 0 or not select.select([sys.stdin], [], [], remaining)[0]:
                return None
            self._read()
        return self._pressed.popleft()

    def forget(self) -> None:
        """Drop the keys pressed so far."""
        self._pressed.clear()

    def _read(self) -> None:
        text = os.read(sys.stdin.fileno(), 1_024).decode(errors="replace")
        if not text or "!" in text:
            raise HangUp
        for character in text.upper():
            if character in KEYS:
                self._pressed.append(character)
            elif not character.isspace():
                print(f"There is no key {character!r}. {HELP}")


def call_from_terminal(host: str, port: int) -> str | None:
    """Hold one call. Returns a sentence when there is nothing to call."""
    try:
        exchange = Exchange(host, port, timeout=120)
    except OSError:
        return f"The hotline does not answer on {host} port {port}: start it with `make run` first."
    print(HELP)
    exchange.dial("unknown", f"phone-{int(time.time())}.{os.getpid()}")
    keypad = Keypad()
    try:
        while (event := exchange.next_event()) is not None:
            say(event.files)
            if isinstance(event, Announcement):
                exchange.heard(event)
                continue
            if event.fresh:
                keypad.forget()
            _prompt(event)
            exchange.answer(event, keypad.next_key)
    except (HangUp, KeyboardInterrupt):
        exchange.hang_up()
        print("(you hung up)")
        return None
    exchange.close()
    print(ENDINGS.get(exchange.outcome, "(the hotline broke off; Asterisk would apologise)"))
    return None


ENDINGS: dict[str | None, str] = {
    "goodbye": "(the hotline hung up)",
    "operator": "(Asterisk would now put you through to the operator)",
}


def say(files: list[str]) -> None:
    """Print the words of prompts as they are heard, a number within the sentence that it ends."""
    text = ""
    for name in files:
        in_sentence = text.removesuffix("。") if name in numbers.pieces() else text
        text = in_sentence + library.words(name).rstrip("。") + "。"
    if text:
        print(text.replace("。", "。\n").strip(), flush=True)


def _prompt(question: Question) -> None:
    if question.seconds >= PATIENT_FROM:
        print("> ", end="", flush=True)
