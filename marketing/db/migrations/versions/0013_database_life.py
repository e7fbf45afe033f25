"""How far the life of a database has come, and what a range of messages was counted to hold.

Revises 0012.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0013"
down_revision = "0012"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "database_life",
        sa.Column("id", ROW, autoincrement=False, nullable=False),
        sa.Column("lineage", sa.String(), nullable=False),
        sa.Column("number", ROW, nullable=False),
        sa.Column("beat_at", MOMENT, nullable=False),
        sa.Column("held_at", MOMENT, nullable=True),
        sa.Column("marker_number", ROW, nullable=True),
        sa.Column("marker_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_database_life")),
    )
    op.add_column("message_range", sa.Column("tally", JSON, nullable=True))
    uncounted = sa.text("tally IS NULL")
    op.create_index(
        "ix_message_range_uncounted", "message_range", ["id"], sqlite_where=uncounted, postgresql_where=uncounted
    )
