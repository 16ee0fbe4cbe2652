"""What is measured, and the aims. Each section gives the rows of the table."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import gevent
import psycopg

from tests import postgresql
from tests.load import people, servers
from tests.load.callers import CHECKING, QUESTIONS, people_at_random
from tests.load.crowd import Crowd, Parked
from tests.load.table import Row, at_most, compared, percentile

NO_HASH = {"HOTLINE_HASH_MEMORY_KIB": "8", "HOTLINE_HASH_TIME_COST": "1"}  # as good as none
HASHES: dict[str, dict[str, str]] = {"without the hash": NO_HASH, "with the hash": {}}


@dataclass(frozen=True)
class Size:
    """How much of everything."""

    rounds: int = 3
    calls: int = 300  # a round
    at_once: int = 40
    on_the_phone: int = 200
    ramp_seconds: float = 20
    paced_seconds: float = 45
    hurry: float = 1
    open_calls: tuple[int, int] = (1_000, 5_000)
    settle_seconds: float = 1
    same_instant: int = 200
    few: int = 10_000
    many: int = 1_000_000
    hashes: tuple[str, ...] = tuple(HASHES)


QUICK = Size(1, 8, 8, 8, 0.3, 1, 20, (8, 24), 0.1, 16, 200, 1_000, ("without the hash",))


@dataclass
class Bench:
    """Where the databases are kept and the servers work, and what went wrong."""

    kept: Path
    scratch: Path
    size: Size
    failures: Counter[str] = field(default_factory=Counter)

    def sqlite(self, name: str, how_many: int, *, real_hash: bool = False) -> str:
        """The URL of a copy of a filled database."""
        path = self.scratch / f"{name}.db"
        shutil.copy(people.filled_sqlite(self.kept, how_many), path)
        url = f"sqlite:///{path}"
        if real_hash:
            people.give_everyone(url, people.pin_hash())
        return url

    def crowd(self, server: servers.Running, how_many: int, kind: type[Crowd] = Crowd) -> Crowd:
        return kind(server, people_at_random(people.person, how_many))

    def judged(self, *crowds: Crowd) -> None:
        """Remember every call that failed, and every error that a server logged."""
        for crowd in crowds:
            for reason, times in crowd.failures.items():
                self.failures[f"{crowd.server.name}: {reason}"] += times
            for error in crowd.server.errors():
                self.failures[f"{crowd.server.name} logged: {error[24:140]}"] += 1


def whole_calls(bench: Bench) -> Iterator[Row]:
    """CPU a call, and calls a second, through the whole personal-account flow."""
    size = bench.size
    with ExitStack() as running:
        hotlines, postgres = {}, None
        for words in size.hashes:
            url = bench.sqlite(f"sqlite, {words}", size.few, real_hash=not HASHES[words])
            name = f"SQLite, {words}"
            hotlines[name] = running.enter_context(servers.hotline(name, bench.scratch / name, url, **HASHES[words]))
        if postgresql.programs() is None:
            yield Row("PostgreSQL", "not installed")
        else:
            folder = bench.scratch / "postgresql"
            folder.mkdir()
            server_url = running.enter_context(postgresql.running_server(folder, durable=True))
            postgres = int((folder / "data" / "postmaster.pid").read_text().split()[0])
            for words in size.hashes:
                url = _postgresql_database(server_url, size.few, real_hash=not HASHES[words])
                name = f"PostgreSQL, {words}"
                hotlines[name] = running.enter_context(
                    servers.hotline(name, bench.scratch / name, url, **HASHES[words])
                )
        crowds = {name: bench.crowd(server, size.few) for name, server in hotlines.items()}
        plain, warm = _warm_bare(bench, running, crowds)
        postgres_cpu = Counter()
        for _ in range(size.rounds):
            for name, crowd in crowds.items():
                before = servers.children_cpu_seconds(postgres) if name.startswith("PostgreSQL") else 0
                crowd.calls(size.calls, size.at_once)
                after = servers.children_cpu_seconds(postgres) if name.startswith("PostgreSQL") else 0
                postgres_cpu[name] += after - before
            plain.calls(size.calls, size.at_once)
        bench.judged(plain, *crowds.values(), *warm)
        yield Row("calls measured, each", size.rounds * size.calls, size.rounds * size.calls)
        for name, crowd in crowds.items():
            own, its = _milliseconds_a_call(crowd), _milliseconds_a_call(plain)
            what = f"{name}: server CPU a call, ms"
            yield at_most(5, what, own, its, of_ratio=True) if "without" in name else compared(what, own, its)
            if name.startswith("PostgreSQL"):
                yield Row("    PostgreSQL's own CPU a call, ms", 1000 * postgres_cpu[name] / max(1, crowd.done))
            yield _calls_a_second(size, crowd, plain)
            yield Row("    commands a call", crowd.commands_a_call(), plain.commands_a_call())


def turn_around(bench: Bench) -> Iterator[Row]:
    """From our answer to a key or # until the next thing is heard, with everyone at a person's pace."""
    size = bench.size
    with servers.bare(len(QUESTIONS)) as server:
        plain = bench.crowd(server, size.few)
        plain.paced(size.on_the_phone, size.ramp_seconds, size.paced_seconds, size.hurry)
        bench.judged(plain)
        for words in size.hashes:
            url = bench.sqlite(f"paced, {words}", size.few, real_hash=not HASHES[words])
            with servers.hotline(words, bench.scratch / words, url, **HASHES[words]) as server:
                crowd = bench.crowd(server, size.few)
                crowd.paced(size.on_the_phone, size.ramp_seconds, size.paced_seconds, size.hurry)
            bench.judged(crowd)
            own, its = _turns(crowd), _turns(plain)
            yield Row(f"{words}: {size.on_the_phone} people on the phone; turns measured", len(own), len(its))
            yield compared("    server CPU, % of a core", *(100 * c.cpu_seconds / c.seconds for c in (crowd, plain)))
            for part in (0.5, 0.95):
                yield compared(f"    turn-around p{part * 100:g}, ms", percentile(own, part), percentile(its, part))
            yield at_most(100, "    turn-around p99, ms", percentile(own, 0.99), percentile(its, 0.99))
            after_pin = _turns(crowd, "pin-enter")
            yield Row("    of it, from the PIN to the announcement, p99, ms", percentile(after_pin, 0.99))
            waits = [times.after_checking * 1000 for times in crowd.times if times.after_checking is not None]
            for part in (0.5, 0.99):
                what = f"    from the announcement's end to the next question p{part * 100:g}, ms"
                yield Row(what, percentile(waits, part))


def memory(bench: Bench) -> Iterator[Row]:
    """What an open call costs that has identified and stands in the account menu."""
    few, many = bench.size.open_calls
    url = bench.sqlite("open", bench.size.few)
    patient = NO_HASH | {"HOTLINE_KEY_TIMEOUT_SECONDS": "60"}
    growth: dict[str, dict[int, float]] = {}
    for starter in (
        servers.hotline("open calls", bench.scratch / "open", url, **patient),
        servers.bare(len(QUESTIONS)),
    ):
        with starter as server:
            crowd = bench.crowd(server, bench.size.few)
            crowd.calls(min(100, few), bench.size.at_once)
            gevent.sleep(bench.size.settle_seconds)
            before = server.resident_kib()
            parked = bench.crowd(server, bench.size.few, Parked)
            growth[server.name] = {}
            for how_many in (few, many):
                parked.stand(how_many - parked.standing, bench.size.at_once)
                gevent.sleep(bench.size.settle_seconds)
                if parked.standing != how_many:
                    bench.failures[f"{server.name}: only {parked.standing} of {how_many} calls are open"] += 1
                growth[server.name][how_many] = (server.resident_kib() - before) / max(1, parked.standing)
            parked.leave()
            bench.judged(crowd, parked)
    own, its = growth["open calls"], growth["bare"]
    yield compared(f"{few:,} open calls: growth of RSS for each, KiB", own[few], its[few])
    yield at_most(32, f"{many:,} open calls: growth of RSS for each, KiB", own[many], its[many])


def same_instant(bench: Bench) -> Iterator[Row]:
    """Many calls that begin at once, each going through the whole flow, real PIN check and all."""
    how_many = bench.size.same_instant
    url = bench.sqlite("instant", bench.size.few, real_hash=True)
    crowds = []
    for starter in (servers.hotline("same instant", bench.scratch / "instant", url), servers.bare(len(QUESTIONS))):
        with starter as server:
            crowds.append(bench.crowd(server, bench.size.few))
            crowds[-1].in_the_same_instant(how_many)
        bench.judged(crowds[-1])
    answered = [sum(bool(times.first_command) for times in crowd.times) for crowd in crowds]
    yield Row("calls in the same instant", how_many, how_many)
    yield Row("    answered", *answered, "", "all", answered[0] == how_many)
    yield Row("    through the whole flow", *(crowd.done for crowd in crowds), "", "all", crowds[0].done == how_many)
    first = [max((t.first_command - t.dialled) * 1000 for t in crowd.times if t.first_command) for crowd in crowds]
    yield compared("    slowest first command, ms", *first)
    waits = [times.after_checking for times in crowds[0].times if times.after_checking is not None]
    yield Row("    slowest PIN check after its announcement, s", max(waits, default=float("nan")))


def cardholders(bench: Bench) -> Iterator[Row]:
    """The same flow with few and with many cardholders, in turns."""
    size = bench.size
    with ExitStack() as running:
        crowds = []
        for how_many in (size.few, size.many):
            url = bench.sqlite(f"cardholders-{how_many}", how_many)
            folder = bench.scratch / f"cardholders-{how_many}"
            server = running.enter_context(servers.hotline(f"{how_many:,} cardholders", folder, url, **NO_HASH))
            crowds.append(bench.crowd(server, how_many))
        plain, warm = _warm_bare(bench, running, {crowd.server.name: crowd for crowd in crowds})
        crowds = [
            bench.crowd(crowd.server, how_many) for crowd, how_many in zip(crowds, (size.few, size.many), strict=True)
        ]
        for _ in range(2 * size.rounds):
            for crowd in (*crowds, plain):
                crowd.calls(max(1, size.calls // 2), size.at_once)
        bench.judged(plain, *crowds, *warm)
    few, many = map(_milliseconds_a_call, crowds)
    its = _milliseconds_a_call(plain)
    yield compared(f"{size.few:,} cardholders: server CPU a call, ms", few, its)
    yield _calls_a_second(size, crowds[0], plain)
    yield compared(f"{size.many:,} cardholders: server CPU a call, ms", many, its)
    yield _calls_a_second(size, crowds[1], plain)
    yield at_most(1.2, f"    CPU a call, {size.many:,} to {size.few:,}", many / few)


SECTIONS = {
    "calls": whole_calls,
    "turns": turn_around,
    "memory": memory,
    "instant": same_instant,
    "cardholders": cardholders,
}


def _warm_bare(bench: Bench, running: ExitStack, crowds: dict[str, Crowd]) -> tuple[Crowd, list[Crowd]]:
    """Warm the hotlines, see how many questions a call has, and start a bare server that asks as many."""
    warm = [bench.crowd(crowd.server, bench.size.few) for crowd in crowds.values()]
    for crowd in warm:
        crowd.calls(max(2, bench.size.calls // 4), bench.size.at_once)
    server = running.enter_context(servers.bare(max(len(QUESTIONS), round(warm[0].commands_a_call() / 2))))
    plain = bench.crowd(server, bench.size.few)
    plain.calls(max(2, bench.size.calls // 4), bench.size.at_once)
    return bench.crowd(server, bench.size.few), [*warm, plain]


def _postgresql_database(server_url: str, how_many: int, *, real_hash: bool) -> str:
    name = f"bench_{real_hash:d}"
    with psycopg.connect(server_url + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    people.fill_postgresql(server_url + name, how_many)
    if real_hash:
        people.give_everyone(server_url + name, people.pin_hash())
    return server_url + name


def _milliseconds_a_call(crowd: Crowd) -> float:
    return 1000 * crowd.cpu_seconds / max(1, crowd.done)


def _calls_a_second(size: Size, crowd: Crowd, plain: Crowd) -> Row:
    what = f"    calls a second, {size.at_once} callers at a time"
    return compared(what, crowd.done / crowd.seconds, plain.done / plain.seconds)


def _turns(crowd: Crowd, name: str = "") -> list[float]:
    """Turn-arounds in milliseconds, those after a key only."""
    turns = [turn for times in crowd.times for turn in times.turns if turn[0] != CHECKING]
    return [seconds * 1000 for question, _, seconds in turns if not name or question == name]
