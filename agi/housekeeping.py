"""What the office needs done while nobody waits for it: the audit sealed (R8), reports lapsed at their term (R31)."""

from __future__ import annotations

import logging
from collections.abc import Callable

import gevent

from agi.workers import Workers
from core.audit import seal_audit
from core.faults import where
from core.loss import lapse_reports
from core.office import Office

SEAL_EVERY_SECONDS = 5.0
LAPSE_EVERY_SEALS = 60

logger = logging.getLogger("agi")


def keep_house(office: Office, workers: Workers, pause: Callable[[float], object] = gevent.sleep) -> None:
    """Go round for ever, in a greenlet of its own. What fails is logged and tried again in the next round."""
    rounds = 0
    while True:
        try_once(workers, lambda: seal_audit(office))
        if rounds % LAPSE_EVERY_SEALS == 0:
            try_once(workers, lambda: lapse_reports(office))
        rounds += 1
        pause(SEAL_EVERY_SECONDS)


def try_once(workers: Workers, work: Callable[[], object]) -> None:
    """Do one thing; a failure is logged and left for the next round."""
    job = workers.quick(work)
    job.wait(None)
    try:
        job.result()
    except Exception as error:  # a database in trouble must not end the sealing for ever
        logger.error("housekeeping fails: %s", where(error))
