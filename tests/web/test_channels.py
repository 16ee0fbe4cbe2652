"""Phone, web and counter at the same person: what one does holds for the others at once. The phone is the real FastAGI
server in a process of its own, over the same database as the site."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from functools import partial

import pytest

from core.cards.pin_change import reset_pin
from core.context import CoreContext, open_context
from core.values import Door
from sounds import numbers
from tests.support.agi.caller import Caller
from tests.support.core.audit import outcomes
from tests.support.core.databases import fresh_settings
from tests.support.core.people import Held, put_holder, somebody_at
from tests.support.web.processes import Server, hotline
from tests.support.web.reading import complaints, heading, table
from tests.support.web.visitor import Site, Visitor

NEW_PIN, WRONG_PIN = "604815", "918364"
CLERK = somebody_at(Door.BRANCH, "counter:1", "clerk-1", "渝中区医疗保险分中心")


@dataclass(frozen=True)
class Town:
    """One database, and two ways to it."""

    context: CoreContext
    site: Site
    phone: Server


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    settings = replace(fresh_settings(request, tmp_path_factory.mktemp("town")), source_wrong_limit=1000)
    with ExitStack() as running:
        context = open_context(settings)
        running.callback(context.engine.dispose)
        shared = {"database_url": settings.database_url, "source_wrong_limit": settings.source_wrong_limit}
        phone = running.enter_context(hotline(settings.state_dir, **shared))
        yield Town(context, running.enter_context(closing(Site(context))), phone)


@pytest.fixture
def held(town: Town) -> Held:
    return put_holder(town.context)


@pytest.fixture
def visitors(town: Town) -> Callable[[], Visitor]:
    return partial(Visitor, town.site.port)


@pytest.fixture
def visitor(visitors: Callable[[], Visitor]) -> Visitor:
    return visitors()


@pytest.fixture
def calls(town: Town) -> Callable[..., Caller]:
    """calls("5") is somebody who has dialled and pressed 5."""

    def call(*keys: str) -> Caller:
        caller = Caller("127.0.0.1", town.phone.port).dials("12333")
        return caller.presses(*keys) if keys else caller

    return call


def keys(number: str) -> str:
    return number.replace("X", "*")


def identifies(caller: Caller, held: Held, pin: str) -> Caller:
    return caller.presses(keys(held.id_number), "#", pin, "#")


def changes_pin(caller: Caller, held: Held, new: str) -> Caller:
    """At the card menu."""
    caller.presses("1", keys(held.suffix), "#", held.pin, "#")
    return caller.presses(new, "#", new, "#") if "pin-enter-new" in caller.heard else caller


def opens_on_the_phone(calls: Callable[..., Caller], held: Held, pin: str) -> bool:
    caller = identifies(calls("31"), held, pin)
    opened = "account-menu" in caller.heard
    caller.hangs_up()
    return opened


def is_signed_in(visitor: Visitor) -> bool:
    return heading(visitor.opens("/account")) == "我的账户"


def spoken_reference(visitor: Visitor) -> list[str]:
    """What a caller hears of the one loss that stands on the visitor's page."""
    (report,) = table(visitor.opens("/account/loss"), "挂失记录")
    return numbers.digits(report["挂失编号"].replace(" ", ""))


# The PIN


def test_r25_a_pin_changed_on_the_phone_ends_the_visit_on_the_web(visitor: Visitor, calls, held: Held):
    visitor.signs_in(held)
    visitor.opens("/account/pin")
    changes_pin(calls("5"), held, NEW_PIN).hears("pin-changed").hangs_up()
    visitor.sends("/account/pin", original=held.pin, new="857103", again="857103")
    assert heading(visitor.page) == "登录已经结束"
    assert complaints(visitor.signs_in(held))
    assert heading(visitor.signs_in(held, NEW_PIN)) == "我的账户"


def test_r25_a_pin_changed_on_the_web_is_the_one_that_the_phone_takes(visitor: Visitor, calls, held: Held):
    visitor.signs_in(held)
    visitor.opens("/account/pin")
    visitor.sends("/account/pin", original=held.pin, new=NEW_PIN, again=NEW_PIN)
    assert heading(visitor.page) == "密码已修改" and is_signed_in(visitor)
    assert opens_on_the_phone(calls, held, NEW_PIN)
    assert not opens_on_the_phone(calls, held, held.pin)


def test_r25_a_pin_changed_on_the_web_while_a_caller_chooses_another_stands(visitor: Visitor, calls, held: Held):
    caller = calls("5", "1", keys(held.suffix), "#", held.pin, "#").is_back_at("pin-enter-new")
    visitor.signs_in(held)
    visitor.opens("/account/pin")
    visitor.sends("/account/pin", original=held.pin, new=NEW_PIN, again=NEW_PIN)
    caller.presses("857103", "#", "857103", "#").does_not_hear("pin-changed").hangs_up()
    assert opens_on_the_phone(calls, held, NEW_PIN)


def test_r26_a_pin_reset_at_a_counter_ends_the_visit_and_opens_both_channels(town, visitor: Visitor, calls, held: Held):
    visitor.signs_in(held)
    for _ in range(6):
        opens_on_the_phone(calls, held, WRONG_PIN)
    reset_pin(town.context, CLERK, held.card_id, NEW_PIN, NEW_PIN, card_seen=True, document_seen="passport")
    assert heading(visitor.opens("/account")) == "登录已经结束"
    assert heading(visitor.signs_in(held, NEW_PIN)) == "我的账户"
    assert opens_on_the_phone(calls, held, NEW_PIN)


# The count of wrong PINs


def test_r4_wrong_pins_by_phone_and_on_the_web_count_together(visitor: Visitor, calls, held: Held):
    for _ in range(3):
        assert complaints(visitor.signs_in(held, WRONG_PIN))
    for _ in range(2):
        assert not opens_on_the_phone(calls, held, WRONG_PIN)
    assert visitor.signs_in(held, WRONG_PIN).has("密码已锁定")
    assert visitor.signs_in(held).has("密码已锁定"), "even with the right PIN"
    identifies(calls("31"), held, held.pin).hears("pin-locked")


def test_r4_a_right_pin_by_phone_begins_the_count_on_the_web_again(visitor: Visitor, calls, held: Held):
    for _ in range(5):
        assert complaints(visitor.signs_in(held, WRONG_PIN))
    assert opens_on_the_phone(calls, held, held.pin)
    for _ in range(5):
        assert complaints(visitor.signs_in(held, WRONG_PIN))
    assert heading(visitor.signs_in(held)) == "我的账户"


def test_r4_however_many_guess_at_once_six_are_compared(town: Town, visitors, calls, held: Held):
    with ThreadPoolExecutor(12) as crowd:
        guesses = [crowd.submit(visitors().signs_in, held, WRONG_PIN) for _ in range(6)]
        guesses += [crowd.submit(opens_on_the_phone, calls, held, WRONG_PIN) for _ in range(6)]
        for guess in guesses:
            guess.result()
    told = [outcome for operation, outcome in outcomes(town.context, held) if operation == "identify"]
    assert told.count("identification_failed") == 5, "and the sixth locked"
    assert told.count("pin_locked") == 7


# A loss


def test_r31_a_loss_reported_by_phone_ends_the_visit_and_is_found_on_the_web(visitor: Visitor, calls, held: Held):
    visitor.signs_in(held)
    caller = identifies(calls("52"), held, held.pin).is_back_at("loss-confirm")
    caller.presses("1").hears("loss-reported")
    assert heading(visitor.opens("/account/loss")) == "登录已经结束"
    visitor.signs_in(held)
    caller.hears("loss-reference-is", *spoken_reference(visitor)).hangs_up()
    assert visitor.page.has("已挂失", "12333 电话")


def test_r25_a_loss_reported_by_phone_forbids_the_change_of_pin_on_the_web(visitor: Visitor, calls, held: Held):
    identifies(calls("52"), held, held.pin).presses("1").hears("loss-reported").hangs_up()
    visitor.signs_in(held)
    assert visitor.opens("/account/pin").status == 409 and visitor.page.has("已经挂失，不能修改密码")
    assert opens_on_the_phone(calls, held, held.pin), "enquiries stay possible (R33)"


def test_r31_a_loss_reported_on_the_web_is_heard_on_the_phone(visitor: Visitor, calls, held: Held):
    visitor.signs_in(held)
    visitor.opens("/account/loss/confirm")
    visitor.sends("/account/loss")
    assert heading(visitor.page) == "挂失成功"
    caller = identifies(calls("52"), held, held.pin).presses("1")
    caller.hears("loss-already-reported", *spoken_reference(visitor)).does_not_hear("loss-reported").hangs_up()
    changes_pin(calls("5"), held, NEW_PIN).hears("card-reported").hangs_up()


def test_r37_a_loss_reported_on_both_at_once_is_one_loss(town: Town, visitor: Visitor, calls, held: Held):
    caller = identifies(calls("52"), held, held.pin).is_back_at("loss-confirm")
    visitor.signs_in(held)
    visitor.opens("/account/loss/confirm")
    with ThreadPoolExecutor(2) as both:
        by_web, by_phone = both.submit(visitor.sends, "/account/loss"), both.submit(caller.presses, "1")
        by_web.result(), by_phone.result()
    visitor.signs_in(held)
    caller.hears(*spoken_reference(visitor)).hangs_up()
    assert outcomes(town.context, held).count(("report a loss", "done")) in (1, 2), "the phone may end the visit first"


# What happened


def test_r47_the_site_tells_what_was_done_by_phone_and_at_a_counter(town: Town, visitor: Visitor, calls, held: Held):
    opens_on_the_phone(calls, held, WRONG_PIN)
    reset_pin(town.context, CLERK, held.card_id, NEW_PIN, NEW_PIN, card_seen=True, document_seen="passport")
    visitor.signs_in(held, NEW_PIN)
    visitor.opens("/account/history")
    told = " ".join(visitor.page.text.split())
    assert re.search("窗口（渝中区医疗保险分中心）.*12333 电话.*没有成功：号码或密码不正确", told)
