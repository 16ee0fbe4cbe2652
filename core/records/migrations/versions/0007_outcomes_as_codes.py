"""outcomes of the audit as codes with details; links of the chain say what their digest covers"""

import json

import sqlalchemy as sa
from alembic import op

from core.records.migrations.old_outcomes import decode

revision = "0007"
down_revision = "0006"

_AT_ONCE = 5_000
_EVENTS = sa.table("audit_events", *(sa.column(name) for name in ("id", "operation", "outcome", "code", "detail")))
_PADS = sa.table("pin_pads", *(sa.column(name) for name in ("token_digest", "answer", "answer_detail")))


def upgrade() -> None:
    op.add_column("audit_events", sa.Column("code", sa.String(length=32), nullable=False, server_default=""))
    op.add_column("audit_events", sa.Column("detail", sa.Text(), nullable=False, server_default="{}"))
    op.add_column("audit_seals", sa.Column("format", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("pin_pads", sa.Column("answer_detail", sa.Text(), nullable=False, server_default="{}"))
    _let_rows_be_changed()
    _fill_in_events()
    _keep_rows_from_being_changed()
    _fill_in_answers()


def _fill_in_events() -> None:
    """The new columns alone: what was sealed stays byte for byte."""
    connection, last = op.get_bind(), 0
    rows = sa.select(_EVENTS.c.id, _EVENTS.c.operation, _EVENTS.c.outcome).order_by(_EVENTS.c.id).limit(_AT_ONCE)
    filled_in = sa.update(_EVENTS).where(_EVENTS.c.id == sa.bindparam("row"))
    filled_in = filled_in.values(code=sa.bindparam("its_code"), detail=sa.bindparam("its_detail"))
    while batch := connection.execute(rows.where(_EVENTS.c.id > last)).all():
        decoded = [(row.id, *decode(row.operation, row.outcome)) for row in batch]
        connection.execute(
            filled_in, [{"row": row, "its_code": code, "its_detail": _text(detail)} for row, code, detail in decoded]
        )
        last = batch[-1].id


def _fill_in_answers() -> None:
    connection = op.get_bind()
    answered = connection.execute(sa.select(_PADS.c.token_digest, _PADS.c.answer).where(_PADS.c.answer.is_not(None)))
    for token_digest, answer in answered.all():
        code, detail = decode("", answer)
        connection.execute(
            sa.update(_PADS)
            .where(_PADS.c.token_digest == token_digest)
            .values(answer=code, answer_detail=_text(detail))
        )


def _text(detail: dict[str, object]) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True)


def _let_rows_be_changed() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER audit_events_no_update")
    else:
        op.execute("ALTER TABLE audit_events DISABLE TRIGGER audit_events_append_only")


def _keep_rows_from_being_changed() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            "CREATE TRIGGER audit_events_no_update BEFORE UPDATE ON audit_events "
            "BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END"
        )
    else:
        op.execute("ALTER TABLE audit_events ENABLE TRIGGER audit_events_append_only")
