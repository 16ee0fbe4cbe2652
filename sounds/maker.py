"""Render the recordings and let a machine listen to them.

Needs the maker's environment (sounds/README.md).
"""

import random
from collections.abc import Callable, Iterable
from decimal import Decimal

import numpy as np

from sounds import craft, library, numbers, recipes
from sounds.listener import Listener, Score
from sounds.voice import RATE, Voice

_BETWEEN = np.zeros(int(0.05 * craft.RATE))
"""What Asterisk leaves between two files."""


def render(names: Iterable[str], voice: Voice, advance: Callable[[int], object]) -> None:
    """Make recordings again: by their kept recipe, or by the default one where the words have changed."""
    kept = recipes.load()
    for name in names:
        recipe = kept.get(name)
        if recipe is None or recipe.words != library.words(name):
            recipe = recipes.default(name)
        recipes.file(name).write_bytes(sound_of(recipe, voice))
        kept[name] = recipe
        advance(1)
    recipes.save({name: kept[name] for name in library.all_names() if name in kept})


def sound_of(recipe: recipes.Recipe, voice: Voice) -> bytes:
    """One recording by its recipe."""
    if recipe.part is None:
        sound = voice.whole(recipe.carrier, recipe.speed)
    else:
        sound = voice.parts(recipe.carrier, recipe.speed)[recipe.part]
    return craft.to_telephone(sound, RATE)


def play(names: Iterable[str]) -> np.ndarray:
    """The recordings one after the other, as a caller hears them."""
    sounds = [craft.decode(recipes.file(name).read_bytes()) for name in names]
    return np.concatenate([part for sound in sounds for part in (sound, _BETWEEN)])


def utterances(seed: int, count: int) -> list[tuple[str, str, list[str]]]:
    """Random things to say: what kind it is, the prompt before it, the pieces of it."""
    chance = random.Random(seed)
    made = []
    for _ in range(count):
        kind = chance.choices(["amount", "people", "months", "year_month", "digits"], [60, 10, 14, 8, 8])[0]
        prompt, say = {
            "amount": ("medical-balance-is", lambda: numbers.amount(random_amount(chance))),
            "people": ("unit-people-are", lambda: numbers.people(int(10 ** chance.uniform(0, 5)))),
            "months": ("unemployment-months-are", lambda: numbers.months(chance.randint(1, 300))),
            "year_month": ("benefit-last-paid", lambda: numbers.year_month(random_month(chance))),
            "digits": ("loss-reference-is", lambda: numbers.digits(f"{chance.randrange(10**8):08d}")),
        }[kind]
        made.append((kind, prompt, say()))
    return made


def random_amount(chance: random.Random) -> Decimal:
    """Money as it is on record: mostly below ten thousand yuan, with cents, sometimes a unit's large sums."""
    most = chance.choices([10, 1_000, 10_000, 100_000, 10_000_000], [5, 25, 50, 15, 5])[0]
    cents = chance.randrange(most * 100)
    whole = chance.random() < 0.2
    return Decimal(cents // 100 * 100 if whole else cents) / 100


def random_month(chance: random.Random) -> str:
    """A month in which something may have been paid."""
    return f"{chance.randint(2015, 2035)}-{chance.randint(1, 12):02d}"


def listen_to_numbers(listener: Listener, seed: int, count: int, heard: Callable[[str], object]) -> dict[str, Score]:
    """Numbers put together as in a call, after the prompt that goes before them: a score for each kind."""
    scores: dict[str, Score] = {}
    for kind, prompt, names in utterances(seed, count):
        said = "".join(map(library.words, names))
        text = listener.hear(play([prompt, *names]))
        right = scores.setdefault(kind, Score()).add(
            said, text, before=library.words(prompt), one_by_one=kind == "digits"
        )
        heard(f"{'right' if right else 'WRONG'} {kind}: said {said}, heard {text}")
    return scores


def listen_to_prompts(listener: Listener, heard: Callable[[str], object]) -> Score:
    """Every whole prompt, once."""
    score = Score()
    for name, words in library.prompts().items():
        text = listener.hear(play([name]))
        if not score.add(words, text):
            heard(f"{name}: said {words}, heard {text}")
    return score
