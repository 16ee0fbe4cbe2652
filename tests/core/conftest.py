"""An office with a real database, SQLite and PostgreSQL in turn, and people to put into it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select
from stdnum.cn import ric

from core.actor import Actor
from core.audit.record import AuditEntry, history
from core.cards import replacement
from core.context import CoreContext, open_context
from core.numbers import card_check_character
from core.records.schema import AuditEvent, Card, Person
from core.service import Service
from core.settings import Settings
from core.values import COUNTERS, CardState, Door, Role
from tests.support.core.bureau import Bureau
from tests.support.core.staffing import at_work, hired  # noqa: F401

SECRET = "a secret for tests only, thirty-two long"
# The cheapest hash that argon2 allows: what it costs is the benchmark's business.
CHEAP = {"secret": SECRET, "hash_memory_kib": 8, "hash_time_cost": 1}


class Clock:
    """A clock that stands still until a test moves it."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def passes(self, **duration: float) -> None:
        self.moment += timedelta(**duration)


_names = count()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("empty")
    open_context(Settings(state_dir=folder, **CHEAP)).engine.dispose()
    return folder / "hotline.db"


@pytest.fixture(scope="session")
def empty_postgresql(postgresql_server: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The URL of a database to copy. Each folder of tests that takes this fixture over makes one of its own."""
    name = f"empty_{next(_names)}"
    with psycopg.connect(postgresql_server + "postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = postgresql_server + name
    open_context(Settings(state_dir=tmp_path_factory.mktemp(name), database_url=url, **CHEAP)).engine.dispose()
    return url


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


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return fresh_settings(request, tmp_path)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def context(settings: Settings, clock: Clock) -> Iterator[CoreContext]:
    opened = open_context(settings, clock)
    yield opened
    opened.engine.dispose()


@pytest.fixture
def with_settings(context: CoreContext) -> Callable[..., CoreContext]:
    """The same office under other settings."""
    return lambda **changes: replace(context, settings=replace(context.settings, **changes))


@pytest.fixture
def caller(context: CoreContext) -> Service:
    """A caller's desk."""
    return Service(context, Actor.phone("02300000001", "call-1"))


@dataclass(frozen=True)
class Held:
    """Somebody who holds a card, as a test knows them."""

    person_id: int
    card_id: int
    id_number: str
    card_number: str
    personal_number: str
    pin: str

    @property
    def suffix(self) -> str:
        return self.card_number[1:]


_people = count(1)


def somebody_at(door: Door, source: str = "source", who: str = "who", office: str = "") -> Actor:
    """Whoever uses this door: a citizen, or a clerk at a counter."""
    return Actor(door, source, who, office, Role.CLERK if door in COUNTERS else Role.CITIZEN)


def put_holder(
    context: CoreContext,
    pin: str = "739164",
    state: CardState = CardState.ACTIVE,
    born: str = "19800101",
    card_number: str = "",
) -> Held:
    """Somebody new in the database. Order code 999: nobody has such a number."""
    serial = next(_people)
    head = f"{500000 + serial % 1000:06d}{born}999"
    id_number = head + ric.calc_check_digit(head + "0")
    body = f"A{serial:07d}"
    card_number = card_number or body + card_check_character(body)
    with context.transaction() as session:
        person = Person(
            id_number=id_number,
            personal_number=f"7{serial:07d}",
            name="测试",
            district="渝中区",
            employment="employed",
            phone="",
        )
        session.add(person)
        session.flush()
        card = Card(
            card_number=card_number,
            suffix=card_number[1:],
            person_id=person.id,
            issued_on=date(2020, 1, 1),
            state=state,
            pin_hash=None if pin == "123456" else context.vault.hash(pin),
        )
        session.add(card)
        session.flush()
        return Held(person.id, card.id, id_number, card_number, person.personal_number, pin)


@pytest.fixture
def holder(context: CoreContext) -> Callable[..., Held]:
    """holder(pin=…, state=…) puts somebody into the database."""
    return partial(put_holder, context)


def put_new_card(context: CoreContext, held: Held, number: str) -> None:
    """A branch has made the card that this person applied for (R36)."""
    branch = somebody_at(Door.BRANCH, "counter:branch", "clerk-1", "a branch")
    replacement.issue_replacement(context, branch, held.person_id, held.card_id, number)


@pytest.fixture
def clerk(context: CoreContext) -> Callable[[Door], Actor]:
    """A clerk of an office of this kind."""
    return lambda door: somebody_at(door, f"counter:{door.value}", "clerk-1", f"a {door.value}")


@pytest.fixture
def bureau(context: CoreContext, tmp_path: Path) -> Bureau:
    """A bureau that hands in CSV files."""
    folder = tmp_path / "files"
    folder.mkdir()
    return Bureau(context, folder)


@pytest.fixture
def known(bureau: Bureau) -> Bureau:
    """The bureau, with Anna and Bert and their cards known already."""
    return bureau.knows_anna_and_bert()


def card_state(context: CoreContext, held: Held) -> CardState:
    """Where the card stands now."""
    with context.transaction() as session:
        return session.get_one(Card, held.card_id).state


def told(event: AuditEvent | AuditEntry) -> str:
    """The code of a row and its details, as in `weak_pin reason=run`."""
    return " ".join([event.code, *(f"{name}={value}" for name, value in event.detail.items())])


def outcomes(context: CoreContext, held: Held) -> list[tuple[str, str]]:
    """What the audit says about a person, oldest first: operation and outcome."""
    with context.transaction() as session:
        return [(event.operation, told(event)) for event in reversed(history(session, held.person_id, context.now()))]


def audited(context: CoreContext, operation: str) -> list[str]:
    """The outcomes of an operation, whomever it was about, oldest first."""
    with context.transaction() as session:
        rows = select(AuditEvent).where(AuditEvent.operation == operation).order_by(AuditEvent.id)
        return [told(event) for event in session.scalars(rows)]
