"""The demo's staff, one clerk for each kind of office and an administrator, and its kiosk.

Their passwords and the kiosk's key are made from the office's own secret: every copy of the demo has its own, and a
command can show them again.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field

import pyotp
from sqlalchemy import func, select

from core.actor import Actor
from core.context import CoreContext
from core.identity.tokens import digest
from core.records.schema import Kiosk, Staff
from core.staffed import kiosks, staff
from core.staffed.staff import CODE_SECONDS
from core.values import Role

STAFF = (
    ("demo-agency", "周明", Role.CLERK, "渝中区社会保险经办机构"),
    ("demo-branch", "钱芬", Role.CLERK, "渝中区医疗保险分中心"),
    ("demo-centre", "冯涛", Role.CLERK, "重庆市社会保障卡服务中心"),
    ("demo-admin", "蒋岚", Role.ADMINISTRATOR, "重庆市社会保障卡服务中心"),
)
KIOSK = ("服务大厅演示终端", "渝中区医疗保险分中心")


@dataclass(frozen=True)
class DemoLogin:
    """What somebody who tries the demo enters at /counter, now."""

    login: str
    office: str
    password: str = field(repr=False)
    code: str = field(repr=False)


@dataclass(frozen=True)
class DemoCredentials:
    """The staff who still have the password of the demo, and the key of the kiosk."""

    staff: tuple[DemoLogin, ...]
    kiosk_key: str = field(repr=False)
    seconds_left: int


def put_staff(context: CoreContext, actor: Actor) -> None:
    """Safe to do again."""
    with context.transaction() as session:
        known = set(session.scalars(select(Staff.login)))
        has_kiosk = session.scalar(select(func.count()).where(Kiosk.key_digest == digest(_kiosk_key(context))))
    for login, name, role, office_name in STAFF:
        if login not in known:
            staff.hire(context, actor, login, name, role, office_name, password=_password(context, login))
    if not has_kiosk:
        kiosks.enrol(context, actor, *KIOSK, key=_kiosk_key(context))


def staff_credentials(context: CoreContext) -> DemoCredentials:
    """How they sign in within the next half minute."""
    with context.transaction() as session:
        rows = session.execute(
            select(Staff.login, Staff.office, Staff.password_hash, Staff.code_salt)
            .where(Staff.login.in_([login for login, *_ in STAFF]), Staff.left_at.is_(None))
            .order_by(Staff.id)
        ).all()
    now = context.now().timestamp()
    logins = []
    for row in rows:
        password = _password(context, row.login)
        if context.vault.is_right(row.password_hash, password):
            code = pyotp.TOTP(staff.code_key(context, row.code_salt), interval=CODE_SECONDS).at(now)
            logins.append(DemoLogin(row.login, row.office, password, code))
    return DemoCredentials(
        tuple(logins), kiosks.written_key(_kiosk_key(context)), CODE_SECONDS - int(now) % CODE_SECONDS
    )


def _password(context: CoreContext, login: str) -> str:
    made = _made(context, f"password of {login}")
    return "-".join(made[place : place + 4] for place in range(0, 16, 4))


def _kiosk_key(context: CoreContext) -> str:
    return _made(context, "key of the kiosk")


def _made(context: CoreContext, use: str) -> str:
    return hmac.digest(context.keys.staff_code, f"demo {use}".encode(), hashlib.sha256).hex()[:32]
