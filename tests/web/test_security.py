"""What keeps people safe whatever a page does: who may send a form, where one may sign in, which address counts, and
what is told when something fails."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from core.context import CoreContext
from core.records.schema import AuditEvent
from core.service import Service
from tests.support.core.people import put_holder
from tests.support.web.at_kiosk import AtKiosk, make_kiosk
from tests.support.web.reading import heading
from tests.support.web.visitor import Answer, Site, Visitor, exchange
from web.page import Page
from web.static_files import files, url

WRONG = "918364"


@pytest.fixture
def visitor(shared_site: Site) -> Visitor:
    return Visitor(shared_site.port)


@pytest.fixture(scope="module")
def chained(shared_context: CoreContext) -> Iterator[Site]:
    """A site behind two proxies: one on this machine, and one at 10.0.0.1 that hands on to it."""
    settings = replace(shared_context.settings, web_trusted_proxies=("127.0.0.1", "10.0.0.0/24", "2001:db8:ffff::/48"))
    with closing(Site(replace(shared_context, settings=settings))) as site:
        yield site


@pytest.fixture(scope="module")
def unproxied(shared_context: CoreContext) -> Iterator[Site]:
    """A site that browsers reach without anything between."""
    settings = replace(shared_context.settings, web_trusted_proxies=())
    with closing(Site(replace(shared_context, settings=settings))) as site:
        yield site


# Forms from elsewhere


def prints_large(visitor: Visitor, **headers: str) -> bool:
    """Whether a form that came with these headers was carried out."""
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"Content-Type": visitor.posted["Content-Type"]}
    answer = visitor.asks("POST", "/print-size", b"large=1&back=/", kind | sent)
    assert (answer.status == 303) == ("Set-Cookie" in answer.headers)
    assert answer.status == 303 or (answer.status == 403 and answer.has("请求来自别的网站", "没有办理"))
    return answer.status == 303


def test_a_browser_that_says_where_a_form_comes_from_is_believed(visitor: Visitor):
    assert prints_large(visitor, Sec_Fetch_Site="same-origin")
    assert prints_large(visitor, Sec_Fetch_Site="same-origin", Origin="https://behind.a.proxy.example")
    assert prints_large(visitor, Sec_Fetch_Site="none"), "somebody asked for it themselves: a reload"
    for elsewhere in ("cross-site", "same-site", "", "Same-Origin", "nonsense"):
        assert not prints_large(visitor, Sec_Fetch_Site=elsewhere, Origin=f"http://127.0.0.1:{visitor.port}")


def test_an_older_browser_says_it_with_the_origin_or_the_page_before(visitor: Visitor):
    here = f"http://127.0.0.1:{visitor.port}"
    assert prints_large(visitor, Origin=here)
    assert prints_large(visitor, Referer=here + "/guide?a=b")
    assert prints_large(visitor, Host="hotline.example", Origin="http://hotline.example")
    assert not prints_large(visitor, Origin="null", Referer=here + "/")


@pytest.mark.parametrize(
    "sender",
    ["", "null", "https://elsewhere.example", "http://127.0.0.1", "http://127.0.0.1:1", "http://127.0.0.1:{port}.example",
     "http://elsewhere.example/http://127.0.0.1:{port}", "http://127.0.0.1:{port}@elsewhere.example", "http://[::",
     "https://127.0.0.1:{port}", "//127.0.0.1:{port}", "127.0.0.1:{port}", "about:blank"],
)  # fmt: skip
def test_a_form_that_comes_from_anywhere_else_or_nowhere_does_nothing(visitor: Visitor, sender):
    sender = sender.format(port=visitor.port)
    assert not prints_large(visitor, Origin=sender)
    assert not prints_large(visitor, Referer=sender)


def test_a_form_that_says_nothing_does_nothing(visitor: Visitor):
    assert not prints_large(visitor)
    assert not prints_large(visitor, Host="")
    assert not prints_large(visitor, Host="", Origin="null")


def test_a_page_without_https_sends_nothing_to_the_one_with_it(shared_site: Site):
    visitor = Visitor(shared_site.port, x_forwarded_proto="https")
    assert prints_large(visitor, Origin=f"https://127.0.0.1:{visitor.port}")
    assert not prints_large(visitor, Origin=f"http://127.0.0.1:{visitor.port}")


# What every answer tells the browser


def test_a_page_that_asks_for_nothing_of_its_own_has_these_headers(visitor: Visitor):
    answer = visitor.opens("/")
    assert dict(answer.headers) | {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cache-Control": "no-store",
    } == dict(answer.headers)


def test_what_an_answer_says_itself_counts_more_than_what_all_say(site: Site, context: CoreContext):
    """The kiosk's pages ask the card reader beside them, too; a file that never changes may be kept."""
    kiosk = AtKiosk(site.port)
    kiosk.enters_key(make_kiosk(context))
    assert kiosk.page.headers.get_all("Content-Security-Policy") == [
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self' ws://127.0.0.1:8765; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ]
    for name in files():
        answer = Visitor(site.port).asks("GET", url(name))
        assert answer.headers.get_all("Cache-Control") == ["public, max-age=31536000, immutable"]


# Where one may sign in


@pytest.mark.parametrize(
    ("host", "scheme", "may"),
    [
        ("localhost", "http", True),
        ("localhost:8080", "http", True),
        ("127.0.0.1:8080", "http", True),
        ("[::1]:8080", "http", True),
        ("hotline.example", "https", True),
        ("hotline.example", "http", False),
        ("192.0.2.7:8080", "http", False),
        ("localhost.example", "http", False),
        ("127.0.0.1.example", "http", False),
        ("", "http", False),
        ("hotline.example", "https, http", False),
        ("hotline.example", "HTTPS", True),
    ],
)
def test_nobody_signs_in_where_others_can_read_along(shared_site: Site, shared_context, host, scheme, may):
    held = put_holder(shared_context)
    visitor = Visitor(shared_site.port, x_forwarded_proto=scheme)
    headers = {"Host": host, "Sec-Fetch-Site": "same-origin"}
    assert visitor.asks("GET", "/sign-in", headers=headers).status == (200 if may else 403)
    assert ('name="pin"' in visitor.page.html) is may
    body = f"id_number={held.id_number}&pin={held.pin}".encode()
    answer = visitor.asks("POST", "/sign-in", body, visitor.posted | headers)
    assert ("Set-Cookie" in answer.headers) is may and answer.status == (303 if may else 403)


def test_a_browser_that_says_itself_that_it_came_encrypted_is_not_believed(unproxied: Site):
    visitor = Visitor(unproxied.port, x_forwarded_proto="https")
    answer = visitor.asks("GET", "/sign-in", headers={"Host": "hotline.example"})
    assert answer.status == 403 and "Strict-Transport-Security" not in answer.headers


# Which address counts (R5)


def source_of(site: Site, context: CoreContext, *lines: str) -> str:
    """As whom a visitor counts who comes with these X-Forwarded-For lines."""
    forwarded = "".join(f"X-Forwarded-For: {line}\r\n" for line in lines)
    answer = exchange(
        site.port,
        b"POST /numbers/unit HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
        + forwarded.encode()
        + b"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 8\r\n\r\nnumber=1",
    )
    assert answer.startswith(b"HTTP/1.1 200")
    with context.transaction() as session:
        return session.scalars(select(AuditEvent.source).order_by(AuditEvent.id.desc()).limit(1)).one()


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        ([], "127.0.0.1"),
        (["203.0.113.9"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9"], "203.0.113.9"),  # the first one was made up by the visitor
        (["198.51.100.1", "203.0.113.9"], "203.0.113.9"),  # so was the first line
        (["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
        (["203.0.113.9, 10.0.0.1"], "203.0.113.9"),
        (["203.0.113.9", "10.0.0.2, 10.0.0.1"], "203.0.113.9"),
        (["198.51.100.1, 203.0.113.9, 10.0.0.1"], "203.0.113.9"),
        (["10.0.0.9, 10.0.0.1"], "10.0.0.9"),
        (["2001:db8:1:2:3:4:5:6"], "2001:db8:1:2::/64"),
        (["2001:db8:1:2:ffff::1, 2001:db8:ffff::9"], "2001:db8:1:2::/64"),
        (["::ffff:203.0.113.9"], "203.0.113.9"),
        (["fe80::1%eth0"], "fe80::/64"),
        (["203.0.113.9:5555"], "127.0.0.1"),
        (["198.51.100.1, nonsense, 10.0.0.1"], "10.0.0.1"),
        (["unknown"], "127.0.0.1"),
        ([", ,"], "127.0.0.1"),
        (["页"], "127.0.0.1"),
        (["1" * 5000], "127.0.0.1"),
    ],
)
def test_r5_a_visitor_counts_as_the_nearest_address_that_is_no_proxy_of_ours(chained, shared_context, lines, address):
    assert source_of(chained, shared_context, *lines) == f"web:{address}"


@pytest.mark.parametrize("lines", [["203.0.113.9"], ["127.0.0.1, 203.0.113.9", "10.0.0.1"], ["2001:db8::1"]])
def test_r5_without_a_named_proxy_nothing_that_was_forwarded_counts(unproxied: Site, shared_context, lines):
    assert source_of(unproxied, shared_context, *lines) == "web:127.0.0.1"


def test_r5_whoever_forges_addresses_is_refused_and_nobody_else(site_with, holder):
    held, at = holder(), site_with(web_trusted_proxies=("127.0.0.1",), source_wrong_limit=2)
    for forged in ("198.51.100.1", "198.51.100.2", "198.51.100.3"):
        page = at(x_forwarded_for=f"{forged}, 203.0.113.9").signs_in(holder(), WRONG)
        assert page.status == 422
    for forged in ("198.51.100.4, 203.0.113.9", "203.0.113.9"):
        assert at(x_forwarded_for=forged).signs_in(held).status == 429
    assert heading(at(x_forwarded_for="198.51.100.1").signs_in(held)) == "我的账户"


def test_r5_a_household_has_many_addresses_and_is_one_source(site_with, holder):
    held, at = holder(), site_with(web_trusted_proxies=("127.0.0.1",), source_wrong_limit=2)
    for address in ("2001:db8:1:2::1", "2001:db8:1:2:8000::1", "2001:db8:1:2:3:4:5:6"):
        at(x_forwarded_for=address).signs_in(holder(), WRONG)
    assert at(x_forwarded_for="2001:db8:1:2::9").signs_in(held).status == 429
    assert heading(at(x_forwarded_for="2001:db8:1:3::9").signs_in(held)) == "我的账户"


# What is told when something fails


SECRET = "500103198502109970 739164"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[object, str], None]:
    """failing(Service, "offices") lets something fail with an error whose text holds what nobody may read."""

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ValueError(SECRET)

    return lambda owner, name: monkeypatch.setattr(owner, name, fail)


def is_a_plain_apology(answer: Answer) -> str:
    """A page with a reference, and nothing about what happened; the reference."""
    assert (answer.status, heading(answer)) == (500, "系统出错了")
    assert not re.search(r"Error|Traceback|\.py|line \d|python|739164|5001031985", answer.html + str(answer.headers))
    (reference,) = re.findall(r'<strong class="reference">(\d{4} \d{4})</strong>', answer.html)
    return reference.replace(" ", "")


def test_a_page_that_fails_gives_a_reference_that_the_log_explains(visitor: Visitor, failing, caplog):
    caplog.set_level(logging.DEBUG)
    failing(Service, "offices")
    references = [is_a_plain_apology(visitor.opens("/offices")) for _ in range(2)]
    assert references[0] != references[1]
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
    assert [line.partition(" ")[0] for line in lines] == references
    assert "ValueError" in lines[0] and "web/site/offices.py" in lines[0]
    assert not re.search("739164|5001031985", caplog.text)
    assert visitor.opens("/").status == 200


def test_a_form_that_fails_tells_nothing_of_what_was_entered(visitor: Visitor, shared_context, failing, caplog):
    caplog.set_level(logging.DEBUG)
    held = put_holder(shared_context)
    visitor.signs_in(held)
    failing(Service, "check_original_pin_of")
    failing(Service, "identify")
    visitor.opens("/account/pin")
    is_a_plain_apology(visitor.sends("/account/pin", original=held.pin, new="604815", again="604815"))
    is_a_plain_apology(visitor.signs_in(held))
    assert not re.search(f"739164|604815|{held.id_number}", caplog.text)


def test_even_without_a_page_there_is_an_answer(visitor: Visitor, failing, caplog):
    failing(Page, "show")
    answer = visitor.opens("/sign-in")
    assert answer.status == 500 and answer.has("没有办理", "12333", "回到首页")
    assert "Server" not in answer.headers and answer.headers["Cache-Control"] == "no-store"
    assert "ValueError" in caplog.text and "739164" not in caplog.text + answer.html


def test_a_broken_database_is_logged_without_what_was_asked(site: Site, context, holder, caplog):
    caplog.set_level(logging.DEBUG)
    held, visitor = holder(), Visitor(site.port)
    with context.transaction() as session:
        session.execute(text("ALTER TABLE people RENAME TO nobody"))
    answer = visitor.signs_in(held)
    assert answer.status in (500, 503) and 'class="reference"' in answer.html
    assert not re.search(f"{held.pin}|{held.id_number}|SELECT|people", caplog.text + answer.html)
