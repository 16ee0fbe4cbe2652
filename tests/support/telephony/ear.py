"""What a person on the telephone hears, in its order, out of a recording that goes on."""

import time
from pathlib import Path

from sounds import library
from tests.support.telephony import listening

PICKED_UP_LATE_SECONDS = 0.5  # on a busy machine a phone may miss so much of what is said as the call begins


class Ear:
    """`hears` moves on in the recording, so that a dialogue is checked in its order."""

    def __init__(self, sounds: Path) -> None:
        self.sounds = sounds
        self.listens_to(Path("nothing.wav"))

    def listens_to(self, record: Path) -> None:
        """From the beginning of this recording, and from a moment before it."""
        self.record, self.listened_until = record, -PICKED_UP_LATE_SECONDS

    def circumstances(self) -> str:
        """What helps to understand that something was not heard."""
        return f"recording: {self.record.name}"

    def hears(self, prompt: str, within: float = 10.0) -> float:
        """Listens on until the beginning of this prompt is heard; returns the second of the recording."""
        deadline = time.monotonic() + within
        file = self.sounds / f"{prompt}.ulaw"
        assert file.exists(), f"there is no prompt {prompt}"
        begin = self.listened_until  # moves on with what was searched in vain
        while True:
            late = time.monotonic() > deadline
            sound = listening.recording(self.record, begin)
            at = listening.find(sound, file)
            if at is not None:
                self.listened_until = begin + at + 0.25  # past its beginning: the same words again are heard again
                return begin + at
            begin = max(begin, begin + sound.size / listening.RATE - listening.LONGEST_PIECE_SECONDS)
            assert not late, f"did not hear {prompt} within {within} s, but {self.heard()}; {self.circumstances()}"
            time.sleep(0.25)

    def does_not_hear(self, prompt: str, during: float) -> None:
        """Listens for some seconds from the last heard prompt on: this one must not be among what is heard."""
        time.sleep(during)
        at = listening.find(listening.recording(self.record, self.listened_until), self.sounds / f"{prompt}.ulaw")
        assert at is None, f"heard {prompt}"

    def heard(self) -> list[str]:
        """The prompts (not the number pieces) in the last of the recording, in their order, with their second."""
        begin = max(-PICKED_UP_LATE_SECONDS, self.listened_until - 5)
        sound = listening.recording(self.record, begin)
        names = [name for name in library.prompts() if (self.sounds / f"{name}.ulaw").exists()]
        found = listening.heard_in_order(sound, self.sounds, names)
        return [f"{name} ({begin + at:.1f})" for at, name in found]
