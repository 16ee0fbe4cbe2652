"""The demo people: nobody's numbers, and every state and special case between them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from decimal import Decimal

import pytest
from sqlalchemy import select

from core import demo
from core.actor import Actor
from core.data_in.csv_import import Problem
from core.demo import make_catalogue, make_contributions
from core.demo.staff import staff_credentials
from core.enquiries.account import months_in_a_row
from core.errors import PinLocked
from core.identity.pins import check_strength
from core.numbers import parse_card_number, parse_id_number
from core.records.schema import Card, LossReport, Person
from core.service import Service
from core.staffed import kiosks, staff
from core.values import CardState, Role
from core.vault import DEFAULT_PIN
from tests.support.core.bureau import CLERK, HEADERS

README = (demo.DATA.parent / "README.md").read_text(encoding="utf-8")


def rows(name: str) -> list[dict[str, str]]:
    with (demo.DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PEOPLE, CARDS = rows("people.csv"), rows("cards.csv")


@pytest.fixture
def town(context):
    """The office with the demo people in it."""
    problems: list[Problem] = []
    demo.load(context, CLERK, problems.append)
    assert problems == []
    return context


@pytest.fixture
def person(town):
    """person("1…") is somebody on the phone, identified by the PIN that the README tells."""
    pins = {card["id_number"]: card["pin"] or DEFAULT_PIN for card in CARDS if card["state"] != "replaced"}
    service = Service(town, Actor.phone(None, "call"))
    return lambda personal_number: (service, service.identify(numbers[personal_number], pins[numbers[personal_number]]))


numbers = {entry["personal_number"]: entry["id_number"] for entry in PEOPLE}


def test_nobody_has_these_id_numbers():
    for entry in PEOPLE:
        assert parse_id_number(entry["id_number"]) == entry["id_number"]
        assert entry["id_number"][14:17] in {"000", "996", "997", "998", "999"}


def test_the_pins_could_have_been_chosen():
    for card in CARDS:
        assert parse_card_number(card["card_number"]) == card["card_number"]
        if card["pin"]:
            check_strength(card["pin"], card["id_number"], card["card_number"])


def test_the_readme_names_everybody_with_card_and_pin():
    for card in CARDS:
        line = next(line for line in README.splitlines() if f"| {card['card_number']} |" in line)
        assert f"| {card['id_number']} |" in line and f"| {card['state']} |" in line
        if card["state"] != "replaced":
            assert f"| {card['pin'] or '123456 (default)'} |" in line


def test_every_file_is_there_small_enough_and_its_header_in_order():
    for name, header in HEADERS.items():
        first = (demo.DATA / name).read_text(encoding="utf-8").splitlines()[0]
        assert first == header
        assert (demo.DATA / name).stat().st_size < 500_000


def test_the_contributions_are_what_the_working_lives_make(tmp_path):
    make_contributions.write(tmp_path / "contributions.csv")
    assert (tmp_path / "contributions.csv").read_bytes() == (demo.DATA / "contributions.csv").read_bytes()


def test_the_catalogue_is_what_its_stems_make(tmp_path):
    make_catalogue.write(tmp_path)
    for name in ("drugs.csv", "treatments.csv"):
        assert (tmp_path / name).read_bytes() == (demo.DATA / name).read_bytes()


@pytest.mark.parametrize(("name", "least"), [("drugs.csv", 3_000), ("treatments.csv", 2_000)])
def test_r18_the_catalogue_is_large_and_its_shares_fit_its_categories(name, least):
    items = rows(name)
    assert len({item["code"] for item in items}) == len({item["name"] for item in items}) == len(items) >= least
    assert all(item["code"].startswith("DEMO-") for item in items)
    shares = {category: {row["patient_share"] for row in items if row["category"] == category} for category in "甲乙丙"}
    assert shares["甲"] == {"0.00"} and shares["丙"] == {"1.00"}
    assert shares["乙"] and all(0 < Decimal(share) < 1 for share in shares["乙"])
    assert {bool(item["price_limit"]) for item in items} == {True, False}


def test_they_cover_every_state_and_special_case(town):
    assert {card["state"] for card in CARDS} == {state.value for state in CardState}
    assert any(entry["id_number"].endswith("X") for entry in PEOPLE)
    assert any(card["card_number"].endswith("X") for card in CARDS)
    assert any(not card["pin"] and card["state"] == "active" for card in CARDS)
    alike = [suffix for suffix, times in Counter(card["card_number"][1:] for card in CARDS).items() if times == 2]
    assert len(alike) == 1
    owners = {card["id_number"] for card in CARDS if card["card_number"][1:] == alike[0]}
    assert len(owners) == 2
    assert {entry["employment"] for entry in PEOPLE} == {"employed", "unemployed", "retired", "flexible", "student"}
    with town.transaction() as session:
        lost = session.scalars(select(Card).join(LossReport)).all()
        assert {card.state.value for card in lost} == {"loss_reported", "loss_written", "replacement_applied"}


def test_r10_the_retired_one_hears_a_balance_months_and_a_pension(person):
    desk, retired = person("10000002")
    assert desk.medical_balance(retired) == Decimal("8605.30")
    assert desk.unemployment_months(retired) == 24
    assert desk.retirement_benefit(retired).amount == Decimal("3186.40")


def test_r14_the_unemployed_one_has_a_gap(person):
    desk, unemployed = person("10000014")
    assert desk.unemployment_months(unemployed) == 3
    paid = {row["month"] for row in rows("contributions.csv") if row["id_number"] == numbers["10000014"]}
    assert len(paid) == 18 and months_in_a_row(paid) == 18, "without the unpaid month there would be no gap"


def test_r14_two_units_in_one_month_count_once(person):
    desk, worker = person("10000019")
    assert desk.unemployment_months(worker) == 13


def test_r19_somebody_has_nothing_on_record(person):
    desk, newcomer = person("10000016")
    assert desk.medical_balance(newcomer) is None
    assert desk.unemployment_months(newcomer) is None
    assert desk.retirement_benefit(newcomer) is None


def test_r15_r16_r17_by_number(town):
    service = Service(town, Actor.phone(None, "call"))
    assert service.work_injury_benefit("10000015").amount == Decimal("1768.20")
    assert service.work_death_benefit("10000013").dependants == 2
    assert [service.unit_contributions(f"5001000{unit}").in_arrears for unit in (1, 2, 3)] == [False, True, True]
    assert service.unit_contributions("50010004") is None


def test_r4_one_pin_is_locked(person):
    with pytest.raises(PinLocked):
        person("10000008")
    person("10000001")


def test_doing_it_again_changes_nothing(town, person):
    demo.load(town, CLERK, lambda problem: pytest.fail(str(problem)))
    with town.transaction() as session:
        assert len(session.scalars(select(Person)).all()) == len(PEOPLE)
        assert len(session.scalars(select(LossReport)).all()) == 3
    with pytest.raises(PinLocked):
        person("10000008")


def test_a_demo_that_was_cut_short_counts_as_empty(context, monkeypatch):
    assert demo.is_empty(context)
    with monkeypatch.context() as broken:
        broken.setattr(demo, "_lock_pin", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            demo.load(context, CLERK, lambda _: None)
    assert demo.is_empty(context)
    demo.load(context, CLERK, lambda _: None)
    assert not demo.is_empty(context)


def test_the_demos_staff_sign_in_with_what_is_shown_and_its_kiosk_is_opened_by_its_key(town, clock):
    clock.passes(seconds=12)
    shown = staff_credentials(town)
    assert [login.login for login in shown.staff] == ["demo-agency", "demo-branch", "demo-centre", "demo-admin"]
    assert shown.seconds_left == 18
    for login in shown.staff:
        assert re.fullmatch(r"[0-9a-f]{4}(-[0-9a-f]{4}){3}", login.password)
        assert len(set(login.password.split("-"))) == 4, "four groups, none said twice"
        member = staff.sign_in(town, "192.0.2.1", login.login, login.password, login.code)
        assert (member.office, member.password_is_initial) == (login.office, False)
        assert (member.role is Role.ADMINISTRATOR) == (login.login == "demo-admin")
        assert login.password not in repr(shown) and login.code not in repr(shown)
    assert len({login.password for login in shown.staff}) == 4
    assert kiosks.recognise(town, shown.kiosk_key).name == "服务大厅演示终端"
    assert shown.kiosk_key not in repr(shown)


def test_the_password_of_somebody_who_has_another_or_has_gone_is_not_shown(town):
    first, second, *others = staff_credentials(town).staff
    member = staff.sign_in(town, "192.0.2.1", first.login, first.password, first.code)
    staff.choose_password(town, member, first.password, "quite another password", "quite another password")
    staff.dismiss(
        town, CLERK, next(each.staff_id for each, *_ in staff.everybody(town, CLERK) if each.login == second.login)
    )
    assert staff_credentials(town).staff == tuple(others)
    demo.load(town, CLERK, print)
    assert staff_credentials(town).staff == tuple(others)
    assert len(kiosks.everyone(town, CLERK)) == 1


def test_phone_numbers_are_made_up():
    for row in (*PEOPLE, *rows("offices.csv")):
        assert re.fullmatch(r"023-0000\d{4}", row["phone"])
