"""The whole hotline, started as `make run` starts it, on free ports and with a state folder of its own."""

import atexit
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sounds import library
from tests.support.ports import free_port
from tests.support.telephony.switchboard import REPOSITORY, wait_until


@dataclass
class Hotline:
    """A running run.py."""

    process: subprocess.Popen
    state: Path
    output: Path
    environment: dict[str, str]

    def said(self) -> str:
        return self.output.read_text(errors="replace")

    def ready_line(self) -> str:
        return next(line for line in self.said().splitlines() if line.startswith("ready"))

    def login(self, caller: str = "") -> dict:
        """The softphone's login; a caller's own number goes into its From."""
        login = json.loads((self.state / "softphone.json").read_text())
        return {**login, "from": f"sip:{caller}@{login['server']}"} if caller else login

    @property
    def sounds(self) -> Path:
        return self.state / "asterisk/data/sounds/zh/hotline"

    def parts(self) -> dict[str, int]:
        """The process id of each part, by a word of its command line."""
        children = {pid: command_line(pid) for pid in children_of(self.process.pid)}
        words = {
            "server": "-m agi",
            "web": "-m web",
            "reader": "-m web.reader",
            "guard": "dialplan.guard",
            "asterisk": "asterisk.conf",
        }
        return {name: pid for name, word in words.items() for pid, line in children.items() if f"{word} " in f"{line} "}

    def interrupt(self) -> int:
        """Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(20)


@contextmanager
def hotline(state: Path, until_ready: bool = True, first_start: bool = False, **settings: object) -> Iterator[Hotline]:
    """Starts run.py and, in the end, ends it. Unless a test is about the first start, there was one before."""
    if not first_start:
        _lay_out(state)
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HOTLINE_")},
        "HOTLINE_STATE_DIR": str(state),
        "HOTLINE_SIP_PORT": str(free_port()),
        "HOTLINE_AGI_PORT": str(free_port()),
        "HOTLINE_WEB_PORT": str(free_port()),
        "HOTLINE_READER_PORT": str(free_port()),
        "HOTLINE_OPERATOR_HOURS": "*,*,*,*",
        **{f"HOTLINE_{name.upper()}": str(value) for name, value in settings.items()},
    }
    if "HOTLINE_ASTERISK_DIR" in os.environ:
        environment.setdefault("HOTLINE_ASTERISK_DIR", os.environ["HOTLINE_ASTERISK_DIR"])
    output = state.parent / f"{state.name}.out"
    with output.open("wb") as sink:
        process = subprocess.Popen(
            [sys.executable, str(REPOSITORY / "run.py")], stdout=sink, stderr=sink, env=environment, cwd=REPOSITORY
        )
    running = Hotline(process, state, output, environment)
    try:
        if until_ready:
            deadline = time.monotonic() + 60
            while "\nready" not in "\n" + running.said():
                assert process.poll() is None, f"run.py ended:\n{running.said()}"
                assert time.monotonic() < deadline, f"not ready:\n{running.said()}"
                time.sleep(0.05)
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            time.sleep(0.1)
            process.send_signal(signal.SIGINT)  # the second does not wait for running calls
            process.wait(20)


def _lay_out(state: Path) -> None:
    """What a first start makes and a later one finds: it takes seconds, so it is made once and copied."""
    if state.exists():
        return
    made = _first_start()
    target = state / "asterisk/data/sounds/zh/hotline"
    target.parent.mkdir(parents=True)
    state.chmod(0o711)
    shutil.copytree(made / "sounds", target, copy_function=os.link)
    for name in ("hotline.db", "secret.key"):
        shutil.copy(made / name, state / name)


@cache
def _first_start() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="hotline-test-made-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    library.merge(folder / "sounds", None)
    demo = [sys.executable, "-m", "core", "demo"]
    environment = {**os.environ, "HOTLINE_STATE_DIR": str(folder)}
    subprocess.run(demo, check=True, cwd=REPOSITORY, env=environment, stdout=subprocess.DEVNULL)
    (folder / "hotline.db").chmod(0o600)
    return folder


def children_of(pid: int) -> list[int]:
    """The processes that this one started and that are alive."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            after_name = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # gone while we looked
        if int(after_name[1]) == pid and after_name[0] != "Z":
            found.append(int(status.parent.name))
    return found


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def is_alive(pid: int) -> bool:
    try:
        return not re.search(r"^State:\s+[ZX]", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        return False


def all_gone(pids: list[int], within: float) -> None:
    """Waits until none of these processes lives."""
    wait_until(lambda: not any(is_alive(pid) for pid in pids), within, f"still running: {[*map(command_line, pids)]}")
