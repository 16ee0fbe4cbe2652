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

from core.context import Office, open_office
from core.records import database
from core.service import Desk
from core.values import CardState
from tests.core.conftest import SECRET, card_state, outcomes

ROOT = Path(__file__).parents[2]


@pytest.fixture
def identified(caller, holder):
    held = holder()
    return held, caller.identify(held.id_number, held.pin)


def is_sqlite(office) -> bool:
    return office.engine.dialect.name == "sqlite"


@contextlib.contextmanager
def locked(office):
    """Somebody else holds the database's locks."""
    if is_sqlite(office):
        other = sqlite3.connect(office.engine.url.database, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    with office.engine.connect() as other:
        other.execute(text("LOCK TABLE cards, audit_events, pin_attempts, facts IN ACCESS EXCLUSIVE MODE"))
        yield
        other.rollback()


@contextlib.contextmanager
def read_only(office):
    if is_sqlite(office):
        office.engine.dispose()
        event.listen(office.engine, "connect", query_only)
        yield
        event.remove(office.engine, "connect", query_only)
    else:
        with office.engine.begin() as connection:
            connection.execute(
                text(f"ALTER DATABASE {office.engine.url.database} SET default_transaction_read_only = on")
            )
        office.engine.dispose()
        yield
        with office.engine.begin() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            connection.execute(text(f"ALTER DATABASE {office.engine.url.database} RESET default_transaction_read_only"))
    office.engine.dispose()


def query_only(connection, _record) -> None:
    connection.execute("PRAGMA query_only=ON")


def test_a_start_waits_longer_for_another_process_than_a_caller_does(office, monkeypatch):
    monkeypatch.setattr(database, "CALLERS_WAIT_SECONDS", 0.05)
    with ThreadPoolExecutor(1) as other:
        with locked(office):
            starting = other.submit(open_office, office.settings)
            with pytest.raises(TimeoutError):
                starting.result(0.5)
        starting.result().engine.dispose()


def test_processes_that_start_at_once_on_a_new_database_all_start(office, tmp_path):
    """The first makes the tables; nobody is in the others' way."""
    environment = os.environ | {
        "HOTLINE_STATE_DIR": str(tmp_path),
        "HOTLINE_DATABASE_URL": _another_database(office, tmp_path),
        "HOTLINE_SECRET": SECRET,
    }
    start = [sys.executable, "-m", "core", "migrate"]
    starts = [subprocess.Popen(start, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(4)]
    assert [each.communicate(timeout=120)[1] for each in starts] == [""] * 4
    assert {each.returncode for each in starts} == {0}


def _another_database(office: Office, folder: Path) -> str:
    if is_sqlite(office):
        return f"sqlite:///{folder}/new/hotline.db"
    name = f"{office.engine.url.database}_new"
    with psycopg.connect(office.settings.database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return office.settings.database_url.rpartition("/")[0] + f"/{name}"


@pytest.mark.parametrize("trouble", [locked, read_only])
def test_nothing_is_half_done_and_the_next_try_succeeds(office, caller, identified, trouble):
    held, person = identified
    before = outcomes(office, held)
    with trouble(office), pytest.raises(OperationalError if is_sqlite(office) else DBAPIError) as fault:
        caller.report_loss(person)
    assert held.id_number not in str(fault.value) and held.card_number not in str(fault.value)
    assert card_state(office, held) is CardState.ACTIVE and outcomes(office, held) == before
    assert not caller.report_loss(person).already_reported
    assert card_state(office, held) is CardState.LOSS_REPORTED


@pytest.mark.parametrize("settings", ["sqlite"], indirect=True)
def test_a_full_disk_refuses_whole_operations(office, caller, holder):
    """SQLite's own limit on pages stands for a disk without room."""
    held = holder()
    person = caller.identify(held.id_number, held.pin)
    with office.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    office.engine.dispose()

    def no_more_room(connection, _record) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(office.engine, "connect", no_more_room)
    answered = 0
    with pytest.raises(DBAPIError, match="full"):
        for _ in range(5_000):
            caller.medical_balance(person)
            answered += 1
    assert [row[0] for row in outcomes(office, held)].count("enquire about oneself") == answered
    assert card_state(office, held) is CardState.ACTIVE

    event.remove(office.engine, "connect", no_more_room)
    office.engine.dispose()
    assert caller.report_loss(person).reference


def test_r6_a_fault_tells_no_parameters(office, caller, holder):
    held = holder()
    with office.engine.begin() as connection:
        connection.execute(text("DROP TABLE pin_attempts"))
    with pytest.raises(DBAPIError) as fault:
        Desk(office, caller.actor).identify(held.id_number, "918273")
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
