"""How long a source waits that was wrong too often (R5)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.errors import SourceRefused
from core.identity import attempts
from core.records.schema import SourceAttempts

SOURCE = Actor.web("192.0.2.1")
HOUR = timedelta(hours=1)


@pytest.fixture
def is_wrong(context):
    """is_wrong(3) is three wrong attempts of one source, now."""

    def count(times: int = 1) -> None:
        for _ in range(times):
            with context.transaction() as session:
                attempts.count_source(session, SOURCE, context.now(), context.settings)

    return count


@pytest.fixture
def refused_until(context):
    """Until when the source has to wait; None when it need not."""

    def look():
        try:
            with context.transaction() as session:
                attempts.check_source(session, SOURCE, context.now(), context.settings)
        except SourceRefused as refusal:
            return refusal.until
        return None

    return look


def test_r5_the_hour_begins_with_the_first_wrong_attempt_and_is_not_made_longer(is_wrong, refused_until, clock):
    began = clock.moment
    for _ in range(20):
        is_wrong()
        clock.passes(minutes=2)
    assert refused_until() is None, "twenty are allowed"
    is_wrong()
    assert refused_until() == began + HOUR
    is_wrong(5)
    assert refused_until() == began + HOUR, "who goes on guessing waits no longer for it"
    clock.moment = began + HOUR - timedelta(seconds=1)
    assert refused_until() == began + HOUR
    clock.moment = began + HOUR
    assert refused_until() is None


def test_r5_after_the_hour_the_count_and_the_hour_begin_anew(is_wrong, refused_until, clock):
    is_wrong(21)
    clock.passes(hours=1)
    began = clock.moment
    is_wrong()
    assert refused_until() is None, "one wrong attempt of this hour, whatever was in the last"
    clock.passes(minutes=50)
    is_wrong(20)
    assert refused_until() == began + HOUR


def test_r5_what_was_wrong_long_ago_does_not_shorten_the_hour(is_wrong, refused_until, clock):
    is_wrong()
    clock.passes(days=3)
    began = clock.moment
    is_wrong(21)
    assert refused_until() == began + HOUR


def test_r5_only_sources_whose_hour_is_over_are_forgotten(context, is_wrong, clock):
    def known() -> list[str]:
        attempts.forget_over(context)
        with context.transaction() as session:
            return list(session.scalars(select(SourceAttempts.source)))

    is_wrong()
    clock.passes(minutes=59, seconds=59)
    assert known() == [SOURCE.source]
    clock.passes(seconds=1)
    assert known() == []
