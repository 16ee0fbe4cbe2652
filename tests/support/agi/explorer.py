"""Walks every branch of every flow and keeps what it met.

A walk is a list of answers, one for each question. Two walks that stand at the same place (the same
menu or question, the same answers accepted since the last menu, the same number of failures) go on
alike, so each place is entered once, and every answer is tried there: right, wrong, empty,
incomplete, too long, silent, hung up.
"""

from __future__ import annotations

import logging
import shutil
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from agi.call import Call, CallLimits
from agi.flows.loss_report import OPERATOR_OFFER, REFERENCE_MENU
from agi.flows.personal_account import ACCOUNT_MENU
from agi.hotline import take_call
from agi.line import Operator, Outcome
from agi.menus import CARD_MENU, ENQUIRY_MENU, MAIN_MENU
from core.actor import Actor
from core.context import CoreContext
from core.records.schema import Card, LossReport
from core.service import Service
from core.values import CardState
from tests.support.agi.people import (
    ANNA,
    BERT,
    LOCKED,
    NEW_PIN,
    NOBODY,
    OTHER_PIN,
    OTHER_TWIN,
    OWN_PIN,
    STATES,
    UNIT,
    WRONG_PIN,
    id_number,
)
from tests.support.agi.scripted import HANG_UP, InlineWorkers, ScriptedLine

REPORTED = STATES[CardState.LOSS_REPORTED]
ENDED = STATES[CardState.CANCELLED]

MENUS = {
    menu.prompt: menu for menu in (MAIN_MENU, ENQUIRY_MENU, ACCOUNT_MENU, CARD_MENU, OPERATOR_OFFER, REFERENCE_MENU)
}
UNKNOWN_IDS = [id_number(700) + "#", "9" * 18 + "#"]  # nobody's, and no number at all
IDS = [*(c.id_keys + "#" for c in (ANNA, BERT, REPORTED, LOCKED)), *UNKNOWN_IDS]
PIN_CHANGE_IDS = [*(c.id_keys + "#" for c in (ANNA, OTHER_TWIN)), *UNKNOWN_IDS]
PINS = ["123456#", OWN_PIN + "#", OTHER_PIN + "#", WRONG_PIN + "#"]
SUFFIXES = [*(c.suffix_keys + "#" for c in (ANNA, BERT, OTHER_TWIN, REPORTED, ENDED)), "00000000#", "1*345678#"]
NEW_PINS = [NEW_PIN + "#", OTHER_PIN + "#", "987654#"]
BY_NUMBER = [ANNA.personal_number + "#", UNIT + "#", NOBODY + "#"]
WRONG = ["", "#", "12#", "12", "1A2#", "1" * 40]  # silent, empty, incomplete twice, wrong key, too long
ANSWERS = {
    "id-enter": [*IDS, *WRONG],
    "pin-enter": [*PINS, *WRONG],
    "pin-enter-original": [*PINS, *WRONG],
    "card-enter-last-8": [*SUFFIXES, *WRONG],
    "pin-enter-new": [*NEW_PINS, *WRONG],
    "pin-enter-new-again": [*NEW_PINS, *WRONG],
    "personal-number-enter": [*BY_NUMBER, *WRONG],
    "work-death-number-enter": [*BY_NUMBER, *WRONG],
    "unit-number-enter": [*BY_NUMBER, *WRONG],
    "loss-confirm": ["1", "2", "*", "#", "A", ""],
}
ANSWERS |= {prompt: [*menu.keys, "*", "#", "9", "A", ""] for prompt, menu in MENUS.items()}

FAILED_ENTRY = {
    "no-input",
    "no-match",
    "entry-empty",
    "entry-incomplete",
    "entry-no-hash",
    "entry-wrong-key",
    "entry-too-long",
    "entry-cleared",
    "id-malformed",
    "id-fifteen-digits",
    "card-malformed",
    "number-malformed",
}
FAILED_ROUND = {  # and the question that the round begins with
    "identification-failed": "id-enter",
    "pin-card-failed": "card-enter-last-8",
    "pin-mismatch": "pin-enter-new",
    "pin-weak-default": "pin-enter-new",
    "pin-weak-run": "pin-enter-new",
    "pin-weak-same-as-original": "pin-enter-new",
}


class Paused(BaseException):
    """The script is over and the hotline waits: not an Exception, so that nothing on the way handles it."""


class PausingLine(ScriptedLine):
    """A line that stops the walk at the first question without an answer, and notes the others."""

    def __init__(self, answers: tuple[str, ...], then: str | None, operator: Operator) -> None:
        super().__init__(*answers, operator=operator)
        self._then = then
        self.trace: list[tuple[tuple[str, ...], str]] = []

    def _next(self) -> None:
        files = self.asked[-1].files
        if not self._presses:
            if self._then is None:
                self.trace.append((files, ""))
                raise Paused
            self._presses.append(self._then)
        self.trace.append((files, self._presses[0]))
        super()._next()


Place = tuple[object, ...]


@dataclass
class Walked:
    """What one walk came to."""

    answers: tuple[str, ...]
    line: PausingLine
    place: Place | None  # where it waits; None when the call is over
    failures: list[str] = field(default_factory=list)
    changed: dict[str, str] = field(default_factory=dict)  # card number → what changed

    @property
    def hung_up(self) -> bool:
        return bool(self.line.trace) and self.line.trace[-1][1] == HANG_UP


class Explorer:
    """Walks on one database, which is put back before each walk."""

    def __init__(self, context: CoreContext, town: Path) -> None:
        self.context = context
        self._town = town
        self._path = Path(context.engine.url.database)
        # Nobody needs these databases after a power cut: no waiting for the disk.
        event.listen(context.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
        context.engine.dispose()
        self._before = self._cards()

    def walk(
        self,
        answers: tuple[str, ...],
        then: str | None = None,
        operator: Operator = Operator.CLOSED,
        context: CoreContext | None = None,
    ) -> Walked:
        """Hold one call with these answers; after them, pause or give the same answer for ever.

        Another core on the same database can stand in, such as one that fails.
        """
        self._put_back()
        line = PausingLine(answers, then, operator)
        failures = _Failures()
        call = Call(line, InlineWorkers(), failures.logger, CallLimits())
        service = Service(context or self.context, Actor.phone("02363000001", "1.1"))
        try:
            take_call(call, service, failures.logger)
            place = None
        except Paused:
            place = place_of(line.trace)
        return Walked(answers, line, place, failures.seen, self._changes())

    def everywhere(self) -> Iterator[Walked]:
        """Every walk that was taken: from each place, entered once by the shortest walk, with every answer."""
        seen: set[Place] = set()
        waiting = deque([self.walk(())])
        while waiting:
            walked = waiting.popleft()
            if walked.place is not None and walked.place not in seen:
                seen.add(walked.place)
                waiting.extend(self.walk((*walked.answers, answer)) for answer in answers_at(walked.place))
            yield walked

    def _put_back(self) -> None:
        self.context.engine.dispose()
        for leftover in ("-wal", "-shm"):
            Path(f"{self._path}{leftover}").unlink(missing_ok=True)
        shutil.copy(self._town, self._path)

    def _cards(self) -> dict[str, tuple]:
        with Session(self.context.engine) as session:
            kept = select(Card.card_number, Card.state, Card.pin_hash, LossReport.id).outerjoin(LossReport)
            return {number: tuple(rest) for number, *rest in session.execute(kept)}

    def _changes(self) -> dict[str, str]:
        after = self._cards()
        assert after.keys() == self._before.keys()
        names = ("state", "PIN", "report")
        return {
            number: " ".join(name for name, a, b in zip(names, old, after[number], strict=True) if a != b)
            for number, old in self._before.items()
            if old != after[number]
        }


class _Failures(logging.Handler):
    """Keeps what the hotline logs as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.seen: list[str] = []
        self.logger = logging.Logger("walk", logging.ERROR)  # noqa: LOG001 (of this walk alone)
        self.logger.addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(record.getMessage())


def answers_at(place: Place) -> list[str]:
    """Everything that is tried at a place; where something has failed before, not every kind of failure."""
    prompt, accepted, rounds, failures = place
    changes_pin = any(question == "card-enter-last-8" for question, _ in accepted)
    answers = [*PIN_CHANGE_IDS, *WRONG] if prompt == "id-enter" and changes_pin else ANSWERS[prompt]
    if rounds or failures:
        answers = [answer for answer in answers if answer not in WRONG[2:]]
    return [*answers, HANG_UP]


def place_of(trace: list[tuple[tuple[str, ...], str]]) -> Place:
    """Where a walk stands, without how it got there."""
    accepted: list[tuple[str, str]] = []
    rounds: dict[str, int] = {}
    failures = 0
    before = None
    for files, answer in trace:
        prompt = files[-1]
        failed_round = next((FAILED_ROUND[name] for name in files if name in FAILED_ROUND), None)
        if FAILED_ENTRY & set(files):
            failures += 1
        else:
            failures = 0
            if failed_round:
                rounds[failed_round] = rounds.get(failed_round, 0) + 1
                asked = [question for question, _ in accepted]
                accepted = accepted[: asked.index(failed_round)] if failed_round in asked else accepted
            elif before:
                accepted.append(before)
        if prompt in MENUS:
            who = [entry for entry in accepted if entry[0] == "id-enter"]
            accepted = who if MENUS[prompt] in (ACCOUNT_MENU, REFERENCE_MENU) else []
            rounds = {}
        if prompt == "pin-enter-new" and "pin-enter-new" not in rounds:  # the way to the permit is forgotten
            accepted = [entry for entry in accepted if entry[0] == "card-enter-last-8"]
            rounds = {}
        if prompt == "loss-confirm":
            accepted = [entry for entry in accepted if entry[0] == "id-enter"]
            rounds = {}
        before = (prompt, answer)
    return (before[0], tuple(accepted), tuple(rounds.items()), failures)


def said_goodbye_or_got_an_operator(walked: Walked) -> bool:
    """The end of every call that the caller did not end."""
    last = walked.line.said[-1]
    return (walked.line.outcome, last) in (
        (Outcome.GOODBYE, "goodbye"),
        (Outcome.OPERATOR, "operator-connecting"),
    )
