"""The website over each database, started once for all sections, and what its visitors ask for."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from urllib.parse import urlencode

from core.demo.make_catalogue import drugs
from core.enquiries.catalogue import found_by
from core.values import Insurance
from tests.load import people, servers
from tests.load.bench import Bench
from tests.load.people import Tables
from tests.load.visitors import Answered, Job, visit

YEAR = 2025
BROWSER = "Accept: text/html\r\nAccept-Encoding: gzip, deflate, br\r\nSec-Fetch-Site: same-origin\r\n"
FORM = "Content-Type: application/x-www-form-urlencoded\r\n"


@dataclass
class Website:
    """`python -m web` over one database."""

    name: str
    server: servers.Running
    on_postgresql: bool
    cookies: list[str] = field(default_factory=list)  # of the people who are signed in

    def request(self, method: str, path: str, body: str = "", headers: str = "") -> str:
        """As a browser sends it."""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.server.address[1]}\r\n{BROWSER}{headers}"
        return f"{head}Content-Length: {len(body)}\r\n\r\n{body}" if method == "POST" else f"{head}\r\n"

    def signing_in(self, serial: int) -> str:
        """The request of somebody who signs in."""
        id_number, pin = people.person(serial)
        return self.request("POST", "/sign-in", urlencode({"id_number": id_number, "pin": pin, "next": ""}), FORM)

    def read(self, path: str, cookie: str = "") -> str:
        """One page, whole. AssertionError when it is none."""
        connection = http.client.HTTPConnection(*self.server.address, timeout=30)
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        assert answer.status == 200, f"{path} answers {answer.status}"
        return body

    def sign_in(self, serial: int) -> None:
        """Somebody more who is signed in."""
        connection = http.client.HTTPConnection(*self.server.address, timeout=30)
        head, _, body = self.signing_in(serial).partition("\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.split("\r\n")[1:])
        connection.request("POST", "/sign-in", body, headers)
        answer = connection.getresponse()
        assert answer.status == 303, f"signing in answers {answer.status}"
        self.cookies.append(answer.headers["Set-Cookie"].partition(";")[0])
        connection.close()


@dataclass
class Visits:
    """What came of many requests to one server."""

    server: servers.Running
    answered: list[Answered] = field(default_factory=list)
    cpu_seconds: float = 0.0
    postgres_cpu_seconds: float = 0.0

    def come(self, bench: Bench, requests: list[str], how_many: int, status: int = 200, *, postgres=None) -> None:
        """So many more."""
        cpu, postgres_cpu = self.server.cpu_seconds(), postgres.cpu_seconds() if postgres else 0.0
        self.answered.append(visit(Job(self.server.address, requests, how_many, bench.size.visitors, status)))
        self.cpu_seconds += self.server.cpu_seconds() - cpu
        self.postgres_cpu_seconds += postgres.cpu_seconds() - postgres_cpu if postgres else 0.0

    @property
    def latencies(self) -> list[float]:
        """In milliseconds."""
        return [1000 * seconds for answered in self.answered for seconds in answered.latencies]

    @property
    def a_second(self) -> float:
        return len(self.latencies) / sum(answered.seconds for answered in self.answered)

    @property
    def milliseconds_each(self) -> float:
        """Of the server's processor."""
        return 1000 * self.cpu_seconds / max(1, len(self.latencies))


def websites(bench: Bench) -> list[Website]:
    """One over each database, with a catalogue and people who can sign in, some of them with the real hash."""
    if not bench.websites:
        size = bench.size
        for how_many in (size.few, size.many):
            bench.websites.append(_website(bench, f"SQLite, {how_many:,}", bench.sqlite(f"web-{how_many}", how_many)))
        if bench.postgresql_server():
            for how_many in (size.few, size.many):
                url = bench.postgresql(f"web_{how_many}", how_many)
                bench.websites.append(_website(bench, f"PostgreSQL, {how_many:,}", url))
    return bench.websites


def _website(bench: Bench, name: str, url: str) -> Website:
    people.put(url, {"drugs": _catalogue(bench.size.items), "contributions": _full_years(bench.size.known)})
    server = bench.running.enter_context(servers.website(name, bench.scratch / name, url))
    website = Website(name, server, url.startswith("postgresql"))
    for serial in range(bench.size.known):
        website.sign_in(serial)
    # From here on they have the real hash.
    people.give_everyone(url, people.pin_hash(), up_to=bench.size.known)
    return website


def _full_years(how_many: int) -> Tables:
    columns = "person_id insurance month unit_number base personal_amount employer_amount paid".split()
    months = [f"{YEAR}-{month:02d}" for month in range(1, 13)]
    rows = (
        (serial + 1, insurance.value, month, "", 500_000, 40_000, 80_000, True)
        for serial, insurance, month in product(range(how_many), Insurance, months)
    )
    return columns, rows


def _catalogue(how_many: int) -> Tables:
    """The demo's drugs, each in packs of many sizes."""
    columns = "code name found_by category form unit price_limit patient_share".split()
    known = [(name, found_by(name, "").strip("\n"), *others) for name, *others in drugs()]

    def rows() -> Iterator[tuple]:
        for number in range(how_many):
            name, found, category, form, unit, price, share = known[number % len(known)]
            pack, code = f"×{number // len(known) + 1}", f"Y{number:06d}"
            first, _, initials = found.partition("\n")
            words = f"\n{first}{pack}\n{initials}{pack[1:]}\n{code.lower()}\n"
            in_fen = int(float(price) * 100) if price else None
            yield code, name + pack, words, category, form, unit, in_fen, int(float(share) * 100)

    return columns, rows()
