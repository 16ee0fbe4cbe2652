"""The phones' passwords: made at the first start, kept in the state folder for their owner alone, never shipped."""

import json
import os
import secrets
from pathlib import Path

NUMBER = "12333"
OPERATORS = ("operator1", "operator2", "operator3")
JOIN, LEAVE = "*11", "*12"  # from-operators in extensions.conf


def passwords(state_dir: Path) -> dict[str, str]:
    """Username to password for the softphone and every operator's phone; made where one is missing."""
    file = state_dir / "sip-passwords.json"
    known: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
    names = ("softphone", *OPERATORS)
    if any(name not in known for name in names):
        known = {name: known.get(name) or secrets.token_urlsafe(18) for name in names}
        write_private(file, known)
    return known


def write_phone_files(state_dir: Path, host: str, port: int, known: dict[str, str]) -> Path:
    """Writes softphone.json and operators.json, all that a person needs to set up a phone; returns the first."""
    server = {"server": host, "port": port}
    softphone = state_dir / "softphone.json"
    write_private(softphone, {**server, "username": "softphone", "password": known["softphone"], "number": NUMBER})
    write_private(
        state_dir / "operators.json",
        [{**server, "username": name, "password": known[name], "join": JOIN, "leave": LEAVE} for name in OPERATORS],
    )
    return softphone


def write_private(file: Path, content: object) -> None:
    """Writes JSON that only its owner can read, never half of it, and at no moment with wider rights."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as handle:
        json.dump(content, handle, indent=2)
        handle.write("\n")
    fresh.rename(file)
