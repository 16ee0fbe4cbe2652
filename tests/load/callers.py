"""What a caller presses in the personal-account flow, and how fast."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from functools import cache

import gevent

from sounds import library
from tests.load.asterisk import CallFailed, Keys, Line, Question, Times

ACCOUNT_MENU = "account-menu"
CHECKING = "checking"  # played while the PIN is judged
QUESTIONS = ("main-menu", "enquiry-menu", "id-enter", "pin-enter", CHECKING, *[ACCOUNT_MENU] * 4)
SECONDS_A_SYLLABLE = 0.22

Person = tuple[str, str]  # ID number and PIN
Pace = Callable[[Question, str], float]  # seconds until the last key (or, without keys, until the silence is over)


def hasty(question: Question, keys: str) -> float:
    """Presses at once, and lets nothing be played to its end; only the pause after it is as it is."""
    return 0.0 if keys else question.seconds


def human(chance: random.Random, hurry: float = 1.0) -> Pace:
    """Listens a while, then presses a few keys a second; `hurry` times as fast."""

    def seconds(question: Question, keys: str) -> float:
        if not keys:
            return sum(map(spoken_seconds, question.prompts)) / hurry + question.seconds
        return (chance.uniform(1.0, 3.0) + sum(chance.uniform(0.2, 0.5) for _ in keys)) / hurry

    return seconds


def personal_account(line: Line, person: Person, pace: Pace, stay: Callable[[], None] | None = None) -> Times:
    """3, 1, ID number, PIN, then the three answers, and hang up.

    With `stay` the caller stands in the account menu as long as that takes, asks nothing and hangs up.
    CallFailed when the hotline says anything but what the flow says to somebody who is right.
    """
    id_number, pin = person
    keys = {"main-menu": "3", "enquiry-menu": "1", "id-enter": id_number.replace("X", "*"), "pin-enter": pin}
    expected = (name for name in QUESTIONS if name != CHECKING)
    answers = iter("123")
    before, checking_ended = "", 0.0
    for question in line.questions():
        name = question.name
        waits = name in ("", CHECKING)  # for work: the server listens in silence, or with an announcement
        if not waits and name != next(expected, None):
            raise CallFailed(f"after {before or 'the greeting'} the server asks {name}")
        before = name or before
        if name == ACCOUNT_MENU:
            if checking_ended and line.times.after_checking is None:
                line.times.after_checking = time.perf_counter() - checking_ended
            if stay is not None:
                stay()
            pressed = "" if stay is not None else next(answers, "")
            if not pressed:
                line.hang_up()
                break
        else:
            pressed = keys.get(name, "")
        gevent.sleep(pace(question, pressed))
        if name == CHECKING and not checking_ended:
            checking_ended = time.perf_counter() - question.seconds
        line.answer(question, Keys(pressed, "OK" if pressed else "TIMEOUT"))
    return line.times


@cache
def spoken_seconds(prompt: str) -> float:
    """How long a recording plays; a guess by its syllables where there is none yet."""
    recording = library.SHIPPED / f"{prompt}.ulaw"
    if recording.exists():
        return recording.stat().st_size / library.RATE
    return len(library.words(prompt)) * SECONDS_A_SYLLABLE


def people_at_random(people: Callable[[int], Person], how_many: int, seed: int = 12333) -> Iterator[Person]:
    """Somebody else each time, from all over the database, until everybody had a turn."""
    step = int(how_many * 0.6180339)
    while math.gcd(step, how_many) != 1:
        step += 1
    at = seed
    while True:
        at = (at + step) % how_many
        yield people(at)
