"""Every setting, read once from the environment. README.md lists them for the operator."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from zoneinfo import ZoneInfo


class SettingsError(Exception):
    """A setting can't be used; the message is one sentence that says which, and what to write instead."""


def _setting(variable: str, default: object, read: Callable[[str], object] = str, private=False, **limits: int):
    return field(default=default, repr=not private, metadata={"variable": variable, "read": read, **limits})


def _switch(text: str) -> bool:
    choices = {"1": True, "yes": True, "true": True, "0": False, "no": False, "false": False}
    return choices[text.lower()]


def _time_zone(text: str) -> str:
    ZoneInfo(text)
    return text


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
    agi_host: str = _setting("HOTLINE_AGI_HOST", "127.0.0.1")
    agi_port: int = _setting("HOTLINE_AGI_PORT", 4573, int, least=1, most=65535)
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

    @classmethod
    def from_env(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings, or a SettingsError that names the variable to mend."""
        chosen = {}
        for entry in fields(cls):
            variable = entry.metadata["variable"]
            if environment.get(variable, "") != "":
                chosen[entry.name] = _read(variable, environment[variable], entry.metadata)
        return cls(**chosen)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def _read(variable: str, text: str, rules: Mapping) -> object:
    try:
        value = rules["read"](text)
    except (ValueError, KeyError, OSError) as error:
        raise SettingsError(f"{variable} can't be {text!r}: see the table of settings in README.md.") from error
    if "least" in rules and not (rules["least"] <= value <= rules["most"]):
        raise SettingsError(f"{variable} must lie between {rules['least']} and {rules['most']}, not {text!r}.")
    return value
