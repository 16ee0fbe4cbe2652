"""Asterisk's side of many calls at once, over plain sockets: a call costs little here, so that the server's cost shows.

It does for the server what the dialplan's `hotline-ask` does, and speaks GET DATA for the bare pyst2 server.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import NamedTuple

from gevent import socket

from agi.asterisk import ENVIRONMENT, NUMBER_DIALLED

SILENCE_LIMIT_SECONDS = 120.0  # a server that says nothing for so long has lost the call
_calls = count(1)


class Question(NamedTuple):
    """The server asks for keys: what it plays last, and how it listens."""

    prompts: tuple[str, ...]
    max_keys: int
    seconds: float

    @property
    def name(self) -> str:
        return self.prompts[-1] if self.prompts else ""


class Keys(NamedTuple):
    """What the caller did: pressed these and then #, or fell silent."""

    pressed: str
    status: str = "OK"


class CallFailed(Exception):
    """The server did something else than the flow; the text holds no key."""


@dataclass
class Times:
    """When things happened in one call, for those who measure it."""

    dialled: float = 0.0
    first_command: float = 0.0
    commands: int = 0
    # The question, when it was answered, and the seconds from then until the next thing that the caller hears.
    turns: list[tuple[str, float, float]] = field(default_factory=list)
    # Seconds from the end of the announcement that bridges the PIN check until the next question.
    after_checking: float | None = None


class Line:
    """One call. Iterate over its questions, and answer each before the next."""

    def __init__(self, address: tuple[str, int]) -> None:
        number = next(_calls)
        self.times = Times(dialled=time.perf_counter())
        self._socket = socket.create_connection(address, 30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(SILENCE_LIMIT_SECONDS)
        self._buffer = b""
        self._values = ""
        self._answered: tuple[str, float] | None = None
        self._by_gosub = True
        # A caller number for each call: R5 counts wrong attempts by it.
        self._socket.sendall(_environment(f"023{number:08d}", f"1700000000.{number}"))

    def questions(self) -> Iterator[Question]:
        """The server's questions. CallFailed when it ends the call or says anything else."""
        while True:
            command = self._command()
            if command.startswith("GET FULL VARIABLE"):
                self._send(f"200 result=1 ({self._values})\n")
                continue
            now = time.perf_counter()
            if command.startswith("GOSUB hotline-ask "):
                self._send("100 result=0 Trying...\n")
                question = _gosub_question(command)
            elif command.startswith("GET DATA "):
                self._by_gosub = False
                question = _get_data_question(command)
            else:
                raise CallFailed(f"the server says {' '.join(command.split()[:2])}")
            if self._answered and question.prompts:  # listening in silence is nothing that a caller hears
                name, answered_at = self._answered
                self.times.turns.append((name, answered_at, now - answered_at))
                self._answered = None
            yield question

    def answer(self, question: Question, keys: Keys) -> None:
        """Give the server what the caller pressed."""
        # A Read that has all its keys is followed by one for the #: its status stands after the first one.
        tail = "OK" if len(keys.pressed) == question.max_keys > 1 else ""
        self._values = f"{keys.status}|{tail}|{keys.pressed}|"
        if self._by_gosub:
            self._send("200 result=0 Gosub complete\n")
        else:
            self._send(f"200 result={keys.pressed}{' (timeout)' if keys.status == 'TIMEOUT' else ''}\n")
        if self._answered is None:
            self._answered = question.name, time.perf_counter()

    def hang_up(self) -> None:
        """The caller puts the phone down in the middle of a question."""
        self._send("HANGUP\n" if self._by_gosub else "200 result=-1\nHANGUP\n")
        self.close()

    def close(self) -> None:
        self._socket.close()

    def _send(self, text: str) -> None:
        try:
            self._socket.sendall(text.encode())
        except OSError:
            raise CallFailed("the server is gone") from None

    def _command(self) -> str:
        while b"\n" not in self._buffer:
            try:
                more = self._socket.recv(4096)
            except OSError:
                raise CallFailed("the server is silent or gone") from None
            if not more:
                raise CallFailed("the server ended the call")
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        self.times.commands += 1
        if not self.times.first_command:
            self.times.first_command = time.perf_counter()
        return line.decode()


def _environment(caller_number: str, unique_id: str) -> bytes:
    values = {
        "agi_network": "yes",
        "agi_network_script": NUMBER_DIALLED,
        "agi_request": f"agi://127.0.0.1/{NUMBER_DIALLED}",
        "agi_channel": "PJSIP/phone-00000001",
        "agi_language": "zh",
        "agi_type": "PJSIP",
        "agi_uniqueid": unique_id,
        "agi_version": "22.10.1",
        "agi_callerid": caller_number,
        "agi_calleridname": "unknown",
        "agi_dnid": NUMBER_DIALLED,
        "agi_rdnis": "unknown",
        "agi_context": "from-callers",
        "agi_extension": NUMBER_DIALLED,
        "agi_priority": "11",
        "agi_enhanced": "0.0",
        "agi_threadid": "140737353",
    }
    return ("".join(f"{key}: {values.get(key, '0')}\n" for key in ENVIRONMENT) + "\n").encode()


def _gosub_question(command: str) -> Question:
    files, max_keys, seconds, _fresh, _tail = command.split('"')[1].split(",")
    return Question(tuple(_names(files)), int(max_keys), float(seconds))


def _get_data_question(command: str) -> Question:
    _, _, file, milliseconds, max_keys = command.replace('"', "").split()
    return Question(tuple(_names(file)), int(max_keys), int(milliseconds) / 1000)


def _names(files: str) -> list[str]:
    return [path.rpartition("/")[2] for path in files.split("&") if path]
