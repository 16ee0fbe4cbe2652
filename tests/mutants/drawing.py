"""Which faults are put in: drawn by chance from all that there could be, but for those that are kept."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from tests.mutants.faults import Fault, faults

KEPT = Path("tests/mutants/survivors.toml")
Entry = tuple[str, str, str]


@dataclass(frozen=True)
class Mutant:
    """A fault in a module, whose path begins at the top of the tree."""

    module: Path
    fault: Fault
    again: int  # how often the very same fault stands in this module before

    @property
    def entry(self) -> Entry:
        """By what survivors.toml knows it, wherever the module lies and whatever its line's number is."""
        return self.module.name, self.fault.line, self.fault.change

    def lot(self, seed: int) -> bytes:
        """Its place among all: chance, but the same again for a fault that did not change."""
        return hashlib.sha256(repr((seed, self.entry, self.again)).encode()).digest()

    def __str__(self) -> str:
        return f"{self.module}:{self.fault.line_number}\n    {self.fault.line}\n    {self.fault.change}"


def mutants(tree: Path, path: str) -> Iterator[Mutant]:
    """Every fault of the modules below this path; none of migrations, which nobody changes once they have run."""
    below = tree / path
    for module in sorted(below.rglob("*.py")) if below.is_dir() else [below]:
        if "versions" in module.parts:
            continue
        seen: dict[tuple[str, str], int] = {}
        for fault in faults(module.read_bytes()):
            again = seen[fault.line, fault.change] = seen.get((fault.line, fault.change), -1) + 1
            yield Mutant(module.relative_to(tree), fault, again)


def draw(there: list[Mutant], seed: int) -> list[Mutant]:
    """By chance, of each kind in turn: most faults that there could be are dropped arguments and changed constants,
    and they are not the ones that matter most."""
    by_kind: dict[str, list[Mutant]] = {}
    for mutant in sorted(there, key=lambda mutant: mutant.lot(seed)):
        by_kind.setdefault(mutant.fault.kind, []).append(mutant)
    in_turn = zip_longest(*(by_kind[kind] for kind in sorted(by_kind)))
    return [mutant for turn in in_turn for mutant in turn if mutant]


def kept(file: Path) -> dict[Entry, str]:
    """What nobody needs to notice, with the reason."""
    return {
        (entry["module"], entry["line"], entry["change"]): entry["reason"]
        for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("kept", [])
    }
