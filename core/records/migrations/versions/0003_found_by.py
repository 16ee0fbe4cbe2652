"""one column to search the catalogue by, in place of the initials"""

import re
import unicodedata

import sqlalchemy as sa
from alembic import op

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
            [{"known": code, "words": _found_by(name, code)} for code, name in known],
        )


def _found_by(name: str, code: str) -> str:
    """As core.enquiries.catalogue made it at this time."""
    from pypinyin import Style, lazy_pinyin

    written = _plain(name)
    initials = re.sub(r"[^a-z0-9]", "", _plain("".join(lazy_pinyin(written, style=Style.FIRST_LETTER))))
    return f"\n{written}\n{initials}\n{_plain(code)}\n"


def _plain(text: str) -> str:
    usual = unicodedata.normalize("NFKC", text).lower()
    return " ".join("".join(each for each in usual if each.isprintable() or each.isspace()).split())
