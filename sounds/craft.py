"""From what the voice speaks to a recording for the telephone: cut, even, 8 kHz µ-law.

Needs the maker's environment (sounds/README.md).
"""

import numpy as np
import soxr

RATE = 8000
_LOUDNESS = 10 ** (-21 / 20)
_PEAK = 10 ** (-2 / 20)
_AUDIBLE = 0.012
_BEFORE, _AFTER = 0.015, 0.035
"""Seconds of quiet left before and after: short, because Asterisk adds some 50 ms between two files."""


def trim(sound: np.ndarray, rate: int) -> np.ndarray:
    """The sound without the silence around it, softly cut."""
    level = _AUDIBLE * max(float(np.abs(sound).max()), 0.1) * 2
    heard = np.flatnonzero(np.abs(sound) > level)
    if not heard.size:
        return sound[:0]
    first, last = _without_specks(np.flatnonzero(np.abs(sound) > 2 * level), rate)
    heard = heard[(heard >= first) & (heard <= last)]
    before, after = int(_BEFORE * rate), int(_AFTER * rate)
    padded = np.concatenate([np.zeros(before), sound, np.zeros(after)])
    part = padded[heard[0] : heard[-1] + before + after].astype(np.float64)
    part[:before] *= np.linspace(0, 1, before)
    part[-after:] *= np.linspace(1, 0, after)
    return part


def _without_specks(loud: np.ndarray, rate: int) -> tuple[float, float]:
    """Between which samples the words are, without what is left of a neighbour at either end.

    That is a speck of under 40 ms beyond 45 ms of quiet; the cut goes into the middle of the quiet.
    """
    speck, gap = int(0.04 * rate), int(0.045 * rate)
    first, last = 0.0, float("inf")
    quiet = np.flatnonzero(np.diff(loud) > gap)
    if quiet.size:
        head, tail = quiet[0], quiet[-1]
        if loud[head] - loud[0] < speck:
            first = (loud[head] + loud[head + 1]) / 2
        if loud[-1] - loud[tail + 1] < speck:
            last = (loud[tail] + loud[tail + 1]) / 2
    return first, last


def to_telephone(sound: np.ndarray, rate: int) -> bytes:
    """A trimmed sound as raw 8 kHz µ-law, as loud as every other."""
    return encode(level(_without_rumble(soxr.resample(sound, rate, RATE))))


def level(sound: np.ndarray) -> np.ndarray:
    """Even loudness of the spoken part, the peaks kept below clipping."""
    frame = 160
    frames = sound[: len(sound) // frame * frame].reshape(-1, frame)
    power = np.mean(frames**2, axis=1)
    spoken = power[power > power.max() / 300]
    sound = sound * (_LOUDNESS / np.sqrt(spoken.mean()))
    # A rare peak is bent rather than the whole recording made quieter than its neighbours.
    knee = 0.6
    high = np.abs(sound) > knee
    bent = knee + (_PEAK - knee) * np.tanh((np.abs(sound) - knee) / (_PEAK - knee))
    return np.where(high, np.sign(sound) * bent, sound)


def _without_rumble(sound: np.ndarray) -> np.ndarray:
    spectrum = np.fft.rfft(sound)
    frequency = np.fft.rfftfreq(len(sound), 1 / RATE)
    return np.fft.irfft(spectrum * np.clip((frequency - 50) / 50, 0, 1), len(sound))


def encode(sound: np.ndarray) -> bytes:
    """µ-law (G.711) from float samples."""
    linear = np.clip(np.round(sound * 32768), -32635, 32635).astype(np.int32)
    sign = np.where(linear < 0, 0x80, 0)
    biased = np.abs(linear) + 132
    exponent = np.floor(np.log2(biased)).astype(np.int32) - 7
    mantissa = (biased >> (exponent + 3)) & 0x0F
    return (~(sign | exponent << 4 | mantissa) & 0xFF).astype(np.uint8).tobytes()


def decode(data: bytes) -> np.ndarray:
    """Float samples from µ-law (G.711)."""
    code = ~np.frombuffer(data, np.uint8) & 0xFF
    size = ((((code & 0x0F).astype(np.int32) << 3) + 132) << ((code >> 4) & 7)) - 132
    return np.where(code & 0x80, -size, size) / 32768


def pause(sound: np.ndarray, rate: int, about: float) -> int:
    """Where to cut two sentences apart: the middle of the pause near a time, as a sample.

    A long quiet is rather the pause than a short one, which may be the start of a consonant, and a near
    one rather than a far one.
    """
    step = int(0.005 * rate)
    first = max(0, int((about - 0.13) * rate))
    part = sound[first : int((about + 0.13) * rate)]
    envelope = np.abs(part[: len(part) // step * step]).reshape(-1, step).max(axis=1)
    quiet = np.flatnonzero(np.diff(np.concatenate([[0], envelope < 0.03 * np.abs(sound).max(), [0]])))
    begins, ends = quiet[::2], quiet[1::2]
    if not begins.size:
        return first + int(np.argmin(envelope)) * step
    middles = (begins + ends) / 2
    # Steps of silence against steps of distance from the middle of what was looked at.
    best = np.argmax((ends - begins) - 0.4 * np.abs(middles - len(envelope) / 2))
    return first + int(middles[best]) * step
