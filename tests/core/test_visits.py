"""Visits of signed-in people: how they begin, last and end (R25)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text

from core.actor import Actor
from core.cards.pin_change import reset_pin
from core.context import CoreContext
from core.errors import HotlineError
from core.identity import visits
from core.identity.visits import Visit
from core.service import Service
from core.values import Door
from tests.support.core.clock import Clock
from tests.support.core.people import Held


@pytest.fixture
def signs_in(context: CoreContext) -> Callable[[Held], str]:
    """signs_in(anna) is a browser of Anna's: the token that it holds."""

    def begin(held: Held) -> str:
        asked_at = context.now()
        person = Service(context, Actor.web("192.0.2.1")).identify(held.id_number, held.pin)
        return visits.begin(context, Door.WEB, person, asked_at)

    return begin


@pytest.fixture
def visit(context: CoreContext) -> Callable[[str], Visit | None]:
    return lambda token: visits.resume(context, Door.WEB, token)


def test_a_visit_knows_who_signed_in(context, holder, signs_in, visit):
    anna = holder()
    person = visit(signs_in(anna)).person
    assert person == Service(context, Actor.web("192.0.2.1")).identify(anna.id_number, anna.pin)


def test_a_visit_lasts_while_it_is_used_and_an_hour_at_most(holder, signs_in, visit, clock: Clock):
    token = signs_in(holder())
    for _ in range(6):
        clock.passes(minutes=9, seconds=55)
        assert visit(token)
    clock.passes(minutes=1)
    assert visit(token) is None


def test_a_visit_that_nobody_uses_ends_after_ten_minutes(holder, signs_in, visit, clock: Clock):
    token = signs_in(holder())
    clock.passes(minutes=10, seconds=1)
    assert visit(token) is None


def test_a_visit_at_a_kiosk_lasts_a_minute_and_the_moment_that_its_page_asks_in(context, holder, clock: Clock):
    held = holder()
    kiosk = Service(context, Actor.kiosk(7, "a hall"))
    token = visits.begin(context, Door.KIOSK, kiosk.identify_card(held.card_number, held.pin), context.now())
    clock.passes(seconds=60 + visits.KIOSK_WARNING_SECONDS - 1)
    assert visits.resume(context, Door.KIOSK, token)
    clock.passes(seconds=60 + visits.KIOSK_WARNING_SECONDS)
    assert visits.resume(context, Door.KIOSK, token) is None


def test_r33_a_visit_at_a_kiosk_ends_with_the_card_in_it(context, holder, caller):
    held = holder()
    kiosk = Service(context, Actor.kiosk(7, "a hall"))
    person = kiosk.identify_card(held.card_number, held.pin)
    caller.report_loss(person)
    assert visits.resume(context, Door.KIOSK, visits.begin(context, Door.KIOSK, person, context.now())) is None


def test_a_made_up_token_opens_nothing(holder, signs_in, visit):
    token = signs_in(holder())
    assert visit("") is None and visit(token + "x") is None and visit("' OR 1=1") is None


def test_a_visit_of_one_channel_is_none_on_another(context, holder, signs_in):
    assert visits.resume(context, Door.KIOSK, signs_in(holder())) is None


def test_signing_out_ends_this_visit_alone(context, holder, signs_in, visit):
    anna = holder()
    here, elsewhere = signs_in(anna), signs_in(anna)
    visits.end(context, here)
    assert visit(here) is None and visit(elsewhere)


def change_the_pin(context: CoreContext, held: Held, actor: Actor) -> None:
    service = Service(context, actor)
    service.change_pin(service.check_original_pin(held.suffix, held.pin), "460281", "460281")


def reset_the_pin(context: CoreContext, held: Held, actor: Actor) -> None:
    clerk = replace(actor, door=Door.BRANCH)
    reset_pin(context, clerk, held.card_id, "460281", "460281", card_seen=True, document_seen="passport")


def report_the_loss(context: CoreContext, held: Held, actor: Actor) -> None:
    service = Service(context, actor)
    service.report_loss(service.identify(held.id_number, held.pin))


@pytest.mark.parametrize("happens", [change_the_pin, reset_the_pin, report_the_loss])
def test_r25_what_happens_on_the_phone_ends_every_visit(context, holder, signs_in, visit, clock: Clock, happens):
    anna, bert = holder(), holder()
    annas, berts = (signs_in(anna), signs_in(anna)), signs_in(bert)
    clock.passes(seconds=1)
    happens(context, anna, Actor.phone("02300000001", "call-1"))
    assert [visit(token) for token in annas] == [None, None]
    assert visit(berts)


@pytest.mark.parametrize("happens", [change_the_pin, report_the_loss])
def test_r25_the_visit_in_which_it_happens_goes_on(context, holder, signs_in, visit, clock: Clock, happens):
    anna = holder()
    here, elsewhere = signs_in(anna), signs_in(anna)
    clock.passes(seconds=1)
    happens(context, anna, Actor.web("192.0.2.1", visit(here).session_id))
    assert visit(here) and visit(elsewhere) is None


@pytest.mark.parametrize("happens", [change_the_pin, report_the_loss])
def test_the_visit_in_which_it_happens_still_lasts_an_hour_at_most(
    context, holder, signs_in, visit, clock: Clock, happens
):
    anna = holder()
    token = signs_in(anna)
    for _ in range(6):
        clock.passes(minutes=9, seconds=55)
        opened = visit(token)
    happens(context, anna, Actor.web("192.0.2.1", opened.session_id))
    assert visit(token).ends_at == opened.ends_at
    clock.passes(minutes=1)
    assert visit(token) is None


def test_r25_a_pin_changed_while_another_signs_in_with_the_old_one_ends_that_visit(
    context, holder, visit, clock: Clock
):
    anna = holder()
    asked_at = context.now()
    stranger = Service(context, Actor.web("192.0.2.9")).identify(anna.id_number, anna.pin)
    clock.passes(seconds=1)
    change_the_pin(context, anna, Actor.phone("02300000001", "call-1"))
    assert visit(visits.begin(context, Door.WEB, stranger, asked_at)) is None


def test_r25_a_refused_change_ends_nothing(context, holder, signs_in, visit, clock: Clock):
    anna = holder()
    token = signs_in(anna)
    clock.passes(seconds=1)
    with pytest.raises(HotlineError):
        change_the_pin(context, replace(anna, pin="999111"), Actor.phone("02300000001", "call-1"))
    assert visit(token)


def test_what_is_over_is_forgotten_and_what_is_not_is_kept(context, holder, signs_in, visit, clock: Clock):
    anna = holder()
    old = signs_in(anna)
    clock.passes(minutes=9)
    new = signs_in(anna)
    clock.passes(minutes=2)
    visits.forget_ended(context)
    clock.passes(minutes=-2)
    assert visit(old) is None and visit(new)


def test_only_the_note_that_somebody_is_still_there_may_be_lost_with_the_power(context, holder, signs_in, visit):
    def waits_for_the_disk() -> bool:
        with context.transaction() as session:
            asked = "PRAGMA synchronous" if context.engine.name == "sqlite" else "SHOW synchronous_commit"
            return session.scalar(text(asked)) in (2, "on")

    token = signs_in(holder())
    assert visit(token) and waits_for_the_disk()
    assert visit(token) and waits_for_the_disk()
