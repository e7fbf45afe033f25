"""How far a post is at its provider.

Revises 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add what was prepared, when the irreversible call began, and how often it was looked up since."""
    with op.batch_alter_table("post") as post:
        post.add_column(sa.Column("note", sa.String(), nullable=False, server_default=""))
        post.add_column(sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))
        post.add_column(sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True))
