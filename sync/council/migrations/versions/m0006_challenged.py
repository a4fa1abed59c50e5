"""Add the table of the seats that have answered a challenge."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table("challenged", sa.Column("seat", sa.String(), primary_key=True, nullable=False))
