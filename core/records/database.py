"""Opening a database, bringing it up to date, and the transaction that every operation runs in."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import URL, Connection, CursorResult, Engine, Result, Table, create_engine, event, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry, NullPool, PoolProxiedConnection

from core.errors import HotlineError
from core.keys import Keys
from core.records.schema import Base, Fact
from core.settings import Settings, SettingsError

# A caller must hear an answer within three seconds (R45), so no statement may wait longer for a lock.
CALLERS_WAIT_SECONDS = 2.0
# A start may: another process may be writing, and nobody listens yet.
STARTS_WAIT_SECONDS = 30.0
_TRUSTED_SECONDS = 1.0

Upsert = sqlite.Insert | postgresql.Insert


def open_database(settings: Settings, *, for_start: bool = False) -> Engine:
    """An engine on SQLite (WAL) or PostgreSQL, by the URL. Connects to nothing yet. One that is opened `for_start`
    waits longer for others, and as long as it takes for its own work: a migration may rewrite a table."""
    try:
        url = make_url(settings.database_url)
    except ArgumentError as error:
        raise SettingsError("HOTLINE_DATABASE_URL is not a database URL, such as sqlite:////srv/hotline.db.") from error
    lock_wait = STARTS_WAIT_SECONDS if for_start else CALLERS_WAIT_SECONDS
    if url.get_backend_name() == "sqlite":
        return _open_sqlite(url, lock_wait)
    if url.get_backend_name() != "postgresql":
        raise SettingsError("HOTLINE_DATABASE_URL must name sqlite or postgresql.")
    milliseconds = int(lock_wait * 1000)
    waits = f"-c lock_timeout={milliseconds} -c statement_timeout={0 if for_start else milliseconds}"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        connect_args={"connect_timeout": 2, "options": waits},
        pool_size=settings.database_connections,
        max_overflow=0,
        pool_timeout=lock_wait,
        hide_parameters=True,
    )
    _try_idle_connections(engine)
    return engine


def _try_idle_connections(engine: Engine) -> None:
    """Find a connection that the server has dropped before an operation does (`pool_pre_ping`), but do not try one
    that worked a moment ago: trying all of them is a tenth of the CPU of a call."""

    @event.listens_for(engine, "checkin")
    def returned(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        record.info["worked_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def taken(connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection) -> None:
        if time.monotonic() - record.info.get("worked_at", time.monotonic()) < _TRUSTED_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError("the connection was lost") from error


def _open_sqlite(url: URL, lock_wait: float) -> Engine:
    if not url.database or url.database == ":memory:":
        raise SettingsError("HOTLINE_DATABASE_URL must name a file, such as sqlite:////srv/hotline.db.")
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # Every transaction writes, and SQLite has one writer at a time: here they wait for the one connection in
    # the order in which they came. Left to SQLite they would poll for the lock, and the unlucky one gives up.
    return _sqlite_engine(url, lock_wait, pool_size=1, max_overflow=0, pool_timeout=lock_wait)


def _sqlite_engine(url: URL, lock_wait: float, **pool: object) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": lock_wait, "check_same_thread": False},
        hide_parameters=True,
        **pool,
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        # Python's own idea of when to BEGIN is switched off: see `begin`.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that reads first and then writes meets "database is locked" in spite of the time-out,
        # and every operation writes its audit row: take the write lock at once and wait for it.
        options = connection.get_execution_options()
        if not options.get("durable", True):
            connection.info["hasty"] = True
            connection.exec_driver_sql("PRAGMA synchronous=NORMAL")
        connection.exec_driver_sql("BEGIN" if options.get("only_reads") else "BEGIN IMMEDIATE")

    @event.listens_for(engine, "checkin")
    def returned(connection: sqlite3.Connection | None, record: ConnectionPoolEntry) -> None:
        if record.info.pop("hasty", False) and connection is not None:
            connection.execute("PRAGMA synchronous=FULL")

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One operation: committed at its end, also when a rule refused it (the refusal is on record, R8);
    rolled back on any other exception."""
    with Session(engine, expire_on_commit=False, autoflush=False) as session:
        try:
            yield session
        except HotlineError:
            session.commit()
            raise
        session.commit()


@contextmanager
def autocommit(engine: Engine, *, durable: bool = True) -> Iterator[Session]:
    """Statements that each stand for themselves, such as an enquiry and the audit row that follows it. PostgreSQL then
    needs no BEGIN and no COMMIT, each a way there and back; what one statement sees is of one moment in either case.
    In SQLite, where these cost no way, it is a transaction like any other; it does not wait for the disk with what is
    not `durable`, which may be forgotten when the machine loses its power."""
    with transaction(_committing_each(engine, durable)) as session:
        yield session


@cache
def _committing_each(engine: Engine, durable: bool = True) -> Engine:
    if engine.dialect.name == "sqlite":
        return engine.execution_options(durable=durable)
    return engine.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def snapshot(engine: Engine) -> Iterator[Session]:
    """A long look at one moment of the database, which no caller waits for. Writes nothing."""
    with Session(engine.execution_options(only_reads=True)) as session:
        no_time_limit(session)
        yield session


@contextmanager
def read_only(engine: Engine) -> Iterator[Session]:
    """A short look through much, which no caller waits for: in SQLite beside the one connection that operations
    share. Writes nothing."""
    with Session(_engine_beside(engine)) as session:
        yield session


@cache
def _engine_beside(engine: Engine) -> Engine:
    if engine.dialect.name != "sqlite":
        return _committing_each(engine)
    return _sqlite_engine(engine.url, CALLERS_WAIT_SECONDS, poolclass=NullPool).execution_options(only_reads=True)


def no_time_limit(session: Session) -> None:
    """Let the statements of this transaction run as long as they need: the limit is there for callers."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SET LOCAL statement_timeout = 0"))


def rows_changed(result: Result[Any]) -> int:
    """How many rows an UPDATE or a DELETE has met."""
    assert isinstance(result, CursorResult)  # which SQLAlchemy does not promise for every statement
    return result.rowcount


def upsert(session: Session, table: type[Base] | Table) -> Upsert:
    """An INSERT that can say what to do on a conflict, for the database in use."""
    return upsert_on(session.get_bind().dialect.name, table)


def upsert_on(dialect_name: str, table: type[Base] | Table) -> Upsert:
    """The same for a database of this kind: for statements that are made once."""
    return sqlite.insert(table) if dialect_name == "sqlite" else postgresql.insert(table)


def migrate(engine: Engine) -> None:
    """Bring the database up to the newest schema; safe to call at every start, also of several processes at once."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # SQLite has one writer as it is
            connection.execute(text("SELECT pg_advisory_xact_lock(12333)"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()


def check_secret(engine: Engine, keys: Keys) -> None:
    """Stop, with a sentence, when the secret is not the one that this database's PINs were made with (R6)."""
    with Session(engine) as session:
        session.execute(upsert(session, Fact).values(name="secret", value=keys.fingerprint).on_conflict_do_nothing())
        session.commit()
        known = session.scalar(select(Fact.value).where(Fact.name == "secret"))
    if known != keys.fingerprint:
        raise SettingsError(
            "The secret (HOTLINE_SECRET, or secret.key in the state folder) is not the one that this database's "
            "PINs were made with: bring that one back, or no PIN will ever be right."
        )
