"""The program itself, as it runs on a kiosk."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.support.ports import free_port
from tests.support.telephony.switchboard import REPOSITORY, wait_until


def environment(folder: Path, **settings: object) -> dict[str, str]:
    """Settings for a program of its own; `reader_port=1` is HOTLINE_READER_PORT=1."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
        "HOTLINE_STATE_DIR": str(folder),
        "HOTLINE_READER_PORT": str(free_port()),
        **{f"HOTLINE_{name.upper()}": str(value) for name, value in settings.items()},
    }


@contextmanager
def running(log: Path, environment: dict[str, str], *arguments: str) -> Iterator[int]:
    """`python -m web.reader` until the end of the block; gives its port."""
    port = int(environment["HOTLINE_READER_PORT"])
    with log.open("wb") as sink:
        process = subprocess.Popen(_command(arguments), stdout=sink, stderr=sink, env=environment, cwd=REPOSITORY)
    try:
        wait_until(lambda: answers(port), 20, f"the reader did not start: {log.read_text()}")
        yield port
    finally:
        process.terminate()
        assert process.wait(10) == 0


def refusal(environment: dict[str, str], *arguments: str) -> str:
    """What the program says when it does not start."""
    ended = subprocess.run(
        _command(arguments), env=environment, cwd=REPOSITORY, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1
    return ended.stderr


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return answer.status == 200
    except (URLError, ConnectionError):
        return False


def _command(arguments: tuple[str, ...]) -> list[str]:
    return [sys.executable, "-m", "web.reader", *arguments]
