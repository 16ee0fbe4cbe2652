"""How a database is opened: what each transaction may rely on, and what none may do."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from core.errors import NotFound
from core.records.schema import Card, CounterOffice
from core.values import CardState, Sought

on_sqlite = pytest.mark.parametrize("settings", ["sqlite"], indirect=True)


def pragma(session, name: str) -> object:
    return session.scalar(text(f"PRAGMA {name}"))


@on_sqlite
def test_a_change_is_on_the_disk_before_it_is_answered_also_after_one_that_need_not_be(context):
    full, normal = 2, 1
    with context.autocommit(durable=False) as session:
        assert pragma(session, "synchronous") == normal
    for lasts in (context.transaction, context.autocommit):
        with lasts() as session:
            assert pragma(session, "synchronous") == full


@on_sqlite
def test_whoever_reads_waits_for_nobody_who_writes(context):
    with context.transaction() as session:
        assert pragma(session, "journal_mode") == "wal"
        session.execute(insert(CounterOffice).values(name="某处", kind="branch", district="", address="", phone=""))
        with context.read_only() as beside:
            assert beside.scalar(text("SELECT count(*) FROM offices")) == 0


def test_a_card_of_nobody_can_not_be_put_in(context):
    card = {"card_number": "A00000001", "suffix": "00000001", "person_id": 1, "issued_on": date(2026, 1, 1)}
    with pytest.raises(IntegrityError), context.transaction() as session:
        session.execute(insert(Card).values(state=CardState.ACTIVE, **card))


def test_what_a_rule_refused_is_kept_and_what_broke_is_not(context):
    def put(name: str, then: Exception) -> None:
        with context.transaction() as session:
            session.execute(insert(CounterOffice).values(name=name, kind="branch", district="", address="", phone=""))
            raise then

    with pytest.raises(NotFound):
        put("refused", NotFound(Sought.OFFICE))
    with pytest.raises(ZeroDivisionError):
        put("broken", ZeroDivisionError())
    with context.read_only() as session:
        assert session.scalars(text("SELECT name FROM offices")).all() == ["refused"]


def test_a_broken_statement_names_neither_pin_nor_number(context):
    with pytest.raises(DBAPIError) as broken, context.transaction() as session:
        session.execute(text("INSERT INTO nowhere VALUES (:pin)"), {"pin": "739164"})
    assert "739164" not in str(broken.value)
