"""a new card that was made waits for its holder, and is no card until it is handed over"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "new_cards",
        sa.Column("replaces", ROW_ID, autoincrement=False, nullable=False),
        sa.Column("card_number", sa.String(length=9), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_by", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["replaces"], ["cards.id"], name="fk_new_cards_replaces"),
        sa.PrimaryKeyConstraint("replaces", name="pk_new_cards"),
        sa.UniqueConstraint("card_number", name="uq_new_cards_card_number"),
    )
