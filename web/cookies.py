"""The cookies that hold a token of ours. Whoever has the token has what it opens, so no script sees it, no other site
sends it, and a browser on https takes it for this host alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from aiohttp import web

from web.proxy import is_https


@dataclass(frozen=True)
class TokenCookie:
    """One kind of token. Without `max_age_seconds` it is gone when the browser is closed."""

    name: str
    max_age_seconds: int | None = None

    def read(self, request: web.Request) -> str | None:
        """The token that the browser brings. Whatever does not look like one is none."""
        token = request.cookies.get(self._name(request), "")
        return token if re.fullmatch(r"[\w-]{1,100}", token, re.ASCII) else None

    def give(self, request: web.Request, response: web.StreamResponse, token: str) -> None:
        """Let the browser keep a token."""
        self._set(request, response, token, self.max_age_seconds)

    def take_back(self, request: web.Request, response: web.StreamResponse) -> None:
        """Make the browser forget its token."""
        self._set(request, response, "", 0)

    def _set(self, request: web.Request, response: web.StreamResponse, token: str, max_age: int | None) -> None:
        response.set_cookie(
            self._name(request),
            token,
            max_age=max_age,
            path="/",
            httponly=True,
            samesite="Lax",
            secure=is_https(request),
        )

    def _name(self, request: web.Request) -> str:
        # A browser takes __Host- only with https. Plain http is for this very machine alone: see security.is_private.
        return f"__Host-{self.name}" if is_https(request) else self.name


LONGEST_SECONDS = 400 * 24 * 3600  # browsers keep no cookie longer
