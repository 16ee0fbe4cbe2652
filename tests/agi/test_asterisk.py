"""What Asterisk and callers can put on the wire, and what becomes of it.

Each of pyst2 0.5.1's defects that agi/asterisk.py mends has its test here.
"""

import signal

import pytest
from gevent import socket

from agi.asterisk import COMMAND_LIMIT, ENVIRONMENT, LINE_LIMIT, SPARE_SECONDS, AsteriskLine, Refused
from agi.line import End, Heard, HungUp, LineFailure, Operator, Outcome

VALUES = {"agi_network_script": "12333", "agi_uniqueid": "1700000000.7", "agi_callerid": "02363000000"}


def environment(**changes: str) -> str:
    values = VALUES | {f"agi_{key}": value for key, value in changes.items()}
    return "".join(f"{key}: {values.get(key, '')}\n" for key in ENVIRONMENT) + "\n"


class Wire:
    """A line with its Asterisk: what Asterisk says is written ahead, what it got can be read."""

    def __init__(self, opening: str = "") -> None:
        self.near, self.far = socket.socketpair()
        self.far.sendall((opening or environment()).encode())
        self.line = AsteriskLine(self.near)

    def answers(self, *lines: str | bytes) -> "Wire":
        """Let the server send its command, then answer: one answer a command."""
        self.replies = list(lines)
        real = self.near.sendall

        def sendall(data: bytes) -> None:
            real(data)
            reply = self.replies.pop(0)
            self.far.sendall(reply.encode() if isinstance(reply, str) else reply)

        self.line._socket = _Tap(self.near, sendall)
        return self

    def commands(self) -> list[str]:
        self.far.settimeout(0.1)
        return self.far.recv(65_536).decode().splitlines()


class _Tap:
    def __init__(self, real, sendall):
        self._real, self.sendall = real, sendall

    def __getattr__(self, name):
        return getattr(self._real, name)


DONE = "100 result=0 Trying...\n200 result=0 Gosub complete\n"


def keys(status: str, tail_status: str = "", keys: str = "", tail: str = "") -> str:
    return f"200 result=1 ({status}|{tail_status}|{keys}|{tail})\n"


# A question's keys


@pytest.mark.parametrize(
    ("answer", "heard"),
    [
        (keys("OK", "", "123456"), Heard("123456", End.FULL)),
        (keys("OK", "TIMEOUT", "123456"), Heard("123456", End.FULL)),
        (keys("OK", "OK", "123456"), Heard("123456", End.HASH)),
        (keys("OK", "OK", "123456", "7"), Heard("1234567", End.OVER)),
        (keys("OK", "", "12"), Heard("12", End.HASH)),
        (keys("OK"), Heard("", End.HASH)),
        (keys("TIMEOUT"), Heard("", End.QUIET)),
        (keys("TIMEOUT", "", "123"), Heard("123", End.QUIET)),
        (keys("OK", "", "12*"), Heard("12*", End.HASH)),
        (keys("OK", "", "1A"), Heard("1A", End.HASH)),
    ],
)
def test_r42_hash_silence_full_and_too_long_are_told_apart(answer, heard):
    wire = Wire().answers(DONE, answer)
    assert wire.line.ask(["pin-enter"], 6, 5, tail=1) == heard


def test_a_question_is_one_subroutine_with_all_its_prompts():
    wire = Wire().answers(DONE, keys("TIMEOUT"))
    wire.line.ask(["welcome", "main-menu"], 1, 5, fresh=True)
    assert wire.commands() == [
        'GOSUB hotline-ask s 1 "hotline/welcome&hotline/main-menu,1,5,1,0"',
        'GET FULL VARIABLE "${KEYS_STATUS}|${TAIL_STATUS}|${KEYS}|${TAIL_KEY}"',
    ]


@pytest.mark.parametrize("status", ["ERROR", "INTERRUPTED", "SKIPPED", "", "x 4"])
def test_a_read_that_failed_is_a_failure_of_the_line(status):
    with pytest.raises(LineFailure):
        Wire().answers(DONE, keys(status)).line.ask([], 1, 5)


@pytest.mark.parametrize("answer", ["200 result=1 (OK)\n", "200 result=0\n", keys("OK", "", "1;2")])
def test_keys_that_are_none_are_a_failure_of_the_line(answer):
    with pytest.raises(LineFailure):
        Wire().answers(DONE, answer).line.ask([], 6, 5)


@pytest.mark.parametrize("status", [("HANGUP", ""), ("OK", "HANGUP")])
def test_a_hang_up_while_keys_are_read(status):
    with pytest.raises(HungUp):
        Wire().answers(DONE, keys(*status, "123456")).line.ask([], 6, 5, tail=1)


# Answers


@pytest.mark.parametrize(
    "answer",
    ["200 result=-1\n", "200 result=-1\nHANGUP\n", "HANGUP\n", "511 Command Not Permitted\n"],
)
def test_every_form_of_a_hang_up(answer):
    with pytest.raises(HungUp):
        Wire().answers(answer).line.play(["goodbye"])


@pytest.mark.parametrize(
    "answer",
    [
        "510 Invalid or unknown command\n",
        "520 Invalid command syntax.  Proper usage not available.\n",
        "520-Invalid command syntax.  Proper usage follows:\n Usage: X\n\n520 End of proper usage.\n",
        "520-" + "x\n" * 200,
        "200 result=-2\n",
        "200 resul\n",
        "503 result=-2 Memory allocation failure\n",
        b"\xff\xfe noise \x80\n",
        "0" * (2 * LINE_LIMIT) + "\n",
        "1" * (3 * LINE_LIMIT),
        "\n",
    ],
)
def test_every_form_of_a_failure(answer):
    with pytest.raises(LineFailure):
        Wire().answers(answer).line.play(["goodbye"])


def test_a_hang_up_after_a_subroutine_has_begun():
    with pytest.raises(HungUp):
        Wire().answers("100 result=0 Trying...\nHANGUP\n").line.operator_status()


def test_the_end_of_the_stream_is_a_hang_up():
    wire = Wire()
    wire.far.close()
    with pytest.raises(HungUp):
        wire.line.play(["goodbye"])


def test_the_end_of_the_stream_in_mid_usage_ends_too():
    wire = Wire().answers("520-Invalid command syntax.\n")
    wire.far.shutdown(socket.SHUT_WR)
    wire.line._buffer = b""
    with pytest.raises(HungUp):
        wire.line.play(["goodbye"])


def test_a_hang_up_that_comes_before_the_command():
    wire = Wire()
    wire.far.sendall(b"HANGUP\n")
    with pytest.raises(HungUp):
        wire.line.play(["goodbye"])


def test_an_answer_that_nobody_asked_for_is_refused():
    wire = Wire()
    wire.far.sendall(b"200 result=1 (OK||1|)\n")
    with pytest.raises(LineFailure):
        wire.line.play(["goodbye"])


def test_a_silent_asterisk_is_given_up(monkeypatch):
    monkeypatch.setattr("agi.asterisk.SPARE_SECONDS", 0.05)
    monkeypatch.setattr("agi.asterisk.SECONDS_PER_FILE", 0.05)
    with pytest.raises(HungUp):
        Wire().line.play(["goodbye"])


def waited_for(wire: Wire, *replies: str) -> list[float]:
    """How long each answer is waited for that comes from now on, in whole seconds."""
    wire.answers(*replies)
    tap, waited = wire.line._socket, []

    def settimeout(seconds: float) -> None:
        waited.append(round(seconds))
        wire.near.settimeout(seconds)

    tap.settimeout = settimeout
    return waited


@pytest.mark.parametrize(
    ("does", "replies", "seconds"),
    [
        # Two prompts of half a minute, seven times five seconds, the # that may follow, and some to spare.
        (lambda line: line.ask(["welcome", "pin-enter"], 6, 5, tail=1), (DONE, keys("TIMEOUT")), [116, 20]),
        (lambda line: line.ask([], 1, 5), (DONE, keys("TIMEOUT")), [30, 20]),
        (lambda line: line.play(["welcome", "goodbye"]), ("200 result=0\n",), [80]),
        (lambda line: line.operator_status(), (DONE, "200 result=1 (open)\n"), [20, 20]),
        (lambda line: line.finish(Outcome.GOODBYE), ("200 result=1\n",), [20]),
    ],
)
def test_an_answer_is_waited_for_as_long_as_the_command_takes_and_some_to_spare(does, replies, seconds):
    wire = Wire()
    waited = waited_for(wire, *replies)
    does(wire.line)
    sending, looking = SPARE_SECONDS, 0
    assert waited == [each for second in seconds for each in (looking, sending, second)]


def test_a_timeout_beside_an_empty_result_is_kept():
    wire = Wire().answers("200 result= (timeout)\n", "200 result=12* (timeout)\n")
    assert wire.line.execute("GET DATA", "x")["result"] == ("", "timeout")
    assert wire.line.execute("GET DATA", "x")["result"] == ("12*", "timeout")


def test_an_answer_in_two_pieces_and_invalid_text():
    wire = Wire().answers(b"200 result=1 (a) \xff (b)\n")
    assert wire.line.get_full_variable("${X}") == "a) \ufffd (b"


# Commands


def test_quotes_and_backslashes_stay_inside_their_argument():
    wire = Wire().answers("200 result=1\n")
    wire.line.set_variable("NAME", 'a" "b\\')
    assert wire.commands() == ['SET VARIABLE "NAME" "a\\" \\"b\\\\"']


@pytest.mark.parametrize("text", ["a\nHANGUP", "a\rb", "a\0b", "x" * COMMAND_LIMIT])
def test_nothing_that_breaks_a_command_is_sent(text):
    wire = Wire()
    with pytest.raises(LineFailure):
        wire.line.set_variable("NAME", text)
    with pytest.raises(TimeoutError):
        wire.commands()


def test_a_command_may_be_as_long_as_the_limit():
    wire = Wire().answers("200 result=1\n")
    wire.line.set_variable("NAME", "x" * (COMMAND_LIMIT - len('SET VARIABLE "NAME" ""')))
    assert len(wire.commands()[0]) == COMMAND_LIMIT


@pytest.mark.parametrize("name", ["a,b", "../secret", "a&b", "${X}", ""])
def test_only_names_of_prompts_are_played(name):
    with pytest.raises(LineFailure):
        Wire().line.play([name])


def test_the_operator_and_the_outcome():
    wire = Wire().answers(DONE, "200 result=1 (unstaffed)\n", "200 result=1\n")
    assert wire.line.operator_status() is Operator.UNSTAFFED
    wire.line.finish(Outcome.GOODBYE)
    assert wire.commands()[-1] == 'SET VARIABLE "HOTLINE_OUTCOME" "goodbye"'


def test_an_unknown_operator_status_is_a_failure():
    with pytest.raises(LineFailure):
        Wire().answers(DONE, "200 result=0\n").line.operator_status()


# The environment block


def test_the_caller_is_read_from_the_environment():
    caller = Wire().line.caller
    assert (caller.call_id, caller.number) == ("1700000000.7", "02363000000")


def test_a_line_may_be_as_long_as_the_limit_and_no_longer():
    longest = LINE_LIMIT - len("agi_calleridname: ")
    assert Wire(environment(calleridname="x" * longest)).line.caller.call_id
    with pytest.raises(Refused):
        Wire(environment(calleridname="x" * (longest + 1)))


@pytest.mark.parametrize("number", ["unknown", "", "anonymous", "0" * 40, "12 34"])
def test_r5_a_caller_without_a_number_has_none(number):
    assert Wire(environment(callerid=number)).line.caller.number is None


@pytest.mark.parametrize(
    "opening",
    [
        environment(calleridname="x\nagi_uniqueid: 1.1"),
        environment(calleridname="x\nagi_extra: 1"),
        environment(calleridname="x\n\n200 result=1 (OK||1|)"),
        environment(network_script="12333\nagi_network_script: 12333"),
        environment(network_script="12334"),
        environment(uniqueid="1 2"),
        environment(uniqueid=""),
        environment(calleridname="x" * (2 * LINE_LIMIT)),
        environment()[:-1] + "agi_arg_1: x\n\n",
        "agi_network: yes\n\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        "\n",
    ],
)
def test_a_forged_environment_drops_the_call(opening):
    with pytest.raises(Refused):
        Wire(opening)


def test_a_silent_or_slow_peer_is_dropped(monkeypatch):
    monkeypatch.setattr("agi.asterisk.ENVIRONMENT_SECONDS", 0.05)
    with pytest.raises(Refused):
        Wire("agi_network: yes\n")


# What pyst2 does to its process


def test_nothing_is_written_to_stderr_and_no_signal_is_taken(capfd):
    before = signal.getsignal(signal.SIGHUP)
    Wire().answers(DONE, keys("OK", "", "123456")).line.ask(["pin-enter"], 6, 5)
    assert signal.getsignal(signal.SIGHUP) == before
    assert capfd.readouterr() == ("", "")
