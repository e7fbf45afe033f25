"""Wordings, subscriptions, segments, imports, data requests; what a contact wishes, and which consent allowed a message.

Revises 0005.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"

ROW = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _wishes()
    _ledger()
    _subscriptions()
    _groups_and_requests()


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default="")


def _pointer(table: str, name: str, target: str) -> None:
    """Add a column that points to a row; SQLite takes the reference only inside the column."""
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f'ALTER TABLE "{table}" ADD COLUMN {name} INTEGER REFERENCES "{target}" (id)')
    else:
        op.add_column(table, sa.Column(name, ROW, nullable=True))
        op.create_foreign_key(f"fk_{table}_{name}_{target}", table, target, [name], ["id"])


def _wishes() -> None:
    op.add_column("contact", sa.Column("restricted_at", MOMENT, nullable=True))
    op.add_column("contact", sa.Column("paused_until", MOMENT, nullable=True))
    op.add_column("contact", sa.Column("weekly_limit", sa.Integer(), nullable=True))
    op.add_column("contact", _text("kecamatan"))
    _pointer("contact", "merged_into", "contact")
    op.add_column("address", sa.Column("confirmed_at", MOMENT, nullable=True))
    op.add_column("suppression", _text("note"))
    _pointer("suppression", "user_id", "user")


def _ledger() -> None:
    for name in ("channel", "language", "wording_hash"):
        op.add_column("consent_event", _text(name))
    op.add_column("consent_event", sa.Column("seal_form", sa.Integer(), nullable=False, server_default="1"))
    _pointer("consent_event", "recorded_by", "user")
    _pointer("message", "consent_event_id", "consent_event")
    # With the id, the last line of a Daerah is found without walking over those of another.
    op.drop_index("ix_consent_event_tenant_id", table_name="consent_event")
    op.create_index("ix_consent_event_tenant_id", "consent_event", ["tenant_id", "id"])
    _no_replacing()
    op.add_column("message", sa.Column("handed_over_at", MOMENT, nullable=True))
    op.create_table(
        "consent_wording",
        sa.Column("tenant_id", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(32), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("valid_from", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_consent_wording_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("tenant_id", "version", "purpose", "language", name=op.f("pk_consent_wording")),
    )


def _no_replacing() -> None:
    """SQLite's INSERT OR REPLACE deletes without firing triggers on DELETE: refuse it before."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table, taken in (
        ("consent_event", "id = NEW.id"),
        ("audit_entry", "id = NEW.id OR (tenant_id = NEW.tenant_id AND number = NEW.number)"),
    ):
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} WHEN EXISTS (SELECT 1 FROM {table} WHERE {taken}) "  # noqa: S608  our own names
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _subscriptions() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", ROW, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in (
                "tenant_id", "address", "address_hash", "token_hash", "name", "wording_version", "language", "source",
            )
        ),
        *(sa.Column(name, JSON, nullable=False) for name in ("purposes", "topics", "evidence")),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("requested_at", "expires_at")),
        *(sa.Column(name, MOMENT, nullable=True) for name in ("mailed_at", "confirmed_at")),
        sa.Column("contact_id", ROW, nullable=True),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_subscription_contact_id_contact")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_subscription_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_subscription_token_hash")),
    )  # fmt: skip
    op.create_index("ix_subscription_address", "subscription", ["tenant_id", "address_hash"])
    op.create_index("ix_subscription_tenant_id", "subscription", ["tenant_id"])


def _groups_and_requests() -> None:
    op.create_table(
        "segment",
        sa.Column("id", ROW, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in ("tenant_id", "name", "text")),
        sa.Column("expression", JSON, nullable=False),
        sa.Column("created_by", ROW, nullable=True),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("created_at", "updated_at")),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_segment_created_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_segment_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_segment")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_segment_tenant_id_name")),
    )
    op.create_index("ix_segment_tenant_id", "segment", ["tenant_id"])
    # All that counting a person's orders asks for, so that no order itself is read.
    op.drop_index("ix_order_contact", "order")
    op.create_index("ix_order_contact", "order", ["contact_id", "placed_at", "tenant_id", "status"])
    somebody = sa.text("contact_id IS NOT NULL")
    op.create_index(
        "ix_event_contact", "event", ["contact_id", "type", "at"], sqlite_where=somebody, postgresql_where=somebody
    )
    if op.get_bind().dialect.name == "postgresql":
        # Segments compare the kecamatan folded; without figures of its own PostgreSQL expects one contact in 200.
        op.execute('CREATE STATISTICS st_contact_kecamatan ON (lower(kecamatan COLLATE "C")) FROM contact')
    op.create_table(
        "import_job",
        sa.Column("id", ROW, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("tenant_id", "file_name", "path", "state", "error", "errors_path")
        ),
        *(sa.Column(name, JSON, nullable=False) for name in ("mapping", "counts")),
        sa.Column("dry_run", sa.Boolean(), nullable=False),
        sa.Column("created_by", ROW, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["user.id"], name=op.f("fk_import_job_created_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_import_job_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_job")),
    )
    op.create_index("ix_import_job_tenant_id", "import_job", ["tenant_id"])
    op.create_table(
        "data_request",
        sa.Column("id", ROW, nullable=False),
        *(
            sa.Column(name, sa.String(), nullable=False)
            for name in ("tenant_id", "address_hash", "kind", "state", "source", "answer")
        ),
        sa.Column("details", JSON, nullable=False),
        *(sa.Column(name, MOMENT, nullable=False) for name in ("received_at", "due_at")),
        sa.Column("done_at", MOMENT, nullable=True),
        *(sa.Column(name, ROW, nullable=True) for name in ("contact_id", "handled_by")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_data_request_contact_id_contact")),
        sa.ForeignKeyConstraint(["handled_by"], ["user.id"], name=op.f("fk_data_request_handled_by_user")),
        sa.ForeignKeyConstraint(["tenant_id"], ["tenant.id"], name=op.f("fk_data_request_tenant_id_tenant")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_request")),
    )
    op.create_index("ix_data_request_open", "data_request", ["tenant_id", "state", "due_at"])
    op.create_index("ix_data_request_tenant_id", "data_request", ["tenant_id"])
