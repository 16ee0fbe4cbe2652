"""A caller or an operator with a real SIP phone, in the words of a dialogue: dials, presses, hears, is hung up."""

import json
import os
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from tests.support.telephony import listening
from tests.support.telephony.ear import Ear

DRIVER = Path(__file__).with_name("phone_driver.py")


class Phone(Ear):
    """One phone process."""

    def __init__(self, login: dict, sounds: Path, folder: Path) -> None:
        super().__init__(sounds)
        self.folder = folder
        self.login = login
        self.calls = 0
        self.media_address = ""  # where the other side wants the voice to be sent, ADDRESS:PORT
        self.events: list[dict] = []
        self.waited_for: dict[str, int] = {}
        self.call_began_at = 0
        orders = {**login, "record_incoming": str(folder / "incoming.wav")}
        self.process = subprocess.Popen(
            [sys.executable, str(DRIVER), json.dumps(orders)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        threading.Thread(target=self._read_events, daemon=True).start()
        self._wait("ready", 20)

    # What a person does

    def dials(self, number: str) -> None:
        """Dials and waits until the other side has answered."""
        code = self._dial(number)
        assert code == 200, f"{number} was refused with {code}"
        self.media_address = self._wait("media", 5)["address"]
        self.answered_at = time.monotonic()

    def is_refused(self, number: str) -> int:
        """Dials a number that must not be answered; returns the SIP status of the refusal."""
        code = self._dial(number)
        assert code >= 400, f"{number} was answered"
        return code

    def presses(self, *keys: str) -> None:
        """Presses keys one after the other, at the speed of a quick thumb."""
        for key in "".join(keys):
            self._order("press", keys=key)
            time.sleep(0.25)

    def says(self, prompt: str) -> None:
        """Plays one of the prompts into the phone."""
        file = self.folder / "say.wav"
        with wave.open(str(file), "wb") as sound:
            sound.setparams((1, 2, listening.RATE, 0, "NONE", ""))
            samples = listening.ulaw_samples((self.sounds / f"{prompt}.ulaw").read_bytes())
            sound.writeframes((samples * 32767).astype("<i2").tobytes())
        self._order("say", file=str(file))

    def registers(self) -> int:
        """Logs in; returns the SIP status."""
        self._order("register")
        return self._wait("registered", 8)["code"]

    def hangs_up(self) -> None:
        self._order("hang up")
        self.is_hung_up(5)

    def waits(self, seconds: float) -> None:
        time.sleep(seconds)

    # What a person notices

    def is_hung_up(self, within: float = 10.0) -> None:
        """Waits until the other side, or we, ended the call."""
        deadline = time.monotonic() + within
        while not any(state == "DISCONNECTED" for state, _ in self._states()):
            assert time.monotonic() < deadline, f"still on the line after {within} s: heard {self.heard()}"
            time.sleep(0.05)

    def is_on_the_line(self) -> bool:
        return bool(self._states()) and self._states()[-1][0] == "CONFIRMED"

    def rings_and_is_answered(self, within: float = 10.0) -> str:
        """Waits for a call that comes in, which the phone answers by itself; returns who calls."""
        caller = self._wait("incoming", within)["caller"]
        self._wait("media", 5)
        self.listens_to(self.folder / "incoming.wav")
        return caller

    def is_not_called(self, during: float) -> None:
        time.sleep(during)
        assert not any(event["event"] == "incoming" for event in self.events), "the phone rang"

    def close(self) -> None:
        """Ends the phone's process; only ever its own."""
        if self.process.poll() is None:
            self.process.stdin.close()
            try:
                self.process.wait(3)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process.stdout.close()

    # The driver

    def _dial(self, number: str) -> int:
        self.calls += 1
        self.call_began_at = len(self.events)
        self.waited_for = {}.fromkeys(("call", "media"), self.call_began_at)
        self.listens_to(self.folder / f"call-{self.calls}.wav")
        self.dialled_at = time.monotonic()
        self._order("dial", number=number, record=str(self.record))
        while True:
            event = self._wait("call", 10)
            if event["state"] in ("CONFIRMED", "DISCONNECTED"):
                return event["code"]

    def circumstances(self) -> str:
        return f"call: {self._states()}"

    def _states(self) -> list[tuple[str, int]]:
        """Every state of the current call so far."""
        return [(e["state"], e["code"]) for e in self.events[self.call_began_at :] if e["event"] == "call"]

    def _wait(self, name: str, seconds: float) -> dict:
        """The next event of this name that no one has waited for yet."""
        deadline = time.monotonic() + seconds
        while True:
            for index in range(self.waited_for.get(name, 0), len(self.events)):
                if self.events[index]["event"] == "error":
                    raise AssertionError(f"the phone failed: {self.events[index]}")
                if self.events[index]["event"] == name:
                    self.waited_for[name] = index + 1
                    return self.events[index]
            assert time.monotonic() < deadline, f"the phone told no {name} within {seconds} s: {self._states()}"
            time.sleep(0.01)

    def _order(self, order: str, **facts: object) -> None:
        self.process.stdin.write(json.dumps({"do": order, **facts}) + os.linesep)
        self.process.stdin.flush()

    def _read_events(self) -> None:
        for line in self.process.stdout:
            if line.startswith("{"):
                self.events.append(json.loads(line))


@contextmanager
def phones_in(folder: Path) -> Iterator[Callable[..., Phone]]:
    """Makes phones that keep their files in this folder, and puts all of them away at the end."""
    made: list[Phone] = []
    numbers = count(1)

    def make(login: dict, sounds: Path) -> Phone:
        own = folder / f"phone-{next(numbers)}"
        own.mkdir()
        made.append(Phone(login, sounds, own))
        return made[-1]

    yield make
    for phone in made:
        phone.close()
