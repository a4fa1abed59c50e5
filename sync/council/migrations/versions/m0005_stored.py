"""Add the table of the bytes that each person stored per day."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "stored",
        sa.Column("person", sa.String(), primary_key=True, nullable=False),
        sa.Column("day", sa.String(), primary_key=True, nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
    )
