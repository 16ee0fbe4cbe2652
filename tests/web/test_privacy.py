"""R6: every page of every demo person, what was sent with it and what was logged meanwhile, searched for whole numbers
and PINs."""

from __future__ import annotations

import csv
import html
import logging
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from core import demo
from core.actor import Actor
from core.context import CoreContext
from core.numbers import mask_id_number
from core.records.schema import Base, Card, Person
from tests.support.core import bureau
from tests.support.web import pdf
from tests.support.web.reading import heading
from tests.support.web.visitor import Answer, Site, Visitor

LOADER = Actor.shell("test")
NEW_PIN, WRONG_PIN, DEFAULT_PIN = "857103", "918364", "123456"


def rows(name: str) -> list[dict[str, str]]:
    with (demo.DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PEOPLE, CARDS = rows("people.csv"), rows("cards.csv")
WHOLE_NUMBERS = [person["id_number"] for person in PEOPLE] + [card["card_number"] for card in CARDS]
IN_USE = {card["id_number"]: card for card in CARDS if card["state"] != "replaced"}


@pytest.fixture(scope="module")
def town(shared_context: CoreContext) -> CoreContext:
    """Where all demo people are."""
    demo.load(shared_context, LOADER, lambda problem: pytest.fail(str(problem)))
    return shared_context


@pytest.fixture
def visitor(town: CoreContext, shared_site: Site) -> Visitor:
    return Visitor(shared_site.port)


def told_by(answer: Answer) -> str:
    """All that an answer says to anybody: its address, its headers, its words and its markup."""
    kind = answer.headers.get_content_type()
    body = "\n".join(pdf.pages(answer.body)) if kind == "application/pdf" else answer.body.decode()
    return f"{answer.path}\n{answer.headers}\n{html.unescape(body)}"


def walk(visitor: Visitor) -> Iterator[Answer]:
    """Every page of one's own that a link leads to, each once."""
    seen, ahead = set(), ["/account"]
    while ahead:
        path = ahead.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = visitor.opens(path)
        assert answer.status in (200, 409)
        yield answer
        if answer.headers.get_content_type() == "text/html":
            ahead += [html.unescape(found) for found in re.findall(r'(?:href|action)="(/account[^"]*)"', answer.html)]


def live_through(visitor: Visitor, id_number: str, pin: str) -> Iterator[Answer]:
    """All that somebody can do on the site, what is refused too."""
    yield visitor.opens(f"/sign-in?next=/account/pin&id_number={id_number[:6]}")
    visitor.sends("/sign-in", id_number=id_number, pin=pin)
    yield visitor.page
    if not visitor.cookies:
        return
    yield from walk(visitor)
    own = {"id_number": id_number} if pin == DEFAULT_PIN else {}
    for original, new in ((WRONG_PIN, NEW_PIN), (pin, id_number[6:12]), (pin, NEW_PIN)):
        visitor.opens("/account/pin")
        yield visitor.sends("/account/pin", original=original, new=new, again=new, **own)
    yield visitor.opens("/account/loss/confirm")
    yield visitor.sends("/account/loss")
    for path in ("/account", "/account/loss", "/account/history"):
        yield visitor.opens(path)
    yield visitor.sends("/sign-out")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person["personal_number"])
def test_r6_nothing_that_is_shown_sent_or_logged_holds_a_whole_number_or_a_pin(visitor: Visitor, caplog, person):
    caplog.set_level(logging.DEBUG)
    id_number = person["id_number"]
    pin = IN_USE[id_number]["pin"] or DEFAULT_PIN
    own = {pin, NEW_PIN, WRONG_PIN, person["personal_number"]} - {DEFAULT_PIN}  # which every guide tells
    pages = 0
    for answer in live_through(visitor, id_number, pin):
        told, pages = told_by(answer), pages + 1
        tokens = [token for token in visitor.cookies.values() if len(token) > 20]
        for secret in (*WHOLE_NUMBERS, *tokens):
            # The answer that gives a browser its token is not among these: it leads on to a page.
            assert secret not in told.replace(f'name="id_number" type="text" value="{id_number}"', ""), answer.path
        for secret in own:
            assert not re.search(rf"(?<!\d){secret}(?!\d)", told), answer.path
    assert pages > 20 or person["name"] in ("黄磊", "马超"), "who can't sign in, and sees no more"
    for secret in (*WHOLE_NUMBERS, *own, person["name"]):
        assert secret not in caplog.text


def test_r6_what_was_typed_at_the_sign_in_stands_nowhere_on_its_answer(visitor: Visitor):
    id_number = PEOPLE[0]["id_number"]
    visitor.opens("/sign-in")
    told = told_by(visitor.sends("/sign-in", id_number=id_number, pin=WRONG_PIN))
    assert mask_id_number(id_number) in told
    assert id_number not in told and WRONG_PIN not in told


def test_r15_benefits_by_number_tell_nobody_s_name_or_other_numbers(visitor: Visitor):
    for path, number in (("/numbers/work-injury", "10000015"), ("/numbers/work-death", "10000013")):
        visitor.opens(path)
        told = told_by(visitor.sends(path, number=number))
        assert visitor.page.has("月")
        for secret in (*WHOLE_NUMBERS, *(person["name"] for person in PEOPLE)):
            assert secret not in told


def test_r6_what_the_database_keeps_beside_people_and_cards_holds_none(town: CoreContext, visitor: Visitor):
    """After everything above: the audit, the counts, the visits, the answers to forms."""
    held = PEOPLE[1]
    visitor.opens("/sign-in")
    visitor.sends("/sign-in", id_number=held["id_number"], pin=WRONG_PIN)
    assert heading(visitor.page) == "登录"
    nobody = bureau.id_number(7)
    visitor.sends("/sign-in", id_number=nobody, pin=WRONG_PIN)
    assert heading(visitor.page) == "登录"
    with town.transaction() as session:
        kept = [
            str(value)
            for table in Base.metadata.sorted_tables
            if table not in (Person.__table__, Card.__table__)
            for row in session.execute(select(table))
            for value in row
        ]
    everything = "\n".join(kept)
    assert "original PIN" in everything
    for secret in (*WHOLE_NUMBERS, nobody):
        assert secret not in everything
    for secret in (NEW_PIN, WRONG_PIN):
        assert secret not in kept and not re.search(rf"\b{secret}\b", everything)
