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
from core.service import Service
from core.values import CardState, Operation
from tests.support.core.audit import outcomes


def check(context) -> Check:
    with context.transaction() as session:
        return chain.check(session, context.keys.audit)


def behind_the_applications_back(context, statement) -> None:
    """What somebody with the database's password can do: switch the triggers off."""
    with context.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            for table in ("audit_events", "audit_seals"):
                for verb in ("update", "delete"):
                    connection.execute(text(f"DROP TRIGGER IF EXISTS {table}_no_{verb}"))
        else:
            connection.execute(text("SET session_replication_role = replica"))
        connection.execute(statement)


@pytest.fixture
def story(context, caller, holder):
    """A few operations, sealed."""
    held = holder()
    person = caller.identify(held.id_number, held.pin)
    caller.medical_balance(person)
    caller.report_loss(person)
    assert seal_audit(context) == 3
    assert check(context).problems == ()
    return held


def test_r8_an_operation_that_was_refused_leaves_one_row_and_so_does_one_that_was_done(context, caller, holder):
    held, cancelled = holder(), holder(state=CardState.CANCELLED)
    kiosk = Service(context, Actor.kiosk(7, "a hall"))
    person = kiosk.identify_card(held.card_number, held.pin)
    with pytest.raises(NotOnThisDoor):
        kiosk.report_loss(person)
    caller.report_loss(person)
    assert outcomes(context, held) == [
        ("identify by card", "identified"),
        ("report a loss", "not_on_this_door operation=report a loss"),
        ("report a loss", "done"),
    ]
    with pytest.raises(CardNotUsable):
        caller.report_loss(replace(person, person_id=cancelled.person_id, card_id=cancelled.card_id))
    assert outcomes(context, cancelled) == [("report a loss", "card_not_usable state=cancelled")]


def test_r8_an_operation_that_broke_was_neither_done_nor_refused(context, caller, holder):
    held = holder()
    with (
        pytest.raises(ZeroDivisionError),
        context.transaction() as session,
        audited(session, caller.actor, Operation.REPORT_LOSS, held.person_id, context.now()),
    ):
        raise ZeroDivisionError
    assert outcomes(context, held) == []


@pytest.mark.parametrize("table", [AuditEvent, AuditSeal])
def test_r8_rows_cannot_be_changed_or_removed(context, story, table):
    column = "outcome" if table is AuditEvent else "digest"
    for statement in (delete(table), update(table).values({column: "x"})):
        with pytest.raises(DBAPIError, match="append-only"), context.engine.begin() as connection:
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
def test_r8_a_row_changed_or_removed_is_found(context, story, tampering):
    behind_the_applications_back(context, tampering)
    assert check(context).problems


def test_r8_a_row_slipped_in_is_found(context, story, clock):
    backdated = clock.moment - timedelta(days=3)
    blank = dict.fromkeys(("channel", "source", "who", "office", "operation", "outcome"), "")
    behind_the_applications_back(context, insert(AuditEvent).values(at=backdated, **blank))
    clock.passes(seconds=5)
    seal_audit(context)
    assert any("slipped in" in problem for problem in check(context).problems)


def test_r8_rows_that_waited_while_sealing_stood_still_are_no_tampering(context, story, caller, clock):
    clock.passes(minutes=1)
    for _ in range(3):
        caller.unit_contributions("1")
    clock.passes(hours=8)  # a power cut
    assert seal_audit(context) == 3
    assert check(context).problems == ()


def test_r8_the_end_cut_off_shows_in_the_head(context, story):
    before = check(context)
    behind_the_applications_back(context, delete(AuditSeal).where(AuditSeal.position == 3))
    behind_the_applications_back(context, delete(AuditEvent).where(AuditEvent.id == 3))
    assert check(context).head != before.head


def test_r8_sealers_at_the_same_time_make_one_chain(context, caller, holder):
    held = holder()
    for _ in range(20):
        caller.identify(held.id_number, held.pin)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(lambda _: seal_audit(context), range(4))) == 20
    assert check(context).links == 20 and check(context).problems == ()


def test_r47_a_person_sees_half_a_year_newest_first(context, story, clock):
    with context.transaction() as session:
        rows = history(session, story.person_id, clock.moment)
        assert [row.operation for row in rows] == ["report a loss", "enquire about oneself", "identify"]
        assert history(session, story.person_id, clock.moment + timedelta(days=184))
        assert history(session, story.person_id, clock.moment + timedelta(days=184, seconds=1)) == []


def test_r47_whoever_reads_their_history_reads_of_nobody_else_and_that_they_read_it(context, caller, holder, story):
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
    assert (identified.at, identified.who, identified.office) == (context.now(), caller.actor.who, "")
