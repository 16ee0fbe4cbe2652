"""Staff: who they are, how they sign in, and how administrators manage them.

A member of staff signs in with login, password and a one-time code (TOTP). The key of the codes is in no database: it
is made from a salt there and the office's secret, so a stolen database signs nobody in.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyotp
from sqlalchemy import Row, delete, select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import audited, record
from core.context import CoreContext
from core.errors import LoginTaken, NotFound, NotOneself, SourceRefused, StaffRefused, WeakPassword
from core.identity import attempts
from core.numbers import plain_number
from core.permissions import require
from core.records.database import rows_changed, upsert
from core.records.schema import CounterOffice, Staff, StaffSession
from core.values import OFFICE_KINDS, Door, OtherOperation, Outcome, Role, Sought, WeakPasswordReason
from core.workload import Workload, takes

SHORTEST_PASSWORD = 12
LOGIN_FORM = r"[a-z][a-z0-9.-]{1,31}"
CODE_SECONDS = 30
_ISSUER = "12333"
_NOBODY = Actor.staff(Door.SERVICE_CENTRE, "", "unknown")


@dataclass(frozen=True)
class StaffMember:
    """Somebody who works at an office."""

    staff_id: int
    login: str
    name: str
    role: Role
    office: str
    door: Door
    password_is_initial: bool

    @property
    def actor(self) -> Actor:
        """This member of staff, as the audit knows them."""
        return Actor.staff(self.door, self.office, self.login, self.role)


@dataclass(frozen=True)
class Credentials:
    """What a new member of staff needs once: a first password, and the address of their one-time codes for a QR code
    (otpauth://…). Neither can be shown again."""

    login: str
    password: str = field(repr=False)
    key: str = field(repr=False)  # of the one-time codes, for those who can't scan
    otpauth: str = field(repr=False)


@takes(Workload.HASH)
def hire(
    context: CoreContext, actor: Actor, login: str, name: str, role: Role, office_name: str, password: str | None = None
) -> Credentials:
    """A new member of staff, with a first password that must be changed, or with `password`.

    Raises NotYourRole, LoginTaken, NotFound (the office), or ValueError for a login of a wrong form.
    """
    if not re.fullmatch(LOGIN_FORM, login):
        raise ValueError("a login is 2 to 32 small letters, digits, dots and hyphens, a letter first")
    first, salt, now = password or _new_password(), secrets.token_hex(16), context.now()
    password_hash = context.vault.hash(first)
    with (
        context.transaction() as session,
        audited(
            session,
            actor,
            OtherOperation.MANAGE_STAFF,
            None,
            now,
            Outcome.HIRED,
            login=login,
            role=role.value,
            office=office_name,
        ),
    ):
        if session.get(CounterOffice, office_name) is None:
            raise NotFound(Sought.OFFICE)
        hired = upsert(session, Staff).values(
            login=login,
            name=name,
            role=role.value,
            office=office_name,
            password_hash=password_hash,
            password_is_initial=password is None,
            code_salt=salt,
            last_code=0,
            hired_at=now,
        )
        if session.scalar(hired.on_conflict_do_nothing(index_elements=[Staff.login]).returning(Staff.id)) is None:
            raise LoginTaken(login)
    return _credentials(context, login, first, salt)


@takes(Workload.HASH)
def renew_credentials(context: CoreContext, actor: Actor, staff_id: int) -> Credentials:
    """A first password and one-time codes anew, for somebody who lost theirs; the old ones open nothing any more, and
    where they are signed in now, that ends."""
    password, salt = _new_password(), secrets.token_hex(16)
    password_hash = context.vault.hash(password)
    renewed = {"password_hash": password_hash, "password_is_initial": True, "code_salt": salt, "last_code": 0}
    with (
        context.transaction() as session,
        _managing(session, actor, staff_id, context.now(), Outcome.CREDENTIALS_RENEWED) as login,
    ):
        session.execute(update(Staff).where(Staff.id == staff_id).values(**renewed))
        session.execute(delete(StaffSession).where(StaffSession.staff_id == staff_id))
    return _credentials(context, login, password, salt)


def dismiss(context: CoreContext, actor: Actor, staff_id: int) -> None:
    """They sign in no more, and where they are signed in now, that ends. Their rows in the audit stay.

    Raises NotOneself, NotYourRole or NotFound.
    """
    now = context.now()
    with (
        context.transaction() as session,
        _managing(session, actor, staff_id, now, Outcome.DISMISSED) as login,
    ):
        if actor.is_staff_with(login):
            raise NotOneself
        session.execute(update(Staff).where(Staff.id == staff_id).values(left_at=now))


@contextmanager
def _managing(session: Session, actor: Actor, staff_id: int, now: datetime, outcome: Outcome) -> Iterator[str]:
    """Do something to somebody who works here, and leave its row; gives their login. Raises NotFound."""
    with audited(session, actor, OtherOperation.MANAGE_STAFF, None, now, outcome) as detail:
        login = session.scalar(select(Staff.login).where(Staff.id == staff_id, Staff.left_at.is_(None)))
        if login is None:
            raise NotFound(Sought.STAFF)
        detail["login"] = login
        yield login


@takes(Workload.HASH)
def sign_in(context: CoreContext, address: str, login: str, password: str, code: str) -> StaffMember:
    """The member of staff with this login, password and one-time code.

    Raises StaffRefused whatever was wrong, after the same work; SourceRefused when too much was wrong from this
    address or for this login (R5).
    """
    now = context.now()
    login = login.strip().lower()
    if not re.fullmatch(LOGIN_FORM, login):
        login = ""  # nobody's; and no database is asked for it
    sources = [Actor.web(f"staff {address}")] + ([Actor.web(f"staff login {login}")] if login else [])
    with context.transaction() as session:
        row = session.execute(MEMBERS.where(Staff.login == login, Staff.left_at.is_(None))).first()
        actor = member_of(row).actor if row else _NOBODY
        try:
            for source in sources:
                attempts.check_source(session, source, now, context.settings)
        except SourceRefused as refusal:
            record(session, actor, OtherOperation.STAFF_SIGN_IN, None, refusal, now)
            raise
    right = context.vault.is_right(row.password_hash, password) if row else context.vault.compare_with_nobody(password)
    with context.transaction() as session:
        if row and right and _take_code(session, context, row, plain_number(code), now):
            record(session, actor, OtherOperation.STAFF_SIGN_IN, None, Outcome.DONE, now)
            return member_of(row)
        for source in sources:
            attempts.count_source(session, source, now, context.settings)
        refused = StaffRefused()
        record(session, actor, OtherOperation.STAFF_SIGN_IN, None, refused, now)
        raise refused


@takes(Workload.HASH)
def choose_password(context: CoreContext, member: StaffMember, password: str, new: str, again: str) -> None:
    """Their own password instead of the first one, or of another. Raises StaffRefused when the old one is wrong,
    WeakPassword for a new one that is short, simple, not entered alike twice, or the old one."""
    with context.transaction() as session:
        known = session.scalar(select(Staff.password_hash).where(Staff.id == member.staff_id))
    right, weakness = context.vault.is_right(known, password), _weakness(member.login, password, new, again)
    new_hash = context.vault.hash(new)
    with (
        context.transaction() as session,
        audited(session, member.actor, OtherOperation.CHOOSE_PASSWORD, None, context.now()),
    ):
        if weakness and right:
            raise WeakPassword(weakness)
        chosen = (
            update(Staff)
            .where(Staff.id == member.staff_id, Staff.password_hash == known)
            .values(password_hash=new_hash, password_is_initial=False)
        )
        # Not changed when an administrator gave them a new first password meanwhile.
        if not right or not rows_changed(session.execute(chosen)):
            raise StaffRefused


def everybody(context: CoreContext, actor: Actor) -> list[tuple[StaffMember, datetime, datetime | None]]:
    """Every member of staff, with when they came and left: those who work here first. Raises NotYourRole."""
    require(actor, OtherOperation.MANAGE_STAFF)
    with context.transaction() as session:
        rows = session.execute(MEMBERS.order_by(Staff.left_at.is_not(None), Staff.office, Staff.login)).all()
    return [(member_of(row), row.hired_at, row.left_at) for row in rows]


def _new_password() -> str:
    """A first password: four groups that are easy to read out and to type."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def code_key(context: CoreContext, salt: str) -> str:
    """The key of somebody's one-time codes, as an authenticator takes it."""
    return b32encode(hmac.digest(context.keys.staff_code, salt.encode(), hashlib.sha256)[:20]).decode()


# The query that StaffMember is made from; add who is meant.
MEMBERS = select(
    Staff.id,
    Staff.login,
    Staff.name,
    Staff.role,
    Staff.office,
    CounterOffice.kind,
    Staff.password_is_initial,
    Staff.password_hash,
    Staff.code_salt,
    Staff.hired_at,
    Staff.left_at,
).join(CounterOffice, CounterOffice.name == Staff.office)


def member_of(row: Row[Any]) -> StaffMember:
    """From a row of MEMBERS."""
    return StaffMember(
        row.id, row.login, row.name, Role(row.role), row.office, OFFICE_KINDS[row.kind], bool(row.password_is_initial)
    )


def _take_code(session: Session, context: CoreContext, row: Row[Any], code: str, now: datetime) -> bool:
    """Whether the code is right, for this half minute or the ones beside it, and was not used before."""
    totp = pyotp.TOTP(code_key(context, row.code_salt), interval=CODE_SECONDS)
    place = int(now.timestamp()) // CODE_SECONDS
    fitting = [each for each in (place - 1, place, place + 1) if _same(totp.generate_otp(each), code)]
    if not fitting:
        return False
    taken = update(Staff).where(Staff.id == row.id, Staff.last_code < fitting[0]).values(last_code=fitting[0])
    return rows_changed(session.execute(taken)) == 1


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def _weakness(login: str, password: str, new: str, again: str) -> WeakPasswordReason | None:
    if new != again:
        return WeakPasswordReason.MISMATCH
    if len(new) < SHORTEST_PASSWORD or len(set(new)) < 5 or login in new.lower():
        return WeakPasswordReason.TOO_SIMPLE
    return WeakPasswordReason.SAME_AS_BEFORE if new == password else None


def _credentials(context: CoreContext, login: str, password: str, salt: str) -> Credentials:
    key = code_key(context, salt)
    return Credentials(
        login, password, key, pyotp.TOTP(key, interval=CODE_SECONDS).provisioning_uri(name=login, issuer_name=_ISSUER)
    )
