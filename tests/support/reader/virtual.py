"""A real PC/SC service with a virtual reader, and cards that are put into it.

The service is Debian's pcscd with the driver of its vsmartcard packages. It runs in a mount namespace with a /run of
its own, so that neither the machine's own service nor another test run is in its way.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

from tests.support.telephony.switchboard import wait_until

DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")
READER = "Virtual PCD 00 00"
OTHER_READER = "Virtual PCD 00 01"
# Any will do: a card with T=1, and no historical bytes.
ANSWER_TO_RESET = bytes.fromhex("3B 80 01 81")

POWER_OFF, POWER_ON, RESET, GET_ATR = b"\0", b"\1", b"\2", b"\4"

AID = bytes.fromhex("F0313233333301")
SELECT = bytes.fromhex("00A4040C07") + AID
READ = bytes.fromhex("00B2010C09")
SUCCESS, NO_SUCH_FILE, NO_SUCH_RECORD = b"\x90\x00", b"\x6a\x82", b"\x6a\x83"

_UNSHARE = ["unshare", "--mount"] if os.geteuid() == 0 else ["unshare", "--mount", "--map-root-user"]

Answer = Callable[[bytes], bytes | None]


def missing() -> str | None:
    """What this machine lacks."""
    if not DRIVER.exists() or not shutil.which("pcscd"):
        return "a PC/SC service with a virtual reader is not installed (Debian: pcscd, vsmartcard-vpcd)"
    if subprocess.run([*_UNSHARE, "true"], capture_output=True).returncode:
        return "a mount namespace can't be made here (unshare --mount)"
    if find_spec("smartcard") is None:
        return "pyscard is not installed (requirements-reader.lock)"
    return None


class PcscService:
    """The service with one virtual reader of two slots, which pcscd shows as two readers."""

    def __init__(self, folder: Path) -> None:
        self.port = two_free_ports()
        self.address = folder / "run/pcscd/pcscd.comm"
        self._folder = folder
        self._process: subprocess.Popen | None = None
        (folder / "run/pcscd").mkdir(parents=True)
        (folder / "readers").mkdir()
        (folder / "readers/vpcd").write_text(
            f'FRIENDLYNAME "Virtual PCD"\n'
            f"DEVICENAME /dev/null:{self.port:#x}\n"
            f"LIBPATH {DRIVER}\n"
            f"CHANNELID {self.port:#x}\n"
        )

    def start(self) -> None:
        inside = 'mount --bind "$1/run" /run && exec pcscd --foreground --config "$1/readers"'
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [*_UNSHARE, "sh", "-c", inside, "sh", str(self._folder)], stdout=log, stderr=log
            )
        wait_until(self.address.exists, 10, "pcscd did not start")

    def stop(self) -> None:
        if self._process:
            self._process.terminate()
            self._process.wait(10)


class VirtualCard:
    """A card in the reader until it is pulled. `answer` is what it answers to a command; None: it has been pulled."""

    def __init__(self, port: int, answer: Answer) -> None:
        self._answer = answer
        self._line = socket.create_connection(("127.0.0.1", port), 10)
        self._line.settimeout(None)
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def pull(self) -> None:
        with suppress(OSError):  # the service is gone already
            self._line.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._line.close()

    def _live(self) -> None:
        with suppress(OSError):  # pulled, or the service was stopped
            self._answer_commands()

    def _answer_commands(self) -> None:
        while (said := self._receive()) is not None:
            if said == GET_ATR:
                self._send(ANSWER_TO_RESET)
            elif said not in (POWER_OFF, POWER_ON, RESET):
                answer = self._answer(said)
                if answer is None:
                    self._line.shutdown(socket.SHUT_RDWR)
                    return
                self._send(answer)

    def _send(self, data: bytes) -> None:
        self._line.sendall(len(data).to_bytes(2) + data)

    def _receive(self) -> bytes | None:
        length = self._line.recv(2, socket.MSG_WAITALL)
        return self._line.recv(int.from_bytes(length), socket.MSG_WAITALL) if len(length) == 2 else None


def applet(record: bytes) -> Answer:
    """A card with the applet that web/reader/README.md describes, and this in its record."""
    selected = False

    def answer(command: bytes) -> bytes:
        nonlocal selected
        if command[:4] == SELECT[:4]:
            selected = command == SELECT
            return SUCCESS if selected else NO_SUCH_FILE
        return record + SUCCESS if selected and command == READ else NO_SUCH_RECORD

    return answer


def two_free_ports() -> int:
    """The first of two TCP ports in a row: the driver listens on one for each slot."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("", port + 1))
                return port
            except (OSError, OverflowError):
                continue
