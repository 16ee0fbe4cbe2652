"""Puts small faults into the code, one at a time, and asks the tests beside it whether they notice.

python -m tests.mutants [--seed 1] [--count 90] [--paths core agi]

A fault goes into a copy of the tree, never into the tree. What nobody notices is named; what nobody needs to notice
stands in survivors.toml with the reason, and does not count. Fails when too few are noticed, or when an entry there
fits no line any more.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory

from tests.mutants.beside import files_beside
from tests.mutants.drawing import KEPT, Entry, Mutant, draw, kept, mutants

ROOT = Path(__file__).parents[2]
PACKAGES = ("core", "agi", "web", "dialplan")
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")
SAID = "said.txt"  # in each copy: what its tests printed last
FAILED = {1, 2, 3, 4}  # by pytest's count: tests that failed, and modules that can't even be imported


class Copies:
    """Copies of a tree, in which tests are run: so many at once as there are copies."""

    def __init__(self, tree: Path, copies: int, seconds: float) -> None:
        self._seconds = seconds
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(copies):
            copy = tree.with_name(f"{tree.name}-{number}")
            shutil.copytree(tree, copy)
            self._free.put(copy)

    def notice(self, mutant: Mutant, tests: list[str]) -> bool:
        """Whether these tests notice it: on PostgreSQL, too, if they do not on SQLite."""
        if not tests:
            return False
        with self._borrowed() as copy, _changed(copy / mutant.module, mutant.fault.put_into):
            return self._fail(copy, tests, "not postgresql") or self._fail(copy, tests, "postgresql")

    def fail(self, file: str) -> bool:
        """Whether these tests fail without any fault."""
        with self._borrowed() as copy:
            fails = self._fail(copy, [file], "not postgresql")
            if fails:
                print((copy / SAID).read_text(encoding="utf-8"), flush=True)
            return fails

    def _fail(self, copy: Path, tests: list[str], which: str) -> bool:
        options = ["-x", "-q", "-p", "no:cacheprovider", "--basetemp", copy / "tmp", "-k", which]
        command = [sys.executable, "-m", "pytest", *options, *tests]
        with (copy / SAID).open("w") as said:
            process = subprocess.Popen(command, cwd=copy, stdout=said, stderr=said, start_new_session=True)
        try:
            return process.wait(self._seconds) in FAILED
        except subprocess.TimeoutExpired:
            # That nothing ends any more is noticed, too, but on a busy machine it may not be the fault's fault.
            print(f"took more than {self._seconds:.0f} s and counts as noticed:", *tests, flush=True)
            return True
        finally:
            with suppress(ProcessLookupError):  # whatever it started goes with it
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    @contextmanager
    def _borrowed(self) -> Iterator[Path]:
        copy = self._free.get()
        try:
            yield copy
        finally:
            self._free.put(copy)


@contextmanager
def _changed(module: Path, change) -> Iterator[None]:
    source = module.read_bytes()
    try:
        _write(module, change(source))
        yield
    finally:
        _write(module, source)


def _write(module: Path, source: bytes) -> None:
    """Without what Python compiled before, which it takes for the same if length and second are."""
    module.write_bytes(source)
    for compiled in module.parent.glob(f"__pycache__/{module.stem}.*"):
        compiled.unlink()


def stale_entries(tree: Path, entries: dict[Entry, str]) -> list[Entry]:
    """What survivors.toml keeps that fits no line any more."""
    there = {mutant.entry for package in PACKAGES for mutant in mutants(tree, package)}
    return [entry for entry in entries if entry not in there]


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.splitlines()[0])
    asked.add_argument("--seed", type=int, default=1, help="another seed draws other faults")
    asked.add_argument("--count", type=int, default=90, help="how many faults for each path")
    asked.add_argument("--paths", nargs="+", default=["core", "agi"], help="packages or modules")
    asked.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many at once")
    asked.add_argument("--seconds", type=float, default=600, help="for the tests of one fault")
    asked.add_argument("--at-least", type=float, default=90, help="per cent that must be noticed")
    given = asked.parse_args()
    wanting = False

    with TemporaryDirectory() as folder, ThreadPoolExecutor(given.jobs) as at_once, ExitStack() as interrupted:
        interrupted.callback(at_once.shutdown, wait=False, cancel_futures=True)
        tree = Path(folder, "tree")  # somebody may go on working in the real one
        shutil.copytree(ROOT, tree, ignore=NOT_COPIED)
        entries = kept(tree / KEPT)
        for entry in stale_entries(tree, entries):
            print("fits no line any more, take it out of survivors.toml:", *entry, sep="\n    ")
            wanting = True
        copies = Copies(tree, given.jobs, given.seconds)
        for path in given.paths:
            there = [mutant for mutant in mutants(tree, path) if mutant.entry not in entries]
            drawn = draw(there, given.seed)[: given.count]
            beside = [files_beside(tree, mutant.module) for mutant in drawn]
            files = sorted({test for tests in beside for test in tests})
            broken = [file for file, fails in zip(files, at_once.map(copies.fail, files), strict=True) if fails]
            if broken:
                print("fail without any fault, so that they tell nothing:", *broken)
                return 1
            noticed = 0
            for mutant, noticed_it in zip(drawn, at_once.map(copies.notice, drawn, beside), strict=True):
                noticed += noticed_it
                if not noticed_it:
                    print(f"nobody noticed {mutant}", flush=True)
            percent = 100 * noticed / len(drawn)
            print(f"{path}: {noticed} of {len(drawn)} noticed, {percent:.0f} % (seed {given.seed})", flush=True)
            wanting = wanting or percent < given.at_least
    return 1 if wanting else 0


if __name__ == "__main__":
    sys.exit(main())
