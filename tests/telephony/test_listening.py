"""What the tests' own ear takes for a prompt."""

import wave
from pathlib import Path

import pytest

from tests.support.telephony import listening
from tests.support.telephony.ear import Ear
from tests.support.telephony.switchboard import hisses


def recorded(ear: Ear, *prompts: str, missed_seconds: float = 0.0) -> None:
    """The recording of a phone that was told these prompts, but for the first moment."""
    told = b"".join((ear.sounds / f"{name}.ulaw").read_bytes() for name in prompts)
    samples = listening.ulaw_samples(told)[int(missed_seconds * listening.RATE) :]
    with wave.open(str(ear.record), "wb") as file:
        file.setparams((1, 2, listening.RATE, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())


@pytest.fixture
def ear(tmp_path: Path) -> Ear:
    hisses(tmp_path / "sounds")
    ear = Ear(tmp_path / "sounds")
    ear.listens_to(tmp_path / "call.wav")
    return ear


@pytest.mark.parametrize("missed_seconds", [0.0, 0.16, 0.4])
def test_a_prompt_is_heard_whose_first_moment_was_missed(ear: Ear, missed_seconds: float):
    recorded(ear, "welcome", "main-menu", missed_seconds=missed_seconds)
    assert ear.hears("welcome", within=0) == pytest.approx(-missed_seconds, abs=0.01)
    assert ear.hears("main-menu", within=0) == pytest.approx(2 - missed_seconds, abs=0.01)


def test_a_prompt_is_heard_once_for_each_time_that_it_is_told(ear: Ear):
    recorded(ear, "welcome", "pin-enter", "welcome")
    assert [round(ear.hears("welcome", within=0)) for _ in range(2)] == [0, 4]
    with pytest.raises(AssertionError, match="did not hear welcome"):
        ear.hears("welcome", within=0)


def test_a_prompt_that_was_never_told_is_not_heard(ear: Ear):
    recorded(ear, "main-menu", "pin-enter")
    with pytest.raises(AssertionError, match="did not hear welcome"):
        ear.hears("welcome", within=0)
