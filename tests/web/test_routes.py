"""Every address of the site, in one table that is made from the site's own: what holds for all pages, for a new one
too."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

import pytest

from core.records.schema import Contribution
from tests.support.core.people import Held, put_holder
from tests.support.web.addresses import address, filled_in, has_safe_headers
from tests.support.web.visitor import Answer, Site, Visitor
from web.route import Route
from web.routes import ROUTES, SITE
from web.static_files import files, url

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
SETS_COOKIES = {("POST", "/sign-in"), ("POST", "/sign-out"), ("GET", "/signed-out"), ("POST", "/print-size"),
                ("POST", "/counter/sign-out"), ("GET", "/counter/pad")}  # fmt: skip
PATHS = sorted({route.path for route in ROUTES})

every_route = pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route.method} {route.path}")
every_page = pytest.mark.parametrize(
    "route", [route for route in SITE if route.method == "GET"], ids=lambda route: route.path
)
ones_own = pytest.mark.parametrize(
    "route", [route for route in SITE if route.signed_in], ids=lambda route: f"{route.method} {route.path}"
)
every_form = pytest.mark.parametrize(
    "route", [route for route in ROUTES if route.method == "POST"], ids=lambda route: route.path
)


@pytest.fixture
def visitor(shared_site: Site) -> Visitor:
    return Visitor(shared_site.port)


@pytest.fixture(scope="module")
def held(shared_context) -> Held:
    return put_holder(shared_context)


@pytest.fixture
def signed_in(shared_site: Site, held: Held) -> Callable[..., Visitor]:
    def arrives(**headers: str) -> Visitor:
        person = Visitor(shared_site.port, **headers)
        person.signs_in(held)
        return person

    return arrives


def ask(visitor: Visitor, route: Route, method: str = "") -> Answer:
    """The request that a page of the site would make, with nothing filled in."""
    if (method or route.method) == "POST":
        return visitor.asks("POST", address(route), b"", visitor.posted)
    return visitor.asks(method or route.method, address(route))


@every_route
def test_every_answer_has_the_headers_that_keep_it_safe(signed_in, route: Route):
    for scheme in ("http", "https"):
        answer = ask(signed_in(x_forwarded_proto=scheme), route)
        assert answer.status < 500
        assert has_safe_headers(answer, encrypted=scheme == "https")
        assert answer.headers.get_all("Cache-Control") == ["no-store"]


@every_page
def test_every_page_answers_somebody_who_is_signed_in(signed_in, route: Route):
    answer = signed_in().opens(address(route))
    assert answer.status == 200
    if answer.headers.get_content_type() == "text/html":
        assert answer.has("退出登录")


@every_page
def test_a_look_at_the_headers_alone_gets_them_and_nothing_else(signed_in, route: Route):
    visitor = signed_in()
    whole, head = ask(visitor, route), ask(visitor, route, "HEAD")
    assert head.body == b"" and head.status == whole.status
    changing = {"Date", "Content-Length", "Content-Disposition"}
    assert {*whole.headers.items()} - {*head.headers.items()} <= {
        (name, value) for name, value in whole.headers.items() if name in changing
    }


@every_route
def test_no_page_sets_a_cookie_unasked(visitor: Visitor, route: Route):
    answer = ask(visitor, route)
    assert ("Set-Cookie" in answer.headers) <= ((route.method, route.path) in SETS_COOKIES)


@pytest.mark.parametrize("path", PATHS)
def test_what_a_page_is_not_for_is_refused_in_clear_words(visitor: Visitor, path):
    allowed = {route.method for route in ROUTES if route.path == path}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    for method in set(METHODS) - allowed:
        answer = visitor.asks(method, filled_in(path))
        assert (answer.status, set(re.split(", *", answer.headers["Allow"]))) == (405, allowed)
        assert has_safe_headers(answer) and answer.headers["Cache-Control"] == "no-store"
        assert method == "HEAD" or answer.has("不能这样访问这个页面", "回到首页")


@ones_own
def test_a_page_of_ones_own_wants_a_visit_and_shows_nothing_without(visitor: Visitor, route: Route):
    answer = ask(visitor, route)
    asked = f"?next={address(route)}" if route.method == "GET" else ""
    assert (answer.status, answer.headers["Location"], answer.body) == (303, f"/sign-in{asked}", b"")


@every_form
def test_a_form_that_was_sent_from_elsewhere_is_refused(signed_in, route: Route):
    visitor = signed_in()
    for sender in ({}, {"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = visitor.asks("POST", address(route), b"large=1", sender)
        assert answer.status == 403 and answer.has("请求来自别的网站", "没有办理")
        assert "Set-Cookie" not in answer.headers and has_safe_headers(answer)
    assert visitor.opens("/account").has("退出登录")


@pytest.mark.parametrize(
    "path",
    ["/no-such-page", "/account/no-such-insurance", "/sign-in/", "/Account", "/account//pin", "/%2e%2e/etc/passwd",
     "/.env", "/index.php", "//elsewhere.example", "/account/%00", "/%C3%28", "/account/pension%0D%0AX:y"],
)  # fmt: skip
def test_a_page_that_there_is_not_says_so(signed_in, path):
    answer = signed_in().asks("GET", path)
    assert answer.status == 404 and answer.has("没有这个页面", "回到首页")
    assert has_safe_headers(answer) and answer.headers["Cache-Control"] == "no-store"
    assert not answer.has(path.strip("/"))


@pytest.mark.parametrize("path", ["/account/%0D%0ASet-Cookie:a=b", "/account/%E9%A1%B5", "/account/a?next=//b&c"])
def test_an_odd_address_of_ones_own_is_sent_to_sign_in_and_no_header_is_slipped_in(visitor: Visitor, path):
    answer = visitor.asks("GET", path)
    assert answer.status == 303 and answer.headers["Location"] == "/sign-in?next=" + path.partition("?")[0]
    assert "Set-Cookie" not in answer.headers
    visitor.opens(path)
    assert visitor.page.status == 200 and visitor.page.field("next") == "/account"


@pytest.mark.parametrize("name", sorted(files()))
def test_a_static_file_is_what_it_says_and_the_same_for_everybody(visitor: Visitor, name):
    answer = visitor.asks("GET", url(name))
    kinds = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}
    assert answer.headers.get_content_type() == kinds[name.rpartition(".")[2]]
    assert has_safe_headers(answer) and "Set-Cookie" not in answer.headers
    assert visitor.asks("HEAD", url(name)).body == b""
    assert visitor.asks("POST", url(name)).status == 405


def test_a_year_in_an_address_may_be_anything(signed_in, shared_context, held: Held):
    with shared_context.transaction() as session:
        amounts = dict.fromkeys(("base", "personal_amount", "employer_amount"), Decimal(100))
        of_one_month = {"insurance": "pension", "month": "2026-01", "unit_number": "", "paid": True}
        session.merge(Contribution(person_id=held.person_id, **of_one_month, **amounts))
    visitor = signed_in()
    for number in ("", "-1", "0", "1.5", "9" * 5000, "000000001" + "0" * 4400, "%EF%BC%99", "%C2%B2", "%00", "%ED%A0"):
        assert visitor.opens("/account/pension?year=" + number).status == 200
