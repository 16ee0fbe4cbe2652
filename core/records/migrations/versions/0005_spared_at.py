"""a visit that goes on after a change of PIN keeps its own beginning"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("sessions", sa.Column("spared_at", sa.DateTime(timezone=True)))
