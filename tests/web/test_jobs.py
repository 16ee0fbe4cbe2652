"""The site does what nobody waits for, also where no hotline is running: what is over is forgotten, and what is on
record stays and is sealed (R8)."""

from __future__ import annotations

import time
from contextlib import closing

import pytest
from sqlalchemy import func, select

from core import forms, jobs
from core.actor import Actor
from core.audit.chain import check
from core.context import CoreContext
from core.errors import HotlineError, PinLocked
from core.identity import attempts, visits
from core.records.schema import (
    AuditEvent,
    AuditSeal,
    CounterCase,
    FormAnswer,
    PinAttempts,
    PinPad,
    SourceAttempts,
    StaffSession,
    VisitorSession,
)
from core.service import Service
from core.staffed import cases, pin_pads
from core.values import Document, Door, Reason
from tests.support.core.bureau import ANNA
from tests.support.web.processes import website
from tests.support.web.reading import complaints
from tests.support.web.visitor import Site, Visitor

PATIENCE_SECONDS = 60
WRONG = "581203"
FORGOTTEN = (CounterCase, PinPad, SourceAttempts, VisitorSession, StaffSession, FormAnswer)


def rows(context: CoreContext, table: type) -> int:
    with context.transaction() as session:
        return session.scalar(select(func.count()).select_from(table))


def unsealed(context: CoreContext) -> int:
    waiting = select(func.count()).select_from(AuditEvent).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
    with context.transaction() as session:
        return session.scalar(waiting.where(AuditSeal.position.is_(None)))


def a_working_day(context: CoreContext, visit, held) -> None:
    """One of everything: somebody at a window with a pad, a visit, a form, and a caller who guesses."""
    cases.open_case(context, visit, held.id_number, Document.PASSPORT, Reason.PIN)
    pin_pads.open_pad(context)
    visits.begin(
        context, Door.WEB, Service(context, Actor.web("192.0.2.1")).identify(held.id_number, held.pin), context.now()
    )
    forms.claim(context, f"form of {context.now()}")
    with pytest.raises(HotlineError):
        Service(context, Actor.phone(f"023{context.now():%d%H%M%S}", "call")).identify(held.id_number, WRONG)


def test_what_is_over_is_forgotten_and_what_is_not_stays(context, at_work, holder, clock):
    a_working_day(context, at_work(Door.BRANCH), holder())
    clock.passes(days=2)
    a_working_day(context, at_work(Door.BRANCH), holder())
    assert {rows(context, table) for table in FORGOTTEN} == {2}
    recorded = rows(context, AuditEvent)
    with closing(Site(context)):
        until = time.monotonic() + PATIENCE_SECONDS
        while any(rows(context, table) > 1 for table in FORGOTTEN) and time.monotonic() < until:
            time.sleep(0.05)
    assert {rows(context, table) for table in FORGOTTEN} == {1}
    assert rows(context, AuditEvent) == recorded


def test_r8_a_site_without_a_hotline_seals_while_it_runs(context, settings, holder):
    held = holder()
    with website(settings.state_dir, database_url=settings.database_url) as site:
        assert complaints(Visitor(site.port).signs_in(held, WRONG))
        until = time.monotonic() + PATIENCE_SECONDS
        while unsealed(context) and time.monotonic() < until:
            time.sleep(0.05)
        assert rows(context, AuditSeal) == rows(context, AuditEvent) > 0
    with context.transaction() as session:
        assert check(session, context.keys.audit).problems == ()


def test_r8_a_site_that_ends_seals_what_its_last_visitors_did(context, holder):
    """The clock stands still: while the site runs, sealing is due at its start and no more."""
    with closing(Site(context)) as site:
        until = time.monotonic() + PATIENCE_SECONDS
        while any(job.took is None for job in jobs.status(context)) and time.monotonic() < until:
            time.sleep(0.05)
        assert complaints(Visitor(site.port).signs_in(holder(), WRONG))
        assert unsealed(context)
    assert unsealed(context) == 0


def test_r3_a_lock_goes_away_neither_from_a_card_nor_from_a_number_that_nobody_has(context, holder, clock):
    caller = Service(context, Actor.phone("02300000001", "call"))
    for number in (holder().id_number, ANNA):
        for _ in range(6):
            with pytest.raises(HotlineError):
                caller.identify(number, WRONG)
        clock.passes(days=400)
        attempts.forget_over(context)
        assert rows(context, SourceAttempts) == 0
        with pytest.raises(PinLocked):
            caller.identify(number, WRONG)
    assert rows(context, PinAttempts) == 2


def test_a_case_lasts_as_long_as_somebody_can_be_signed_in(context, at_work, holder, clock):
    visit = at_work(Door.BRANCH)
    case = cases.open_case(context, visit, holder().id_number, Document.PASSPORT, Reason.PIN)
    clock.passes(seconds=context.settings.staff_limit_seconds - 1)
    cases.forget_old(context)
    assert cases.the_case(context, visit, case.case_id)
    clock.passes(seconds=1)
    cases.forget_old(context)
    assert rows(context, CounterCase) == 0
