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
    before, after = int(_BEFORE * rate), int(_AFTER * rate)
    padded = np.concatenate([np.zeros(before), sound, np.zeros(after)])
    part = padded[heard[0]:heard[-1] + before + after].astype(np.float64)
    part[:before] *= np.linspace(0, 1, before)
    part[-after:] *= np.linspace(1, 0, after)
    return part


def to_telephone(sound: np.ndarray, rate: int) -> bytes:
    """A trimmed sound as raw 8 kHz µ-law, as loud as every other."""
    return encode(level(_without_rumble(soxr.resample(sound, rate, RATE))))


def level(sound: np.ndarray) -> np.ndarray:
    """Even loudness of the spoken part, the peaks kept below clipping."""
    frame = 160
    frames = sound[:len(sound) // frame * frame].reshape(-1, frame)
    power = np.mean(frames ** 2, axis=1)
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


def quietest(sound: np.ndarray, rate: int, start: float, end: float) -> int:
    """The sample in the middle of the quietest 30 ms between two times: where to cut."""
    width = int(0.03 * rate)
    first, last = max(0, int(start * rate)), min(len(sound), int(end * rate))
    power = np.convolve(sound[first:last].astype(np.float64) ** 2, np.ones(width), "same")
    return first + int(np.argmin(power))
