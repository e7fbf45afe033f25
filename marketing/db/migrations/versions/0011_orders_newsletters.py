"""What order mails and newsletters need.

Revises 0010.
"""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing yet."""
