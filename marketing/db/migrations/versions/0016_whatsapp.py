"""Templates of WhatsApp, and what providers told that is about no message of ours.

Revises 0015.
"""

import sqlalchemy as sa
from alembic import op

from marketing.db.base import Json

revision = "0016"
down_revision = "0015"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "whatsapp_template",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("account_id", ROW, nullable=False),
        sa.Column("remote_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("category", sa.String(), nullable=False),
        sa.Column("previous_category", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("quality", sa.String(), nullable=False),
        sa.Column("header", sa.String(), nullable=False),
        sa.Column("header_text", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("body_count", sa.Integer(), nullable=False),
        sa.Column("footer", sa.String(), nullable=False),
        sa.Column("buttons", Json, nullable=False),
        sa.Column("sendable", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("synced_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_whatsapp_template_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_whatsapp_template_account_id_channel_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_whatsapp_template")),
        sa.UniqueConstraint(
            "account_id", "name", "language", name=op.f("uq_whatsapp_template_account_id_name_language")
        ),
    )
    op.create_index("ix_whatsapp_template_state", "whatsapp_template", ["tenant_id", "state"])
    op.create_table(
        "provider_event",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("account_id", ROW, nullable=True),
        sa.Column("provider", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("payload", Json, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_provider_event_tenant_id_tenant")),
        sa.ForeignKeyConstraint(
            ["account_id"], ["channel_account.id"], name=op.f("fk_provider_event_account_id_channel_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_event")),
        sa.UniqueConstraint("provider", "key", name=op.f("uq_provider_event_provider_key")),
    )
    op.create_index(op.f("ix_provider_event_tenant_id"), "provider_event", ["tenant_id"])
    op.create_index(op.f("ix_provider_event_received_at"), "provider_event", ["received_at"])
