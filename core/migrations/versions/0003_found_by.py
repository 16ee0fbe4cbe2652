"""one column to search the catalogue by, in place of the initials"""

import sqlalchemy as sa
from alembic import op

from core.catalogue import found_by

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for table in ("drugs", "treatments"):
        op.add_column(table, sa.Column("found_by", sa.String(), nullable=False, server_default=""))
        _fill_in(table)
        op.drop_column(table, "initials")


def _fill_in(name: str) -> None:
    table = sa.table(name, sa.column("code"), sa.column("name"), sa.column("found_by"))
    connection = op.get_bind()
    known = connection.execute(sa.select(table.c.code, table.c.name)).all()
    if known:
        connection.execute(
            sa.update(table).where(table.c.code == sa.bindparam("known")).values(found_by=sa.bindparam("words")),
            [{"known": code, "words": found_by(name, code)} for code, name in known],
        )
