"""The faults that `make mutants` puts in: each kind, and which of them are the same fault after lines have moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.__main__ import PACKAGES, ROOT, stale_entries
from tests.mutants.beside import files_beside
from tests.mutants.drawing import KEPT, draw, kept, mutants
from tests.mutants.faults import faults


@pytest.mark.parametrize(
    ("code", "with_a_fault"),
    [
        ("wrong = (a or b) == c", {"wrong = (a or b) != c", "wrong = ((a and b)) == c"}),
        ("late = now >= until", {"late = now < until", "late = now > until"}),
        ("there = x not in seen", {"there = x in seen"}),
        ("both = a and not b", {"both = (a or not b)", "both = a and (b)"}),
        ("if a:\n    go = b", {"if (not (a)):\n    go = b"}),
        ("total = (a) + b", {"total = (a) - b"}),
        ("limit = 20", {"limit = 21"}),
        ("frozen = True", {"frozen = False"}),
        ("prompt = 'pin-unchanged'", {"prompt = 'pin-unchangedx'"}),
        ("def f():\n    return x", {"def f():\n    return None"}),
        ("def f(a: int = 1) -> int: ...", {"def f(a: int = 2) -> int: ..."}),
        ("f(x)", {"pass"}),
        ("raise x", {"pass"}),
        ("row.state = end", {"pass"}),
        ("a = f(x, y=z)", {"a = f(y=z)", "a = f(x)"}),
        ('"""What it is for."""', set()),
        ("log.info('says %s', x)", set()),
        ("raise ValueError('in words')", {"pass"}),
        ("名 = '字' + f(1)\nb = 2", {"名 = '字x' + f(1)\nb = 2", "名 = '字' + f(2)\nb = 2", "名 = '字' + f(1)\nb = 3"}),
    ],
)
def test_what_a_line_can_be_changed_into(code, with_a_fault):
    assert {fault.put_into(code.encode()).decode() for fault in faults(code.encode())} == with_a_fault


def test_whatever_is_put_into_a_module_is_python_and_another_module():
    for package in PACKAGES:
        for mutant in draw(list(mutants(ROOT, package)), 1)[:400]:
            source = (ROOT / mutant.module).read_bytes()
            changed = mutant.fault.put_into(source)
            assert changed != source
            compile(changed, str(mutant.module), "exec")


def test_a_fault_is_the_same_one_after_its_line_and_its_module_have_moved(tmp_path: Path):
    for module, source in (("a/loss.py", "x = f(1)\n"), ("a/cards/loss.py", "import re\n\n\nif y:\n    x = f(1)\n")):
        (tmp_path / module).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / module).write_text(source)
    before = next(mutants(tmp_path, "a/loss.py"))
    after = [mutant for mutant in mutants(tmp_path, "a/cards") if mutant.entry == before.entry]
    assert [mutant.lot(1) for mutant in after] == [before.lot(1)] != [before.lot(2)]


def test_what_is_drawn_is_the_same_again_and_of_every_kind():
    there = list(mutants(ROOT, "core"))
    drawn = draw(there, 1)
    assert drawn == draw(there, 1) != draw(there, 2)
    assert len(drawn) == len(there)
    assert len({mutant.fault.kind for mutant in drawn[:8]}) == 8


def test_the_files_beside_a_module_bear_its_name_or_name_it():
    def beside(package: str, name: str) -> list[str]:
        (module,) = (ROOT / package).rglob(name)
        return [Path(test).name for test in files_beside(ROOT, module.relative_to(ROOT))]

    assert beside("core", "loss.py")[0] == "test_loss.py"
    assert {"test_cases.py", "test_pin_pads.py"} <= {*beside("core", "cases.py")}
    assert beside("agi", "unit_medical.py") == ["test_by_number.py"]


def test_every_entry_of_the_kept_ones_fits_a_line_and_has_a_reason():
    entries = kept(ROOT / KEPT)
    assert stale_entries(ROOT, entries) == []
    assert all(entries.values())
