"""Asterisk's side of a call: FastAGI over a socket, with pyst2 for the commands.

The only module that imports pyst2. Its `AGI` class is kept for the commands and their arguments;
transport and parser are this module's, because pyst2 0.5.1 installs a signal handler, writes every
command and answer to stderr, and turns hang-ups, `511` and short `520` answers into wrong errors or
endless loops. What a caller can influence (the environment block, the length of a line, silence on
the socket) is bounded, and a connection that breaks a bound is dropped: the dialplan then says that
the system is busy (R45).
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from asterisk.agi import AGI
from gevent import socket

from agi.line import End, Heard, HungUp, LineFailure, Operator, Outcome

# The whole environment block of Asterisk 20 to 22, in its order. A caller's number or name with a
# line break in it could add lines or end the block early, so nothing but this is accepted.
ENVIRONMENT = tuple(
    "agi_" + key
    for key in (
        "network network_script request channel language type uniqueid version callerid calleridname "
        "callingpres callingani2 callington callingtns dnid rdnis context extension priority enhanced "
        "accountcode threadid"
    ).split()
)
NUMBER_DIALLED = "12333"
LINE_LIMIT = 4_096  # bytes; Asterisk's own lines are far shorter
USAGE_LINES = 60  # lines of a 520 answer; the longest of Asterisk 22 has about 20
COMMAND_LIMIT = 1_000  # bytes; Asterisk splits commands at 8,191 and has crashed on long quoted ones
ENVIRONMENT_SECONDS = 5.0
SPARE_SECONDS = 20.0  # beyond what a command is expected to take before its channel counts as dead
SECONDS_PER_FILE = 30.0  # no prompt is longer
PROMPT_FOLDER = "hotline/"

_UNIQUE_ID = re.compile(r"[A-Za-z0-9._-]{1,80}")
_PHONE_NUMBER = re.compile(r"\+?[0-9]{1,20}")
_PROMPT = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*")
_ANSWER = re.compile(r"200 result=(-?[0-9A-D*#]*)(?: \((.*)\))?(?: .*)?")
_KEYS = re.compile(r"[0-9*A-D]*")


class Refused(Exception):
    """A connection that is not an Asterisk call to the hotline; nothing is said to it."""


class Probe(Refused):
    """Whoever looks whether somebody listens here, such as run.py."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the line, as far as Asterisk knows."""

    call_id: str
    number: str | None


class AsteriskLine(AGI):  # type: ignore[misc]  # pyst2 comes without types
    """A caller's line at an Asterisk, see `agi.line.Line`."""

    def __init__(self, connection: socket.socket) -> None:
        # AGI.__init__ is left out on purpose: it takes over SIGHUP and writes to stderr.
        self._socket = connection
        self._buffer = b""
        self._patience = ENVIRONMENT_SECONDS
        self.caller = self._read_environment()

    # What a call needs (agi.line.Line)

    def ask(
        self, files: Sequence[str], max_keys: int, seconds: float, *, fresh: bool = False, tail: float = 0
    ) -> Heard:
        self._patience = len(files) * SECONDS_PER_FILE + (max_keys + 1) * seconds + tail + SPARE_SECONDS
        arguments = f"{_paths(files)},{max_keys},{seconds:g},{fresh:d},{tail:g}"
        self.execute("GOSUB", "hotline-ask", "s", "1", self._quote(arguments))
        values = self._variable("${KEYS_STATUS}|${TAIL_STATUS}|${KEYS}|${TAIL_KEY}").split("|")
        if len(values) != 4:
            raise LineFailure("the dialplan's answer to a question is malformed")
        return _heard(*values, max_keys=max_keys, tail=tail)

    def play(self, files: Sequence[str]) -> None:
        self._patience = len(files) * SECONDS_PER_FILE + SPARE_SECONDS
        self.execute("EXEC", "Playback", self._quote(_paths(files)))

    def operator_status(self) -> Operator:
        self._patience = SPARE_SECONDS
        self.execute("GOSUB", "hotline-operator", "s", "1")
        try:
            return Operator(self._variable("${OPERATOR_STATUS}"))
        except ValueError:
            raise LineFailure("the dialplan's OPERATOR_STATUS is unknown") from None

    def finish(self, outcome: Outcome) -> None:
        self._patience = SPARE_SECONDS
        self.set_variable("HOTLINE_OUTCOME", outcome.value)

    def _variable(self, expression: str) -> str:
        self._patience = SPARE_SECONDS
        value: str = self.get_full_variable(expression)
        return value

    # What pyst2 gets wrong

    def test_hangup(self) -> None:
        """Asked by pyst2 before each command; a hang-up shows as `HANGUP` in the stream instead."""

    def _quote(self, string: object) -> str:
        """pyst2 escapes nothing, so that a quote in an argument would start another one."""
        return '"' + str(string).replace("\\", "\\\\").replace('"', '\\"') + '"'

    def send_command(self, command: str, *args: object) -> None:
        """Send one command in one write, after what could break it was looked for."""
        self._drain_notices()
        line = " ".join([command.strip(), *map(str, args)]).encode()
        if len(line) > COMMAND_LIMIT or any(byte in line for byte in b"\r\n\0"):
            raise LineFailure(f"a {command} command is too long or holds a line break")
        try:
            self._socket.settimeout(SPARE_SECONDS)
            self._socket.sendall(line + b"\n")
        except OSError:
            raise HungUp from None

    def get_result(self, stdin: object = None) -> dict[str, tuple[str, str]]:
        """Read the answer to a command: pyst2's form, {"result": (value, text in brackets)}."""
        deadline = time.monotonic() + self._patience
        line = self._read_line(deadline)
        if line.startswith("100 "):  # GOSUB says "Trying" at once, and answers when the subroutine is done
            line = self._read_line(deadline)
        if line == "HANGUP" or line.startswith("511"):
            raise HungUp
        if line.startswith("520-"):
            self._skip_usage()
        if not line.startswith("200"):
            raise LineFailure(f"Asterisk answered {line[:3] if line[:3].isdigit() else 'noise'}")
        answer = _ANSWER.fullmatch(line)
        if answer is None:
            raise LineFailure("Asterisk's answer is malformed")
        value, text = answer.group(1), answer.group(2) or ""
        # -1 also stands for a missing sound file; those are looked for at the start (R46), and a
        # channel that still lives is caught by the dialplan, which finds no outcome (R45).
        if value == "-1" or text == "hangup":
            raise HungUp
        if value == "-2":
            raise LineFailure("Asterisk lacks an application")
        return {"result": (value, text)}

    def _skip_usage(self) -> None:
        deadline = time.monotonic() + SPARE_SECONDS
        for _ in range(USAGE_LINES):
            line = self._read_line(deadline)
            if line == "HANGUP":
                raise HungUp
            if line.startswith("520 "):
                raise LineFailure("Asterisk answered '520'")
        raise LineFailure("Asterisk's usage text does not end")

    def _drain_notices(self) -> None:
        """Before a command only `HANGUP` may be waiting; anything else is forged or out of step."""
        try:
            self._socket.settimeout(0)
            self._buffer += self._socket.recv(LINE_LIMIT)
        except (BlockingIOError, TimeoutError):
            if not self._buffer:
                return
        except OSError:
            raise HungUp from None
        if not self._buffer or self._buffer.startswith(b"HANGUP\n"):
            raise HungUp
        raise LineFailure("Asterisk spoke out of turn")

    def _read_line(self, deadline: float) -> str:
        """One line without its end. Raises HungUp at the end of the stream or of our patience."""
        while b"\n" not in self._buffer:
            if len(self._buffer) > LINE_LIMIT:
                raise LineFailure("a line from Asterisk is too long")
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise HungUp
            try:
                self._socket.settimeout(remaining)
                more = self._socket.recv(LINE_LIMIT)
            except OSError:
                raise HungUp from None
            if not more:
                raise HungUp
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        if len(line) > LINE_LIMIT:
            raise LineFailure("a line from Asterisk is too long")
        return line.decode("utf-8", "replace").rstrip("\r")

    def _read_environment(self) -> Caller:
        """Read the block that starts a call and keep the two values of it that are needed."""
        deadline = time.monotonic() + ENVIRONMENT_SECONDS
        found: dict[str, str] = {}
        try:
            for expected in ENVIRONMENT:
                key, colon, value = self._read_line(deadline).partition(":")
                if not found and not key.startswith("agi_"):
                    raise Probe("the first line is not Asterisk's")
                if key != expected or not colon:
                    raise Refused("the environment block has an unknown, repeated or disordered key")
                found[key] = value.strip()
            if self._read_line(deadline):
                raise Refused("the environment block has too many lines")
        except (HungUp, LineFailure):
            raise Refused("the environment block is incomplete") from None
        if found["agi_network_script"] != NUMBER_DIALLED:
            raise Refused("the script asked for is not the hotline")
        if not _UNIQUE_ID.fullmatch(found["agi_uniqueid"]):
            raise Refused("the call's unique id is malformed")
        number = found["agi_callerid"]
        return Caller(found["agi_uniqueid"], number if _PHONE_NUMBER.fullmatch(number) else None)


def _paths(files: Sequence[str]) -> str:
    for name in files:
        if not _PROMPT.fullmatch(name):
            raise LineFailure("a prompt's name is malformed")
    return "&".join(PROMPT_FOLDER + name for name in files)


def _heard(status: str, tail_status: str, keys: str, tail_key: str, *, max_keys: int, tail: float) -> Heard:
    """Tell #, silence, a full entry and one key too many apart, from what the dialplan's Reads set."""
    if "HANGUP" in (status, tail_status):
        raise HungUp
    if not _KEYS.fullmatch(keys) or not _KEYS.fullmatch(tail_key):
        raise LineFailure("the dialplan's answer holds more than keys")
    if status == "TIMEOUT":
        return Heard(keys, End.QUIET)
    if status != "OK":
        raise LineFailure(f"a question ended with {status if status.isalpha() else 'noise'}")
    if len(keys) < max_keys:
        return Heard(keys, End.HASH)
    if tail and tail_status == "OK":
        return Heard(keys + tail_key, End.OVER) if tail_key else Heard(keys, End.HASH)
    return Heard(keys, End.FULL)
