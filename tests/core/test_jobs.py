"""Work that nobody waits for: each job at most once in its interval, whoever else is there (R8, R31)."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, select, text

from core import jobs
from core.audit.chain import seal_audit
from core.context import CoreContext
from core.jobs import JOBS, Job, JobStatus, run_due, status
from core.records.schema import AuditEvent
from core.values import CardState
from tests.support.core.audit import outcomes
from tests.support.core.databases import SECRET
from tests.support.core.people import card_state

ROOT = Path(__file__).parents[2]
EVERY = timedelta(minutes=10)
NAMES = [job.name for job in JOBS]
LAPSE, FORGET_FORMS = "lapse-loss-reports", "forget-form-answers"


@pytest.fixture
def rounds() -> list[str]:
    """What `counting` did: one entry a run."""
    return []


@pytest.fixture
def counting(rounds: list[str]) -> Job:
    return Job("count", lambda _: rounds.append("counted"), EVERY)


def job_status(context: CoreContext, name: str) -> JobStatus:
    return next(each for each in status(context) if each.name == name)


@contextmanager
def without_table(context: CoreContext, name: str) -> Iterator[None]:
    """Whoever asks for this table meets a fault of the database."""
    with context.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {name} RENAME TO {name}_elsewhere"))
    yield
    with context.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {name}_elsewhere RENAME TO {name}"))


# At most once in its interval


def test_a_job_runs_at_once_and_then_not_before_its_interval_is_over(context, clock, rounds, counting):
    assert run_due(context, [counting]) == ["count"]
    clock.passes(minutes=10, microseconds=-1)
    assert run_due(context, [counting]) == [] and len(rounds) == 1
    clock.passes(microseconds=1)
    assert run_due(context, [counting]) == ["count"] and len(rounds) == 2


def test_each_job_keeps_to_its_own_interval(context, clock):
    assert run_due(context) == NAMES
    clock.passes(seconds=5)
    assert run_due(context) == ["seal-audit"]
    clock.passes(minutes=5)
    assert run_due(context) == ["seal-audit", LAPSE]
    clock.passes(minutes=5)
    assert run_due(context) == NAMES


def test_of_many_threads_that_look_at_once_one_runs_a_job(context, rounds, counting):
    all_there = threading.Barrier(8)

    def look(_: int) -> list[str]:
        all_there.wait()
        return run_due(context, [counting])

    with ThreadPoolExecutor(8) as threads:
        ran = list(threads.map(look, range(8)))
    assert sorted(ran) == [[]] * 7 + [["count"]] and len(rounds) == 1


RACE = """
import sys, time
from datetime import timedelta
from core.actor import Actor
from core.audit.record import record
from core.jobs import Job, run_due
from core.context import open_context
from core.settings import Settings
from core.values import Operation, Outcome

def note(name):
    def leave_a_row(context):
        with context.transaction() as session:
            record(session, Actor.phone(None, name), Operation.CATALOGUE, None, Outcome.DONE, context.now())
    return leave_a_row

context = open_context(Settings.from_env())
races = [Job(f"race-{number}", note(f"race {number}"), timedelta(hours=1)) for number in range(60)]
context.try_database()
print("ready", flush=True)
began = float(sys.stdin.readline())
for number, job in enumerate(races):
    time.sleep(max(0, began + number * 0.03 - time.time()))
    run_due(context, [job])
"""


def test_of_several_processes_that_look_at_once_one_runs_a_job(context):
    """Sixty times over, each with a clock of its own."""
    environment = os.environ | {
        "HOTLINE_STATE_DIR": str(context.settings.state_dir),
        "HOTLINE_DATABASE_URL": context.settings.database_url,
        "HOTLINE_SECRET": SECRET,
    }
    start = [sys.executable, "-c", RACE]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    racers = [subprocess.Popen(start, cwd=ROOT, env=environment, **pipes) for _ in range(4)]
    try:
        assert [racer.stdout.readline() for racer in racers] == ["ready\n"] * 4
        began = time.time() + 0.3
        for racer in racers:
            racer.stdin.write(f"{began}\n")
            racer.stdin.flush()
        said = [racer.communicate(timeout=60) for racer in racers]
    finally:
        for racer in racers:
            racer.kill()
            racer.wait()
    assert said == [("", "")] * 4
    with context.transaction() as session:
        rows = list(session.scalars(select(AuditEvent.who)))
    assert sorted(rows) == sorted(f"race {number}" for number in range(60))


def test_a_run_that_takes_longer_than_its_interval_keeps_nobody_else_from_the_next(context, clock):
    during: list[list[str]] = []

    def slow(_: CoreContext) -> None:
        if not during:
            during.append([])
            clock.passes(minutes=10)
            during.append(run_due(context, [job]))

    job = Job("slow", slow, EVERY)
    assert run_due(context, [job]) == ["slow"] and during == [[], ["slow"]]


# Clocks


@pytest.mark.parametrize("ahead", [timedelta(seconds=1), timedelta(minutes=10), timedelta(days=3650)], ids=str)
def test_a_clock_that_was_ahead_stops_no_job(context, clock, counting, ahead):
    """One that is ahead by less than an interval makes the job wait for two at most."""
    clock.moment += ahead
    assert run_due(context, [counting]) == ["count"]
    clock.moment -= ahead
    clock.passes(minutes=20)
    assert run_due(context, [counting]) == ["count"]
    assert run_due(context, [counting]) == []


def test_a_clock_a_little_behind_anothers_runs_nothing_twice(context, clock, counting):
    assert run_due(context, [counting]) == ["count"]
    clock.passes(seconds=-2)
    assert run_due(context, [counting]) == []


def test_a_moment_far_ahead_is_not_believed(context, clock, counting):
    clock.passes(days=1)
    assert run_due(context, [counting]) == ["count"]
    clock.passes(days=-1)
    assert run_due(context, [counting]) == ["count"]


# Faults


def test_a_job_that_fails_leaves_its_fault_and_the_others_run(context, clock, caplog):
    with without_table(context, "form_answers"):
        assert run_due(context) == NAMES
        first = job_status(context, FORGET_FORMS)
        assert first.fault_at == clock.moment and first.took is not None
        assert "core/forms.py:" in first.fault and first.fault.startswith("sqlalchemy.exc.")
        assert [each.name for each in status(context) if each.fault or each.took is None] == [FORGET_FORMS]
        assert f"job {FORGET_FORMS} fails: {first.fault}" in caplog.text and "DELETE" not in caplog.text
        clock.passes(minutes=10)
        assert run_due(context) == NAMES, "it is tried again"
        assert job_status(context, FORGET_FORMS).fault_at == clock.moment
    clock.passes(minutes=10)
    assert run_due(context) == NAMES
    mended = job_status(context, FORGET_FORMS)
    assert mended.began_at == clock.moment and mended.fault_at == clock.moment - EVERY, "the last fault stays on record"


def test_a_run_that_failed_is_tried_again_before_its_interval_is_over(context, clock):
    with without_table(context, "form_answers"):
        run_due(context)
    assert run_due(context) == []
    clock.passes(seconds=10)
    assert FORGET_FORMS in run_due(context)
    clock.passes(seconds=10)
    assert FORGET_FORMS not in run_due(context), "it went well, and rests"


def test_r6_a_fault_says_what_and_where_and_not_what_somebody_entered(context, caplog):
    def fails(_: CoreContext) -> None:
        raise ValueError("500103198502109970")

    run_due(context, jobs_ := [Job("fail", fails, EVERY)])
    (seen,) = status(context, jobs_)
    assert seen.fault.startswith("builtins.ValueError at ") and "tests/core/test_jobs.py:" in seen.fault
    assert "5001031985" not in seen.fault + caplog.text


def test_a_database_in_trouble_ends_the_round_and_the_next_one_runs(context, caplog):
    with without_table(context, "jobs"):
        assert run_due(context) == []
    assert "looking for jobs fails: sqlalchemy.exc." in caplog.text and "SELECT" not in caplog.text
    assert run_due(context) == NAMES


def test_r8_a_database_in_trouble_at_the_end_is_logged_and_ends_nothing_else(context, caplog):
    with without_table(context, "audit_seals"):
        jobs.seal_at_the_end(context)
    assert "sealing at the end fails: sqlalchemy.exc." in caplog.text and "SELECT" not in caplog.text


# What it costs


def test_a_round_in_which_nothing_is_due_writes_nothing_and_waits_for_no_writer(context, caplog):
    run_due(context)
    seen: list[str] = []
    listener = lambda conn, cursor, statement, *_: seen.append(statement)  # noqa: E731
    event.listen(context.engine, "before_cursor_execute", listener)
    with context.engine.connect() as writer:
        writer.execute(text("UPDATE jobs SET fault = fault"))
        seen.clear()
        assert run_due(context) == []
        writer.rollback()
    assert len(seen) <= 1 and all(statement.startswith("SELECT") for statement in seen)
    assert "fails" not in caplog.text


# What they do, and what is told of them


def test_r31_reports_lapse_at_their_term(with_settings, caller, holder, clock):
    context, held = with_settings(loss_report_term_days=5), holder()
    caller.report_loss(caller.identify(held.id_number, held.pin))
    clock.passes(days=5)
    run_due(context)
    assert card_state(context, held) is CardState.ACTIVE
    assert outcomes(context, held)[-1] == ("loss report lapsed", "done")


def test_r8_what_was_recorded_is_sealed(context, caller, holder):
    held = holder()
    caller.identify(held.id_number, held.pin)
    run_due(context)
    assert seal_audit(context) == 0


def test_what_never_ran_says_so(context):
    assert status(context) == [JobStatus(job.name, job.every) for job in JOBS]


def test_status_tells_when_and_how_long_and_that_a_run_has_not_ended(context, clock):
    within: list[JobStatus] = []

    def work(_: CoreContext) -> None:
        within.extend(status(context, [job]))
        time.sleep(0.05)

    job = Job("work", work, EVERY)
    for _ in range(2):
        run_due(context, [job])
        (seen,) = status(context, [job])
        assert seen.began_at == clock.moment and seen.took >= timedelta(milliseconds=50)
        assert within.pop() == JobStatus("work", EVERY, clock.moment)
        clock.passes(minutes=10)
