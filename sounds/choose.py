"""Find a better way to speak a piece that is misheard: several ways, each heard among several neighbours.

Needs the maker's environment (sounds/README.md).
"""

import random
from collections.abc import Callable

import numpy as np

from sounds import craft, library, maker, recipes
from sounds.listener import Listener, Score
from sounds.voice import Voice

_SEARCH = 200_000
"""Random utterances looked through for some with the piece in them."""


def choose(name: str, voice: Voice, listener: Listener, seed: int, tell: Callable[[str], object]) -> bool:
    """Keep the way of speaking a piece that is heard best; True if it is always heard right.

    The neighbourhoods come from `seed`, so judge the outcome with `listen` and another seed.
    """
    kept = recipes.load()
    among = _neighbourhoods(name, seed)
    best, fewest = None, None
    for recipe in _ways(kept[name]):
        sound = craft.decode(maker.sound_of(recipe, voice))
        errors = sum(_errors(name, sound, utterance, listener) for utterance in among)
        tell(f"{name}: {recipe.carrier} at {recipe.speed}: {errors} errors in {len(among)} neighbourhoods")
        if fewest is None or errors < fewest:
            best, fewest = recipe, errors
        if not errors:
            break
    if best != kept[name]:
        kept[name] = best
        recipes.file(name).write_bytes(maker.sound_of(best, voice))
        recipes.save(kept)
    return not fewest


def _ways(now: recipes.Recipe) -> list[recipes.Recipe]:
    """The kept way, then alone, then between sentences: a voice starts some syllables weakly."""
    said = now.words
    ways = [now]
    for speed in (0.9, 0.8):
        ways += [
            recipes.Recipe(said, f"您好。{said}。您好。", 1, speed),
            recipes.Recipe(said, f"{said}。{said}。{said}。", 1, speed),
            recipes.Recipe(said, f"{said}。", None, speed),
            recipes.Recipe(said, f"{said}，", None, speed),
        ]
    return ways


def _neighbourhoods(name: str, seed: int, count: int = 4) -> list[tuple[str, str, list[str]]]:
    if name in library.prompts():
        return [("prompt", name, [])]
    found = []
    for utterance in maker.utterances(seed, _SEARCH):
        if name in utterance[2]:
            found.append(utterance)
            if len(found) == count:
                break
    return found or [("piece", random.Random(seed).choice(["medical-balance-is", "unit-due-is"]), [name])]


def _errors(name: str, sound: np.ndarray, utterance: tuple[str, str, list[str]], listener: Listener) -> int:
    kind, prompt, names = utterance
    score = Score()
    if kind == "prompt":
        score.add(library.words(name), listener.hear(sound))
        return score.errors
    parts = [sound if each == name else maker.play([each]) for each in (prompt, *names)]
    heard = listener.hear(np.concatenate(parts))
    score.add("".join(map(library.words, names)), heard, before=library.words(prompt), one_by_one=kind == "digits")
    # A digit heard as another is worse than a syllable that was not understood.
    return score.errors + 2 * score.wrong_digits
