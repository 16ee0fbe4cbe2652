"""What a view works with: the visitor's desk, the form that was sent, the templates. Each entrance has a page of its
own kind."""

from __future__ import annotations

import asyncio
import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar, ParamSpec, TypeVar
from urllib.parse import parse_qsl

from aiohttp import web

from core import forms
from core.actor import Actor
from core.context import CoreContext
from core.errors import HotlineError
from core.identity.identification import Cardholder
from core.identity.visits import Visit
from core.service import Service
from web import words
from web.cookies import TokenCookie
from web.forms import Form
from web.rendering import write_moment
from web.route import Route
from web.security import content_policy
from web.workers import QUEUE_PATIENCE_SECONDS, Workers

P = ParamSpec("P")
T = TypeVar("T")

BODY_PATIENCE_SECONDS = 10.0
FORM_CONTENT_TYPE = "application/x-www-form-urlencoded"
MOST_FIELDS = 100
PRINT_SIZE_COOKIE = "print-size"


class StaleForm(Exception):
    """A form that this visit was not given: of another visit, of another page, or made up."""


@dataclass(frozen=True)
class AppContext:
    """What every request needs; `render` makes the text of a page."""

    core: CoreContext
    workers: Workers
    render: Callable[..., str]

    async def run(self, operation: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Let the core do something in a thread: app.run(visits.end, app.core, token). See Workers.run."""
        return await self.workers.run(operation, *args, **kwargs)


class Page:
    """One request, as a view sees it."""

    templates: ClassVar[Path]  # the entrance's own, which come before the shared ones
    template_globals: ClassVar[Mapping[str, Any]] = {}  # what only its own templates know
    for_staff = False  # whether a clerk reads what is shown, and not the person whom it is about
    root = ""  # what comes before the address of a page that this entrance shares with others
    pin_change_path: ClassVar[str]  # of an entrance where people sign in with their PIN
    visit_cookie: ClassVar[TokenCookie]
    asks_reader = False  # the card reader of the machine that shows the page: see web.reader

    def __init__(self, app_context: AppContext, request: web.Request, actor: Actor, visit: Visit | None = None) -> None:
        self.app, self.request, self.visit = app_context, request, visit
        self.core, self.service = app_context.core, Service(app_context.core, actor)

    @property
    def person(self) -> Cardholder:
        """Who is signed in; only for routes that say `signed_in`."""
        assert self.visit is not None
        return self.visit.person

    @property
    def session_id(self) -> str:
        """Whose forms these are; empty while nobody is signed in."""
        return self.visit.session_id if self.visit else ""

    @property
    def large_print(self) -> bool:
        """Whether the visitor chose the large print size."""
        return self.request.cookies.get(PRINT_SIZE_COOKIE) == "large"

    def check(self, route: Route) -> None:
        """Refuse whoever came in but may not open this page."""

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query

    def number_in_path(self, name: str) -> int:
        """The part of the address that names something by its number; whatever else stands there is not found."""
        text = self.request.match_info[name]
        if not re.fullmatch("[0-9]{1,9}", text):
            raise web.HTTPNotFound
        return int(text)

    async def read_form(self) -> Form:
        """The fields that were sent, in the one way in which our pages send them: there is none for files."""
        if self.request.content_type != FORM_CONTENT_TYPE:
            raise web.HTTPUnsupportedMediaType
        try:
            async with asyncio.timeout(BODY_PATIENCE_SECONDS):
                sent = await self.request.read()
            fields = parse_qsl(sent.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS)
            # A NUL is nothing that anybody types, and nothing that a database keeps.
            return Form((name, value.replace("\0", "")) for name, value in fields)
        except TimeoutError as error:
            raise web.HTTPRequestTimeout from error
        except (ValueError, ConnectionError, web.RequestPayloadError) as error:  # no text, cut off, or badly packed
            raise web.HTTPBadRequest from error

    async def run(self, operation: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Let the core do something in a thread: page.run(page.service.report_loss, page.person), or
        page.run(kiosks.everyone, page.core). See Workers.run."""
        return await self.app.run(operation, *args, **kwargs)

    def show(
        self, template: str, status: int | None = None, *, form: Form | None = None, **values: Any
    ) -> web.Response:
        """A page of the site; one whose `form` has errors answers 422. One that is somebody's own, or that answers a
        form, is not compressed: the length of a compressed page betrays what stands on it to whoever makes a browser
        ask for it with many guesses (BREACH)."""
        if form is not None:
            values["form"] = form
        values |= {"page": self, "visit": self.visit, "path": self.request.path, "large_print": self.large_print}
        text = self.app.render(self.templates, self.template_globals, template, values)
        status = status or (422 if form and not form.ok else 200)
        response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
        if self.asks_reader:
            response.headers["Content-Security-Policy"] = content_policy(self.reader_address)
        if not self.session_id and self.request.method == "GET":
            response.enable_compression()
        return response

    @property
    def reader_address(self) -> str:
        """Where a page asks for the card in the reader."""
        return f"ws://127.0.0.1:{self.core.settings.reader_port}"

    def moment(self, at: datetime) -> str:
        """When, as a page writes it, where the office is."""
        return write_moment(at, self.core.settings.zone)

    def refusal(self, error: HotlineError) -> words.Refusal:
        """What the rules refuse, in the words of this entrance."""
        return words.refusal(error, self.service.actor.door, self.moment)

    def go(self, path: str) -> web.Response:
        """Send the browser to another page, which it will ask for with GET."""
        return web.Response(status=303, headers={"Location": path})

    def form_token(self, action: str = "") -> str:
        """What a form carries: good for this visit, for the address it is sent to (`action`; this page's if left out),
        and for one answer."""
        return self._signed(secrets.token_hex(12), action or self.request.path)

    async def once(self, form: Form, work: Callable[[], Awaitable[str]]) -> str:
        """Carry out a form's `work` and return its short answer; when the same form comes again (a double click, a
        reload), return the first answer without working again. Raises StaleForm."""
        token = form["form_token"]
        if not hmac.compare_digest(token.encode(), self._signed(token.partition(".")[0], self.request.path).encode()):
            raise StaleForm
        async with asyncio.timeout(QUEUE_PATIENCE_SECONDS):
            while not await self.run(forms.claim, self.core, token):
                if (answer := await self.run(forms.answer, self.core, token)) is not None:
                    return answer
                await asyncio.sleep(0.1)  # the first is still at work, or fails and leaves the form to us
        try:
            answer = await work()
        except BaseException:
            await self.run(forms.give_back, self.core, token)
            raise
        await self.run(forms.keep_answer, self.core, token, answer)
        return answer

    def _signed(self, nonce: str, action: str) -> str:
        mark = hmac.digest(self.core.keys.form, f"{self.session_id} {action} {nonce}".encode(), "sha256")
        return f"{nonce}.{mark.hex()[:32]}"
