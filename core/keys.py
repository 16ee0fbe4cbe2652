"""The secret that is not in the database (R6), and the keys made from it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from core.settings import Settings, SettingsError

_SHORTEST_SECRET = 32


@dataclass(frozen=True)
class Keys:
    """One key for each use, so that none says anything about another."""

    pin: bytes = field(repr=False)
    audit: bytes = field(repr=False)
    number: bytes = field(repr=False)
    form: bytes = field(repr=False)
    encrypted_field: bytes = field(repr=False)
    staff_code: bytes = field(repr=False)
    fingerprint: str

    @classmethod
    def from_secret(cls, secret: str) -> Keys:
        def derive(use: str) -> bytes:
            return hmac.digest(secret.encode(), use.encode(), hashlib.sha256)

        return cls(
            pin=derive("pin"),
            audit=derive("audit"),
            number=derive("number"),
            form=derive("form"),
            encrypted_field=derive("sealed field"),
            staff_code=derive("staff code"),
            fingerprint=derive("fingerprint").hex()[:16],
        )


def load_keys(settings: Settings) -> Keys:
    """The keys from HOTLINE_SECRET, or from the state folder's secret.key, which is made when missing."""
    secret = settings.secret or _read_or_make(settings.state_dir / "secret.key")
    if len(secret) < _SHORTEST_SECRET:
        raise SettingsError(
            f"The secret is shorter than {_SHORTEST_SECRET} characters: put a long random one into "
            f"HOTLINE_SECRET or {settings.state_dir / 'secret.key'}."
        )
    return Keys.from_secret(secret)


def _read_or_make(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(32) + "\n")
    return path.read_text(encoding="ascii").strip()
