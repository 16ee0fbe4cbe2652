"""Somebody with a browser that knows no JavaScript, at a real server."""

from __future__ import annotations

import http.client
import re
import socket
from dataclasses import dataclass
from functools import cached_property
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from bs4 import BeautifulSoup

from core.context import CoreContext
from tests.support.core.people import Held
from tests.support.serving import Served
from web.app import make_app
from web.server import listening


class Site(Served):
    """The site over an office."""

    def __init__(self, context: CoreContext) -> None:
        super().__init__(listening(make_app(context), "127.0.0.1", 0))


def exchange(port: int, sent: bytes) -> bytes:
    """Everything that comes back for these bytes, until the connection ends."""
    with socket.create_connection(("127.0.0.1", port), 30) as connection:
        connection.sendall(sent)
        return rest_of(connection)


def rest_of(connection: socket.socket) -> bytes:
    """What still comes, until the other side ends the connection."""
    received = b""
    while chunk := connection.recv(65536):
        received += chunk
    return received


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes
    path: str

    @property
    def text(self) -> str:
        """The words on the page, without its markup."""
        shown = (words for words in self.soup.strings if not words.find_parent("svg"))
        return re.sub(r"\s+", " ", " ".join(shown)).strip()

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The page, to look things up in."""
        return BeautifulSoup(self.html, "html.parser")

    @property
    def html(self) -> str:
        return self.body.decode("utf-8", "replace")

    def has(self, *words: str) -> bool:
        """Whether a reader finds all of these, wherever the lines break."""
        squeezed = re.sub(r"\s", "", self.text)
        return all(re.sub(r"\s", "", word) in squeezed for word in words)

    def field(self, name: str) -> str:
        """The value that a hidden field or an input holds."""
        found = self.soup.select_one(f'input[name="{name}"]')
        assert found, f"no field {name} on {self.path}"
        return str(found.get("value", ""))


class Visitor:
    """Opens pages, sends forms, keeps cookies, and follows where it is sent, as a browser does."""

    page: Answer

    def __init__(self, port: int, **headers: str) -> None:
        """`headers` (x_forwarded_for="…") go with every request: what proxies on the way put on."""
        self.port = port
        self.cookies: dict[str, str] = {}
        self._headers = {name.replace("_", "-"): value for name, value in headers.items()}
        scheme = headers.get("x_forwarded_proto", "http")
        self.posted = {"Origin": f"{scheme}://127.0.0.1:{port}", "Content-Type": "application/x-www-form-urlencoded"}

    def opens(self, path: str, **headers: str) -> Answer:
        """GET, and wherever that leads."""
        return self._arrive("GET", path, None, headers)

    def sends(self, path: str, *, token: bool = True, headers: dict[str, str] | None = None, **fields: str) -> Answer:
        """POST a form, with the hidden token of the page before, if that had one."""
        if token and "form_token" not in fields and hasattr(self, "page") and 'name="form_token"' in self.page.html:
            fields["form_token"] = self.page.field("form_token")
        return self._arrive("POST", path, urlencode(fields).encode(), self.posted | (headers or {}))

    def signs_in(self, held: Held, pin: str = "") -> Answer:
        self.opens("/sign-in")
        return self.sends("/sign-in", id_number=held.id_number, pin=pin or held.pin)

    def asks(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> Answer:
        """One request, followed nowhere."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            sent = self._headers | (cookies if self.cookies else {}) | (headers or {})
            connection.request(method, path, body, sent)
            response = connection.getresponse()
            self.page = Answer(response.status, response.headers, response.read(), path)
        finally:
            connection.close()
        for line in response.headers.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value
        return self.page

    def _arrive(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        self.asks(method, path, body, headers)
        for _ in range(5):
            if self.page.status != 303:
                break
            self.asks("GET", self.page.headers["Location"])
        return self.page
