"""The manners of a call (R41–R43), on a line without a telephone."""

import logging
import time

import gevent
import pytest

from agi.call import MOST_QUESTIONS, Call, CallLimits, CallTooLong, GaveUp, Stopping
from agi.jobs import TooSlow
from agi.line import End, Heard, HungUp, Operator, Outcome
from agi.workers import Workers
from tests.support.agi.scripted import HANG_UP, InlineWorkers, ScriptedLine

log = logging.getLogger("test")


SILENCE = Heard("", End.QUIET)


class Malformed(Exception):
    pass


def a_call(*presses: str, **more) -> tuple[Call, ScriptedLine]:
    line = ScriptedLine(*presses)
    return Call(line, InlineWorkers(), log, **more), line


def ask_pin(*presses: str) -> tuple[str, list[str]]:
    call, line = a_call(*presses)
    return call.ask("pin-enter", keys=6), line.said


# Menus


def test_r42_announcements_and_the_next_question_are_one_command():
    call, line = a_call("1")
    call.play("welcome")
    call.play("medical-balance-is", "number")
    assert call.menu("account-menu", "12") == "1"
    assert [asked.files for asked in line.asked] == [("welcome", "medical-balance-is", "number", "account-menu")]


def test_r41_hash_says_again_what_was_said_and_star_goes_up():
    call, line = a_call("#", "7", "#", "*")
    call.play("medical-balance-is", "number")
    assert call.menu("account-menu", "12") == "*"
    whole = ("medical-balance-is", "number", "account-menu")
    assert [asked.files for asked in line.asked] == [whole, whole, ("no-match", "account-menu"), whole]


def test_r42_three_failures_at_one_question_end_it():
    call, line = a_call("", "9", "A")
    with pytest.raises(GaveUp):
        call.menu("main-menu", "35")
    assert line.said == ["main-menu", "no-input", "main-menu", "no-match", "main-menu"]


def test_r42_keys_pressed_ahead_are_kept():
    call, _line = a_call("31123456#")
    assert call.menu("main-menu", "3") == "3"
    assert call.menu("enquiry-menu", "1") == "1"
    assert call.ask("pin-enter", keys=6) == "123456"


# Entries


@pytest.mark.parametrize("presses", [("123456#",), ("123456",), ("12*123456#",), ("12*12", "*123456#")])
def test_r41_a_number_of_known_length(presses):
    assert ask_pin(*presses)[0] == "123456"


def test_r41_star_clears_and_what_follows_is_the_new_entry():
    # 6 keys with a star among them: the entry has room for more
    assert ask_pin("12*456", "789#")[0] == "456789"
    assert ask_pin("*123456#")[0] == "123456"
    assert ask_pin("*123456")[0] == "123456"


def test_r41_a_cleared_entry_is_asked_for_again_without_counting():
    entry, said = ask_pin("12*", "123456#")
    assert entry == "123456"
    assert said == ["pin-enter", "entry-cleared"]


@pytest.mark.parametrize(
    ("presses", "answer"),
    [
        ("", "no-input"),
        ("#", "entry-empty"),
        ("123", "entry-incomplete"),
        ("123#", "entry-incomplete"),
        ("12A456#", "entry-wrong-key"),
        ("1234567#", "entry-too-long"),
        ("1" * 40, "entry-too-long"),
        ("1" * 40 + "#", "entry-too-long"),
    ],
)
def test_r42_what_is_wrong_is_told_apart(presses, answer):
    entry, said = ask_pin(presses, "123456#")
    assert (entry, said) == ("123456", ["pin-enter", answer, "pin-enter"])


def test_forty_digits_are_one_wrong_entry():
    call, line = a_call("1" * 40, "", "", "")
    with pytest.raises(GaveUp):
        call.ask("pin-enter", keys=6)
    assert line.said.count("entry-too-long") == 1


def ask_id(*presses: str) -> tuple[str, list[str]]:
    def parse(text: str) -> str:
        if "X" in text[:-1]:
            raise Malformed
        return text

    call, line = a_call(*presses)
    entry = call.ask(
        "id-enter",
        keys=18,
        star_is_x=True,
        parse=parse,
        malformed=Malformed,
        malformed_prompt="id-malformed",
        length_prompts={15: "id-fifteen-digits"},
    )
    return entry, line.said


def test_r41_star_is_x_where_the_number_can_hold_one():
    assert ask_id("5" * 17 + "*#")[0] == "5" * 17 + "X"
    _entry, said = ask_id("5" * 10 + "*" + "5" * 7 + "#", "5" * 18)
    assert said == ["id-enter", "id-malformed", "id-enter"]


@pytest.mark.parametrize("presses", ["5" * 15, "5" * 15 + "#"])
def test_an_old_id_number_gets_words_of_its_own(presses):
    assert ask_id(presses, "5" * 18)[1] == ["id-enter", "id-fifteen-digits", "id-enter"]


def test_a_number_of_unknown_length_needs_its_hash():
    call, line = a_call("12345", "12345#")
    assert call.ask("unit-number-enter", up_to=20) == "12345"
    assert line.said == ["unit-number-enter", "entry-no-hash", "unit-number-enter"]


def test_a_number_of_unknown_length_may_not_be_longer_than_the_longest():
    call, line = a_call("1" * 25 + "#", "1" * 20 + "#")
    assert call.ask("unit-number-enter", up_to=20) == "1" * 20
    assert line.said[1] == "entry-too-long"


def test_r42_three_wrong_entries_end_the_question():
    call, _ = a_call("#", "12#", "")
    with pytest.raises(GaveUp):
        call.ask("pin-enter", keys=6)


# Confirmations


@pytest.mark.parametrize(("key", "confirmed"), [("1", True), ("2", False), ("#", False), ("", False)])
def test_r30_only_the_confirmation_key_confirms(key, confirmed):
    call, _ = a_call(key)
    assert call.confirm("loss-confirm") is confirmed


def test_r42_a_key_pressed_ahead_never_confirms():
    call, line = a_call("123456#1111", "", "")
    call.ask("pin-enter", keys=6)
    call.during("checking", lambda: None)
    assert call.confirm("loss-confirm") is False
    assert line.asked[-1].fresh


def test_an_announcement_before_a_confirmation_is_no_part_of_its_question():
    call, line = a_call("1")
    call.play("pin-is-default")
    assert call.confirm("loss-confirm") is True
    assert line.asked[-1].files == ("loss-confirm",)
    assert "pin-is-default" in line.said


# Work


def test_keys_pressed_while_work_is_done_are_kept():
    call, line = a_call("123456#1")
    call.ask("pin-enter", keys=6)
    assert call.during("checking", lambda: 7) == 7
    assert call.menu("account-menu", "1") == "1"
    assert line.said == ["pin-enter", "checking"]


def test_keys_pressed_ahead_are_dropped_when_the_work_is_refused():
    def refuse():
        raise Malformed

    call, _line = a_call("123456#1", "2")
    call.ask("pin-enter", keys=6)
    with pytest.raises(Malformed):
        call.during("checking", refuse)
    assert call.menu("account-menu", "12") == "2"


def test_until_right_says_why_and_ends():
    errors = []

    def step():
        errors.append(1)
        raise Malformed

    call, _line = a_call()
    with pytest.raises(GaveUp):
        call.retry(step, again={Malformed: "id-malformed"})
    assert len(errors) == 3


def test_r45_work_that_hangs_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr("agi.workers.PATIENCE", 0.2)
    workers = Workers(quick=1, heavy=1)
    line = ScriptedLine()
    monkeypatch.setattr(line, "ask", lambda *_, **__: gevent.sleep(0.1) or Heard("", End.QUIET))
    call = Call(line, workers, log)
    began = time.monotonic()
    for way in (lambda work: call.during("checking", work), call.work):
        with pytest.raises(TooSlow):
            way(lambda: time.sleep(1.2))
    assert time.monotonic() - began < 1.2


def test_work_that_takes_long_is_announced_again_but_not_at_every_look(monkeypatch):
    monkeypatch.setattr("agi.workers.PATIENCE", 60)
    monkeypatch.setattr("agi.call.REPEAT_AFTER_SECONDS", 0.5)
    line, said = ScriptedLine(), []
    monkeypatch.setattr(line, "ask", lambda files, *_, **__: said.append([*files]) or gevent.sleep(0.1) or SILENCE)
    Call(line, Workers(quick=1, heavy=1), log).during("checking", lambda: time.sleep(1.5))
    spoken = [files for files in said if files]
    assert spoken == [["checking"]] * len(spoken) and said[0] == ["checking"]
    assert 1 < len(spoken) < len(said)


def test_work_that_is_over_in_no_time_is_not_announced():
    call, line = a_call()
    assert call.work(lambda: 7) == 7 and line.asked == []


def test_work_that_nobody_waits_for_any_more_never_begins(monkeypatch):
    monkeypatch.setattr("agi.workers.PATIENCE", 0.1)
    workers = Workers(quick=1, heavy=1)
    done = []
    first = workers.heavy(lambda: time.sleep(0.4))
    call = Call(ScriptedLine(HANG_UP), workers, log)
    second = workers.heavy(lambda: done.append("second"))
    second.give_up()
    third = workers.heavy(lambda: done.append("third"))
    assert third.wait(2) and first.wait(0)
    assert done == ["third"]
    assert call.work(lambda: 5) == 5


def test_an_error_in_a_thread_is_not_printed(capfd):
    def fail():
        raise Malformed("500***********001X")

    with pytest.raises(Malformed):
        Call(ScriptedLine(), Workers(), log).work(fail)
    assert capfd.readouterr().err == ""


# Ends


def test_a_call_has_an_end_however_the_caller_behaves():
    call, line = a_call(*["#"] * 10_000)
    with pytest.raises(CallTooLong):
        call.menu("main-menu", "3")
    assert len(line.asked) == MOST_QUESTIONS


def test_a_call_has_an_end_however_long_the_caller_waits():
    call, line = a_call("3", manners=CallLimits(call_seconds=0))
    with pytest.raises(CallTooLong):
        call.menu("main-menu", "3")
    assert line.asked == []


def test_a_stopping_server_ends_the_call_at_its_next_question():
    call, _ = a_call("3", stopping=lambda: True)
    with pytest.raises(Stopping):
        call.menu("main-menu", "3")


def test_the_last_words_follow_what_was_not_said_yet():
    call, line = a_call()
    call.play("pin-unchanged")
    call.end(Outcome.GOODBYE, "goodbye")
    assert line.said == ["pin-unchanged", "goodbye"]
    assert line.outcome is Outcome.GOODBYE


def test_a_hang_up_is_never_swallowed():
    call, _ = a_call(HANG_UP)
    with pytest.raises(HungUp):
        call.retry(lambda: call.ask("pin-enter", keys=6), again={Malformed: "id-malformed"})
    assert call.operator_status() is Operator.CLOSED
