"""A machine that listens to the recordings as a caller does, and says where it heard something else.

Needs the maker's environment (sounds/README.md). Hearing is compared in pinyin without tones, because a
listener that knows no context cannot choose between characters that sound alike.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

_DIGITS = "零一二三四五六七八九"
_SAME = {"liang": "er", "yao": "yi"}
"""二 and 两, 一 and 幺 are one digit each: a listener who writes 2 or 1 has not told which it heard."""
DIGIT_SOUNDS = {"ling", "yi", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu"}


@dataclass
class Score:
    """What was said and heard so far: syllables and their errors, digits and those heard as others."""

    heard: int = 0
    syllables: int = 0
    errors: int = 0
    digits: int = 0
    wrong_digits: int = 0
    lost_digits: int = 0
    misheard: list[tuple[str, str]] = field(default_factory=list)

    def add(self, said: str, heard: str, *, before: str = "", one_by_one: bool = False) -> bool:
        """Count one recording; True if every syllable was heard right.

        `before` is what was said before it in the same breath: heard along, but not counted.
        """
        wanted, got = pinyin(said), pinyin(heard, one_by_one=one_by_one)
        pairs = align(pinyin(before) + wanted, got)
        left = len(pinyin(before))
        while left:
            left -= bool(pairs.pop(0)[0])
        errors = sum(a != b for a, b in pairs)
        self.heard += 1
        self.syllables += len(wanted)
        self.errors += errors
        self.digits += sum(a in DIGIT_SOUNDS for a in wanted)
        self.wrong_digits += sum(a != b and {a, b} <= DIGIT_SOUNDS for a, b in pairs)
        self.lost_digits += sum(a in DIGIT_SOUNDS and b not in DIGIT_SOUNDS for a, b in pairs)
        if errors:
            self.misheard.append((said, heard))
        return not errors

    @property
    def rate(self) -> float:
        return self.errors / max(1, self.syllables)

    @property
    def digit_rate(self) -> float:
        return self.wrong_digits / max(1, self.digits)


class Listener:
    """Whisper-base, in one thread, always in Mandarin."""

    def __init__(self, model: Path) -> None:
        from faster_whisper import WhisperModel

        self._model = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=1)
        # It must write what it hears, syllable by syllable: given numerals it writes 3.5分 for 三角五分.
        tokens = self._model.hf_tokenizer.get_vocab().items()
        self._no_numerals = [-1, *(number for token, number in tokens if re.search(r"[0-9]", token))]

    def hear(self, samples: "numpy.ndarray", rate: int = 8000) -> str:  # noqa: F821
        """What was heard in some speech (float samples)."""
        import numpy
        import soxr

        quiet = numpy.zeros(rate // 3, numpy.float32)
        wide = soxr.resample(numpy.concatenate([quiet, samples.astype(numpy.float32), quiet]), rate, 16000)
        # A listener caught in a loop has to stop: nobody says so many syllables, of up to three tokens each.
        most = 24 + 24 * len(samples) // rate
        parts, _ = self._model.transcribe(
            wide,
            language="zh",
            beam_size=3,
            temperature=[0.0, 0.2, 0.4],
            condition_on_previous_text=False,
            without_timestamps=True,
            suppress_tokens=self._no_numerals,
            no_speech_threshold=None,
            max_new_tokens=most,
        )
        return "".join(part.text for part in parts)


def pinyin(text: str, *, one_by_one: bool = False) -> list[str]:
    """The syllables of a text without tones, numerals written out, everything silent left out."""
    from pypinyin import lazy_pinyin

    written = _write_out(text, one_by_one).replace("〇", "零").replace("重听", "虫听")
    characters = "".join(re.findall(r"[\u4e00-\u9fffA-Za-z]", written))
    return [_SAME.get(syllable, syllable) for syllable in lazy_pinyin(characters)]


def _write_out(text: str, one_by_one: bool) -> str:
    """Numerals as the words for them: the listener writes 1234.5元 where it hears 一千二百三十四元五角."""
    text = re.sub(r"(?<=\d)[,，](?=\d\d\d)", "", text)
    text = re.sub(
        r"(\d+)\.(\d)(\d?)元", lambda found: f"{found[1]}元{found[2]}角" + (f"{found[3]}分" if found[3] else ""), text
    )
    text = re.sub(r"\d{4}(?=\s*年)", lambda found: _digit_by_digit(found[0]), text)
    if one_by_one:
        return re.sub(r"\d+", lambda found: _digit_by_digit(found[0]), text)
    return re.sub(r"\d{1,8}", lambda found: _counted(int(found[0])), text)


def _digit_by_digit(numeral: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in numeral)


def _counted(number: int) -> str:
    if number >= 10_000:
        high, rest = divmod(number, 10_000)
        gap = "零" if 0 < rest < 1000 else ""
        return _counted(high) + "万" + (gap + _counted(rest) if rest else "")
    said = ""
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            said += _DIGITS[digit] + name
        elif said and not said.endswith("零"):
            said += "零"
    said = said.rstrip("零") or "零"
    return said[1:] if said.startswith("一十") and number < 20 else said


def align(wanted: list[str], got: list[str]) -> list[tuple[str, str]]:
    """The cheapest pairing of two rows of syllables; an empty one stands for nothing."""
    rows = [[0] * (len(got) + 1) for _ in range(len(wanted) + 1)]
    for i in range(len(wanted) + 1):
        for j in range(len(got) + 1):
            if i and j:
                rows[i][j] = min(
                    rows[i - 1][j - 1] + (wanted[i - 1] != got[j - 1]), rows[i - 1][j] + 1, rows[i][j - 1] + 1
                )
            else:
                rows[i][j] = i + j
    pairs, i, j = [], len(wanted), len(got)
    while i or j:
        if i and j and rows[i][j] == rows[i - 1][j - 1] + (wanted[i - 1] != got[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((wanted[i], got[j]))
        elif i and rows[i][j] == rows[i - 1][j] + 1:
            i -= 1
            pairs.append((wanted[i], ""))
        else:
            j -= 1
            pairs.append(("", got[j]))
    return pairs[::-1]
