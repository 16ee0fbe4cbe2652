"""python -m core jobs: does what nobody waits for get done?"""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import click

from core import jobs
from core.cli.common import the_context
from core.jobs import JobStatus


@click.command("jobs")
def jobs_command() -> None:
    """What the hotline and the site do beside calls and pages, whichever of them is running.

    For each job: its interval, when it began last, how long that took, and its last fault, if there was one.
    """
    with the_context() as context:
        for each in jobs.status(context):
            click.echo(f"{each.name:22} every {_seconds(each.every):>5}  {_last_run(each, context.settings.zone)}")
            if each.fault_at:
                click.echo(f"{'':22} last fault {_moment(each.fault_at, context.settings.zone)}: {each.fault}")


def _last_run(job: JobStatus, zone: ZoneInfo) -> str:
    if job.began_at is None:
        return "never"
    took = "not ended" if job.took is None else f"took {job.took // timedelta(milliseconds=1)} ms"
    return f"{_moment(job.began_at, zone)}  {took}"


def _seconds(interval: timedelta) -> str:
    return f"{interval // timedelta(seconds=1)} s"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}"
