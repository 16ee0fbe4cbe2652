"""Many visitors at once, in a process of their own: each keeps its connection, asks, reads the answer and asks again.

python -m tests.load.visitors < job > what came of it
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from itertools import count

LIMIT_SECONDS = 120.0  # for all of them together: a server that hangs must not hang the benchmark
SILENCE_LIMIT_SECONDS = 30.0


@dataclass(frozen=True)
class Job:
    """So many requests, taken from these in turn, so many at a time. Each must be answered with this status."""

    address: tuple[str, int]
    requests: Sequence[str]
    how_many: int
    at_once: int
    status: int = 200


@dataclass
class Answered:
    """How long each answer took, and what went wrong."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)


def visit(job: Job) -> Answered:
    """Let them come, from another process."""
    command = [sys.executable, "-m", "tests.load.visitors"]
    told = subprocess.run(
        command, input=json.dumps(asdict(job)), capture_output=True, text=True, timeout=2 * LIMIT_SECONDS, check=True
    )
    return Answered(**json.loads(told.stdout))


def main() -> None:
    import gevent
    from gevent.pool import Pool

    job = Job(**json.load(sys.stdin))
    answered, failures, turns = Answered(), Counter(), count()

    def one_visitor() -> None:
        connection = None
        while (turn := next(turns)) < job.how_many:
            began = time.perf_counter()
            try:
                connection = connection or Connection(job.address)
                status = connection.ask(job.requests[turn % len(job.requests)])
                if status != job.status:
                    failures[f"status {status} instead of {job.status}"] += 1
                answered.latencies.append(time.perf_counter() - began)
            except (OSError, ValueError) as error:
                failures[f"no answer: {type(error).__name__}"] += 1
                connection = None

    pool = Pool(job.at_once)
    began = time.perf_counter()
    with gevent.Timeout(LIMIT_SECONDS, False):
        for _ in range(job.at_once):
            pool.spawn(one_visitor)
        pool.join()
    pool.kill()
    answered.seconds = time.perf_counter() - began
    if len(answered.latencies) + sum(failures.values()) < job.how_many:
        failures[f"not all were answered in {LIMIT_SECONDS:g} s"] += 1
    answered.failures = dict(failures)
    json.dump(asdict(answered), sys.stdout)


class Connection:
    """A connection that is kept."""

    def __init__(self, address: Sequence) -> None:
        from gevent import socket

        self._socket = socket.create_connection(tuple(address), SILENCE_LIMIT_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: str) -> int:
        """Send it, read the whole answer, and return its status. ValueError for half an answer."""
        self._socket.sendall(request.encode())
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        length = re.search(rb"(?i)\r\ncontent-length: ([0-9]+)", head)
        wanted = int(length[1]) if length else 0
        got = len(body)
        while got < wanted:
            got += len(self._more())
        return int(head[9:12])

    def _more(self) -> bytes:
        more = self._socket.recv(65_536)
        if not more:
            raise ValueError("half an answer")
        return more


if __name__ == "__main__":
    main()
