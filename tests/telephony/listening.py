"""Tells which prompts a recording holds, by comparing it with the sound files that Asterisk played from.

G.711 passes through Asterisk unchanged, so that a prompt in the recording is the same samples as in its file, but for
what the phone's jitter buffer stretches: the beginning of a prompt is looked for by normalised cross-correlation.
"""

import wave
from functools import lru_cache
from pathlib import Path

import numpy as np

RATE = 8000
LONGEST_PIECE_SECONDS = 0.8
SAME = 0.7  # correlation: other prompts stay under 0.4, the same prompt over a jittery line reaches 0.85 and more


def ulaw_samples(data: bytes) -> np.ndarray:
    """µ-law bytes as numbers between -1 and 1 (G.711)."""
    codes = ~np.frombuffer(data, np.uint8)
    magnitude = ((((codes & 0x0F).astype(np.int32) << 3) + 0x84) << ((codes & 0x70) >> 4)) - 0x84
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.float32) / 32768


def recording(file: Path, from_second: float = 0.0) -> np.ndarray:
    """What a phone has recorded so far, also while it goes on recording."""
    data = file.read_bytes() if file.exists() else b""
    samples = np.frombuffer(data[44 : len(data) - len(data) % 2], np.int16)  # 44: the header of a WAV file
    return samples[int(from_second * RATE) :].astype(np.float32) / 32768


@lru_cache(maxsize=512)
def fingerprint(prompt: Path) -> tuple[np.ndarray, float]:
    """The first piece of a prompt that has sound in it, and the second in the prompt at which it begins."""
    samples = ulaw_samples(prompt.read_bytes())
    loud = np.flatnonzero(np.abs(samples) > 0.02)
    first = int(loud[0]) if loud.size else 0
    return samples[first : first + int(LONGEST_PIECE_SECONDS * RATE)], first / RATE


def find(heard: np.ndarray, prompt: Path) -> float | None:
    """The second at which the prompt's first piece is heard for the first time, or None."""
    piece, _ = fingerprint(prompt)
    if heard.size < piece.size or not piece.size:
        return None
    likeness = correlation(heard, piece)
    matches = np.flatnonzero(likeness > SAME)
    return float(matches[0]) / RATE if matches.size else None


def correlation(heard: np.ndarray, piece: np.ndarray) -> np.ndarray:
    """Likeness between -1 and 1 of the piece with what is heard from each sample on."""
    size = 1 << int(heard.size + piece.size - 1).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(piece, size)), size)
    product = product[: heard.size - piece.size + 1]
    energy = np.concatenate(([0.0], np.cumsum(heard.astype(np.float64) ** 2)))
    window = energy[piece.size :] - energy[: -piece.size]
    return product / np.sqrt(np.maximum(window, 1e-3) * max(float(np.sum(piece**2)), 1e-9))


def heard_in_order(heard: np.ndarray, folder: Path, names: list[str]) -> list[tuple[float, str]]:
    """All of these prompts that are in the recording, by the second: for a failed test's message, and for checks."""
    found = ((find(heard, folder / f"{name}.ulaw"), name) for name in names)
    return sorted((at, name) for at, name in found if at is not None)


def seconds_of(file: Path) -> float:
    """How long a finished recording is."""
    with wave.open(str(file)) as sound:
        return sound.getnframes() / sound.getframerate()
