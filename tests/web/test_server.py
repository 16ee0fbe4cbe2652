"""The website's server as clients meet it that are slow, greedy or no browsers, and as the operator meets it."""

from __future__ import annotations

import gzip
import os
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from core.settings import Settings
from run import web_part
from tests.support.web.processes import ROOT, Server, website
from tests.support.web.visitor import Visitor, exchange, rest_of

# So that nobody waits half a minute for each test. What the limits are is the server's business.
HURRIED = """
server.CLIENT_PATIENCE_SECONDS = 2.0
server.REQUEST_LIMIT_SECONDS = 15.0
server.MOST_CONNECTIONS = 60
server.END_LIMIT_SECONDS = 3.0
page.BODY_PATIENCE_SECONDS = 4.0
"""
LIMIT_SECONDS = 20  # for whatever is to happen in a few: other work on the machine makes no test fail
MEGABYTES = 8 * 1024 * 1024


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A website that is in a hurry, for all tests that leave it running."""
    with website(tmp_path_factory.mktemp("site"), HURRIED, log_level="DEBUG") as running:
        yield running


def form(path: str, body: bytes, length: int | None = None, more: str = "") -> bytes:
    """A form as a browser sends it."""
    return (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nSec-Fetch-Site: same-origin\r\nConnection: close\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\n{more}"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n"
    ).encode() + body


def drip(connection: socket.socket, drop: bytes = b"a") -> float:
    """Send a little now and then until the server has enough of it; how many seconds that took."""
    began = time.monotonic()
    connection.settimeout(0.2)
    while time.monotonic() - began < LIMIT_SECONDS:
        try:
            connection.sendall(drop)
            if connection.recv(1) == b"":
                break
        except TimeoutError:
            continue
        except OSError:
            break
    return time.monotonic() - began


# Slow clients


@pytest.mark.parametrize("beginning", [b"", b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: "])
def test_a_client_that_never_finishes_its_request_is_cut_off(site: Server, beginning):
    with site.connects() as connection:
        connection.sendall(beginning)
        assert drip(connection) < LIMIT_SECONDS


def test_a_client_that_asks_for_nothing_more_is_let_go(site: Server):
    with site.connects(LIMIT_SECONDS) as connection:
        for _ in range(2):
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert connection.recv(65536).startswith(b"HTTP/1.1 200")
        assert connection.recv(1) == b""


def test_a_form_that_never_comes_whole_is_refused(site: Server):
    with site.connects(LIMIT_SECONDS) as connection:
        connection.sendall(form("/sign-in", b"id_number=", length=100))
        answer = rest_of(connection)
    assert answer.startswith(b"HTTP/1.1 408") and "没有收全，没有办理".encode() in answer


def test_a_client_that_does_not_take_its_answers_is_cut_off(site: Server):
    greedy = []
    for _ in range(5):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", site.port))
        connection.settimeout(0.5)
        greedy.append(connection)
        try:
            for _ in range(500):
                connection.sendall(b"GET /static/vendor/pico-2.1.1.min.css HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        except OSError:
            pass  # nothing more fits
    assert all(site.holds(connection) for connection in greedy)
    wait_until(lambda: not any(site.holds(connection) for connection in greedy))
    for connection in greedy:
        connection.close()


def test_a_connection_too_many_costs_the_idlest_one(site: Server):
    with site.connects(LIMIT_SECONDS) as busy:
        busy.sendall(form("/numbers/unit", b"number=", length=8))
        time.sleep(0.2)
        idle = [site.connects() for _ in range(200)]
        wait_until(lambda: site.open_files() < 100)
        assert Visitor(site.port).opens("/healthz").status == 200
        busy.sendall(b"1")
        assert rest_of(busy).startswith(b"HTTP/1.1 200 OK")
    for connection in idle:
        connection.close()


def test_as_many_connections_as_the_machine_allows(tmp_path: Path):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with website(tmp_path) as running:
            limits = Path(f"/proc/{running.process.pid}/limits").read_text().splitlines()
            assert next(line.split()[3] for line in limits if line.startswith("Max open files")) == str(hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


# Large and broken requests


@pytest.mark.parametrize("path", ["/sign-in", "/numbers/unit", "/print-size"])
def test_megabytes_are_refused(site: Server, path):
    assert b"HTTP/1.1 413" in exchange(site.port, form(path, b"number=" + b"1" * MEGABYTES))[:20]
    visitor = Visitor(site.port)
    assert visitor.sends(path, number="1" * MEGABYTES).has("内容太多", "没有办理")


def test_megabytes_in_a_small_packet_are_refused(site: Server):
    packed = gzip.compress(b"number=" + b"1" * MEGABYTES)
    assert b"HTTP/1.1 413" in exchange(site.port, form("/numbers/unit", packed, more="Content-Encoding: gzip\r\n"))[:20]


def test_megabytes_without_an_end_are_refused(site: Server):
    with site.connects() as connection:
        head, _, _ = form("/numbers/unit", b"").partition(b"Content-Length")
        connection.sendall(head + b"Transfer-Encoding: chunked\r\n\r\n")
        chunk = b"10000\r\n" + b"1" * 0x10000 + b"\r\n"
        try:
            for _ in range(8):
                connection.sendall(chunk)
        except OSError:
            pass  # it has had enough
        assert connection.recv(20).startswith(b"HTTP/1.1 413")


HOST = b"Host: 127.0.0.1\r\nConnection: close\r\n"
SECRET_COOKIE = b"session=" + b"S3CRET" * 7


@pytest.mark.parametrize(
    "sent",
    [
        b"S3CRET\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00S3CRET",
        b"S3CRET / HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /S3CRET HTTP/9.9\r\n" + HOST + b"\r\n",
        b"GET /S3CRET\xff HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET http://[::S3CRET/ HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET /" + b"S3CRET" * 2000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"Cookie: " + SECRET_COOKIE * 300 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"S3CRET\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + HOST + b"a: S3CRET\r\n" * 500 + b"\r\n",
        b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: S3CRET\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\nS3CRET\r\n",
        b"POST /sign-in HTTP/1.1\r\n" + HOST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nS3CRET",
    ],
)
def test_what_is_no_request_gets_a_plain_page_that_repeats_nothing(site: Server, sent):
    answer = exchange(site.port, sent)
    head, _, page = answer.partition(b"\r\n\r\n")
    assert head.split()[1] == b"400"
    assert b"S3CRET" not in answer and b"Server:" not in head
    assert b"Content-Security-Policy: default-src 'none'" in head and b"Cache-Control: no-store" in head
    assert "没有办理".encode() in page and b'href="/"' in page
    assert "S3CRET" not in site.said()


@pytest.mark.parametrize("cookie", [b"session=\xff\xfe", b"session=" + b"x" * 8000, b"; ;=;session", b'session="\\"'])
def test_a_cookie_that_is_none_opens_nothing(site: Server, cookie):
    sent = b"GET /account HTTP/1.1\r\n" + HOST + b"Cookie: " + cookie + b"\r\n\r\n"
    head = exchange(site.port, sent).partition(b"\r\n\r\n")[0]
    assert head.startswith(b"HTTP/1.1 303") and b"Location: /sign-in?next=/account" in head


@pytest.mark.parametrize("line", [b"OPTIONS * HTTP/1.1", b"CONNECT elsewhere.example:443 HTTP/1.1"])
def test_what_is_asked_of_a_proxy_is_not_done(site: Server, line):
    assert exchange(site.port, line + b"\r\n" + HOST + b"\r\n").startswith(b"HTTP/1.1 404")


def test_nothing_was_a_fault_of_ours(site: Server):
    """After everything above."""
    assert "ERROR" not in site.said() and "Traceback" not in site.said()


# The end


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGINT])
def test_a_request_that_has_begun_is_answered_before_the_end(tmp_path: Path, ending):
    with website(tmp_path) as running, running.connects() as idle, running.connects() as busy:
        idle.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        idle.recv(65536)
        database = sqlite3.connect(tmp_path / "hotline.db", isolation_level=None)
        database.execute("BEGIN EXCLUSIVE")
        busy.sendall(form("/numbers/unit", b"number=1"))
        time.sleep(0.3)
        running.process.send_signal(ending)
        wait_until(lambda: not _is_open(running))
        database.close()
        assert rest_of(busy).startswith(b"HTTP/1.1 200 OK")
        assert running.process.wait(LIMIT_SECONDS) == 0
        assert "Traceback" not in running.said() and "ERROR" not in running.said()


def test_a_client_that_never_ends_does_not_hold_up_the_end(tmp_path: Path):
    with website(tmp_path, HURRIED) as running, running.connects() as slow, running.connects() as slower:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: ")
        slower.sendall(form("/numbers/unit", b"number=", length=8))
        time.sleep(0.5)
        running.process.terminate()
        assert running.process.wait(LIMIT_SECONDS) == 0


# The operator


def test_a_port_that_is_taken_is_named_in_one_sentence(tmp_path: Path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        environment = {**os.environ, "HOTLINE_STATE_DIR": str(tmp_path), "HOTLINE_WEB_PORT": port}
        ended = subprocess.run(
            [sys.executable, "-m", "web"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )
    assert ended.returncode == 1 and len(ended.stderr.strip().splitlines()) == 1
    assert port in ended.stderr and "HOTLINE_WEB_PORT" in ended.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [("WEB_TRUSTED_PROXIES", "anybody"), ("LOG_LEVEL", "LOUD"), ("SECRET", "short"), ("DATABASE_URL", "mysql://a/b")],
)
def test_a_setting_that_can_not_be_used_is_named_in_one_sentence(tmp_path: Path, variable, value):
    environment = {**os.environ, "HOTLINE_STATE_DIR": str(tmp_path), f"HOTLINE_{variable}": value}
    ended = subprocess.run(
        [sys.executable, "-m", "web"], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
    )
    assert ended.returncode == 1 and len(ended.stderr.strip().splitlines()) == 1
    assert f"HOTLINE_{variable}" in ended.stderr


def test_without_a_database_the_site_says_so_and_comes_back_with_it(tmp_path: Path, empty_postgresql: str):
    server, _, template = empty_postgresql.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as operator:
        operator.execute(f"CREATE DATABASE away TEMPLATE {template}")
        with website(tmp_path, database_url=f"{server}/away") as running:
            visitor = Visitor(running.port)
            assert visitor.opens("/healthz").status == 200
            operator.execute("ALTER DATABASE away ALLOW_CONNECTIONS false")
            operator.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'away'")
            assert visitor.opens("/healthz").status == 503
            watched = web_part(Settings(web_port=running.port))
            assert not watched.answers() and watched.still_answers(), "to start it again would help nobody"
            assert visitor.opens("/offices").status == 503 and visitor.page.has("系统忙", "12333")
            assert visitor.sends("/numbers/unit", number="1").status == 503
            visitor.cookies["session"] = "A" * 43
            assert visitor.opens("/account").status == 503
            del visitor.cookies["session"]
            assert visitor.opens("/guide/loss").status == 200
            operator.execute("ALTER DATABASE away ALLOW_CONNECTIONS true")
            wait_until(lambda: visitor.opens("/healthz").status == 200)
            assert "Traceback" not in running.said()


def test_a_website_that_hangs_is_noticed(tmp_path: Path):
    with website(tmp_path) as running:
        watched = web_part(Settings(web_port=running.port))
        assert watched.answers() and watched.still_answers()
        running.process.send_signal(signal.SIGSTOP)
        assert not watched.still_answers()
        running.process.send_signal(signal.SIGCONT)


def test_a_locked_database_makes_the_site_unwell(tmp_path: Path):
    with website(tmp_path) as running:
        other = sqlite3.connect(tmp_path / "hotline.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        visitor = Visitor(running.port)
        assert visitor.opens("/healthz").status == 503
        other.close()
        wait_until(lambda: visitor.opens("/healthz").status == 200)


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + LIMIT_SECONDS
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _is_open(running: Server) -> bool:
    try:
        running.connects().close()
    except OSError:
        return False
    return True
