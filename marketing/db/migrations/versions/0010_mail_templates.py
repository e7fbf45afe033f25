"""Templates of e-mails that an office changed, with their versions.

Revises 0009.
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
