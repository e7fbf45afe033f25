"""What order mails and newsletters need.

Revises 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _newsletters()


def _newsletters() -> None:
    op.add_column("campaign", sa.Column("purpose", sa.String(32), nullable=True))
    # Until now every kind but order mail rested on the purpose of its own name.
    op.execute("UPDATE campaign SET purpose = email_type WHERE email_type <> 'transactional'")
    op.create_table(
        "withdrawn_issue",
        sa.Column("campaign_id", ROW, sa.ForeignKey("campaign.id"), primary_key=True, autoincrement=False),
        sa.Column("tenant_id", sa.String(), sa.ForeignKey("tenant.id"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", ROW, sa.ForeignKey("user.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_index("ix_withdrawn_issue_tenant_id", "withdrawn_issue", ["tenant_id"])
