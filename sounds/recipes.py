"""How each shipped recording was made, so that it can be made again, and only when its words changed.

`sounds/zh/rendered.json` keeps for every name its words and how the voice was made to speak them: the
text it spoke (several pieces in one breath sound more alike and cost less), which part of it, and how fast.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from sounds import library

KEPT = library.SHIPPED / "rendered.json"


@dataclass(frozen=True)
class Recipe:
    """One recording: `part` of what was spoken in `carrier`, None for all of it."""

    words: str
    carrier: str
    part: int | None
    speed: float


def load(kept: Path = KEPT) -> dict[str, Recipe]:
    """The recipes of the shipped recordings by name."""
    if not kept.exists():
        return {}
    return {name: Recipe(**recipe) for name, recipe in json.loads(kept.read_text(encoding="utf-8")).items()}


def save(recipes: dict[str, Recipe], kept: Path = KEPT) -> None:
    """Write them down, one line each, so that a change of one is seen as one."""
    lines = [
        f"{json.dumps(name)}: {json.dumps(asdict(recipe), ensure_ascii=False)}"
        for name, recipe in sorted(recipes.items())
    ]
    kept.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def default(name: str) -> Recipe:
    """How a recording is made when nobody has found a better way: spoken alone, a number a little slower."""
    words = library.words(name)
    if name in library.prompts():
        return Recipe(words, _clearly(words), None, 1.0)
    return Recipe(words, f"{words}。", None, 0.9)


def _clearly(words: str) -> str:
    """A menu as a row of sentences: the keys at their ends are heard better than before a comma."""
    return words.replace("，", "。") if words.count("请按") > 1 else words


def stale(recipes: dict[str, Recipe]) -> list[str]:
    """The names whose recording is missing or says other words than it should."""
    return [
        name
        for name in library.all_names()
        if name not in recipes or recipes[name].words != library.words(name) or not file(name).exists()
    ]


def file(name: str) -> Path:
    """Where a shipped recording lies."""
    return library.SHIPPED / f"{name}.ulaw"
