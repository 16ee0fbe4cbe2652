"""The recordings themselves: all there, audible, as long as their words, the operator's own first (R46)."""

import re
import time
from pathlib import Path

import pytest

from sounds import library, numbers, recipes

# Seconds for one character, pauses included; a cut-off or doubled recording falls outside.
_QUICKEST, _SLOWEST = 0.11, 0.36
_ROOM = 0.35
"""Seconds that a recording of a few characters may last longer."""


def test_every_recording_is_there_audible_and_not_clipped() -> None:
    assert library.problems(library.SHIPPED) == []


def test_a_server_start_checks_the_recordings_in_half_a_second() -> None:
    library.problems(library.SHIPPED)
    began = time.process_time()
    library.problems(library.SHIPPED)
    assert time.process_time() - began < 0.5


def test_every_recording_is_as_long_as_its_words() -> None:
    wrong = {}
    for name in library.all_names():
        spoken = re.sub("[，。]", "", library.words(name))
        seconds = len((library.SHIPPED / f"{name}.ulaw").read_bytes()) / library.RATE
        if not _QUICKEST * len(spoken) < seconds < _SLOWEST * len(spoken) + _ROOM:
            wrong[name] = (library.words(name), seconds)
    assert not wrong


def test_every_recording_says_the_words_that_stand_in_the_manifest() -> None:
    assert recipes.stale(recipes.load()) == []


def test_nothing_is_shipped_that_no_one_can_hear() -> None:
    assert {path.stem for path in library.SHIPPED.glob("*.ulaw")} <= set(library.all_names())


def test_prompts_and_number_pieces_do_not_share_a_name() -> None:
    assert not library.prompts().keys() & numbers.pieces().keys()
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in library.all_names())


def test_the_words_are_ones_that_a_voice_can_speak() -> None:
    for name, words in library.prompts().items():
        assert re.fullmatch(r"[\u4e00-\u9fff，。]+。", words), name


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A shipped folder of two recordings, the only ones that the hotline has."""
    shipped = tmp_path / "shipped"
    shipped.mkdir()
    for name in ("welcome", "goodbye"):
        (shipped / f"{name}.ulaw").write_bytes((library.SHIPPED / f"{name}.ulaw").read_bytes())
    monkeypatch.setattr(library, "SHIPPED", shipped)
    monkeypatch.setattr(library, "all_names", lambda: ["welcome", "goodbye"])
    return shipped


@pytest.mark.parametrize(
    ("recording", "problem"),
    [
        (None, "is missing"),
        (b"", "is empty"),
        (b"\xff" * 8000, "is silent"),
        (b"\x80\x00" * 4000, "is clipped"),
    ],
)
def test_a_recording_that_cannot_be_played_is_named(few: Path, recording: bytes | None, problem: str) -> None:
    assert library.problems(few) == []
    broken = few / "goodbye.ulaw"
    broken.unlink()
    if recording is not None:
        broken.write_bytes(recording)
    assert library.problems(few) == [f"The recording goodbye ({library.words('goodbye')}) {problem}."]


def test_a_folder_that_is_not_there_has_every_problem(tmp_path: Path) -> None:
    assert len(library.problems(tmp_path / "none")) == len(library.all_names())


def test_the_operators_own_recording_goes_first_in_any_format(few: Path, tmp_path: Path) -> None:
    own, target = tmp_path / "own", tmp_path / "target"
    own.mkdir()
    library.merge(target, None)
    assert sorted(path.name for path in target.iterdir()) == ["goodbye.ulaw", "welcome.ulaw"]

    (own / "welcome.wav").write_bytes(b"RIFF")
    (own / "goodbye.ulaw").write_bytes(b"own")
    (own / "notes.txt").write_text("not a recording")
    library.merge(target, own)
    assert sorted(path.name for path in target.iterdir()) == ["goodbye.ulaw", "welcome.wav"]
    assert (target / "goodbye.ulaw").read_bytes() == b"own"

    (own / "goodbye.ulaw").unlink()
    library.merge(target, own)
    assert (target / "goodbye.ulaw").read_bytes() == (few / "goodbye.ulaw").read_bytes()


def test_an_own_folder_that_is_not_there_is_a_clear_error(few: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        library.merge(tmp_path / "target", tmp_path / "no such folder")
