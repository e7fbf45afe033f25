"""What months of messages came to, once their rows have had their time.

Revises 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "message_summary",
        sa.Column("campaign_id", ROW, autoincrement=False, nullable=False),
        sa.Column("month", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("number", ROW, nullable=False),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_message_summary_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("campaign_id", "month", "state", "reason", name=op.f("pk_message_summary")),
    )
