"""Who is to finish what needs a person, when they are reminded, and the picture that proves it.

Revises 0016.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Name a person per account; a task that stands already is recalled at once, for nobody was told of it.

    The references are written with their columns: SQLite would otherwise make the tables anew, and others point into them.
    """
    for table, name in (("channel_account", "person_id"), ("share_task", "assignee_id")):
        user = sa.ForeignKey("user.id", name=op.f(f"fk_{table}_{name}_user"))
        op.add_column(table, sa.Column(name, ROW, user, nullable=True), inline_references=True)
    op.add_column("share_task", sa.Column("remind_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("share_task", sa.Column("reminded", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("share_task", sa.Column("proof", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE share_task SET remind_at = created_at WHERE done_at IS NULL")
