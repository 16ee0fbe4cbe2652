"""A browser becomes a kiosk by a key, and is one until the key is revoked."""

from __future__ import annotations

import http.client

import pytest

from core.staffed import kiosks
from core.values import OtherOperation
from tests.support.core.audit import audited
from tests.support.web.at_kiosk import AtKiosk, make_kiosk, revoke
from tests.support.web.reading import heading
from tests.support.web.visitor import Site
from web.kiosk.routes import KIOSK


@pytest.fixture
def newcomer(site: Site) -> AtKiosk:
    """A browser in which no key was entered."""
    return AtKiosk(site.port)


def test_every_page_of_a_kiosk_but_the_key_s_own_needs_an_enrolled_kiosk(newcomer: AtKiosk):
    assert all(route.enrolled for route in KIOSK if route.path != "/kiosk/enrol")
    for route in KIOSK:
        newcomer.opens(route.path.format(insurance="pension")) if route.method == "GET" else newcomer.sends(route.path)
        assert newcomer.page.path == "/kiosk/enrol"
        assert heading(newcomer.page) == "启用这台终端"


@pytest.mark.parametrize(
    "spelling",
    [
        str,
        kiosks.written_key,
        str.upper,
        lambda key: f"  {kiosks.written_key(key).replace('-', ' ')}\n",
        lambda key: key.translate({ord("0") + place: 0xFF10 + place for place in range(10)}),  # full width
        lambda key: kiosks.written_key(key).replace("-", "—"),
    ],
)
def test_the_key_is_entered_once_in_any_spelling(newcomer: AtKiosk, context, spelling):
    newcomer.enters_key(spelling(make_kiosk(context)))
    assert (newcomer.page.path, heading(newcomer.page)) == ("/kiosk", "您好，请选择")
    assert newcomer.opens("/kiosk/card").path == "/kiosk/card"
    assert newcomer.opens("/kiosk/enrol").path == "/kiosk"
    assert audited(context, OtherOperation.ENTER_KIOSK_KEY) == ["done"]


def test_the_key_is_kept_from_scripts_and_renewed_whenever_the_home_page_is_shown(newcomer: AtKiosk, context):
    newcomer.enters_key(make_kiosk(context))
    (cookie,) = newcomer.asks("GET", "/kiosk").headers.get_all("Set-Cookie")
    for attribute in ("kiosk=", "HttpOnly", "SameSite=Lax", "Path=/", f"Max-Age={400 * 24 * 3600}"):
        assert attribute in cookie


def test_on_https_the_key_stays_on_this_host(site_with, context):
    kiosk = AtKiosk(site_with(web_trusted_proxies=("127.0.0.1",))().port)
    over_https = {"X-Forwarded-Proto": "https", "Host": "kiosk.example", "Origin": "https://kiosk.example"}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = kiosk.asks("POST", "/kiosk/enrol", f"key={make_kiosk(context)}".encode(), over_https | form)
    given = [cookie for cookie in answer.headers.get_all("Set-Cookie") if cookie.startswith("__Host-kiosk=")]
    assert len(given) == 1 and "Secure" in given[0] and "Domain" not in given[0]
    assert kiosk.asks("GET", "/kiosk/card", headers=over_https).status == 200


def test_over_plain_http_from_elsewhere_nothing_can_be_entered_and_no_key_counts(newcomer: AtKiosk, context):
    key = make_kiosk(context)
    newcomer.enters_key(key)
    for path in ("/kiosk/enrol", "/kiosk", "/kiosk/card"):
        connection = http.client.HTTPConnection("127.0.0.1", newcomer.port)
        connection.request("GET", path, headers={"Host": "kiosk.example", "Cookie": f"kiosk={key}"})
        answer = connection.getresponse()
        told = answer.read().decode()
        connection.close()
        if path == "/kiosk/enrol":
            assert answer.status == 403 and "请用加密的地址打开" in told and "<form" not in told
        else:
            assert (answer.status, answer.headers["Location"]) == (303, "/kiosk/enrol")


def test_a_wrong_key_opens_nothing_and_says_so(newcomer: AtKiosk, context):
    make_kiosk(context)
    newcomer.enters_key("0000-1111-2222-3333")
    assert newcomer.page.status == 422 and newcomer.page.has("没有这个密钥")
    assert newcomer.opens("/kiosk").path == "/kiosk/enrol"
    assert audited(context, OtherOperation.ENTER_KIOSK_KEY) == ["kiosk_key_refused revoked=False"]


def test_r5_too_many_wrong_keys_from_one_address_are_refused_for_an_hour(newcomer: AtKiosk, context, clock):
    key = make_kiosk(context)
    for _ in range(context.settings.source_wrong_limit + 1):
        assert newcomer.enters_key("wrong").status == 422
    assert newcomer.enters_key(key).status == 429
    assert newcomer.page.has("请稍后再试", "这台终端上输错的次数太多")
    clock.passes(hours=1)
    assert newcomer.enters_key(key).path == "/kiosk"


def test_r5_wrong_keys_hold_up_no_kiosk_in_use(newcomer: AtKiosk, site, context, holder):
    working, held = AtKiosk(site.port), holder()
    working.enters_key(make_kiosk(context))
    for _ in range(context.settings.source_wrong_limit + 2):
        newcomer.enters_key("wrong")
    assert working.signs_in(held).path == "/kiosk/menu"


def test_a_revoked_kiosk_says_so_and_opens_nothing(newcomer: AtKiosk, context, holder):
    key, held = make_kiosk(context), holder()
    newcomer.enters_key(key)
    newcomer.signs_in(held)
    revoke(context)
    for path in ("/kiosk", "/kiosk/menu", "/kiosk/card", "/kiosk/enquiries/card"):
        newcomer.opens(path)
        assert newcomer.page.path == "/kiosk/enrol"
        assert heading(newcomer.page) == "这台终端已停用"
        assert not newcomer.page.has(held.card_number[-4:])
    newcomer.sends("/kiosk/card", card_number=held.card_number, pin=held.pin)
    assert heading(newcomer.page) == "这台终端已停用"
    newcomer.enters_key(key)
    assert newcomer.page.status == 422 and heading(newcomer.page) == "这台终端已停用"
    assert audited(context, OtherOperation.ENTER_KIOSK_KEY) == ["done", "kiosk_key_refused revoked=True"]


def test_a_kiosk_that_gets_a_new_key_goes_on_without_the_visit_that_was_open(newcomer: AtKiosk, context, holder):
    newcomer.enters_key(make_kiosk(context, "旧"))
    newcomer.signs_in(holder())
    revoke(context, "旧")
    newcomer.enters_key(make_kiosk(context, "新"))
    assert newcomer.page.path == "/kiosk"
    assert newcomer.opens("/kiosk/menu").path == "/kiosk"
