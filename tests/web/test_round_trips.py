"""A personal page asks the database a few times, however much is on record (R11)."""

from __future__ import annotations

import re
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from itertools import product

import pytest
from sqlalchemy import event, insert

from core.context import CoreContext
from core.enquiries.insurance import BENEFIT_KINDS, months_between
from core.records.schema import AuditEvent, Benefit, Card, Contribution, LossReport
from core.values import CardState, Insurance
from tests.support.core.people import Held
from tests.support.web.visitor import Visitor
from web.routes import SITE
from web.shared.insurance import PATHS

AT_MOST = 4
PAGES = sorted(
    route.path.replace("{insurance}", name)
    for route in SITE
    if route.method == "GET" and route.signed_in
    for name in (PATHS if "{insurance}" in route.path else [""])
)


@pytest.fixture
def statements(context: CoreContext, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the database is asked, in order. In SQLite a BEGIN or a PRAGMA goes nowhere."""
    monkeypatch.setattr("core.jobs.LOOK_EVERY_SECONDS", 3600)  # once as the site begins, and not beside a slow page
    asked: list[str] = []

    def listen(_connection, _cursor, statement: str, *_) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            asked.append(statement)

    event.listen(context.engine, "before_cursor_execute", listen)
    yield asked
    event.remove(context.engine, "before_cursor_execute", listen)


@pytest.fixture
def round_trips(context: CoreContext) -> Iterator[Callable[[], int]]:
    """How often PostgreSQL was sent something to answer, as the wire has it."""
    with tempfile.TemporaryFile() as wire:

        def connected(connection, _record) -> None:
            connection.pgconn.trace(wire.fileno())
            connection.prepare_threshold = None  # what is prepared now and then, once for many, is none of a page's

        if context.engine.name == "postgresql":
            event.listen(context.engine, "connect", connected)
            context.engine.dispose()

        def count() -> int:
            wire.seek(0)
            # Without the ";" that tries a connection after a second of rest.
            return len(re.findall(rb"\tF\t\d+\t(?:Query\t (?!\";\")|Sync\b)", wire.read()))

        yield count
        context.engine.dispose()


@pytest.fixture
def at_rest(statements: list[str], round_trips: Callable[[], int], visitor: Visitor) -> Visitor:
    """Somebody at a site that has tidied up as it began."""
    deadline = time.monotonic() + 10
    while not any("DELETE FROM form_answers" in statement for statement in statements):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return visitor


def test_r11_a_personal_page_asks_as_often_for_thirty_years_as_for_none(
    context: CoreContext, at_rest: Visitor, holder, statements: list[str], round_trips: Callable[[], int]
):
    held = holder()
    at_rest.signs_in(held)

    def asked_for(path: str) -> tuple[int, int]:
        statements.clear()
        before = round_trips()
        assert at_rest.asks("GET", path).status in (200, 303)
        return len(statements), round_trips() - before

    with_none = {path: asked_for(path) for path in PAGES}
    _fill(context, held)
    for path in PAGES:
        asked, travelled = asked_for(path)
        assert 0 < asked <= AT_MOST, f"{path}: {statements}"
        assert asked == with_none[path][0]
        assert travelled == (asked if context.engine.name == "postgresql" else 0)


def _fill(context: CoreContext, held: Held) -> None:
    """Thirty years in every insurance, benefits, lost cards, and a long history."""
    months = list(months_between("1996-04", "2026-03"))
    own, now = {"person_id": held.person_id}, context.now()
    amounts = {"base": Decimal(5000), "personal_amount": Decimal(400), "employer_amount": Decimal(800), "paid": True}
    paid = {"personal_number": held.personal_number, "amount": Decimal(3000), "dependants": 0}
    old = {**own, "issued_on": date(2000, 1, 1), "state": CardState.REPLACED}
    lost = {"reported_at": now, "reported_by": "web", "closed_at": now, "outcome": "replaced"}
    done = {"channel": "web", "source": "web:192.0.2.1", "who": "visitor", "office": "", "operation": "enquire_self"}
    rows = {
        Contribution: [
            {**own, **amounts, "insurance": insurance.value, "month": month, "unit_number": ""}
            for insurance, month in product(Insurance, months)
        ],
        Benefit: [{**paid, "kind": kind, "month": month} for kind, month in product(BENEFIT_KINDS.values(), months)],
        Card: [{**old, "id": 1_000 + n, "card_number": f"Z{n:08d}", "suffix": f"{n:08d}"} for n in range(20)],
        LossReport: [{**lost, "card_id": 1_000 + n, "reference": f"{n:08d}"} for n in range(20)],
        AuditEvent: [{**own, **done, "at": now - timedelta(hours=n), "outcome": "done"} for n in range(500)],
    }
    with context.transaction() as session:
        for table, its_rows in rows.items():
            session.execute(insert(table), its_rows)
