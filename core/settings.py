"""Every setting, read once from the environment. README.md lists them for the operator."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from ipaddress import ip_network
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

T = TypeVar("T")


class SettingsError(Exception):
    """A setting can't be used; the message is one sentence that says which, and what to write instead."""


def _setting(variable: str, default: T, read: Callable[[str], object] = str, private: bool = False, **limits: int) -> T:
    return field(default=default, repr=not private, metadata={"variable": variable, "read": read, **limits})


def _switch(text: str) -> bool:
    choices = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
    return choices[text.lower()]


def _time_zone(text: str) -> str:
    ZoneInfo(text)
    return text


def _networks(text: str) -> tuple[str, ...]:
    return tuple(str(ip_network(part.strip())) for part in text.split(","))


def _public_address(text: str) -> str:
    if text in ("0.0.0.0", "::"):
        raise ValueError("no phone can reach that")
    return text


def _ports(text: str) -> tuple[int, int]:
    first, last = (int(part) for part in text.split("-"))
    if not 1024 <= first < last <= 65535:
        raise ValueError("no range of ports")
    return first, last


def _origins(text: str) -> frozenset[str]:
    return frozenset(_origin(part.strip()) for part in text.split(","))


def _origin(text: str) -> str:
    """As a browser sends it: no path, and no port that goes without saying."""
    address = urlsplit(text.lower())
    if address.scheme not in ("http", "https") or not address.hostname or address.path.strip("/"):
        raise ValueError("no origin")
    default_port = {"http": 80, "https": 443}[address.scheme]
    return f"{address.scheme}://{address.netloc.removesuffix(f':{default_port}')}"


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise ValueError("no such folder")
    return Path(text)


def _maybe_number(text: str) -> int | None:
    return int(text) if text else None


@dataclass(frozen=True)
class Settings:
    """What an operator may choose. Units stand in the names."""

    state_dir: Path = _setting("HOTLINE_STATE_DIR", Path("var"), Path)
    database_url: str = _setting("HOTLINE_DATABASE_URL", "", private=True)
    secret: str = _setting("HOTLINE_SECRET", "", private=True)
    sip_host: str = _setting("HOTLINE_SIP_HOST", "127.0.0.1")
    sip_port: int = _setting("HOTLINE_SIP_PORT", 5060, int, least=1, most=65535)
    sip_public_host: str = _setting("HOTLINE_SIP_PUBLIC_HOST", "", _public_address)
    rtp_ports: tuple[int, int] = _setting("HOTLINE_RTP_PORTS", (10000, 19999), _ports)
    agi_host: str = _setting("HOTLINE_AGI_HOST", "127.0.0.1")
    agi_port: int = _setting("HOTLINE_AGI_PORT", 4573, int, least=1, most=65535)
    web_host: str = _setting("HOTLINE_WEB_HOST", "127.0.0.1")
    web_port: int = _setting("HOTLINE_WEB_PORT", 8080, int, least=1, most=65535)
    web_trusted_proxies: tuple[str, ...] = _setting("HOTLINE_WEB_TRUSTED_PROXIES", (), _networks)
    reader_port: int = _setting("HOTLINE_READER_PORT", 8765, int, least=1, most=65535)
    reader_origins: frozenset[str] = _setting("HOTLINE_READER_ORIGINS", frozenset(), _origins)
    reader_name: str = _setting("HOTLINE_READER_NAME", "")
    card_layout: str = _setting("HOTLINE_CARD_LAYOUT", "web.reader.layout:DemonstrationApplet")
    simulated_reader: bool = _setting("HOTLINE_SIMULATED_READER", True, _switch)
    demo: bool = _setting("HOTLINE_DEMO", True, _switch)
    sounds_dir: Path | None = _setting("HOTLINE_SOUNDS_DIR", None, _folder)
    operator_hours: str = _setting("HOTLINE_OPERATOR_HOURS", "09:00-17:00,mon-fri,*,*")
    timezone: str = _setting("HOTLINE_TIMEZONE", "Asia/Shanghai", _time_zone)
    log_level: str = _setting("HOTLINE_LOG_LEVEL", "INFO")

    key_timeout_seconds: int = _setting("HOTLINE_KEY_TIMEOUT_SECONDS", 5, int, least=1, most=60)
    question_tries: int = _setting("HOTLINE_QUESTION_TRIES", 3, int, least=1, most=10)
    call_limit_seconds: int = _setting("HOTLINE_CALL_LIMIT_SECONDS", 1800, int, least=60, most=86400)
    drain_seconds: int = _setting("HOTLINE_DRAIN_SECONDS", 60, int, least=0, most=3600)

    pin_lock_threshold: int = _setting("HOTLINE_PIN_LOCK_THRESHOLD", 6, int, least=1, most=100)
    source_wrong_limit: int = _setting("HOTLINE_SOURCE_WRONG_LIMIT", 20, int, least=1, most=1_000_000)
    source_window_seconds: int = _setting("HOTLINE_SOURCE_WINDOW_SECONDS", 3600, int, least=1, most=86400)
    session_idle_seconds: int = _setting("HOTLINE_SESSION_IDLE_SECONDS", 600, int, least=60, most=3600)
    session_limit_seconds: int = _setting("HOTLINE_SESSION_LIMIT_SECONDS", 3600, int, least=60, most=86400)
    kiosk_idle_seconds: int = _setting("HOTLINE_KIOSK_IDLE_SECONDS", 60, int, least=10, most=600)
    staff_idle_seconds: int = _setting("HOTLINE_STAFF_IDLE_SECONDS", 900, int, least=60, most=3600)
    staff_limit_seconds: int = _setting("HOTLINE_STAFF_LIMIT_SECONDS", 36000, int, least=600, most=86400)
    require_pin_change: bool = _setting("HOTLINE_REQUIRE_PIN_CHANGE", False, _switch)
    loss_report_term_days: int | None = _setting(
        "HOTLINE_LOSS_REPORT_TERM_DAYS", None, _maybe_number, least=1, most=3650
    )
    hash_memory_kib: int = _setting("HOTLINE_HASH_MEMORY_KIB", 19456, int, least=8, most=4_194_304)
    hash_time_cost: int = _setting("HOTLINE_HASH_TIME_COST", 2, int, least=1, most=100)
    hash_jobs: int = _setting("HOTLINE_HASH_JOBS", 2, int, least=1, most=64)
    database_connections: int = _setting("HOTLINE_DATABASE_CONNECTIONS", 8, int, least=1, most=200)

    def __post_init__(self) -> None:
        if not self.database_url:
            url = f"sqlite:///{self.state_dir.absolute() / 'hotline.db'}"
            object.__setattr__(self, "database_url", url)
        if not self.sip_public_host:
            object.__setattr__(self, "sip_public_host", self.sip_host)
        if not self.reader_origins:
            here = (f"http://{host}:{self.web_port}" for host in ("127.0.0.1", "localhost"))
            object.__setattr__(self, "reader_origins", frozenset(map(_origin, here)))

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings, or a SettingsError that names the variable to mend."""
        chosen: dict[str, Any] = {}  # what `read` makes of each is of the type of its field
        for entry in fields(cls):
            variable = entry.metadata["variable"]
            if environment.get(variable, "") != "":
                chosen[entry.name] = _read(variable, environment[variable], entry.metadata)
        return cls(**chosen)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def reachable(host: str) -> str:
    """Where to knock at a server of this machine that listens on `host`: on every address means on loopback too."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)


def _read(variable: str, text: str, rules: Mapping[str, Any]) -> object:
    try:
        value = rules["read"](text)
    except (ValueError, KeyError, OSError) as error:
        raise SettingsError(f"{variable} can't be {text!r}: see the table of settings in README.md.") from error
    if "least" in rules and not (rules["least"] <= value <= rules["most"]):
        raise SettingsError(f"{variable} must lie between {rules['least']} and {rules['most']}, not {text!r}.")
    return value
