"""One call from the greeting to its end: the one place where every ending is decided (R42, R45)."""

from __future__ import annotations

import logging

from agi.call import Call, CallTooLong, Ended, GaveUp
from agi.line import HungUp, Operator, Outcome
from agi.menu import walk
from agi.menus import MAIN_MENU
from core.faults import where
from core.service import Service


def take_call(call: Call, service: Service, log: logging.LoggerAdapter[logging.Logger] | logging.Logger) -> None:
    """Hold the conversation and end it: with an operator, with a goodbye, or by the caller's hang-up.

    Whatever goes wrong is logged once, by kind and place only: an exception's text can hold what the
    caller entered.
    """
    try:
        try:
            call.play("welcome")
            walk(MAIN_MENU, call, service, top=True)
        except Ended as ended:
            log.info("ends with %s", ended.outcome.value)
            call.end(ended.outcome, *LAST_WORDS[ended.outcome])
        except GaveUp:
            _hand_off(call, log, "too-many-failures")
        except CallTooLong:
            log.info("ends: the call has no end")
            call.end(Outcome.GOODBYE, *LAST_WORDS[Outcome.GOODBYE])
        except HungUp:
            raise
        except Exception as error:
            log.error("fails: %s", where(error))
            call.clear_queue()
            _hand_off(call, log, "system-busy")
    except HungUp:
        log.info("hung up")
    except Exception as error:  # the line itself: Asterisk finds no outcome and apologises (R45)
        log.error("fails at the end: %s", where(error))


LAST_WORDS = {
    Outcome.OPERATOR: ("operator-connecting",),
    Outcome.GOODBYE: ("goodbye",),
}


def _hand_off(call: Call, log: logging.LoggerAdapter[logging.Logger] | logging.Logger, apology: str) -> None:
    """Apologise, and hand over to the operator if one is there; else say goodbye (R42, R45)."""
    open_now = call.operator_status() is Operator.OPEN
    outcome = Outcome.OPERATOR if open_now else Outcome.GOODBYE
    log.info("ends with %s after %s", outcome.value, apology)
    call.end(outcome, apology, *LAST_WORDS[outcome])
