"""Add the table that counts requests per minute, for the limits that all processes share."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "asked",
        sa.Column("who", sa.String(), primary_key=True, nullable=False),
        sa.Column("minute", sa.BigInteger(), primary_key=True, nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
    )
