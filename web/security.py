"""What keeps every page safe, whatever its view does: cross-site posts refused, and the headers."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from aiohttp import web

from web.proxy import is_https


def content_policy(connects_to: str = "") -> str:
    """What a page may load and ask: of this site, and one address more."""
    # Pico draws its small pictures by data: addresses.
    return (
        f"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self' {connects_to}".rstrip()
        + "; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # What a page shows depends on who is signed in and on the print size, so nobody keeps it unless told otherwise.
    "Cache-Control": "no-store",
}
_ONE_YEAR = 31_536_000


async def put_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The headers of every answer. No software is named."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if is_https(request):
        response.headers.setdefault("Strict-Transport-Security", f"max-age={_ONE_YEAR}")
    response.headers.popall("Server", None)


def comes_from_here(request: web.Request) -> bool:
    """Whether this request was sent by a page of this site. Browsers say so in one of three ways, the old ones in the
    last; a request that says nothing is refused, since every browser says something when it posts a form."""
    fetch_site = request.headers.get("Sec-Fetch-Site")
    if fetch_site is not None:
        return fetch_site in ("same-origin", "none")
    sender = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return _origin(sender) == ("https" if is_https(request) else "http", request.host) and request.host != ""


def is_private(request: web.Request) -> bool:
    """Whether what is sent can't be read on the way: https, or a browser on this very machine. Behind anything else
    nobody may sign in."""
    return is_https(request) or re.sub(r":[0-9]*$", "", request.host) in ("localhost", "127.0.0.1", "[::1]")


def _origin(url: str) -> tuple[str, str] | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return parts.scheme, parts.netloc
