"""Section 2 on the phone, on the web and at the kiosk, cell by cell: what each of these doors does for somebody, and
what it neither offers nor does by any address.

The cells are those of core.permissions; a new operation or a new door without an entry here fails. Those of the counter
stand in tests/web/test_counter_permissions.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

import pytest
from sqlalchemy import select

from core.context import CoreContext
from core.permissions import may
from core.records.schema import AuditEvent
from core.values import CardState, Door, Operation
from tests.support.agi.caller import Caller, keys
from tests.support.core.people import Held, card_state
from tests.support.web.addresses import filled_in
from tests.support.web.at_kiosk import AtKiosk
from tests.support.web.counter_cells import CELLS as AT_A_COUNTER
from tests.support.web.counter_cells import COUNTERS, Cell
from tests.support.web.reading import facts, heading
from tests.support.web.visitor import Site, Visitor
from web.routes import KIOSK, ROUTES, SITE

NEW_PIN = "840271"


# What somebody does at a door, and what they are told


def hears_about_themselves(caller: Caller, held: Held) -> None:
    caller.presses("31", keys(held.id_number), held.pin, "#").is_back_at("account-menu")
    caller.presses("1").hears("medical-balance-none")


def hears_about_numbers(caller: Caller, held: Held) -> None:
    caller.presses("3")
    for key, nothing in (("2", "work-injury-none"), ("3", "work-death-none"), ("4", "unit-none")):
        caller.presses(key, keys(held.personal_number)).hears(nothing)


def changes_pin_by_phone(caller: Caller, held: Held) -> None:
    caller.presses("51", keys(held.suffix), held.pin, "#").is_back_at("pin-enter-new")
    caller.presses(NEW_PIN, "#", NEW_PIN, "#").hears("pin-changed")


def reports_by_phone(caller: Caller, held: Held) -> None:
    caller.presses("52", keys(held.id_number), held.pin, "#").is_back_at("loss-confirm")
    caller.presses("1").hears("loss-reported", "loss-reference-is")


def reads_about_themselves(visitor: Visitor, held: Held) -> None:
    assert facts(visitor.opens("/account"))["社保卡号"].endswith(held.card_number[-4:])
    assert visitor.opens("/account/pension").has("您没有养老保险缴费记录")


def reads_about_numbers(visitor: Visitor, held: Held) -> None:
    for kind, nothing in (("work-injury", "的工伤待遇"), ("work-death", "的工亡待遇"), ("unit", "单位的医疗保险缴费")):
        visitor.opens(f"/numbers/{kind}")
        assert visitor.sends(f"/numbers/{kind}", number=held.personal_number).has("没有查到这个", f"{nothing}记录")


def searches_on_the_web(visitor: Visitor, _: Held) -> None:
    for shelf in ("drugs", "treatments"):
        assert visitor.opens(f"/catalogue/{shelf}?q=amxl").has("没有找到", "请换一个名称")


def changes_pin_on_the_web(visitor: Visitor, held: Held) -> None:
    visitor.opens("/account/pin")
    assert heading(visitor.sends("/account/pin", original=held.pin, new=NEW_PIN, again=NEW_PIN)) == "密码已修改"


def reports_on_the_web(visitor: Visitor, _: Held) -> None:
    visitor.opens("/account/loss/confirm")
    assert heading(visitor.sends("/account/loss")) == "挂失成功"


def reads_about_their_card(at_kiosk: AtKiosk, held: Held) -> None:
    assert facts(at_kiosk.opens("/kiosk/enquiries/card"))["社保卡号"].endswith(held.card_number[-4:])


def searches_at_the_kiosk(at_kiosk: AtKiosk, _: Held) -> None:
    for shelf in ("drugs", "treatments"):
        assert at_kiosk.opens(f"/kiosk/catalogue/{shelf}?q=amxl").has("没有找到", "请检查拼音首字母")


def changes_pin_at_the_kiosk(at_kiosk: AtKiosk, held: Held) -> None:
    assert heading(at_kiosk.changes_pin(held, NEW_PIN)) == "密码修改成功"


# The table


@dataclass(frozen=True)
class Elsewhere:
    """A cell with –: behind which keys or on which page somebody is told who does it, and what they are told. Where
    nobody asks for it, nothing is said."""

    told_at: str = ""
    told: tuple[str, ...] = ()


NEVER_ASKED = Elsewhere()
_FOR_A_PIN = Elsewhere("/guide/pin", ("忘记了密码，或者密码锁定了", "区县医疗保险分中心或重庆市社会保障卡服务中心重置"))
_AFTER_A_LOSS = Elsewhere(
    "/guide/loss", ("到所属区县的医疗保险分中心", "办理书面挂失", "申请补领", "只有区县医疗保险分中心可以解除挂失")
)
DOORS = (Door.PHONE, Door.WEB, Door.KIOSK)
CELLS = {
    Operation.ENQUIRE_SELF: (hears_about_themselves, reads_about_themselves, reads_about_their_card),
    Operation.ENQUIRE_BY_NUMBER: (hears_about_numbers, reads_about_numbers, NEVER_ASKED),
    Operation.CATALOGUE: (
        Elsewhere("35", ("catalogue-on-the-web", "enquiry-menu")),
        searches_on_the_web,
        searches_at_the_kiosk,
    ),
    Operation.CHANGE_PIN: (changes_pin_by_phone, changes_pin_on_the_web, changes_pin_at_the_kiosk),
    Operation.RESET_PIN: (NEVER_ASKED, _FOR_A_PIN, NEVER_ASKED),
    Operation.REPORT_LOSS: (reports_by_phone, reports_on_the_web, Elsewhere("/kiosk", ("请马上拨打 12333 挂失",))),
    Operation.WRITE_UP_LOSS: (NEVER_ASKED, _AFTER_A_LOSS, NEVER_ASKED),
    Operation.RELEASE_LOSS: (NEVER_ASKED, _AFTER_A_LOSS, NEVER_ASKED),
    Operation.REPLACE_CARD: (NEVER_ASKED, _AFTER_A_LOSS, NEVER_ASKED),
}
MET = {(operation, door): cell for operation, cells in CELLS.items() for door, cell in zip(DOORS, cells, strict=True)}

# The keys that lead to an operation, or to who does it. Behind 30 and 50 is the operator, who is a person.
KEYS = {
    Operation.ENQUIRE_SELF: {"31"},
    Operation.ENQUIRE_BY_NUMBER: {"32", "33", "34"},
    Operation.CATALOGUE: {"35"},
    Operation.CHANGE_PIN: {"51"},
    Operation.REPORT_LOSS: {"52"},
}

# The addresses of an operation on the web and at the kiosk, and of what is none: ways in and out, advice to everybody.
ADDRESSES: dict[Door, dict[Operation | None, str]] = {
    Door.WEB: {
        Operation.ENQUIRE_SELF: "/account /account/{insurance} /account/history /account/record /account/record.csv "
        "/account/record.pdf",
        Operation.ENQUIRE_BY_NUMBER: "/numbers/work-injury /numbers/work-death /numbers/unit",
        Operation.CATALOGUE: "/catalogue/drugs /catalogue/treatments",
        Operation.CHANGE_PIN: "/account/pin /account/pin/done",
        Operation.REPORT_LOSS: "/account/loss /account/loss/confirm /account/loss/done",
        None: "/ /guide /guide/phone /guide/query /guide/pin /guide/loss /guide/questions /offices /print-size "
        "/sign-in /sign-out /signed-out /session/keep /account/advice /healthz",
    },
    Door.KIOSK: {
        Operation.ENQUIRE_SELF: "/kiosk/menu /kiosk/enquiries/card /kiosk/enquiries/public "
        "/kiosk/enquiries/employment /kiosk/enquiries/{insurance} /kiosk/enquiries/allowances /kiosk/enquiries/health",
        Operation.CATALOGUE: "/kiosk/catalogue/drugs /kiosk/catalogue/treatments",
        Operation.CHANGE_PIN: "/kiosk/pin /kiosk/pin/done",
        None: "/kiosk /kiosk/card /kiosk/enrol /kiosk/left /kiosk/leave /kiosk/keep /kiosk/advice",
    },
}
ROOTS = {Door.WEB: ("", "/account"), Door.KIOSK: ("/kiosk", "/kiosk/enquiries")}
ENTRANCES = ("/sign-in", "/kiosk/enrol", "/counter/sign-in")


def cells(allowed: bool, doors: tuple[Door, ...] = DOORS) -> pytest.MarkDecorator:
    """Every cell of these doors with ● or with –."""
    chosen = [(operation, door) for operation, door in product(Operation, doors) if may(door, operation) is allowed]
    return pytest.mark.parametrize(("operation", "door"), chosen, ids=lambda each: each.value.replace(" ", "-"))


def allowed_at(door: Door) -> set[Operation]:
    return {operation for operation in Operation if may(door, operation)}


def addresses_of(door: Door, operation: Operation | None) -> list[str]:
    return ADDRESSES[door].get(operation, "").split()


def elsewhere(door: Door, operation: Operation) -> list[str]:
    """Where an operation stands at the doors that do it, other than this one."""
    pages = [address for other in ADDRESSES if other is not door for address in addresses_of(other, operation)]
    at_a_desk = [cell.address for cell in AT_A_COUNTER.get(operation, [Cell("", "", "/pin")])]
    desks = [each if each.startswith("/counter") else f"/counter/case/{{case}}{each}" for each in at_a_desk]
    return [filled_in(address) for address in pages + desks]


@pytest.fixture
def context(shared_context: CoreContext) -> CoreContext:
    return shared_context


@pytest.fixture
def site(shared_site: Site) -> Site:
    return shared_site


@pytest.fixture
def comes_to(telephone: Callable[[], Caller], visitors: Callable[[], Visitor], at_kiosk: AtKiosk) -> Callable:
    """comes_to(Door.KIOSK) is somebody who stands before it."""
    return lambda door: {Door.PHONE: telephone, Door.WEB: visitors, Door.KIOSK: lambda: at_kiosk}[door]()


@pytest.fixture
def is_let_in(comes_to: Callable, held: Held) -> Callable:
    """is_let_in(Door.KIOSK) is somebody who has shown there who they are; on the phone, who can."""

    def shows(door: Door) -> Caller | Visitor:
        person = comes_to(door)
        assert door is Door.PHONE or person.signs_in(held).status == 200
        return person

    return shows


def on_record(context: CoreContext, operation: Operation, door: Door) -> list[str]:
    """What the audit says of an operation at a door, whomever it was about, oldest first."""
    seen = (AuditEvent.operation == operation.value, AuditEvent.channel == door.channel)
    with context.transaction() as session:
        return list(session.scalars(select(AuditEvent.outcome).where(*seen).order_by(AuditEvent.id)))


def test_every_cell_of_the_table_is_met_here_or_at_a_counter():
    assert set(CELLS) == set(Operation) and {*DOORS, *COUNTERS} == set(Door)
    for operation, door in product(Operation, DOORS):
        assert isinstance(MET[operation, door], Elsewhere) is not may(door, operation)


@cells(allowed=True)
def test_a_door_does_what_it_may_and_it_is_on_record(is_let_in, held, context, operation, door):
    MET[operation, door](is_let_in(door), held)
    assert on_record(context, operation, door)[-1] == "done"


@cells(allowed=False)
def test_what_a_door_does_not_do_it_says_who_does_where_people_ask(comes_to, context, operation, door):
    person, cell = comes_to(door), MET[operation, door]
    if cell.told_at and door is Door.PHONE:
        person.presses(cell.told_at).hears(*cell.told)
    elif cell.told_at:
        assert person.opens(cell.told_at).has(*cell.told)
    assert on_record(context, operation, door) == []


def test_no_other_key_of_the_phone_leads_anywhere(telephone):
    pressed = [first + second for first, second in product("123456789", "0123456789")]
    leads = {keys for keys in pressed if "no-match" not in telephone().presses(*keys).heard}
    assert leads == {"30", "50"}.union(*KEYS.values())
    told = {operation for operation in Operation if MET[operation, Door.PHONE] != NEVER_ASKED}
    assert set(KEYS) == allowed_at(Door.PHONE) | {operation for operation in told if not may(Door.PHONE, operation)}


@pytest.mark.parametrize(("door", "routes"), [(Door.WEB, SITE), (Door.KIOSK, KIOSK)], ids=["web", "kiosk"])
def test_every_address_of_a_door_is_for_what_it_may_do(door, routes):
    known = [address for operation in ADDRESSES[door] for address in addresses_of(door, operation)]
    assert sorted({route.path for route in routes}) == sorted(known)
    assert set(ADDRESSES[door]) - {None} == allowed_at(door)


@pytest.mark.parametrize(("door", "first"), [(Door.WEB, "/"), (Door.KIOSK, "/kiosk")], ids=["web", "kiosk"])
def test_all_links_and_forms_of_a_door_lead_to_what_it_may_do(comes_to, is_let_in, door, first):
    found = everything_offered(comes_to(door), first) | everything_offered(is_let_in(door), first)
    offered = {operation for operation in Operation if found & {*addresses_of(door, operation)}}
    assert offered == allowed_at(door)
    assert found <= {address for operation in ADDRESSES[door] for address in addresses_of(door, operation)}


@cells(allowed=False, doors=(Door.WEB, Door.KIOSK))
def test_what_a_door_does_not_do_it_does_by_no_address(is_let_in, held, context, operation, door):
    person = is_let_in(door)
    for address in elsewhere(door, operation):
        if not is_public(address):
            assert person.opens(address).path.startswith(ENTRANCES), "a visit at one door is none at another"
            sent = person.sends(address, card=str(held.card_id))
            assert sent.path.startswith(ENTRANCES) or sent.status == 405
        last = re.sub("^(/account|/kiosk|/counter/case/[0-9a-f]+|/counter)", "", address)
        for here in {root + last for root in ROOTS[door]} - {*addresses_of(door, Operation.CHANGE_PIN)}:
            assert person.opens(here).status == 404 and person.sends(here).status in (404, 405)
    assert on_record(context, operation, door) == [] and card_state(context, held) is CardState.ACTIVE


@pytest.mark.parametrize("door", [Door.WEB, Door.KIOSK], ids=["web", "kiosk"])
def test_r26_a_change_of_pin_without_the_original_is_no_reset(is_let_in, held, door):
    person = is_let_in(door)
    person.opens(addresses_of(door, Operation.CHANGE_PIN)[0])
    person.sends(person.page.path, task="reset", new=NEW_PIN, again=NEW_PIN)
    assert person.page.status == 422 and person.page.has("请填写原密码")
    assert person.signs_in(held).status == 200


def everything_offered(person: Visitor, start: str) -> set[str]:
    """The routes to which any link or form leads, from this page on."""
    found, ahead, seen = set(), [start], set()
    while ahead:
        page = person.opens(ahead.pop())
        for way in re.findall('(?:<a[^>]* href|<form[^>]* action)="(/[^"#?]*)', page.html):
            found.add(route_of(way))
            if way not in seen and f'href="{way}' in page.html:
                ahead.append(way)
            seen.add(way)
    return found


def route_of(address: str) -> str:
    """The path of the route that serves an address; the address itself where there is none."""
    fits = (route.path for route in ROUTES if re.fullmatch(re.sub("{[a-z]+}", "[^/]+", route.path), address))
    return next(fits, address)


def is_public(address: str) -> bool:
    """Whether it is a page for everybody, signed in or not."""
    return not any(route.signed_in for route in ROUTES if route.path == route_of(address))
