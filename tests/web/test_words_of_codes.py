"""Every code that the core can answer or record has words at every edge (R8, R47): phone prompts, site, kiosk, counter,
audit page, shell. A new error or outcome fails here until somebody has found its words."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from enum import Enum
from typing import get_type_hints

import pytest

from agi.refusals import ANSWERED_BY_FLOWS, NOT_ON_THE_PHONE, PIN_CARD_PROMPTS, REFUSAL_PROMPTS, WEAK_PIN_PROMPTS
from core.cli import words as shell_words
from core.errors import HotlineError, error_kinds
from core.permissions import ALLOWED, ROLES
from core.values import CardState, Document, Door, Operation, OtherOperation, Outcome, Reason, Role, WeakPinReason
from sounds import library
from web import audit_labels, words
from web.counter import words as counter_words

KINDS = list(error_kinds())
# What an operation that was done says beside its code, where it says anything.
DETAILS = {
    Outcome.HIRED: {"login": "li.na"},
    Outcome.CREDENTIALS_RENEWED: {"login": "li.na"},
    Outcome.DISMISSED: {"login": "li.na"},
    Outcome.ENROLLED: {"kiosk": "一号"},
    Outcome.REVOKED: {"kiosk": "一号"},
    Outcome.FILE_IMPORTED: {"file": "cards.csv", "rows": 2, "bad": 1},
    Outcome.FILE_REFUSED: {"file": "cards.csv", "bad": 1},
    Outcome.CARD_ENDED: {"state": "replaced"},
}


def every_one_of(kind: type[HotlineError]) -> Iterator[HotlineError]:
    """The error with each of its details, as its constructor names them."""
    parameters = [name for name in inspect.signature(kind.__init__).parameters if name not in ("self", "detail")]
    if kind.__init__ is HotlineError.__init__:
        parameters = []
    hints = get_type_hints(kind.__init__)
    choices = {name: list(values_of(hints[name])) for name in parameters}
    longest = max((len(values) for values in choices.values()), default=1)
    for at in range(longest):
        yield kind(**{name: values[at % len(values)] for name, values in choices.items()})


def values_of(hint: object) -> Iterator[object]:
    if isinstance(hint, type) and issubclass(hint, Enum):
        yield from hint
    elif hint is str:
        yield "li.na"
    elif hint is bool:
        yield from (True, False)
    elif hint is datetime:
        yield datetime(2026, 3, 2, tzinfo=UTC)
    else:
        yield (Door.BRANCH,)


# An active card is always usable.
ERRORS = [error for kind in KINDS for error in every_one_of(kind) if str(error) != "card_not_usable state=active"]
every_error = pytest.mark.parametrize("error", ERRORS, ids=str)


def test_no_two_errors_share_a_code_and_no_outcome_is_called_like_one():
    codes = [kind.code for kind in KINDS] + [outcome.value for outcome in Outcome]
    assert len(codes) == len(set(codes)) and all(re.fullmatch("[a-z_]{1,32}", code) for code in codes)


def test_the_phone_answers_every_code_or_can_not_meet_it():
    tables = (set(REFUSAL_PROMPTS), ANSWERED_BY_FLOWS, NOT_ON_THE_PHONE)
    assert sorted(code for table in tables for code in table) == sorted(kind.code for kind in KINDS)
    assert set(WEAK_PIN_PROMPTS) == set(WeakPinReason) and set(PIN_CARD_PROMPTS) == set(CardState) - {CardState.ACTIVE}
    for prompt in (*REFUSAL_PROMPTS.values(), *WEAK_PIN_PROMPTS.values(), *PIN_CARD_PROMPTS.values()):
        assert library.words(prompt)


@pytest.mark.parametrize("door", [Door.WEB, Door.KIOSK])
@every_error
def test_site_and_kiosk_have_words(error: HotlineError, door: Door):
    told = words.refusal(error, door)
    assert told.title and told.text and 400 <= told.status < 500


@every_error
def test_the_counter_has_words(error: HotlineError):
    told = counter_words.refusal(error, lambda other: words.refusal(other, Door.BRANCH))
    assert told.title and told.text and 400 <= told.status < 500
    assert set(counter_words.REFUSALS) <= {kind.code for kind in KINDS}


@every_error
def test_the_audit_page_and_the_history_have_words(error: HotlineError):
    told = audit_labels.outcome(error.code, error.detail)
    assert told.startswith("没有成功：") and not re.search("[a-z]", told.replace("li.na", "")), told


@pytest.mark.parametrize("outcome", Outcome)
def test_what_was_done_has_words(outcome: Outcome):
    told = audit_labels.outcome(outcome.value, DETAILS.get(outcome, {}))
    assert told and (told == "已记录") == (outcome is Outcome.RECORDED)


def test_what_a_clerk_recorded_is_told():
    for reason in Reason:
        for document in Document:
            told = audit_labels.outcome("done", {"reason": reason.value, "document": document.value})
            assert words.REASONS[reason] in told and words.DOCUMENTS[document] in told
    assert "1234 5678 90" in audit_labels.outcome("done", {"reference": "1234567890"})


def test_there_are_no_words_for_codes_that_nobody_has():
    codes = {kind.code for kind in KINDS} | {outcome.value for outcome in Outcome}
    assert set(audit_labels.DONE) | set(audit_labels.REFUSED) == codes
    assert set(words.REFUSALS) == set(shell_words.REFUSALS) == {kind.code for kind in KINDS}


def test_every_operation_has_words_and_somebody_who_may_do_it():
    assert set(audit_labels.OPERATIONS) == {each.value for each in (*Operation, *OtherOperation)}
    assert set(ALLOWED) == set(Operation) and set(ROLES) == set(OtherOperation) and all(ROLES.values())
    assert set(words.CHANNELS) == {door.channel for door in Door}
    assert all(roles <= set(Role) for roles in ROLES.values())


@every_error
def test_the_shell_has_words(error: HotlineError):
    told = shell_words.refusal(error)
    assert told and told.isascii() and told[0].islower() and not told.endswith(".")
