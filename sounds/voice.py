"""The Mandarin voice: Kokoro-82M, voice zm_yunjian, from words to sound.

Needs the maker's environment (sounds/README.md). What was spoken once is kept in a cache, so that trying
another cut costs nothing.
"""

import hashlib
import itertools
import json
import os
from pathlib import Path

import numpy as np

from sounds import craft

RATE = 24000
_DURATIONS = "/encoder/Clip_output_0"
"""The model's own output that says how long each of its tokens lasts, in frames."""
_FRAME = 600 / RATE
_LEAD = 1.5 * _FRAME
"""The middle of a pause comes so much before the begin of its punctuation mark."""

READINGS = {
    "重听": "chóng tīng",
    "重新": "chóng xīn",
    "重庆市": "chóng qìng shì",
    "不正确": "bú zhèng què",
    "不够": "bú gòu",
    "不挂失": "bú guà shī",
    "一次": "yí cì",
    "井号键": "jǐng hào jiàn",
    "星号键": "xīng hào jiàn",
    "分中心": "fēn zhōng xīn",
}
"""Words that would be read or cut wrong otherwise."""
_NO_WORDS = ("按井", "请换")


class Voice:
    """One speaker; `models` holds kokoro.onnx, vocab.json and zm_yunjian.bin, `cache` what was spoken."""

    def __init__(self, models: Path, cache: Path) -> None:
        self._models, self._cache = models, cache
        self._session = None
        cache.mkdir(parents=True, exist_ok=True)
        self._vocabulary = json.loads((models / "vocab.json").read_text(encoding="utf-8"))["vocab"]
        self._phonemes = _phonemiser()

    def whole(self, text: str, speed: float) -> np.ndarray:
        """The text as one sound, trimmed."""
        return craft.trim(self._spoken(text, speed)[0], RATE)

    def parts(self, text: str, speed: float) -> list[np.ndarray]:
        """The sentences (or commas' parts) of a text as sounds of their own, cut in the pauses between."""
        sound, durations = self._spoken(text, speed)
        tokens = [token for token in f" {self._phonemes(text)} " if token in self._vocabulary]
        begins = (np.cumsum(durations) - durations) * _FRAME - _LEAD
        stops = [float(begins[at]) for at, token in enumerate(tokens) if token in ".,;"]
        cuts = [craft.pause(sound, RATE, stop) for stop in stops[:-1]]
        edges = [0, *cuts, len(sound)]
        return [craft.trim(sound[a:b], RATE) for a, b in itertools.pairwise(edges)]

    def _spoken(self, text: str, speed: float) -> tuple[np.ndarray, np.ndarray]:
        key = hashlib.sha1(f"{text}|{speed}".encode()).hexdigest()[:16]
        kept = self._cache / f"{key}.npz"
        if not kept.exists():
            half = kept.with_suffix(".half.npz")
            sound, durations = self._speak(text, speed)
            np.savez(half, a=sound.astype(np.float16), d=durations.astype(np.int16))
            half.replace(kept)
        with np.load(kept) as arrays:
            return arrays["a"].astype(np.float64), arrays["d"].astype(np.int64)

    def _speak(self, text: str, speed: float) -> tuple[np.ndarray, np.ndarray]:
        if self._session is None:
            self._session = _open_model(self._models / "kokoro.onnx")
            self._styles = np.fromfile(self._models / "zm_yunjian.bin", np.float32).reshape(-1, 1, 256)
        tokens = [self._vocabulary[token] for token in self._phonemes(text) if token in self._vocabulary]
        sound, durations = self._session.run(
            None,
            {
                "tokens": np.array([[0, *tokens, 0]], np.int64),
                "style": self._styles[min(len(tokens), len(self._styles) - 1)],
                "speed": np.array([speed], np.float32),
            },
        )
        return sound.ravel(), durations.ravel()


def _open_model(path: Path):
    import onnx
    import onnxruntime

    model = onnx.load(path)
    model.graph.output.append(onnx.helper.make_tensor_value_info(_DURATIONS, onnx.TensorProto.FLOAT, None))
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("HOTLINE_MAKER_THREADS", "1"))
    providers = ["CPUExecutionProvider"]
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=providers)


def _phonemiser():
    import jieba
    import pypinyin
    from misaki.zh import ZHG2P

    jieba.setLogLevel("WARNING")
    jieba.initialize()
    for word, reading in READINGS.items():
        jieba.add_word(word, freq=10**7)
        pypinyin.load_phrases_dict({word: [[syllable] for syllable in reading.split()]})
    for word in _NO_WORDS:
        jieba.del_word(word)
    speak = ZHG2P()
    return lambda text: speak(text)[0]
