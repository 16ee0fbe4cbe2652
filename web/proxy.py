"""Where a request really comes from, when proxies stand in front of the site.

Anybody can write an X-Forwarded-For; it is believed as far as a named proxy passed it on
(HOTLINE_WEB_TRUSTED_PROXIES), and no further."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

_IPV6_HOUSEHOLD_BITS = 64
TRUSTED_PROXIES = web.AppKey("trusted_proxies", tuple)


def visitor_address(request: web.Request) -> str:
    """What R5 counts a visitor by: an IPv4 address, or the /64 that one IPv6 household has."""
    address = _address(request.remote or "")
    # From the nearest proxy outwards: the first one that is nobody's proxy is the visitor.
    for hop in reversed(_listed(request, "X-Forwarded-For")):
        if not _is_trusted(request, address) or (behind := _address(hop)) is None:
            break
        address = behind
    if isinstance(address, IPv6Address):
        return str(IPv6Network((address, _IPV6_HOUSEHOLD_BITS), strict=False))
    return str(address or "unknown")


def is_https(request: web.Request) -> bool:
    """Whether the browser's own connection is encrypted."""
    if _is_trusted(request, _address(request.remote or "")):
        return {scheme.lower() for scheme in _listed(request, "X-Forwarded-Proto")} == {"https"}
    return request.secure


def _listed(request: web.Request, header: str) -> list[str]:
    # A proxy may write behind what the browser sent, or in a line of its own below.
    return [part.strip() for line in request.headers.getall(header, ()) for part in line.split(",")]


def _is_trusted(request: web.Request, address: IPv4Address | IPv6Address | None) -> bool:
    return address is not None and any(address in network for network in request.app[TRUSTED_PROXIES])


def trusted_proxies(names: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks that the setting names."""
    return tuple(ip_network(name) for name in names)


@lru_cache(maxsize=4_096)  # every request asks several times, and most come from the same few proxies
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
