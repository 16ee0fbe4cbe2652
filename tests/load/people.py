"""Databases with many cardholders, filled by plain SQL: ten thousand in a moment, a million in a minute or two.

The filled SQLite files are kept, as long as neither the schema nor this module changes.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import psycopg
from sqlalchemy.engine import make_url
from stdnum.cn import ric

from core.keys import load_keys
from core.numbers import card_check_character
from core.records import schema
from core.records.database import migrate, open_database
from core.settings import Settings
from core.vault import PinVault

SECRET = "a secret for the benchmark, thirty-two long"
PIN = "583921"
BORN_FROM = date(1950, 1, 1)
CHEAP_HASH = {"hash_memory_kib": 8, "hash_time_cost": 1}
MONTHS = ("2026-09", "2026-10")

Tables = dict[str, tuple[Sequence[str], Iterable[tuple]]]
"""Table → its columns and rows."""


def id_number(serial: int) -> str:
    """The ID number of each of up to a million people; order code by order code, day by day."""
    born = BORN_FROM + timedelta(days=serial // 1000)
    body = f"500101{born:%Y%m%d}{serial % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def person(serial: int) -> tuple[str, str]:
    """ID number and PIN."""
    return id_number(serial), PIN


def pin_hash(**cost: int) -> str:
    """The hash that all of them share. argon2 takes its cost from the hash that it compares with."""
    settings = Settings(secret=SECRET, **cost)
    return PinVault(settings, load_keys(settings).pin).hash(PIN)


def filled_sqlite(folder: Path, how_many: int) -> Path:
    """The file with so many cardholders and the cheapest hash; made now unless it was kept."""
    sources = Path(schema.__file__).read_bytes() + Path(__file__).read_bytes()
    path = folder / f"cardholders-{how_many}-{hashlib.sha256(sources).hexdigest()[:8]}.db"
    if path.exists():
        return path
    for old in folder.glob(f"cardholders-{how_many}-*"):
        old.unlink()
    unfinished = path.with_suffix(".unfinished")
    _migrate(f"sqlite:///{unfinished}")
    put(f"sqlite:///{unfinished}", _everybody(how_many))
    os.replace(unfinished, path)
    return path


def fill_postgresql(url: str, how_many: int) -> None:
    """So many cardholders, with the cheapest hash, into an empty database."""
    _migrate(url)
    put(url, _everybody(how_many))


def put(url: str, tables: Tables) -> None:
    """Rows into a database by the quickest way that it has. Nothing is checked: the rows fit each other."""
    if url.startswith("sqlite"):
        connection = sqlite3.connect(make_url(url).database)
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-400000")
        for table, (columns, rows) in tables.items():
            marks = ", ".join("?" * len(columns))
            connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)
        connection.commit()
        connection.close()
        return
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table, (columns, rows) in tables.items():
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        cursor.execute("ANALYZE")  # as autovacuum would have done in a minute


def give_everyone(url: str, new_hash: str, up_to: int | None = None) -> None:
    """Change the hash that everyone shares (or the first so many), and with it what a PIN check costs."""
    change = "UPDATE cards SET pin_hash = {0}" + ("" if up_to is None else f" WHERE id <= {up_to}")
    if url.startswith("sqlite"):
        with sqlite3.connect(make_url(url).database) as connection:
            connection.execute(change.format("?"), (new_hash,))
        connection.close()
    else:
        with psycopg.connect(url) as connection:
            connection.execute(change.format("%s"), (new_hash,))


def _migrate(url: str) -> None:
    engine = open_database(Settings(database_url=url, secret=SECRET))
    migrate(engine)
    engine.dispose()


def _everybody(how_many: int) -> Tables:
    def rows_of(rows: Callable[[int], list[tuple]]) -> Iterator[tuple]:
        for serial in range(how_many):
            yield from rows(serial)

    tables = _tables(pin_hash(**CHEAP_HASH))
    return {table: (columns, rows_of(rows)) for table, (columns, rows) in tables.items()}


def _tables(shared_hash: str) -> dict[str, tuple[tuple[str, ...], Callable[[int], list[tuple]]]]:
    """Table → its columns, and the rows of one person."""

    def people(n: int) -> list[tuple]:
        return [(n + 1, id_number(n), f"9{n:08d}", "某人", "渝中区", "employed", "")]

    def cards(n: int) -> list[tuple]:
        body = f"A{n:07d}"
        number = body + card_check_character(body)
        return [(n + 1, number, number[1:], n + 1, "2020-01-01", "active", shared_hash)]

    def contributions(n: int) -> list[tuple]:
        return [(n + 1, "unemployment", month, "", 500_000, 2_500, 2_500, True) for month in MONTHS]

    return {
        "people": (("id", "id_number", "personal_number", "name", "district", "employment", "phone"), people),
        "cards": (("id", "card_number", "suffix", "person_id", "issued_on", "state", "pin_hash"), cards),
        "contributions": (
            "person_id insurance month unit_number base personal_amount employer_amount paid".split(),
            contributions,
        ),
        "medical_accounts": (("person_id", "balance"), lambda n: [(n + 1, 100_000 + n % 99_999)]),
        "benefits": (
            ("personal_number", "kind", "month", "amount", "dependants"),
            lambda n: [(f"9{n:08d}", "retirement", "2026-10", 300_000 + n % 99_999, 0)],
        ),
    }
