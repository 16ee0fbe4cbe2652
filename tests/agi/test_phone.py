"""The telephone in the terminal, used as a person would."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from agi import phone
from sounds import library, numbers
from tests.support.agi.people import ANNA

ROOT = Path(__file__).parents[2]


class Terminal:
    """Types lines and reads what the phone prints."""

    def __init__(self, port: int) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-m", "agi", "phone"],
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


def test_a_number_is_read_within_its_sentence(capsys):
    phone.say(["medical-balance-is", *numbers.amount(Decimal("8605.30")), "goodbye"])
    assert capsys.readouterr().out == "您的医疗卡余额是八千六百零五元三角。\n感谢您的来电，再见。\n"
