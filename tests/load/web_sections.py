"""What is measured on the website, and the aims. Each section gives the rows of the table."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from tests.load import people, servers
from tests.load.bench import Bench
from tests.load.table import Row, at_most, compared, percentile
from tests.load.websites import YEAR, Visits, Website, websites

# As people type them: a part of a name, initials, a code, a name with a strength, something common, nothing there is.
SEARCHES = ("阿莫西林", "amxl", "Y0123", "头孢克肟 0.25g", "胶囊", "西林", "tx", "没有这个药")


def home(bench: Bench) -> Iterator[Row]:
    """The first page."""
    yield from _measured(
        bench,
        bench.size.home,
        example=lambda site: site.read("/"),
        requests=lambda site: [site.request("GET", "/")],
        cpu_aim=2,
    )


def sign_in(bench: Bench) -> Iterator[Row]:
    """Signing in, with the real hash of the PIN."""
    yield from _measured(
        bench,
        bench.size.sign_ins,
        example=lambda site: site.read("/sign-in"),
        requests=lambda site: [site.signing_in(serial) for serial in range(bench.size.known)],
        status=303,
    )
    began = time.process_time()
    for _ in range(10):
        people.pin_hash()
    yield Row("argon2 alone, for one PIN, ms", 1000 * (time.process_time() - began) / 20)  # with the vault's own


def year(bench: Bench) -> Iterator[Row]:
    """A full year of contributions, of people who are signed in."""
    path = f"/account/pension?year={YEAR}"
    yield from _measured(
        bench,
        bench.size.years,
        example=lambda site: site.read(path, site.cookies[0]),
        requests=lambda site: [site.request("GET", path, headers=f"Cookie: {cookie}\r\n") for cookie in site.cookies],
        slowest_aim=250,
    )


def search(bench: Bench) -> Iterator[Row]:
    """A search of the catalogue."""
    paths = [f"/catalogue/drugs?{urlencode({'q': words})}" for words in SEARCHES]
    yield from _measured(
        bench,
        bench.size.searches,
        example=lambda site: site.read(paths[0]),
        requests=lambda site: [site.request("GET", path) for path in paths],
        slowest_aim=500,
    )


WEB = {"home": home, "sign-in": sign_in, "year": year, "search": search}


def _measured(
    bench: Bench,
    how_many: int,
    *,
    example: Callable[[Website], str],
    requests: Callable[[Website], list[str]],
    status: int = 200,
    cpu_aim: float | None = None,
    slowest_aim: float | None = None,
) -> Iterator[Row]:
    """The same requests to every website in turn, beside a bare page as long as the `example`."""
    sites, postgres = websites(bench), bench.postgresql_server()
    asked = {site.name: requests(site) for site in sites}
    length = len(example(sites[0]).encode())
    with servers.bare_page() as server:
        bare, plain = [f"GET /{length} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"], Visits(server)
        for site in sites:  # to warm up
            Visits(site.server).come(bench, asked[site.name], bench.size.visitors, status)
        Visits(server).come(bench, bare, bench.size.visitors)
        visits = {site.name: Visits(site.server) for site in sites}
        for _ in range(bench.size.rounds):
            for site in sites:
                own = postgres if site.on_postgresql else None
                visits[site.name].come(bench, asked[site.name], how_many, status, postgres=own)
            plain.come(bench, bare, how_many)
        bench.visited(plain, *visits.values())
    yield Row("requests measured, each", bench.size.rounds * how_many, bench.size.rounds * how_many)
    yield Row("length of the page, bytes", length)
    for site in sites:
        yield from _rows(bench, site, visits[site.name], plain, cpu_aim, slowest_aim)


def _rows(
    bench: Bench, site: Website, own: Visits, plain: Visits, cpu_aim: float | None, slowest_aim: float | None
) -> Iterator[Row]:
    what = f"{site.name} cardholders: server CPU a request, ms"
    figures = own.milliseconds_each, plain.milliseconds_each
    yield at_most(cpu_aim, what, *figures, of_ratio=True) if cpu_aim else compared(what, *figures)
    if site.on_postgresql:
        its = 1000 * own.postgres_cpu_seconds / max(1, len(own.latencies))
        yield Row("    PostgreSQL's own CPU a request, ms", its)
    yield compared(f"    requests a second, {bench.size.visitors} visitors at a time", own.a_second, plain.a_second)
    yield compared("    p50, ms", percentile(own.latencies, 0.5), percentile(plain.latencies, 0.5))
    what, slowest = "    p99, ms", [percentile(each.latencies, 0.99) for each in (own, plain)]
    yield at_most(slowest_aim, what, *slowest) if slowest_aim else compared(what, *slowest)
