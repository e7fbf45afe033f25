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
    _orders()


def _newsletters() -> None:
    op.add_column("campaign", sa.Column("purpose", sa.String(32), nullable=True))
    # Until now every kind but order mail rested on the purpose of its own name.
    op.execute("UPDATE campaign SET purpose = email_type WHERE email_type <> 'transactional'")
    op.create_table(
        "withdrawn_issue",
        sa.Column("id", ROW, primary_key=True),
        sa.Column("tenant_id", sa.String(), sa.ForeignKey("tenant.id"), nullable=False),
        sa.Column("campaign_id", ROW, sa.ForeignKey("campaign.id"), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("user_id", ROW, sa.ForeignKey("user.id"), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("restored_at", MOMENT, nullable=True),
    )
    op.create_index("ix_withdrawn_issue_tenant_id", "withdrawn_issue", ["tenant_id"])
    op.create_index("ix_withdrawn_issue_campaign_id", "withdrawn_issue", ["campaign_id"])


def _orders() -> None:
    op.add_column("order", sa.Column("complaint_changed_at", MOMENT, nullable=True))
    changed = sa.text("complaint_changed_at IS NOT NULL")
    op.create_index(
        "ix_order_complaint", "order", ["tenant_id", "complaint_changed_at"], sqlite_where=changed, postgresql_where=changed
    )  # fmt: skip
    if op.get_bind().dialect.name == "sqlite":  # takes the reference only inside the column
        op.execute('ALTER TABLE order_item ADD COLUMN business_id INTEGER REFERENCES "business" (id)')
        op.execute('ALTER TABLE message ADD COLUMN order_id INTEGER REFERENCES "order" (id)')
    else:
        op.add_column("order_item", sa.Column("business_id", ROW, nullable=True))
        op.create_foreign_key("fk_order_item_business_id_business", "order_item", "business", ["business_id"], ["id"])
        op.add_column("message", sa.Column("order_id", ROW, nullable=True))
        op.create_foreign_key("fk_message_order_id_order", "message", "order", ["order_id"], ["id"])
    told = sa.text("order_id IS NOT NULL")
    op.create_index("ix_message_order", "message", ["order_id"], sqlite_where=told, postgresql_where=told)
    op.create_index("ix_order_item_business_id", "order_item", ["business_id"])
    op.execute(
        "UPDATE order_item SET business_id = (SELECT business_id FROM product WHERE product.id = order_item.product_id)"
        " WHERE product_id IS NOT NULL"
    )
    op.create_table(
        "order_looked",
        sa.Column("order_id", ROW, sa.ForeignKey("order.id"), primary_key=True, autoincrement=False),
        sa.Column("variant", sa.String(), primary_key=True),
        sa.Column("content_hash", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
    )
    op.create_table(
        "order_alert",
        sa.Column("id", ROW, primary_key=True),
        sa.Column("tenant_id", sa.String(), sa.ForeignKey("tenant.id"), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False, server_default=""),
        sa.Column("order_id", ROW, sa.ForeignKey("order.id"), nullable=False),
        sa.Column("business_id", ROW, sa.ForeignKey("business.id"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
        sa.Column("opened_at", MOMENT, nullable=False),
        sa.Column("closed_at", MOMENT, nullable=True),
        sa.Column("closed_by", ROW, sa.ForeignKey("user.id"), nullable=True),
        sa.Column("outcome", sa.String(), nullable=False, server_default=""),
        sa.Column("note", sa.String(), nullable=False, server_default=""),
        sa.UniqueConstraint("tenant_id", "key", name="uq_order_alert_tenant_id_key"),
    )
    op.create_index("ix_order_alert_tenant_id", "order_alert", ["tenant_id"])
    op.create_index("ix_order_alert_order_id", "order_alert", ["order_id"])
    still_open = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_order_alert_open", "order_alert", ["tenant_id", "kind"], sqlite_where=still_open, postgresql_where=still_open
    )  # fmt: skip
