"""Asterisk's side of FastAGI, for a telephone in the terminal and for the tests.

It does what the dialplan does for the server: `hotline-ask`, `hotline-operator`, Playback and the
channel variables.
"""

from __future__ import annotations

import re
import shlex
import socket
from collections.abc import Callable
from typing import NamedTuple

from agi.asterisk import ENVIRONMENT, NUMBER_DIALLED, PROMPT_FOLDER


class Question(NamedTuple):
    """The server asks for keys."""

    files: list[str]
    max_keys: int
    seconds: float
    fresh: bool
    tail: float


class Announcement(NamedTuple):
    """The server plays something and listens for nothing."""

    files: list[str]


NextKey = Callable[[float], "str | None"]  # the next key within so many seconds, if any


class Exchange:
    """One call to a FastAGI server, as Asterisk would hold it."""

    def __init__(self, host: str, port: int, *, operator_status: str = "closed", timeout: float = 30) -> None:
        self._socket = socket.create_connection((host, port), timeout)
        self._stream = self._socket.makefile("r", encoding="utf-8", newline="\n")
        self._variables: dict[str, str] = {"OPERATOR_STATUS": ""}
        self.operator_status = operator_status
        self.longest_command = 0

    @property
    def outcome(self) -> str | None:
        """Where the caller goes from here, once the server has said so."""
        return self._variables.get("HOTLINE_OUTCOME")

    def dial(self, caller_number: str, unique_id: str) -> None:
        """Open the call with the block of lines that Asterisk sends."""
        values = {
            "agi_network": "yes",
            "agi_network_script": NUMBER_DIALLED,
            "agi_request": f"agi://localhost/{NUMBER_DIALLED}",
            "agi_channel": "PJSIP/phone-00000001",
            "agi_language": "zh",
            "agi_type": "PJSIP",
            "agi_uniqueid": unique_id,
            "agi_version": "22",
            "agi_callerid": caller_number,
            "agi_extension": NUMBER_DIALLED,
        }
        self.send("".join(f"{key}: {values.get(key, '')}\n" for key in ENVIRONMENT) + "\n")

    def next_event(self) -> Question | Announcement | None:
        """What the server does next; None when it is done with the call."""
        while True:
            try:
                command = self._stream.readline()
            except ConnectionResetError:
                command = ""
            if not command:
                return None
            self.longest_command = max(self.longest_command, len(command.encode()))
            words = shlex.split(command)
            match [word.upper() for word in words[:2]]:
                case ["GOSUB", "HOTLINE-ASK"]:
                    return _question(words[4])
                case ["GOSUB", "HOTLINE-OPERATOR"]:
                    self._variables["OPERATOR_STATUS"] = self.operator_status
                    self.send("100 result=0 Trying...\n200 result=0 Gosub complete\n")
                case ["EXEC", "PLAYBACK"]:
                    return Announcement(_names(words[2]))
                case ["GET", "FULL"]:
                    value = re.sub(r"\$\{(\w+)\}", lambda name: self._variables.get(name[1], ""), words[3])
                    self.send(f"200 result=1 ({value})\n" if value else "200 result=0\n")
                case ["SET", "VARIABLE"]:
                    self._variables[words[2]] = words[3]
                    self.send("200 result=1\n")
                case _:
                    self.send("510 Invalid or unknown command\n")

    def heard(self, announcement: Announcement) -> None:
        """The announcement has been played."""
        self.send("200 result=0\n")

    def answer(self, question: Question, next_key: NextKey) -> None:
        """Read keys for the question as the dialplan does."""
        keys, status = "", "OK"
        while len(keys) < question.max_keys:
            key = next_key(question.seconds)
            if key is None:
                status = "TIMEOUT"
                break
            if key == "#":
                break
            keys += key
        tail_key, tail_status = "", ""
        if question.tail and len(keys) == question.max_keys:
            key = next_key(question.tail)
            tail_status = "TIMEOUT" if key is None else "OK"
            tail_key = "" if key in (None, "#") else key
        self._variables.update(KEYS=keys, KEYS_STATUS=status, TAIL_KEY=tail_key, TAIL_STATUS=tail_status)
        self.send("100 result=0 Trying...\n200 result=0 Gosub complete\n")

    def send(self, text: str) -> None:
        """Write to the server; one that has gone shows as the end of the stream."""
        try:
            self._socket.sendall(text.encode())
        except (BrokenPipeError, ConnectionResetError):
            self._stream.close()
            self._stream = open("/dev/null")  # noqa: SIM115 (an empty stream)

    def hang_up(self) -> None:
        """The caller puts the phone down."""
        self.send("HANGUP\n")
        self.close()

    def close(self) -> None:
        """Cut the connection."""
        self._stream.close()
        self._socket.close()


def _question(arguments: str) -> Question:
    files, max_keys, seconds, fresh, tail = arguments.split(",")
    return Question(_names(files), int(max_keys), float(seconds), fresh == "1", float(tail or 0))


def _names(paths: str) -> list[str]:
    return [path.removeprefix(PROMPT_FOLDER) for path in paths.split("&") if path]
