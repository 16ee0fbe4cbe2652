"""What holds a visit together: the cookie, the token in it, and the database that every process of the site shares."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.cookies import SimpleCookie

import pytest
from sqlalchemy import select

from core.context import CoreContext, open_context
from core.records.schema import VisitorSession
from core.values import CardState
from tests.support.core.audit import outcomes
from tests.support.core.clock import Clock
from tests.support.core.people import Held, card_state
from tests.support.web.reading import heading
from tests.support.web.visitor import Answer, Site, Visitor

REPORTED = ("report a loss", "done")


@pytest.fixture
def behind_a_proxy(site_with) -> Callable[..., Visitor]:
    """behind_a_proxy(scheme) is a visitor whose browser speaks so with the proxy in front of the site."""
    at = site_with(web_trusted_proxies=("127.0.0.1",))
    return lambda scheme: at(x_forwarded_proto=scheme)


@pytest.fixture
def other_process(context: CoreContext, clock: Clock) -> Iterator[Visitor]:
    """A visitor of another process of the site, which shares nothing with the first but the database."""
    own = open_context(context.settings, clock)
    with closing(Site(own)) as site:
        yield Visitor(site.port)
    own.engine.dispose()


def cookie_given(answer: Answer) -> tuple[str, dict[str, object]]:
    """The one cookie of an answer: its name, and what it says beside its value."""
    (line,) = answer.headers.get_all("Set-Cookie")
    ((name, morsel),) = SimpleCookie(line).items()
    return name, {what: value for what, value in morsel.items() if value}


def signs_in(visitor: Visitor, held: Held) -> Answer:
    """The answer to the form itself."""
    body = f"id_number={held.id_number}&pin={held.pin}".encode()
    return visitor.asks("POST", "/sign-in", body, visitor.posted)


# The cookie


def test_behind_https_the_cookie_is_for_this_host_alone_and_gone_with_the_browser(behind_a_proxy, holder):
    name, said = cookie_given(signs_in(behind_a_proxy("https"), holder()))
    assert name == "__Host-session"
    assert said == {"path": "/", "httponly": True, "secure": True, "samesite": "Lax"}


def test_on_this_very_machine_the_cookie_goes_without_https(visitor: Visitor, holder):
    name, said = cookie_given(signs_in(visitor, holder()))
    assert name == "session" and said == {"path": "/", "httponly": True, "samesite": "Lax"}


def test_signing_out_takes_the_cookie_back_under_the_same_name(behind_a_proxy, holder):
    visitor = behind_a_proxy("https")
    signs_in(visitor, holder())
    name, said = cookie_given(visitor.asks("POST", "/sign-out", b"", visitor.posted))
    assert name == "__Host-session" and said["max-age"] == "0" and said["secure"] and said["path"] == "/"


@pytest.mark.parametrize(("scheme", "name"), [("https", "session"), ("http", "__Host-session")])
def test_a_cookie_that_another_site_of_the_domain_could_have_set_opens_nothing(behind_a_proxy, holder, scheme, name):
    visitor = behind_a_proxy(scheme)
    signs_in(visitor, holder())
    (token,) = visitor.cookies.values()
    visitor.cookies = {name: token}
    assert heading(visitor.opens("/account")) == "登录"


# The token


def test_the_token_stands_on_no_page_and_not_in_the_database(visitor: Visitor, context, holder):
    visitor.signs_in(holder())
    token = visitor.cookies["session"]
    with context.transaction() as session:
        visit = session.scalars(select(VisitorSession)).one()
        kept = {str(getattr(visit, column.key)) for column in VisitorSession.__table__.columns}
    assert token not in kept
    for path in ("/account", "/account/pin", "/account/loss/confirm", "/account/history"):
        page = visitor.opens(path)
        assert token not in page.html and not any(len(each) > 20 and each in page.html for each in kept)


def test_nothing_that_the_database_or_a_page_knows_opens_a_visit(visitor: Visitor, visitors, context, holder):
    held = holder()
    visitor.signs_in(held)
    form_token = visitor.opens("/account/pin").field("form_token")
    with context.transaction() as session:
        visit = session.scalars(select(VisitorSession)).one()
    real = visitor.cookies["session"]
    for made_up in (visit.token_digest, visit.session_id, form_token, held.id_number, real[:-1], real + "A", "A" * 43):
        thief = visitors()
        thief.cookies["session"] = made_up
        assert heading(thief.opens("/account")) in ("登录", "登录已经结束")


# Several processes


def test_another_process_serves_the_same_visit_and_can_end_it(visitor: Visitor, other_process: Visitor, holder):
    visitor.signs_in(holder())
    other_process.cookies = dict(visitor.cookies)
    assert heading(other_process.opens("/account")) == "我的账户"
    other_process.sends("/sign-out")
    assert heading(visitor.opens("/account")) == "登录已经结束"


def test_a_visit_is_used_wherever_it_is_used(visitor: Visitor, other_process: Visitor, holder, clock: Clock):
    visitor.signs_in(holder())
    other_process.cookies = dict(visitor.cookies)
    for each in (visitor, other_process, visitor):
        clock.passes(minutes=9)
        assert heading(each.opens("/account")) == "我的账户"


def test_a_form_of_one_process_is_done_by_another_and_once_in_all(
    visitor: Visitor, other_process: Visitor, context, holder
):
    held = holder()
    visitor.signs_in(held)
    token = visitor.opens("/account/loss/confirm").field("form_token")
    other_process.cookies = dict(visitor.cookies)
    with ThreadPoolExecutor(2) as both:
        answers = [both.submit(each.sends, "/account/loss", form_token=token) for each in (visitor, other_process)]
    assert [heading(answer.result()) for answer in answers] == ["挂失成功"] * 2
    assert outcomes(context, held).count(REPORTED) == 1


# Two tabs


def test_two_tabs_are_one_visit_and_the_forms_of_both_count(visitor: Visitor, visitors, context, holder, clock: Clock):
    held = holder()
    visitor.signs_in(held)
    other_tab = visitors()
    other_tab.cookies = dict(visitor.cookies)
    other_tab.opens("/account/loss/confirm")
    visitor.opens("/account/pin")
    clock.passes(seconds=1)
    visitor.sends("/account/pin", original=held.pin, new="604815", again="604815")
    assert heading(visitor.page) == "密码已修改"
    other_tab.sends("/account/loss")
    assert heading(other_tab.page) == "挂失成功"
    assert card_state(context, held) is CardState.LOSS_REPORTED
    assert heading(visitor.opens("/account")) == "我的账户"
