"""How much of everything is measured, where the databases are kept and the servers work, and what went wrong."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from tests.load import people, servers
from tests.load.callers import people_at_random
from tests.load.crowd import Crowd
from tests.support import postgresql

if TYPE_CHECKING:
    from tests.load.websites import Visits, Website

NO_HASH = {"HOTLINE_HASH_MEMORY_KIB": "8", "HOTLINE_HASH_TIME_COST": "1"}  # as good as none
HASHES: dict[str, dict[str, str]] = {"without the hash": NO_HASH, "with the hash": {}}


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    rounds: int = 3
    few: int = 10_000
    many: int = 1_000_000

    calls: int = 300  # a round
    at_once: int = 40
    on_the_phone: int = 200
    ramp_seconds: float = 20
    paced_seconds: float = 45
    hurry: float = 1
    open_calls: tuple[int, int] = (1_000, 5_000)
    settle_seconds: float = 1
    same_instant: int = 200
    hashes: tuple[str, ...] = tuple(HASHES)

    # The website: requests a round, how many at a time, items in the catalogue, people who visit.
    home: int = 1_500
    sign_ins: int = 60
    years: int = 400
    searches: int = 200
    visitors: int = 8
    items: int = 100_000
    known: int = 60


QUICK = Size(
    rounds=1,
    few=200,
    many=1_000,
    calls=8,
    at_once=8,
    on_the_phone=8,
    ramp_seconds=0.3,
    paced_seconds=1,
    hurry=20,
    open_calls=(8, 24),
    settle_seconds=0.1,
    same_instant=16,
    hashes=("without the hash",),
    home=12,
    sign_ins=4,
    years=8,
    searches=8,
    visitors=4,
    items=300,
    known=4,
)


@dataclass(frozen=True)
class PostgresServer:
    """A real one; its URL waits for the name of a database."""

    url: str
    pid: int

    def cpu_seconds(self) -> float:
        """What it and its processes have used so far."""
        return servers.children_cpu_seconds(self.pid)


@dataclass
class Bench:
    """Where the databases are kept and the servers work, and what went wrong."""

    kept: Path
    scratch: Path
    size: Size
    failures: Counter[str] = field(default_factory=Counter)
    running: ExitStack = field(default_factory=ExitStack)  # what is started once and used by several sections
    websites: list[Website] = field(default_factory=list)
    _postgres: PostgresServer | None = None

    def __enter__(self) -> Bench:
        return self

    def __exit__(self, *error: object) -> None:
        self.running.close()

    def sqlite(self, name: str, how_many: int, *, real_hash: bool = False) -> str:
        """The URL of a copy of a filled database."""
        path = self.scratch / f"{name}.db"
        shutil.copy(people.filled_sqlite(self.kept, how_many), path)
        url = f"sqlite:///{path}"
        if real_hash:
            people.give_everyone(url, people.pin_hash())
        return url

    def postgresql_server(self) -> PostgresServer | None:
        """The server of this run; None where none is installed."""
        if self._postgres is None and postgresql.programs() is not None:
            folder = self.scratch / "postgresql"
            folder.mkdir()
            url = self.running.enter_context(postgresql.running_server(folder, durable=True))
            pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            self._postgres = PostgresServer(url, pid)
        return self._postgres

    def postgresql(self, name: str, how_many: int, *, real_hash: bool = False) -> str:
        """The URL of a new database with so many cardholders."""
        server_url = self.postgresql_server().url
        with psycopg.connect(server_url + "postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        people.fill_postgresql(server_url + name, how_many)
        if real_hash:
            people.give_everyone(server_url + name, people.pin_hash())
        return server_url + name

    def crowd(self, server: servers.Running, how_many: int, kind: type[Crowd] = Crowd) -> Crowd:
        return kind(server, people_at_random(people.person, how_many))

    def judged(self, *crowds: Crowd) -> None:
        """Remember every call that failed, and every error that a server logged."""
        for crowd in crowds:
            self._note(crowd.server, crowd.failures)

    def visited(self, *visits: Visits) -> None:
        """The same for requests."""
        for each in visits:
            for answered in each.answered:
                self._note(each.server, answered.failures)

    def _note(self, server: servers.Running, failures: Mapping[str, int]) -> None:
        for reason, times in failures.items():
            self.failures[f"{server.name}: {reason}"] += times
        for error in server.errors():
            self.failures[f"{server.name} logged: {error[24:140]}"] += 1
