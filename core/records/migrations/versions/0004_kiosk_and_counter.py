"""kiosk and counter: staff, their visits and cases, PIN pads, kiosks"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "staff",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("login", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_is_initial", sa.Boolean(), nullable=False),
        sa.Column("code_salt", sa.String(length=32), nullable=False),
        sa.Column("last_code", sa.BigInteger(), nullable=False),
        sa.Column("hired_at", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["office"], ["offices.name"], name="fk_staff_office"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("login", name="uq_staff_login"),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("staff_id", ROW_ID, nullable=False),
        sa.Column("began_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_staff_sessions_staff_id"),
        sa.PrimaryKeyConstraint("token_digest", name="pk_staff_sessions"),
        sa.UniqueConstraint("session_id", name="uq_staff_sessions_session_id"),
    )
    op.create_index("ix_staff_sessions_staff_id", "staff_sessions", ["staff_id"])
    op.create_index("ix_staff_sessions_seen_at", "staff_sessions", ["seen_at"])
    op.create_table(
        "counter_cases",
        sa.Column("case_id", sa.String(length=16), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("person_id", ROW_ID, nullable=False),
        sa.Column("document", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=False),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("card_shown_at", MOMENT, nullable=True),
        sa.Column("revealed_at", MOMENT, nullable=True),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_counter_cases_person_id"),
        sa.PrimaryKeyConstraint("case_id", name="pk_counter_cases"),
    )
    op.create_index("ix_counter_cases_session_id", "counter_cases", ["session_id"])
    op.create_table(
        "pin_pads",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=True),
        sa.Column("code_until", MOMENT, nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=True),
        sa.Column("task", sa.String(length=16), nullable=True),
        sa.Column("case_id", sa.String(length=16), nullable=True),
        sa.Column("answer", sa.String(length=64), nullable=True),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("token_digest", name="pk_pin_pads"),
        sa.UniqueConstraint("code", name="uq_pin_pads_code"),
        sa.UniqueConstraint("session_id", name="uq_pin_pads_session_id"),
    )
    op.create_index("ix_pin_pads_seen_at", "pin_pads", ["seen_at"])
    op.create_table(
        "kiosks",
        sa.Column("id", ROW_ID, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("key_digest", sa.String(length=64), nullable=False),
        sa.Column("enrolled_at", MOMENT, nullable=False),
        sa.Column("enrolled_by", sa.String(length=64), nullable=False),
        sa.Column("revoked_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["office"], ["offices.name"], name="fk_kiosks_office"),
        sa.PrimaryKeyConstraint("id", name="pk_kiosks"),
        sa.UniqueConstraint("key_digest", name="uq_kiosks_key_digest"),
    )
