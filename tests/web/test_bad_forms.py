"""Every form with whatever can be sent to it: always a page with the right status, and nothing done that was not asked
for. The forms are those of the table of routes, a new one too."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote_plus, urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from core.context import CoreContext
from core.records.schema import Card, LossReport, PinAttempts, SourceAttempts
from core.values import Role
from tests.support.core.audit import outcomes
from tests.support.core.people import Held, put_holder
from tests.support.core.staffing import put_employee
from tests.support.web.addresses import address, filled_in, has_safe_headers, staff_role
from tests.support.web.at_kiosk import AtKiosk, make_kiosk
from tests.support.web.clerk import Clerk
from tests.support.web.reading import heading
from tests.support.web.visitor import Answer, Site, Visitor
from web.route import Route
from web.routes import ROUTES, SITE
from web.static_files import FOLDER

FORMS = [route for route in ROUTES if route.method == "POST"]
TEMPLATES = "\n".join(path.read_text() for path in FOLDER.parent.rglob("templates/**/*.html"))
FIELDS = sorted({*re.findall(r'(?:<\w+ [^>]*name=|_field\(form, )"(\w+)"', TEMPLATES), "form_token", "", "页"})
MARKUP = "\"'><script>alert(1)</script>"

every_form = pytest.mark.parametrize("route", FORMS, ids=lambda route: route.path)
every_filled_in_form = pytest.mark.parametrize(
    "route",
    [route for route in SITE if route.method == "POST" and route.path not in ("/sign-out", "/session/keep")],
    ids=lambda route: route.path,
)
some = settings(max_examples=40)

text = st.one_of(
    st.text(max_size=40),
    st.text(st.characters(categories=["Nd", "Cc", "Cf", "Zs", "Co", "Lo"]), max_size=40),
    st.sampled_from(["", " ", "\0", "\r\nSet-Cookie: a=b", MARKUP, "' OR 1=1 --", "{{ 77777*77777 }}", "%00",
                     "１２３４５６", "\N{ZERO WIDTH SPACE}", "\N{RIGHT-TO-LEFT OVERRIDE}", "𝟙𝟚𝟛", "9" * 5000]),
)  # fmt: skip
fields = st.dictionaries(st.sampled_from(FIELDS), text.filter(lambda value: not could_be_meant(value)), max_size=8)
content_types = st.sampled_from([
    None, "", "text/plain", "application/json", "multipart/form-data", "multipart/form-data; boundary=b",
    "multipart/form-data; boundary=", "application/x-www-form-urlencoded; charset=utf-16",
    "application/x-www-form-urlencoded; charset=unicode_escape", "application/x-www-form-urlencoded;charset=\"", ";",
    "application/x-www-form-urlencoded", "application/x-www-form-urlencoded", "application/x-www-form-urlencoded",
])  # fmt: skip
bodies = st.one_of(
    st.binary(max_size=200),
    st.lists(st.sampled_from([b"%", b"%f", b"%ff", b"%u0031", b"&", b"=", b";", b"+", b"\0", b"\xff", b"pin", b"number",
                              b"form_token", b"id_number", b"\\ud800", b"%ED%A0%80", b"%00", b"\r\n", b"--b",
                              b'Content-Disposition: form-data; name="pin"']), max_size=30).map(b"".join),
)  # fmt: skip


def could_be_meant(value: str) -> bool:
    """Six digits are a PIN, and count as one."""
    return re.fullmatch(r"\s*\d{6}\s*", value) is not None


@pytest.fixture(scope="module")
def held(shared_context: CoreContext) -> Held:
    return put_holder(shared_context)


@pytest.fixture(scope="module")
def stranger(shared_site: Site) -> Visitor:
    return Visitor(shared_site.port)


@pytest.fixture
def whoever_may(shared_site: Site, shared_context: CoreContext, held: Held) -> Callable[[Route], tuple[Visitor, str]]:
    """Somebody for whom a form is, and its address: a cardholder who has signed in, also at a kiosk, a clerk with a
    case, an administrator."""

    def arrive(route: Route) -> tuple[Visitor, str]:
        if route.path.startswith("/kiosk"):
            at_kiosk = AtKiosk(shared_site.port)
            at_kiosk.enters_key(make_kiosk(shared_context, route.path))
            at_kiosk.signs_in(held)
            return at_kiosk, address(route)
        if route.operation:
            role = staff_role(route)
            clerk = Clerk(shared_site.port, shared_context, put_employee(shared_context, role=role))
            clerk.signs_in()
            case = clerk.finds(held).path.rpartition("/")[2] if role is Role.CLERK else ""
            return clerk, filled_in(route.path, case=case)
        visitor = Visitor(shared_site.port)
        visitor.signs_in(held)
        return visitor, address(route)

    return arrive


@pytest.fixture
def signed_in(shared_site: Site, held: Held) -> Visitor:
    visitor = Visitor(shared_site.port)
    visitor.signs_in(held)
    return visitor


def standing(context: CoreContext, held: Held) -> tuple:
    """All that a form could have changed for somebody: their card, its losses, and what counts against anybody."""
    with context.transaction() as session:
        card = session.get_one(Card, held.card_id)
        reports = session.scalars(select(LossReport.reference)).all()
        pins = session.execute(select(PinAttempts.subject, PinAttempts.wrong_in_a_row)).all()
        sources = session.scalars(select(SourceAttempts.wrong).where(SourceAttempts.source == "web:127.0.0.1")).all()
        return card.state, card.pin_hash, tuple(reports), tuple(pins), tuple(sources)


def is_an_answer(answer: Answer) -> bool:
    """A page that says something, or the way to one; never a fault of ours, and no markup but ours."""
    assert answer.status in (200, 204, 303, 400, 403, 404, 409, 413, 415, 422, 429), answer.status
    assert has_safe_headers(answer)
    if answer.status == 303:
        assert re.fullmatch(r"/(?!/)[!-~]*", answer.headers["Location"])
    elif answer.headers.get_content_type() == "text/html":
        assert heading(answer)
        assert "<script>alert" not in answer.html and "6049261729" not in answer.text
    return True


def form(**sent: str) -> bytes:
    return urlencode(sent).encode()


@every_form
def test_any_text_in_any_field_gets_a_page_and_does_nothing(
    stranger: Visitor, whoever_may, shared_context, held, route: Route
):
    insider, path = whoever_may(route)
    before = standing(shared_context, held)

    @some
    @given(fields)
    @example({})
    @example(dict.fromkeys(FIELDS, MARKUP))
    @example(dict.fromkeys(FIELDS, "\0"))
    def try_it(sent: dict[str, str]) -> None:
        for visitor in (stranger, insider):
            assert is_an_answer(visitor.asks("POST", path, form(**sent), visitor.posted))

    try_it()
    assert standing(shared_context, held) == before


@every_form
def test_whatever_is_no_form_gets_a_page_and_does_nothing(
    stranger: Visitor, whoever_may, shared_context, held, route: Route
):
    insider, path = whoever_may(route)
    before = standing(shared_context, held)

    @some
    @given(bodies, content_types)
    def try_it(body: bytes, content_type: str | None) -> None:
        for visitor in (stranger, insider):
            kind = {} if content_type is None else {"Content-Type": content_type}
            assert is_an_answer(visitor.asks("POST", path, body, {"Origin": visitor.posted["Origin"]} | kind))

    try_it()
    assert standing(shared_context, held) == before


@every_filled_in_form
def test_a_form_that_is_not_sent_as_our_pages_send_it_is_refused(signed_in: Visitor, route: Route):
    for content_type, body in (
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--b--\r\n'),
        ("application/json", b'{"number": "1"}'),
        ("text/plain", b"number=1"),
        ("", b"number=1"),
    ):
        answer = signed_in.asks("POST", address(route), body, signed_in.posted | {"Content-Type": content_type})
        assert answer.status == 415 and answer.has("请求不正确")


@every_filled_in_form
def test_a_form_in_another_alphabet_is_refused(signed_in: Visitor, route: Route):
    for body in ("number=中文".encode("gb18030"), "number=1".encode("utf-16"), b"number=\xff"):
        assert signed_in.asks("POST", address(route), body, signed_in.posted).status == 400
    assert signed_in.asks("POST", address(route), b"&".join([b"a=1"] * 1000), signed_in.posted).status == 400


@pytest.mark.parametrize("nothing", ["\0", "%00", "%%0000", "%00%00"])
def test_a_nul_is_nothing_that_anybody_typed(visitor: Visitor, holder, nothing):
    """PostgreSQL keeps none, so that it must not come so far."""
    held = holder()
    body = f"id_number={held.id_number[:5]}{nothing}{held.id_number[5:]}&pin={nothing}{held.pin}"
    answer = visitor.asks("POST", "/sign-in", body.encode(), visitor.posted)
    if nothing == "%%0000":  # a percent sign, and a zero too many
        assert answer.status == 422
    else:
        assert (answer.status, answer.headers["Location"]) == (303, "/account")
    for path in ("/catalogue/drugs?q=", "/offices?district=", "/offices?operation=", "/catalogue/drugs?category="):
        assert visitor.opens(path + nothing.replace("\0", "%00")).status == 200


def test_r4_no_malformed_change_of_pin_is_an_attempt(signed_in: Visitor, shared_context, held):
    """With the page's own token, so that nothing but the fields is wrong."""
    before = standing(shared_context, held)

    @some
    @given(st.dictionaries(st.sampled_from(["original", "new", "again", "id_number"]),
                           text.filter(lambda value: not could_be_meant(value))))  # fmt: skip
    def try_it(sent: dict[str, str]) -> None:
        token = signed_in.opens("/account/pin").field("form_token")
        answer = signed_in.asks("POST", "/account/pin", form(form_token=token, **sent), signed_in.posted)
        assert is_an_answer(answer) and answer.status == 422

    try_it()
    assert standing(shared_context, held) == before


def test_a_token_that_was_changed_by_one_character_does_nothing(signed_in: Visitor, shared_context, held):
    before = standing(shared_context, held)
    token = signed_in.opens("/account/loss/confirm").field("form_token")
    for place in range(len(token)):
        forged = token[:place] + ("0" if token[place] != "0" else "1") + token[place + 1 :]
        answer = signed_in.asks("POST", "/account/loss", form(form_token=forged), signed_in.posted)
        assert answer.status == 400 and heading(answer) == "页面已经过期"
    for forged in (token + "0", token[:-1], token.upper(), " " + token, token.replace(".", ".0.")):
        assert signed_in.asks("POST", "/account/loss", form(form_token=forged), signed_in.posted).status == 400
    assert standing(shared_context, held) == before


def test_a_token_is_good_for_one_visit_and_one_page(signed_in: Visitor, shared_site, shared_context, held):
    before = standing(shared_context, held)
    others = [Visitor(shared_site.port) for _ in range(2)]
    for other, person in zip(others, (put_holder(shared_context), held), strict=True):
        other.signs_in(person)
    borrowed = [other.opens("/account/loss/confirm").field("form_token") for other in others]
    borrowed.append(signed_in.opens("/account/pin").field("form_token"))
    signed_in.sends("/sign-out")
    signed_in.signs_in(held)
    for token in borrowed:
        answer = signed_in.asks("POST", "/account/loss", form(form_token=token), signed_in.posted)
        assert answer.status == 400 and heading(answer) == "页面已经过期"
    assert standing(shared_context, held) == before


@every_form
def test_many_sends_at_the_same_moment_are_all_answered(shared_site: Site, shared_context, route: Route):
    held = put_holder(shared_context)
    visitor = Visitor(shared_site.port)
    visitor.signs_in(held)
    page = {"/account/loss": "/account/loss/confirm"}.get(route.path, route.path)
    shown = visitor.opens(page)
    token = shown.field("form_token") if 'name="form_token"' in shown.html else ""
    body = form(form_token=token, id_number=held.id_number, pin=held.pin, original=held.pin, new="604815",
                again="604815", number="1", large="1", back="/")  # fmt: skip

    def send(_: int) -> int:
        tab = Visitor(shared_site.port)
        tab.cookies = dict(visitor.cookies)
        answer = tab.asks("POST", address(route), body, tab.posted)
        assert is_an_answer(answer)
        return answer.status

    with ThreadPoolExecutor(6) as senders:
        assert len(set(senders.map(send, range(6)))) == 1
    done = outcomes(shared_context, held)
    assert done.count(("change the PIN", "done")) == (route.path == "/account/pin")
    assert done.count(("report a loss", "done")) == (route.path == "/account/loss")
    assert quote_plus(held.pin) not in str(done)
