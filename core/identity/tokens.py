"""What a browser holds of a sign-in: a random token, of which the database keeps a digest."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """43 characters that nobody can guess."""
    return secrets.token_urlsafe(32)


def new_session_id() -> str:
    """What names a sign-in, a desk or a case in the database and in the audit; it opens nothing."""
    return secrets.token_hex(8)


def digest(token: str) -> str:
    """What the database keeps of a token: whoever reads it there can open nothing."""
    return hashlib.sha256(token.encode()).hexdigest()
