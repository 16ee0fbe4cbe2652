"""A database that is locked, full, read-only or gone: nothing half done, and work goes on when it is back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from core.context import CoreContext, open_context
from core.records import database
from core.service import Service
from core.values import CardState
from tests.support.core.audit import outcomes
from tests.support.core.databases import SECRET
from tests.support.core.people import card_state

ROOT = Path(__file__).parents[2]


@pytest.fixture
def identified(caller, holder):
    held = holder()
    return held, caller.identify(held.id_number, held.pin)


def is_sqlite(context) -> bool:
    return context.engine.dialect.name == "sqlite"


@contextlib.contextmanager
def locked(context):
    """Somebody else holds the database's locks."""
    if is_sqlite(context):
        other = sqlite3.connect(context.engine.url.database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    with context.engine.connect() as other:
        other.execute(text("LOCK TABLE cards, audit_events, pin_attempts, facts IN ACCESS EXCLUSIVE MODE"))
        yield
        other.rollback()


@contextlib.contextmanager
def read_only(context):
    if is_sqlite(context):
        context.engine.dispose()
        event.listen(context.engine, "connect", query_only)
        yield
        event.remove(context.engine, "connect", query_only)
    else:
        with context.engine.begin() as connection:
            connection.execute(
                text(f"ALTER DATABASE {context.engine.url.database} SET default_transaction_read_only = on")
            )
        context.engine.dispose()
        yield
        with context.engine.begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(
                text(f"ALTER DATABASE {context.engine.url.database} RESET default_transaction_read_only")
            )
    context.engine.dispose()


def query_only(connection, _record) -> None:
    connection.execute("PRAGMA query_only=ON")


def test_a_start_waits_longer_for_another_process_than_a_caller_does(context, monkeypatch):
    monkeypatch.setattr(database, "CALLERS_WAIT_SECONDS", 0.05)
    with ThreadPoolExecutor(1) as other:
        with locked(context):
            starting = other.submit(open_context, context.settings)
            with pytest.raises(TimeoutError):
                starting.result(0.5)
        starting.result().engine.dispose()


def test_processes_that_start_at_once_on_a_new_database_all_start(context, tmp_path):
    """The first makes the tables; nobody is in the others' way."""
    environment = os.environ | {
        "HOTLINE_STATE_DIR": str(tmp_path),
        "HOTLINE_DATABASE_URL": _another_database(context, tmp_path),
        "HOTLINE_SECRET": SECRET,
    }
    start = [sys.executable, "-m", "core", "migrate"]
    starts = [subprocess.Popen(start, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [each.communicate(timeout=120)[1] for each in starts] == [""] * 4
    assert {each.returncode for each in starts} == {0}


def _another_database(context: CoreContext, folder: Path) -> str:
    if is_sqlite(context):
        return f"sqlite:///{folder}/new/hotline.db"
    name = f"{context.engine.url.database}_new"
    with psycopg.connect(context.settings.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return context.settings.database_url.rpartition("/")[0] + f"/{name}"


@pytest.mark.parametrize("trouble", [locked, read_only])
def test_nothing_is_half_done_and_the_next_try_succeeds(context, caller, identified, trouble):
    held, person = identified
    before = outcomes(context, held)
    with trouble(context), pytest.raises(OperationalError if is_sqlite(context) else DBAPIError) as fault:
        caller.report_loss(person)
    assert held.id_number not in str(fault.value) and held.card_number not in str(fault.value)
    assert card_state(context, held) is CardState.ACTIVE and outcomes(context, held) == before
    assert not caller.report_loss(person).already_reported
    assert card_state(context, held) is CardState.LOSS_REPORTED


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_whole_operations(context, caller, holder):
    """SQLite's own limit on pages stands for a disk without room."""
    held = holder()
    person = caller.identify(held.id_number, held.pin)
    with context.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    context.engine.dispose()

    def no_more_room(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(context.engine, "connect", no_more_room)
    answered = 0
    with pytest.raises(DBAPIError, match="full"):
        for _ in range(5_000):
            caller.medical_balance(person)
            answered += 1
    assert [row[0] for row in outcomes(context, held)].count("enquire about oneself") == answered
    assert card_state(context, held) is CardState.ACTIVE

    event.remove(context.engine, "connect", no_more_room)
    context.engine.dispose()
    assert caller.report_loss(person).reference


def test_r6_a_fault_tells_no_parameters(context, caller, holder):
    held = holder()
    with context.engine.begin() as connection:
        connection.execute(text("DROP TABLE pin_attempts"))
    with pytest.raises(DBAPIError) as fault:
        Service(context, caller.actor).identify(held.id_number, "918273")
    assert held.id_number not in str(fault.value) and "918273" not in str(fault.value)


def test_a_database_that_is_gone_stops_the_start_with_a_sentence(tmp_path):
    gone = {"HOTLINE_STATE_DIR": str(tmp_path), "HOTLINE_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/nothing"}
    run = subprocess.run(
        [sys.executable, "-m", "core", "audit", "check"],
        cwd=ROOT,
        env={**os.environ, **gone},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0 and "Traceback" not in run.stderr and "database" in run.stderr.lower()
