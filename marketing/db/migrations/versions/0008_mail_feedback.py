"""What mail servers and people told us of messages.

Revises 0007.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0008"
down_revision = "0007"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the tables of delivery events, incoming mails and breakers."""
    _feedback()
    _inbound()
    _breakers()


def _points(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}_{target}"))


def _feedback() -> None:
    op.create_table(
        "mail_feedback",
        sa.Column("event_id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("campaign_id", ROW, nullable=False),
        sa.Column("message_id", ROW, nullable=False),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("kind", "bounce", "source")),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("status", "detail", "address_hash")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("at", "received_at")),
        _points("mail_feedback", "event_id", "event"),
        _points("mail_feedback", "tenant_id", "tenant"),
        _points("mail_feedback", "campaign_id", "campaign"),
        _points("mail_feedback", "message_id", "message"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_mail_feedback")),
    )
    op.create_index("ix_mail_feedback_campaign", "mail_feedback", ["campaign_id", "kind", "bounce", "at"])
    op.create_index("ix_mail_feedback_address", "mail_feedback", ["tenant_id", "address_hash", "at"])
    op.create_index("ix_mail_feedback_kind", "mail_feedback", ["tenant_id", "kind", "at"])
    op.create_index("ix_mail_feedback_message_id", "mail_feedback", ["message_id"])
    op.create_table(
        "raw_feedback",
        sa.Column("event_id", ROW, nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        _points("raw_feedback", "event_id", "event"),
        sa.PrimaryKeyConstraint("event_id", name=op.f("pk_raw_feedback")),
    )
    op.create_index("ix_raw_feedback_received_at", "raw_feedback", ["received_at"])


def _inbound() -> None:
    op.create_table(
        "inbound_mail",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("account_id", ROW, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("hash", "kind", "outcome")),
        sa.Column("message_id", ROW, nullable=True),
        sa.Column("received_at", MOMENT, nullable=False),
        _points("inbound_mail", "tenant_id", "tenant"),
        _points("inbound_mail", "account_id", "channel_account"),
        _points("inbound_mail", "message_id", "message"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbound_mail")),
        sa.UniqueConstraint("account_id", "hash", name=op.f("uq_inbound_mail_account_id_hash")),
    )
    for column in ("tenant_id", "message_id", "received_at"):
        op.create_index(f"ix_inbound_mail_{column}", "inbound_mail", [column])


def _breakers() -> None:
    op.create_table(
        "mail_breaker",
        sa.Column("id", ROW, nullable=False),
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("campaign_id", ROW, nullable=True),
        *(sa.Column(name, sa.String(32), nullable=False) for name in ("kind", "level")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("bad", "sent")),
        sa.Column("tripped_at", MOMENT, nullable=False),
        sa.Column("lifted_at", MOMENT, nullable=True),
        sa.Column("lifted_by", ROW, nullable=True),
        sa.Column("lift_reason", sa.String(), nullable=False),
        _points("mail_breaker", "tenant_id", "tenant"),
        _points("mail_breaker", "campaign_id", "campaign"),
        _points("mail_breaker", "lifted_by", "user"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_breaker")),
    )
    op.create_index("ix_mail_breaker_standing", "mail_breaker", ["tenant_id", "lifted_at"])
    op.create_index("ix_mail_breaker_campaign_id", "mail_breaker", ["campaign_id"])
