"""The offices with a counter, and what is done at each (section 2 of the rules)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.actor import Actor
from core.audit.record import audited
from core.context import CoreContext
from core.permissions import may
from core.records.database import upsert
from core.records.schema import CounterOffice
from core.values import OFFICE_KINDS, Door, Operation, OtherOperation


@dataclass(frozen=True)
class OfficeFound:
    """One office."""

    name: str
    door: Door
    district: str
    address: str
    phone: str


@dataclass(frozen=True)
class OfficesFound:
    """The offices that fit, and every district that has one."""

    offices: tuple[OfficeFound, ...]
    districts: tuple[str, ...]


def search(session: Session, district: str = "", operation: Operation | None = None) -> OfficesFound:
    """The offices of a district (all without one) that do an operation (any without one). A service centre serves
    every district."""
    rows = session.scalars(select(CounterOffice).order_by(CounterOffice.district, CounterOffice.name)).all()
    every = [OfficeFound(row.name, OFFICE_KINDS[row.kind], row.district, row.address, row.phone) for row in rows]
    fitting = (
        office
        for office in every
        if (operation is None or may(office.door, operation))
        and (not district or office.district == district or office.door is Door.SERVICE_CENTRE)
    )
    return OfficesFound(tuple(fitting), tuple(dict.fromkeys(office.district for office in every)))


def find(context: CoreContext, district: str = "", operation: Operation | None = None) -> OfficesFound:
    """The same, as one look: where there is a counter is public, and about nobody."""
    with context.read_only() as session:
        return search(session, district, operation)


def names(context: CoreContext) -> list[str]:
    """Every office, to choose from."""
    with context.read_only() as session:
        return list(session.scalars(select(CounterOffice.name).order_by(CounterOffice.district, CounterOffice.name)))


def put(context: CoreContext, actor: Actor, name: str, door: Door, district: str, address: str, phone: str) -> None:
    """A new office, or the new data of one that there is. Whether people still work there is not asked: what the
    office is decides what they may do from now on."""
    kind = next(kind for kind, each in OFFICE_KINDS.items() if each is door)
    new = {"kind": kind, "district": district, "address": address, "phone": phone}
    with (
        context.transaction() as session,
        audited(session, actor, OtherOperation.MANAGE_OFFICES, None, context.now(), name=name) as detail,
    ):
        known = session.get(CounterOffice, name)
        old = {field: getattr(known, field) for field in new} if known else {}
        changed = [field for field in new if new[field] != old.get(field)]
        detail |= {
            "old": {field: old[field] for field in changed if old},
            "new": {field: new[field] for field in changed},
        }
        row = upsert(session, CounterOffice).values(name=name, **new)
        session.execute(row.on_conflict_do_update(index_elements=[CounterOffice.name], set_=new))
