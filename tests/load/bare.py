"""A server of plain pyst2, a thread for each call, that sends as many commands as the hotline and does no work.

    python -m tests.load.bare PORT QUESTIONS

pyst2 0.5.1 is left as it is, with two exceptions without which it does not run at all: it may not install
its signal handler outside the main thread, and its debug text goes to /dev/null.
"""

from __future__ import annotations

import os
import resource
import signal
import socketserver
import sys
import types

from asterisk import agi

from tests.load.callers import ACCOUNT_MENU, CHECKING, QUESTIONS

NOWHERE = open(os.devnull, "w")  # noqa: SIM115 (for the life of the process)
LONGEST = {"id-enter": 18, "pin-enter": 6}


def questions(how_many: int) -> list[str]:
    """As many questions as the hotline asks in the flow: where it waits for work, more of the same."""
    at = QUESTIONS.index(CHECKING)
    return [*QUESTIONS[:at], *[CHECKING] * (how_many - len(QUESTIONS) + 1), *QUESTIONS[at + 1 :]]


class Call(socketserver.BaseRequestHandler):
    asked: list[str] = []

    def handle(self) -> None:
        stdin = self.request.makefile("r", encoding="utf-8", newline="\n")
        stdout = self.request.makefile("w", encoding="utf-8", newline="\n")
        line = agi.AGI(stdin, stdout, NOWHERE)
        try:
            for name in self.asked:
                seconds = 200 if name == CHECKING else 300_000 if name == ACCOUNT_MENU else 5_000
                line.get_data(f"hotline/{name}", seconds, LONGEST.get(name, 1))
                line.get_full_variable("${KEYS_STATUS}|${TAIL_STATUS}|${KEYS}|${TAIL_KEY}")
        except (agi.AGIException, OSError, ValueError):
            pass  # the caller hung up, as each of them does


class Server(socketserver.ThreadingTCPServer):
    request_queue_size = 4_096
    allow_reuse_address = True
    daemon_threads = True


def main(port: int, how_many: int) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    agi.signal = types.SimpleNamespace(signal=lambda *_: None, SIGHUP=signal.SIGHUP)
    Call.asked = questions(how_many)
    with Server(("127.0.0.1", port), Call) as server:
        server.serve_forever()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
