"""What the tests of all addresses share: one of each kind to ask for, and what every answer must say."""

from __future__ import annotations

import re

from core.permissions import ROLES
from core.values import STAFF_ROLES, OtherOperation, Role
from tests.support.web.visitor import Answer
from web.route import Route

READER = "ws://127.0.0.1:8765"  # the card reader of the machine that shows the page


def address(route: Route) -> str:
    """One of the addresses that a route is for."""
    return filled_in(route.path)


def filled_in(path: str, case: str = "0123456789abcdef") -> str:
    """The same of its path."""
    return path.format(insurance="pension", case=case, task="report", staff="1", kiosk="1")


def has_safe_headers(answer: Answer, encrypted: bool = False) -> bool:
    """What a browser is told with every answer."""
    headers = answer.headers
    policy = {line.split()[0]: line.split()[1:] for line in headers["Content-Security-Policy"].split("; ")}
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == ["'self'"]
    assert policy["connect-src"] in (["'self'"], ["'self'", READER])
    assert set(policy) <= {"default-src", "frame-ancestors", "base-uri", "script-src", "style-src", "form-action",
                           "connect-src", "img-src"}  # fmt: skip
    assert policy["img-src"] == ["'self'", "data:"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert (headers["Strict-Transport-Security"] == "max-age=31536000") is encrypted
    assert not {"Server", "X-Powered-By", "Via", "X-AspNet-Version"} & set(headers)
    assert not re.search("python|aiohttp|jinja|sqlite|postgres", str(headers), re.IGNORECASE)
    return True


def staff_role(route: Route) -> Role:
    """Who of the staff opens this address."""
    if isinstance(route.operation, OtherOperation):
        return next(role for role in STAFF_ROLES if role in ROLES[route.operation])
    return Role.CLERK
