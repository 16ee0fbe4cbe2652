"""What somebody typed, kept for the next try without standing readable on the page."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from core.context import Office

_KEPT_SECONDS = 600


def seal(office: Office, text: str) -> str:
    """Something that only this office can read, for a hidden field."""
    return _lock(office).encrypt_at_time(text.encode(), _now(office)).decode()


def unseal(office: Office, sealed: str) -> str:
    """What was sealed; empty for what was made up, or is older than ten minutes."""
    try:
        return _lock(office).decrypt_at_time(sealed.encode(), _KEPT_SECONDS, _now(office)).decode()
    except InvalidToken:
        return ""


def _lock(office: Office) -> Fernet:
    return Fernet(urlsafe_b64encode(office.keys.sealed_field))


def _now(office: Office) -> int:
    return int(office.now().timestamp())
