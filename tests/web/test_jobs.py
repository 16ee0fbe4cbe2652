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
from core.context import Office
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
from core.service import Desk
from core.staffed import cases, pin_pads
from core.values import Document, Door, Reason
from tests.core.bureau import ANNA
from tests.web.processes import website
from tests.web.reading import complaints
from tests.web.visitor import Site, Visitor

PATIENCE_SECONDS = 60
WRONG = "581203"
FORGOTTEN = (CounterCase, PinPad, SourceAttempts, VisitorSession, StaffSession, FormAnswer)


def rows(office: Office, table: type) -> int:
    with office.transaction() as session:
        return session.scalar(select(func.count()).select_from(table))


def unsealed(office: Office) -> int:
    waiting = select(func.count()).select_from(AuditEvent).outerjoin(AuditSeal, AuditSeal.event_id == AuditEvent.id)
    with office.transaction() as session:
        return session.scalar(waiting.where(AuditSeal.position.is_(None)))


def a_working_day(office: Office, visit, held) -> None:
    """One of everything: somebody at a window with a pad, a visit, a form, and a caller who guesses."""
    cases.open_case(office, visit, held.id_number, Document.PASSPORT, Reason.PIN)
    pin_pads.open_pad(office)
    visits.begin(
        office, Door.WEB, Desk(office, Actor.web("192.0.2.1")).identify(held.id_number, held.pin), office.now()
    )
    forms.claim(office, f"form of {office.now()}")
    with pytest.raises(HotlineError):
        Desk(office, Actor.phone(f"023{office.now():%d%H%M%S}", "call")).identify(held.id_number, WRONG)


def test_what_is_over_is_forgotten_and_what_is_not_stays(office, at_work, holder, clock):
    a_working_day(office, at_work(Door.BRANCH), holder())
    clock.passes(days=2)
    a_working_day(office, at_work(Door.BRANCH), holder())
    assert {rows(office, table) for table in FORGOTTEN} == {2}
    recorded = rows(office, AuditEvent)
    with closing(Site(office)):
        until = time.monotonic() + PATIENCE_SECONDS
        while any(rows(office, table) > 1 for table in FORGOTTEN) and time.monotonic() < until:
            time.sleep(0.05)
    assert {rows(office, table) for table in FORGOTTEN} == {1}
    assert rows(office, AuditEvent) == recorded


def test_r8_a_site_without_a_hotline_seals_while_it_runs(office, settings, holder):
    held = holder()
    with website(settings.state_dir, database_url=settings.database_url) as site:
        assert complaints(Visitor(site.port).signs_in(held, WRONG))
        until = time.monotonic() + PATIENCE_SECONDS
        while unsealed(office) and time.monotonic() < until:
            time.sleep(0.05)
        assert rows(office, AuditSeal) == rows(office, AuditEvent) > 0
    with office.transaction() as session:
        assert check(session, office.keys.audit).problems == ()


def test_r8_a_site_that_ends_seals_what_its_last_visitors_did(office, holder):
    """The clock stands still: while the site runs, sealing is due at its start and no more."""
    with closing(Site(office)) as site:
        until = time.monotonic() + PATIENCE_SECONDS
        while any(job.took is None for job in jobs.status(office)) and time.monotonic() < until:
            time.sleep(0.05)
        assert complaints(Visitor(site.port).signs_in(holder(), WRONG))
        assert unsealed(office)
    assert unsealed(office) == 0


def test_r3_a_lock_goes_away_neither_from_a_card_nor_from_a_number_that_nobody_has(office, holder, clock):
    caller = Desk(office, Actor.phone("02300000001", "call"))
    for number in (holder().id_number, ANNA):
        for _ in range(6):
            with pytest.raises(HotlineError):
                caller.identify(number, WRONG)
        clock.passes(days=400)
        attempts.forget_over(office)
        assert rows(office, SourceAttempts) == 0
        with pytest.raises(PinLocked):
            caller.identify(number, WRONG)
    assert rows(office, PinAttempts) == 2


def test_a_case_lasts_as_long_as_somebody_can_be_signed_in(office, at_work, holder, clock):
    visit = at_work(Door.BRANCH)
    case = cases.open_case(office, visit, holder().id_number, Document.PASSPORT, Reason.PIN)
    clock.passes(seconds=office.settings.staff_limit_seconds - 1)
    cases.forget_old(office)
    assert cases.the_case(office, visit, case.case_id)
    clock.passes(seconds=1)
    cases.forget_old(office)
    assert rows(office, CounterCase) == 0
