"""The telephone in the terminal, used as a person would."""

import os
import subprocess
import sys
import time
from decimal import Decimal
from pathlib import Path

import pytest

from agi import phone
from agi.asterisk_simulator import Question
from sounds import library, numbers
from tests.support.agi.people import ANNA

ROOT = Path(__file__).parents[2]


class Terminal:
    """Types lines and reads what the phone prints."""

    def __init__(self, port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "agi", "phone"],  # buffered, as in a pipe: what is not flushed is not read
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=os.environ | {"HOTLINE_AGI_PORT": str(port)},
        )

    def types(self, line: str) -> None:
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def reads(self, text: str) -> None:
        seen = []
        for line in self.process.stdout:
            seen.append(line)
            if text in line:
                return
        raise AssertionError(f"{text!r} not in {seen}")


@pytest.fixture
def terminal(new_caller, server_thread):
    terminal = Terminal(server_thread.address[1])
    yield terminal
    terminal.process.kill()
    terminal.process.communicate()


def test_a_call_from_the_terminal_reads_as_it_is_heard(terminal):
    terminal.reads(phone.HELP)
    terminal.reads(library.words("welcome"))
    terminal.reads(library.words("main-menu"))
    terminal.types("31")
    terminal.reads(library.words("id-enter").partition("。")[0])
    terminal.types(ANNA.id_number + "#")
    terminal.reads(library.words("pin-enter"))
    terminal.types("123456")
    terminal.reads(library.words("pin-is-default"))
    terminal.types("1")
    terminal.reads("一千二百三十四元五角六分")
    terminal.types("!")
    terminal.reads("you hung up")
    assert terminal.process.wait(5) == 0


def test_the_end_of_a_call_is_told(terminal):
    for answer in ("no-match", "no-match", "goodbye"):
        terminal.types("9")
        terminal.reads(library.words(answer))
    terminal.reads("the hotline hung up")


@pytest.fixture
def types(monkeypatch):
    """types("12\n") is somebody at the keyboard."""
    read, write = os.pipe()
    with os.fdopen(read) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        yield lambda text: os.write(write, text.encode())
    os.close(write)


def test_keys_wait_until_they_are_asked_for_and_can_be_forgotten(types):
    keypad = phone.Keypad()
    assert keypad.next_key(0.01) is None
    types("12 *\n")
    assert [keypad.next_key(0) for _ in range(2)] == [None, None], "who waits for nothing looks at nothing"
    assert [keypad.next_key(1) for _ in range(3)] == ["1", "2", "*"]
    types("3a#\n")
    assert keypad.next_key(1) == "3"
    keypad.forget()
    assert keypad.next_key(0.01) is None


def test_what_is_no_key_is_told_and_an_exclamation_mark_hangs_up(types, capsys):
    keypad = phone.Keypad()
    types("x1\n")
    assert keypad.next_key(1) == "1"
    assert capsys.readouterr().out == f"There is no key 'X'. {phone.HELP}\n"
    types("1!\n")
    with pytest.raises(phone.HangUp):
        keypad.next_key(1)


def test_who_reads_instead_of_hearing_has_more_time_from_three_seconds_on(types, monkeypatch, capsys):
    monkeypatch.setattr(phone, "PATIENT_SECONDS", 0)
    began = time.monotonic()
    assert phone.Keypad().next_key(3) is None
    assert time.monotonic() - began < 2
    for seconds, shown in ((3, "> "), (2.9, "")):
        phone._prompt(Question(["pin-enter"], 6, seconds, False, 0))
        assert capsys.readouterr().out == shown


def test_a_number_is_read_within_its_sentence(capsys):
    phone.say(["medical-balance-is", *numbers.amount(Decimal("8605.30")), "goodbye"])
    assert capsys.readouterr().out == "您的医疗卡余额是八千六百零五元三角。\n感谢您的来电，再见。\n"
