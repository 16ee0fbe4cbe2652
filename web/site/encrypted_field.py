"""What somebody typed, kept for the next try without standing readable on the page."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

from core.context import CoreContext

_KEPT_SECONDS = 600


def encrypt(context: CoreContext, text: str) -> str:
    """Something that only this office can read, for a hidden field."""
    return _lock(context).encrypt_at_time(text.encode(), _now(context)).decode()


def decrypt(context: CoreContext, encrypted: str) -> str:
    """What was sealed; empty for what was made up, or is older than ten minutes."""
    try:
        return _lock(context).decrypt_at_time(encrypted.encode(), _KEPT_SECONDS, _now(context)).decode()
    except InvalidToken:
        return ""


def _lock(context: CoreContext) -> Fernet:
    return Fernet(urlsafe_b64encode(context.keys.encrypted_field))


def _now(context: CoreContext) -> int:
    return int(context.now().timestamp())
