"""Settings for the tests, and the fresh databases that they lead to: SQLite and PostgreSQL."""

from __future__ import annotations

import shutil
from itertools import count
from pathlib import Path

import psycopg
import pytest

from core.settings import Settings

SECRET = "a secret for tests only, thirty-two long"
# The cheapest hash that argon2 allows: what it costs is the benchmark's business.
CHEAP = {"secret": SECRET, "hash_memory_kib": 8, "hash_time_cost": 1}
_names = count()


def fresh_settings(request: pytest.FixtureRequest, folder: Path) -> Settings:
    """Settings for a fresh, migrated, empty database of the kind that the fixture asks for."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("empty_sqlite"), folder / "hotline.db")
        return Settings(state_dir=folder, **CHEAP)
    server, _, template = request.getfixturevalue("empty_postgresql").rpartition("/")
    server, name = f"{server}/", f"test_{next(_names)}"
    with psycopg.connect(server + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return Settings(state_dir=folder, database_url=server + name, **CHEAP)
