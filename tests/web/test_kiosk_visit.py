"""How a visit at a kiosk ends: by leaving, by the card, for want of use, and by what happens elsewhere (R25, R33)."""

from __future__ import annotations

import re

import pytest

from core.actor import Actor
from core.cards.loss import report_loss_in_writing
from core.cards.pin_change import reset_pin
from core.records.schema import Card
from core.service import Service
from core.values import CardState, Document, Door
from tests.support.web.at_kiosk import AtKiosk
from tests.support.web.reading import heading
from web.kiosk.home import REASONS
from web.kiosk.routes import KIOSK

OWN_PAGES = [route.path.format(insurance="pension") for route in KIOSK if route.signed_in and route.method == "GET"]


@pytest.fixture
def held(holder):
    return holder()


@pytest.fixture
def signed_in(at_kiosk: AtKiosk, held) -> AtKiosk:
    assert at_kiosk.signs_in(held).path == "/kiosk/menu"
    return at_kiosk


def is_over(person: AtKiosk) -> bool:
    """Whoever still has its token gets no page of one's own."""
    kept = dict(person.cookies)

    def leads_away(path: str) -> bool:
        person.cookies = dict(kept)
        return person.opens(path).path in ("/kiosk", "/kiosk/left?why=ended")

    return all(leads_away(path) for path in OWN_PAGES)


def test_leaving_ends_the_visit_and_asks_to_take_the_card(signed_in: AtKiosk):
    signed_in.sends("/kiosk/leave")
    assert signed_in.page.path == "/kiosk/left?why=asked"
    assert signed_in.page.has("谢谢使用，您已退出", "请取走您的社保卡")
    assert is_over(signed_in)


@pytest.mark.parametrize("why", [*REASONS, "", "<b>", "other"])
def test_coming_to_the_last_page_ends_the_visit_whatever_the_reason(signed_in: AtKiosk, held, why):
    signed_in.opens(f"/kiosk/left?why={why}")
    assert signed_in.page.status == 200 and "<b>" not in signed_in.page.html.partition("<main")[2].partition("</h1>")[0]
    end_of_number = rf"\b{held.card_number[-4:]}\b"  # as a word: every page has 12333 on it
    assert not re.search(end_of_number, signed_in.page.html)
    assert is_over(signed_in)


def test_a_token_that_was_kept_opens_nothing_after_leaving(signed_in: AtKiosk):
    kept = dict(signed_in.cookies)
    signed_in.sends("/kiosk/leave")
    signed_in.cookies = kept
    assert signed_in.opens("/kiosk/menu").path == "/kiosk/left?why=ended"
    assert heading(signed_in.page) == "这次使用已经结束"


def test_whoever_has_a_visit_is_led_to_the_menu(signed_in: AtKiosk):
    assert signed_in.opens("/kiosk").path == "/kiosk/menu"
    assert signed_in.opens("/kiosk/card").path == "/kiosk/menu"


def test_a_visit_lasts_as_long_as_the_page_waits_and_no_longer(signed_in: AtKiosk, clock):
    for _ in range(4):
        clock.passes(seconds=74)
        assert signed_in.opens("/kiosk/menu").path == "/kiosk/menu"
    clock.passes(seconds=76)
    assert signed_in.opens("/kiosk/menu").path == "/kiosk/left?why=ended"


def test_touching_the_screen_keeps_the_visit(signed_in: AtKiosk, held, clock):
    for _ in range(4):
        clock.passes(seconds=70)
        assert signed_in.sends("/kiosk/keep", card_number=held.card_number).status == 204
    assert signed_in.opens("/kiosk/menu").path == "/kiosk/menu"


@pytest.mark.parametrize("number", ["", "no card", "the last four", "of somebody else"])
def test_r2_another_card_in_the_reader_ends_the_visit(signed_in: AtKiosk, held, holder, number):
    other = {"the last four": held.card_number[-4:], "of somebody else": holder().card_number}.get(number, number)
    assert signed_in.sends("/kiosk/keep", card_number=other).path == "/kiosk/left?why=card"
    assert heading(signed_in.page) == "卡已取出，您已退出"
    assert is_over(signed_in)


def test_who_keeps_a_visit_that_is_over_is_told_so(signed_in: AtKiosk, held, clock):
    clock.passes(seconds=76)
    assert signed_in.sends("/kiosk/keep", card_number=held.card_number).path == "/kiosk/left?why=ended"


def test_a_visit_of_yesterday_is_over(signed_in: AtKiosk, clock):
    clock.passes(hours=20)
    assert signed_in.opens("/kiosk/enquiries/card").path == "/kiosk/left?why=ended"


@pytest.mark.parametrize("door", ["phone", "web"])
def test_r25_a_loss_reported_elsewhere_ends_the_visit_at_once(signed_in: AtKiosk, held, context, visitors, door):
    if door == "phone":
        service = Service(context, Actor.phone("02300000001", "call-1"))
        service.report_loss(service.identify(held.id_number, held.pin))
    else:
        site = visitors()
        site.signs_in(held)
        site.opens("/account/loss/confirm")
        assert site.sends("/account/loss").has("挂失成功")
    assert signed_in.opens("/kiosk/enquiries/card").path == "/kiosk/left?why=ended"
    assert signed_in.page.has("卡已经挂失", "如果没有看到结果，就没有办理")
    assert signed_in.signs_in(held).status == 409


def test_r25_a_written_report_ends_the_visit(signed_in: AtKiosk, held, context, clerk):
    documents = {Document.RESIDENT_ID_CARD, Document.REGISTRATION_FORM}
    report_loss_in_writing(context, clerk(Door.BRANCH), held.person_id, held.card_id, documents)
    assert is_over(signed_in)


@pytest.mark.parametrize("door", ["phone", "web"])
def test_r25_a_change_of_pin_elsewhere_ends_the_visit(signed_in: AtKiosk, held, context, visitors, clock, door):
    clock.passes(seconds=1)
    if door == "phone":
        service = Service(context, Actor.phone("02300000001", "call-1"))
        service.change_pin(service.check_original_pin(held.suffix, held.pin), "840271", "840271")
    else:
        site = visitors()
        site.signs_in(held)
        site.opens("/account/pin")
        site.sends("/account/pin", original=held.pin, new="840271", again="840271")
        assert site.page.path == "/account/pin/done"
    assert is_over(signed_in)
    assert signed_in.signs_in(held, "840271").path == "/kiosk/menu"


def test_r25_a_reset_at_a_branch_ends_the_visit(signed_in: AtKiosk, held, context, clerk, clock):
    clock.passes(seconds=1)
    new = "840271"
    reset_pin(context, clerk(Door.BRANCH), held.card_id, new, new, card_seen=True, document_seen="resident ID card")
    assert is_over(signed_in)


@pytest.mark.parametrize("state", [state for state in CardState if state is not CardState.ACTIVE])
def test_r33_a_card_that_goes_out_of_use_in_any_way_ends_the_visit(signed_in: AtKiosk, held, context, state):
    with context.transaction() as session:
        session.get_one(Card, held.card_id).state = state
    assert signed_in.opens("/kiosk/enquiries/card").path == "/kiosk/left?why=ended"
    assert is_over(signed_in)


def test_a_visit_at_a_kiosk_opens_nothing_on_the_website_and_the_other_way_round(signed_in: AtKiosk, visitors, held):
    assert signed_in.opens("/account").path.startswith("/sign-in")
    site = visitors()
    site.signs_in(held)
    signed_in.cookies = {name: value for name, value in signed_in.cookies.items() if name == "kiosk"}
    signed_in.cookies["kiosk-session"] = site.cookies["session"]
    assert signed_in.opens("/kiosk/menu").path == "/kiosk/left?why=ended"


def test_nobody_keeps_a_page_of_a_kiosk(signed_in: AtKiosk):
    for path in ("/kiosk", "/kiosk/card", "/kiosk/left", *OWN_PAGES):
        answer = signed_in.asks("GET", path)
        assert answer.headers["Cache-Control"] == "no-store"
        if answer.status == 200:
            assert "connect-src 'self' ws://127.0.0.1:8765;" in answer.headers["Content-Security-Policy"]
