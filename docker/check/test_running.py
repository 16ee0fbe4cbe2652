"""The running containers: callers and visitors in front of them, what each may do, and what outlives them."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from decimal import Decimal

import pytest

from docker.check.containers import RTP_PORTS, SERVICES, Containers
from docker.check.engine import EngineError
from sounds import numbers
from sounds.library import SHIPPED
from tests.support.telephony.dialogues import changes_pin, dials_and_chooses, hears_all, identifies
from tests.support.telephony.phone import Phone
from tests.support.telephony.switchboard import wait_until
from tests.support.web.visitor import Visitor

RETIRED = ("500106196202109960", "582047")  # core/demo/README.md
SAME_LAST_8 = ("500113199302109965", "285740")
CARD_OF_SAME_LAST_8 = "11073068"
NEW_PIN = "830517"
GATEWAYS = "172.16.0.0/12,192.168.0.0/16"  # a proxy on this machine comes from the gateway of Docker's network
USUAL_PASSWORDS = ("", "softphone", "password", "123456", "12333")


@pytest.fixture(scope="module")
def hotline(empty: Containers) -> Containers:
    """With the demo people, and a proxy of ours in front of the website."""
    empty.settings.update(HOTLINE_DEMO="yes", HOTLINE_WEB_TRUSTED_PROXIES=GATEWAYS)
    empty.up()
    return empty


def signs_in(visitor: Visitor, id_number: str, pin: str) -> bool:
    visitor.opens("/sign-in")
    return visitor.sends("/sign-in", id_number=id_number, pin=pin).path.startswith("/account")


def test_every_part_is_healthy_and_the_preparation_is_done(hotline: Containers):
    states = hotline.states()
    assert {name: states[name]["Health"] for name in SERVICES} == dict.fromkeys(SERVICES, "healthy")
    assert states["preparation"]["ExitCode"] == 0 and len(states) == len(SERVICES) + 1


def test_r10_a_caller_hears_the_welcome_and_a_balance(hotline: Containers, caller: Phone):
    assert caller.registers() == 200
    caller.dials("12333")
    hears_all(caller, "welcome", "main-menu")
    caller.presses("3", "1")
    host, port = caller.media_address.split(":")
    assert host == "127.0.0.1" and RTP_PORTS[0] <= int(port) <= RTP_PORTS[1]
    identifies(caller, *RETIRED)
    caller.hears("account-menu")
    caller.presses("1")
    hears_all(caller, "medical-balance-is", *numbers.amount(Decimal("8605.30")), "account-menu")


def test_r11_a_visitor_signs_in_and_reads_the_balance(hotline: Containers, visitors: Callable[..., Visitor]):
    visitor = visitors()
    assert visitor.opens("/").has("12333")
    assert signs_in(visitor, *RETIRED)
    assert visitor.opens("/account/medical").has("8,605.30")


def test_r25_a_pin_changed_by_phone_ends_the_visit_on_the_web(
    hotline: Containers, caller: Phone, visitors: Callable[..., Visitor]
):
    id_number, pin = SAME_LAST_8
    visitor = visitors()
    assert signs_in(visitor, id_number, pin)
    changes_pin(caller, CARD_OF_SAME_LAST_8, pin, id_number, NEW_PIN)
    assert visitor.opens("/account").path == "/signed-out?why=ended"
    assert not signs_in(visitors(), id_number, pin)
    assert signs_in(visitors(), id_number, NEW_PIN)


def test_the_end_waits_for_a_running_call_and_a_new_start_knows_everything(
    hotline: Containers, caller: Phone, visitors: Callable[..., Visitor]
):
    visitor, login = visitors(), hotline.login()
    assert signs_in(visitor, *RETIRED)
    dials_and_chooses(caller, "3")
    with ThreadPoolExecutor() as pool:
        ending = pool.submit(hotline.down)
        caller.hears("enquiry-menu")
        caller.waits(3)
        caller.presses("*")
        caller.hears("main-menu")
        assert not ending.done()
        caller.hangs_up()
        ending.result(60)
    assert not hotline.states()
    hotline.up()
    assert visitor.opens("/account").path == "/account", "the visit is over"
    assert hotline.login() == login
    assert "The chain is whole." in hotline.within("hotline", "python", "-m", "core", "audit", "check")


def test_r45_the_server_dies_in_mid_call_and_comes_back(
    hotline: Containers, caller: Phone, phones: Callable[..., Phone]
):
    caller.dials("12333")
    caller.hears("main-menu")
    with suppress(EngineError):  # the shell may be gone with the container
        hotline.within("hotline", "sh", "-c", "kill -KILL -1")
    caller.hears("system-busy")
    caller.hears("goodbye")
    wait_until(lambda: hotline.states()["hotline"]["Health"] == "healthy", 60, "the server did not come back")
    again = phones(hotline.login(), SHIPPED)
    again.dials("12333")
    again.hears("main-menu")


def test_a_proxy_on_this_machine_may_say_that_a_visit_is_encrypted(
    hotline: Containers, visitors: Callable[..., Visitor]
):
    visitor = visitors(x_forwarded_proto="https", x_forwarded_for="203.0.113.7")
    assert signs_in(visitor, *RETIRED)
    assert list(visitor.cookies) == ["__Host-session"]


@pytest.mark.parametrize("password", USUAL_PASSWORDS)
def test_no_usual_password_opens_a_line(hotline: Containers, phones: Callable[..., Phone], password: str):
    stranger = phones({**hotline.login(), "password": password}, SHIPPED)
    assert stranger.registers() in (401, 403)


@pytest.mark.parametrize("service", SERVICES)
def test_no_process_is_root_or_can_become_more_than_it_is(hotline: Containers, service: str):
    statuses = hotline.within(service, "sh", "-c", "cat /proc/[0-9]*/status")
    found: dict[str, set[str]] = {}
    for name, value in re.findall(r"^(Uid|Gid|CapEff|CapPrm|CapBnd|NoNewPrivs):\s+(.*)$", statuses, re.MULTILINE):
        found.setdefault(name, set()).update(value.split())
    assert "0" not in found["Uid"] | found["Gid"]
    assert found["CapEff"] == found["CapPrm"] == found["CapBnd"] == {"0" * 16}
    assert found["NoNewPrivs"] == {"1"}


@pytest.mark.parametrize(
    ("service", "place"),
    [(service, place) for service in SERVICES for place in ("/", "/etc", "/usr/bin", "/var")]
    + [(service, place) for service in ("hotline", "web") for place in ("/srv/hotline", "/var/lib/hotline", "/tmp")]
    + [("telephone", "/srv/hotline"), ("telephone", "/srv/recordings"), ("hotline", "/srv/recordings")],
)
def test_nothing_can_be_written_but_data(hotline: Containers, service: str, place: str):
    assert "Read-only file system" in hotline.refuses(service, "touch", f"{place}/mark")


def test_a_service_reaches_no_more_than_it_needs(hotline: Containers):
    def connect(host: str, port: int) -> tuple[str, ...]:
        return "python", "-c", f"import socket; socket.create_connection(('{host}', {port}), 2)"

    hotline.within("hotline", *connect("hotline", 4573))
    assert "gaierror" in hotline.refuses("web", *connect("hotline", 4573))
    assert "gaierror" in hotline.refuses("hotline", *connect("web", 8080))
    assert "unreachable" in hotline.refuses("hotline", *connect("192.0.2.1", 443))
    networks = {service: set(hotline.inspect(service)["NetworkSettings"]["Networks"]) for service in SERVICES}
    assert networks["database"] == {"none"} and not networks["web"] & networks["hotline"]


def test_only_phones_and_browsers_find_a_port(hotline: Containers):
    ports = {service: hotline.inspect(service)["NetworkSettings"]["Ports"] for service in SERVICES}
    published = {service: {port for port, where in each.items() if where} for service, each in ports.items()}
    voice = {f"{port}/udp" for port in range(RTP_PORTS[0], RTP_PORTS[1] + 1)}
    assert published == {
        "database": set(),
        "hotline": set(),
        "web": {"8080/tcp"},
        "telephone": {f"{hotline.settings['HOTLINE_SIP_PORT']}/udp", *voice},
    }
    hosts = {place["HostIp"] for each in ports.values() for where in each.values() for place in where or ()}
    assert hosts == {"127.0.0.1"}
