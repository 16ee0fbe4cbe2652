"""Tells which prompts a recording holds, by comparing it with the sound files that Asterisk played from.

G.711 passes through Asterisk unchanged, so that a prompt in the recording is the same samples as in its file, but for
what the phone's jitter buffer drops or stretches: a prompt is looked for block by block, by normalised
cross-correlation.
"""

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import numpy as np

RATE = 8000
BLOCK_SECONDS = 0.2
MOST_BLOCKS = 8  # from the beginning of a prompt: 1.6 s of it
SAME = 0.85  # correlation of a block with itself after the telephone; other speech stays well under it
SLACK_SECONDS = 0.15  # the phone's jitter buffer drops or stretches so much between the blocks of one prompt
LONGEST_PIECE_SECONDS = MOST_BLOCKS * BLOCK_SECONDS + SLACK_SECONDS


def ulaw_samples(data: bytes) -> np.ndarray:
    """µ-law bytes as numbers between -1 and 1 (G.711)."""
    codes = ~np.frombuffer(data, np.uint8)
    magnitude = ((((codes & 0x0F).astype(np.int32) << 3) + 0x84) << ((codes & 0x70) >> 4)) - 0x84
    return np.where(codes & 0x80, -magnitude, magnitude).astype(np.float32) / 32768


def recording(file: Path, from_second: float = 0.0) -> np.ndarray:
    """What a phone has recorded so far, also while it goes on recording. Before its first second there was silence."""
    data = file.read_bytes() if file.exists() else b""
    samples = np.frombuffer(data[44 : len(data) - len(data) % 2], np.int16)  # 44: the header of a WAV file
    begin = int(from_second * RATE)
    return np.concatenate((np.zeros(max(-begin, 0), np.int16), samples[max(begin, 0) :])).astype(np.float32) / 32768


@lru_cache(maxsize=1024)
def blocks(prompt: Path) -> tuple[tuple[int, np.ndarray], ...]:
    """Pieces with sound in them from the beginning of a prompt, each with its place in the prompt."""
    samples = ulaw_samples(prompt.read_bytes())
    loud = np.flatnonzero(np.abs(samples) > 0.02)
    first = int(loud[0]) if loud.size else 0
    length = min(int(BLOCK_SECONDS * RATE), (samples.size - first) // 4)
    starts = range(first, samples.size - length + 1, max(length, 1))[:MOST_BLOCKS]
    pieces = ((start, samples[start : start + length]) for start in starts)
    return tuple((start, piece) for start, piece in pieces if np.sqrt(np.mean(piece**2)) > 0.01)


def find(heard: np.ndarray, prompt: Path) -> float | None:
    """The second at which the prompt begins for the first time, or None; one that had begun before does not count.

    It is heard when two of five of its blocks are, each about where it belongs: one that was cut short by a key, or
    that lost some packets, still counts.
    """
    pieces = blocks(prompt)
    needed = max(2, round(len(pieces) * 0.4))
    if not pieces or heard.size < RATE // 4:
        return None
    begins = []
    for number, (start, likeness) in enumerate(likenesses(heard, pieces)):
        begins += [(int(at) - start, number) for at in np.flatnonzero(likeness > SAME) if at >= start]
    begins.sort()
    for index, (begin, _) in enumerate(begins):
        near = {number for at, number in begins[index:] if at - begin <= SLACK_SECONDS * RATE}
        if len(near) >= needed:
            return begin / RATE
    return None


def likenesses(heard: np.ndarray, pieces: tuple[tuple[int, np.ndarray], ...]) -> Iterator[tuple[int, np.ndarray]]:
    """For each piece its place in the prompt, and its likeness (-1 to 1) with what is heard from each sample on."""
    longest = max(piece.size for _, piece in pieces)
    size = 1 << int(heard.size + longest - 1).bit_length()
    spectrum = np.fft.rfft(heard, size)
    energy = np.concatenate(([0.0], np.cumsum(heard.astype(np.float64) ** 2)))
    for start, piece in pieces:
        if heard.size <= piece.size:
            continue
        product = np.fft.irfft(spectrum * np.conj(np.fft.rfft(piece, size)), size)[: heard.size - piece.size + 1]
        window = np.maximum(energy[piece.size :] - energy[: -piece.size], 1e-2)
        yield start, product / np.sqrt(window * np.sum(piece.astype(np.float64) ** 2))


def heard_in_order(heard: np.ndarray, folder: Path, names: list[str]) -> list[tuple[float, str]]:
    """All of these prompts that are in the recording, by the second: for a failed test's message, and for checks."""
    found = ((find(heard, folder / f"{name}.ulaw"), name) for name in names)
    return sorted((at, name) for at, name in found if at is not None)
