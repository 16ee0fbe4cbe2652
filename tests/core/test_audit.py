"""The audit: complete, unchangeable, and sealed (R8, R47)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from core.actor import Actor
from core.audit import chain
from core.audit.chain import Check, seal_audit
from core.audit.record import audited, history
from core.errors import CardNotUsable, NotOnThisDoor
from core.records.schema import AuditEvent, AuditSeal
from core.service import Desk
from core.values import CardState, Operation
from tests.core.conftest import outcomes


def check(office) -> Check:
    with office.transaction() as session:
        return chain.check(session, office.keys.audit)


def behind_the_applications_back(office, statement) -> None:
    """What somebody with the database's password can do: switch the triggers off."""
    with office.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for table in ("audit_events", "audit_seals"):
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(statement)


@pytest.fixture
def story(office, caller, holder):
    """A few operations, sealed."""
    held = holder()
    person = caller.identify(held.id_number, held.pin)
    caller.medical_balance(person)
    caller.report_loss(person)
    assert seal_audit(office) == 3
    assert check(office).problems == ()
    return held


def test_r8_an_operation_that_was_refused_leaves_one_row_and_so_does_one_that_was_done(office, caller, holder):
    held, cancelled = holder(), holder(state=CardState.CANCELLED)
    kiosk = Desk(office, Actor.kiosk(7, "a hall"))
    person = kiosk.identify_card(held.card_number, held.pin)
    with pytest.raises(NotOnThisDoor):
        kiosk.report_loss(person)
    caller.report_loss(person)
    assert outcomes(office, held) == [
        ("identify by card", "identified"),
        ("report a loss", "not_on_this_door operation=report a loss"),
        ("report a loss", "done"),
    ]
    with pytest.raises(CardNotUsable):
        caller.report_loss(replace(person, person_id=cancelled.person_id, card_id=cancelled.card_id))
    assert outcomes(office, cancelled) == [("report a loss", "card_not_usable state=cancelled")]


def test_r8_an_operation_that_broke_was_neither_done_nor_refused(office, caller, holder):
    held = holder()
    with pytest.raises(ZeroDivisionError), office.transaction() as session:
        with audited(session, caller.actor, Operation.REPORT_LOSS, held.person_id, office.now()):
            raise ZeroDivisionError
    assert outcomes(office, held) == []


@pytest.mark.parametrize("table", [AuditEvent, AuditSeal])
def test_r8_rows_cannot_be_changed_or_removed(office, story, table):
    column = "outcome" if table is AuditEvent else "digest"
    for statement in (delete(table), update(table).values({column: "x"})):
        with pytest.raises(DBAPIError, match="append-only"), office.engine.begin() as connection:
            connection.execute(statement)


@pytest.mark.parametrize(
    "tampering",
    [
        update(AuditEvent).where(AuditEvent.id == 2).values(outcome="never happened"),
        delete(AuditEvent).where(AuditEvent.id == 2),
        delete(AuditSeal).where(AuditSeal.position == 2),
        update(AuditSeal).where(AuditSeal.position == 3).values(digest="0" * 64),
    ],
)
def test_r8_a_row_changed_or_removed_is_found(office, story, tampering):
    behind_the_applications_back(office, tampering)
    assert check(office).problems


def test_r8_a_row_slipped_in_is_found(office, story, clock):
    backdated = clock.moment - timedelta(days=3)
    blank = dict.fromkeys(("channel", "source", "who", "office", "operation", "outcome"), "")
    behind_the_applications_back(office, insert(AuditEvent).values(at=backdated, **blank))
    clock.passes(seconds=5)
    seal_audit(office)
    assert any("slipped in" in problem for problem in check(office).problems)


def test_r8_rows_that_waited_while_sealing_stood_still_are_no_tampering(office, story, caller, clock):
    clock.passes(minutes=1)
    for _ in range(3):
        caller.unit_contributions("1")
    clock.passes(hours=8)  # a power cut
    assert seal_audit(office) == 3
    assert check(office).problems == ()


def test_r8_the_end_cut_off_shows_in_the_head(office, story):
    before = check(office)
    behind_the_applications_back(office, delete(AuditSeal).where(AuditSeal.position == 3))
    behind_the_applications_back(office, delete(AuditEvent).where(AuditEvent.id == 3))
    assert check(office).head != before.head


def test_r8_sealers_at_the_same_time_make_one_chain(office, caller, holder):
    held = holder()
    for _ in range(20):
        caller.identify(held.id_number, held.pin)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: seal_audit(office), range(4))) == 20
    assert check(office).links == 20 and check(office).problems == ()


def test_r47_a_person_sees_half_a_year_newest_first(office, story, clock):
    with office.transaction() as session:
        rows = history(session, story.person_id, clock.moment)
        assert [row.operation for row in rows] == ["report a loss", "enquire about oneself", "identify"]
        assert history(session, story.person_id, clock.moment + timedelta(days=184))
        assert history(session, story.person_id, clock.moment + timedelta(days=184, seconds=1)) == []


def test_r47_whoever_reads_their_history_reads_of_nobody_else_and_that_they_read_it(office, caller, holder, story):
    held = holder()
    person = caller.identify(held.id_number, held.pin)
    assert [event.operation for event in caller.history(person)] == ["identify"]
    (read, identified) = caller.history(person)
    assert (read.operation, read.code, read.channel, read.source) == (
        "enquire about oneself",
        "done",
        "phone",
        caller.actor.source,
    )
    assert (identified.at, identified.who, identified.office) == (office.now(), caller.actor.who, "")
