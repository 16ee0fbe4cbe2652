"""Large print (适老版): chosen on any page, kept, and never a way to another site."""

from __future__ import annotations

import pytest

from tests.support.web.reading import find
from tests.support.web.visitor import Visitor


def test_large_print_is_chosen_on_any_page_and_stays_chosen(visitor: Visitor):
    visitor.opens("/guide/loss")
    assert not _is_large(visitor)
    visitor.sends("/print-size", back=visitor.page.field("back"), large="1")
    assert visitor.page.path == "/guide/loss" and _is_large(visitor)
    visitor.opens("/")
    assert _is_large(visitor) and visitor.page.has("退出大字版")
    visitor.sends("/print-size", back=visitor.page.field("back"), large="0")
    assert visitor.page.path == "/" and not _is_large(visitor)


def test_large_print_leads_back_to_what_was_searched_for(visitor: Visitor):
    visitor.opens("/guide?from=%E9%A6%96%E9%A1%B5&n=2")
    assert visitor.page.field("back") == "/guide?from=%E9%A6%96%E9%A1%B5&n=2"


def test_large_print_stays_for_a_year_and_tells_scripts_nothing(visitor: Visitor):
    answer = visitor.asks("POST", "/print-size", b"large=1&back=/", visitor.posted)
    cookie = answer.headers["Set-Cookie"]
    assert answer.status == 303
    assert cookie.startswith("print-size=large;")
    assert {"Max-Age=31536000", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))


def test_large_print_outlasts_signing_in_and_out(visitor: Visitor, holder):
    visitor.opens("/")
    visitor.sends("/print-size", back="/", large="1")
    visitor.signs_in(holder())
    assert _is_large(visitor) and visitor.page.has("我的账户")
    visitor.sends("/sign-out")
    assert _is_large(visitor)


def test_large_print_offers_fewer_ways(visitor: Visitor):
    links = [visitor.opens("/").html.count("<a ")]
    visitor.sends("/print-size", back="/", large="1")
    links.append(visitor.page.html.count("<a "))
    assert links[1] <= links[0] * 2 / 3


@pytest.mark.parametrize(
    "elsewhere",
    ["//elsewhere.example/", "/\\elsewhere.example", "https://elsewhere.example/", "/\t/elsewhere.example", "", "guide",
     "/guide\r\nSet-Cookie: a=b", "/" + "页"],
)  # fmt: skip
def test_the_way_back_never_leads_elsewhere(visitor: Visitor, elsewhere):
    visitor.opens("/")
    visitor.sends("/print-size", back=elsewhere, large="1")
    assert visitor.page.path == "/" and visitor.page.status == 200


@pytest.mark.parametrize("body", [b"", b"large=7", b"large=1&large=0&back=%00"])
def test_an_odd_choice_leads_home(visitor: Visitor, body):
    answer = visitor.asks("POST", "/print-size", body, visitor.posted)
    assert (answer.status, answer.headers["Location"]) == (303, "/")


def test_another_site_chooses_nothing(visitor: Visitor):
    answer = visitor.asks("POST", "/print-size", b"large=1", {"Origin": "https://elsewhere.example"})
    assert answer.status == 403 and "Set-Cookie" not in answer.headers


def _is_large(visitor: Visitor) -> bool:
    return bool(find(visitor.page, "html.large-print"))
