"""The benchmark itself works: every section counts what it should. What the clock says is no business of a test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import postgresql
from tests.conftest import cannot_run
from tests.load import sections
from tests.load.__main__ import measure
from tests.load.sections import QUICK, SECTIONS, Bench


def test_every_section_measures_its_calls_and_none_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    if postgresql.programs() is None:
        cannot_run("PostgreSQL's server is not installed (Debian: postgresql)")
    bench = Bench(tmp_path, tmp_path, QUICK)
    assert measure(bench, list(SECTIONS)) == 0, bench.failures
    table = capsys.readouterr().out
    assert "What failed" not in table
    for database in ("SQLite", "PostgreSQL"):
        assert f"{database}, without the hash: server CPU a call" in table
    # Both servers answered all, and the last question of a call is never answered: hence an odd number.
    assert row(table, "calls in the same instant") == row(table, "answered")[:2] == [str(QUICK.same_instant)] * 2
    assert row(table, "through the whole flow")[:2] == [str(QUICK.same_instant)] * 2
    assert row(table, "calls measured, each") == [str(QUICK.calls)] * 2
    assert float(row(table, "commands a call")[0]) >= 2 * len(sections.QUESTIONS) - 1


def row(table: str, what: str) -> list[str]:
    """The cells of the first row that begins so."""
    line = next(line for line in table.splitlines() if line.strip().startswith(what))
    return line.strip().removeprefix(what).split()
