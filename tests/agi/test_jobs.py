"""The hotline does what nobody waits for while calls go on, also where no site is running (R8, R31)."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial

import gevent
import pytest
from sqlalchemy import func, select, text

from agi.server import run_jobs
from agi.workers import Workers
from core.actor import Actor
from core.audit.chain import check
from core.context import CoreContext
from core.identity import visits
from core.records.schema import AuditEvent, AuditSeal, Card, VisitorSession
from core.service import Service
from core.values import CardState, Door
from tests.support.agi.caller import Caller
from tests.support.agi.people import BERT
from tests.support.core.databases import SECRET
from tests.support.web.processes import Server, hotline

PATIENCE_SECONDS = 60


def comes_true(condition: Callable[[], bool], pause: Callable[[float], object] = time.sleep) -> bool:
    until = time.monotonic() + PATIENCE_SECONDS
    while not condition() and time.monotonic() < until:
        pause(0.05)
    return condition()


def unsealed(context: CoreContext) -> int:
    waiting = select(func.count()).select_from(AuditEvent).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
    with context.read_only() as session:
        return session.scalar(waiting.where(AuditSeal.position.is_(None)))


def links(context: CoreContext) -> int:
    with context.transaction() as session:
        checked = check(session, context.keys.audit)
    assert checked.problems == ()
    return checked.links


def calls(port: int) -> None:
    caller = Caller("127.0.0.1", port).dials("12333").presses("3", "2", "1", "#")
    caller.hears("work-injury-none").hangs_up()


@pytest.fixture
def running(context: CoreContext) -> Callable[..., AbstractContextManager[Server]]:
    """running() is `python -m agi` over this office, and no site beside it."""
    shared = {"database_url": context.settings.database_url, "secret": SECRET}
    return partial(hotline, context.settings.state_dir, **shared)


def test_r8_a_hotline_seals_what_its_callers_did_and_the_last_of_them_at_its_end(context, running):
    with running() as server:
        calls(server.port)
        assert comes_true(lambda: unsealed(context) == 0)
        sealed = links(context)
        calls(server.port)
    assert unsealed(context) == 0 and links(context) > sealed > 0


def test_r31_a_hotline_without_a_site_forgets_and_lapses(context, running):
    long_ago = replace(context, now=lambda: datetime.now(UTC) - timedelta(days=2))
    service = Service(long_ago, Actor.web("192.0.2.1"))
    person = service.identify(BERT.id_number, BERT.pin)
    service.report_loss(person)
    visits.begin(long_ago, Door.WEB, person, long_ago.now())

    def state() -> tuple[int, CardState]:
        with context.read_only() as session:
            visits = session.scalar(select(func.count()).select_from(VisitorSession))
            return visits, session.get_one(Card, person.card_id).state

    assert state() == (1, CardState.LOSS_REPORTED)
    with running(loss_report_term_days=1):
        assert comes_true(lambda: state() == (0, CardState.ACTIVE))


@contextmanager
def trouble(context: CoreContext) -> Iterator[None]:
    """A database in which nobody can look for jobs."""
    with context.engine.begin() as connection:
        connection.execute(text("ALTER TABLE jobs RENAME TO elsewhere"))
    yield
    with context.engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO jobs"))


def test_r8_a_database_in_trouble_does_not_end_the_sealing(context, caller, monkeypatch, caplog):
    monkeypatch.setattr("core.jobs.LOOK_EVERY_SECONDS", 0.01)
    caller.dials("12333").presses("3", "2", "1", "#").hears("work-injury-none").hangs_up()
    with trouble(context):
        rounds = gevent.spawn(run_jobs, context, Workers(quick=1, heavy=1))
        assert comes_true(lambda: caplog.text.count("looking for jobs fails") > 2, gevent.sleep)
        assert unsealed(context)
    assert comes_true(lambda: unsealed(context) == 0, gevent.sleep)
    rounds.kill()
    assert "SELECT" not in caplog.text
