"""Every branch of every flow: no dead end, no endless loop, nothing changed unconfirmed (R30, R42, R45)."""

import shutil
from dataclasses import dataclass, field, fields

import pytest

from agi.call import MOST_QUESTIONS
from agi.line import Operator, Outcome
from core.context import CoreContext, open_context
from tests.support.agi.explorer import ANSWERS, NEW_PINS, Explorer, Walked, said_goodbye_or_got_an_operator
from tests.support.agi.people import ANNA, BERT, NEW_PIN, OWN_PIN, UNIT
from tests.support.agi.scripted import HANG_UP
from tests.support.agi.servers import settings_for


@pytest.fixture(scope="module")
def explorer(town, tmp_path_factory) -> Explorer:
    path = tmp_path_factory.mktemp("explorer") / "hotline.db"
    shutil.copy(town, path)
    return Explorer(open_context(settings_for(path)), town)


@pytest.fixture(scope="module")
def walks(explorer) -> list[Walked]:
    return list(explorer.everywhere())


def test_every_question_was_reached_and_every_answer_tried(walks):
    asked = {walked.place[0] for walked in walks if walked.place}
    assert asked == set(ANSWERS)
    assert len({walked.place for walked in walks if walked.place}) > 200


def test_no_walk_meets_a_fault(walks):
    assert [walked.failures for walked in walks if walked.failures] == []


def test_every_ending_said_goodbye_or_got_an_operator(walks):
    ended = [walked for walked in walks if walked.place is None]
    assert any(walked.hung_up for walked in ended)
    for walked in ended:
        assert walked.hung_up or said_goodbye_or_got_an_operator(walked), walked.answers
        assert not (walked.hung_up and walked.line.outcome), walked.answers


def test_r42_failures_end_at_three(walks):
    for walked in walks:
        if walked.place:
            *_, rounds, failures = walked.place
            assert failures < 3 and all(number < 3 for _, number in rounds), walked.answers


def test_r30_nothing_changes_without_its_confirmation(walks):
    changes = set()
    for walked in walks:
        confirmed = any(files[-1] == "loss-confirm" and key == "1" for files, key in walked.line.trace)
        for what in walked.changed.values():
            changes.add(what)
            if what == "PIN":
                assert "pin-changed" in walked.line.said
                entries = [key for _, key in walked.line.trace if key in NEW_PINS]
                assert entries[-2] == entries[-1]
            else:
                assert confirmed
        assert len(walked.changed) <= 1
        assert not ({"pin-changed", "loss-reported"} & set(walked.line.said) and not walked.changed)
    assert changes == {"PIN", "state report", "report"}


def test_r45_hanging_up_leaves_what_was_there_before(walks):
    before = {walked.answers: walked.changed for walked in walks}
    for walked in walks:
        if walked.hung_up:
            assert walked.changed == before.get(walked.answers[:-1], {})


@pytest.mark.parametrize("operator", [Operator.CLOSED, Operator.OPEN, Operator.UNSTAFFED])
@pytest.mark.parametrize("habit", ["", "#", "*", "0", "1", "9", "1" * 40])
def test_no_habit_of_a_caller_keeps_a_call_for_ever(explorer, walks, habit, operator):
    """From the start of each kind of question on, whatever the caller does for ever ends the call."""
    starts = {walked.place[0]: walked.answers for walked in walks if walked.place}
    for answers in starts.values():
        walked = explorer.walk(answers, then=habit, operator=operator)
        assert said_goodbye_or_got_an_operator(walked), answers
        assert len(walked.line.asked) <= MOST_QUESTIONS
        assert walked.failures == []
        if operator is not Operator.OPEN:
            assert walked.line.outcome is Outcome.GOODBYE
    assert HANG_UP not in starts


@dataclass(frozen=True)
class FailingContext(CoreContext):
    """A core whose database is gone from the n-th operation on."""

    lasts: list[int] = field(default_factory=list)

    def transaction(self):
        self._wear_out()
        return super().transaction()

    def autocommit(self):
        self._wear_out()
        return super().autocommit()

    def _wear_out(self):
        self.lasts[0] -= 1
        if self.lasts[0] < 0:
            raise RuntimeError("500***********001X 583921")


@pytest.mark.parametrize(
    "answers",
    [
        ("3", "1", ANNA.id_keys + "#", "123456#", "1", "2", "3"),
        ("3", "2", ANNA.personal_number + "#", "3", ANNA.personal_number + "#", "4", UNIT + "#"),
        ("5", "1", ANNA.suffix_keys + "#", "123456#", ANNA.id_keys + "#", NEW_PIN + "#", NEW_PIN + "#"),
        ("5", "2", BERT.id_keys + "#", OWN_PIN + "#", "1", "*"),
    ],
)
@pytest.mark.parametrize("operator", [Operator.CLOSED, Operator.OPEN])
def test_r45_a_database_that_goes_away_anywhere_is_apologised_for(explorer, answers, operator):
    """At whichever step: an apology, then the operator or a goodbye, and nothing half done."""
    parts = {part.name: getattr(explorer.context, part.name) for part in fields(CoreContext)}
    whole = explorer.walk(answers).changed
    for lasts in range(20):
        walked = explorer.walk(answers, operator=operator, context=FailingContext(**parts, lasts=[lasts]))
        if walked.place:
            assert lasts > 2
            return
        assert walked.line.said[-2] == "system-busy" and said_goodbye_or_got_an_operator(walked)
        assert len(walked.failures) == 1 and "RuntimeError" in walked.failures[0]
        assert "583921" not in walked.failures[0]
        assert walked.changed in ({}, whole)
        assert not {"pin-changed", "loss-reported"} & set(walked.line.said)
    raise AssertionError("the core never lasted")
