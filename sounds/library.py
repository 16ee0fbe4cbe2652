"""The recordings: what is said in each, whether they are fit to play, and where Asterisk finds them (R46).

Shipped recordings are raw 8 kHz µ-law files, `sounds/zh/NAME.ulaw`. An operator's own recordings, in a
folder of their own, go before them name by name, in any format that Asterisk plays by its ending.
"""

import shutil
import tomllib
from functools import cache
from pathlib import Path

from sounds import numbers

MANIFEST = Path(__file__).with_name("manifest.toml")
SHIPPED = Path(__file__).with_name("zh")
RATE = 8000
"""Bytes a second of a shipped file: one byte a sample."""
ENDINGS = (".ulaw", ".alaw", ".wav", ".wav16", ".sln", ".sln16", ".g722", ".gsm")
"""What an operator's own recording may be."""

# µ-law keeps the loudness in the low seven bits, upside down: 0x80 and 0x00 are the loudest samples.
_CLIPPED = bytes((0x00, 0x80))
_LOUD = bytes(byte for byte in range(256) if byte & 0x7F < 0x38)
_LEAST_LOUD = 0.02
_MOST_CLIPPED = 0.002


@cache
def prompts() -> dict[str, str]:
    """The prompts of the manifest: name → words."""
    return dict(tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["prompts"])


def words(name: str) -> str:
    """What is said in a recording, a prompt's or a number piece's; KeyError for an unknown name."""
    return prompts()[name] if name in prompts() else numbers.pieces()[name]


def all_names() -> list[str]:
    """Every recording that the hotline can play: the prompts, then the number pieces."""
    return [*prompts(), *numbers.pieces()]


def problems(folder: Path, *, complete: bool = True) -> list[str]:
    """What is wrong with the recordings in a folder, one sentence each; empty when all can be played.

    Made for the server's start, so that a missing or silent recording is found before a call, not in
    one. Recordings in another format than µ-law are only looked at for their size. A folder of the
    operator's own need not be `complete`.
    """
    found: dict[str, Path] = {}
    if folder.is_dir():
        found = {path.stem: path for path in folder.iterdir() if path.suffix in ENDINGS}
    sentences = []
    for name in all_names():
        path = found.get(name)
        missing = "is missing" if complete else None
        problem = missing if path is None else _problem(path)
        if problem:
            sentences.append(f"The recording {name} ({words(name)}) {problem}.")
    return sentences


def _problem(path: Path) -> str | None:
    data = path.read_bytes()
    if not data:
        return "is empty"
    if path.suffix != ".ulaw":
        return None
    if len(data) - len(data.translate(None, _LOUD)) < _LEAST_LOUD * len(data):
        return "is silent"
    if sum(map(data.count, _CLIPPED)) > _MOST_CLIPPED * len(data):
        return "is clipped"
    return None


def merge(target: Path, own: Path | None) -> None:
    """Fill the folder that Asterisk reads: the shipped recordings, the operator's own before them.

    Only what changed is copied, and a shipped recording gives way to an own one of another format,
    because Asterisk would choose between the two by its own taste. What is no recording of ours any
    longer is taken out.
    """
    target.mkdir(parents=True, exist_ok=True)
    chosen = {path.stem: path for path in SHIPPED.glob("*.ulaw")}
    if own is not None:
        chosen |= {path.stem: path for path in sorted(own.iterdir()) if path.suffix in ENDINGS}
    wanted = {path.name: path for path in chosen.values()}
    for old in target.iterdir():
        if old.suffix in ENDINGS and old.name not in wanted:
            old.unlink()
    for name, source in wanted.items():
        copy = target / name
        if not copy.exists() or _stamp(copy) != _stamp(source):
            # Copied beside and moved into place, so that no call ever plays half a file.
            half = copy.with_name(f".{name}.new")
            shutil.copy2(source, half)
            half.replace(copy)


def _stamp(path: Path) -> tuple[int, int]:
    about = path.stat()
    return about.st_size, about.st_mtime_ns
