"""Work that nobody waits for: the audit sealed (R8), reports lapsed at their term (R31), what is over forgotten.

Every process that is there asks again and again what is due. The database decides who does it, so that each job runs
at most once in its interval over all processes, and goes on when any of them has ended.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, not_, or_, select, update

from core import forms
from core.audit.chain import seal_audit
from core.cards.loss import lapse_reports
from core.context import CoreContext
from core.faults import where
from core.identity import attempts, visits
from core.records.database import upsert
from core.records.schema import JobRun
from core.staffed import cases, pin_pads, staff_visits

LOOK_EVERY_SECONDS = 5.0  # between two looks of one process; no longer than the shortest interval below

TRIED_AGAIN_AFTER = timedelta(seconds=10)  # a run that failed: a database that was busy is not for long

logger = logging.getLogger("core")


@dataclass(frozen=True)
class Job:
    """One thing to do every so often. It may be cut short at any point, and a run that takes longer than the interval
    meets the next one: `run` must bear both."""

    name: str
    run: Callable[[CoreContext], object]
    every: timedelta


JOBS = (
    Job("seal-audit", seal_audit, timedelta(seconds=5)),
    Job("lapse-loss-reports", lapse_reports, timedelta(minutes=5)),
    Job("forget-visits", visits.forget_ended, timedelta(minutes=10)),
    Job("forget-staff-sessions", staff_visits.forget_ended, timedelta(minutes=10)),
    Job("forget-form-answers", forms.forget_old, timedelta(minutes=10)),
    Job("forget-counter-cases", cases.forget_old, timedelta(minutes=10)),
    Job("forget-pin-pads", pin_pads.forget_unseen, timedelta(minutes=10)),
    Job("forget-wrong-attempts", attempts.forget_over, timedelta(minutes=10)),
)


@dataclass(frozen=True)
class JobStatus:
    """How a job fares. `began_at` is None while it has never run; `took` is None until the run that began then has
    ended. The last fault stays on record, also after runs that went well."""

    name: str
    every: timedelta
    began_at: datetime | None = None
    took: timedelta | None = None
    fault: str | None = None
    fault_at: datetime | None = None


def run_due(context: CoreContext, jobs: Sequence[Job] = JOBS) -> list[str]:
    """Run the jobs that are due and that no other process has begun, one after the other, and return their names.

    Raises nothing: a job that fails leaves its fault in the log and on record, and the others run. When the database
    itself does not answer, the round ends and the log says so.
    """
    ran: list[str] = []
    try:
        for job in _due(context, jobs):
            if _claim(context, job):
                ran.append(job.name)
                _run(context, job)
    except Exception as error:  # a database in trouble must not end the rounds for ever
        logger.error("looking for jobs fails: %s", where(error))
    return ran


def seal_at_the_end(context: CoreContext) -> None:
    """Seal what the last callers and visitors of this process left behind (R8): perhaps no other process is there.
    Raises nothing; a fault is logged."""
    try:
        seal_audit(context)
    except Exception as error:  # the process ends in any case, and the next one seals
        logger.error("sealing at the end fails: %s", where(error))


def status(context: CoreContext, jobs: Sequence[Job] = JOBS) -> list[JobStatus]:
    """Every job with its last run and its last fault."""
    with context.read_only() as session:
        runs = {run.name: run for run in session.scalars(select(JobRun))}
    return [_status(job, runs.get(job.name)) for job in jobs]


def _status(job: Job, run: JobRun | None) -> JobStatus:
    if run is None:
        return JobStatus(job.name, job.every)
    took = None if run.took_ms is None else timedelta(milliseconds=run.took_ms)
    return JobStatus(job.name, job.every, run.began_at, took, run.fault, run.fault_at)


def _due(context: CoreContext, jobs: Sequence[Job]) -> list[Job]:
    """What is to be claimed: a look that writes nothing and holds up nobody, for all those rounds in which nothing
    is due."""
    now = context.now()
    with context.read_only() as session:
        resting = set(session.scalars(select(JobRun.name).where(or_(*(_rests(job, now) for job in jobs)))))
    return [job for job in jobs if job.name not in resting]


def _rests(job: Job, now: datetime) -> ColumnElement[bool]:
    """Whether the job was begun less than an interval ago. Clocks differ a little, so it may have been begun a moment
    after `now`; further ahead than an interval, somebody's clock was wrong, and the job would rest until then."""
    failed = and_(JobRun.fault_at.is_not(None), JobRun.fault_at >= JobRun.began_at)
    return and_(
        JobRun.name == job.name,
        JobRun.began_at > now - job.every,
        JobRun.began_at <= now + job.every,
        not_(and_(failed, JobRun.began_at <= now - TRIED_AGAIN_AFTER)),
    )


def _claim(context: CoreContext, job: Job) -> bool:
    """Whether it is this process that runs the job now. One statement: of several that ask at once, one is told so.

    It waits for no disk: what a loss of power takes away is run once more.
    """
    now = context.now()
    with context.autocommit(durable=False) as session:
        begun = upsert(session, JobRun).values(name=job.name, began_at=now)
        begun = begun.on_conflict_do_update(
            index_elements=[JobRun.name],
            set_={"began_at": now, "took_ms": None},
            where=not_(_rests(job, now)),
        )
        return session.scalar(begun.returning(JobRun.name)) is not None


def _run(context: CoreContext, job: Job) -> None:
    began = time.monotonic()
    seen: dict[str, object] = {}
    try:
        job.run(context)
    except Exception as error:  # whatever it is, the other jobs have their turn
        fault = where(error)
        logger.error("job %s fails: %s", job.name, fault)
        seen = {"fault": fault, "fault_at": context.now()}
    seen["took_ms"] = round((time.monotonic() - began) * 1000)
    with context.autocommit(durable=False) as session:
        session.execute(update(JobRun).where(JobRun.name == job.name).values(seen))
