"""Domains that mail is sent from, with their signing keys.

Revises 0008.
"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing yet."""
