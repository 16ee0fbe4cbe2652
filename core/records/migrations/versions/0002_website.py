"""website: sessions, answers to forms, pinyin initials in the catalogue"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "sessions",
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("session_id", sa.String(length=16), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("card_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_sessions_person_id"),
        sa.ForeignKeyConstraint(["card_id"], ["cards.id"], name="fk_sessions_card_id"),
        sa.PrimaryKeyConstraint("token_digest", name="pk_sessions"),
        sa.UniqueConstraint("session_id", name="uq_sessions_session_id"),
    )
    op.create_index("ix_sessions_person_id", "sessions", ["person_id"])
    op.create_index("ix_sessions_seen_at", "sessions", ["seen_at"])
    op.create_table(
        "form_answers",
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=64)),
        sa.PrimaryKeyConstraint("token", name="pk_form_answers"),
    )
    op.create_index("ix_form_answers_sent_at", "form_answers", ["sent_at"])
    for table in ("drugs", "treatments"):
        op.add_column(table, sa.Column("initials", sa.String(), nullable=False, server_default=""))
        op.create_index(f"ix_{table}_name_code", table, ["name", "code"])
