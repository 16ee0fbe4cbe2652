"""The benchmark itself works: every section counts what it should. What the clock says is no business of a test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.load import servers
from tests.load.__main__ import measure
from tests.load.bench import QUICK, Bench
from tests.load.callers import QUESTIONS
from tests.load.sections import PHONE
from tests.load.visitors import Job, visit
from tests.load.web_sections import WEB
from tests.support import postgresql
from tests.support.missing import cannot_run


@pytest.fixture
def bench() -> Iterator[Bench]:
    if postgresql.programs() is None:
        cannot_run("PostgreSQL's server is not installed (Debian: postgresql)")
    # Not in pytest's own folder, which another run closes to PostgreSQL's user.
    with TemporaryDirectory() as folder, Bench(Path(folder), Path(folder), QUICK) as opened:
        yield opened


def test_every_section_of_the_phone_measures_its_calls_and_none_fails(bench: Bench, capsys: pytest.CaptureFixture[str]):
    assert measure(bench, list(PHONE)) == 0, bench.failures
    table = capsys.readouterr().out
    assert "What failed" not in table
    for database in ("SQLite", "PostgreSQL"):
        assert f"{database}, without the hash: server CPU a call" in table
    # Both servers answered all, and the last question of a call is never answered: hence an odd number.
    assert row(table, "calls in the same instant") == row(table, "answered")[:2] == [str(QUICK.same_instant)] * 2
    assert row(table, "through the whole flow")[:2] == [str(QUICK.same_instant)] * 2
    assert row(table, "calls measured, each") == [str(QUICK.calls)] * 2
    assert float(row(table, "commands a call")[0]) >= 2 * len(QUESTIONS) - 1


def test_every_section_of_the_website_measures_its_requests_and_none_fails(
    bench: Bench, capsys: pytest.CaptureFixture[str]
):
    assert measure(bench, list(WEB)) == 0, bench.failures
    table = capsys.readouterr().out
    assert "What failed" not in table
    for section in table.split("requests measured, each")[1:]:
        assert int(section.split()[0]) == int(section.split()[1]) > 0
        for database in ("SQLite", "PostgreSQL"):
            for cardholders in (QUICK.few, QUICK.many):
                assert f"{database}, {cardholders:,} cardholders: server CPU a request, ms" in section
    assert table.count("requests measured, each") == len(WEB)


def test_a_request_that_is_not_answered_as_it_should_be_is_told():
    asked = ["GET /none HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"]
    with servers.bare_page() as server:
        found = visit(Job(server.address, asked, how_many=5, at_once=2))
        assert found.failures == {"status 404 instead of 200": 5}
    assert visit(Job(server.address, asked, how_many=5, at_once=2)).failures == {"no answer: ConnectionRefusedError": 5}


def row(table: str, what: str) -> list[str]:
    """The cells of the first row that begins so."""
    line = next(line for line in table.splitlines() if line.strip().startswith(what))
    return line.strip().removeprefix(what).split()
