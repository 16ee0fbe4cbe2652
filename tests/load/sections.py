"""What is measured on the phone, and the aims. Each section gives the rows of the table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack

import gevent

from tests.load import servers
from tests.load.bench import HASHES, NO_HASH, Bench, Size
from tests.load.callers import CHECKING, QUESTIONS
from tests.load.crowd import Crowd, Parked
from tests.load.table import Row, at_most, compared, percentile


def whole_calls(bench: Bench) -> Iterator[Row]:
    """CPU a call, and calls a second, through the whole personal-account flow."""
    size = bench.size
    with ExitStack() as running:
        hotlines = {}
        for words in size.hashes:
            url = bench.sqlite(f"sqlite, {words}", size.few, real_hash=not HASHES[words])
            name = f"SQLite, {words}"
            hotlines[name] = running.enter_context(servers.hotline(name, bench.scratch / name, url, **HASHES[words]))
        postgres = bench.postgresql_server()
        if postgres is None:
            yield Row("PostgreSQL", "not installed")
        else:
            for words in size.hashes:
                name, real_hash = f"PostgreSQL, {words}", not HASHES[words]
                url = bench.postgresql(f"phone_{real_hash:d}", size.few, real_hash=real_hash)
                hotlines[name] = running.enter_context(
                    servers.hotline(name, bench.scratch / name, url, **HASHES[words])
                )
        crowds = {name: bench.crowd(server, size.few) for name, server in hotlines.items()}
        plain, warm = _warm_bare(bench, running, crowds)
        postgres_cpu = Counter()
        for _ in range(size.rounds):
            for name, crowd in crowds.items():
                before = postgres.cpu_seconds() if name.startswith("PostgreSQL") else 0
                crowd.calls(size.calls, size.at_once)
                postgres_cpu[name] += postgres.cpu_seconds() - before if name.startswith("PostgreSQL") else 0
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


PHONE = {
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


def _milliseconds_a_call(crowd: Crowd) -> float:
    return 1000 * crowd.cpu_seconds / max(1, crowd.done)


def _calls_a_second(size: Size, crowd: Crowd, plain: Crowd) -> Row:
    what = f"    calls a second, {size.at_once} callers at a time"
    return compared(what, crowd.done / crowd.seconds, plain.done / plain.seconds)


def _turns(crowd: Crowd, name: str = "") -> list[float]:
    """Turn-arounds in milliseconds, those after a key only."""
    turns = [turn for times in crowd.times for turn in times.turns if turn[0] != CHECKING]
    return [seconds * 1000 for question, _, seconds in turns if not name or question == name]
