"""What every table shares: money, moments, small JSON objects, and how constraints are called."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)
from sqlalchemy import Enum as EnumColumn
from sqlalchemy.orm import DeclarativeBase

from core.values import CardState


class Yuan(TypeDecorator[Decimal]):
    """Money as whole fen in the database and Decimal yuan in Python: never binary floating point (R50)."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int((value * 100).to_integral_exact())

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


class UtcTime(TypeDecorator[datetime]):
    """A moment, kept in UTC. SQLite forgets time zones, so they are put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else value.replace(tzinfo=value.tzinfo or UTC)


def detail_text(detail: dict[str, Any]) -> str:
    """The one way of writing a small JSON object: it is sealed like this."""
    return json.dumps(detail, ensure_ascii=False, sort_keys=True) if detail else "{}"


class DetailJson(TypeDecorator[dict[str, Any]]):
    """A small JSON object, as text that stays byte for byte what it was on every database."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: dict[str, Any] | None, dialect: Dialect) -> str | None:
        return None if value is None else detail_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> dict[str, Any] | None:
        return None if value is None else json.loads(value)


# SQLite counts up by itself only in a column of type INTEGER.
RowId = BigInteger().with_variant(Integer(), "sqlite")
_State = EnumColumn(CardState, values_callable=lambda states: [s.value for s in states], native_enum=False, length=32)


class Base(DeclarativeBase):
    __table__: ClassVar[Table]
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
        }
    )
    type_annotation_map = {Decimal: Yuan, datetime: UtcTime, CardState: _State, dict[str, Any]: DetailJson, str: String}
